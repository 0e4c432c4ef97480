package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// multiply returns a·b by gonum and by Product, for matrices of m×k and k×n.
func multiply(m, k, n int) (gonum, product func(), want, got []float32) {
	random := func(n int) []float32 {
		s := make([]float32, n)
		r := rand.New(rand.NewPCG(uint64(n), 1))
		for i := range s {
			s[i] = float32(r.NormFloat64())
		}
		return s
	}
	a, b := random(m*k), random(k*n)
	want, got = make([]float32, m*n), make([]float32, m*n)
	p := NewProduct(
		Rows{A: []int{0}, C: []int{0}, StrideA: k, StrideC: n, Segments: 1, Length: k},
		Columns{Width: n, To: []int{0}},
	)
	p.Pack(b, Source{Row: Consecutive(k, n), Column: 1})
	gonum = func() {
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1,
			blas32.General{Rows: m, Cols: k, Stride: k, Data: a},
			blas32.General{Rows: k, Cols: n, Stride: n, Data: b}, 0,
			blas32.General{Rows: m, Cols: n, Stride: n, Data: want})
	}
	return gonum, func() { p.Run(got, a, 0, m) }, want, got
}

// A product agrees with gonum's, an implementation that shares nothing with it.
func TestProductAgainstGonum(t *testing.T) {
	for _, s := range [][3]int{{1, 1, 1}, {3, 5, 7}, {64, 18, 130}, {49, 1152, 64}, {130, 33, 65}} {
		m, k, n := s[0], s[1], s[2]
		gonum, product, want, got := multiply(m, k, n)
		gonum()
		product()
		// k products of normal draws: rounding of about √k·2⁻²⁴ of a sum that
		// is about √k itself; 8 deviations.
		limit := 8 * float64(k) * math.Exp2(-24)
		for i := range want {
			if d := math.Abs(float64(got[i] - want[i])); d > limit {
				t.Fatalf("%d×%d×%d: element %d is %v, gonum has %v", m, k, n, i, got[i], want[i])
			}
		}
	}
}

// The product at the heart of the decoder, beside gonum's on one thread of
// this code and all of gonum's own.
func BenchmarkAgainstGonum(b *testing.B) {
	const m, k, n = 64, 128, 256
	gonum, product, _, _ := multiply(m, k, n)
	for _, c := range []struct {
		name string
		run  func()
	}{{"gonum", gonum}, {"product", product}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.run()
			}
			b.ReportMetric(2*m*k*n*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
