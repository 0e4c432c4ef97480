package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// forms are those that this processor can run with this build.
func forms() []form {
	switch active {
	case portable:
		return []form{portable}
	case avx512:
		return []form{portable, avx2, avx512}
	}
	return []form{portable, active}
}

// fused reports whether a form rounds once a multiply-add. Forms that agree in
// it agree in every bit.
func fused(f form) bool { return f == avx2 || f == avx512 }

// shape is the size of a product: rows are those of an image, width the columns
// of a group.
type shape struct {
	images, rows, segments, length, width, groups int
}

// k is the length of a row of the left matrix.
func (s shape) k() int { return s.segments * s.length }

// randomShape is ragged in everything. Small images come in large batches, so
// that the blocks of images that Product and Gradient work through are filled
// and left over.
func randomShape(r *rand.Rand) shape {
	s := shape{
		rows:     1 + r.IntN(30),
		segments: 1 + r.IntN(5),
		length:   1 + r.IntN(13),
		width:    1 + r.IntN(70),
		groups:   1 + r.IntN(4),
	}
	s.images = 1 + r.IntN(2+450/s.rows)
	if s.images*s.rows*s.k()*s.width*s.groups > 2_000_000 {
		s.width = 1 + s.width%7 // the plain loops must end soon
	}
	return s
}

// scatter lays the rows and columns of a product out in memory in random
// order, with gaps; runs of the left matrix may overlap, results may not.
func (s shape) scatter(r *rand.Rand) (Rows, Columns) {
	rows := Rows{Segments: s.segments, Length: s.length}
	if s.segments > 1 {
		rows.Stride = s.length + r.IntN(4)
	}
	reach := (s.segments-1)*rows.Stride + s.length
	spread := r.IntN(3 * s.rows)
	rows.StrideA = reach + spread + r.IntN(3)
	group := s.width + r.IntN(3)
	row := s.groups*group + r.IntN(3)
	rows.StrideC = s.rows*row + r.IntN(3)
	columns := Columns{Width: s.width}
	for _, place := range r.Perm(s.rows) {
		rows.A = append(rows.A, r.IntN(spread+1))
		rows.C = append(rows.C, place*row)
	}
	for _, place := range r.Perm(s.groups) {
		columns.To = append(columns.To, place*group)
	}
	return rows, columns
}

// left gathers row i of image n of the left matrix.
func left(rows *Rows, a []float32, n, i int) []float32 {
	var row []float32
	for s := range rows.Segments {
		row = append(row, a[n*rows.StrideA+rows.A[i]+s*rows.Stride:][:rows.Length]...)
	}
	return row
}

// dot is bias + Σ a·b in float64, and how far a float32 sum of as many terms
// may lie from it in any order, fused or not: each term passes at most len(a)+2
// roundings of 2⁻²⁴ (Higham 2002, section 3.1).
func dot(a, b []float32, bias float32) (sum, bound float64) {
	sum, bound = float64(bias), math.Abs(float64(bias))
	for k, x := range a {
		p := float64(x) * float64(b[k])
		sum += p
		bound += math.Abs(p)
	}
	return sum, bound * float64(len(a)+2) * 0x1p-24
}

// random is n numbers, uniform in −1…1.
func random(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(2*r.Float64() - 1)
	}
	return x
}

// untouched marks memory that must not be written.
const untouched = 12345

func blank(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = untouched
	}
	return x
}

// result is what must come out, and how far from it: where nothing is set,
// exactly untouched.
type result struct {
	want, bound []float64
}

func newResult(n int) result {
	r := result{make([]float64, n), make([]float64, n)}
	for i := range r.want {
		r.want[i] = untouched
	}
	return r
}

func (r result) set(at int, want, bound float64) { r.want[at], r.bound[at] = want, bound }

// check stops at the first number that is off.
func (r result) check(t *testing.T, f form, got []float32) {
	t.Helper()
	for i, v := range got {
		if d := math.Abs(float64(v) - r.want[i]); !(d <= r.bound[i]) {
			t.Fatalf("%v: element %d is %g, want %g ± %.1g", f, i, v, r.want[i], r.bound[i])
		}
	}
}

// sameBits compares the results of forms that round alike.
type sameBits map[bool][]float32

func (s sameBits) check(t *testing.T, f form, got []float32) {
	t.Helper()
	first, ok := s[fused(f)]
	if !ok {
		s[fused(f)] = got
		return
	}
	for i, v := range got {
		if math.Float32bits(v) != math.Float32bits(first[i]) {
			t.Fatalf("%v: element %d is %g, in another form that rounds alike %g", f, i, v, first[i])
		}
	}
}

// cuts divides 0…n into random ranges, in random order.
func cuts(r *rand.Rand, n int) [][2]int {
	var ranges [][2]int
	for lo := 0; lo < n; {
		hi := lo + 1 + r.IntN(n-lo)
		ranges = append(ranges, [2]int{lo, hi})
		lo = hi
	}
	r.Shuffle(len(ranges), func(i, j int) { ranges[i], ranges[j] = ranges[j], ranges[i] })
	return ranges
}
