package kernel

import (
	"math/rand/v2"
	"testing"
)

func TestDots(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		s := randomShape(r)
		s.images, s.width = min(s.images, 9), 1
		s.length = 16 * (1 + r.IntN(4))
		t.Logf("seed %d: %+v", seed, s)
		rows, columns := s.scatter(r)
		a, b, bias := random(r, s.images*rows.StrideA), random(r, s.groups*s.k()), random(r, 1)[0]

		want := newResult(s.images * rows.StrideC)
		for n := range s.images {
			for i, to := range rows.C {
				for g, group := range columns.To {
					sum, bound := dot(left(&rows, a, n, i), b[g*s.k():][:s.k()], bias)
					want.set(n*rows.StrideC+to+group, sum, bound)
				}
			}
		}

		same := sameBits{}
		for _, f := range forms() {
			p := newDots(f, rows, columns.To)
			copy(p.B, b)
			p.Bias = bias
			c := blank(len(want.want))
			for _, cut := range cuts(r, s.images) {
				p.Run(c, a, cut[0], cut[1])
			}
			want.check(t, f, c)
			same.check(t, f, c)
		}
	}
}

func TestDotsRaggedRun(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for runs of 17 floats")
		}
	}()
	NewDots(Rows{A: []int{0}, C: []int{0}, Segments: 1, Length: 17}, []int{0})
}
