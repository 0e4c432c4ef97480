package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// scatterSource lays the right matrix out as Pack may find it: rows of
// consecutive columns, or columns with their rows scattered.
func (s shape) scatterSource(r *rand.Rand) (at Source, length int) {
	place := r.Perm(s.k())
	if r.IntN(2) == 0 {
		row := s.width + r.IntN(3)
		for _, i := range place {
			at.Row = append(at.Row, i*row)
		}
		at.Column, at.Group = 1, s.k()*row
	} else {
		at.Row = place
		at.Column = s.k() + r.IntN(3)
		at.Group = s.width * at.Column
	}
	return at, s.groups * at.Group
}

// testProduct compares every form with the plain loop.
func testProduct(t *testing.T, s shape, r *rand.Rand) {
	rows, columns := s.scatter(r)
	source, length := s.scatterSource(r)
	a, b, bias := random(r, s.images*rows.StrideA), random(r, length), random(r, s.width*s.groups)

	want := newResult(s.images * rows.StrideC)
	column := make([]float32, s.k())
	for n := range s.images {
		for i, to := range rows.C {
			row := left(&rows, a, n, i)
			for g, group := range columns.To {
				for j := range s.width {
					for k, at := range source.Row {
						column[k] = b[g*source.Group+at+j*source.Column]
					}
					sum, bound := dot(row, column, bias[g*s.width+j])
					want.set(n*rows.StrideC+to+group+j, sum, bound)
				}
			}
		}
	}

	ranges := cuts(r, s.images)
	same := sameBits{}
	for _, f := range forms() {
		p := newProduct(f, rows, columns)
		p.Pack(b, source)
		p.PackBias(bias, s.width)
		whole := blank(len(want.want))
		p.Run(whole, a, 0, s.images)
		want.check(t, f, whole)
		same.check(t, f, whole)

		// An image's result doesn't depend on the images it is run with.
		pieces := blank(len(whole))
		for _, c := range ranges {
			p.Run(pieces, a, c[0], c[1])
		}
		for i, v := range pieces {
			if math.Float32bits(v) != math.Float32bits(whole[i]) {
				t.Fatalf("%v: element %d is %g, in one run of all images %g", f, i, v, whole[i])
			}
		}
	}
}

func TestProduct(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := randomShape(r)
		t.Logf("seed %d: %+v", seed, s)
		testProduct(t, s, r)
	}
}

// TestProductOrder holds an element to the documented order: one chain of
// multiply-adds along k. Forms that round twice a step give the very bits of
// the loop.
func TestProductOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	s := shape{images: 3, rows: 5, segments: 3, length: 37, width: 21, groups: 1}
	rows, columns := s.scatter(r)
	a, b, bias := random(r, s.images*rows.StrideA), random(r, s.k()*s.width), random(r, s.width)
	for _, f := range forms() {
		if fused(f) {
			continue
		}
		p := newProduct(f, rows, columns)
		p.Pack(b, Source{Row: Consecutive(s.k(), s.width), Column: 1})
		p.PackBias(bias, 0)
		c := blank(s.images * rows.StrideC)
		p.Run(c, a, 0, s.images)
		for n := range s.images {
			for i, to := range rows.C {
				for j := range s.width {
					sum := bias[j]
					for k, x := range left(&rows, a, n, i) {
						sum += float32(x * b[k*s.width+j])
					}
					if got := c[n*rows.StrideC+to+columns.To[0]+j]; got != sum {
						t.Fatalf("%v: image %d, row %d, column %d is %g, the loop gives %g", f, n, i, j, got, sum)
					}
				}
			}
		}
	}
}

func FuzzProduct(f *testing.F) {
	f.Add(uint64(1), uint8(0), uint8(0), uint8(0), uint8(0), uint8(0), uint8(0))
	f.Add(uint64(2), uint8(66), uint8(1), uint8(1), uint8(9), uint8(33), uint8(1))
	f.Add(uint64(3), uint8(2), uint8(6), uint8(2), uint8(31), uint8(63), uint8(3))
	f.Fuzz(func(t *testing.T, seed uint64, images, rows, segments, length, width, groups uint8) {
		s := shape{
			images: 1 + int(images)%80, rows: 1 + int(rows)%12, segments: 1 + int(segments)%5,
			length: 1 + int(length)%40, width: 1 + int(width)%70, groups: 1 + int(groups)%4,
		}
		testProduct(t, s, rand.New(rand.NewPCG(seed, 3)))
	})
}
