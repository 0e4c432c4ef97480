package kernel

import (
	"math/rand/v2"
	"testing"
)

// testGradient compares every form with the plain loop. The batch is smaller
// than the one before it by spare images.
func testGradient(t *testing.T, s shape, spare int, r *rand.Rand) {
	rows, columns := s.scatter(r)
	a, g := random(r, s.images*rows.StrideA), random(r, s.images*rows.StrideC)

	var patches [][]float32
	for n := range s.images {
		for i := range rows.A {
			patches = append(patches, left(&rows, a, n, i))
		}
	}
	// column gathers what meets in dB: column k of A or column j of G over all
	// rows of the batch.
	x, y := make([]float32, len(patches)), make([]float32, len(patches))
	ones := make([]float32, len(patches)*s.groups)
	for i := range ones {
		ones[i] = 1
	}
	weights, bias := newResult(s.groups*s.k()*s.width), newResult(s.width)
	for j := range s.width {
		var all []float32
		for group, to := range columns.To {
			for m := range y {
				y[m] = g[m/s.rows*rows.StrideC+rows.C[m%s.rows]+to+j]
			}
			all = append(all, y...)
			for k := range s.k() {
				for m, row := range patches {
					x[m] = row[k]
				}
				sum, bound := dot(x, y, 0)
				weights.set((group*s.k()+k)*s.width+j, sum, bound)
			}
		}
		sum, bound := dot(all, ones, 0)
		bias.set(j, sum, bound)
	}

	junk := random(r, spare*rows.StrideC)
	sameWeights, sameBias := sameBits{}, sameBits{}
	for _, f := range forms() {
		p := newGradient(f, rows, columns, s.images+spare)
		p.Pack(junk, s.images, s.images, s.images+spare)
		for _, c := range cuts(r, s.images) {
			p.Pack(g, 0, c[0], c[1])
		}
		dw, db := blank(len(weights.want)), blank(s.width)
		var scratch Scratch
		for _, part := range r.Perm(p.Parts()) {
			p.Run(dw, a, s.images, part, &scratch)
		}
		weights.check(t, f, dw)
		sameWeights.check(t, f, dw)
		p.Bias(db, s.images)
		bias.check(t, f, db)
		// A bias has no product to round.
		sameBias.check(t, portable, db)
	}
}

func TestGradient(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 5))
		s := randomShape(r)
		t.Logf("seed %d: %+v", seed, s)
		testGradient(t, s, r.IntN(3), r)
	}
}

func FuzzGradient(f *testing.F) {
	f.Add(uint64(1), uint8(0), uint8(0), uint8(0), uint8(0), uint8(0), uint8(0), uint8(0))
	f.Add(uint64(2), uint8(201), uint8(0), uint8(1), uint8(9), uint8(33), uint8(1), uint8(1))
	f.Add(uint64(3), uint8(7), uint8(49), uint8(2), uint8(31), uint8(63), uint8(3), uint8(0))
	f.Fuzz(func(t *testing.T, seed uint64, images, rows, segments, length, width, groups, spare uint8) {
		s := shape{
			images: 1 + int(images), rows: 1 + int(rows)%70, segments: 1 + int(segments)%5,
			length: 1 + int(length)%40, width: 1 + int(width)%70, groups: 1 + int(groups)%4,
		}
		s.images = 1 + (s.images-1)%(2+450/s.rows)
		testGradient(t, s, int(spare)%9, rand.New(rand.NewPCG(seed, 6)))
	})
}
