package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"inkling/nn/kernel"
)

// mask is that of a layer of units units.
func mask(seed uint64, layer, step, image uint32, units int) []float32 {
	x, s := make([]float32, units), make([]float32, units)
	for i := range x {
		x[i] = 1
	}
	activate(x, s, &Dropout{Noise{seed}, step}, layer, image, 0)
	return s
}

// dropped counts zeros, and in how many places both masks have them.
func dropped(a, b []float32) (inA, inB, both int) {
	for i, v := range a {
		if v == 0 {
			inA++
		}
		if b[i] == 0 {
			inB++
		}
		if v == 0 && b[i] == 0 {
			both++
		}
	}
	return
}

// independent fails where the correlation of two masks is more than five
// deviations from zero.
func independent(t *testing.T, what string, a, b []float32) {
	t.Helper()
	units := min(len(a), len(b))
	inA, inB, both := dropped(a[:units], b[:units])
	n, x, y := float64(units), float64(inA), float64(inB)
	r := (n*float64(both) - x*y) / math.Sqrt(x*(n-x)*y*(n-y))
	if bound := 5 / math.Sqrt(n); !(math.Abs(r) <= bound) {
		t.Errorf("%s: correlation %.4f, limit %.4f", what, r, bound)
	}
}

// TestMask: three units in ten are dropped, within five deviations, and the
// rest enlarged by 1/0.7; units are independent of their neighbours.
func TestMask(t *testing.T) {
	const units = decUnits2
	m := mask(1, 2, 3, 4, units)
	n, _, _ := dropped(m, m)
	if bound := 5 * math.Sqrt(units*0.3*0.7); math.Abs(float64(n)-0.3*units) > bound {
		t.Errorf("%d of %d units are dropped, want %g ± %.0f", n, units, 0.3*units, bound)
	}
	for i, v := range m {
		if v != 0 && v != 1/float32(0.7) {
			t.Fatalf("unit %d has the factor %g", i, v)
		}
	}
	for lag := 1; lag <= 16; lag++ {
		independent(t, fmt.Sprintf("units %d apart", lag), m, m[lag:])
	}
}

// TestMaskCoordinates: another seed, step, layer or image is another mask, and
// the same coordinates the same one, however it is drawn.
func TestMaskCoordinates(t *testing.T) {
	const units = decUnits1
	base := mask(1, 2, 3, 4, units)
	sameBits(t, "the mask, drawn again", mask(1, 2, 3, 4, units), base)
	for what, other := range map[string][]float32{
		"seed": mask(2, 2, 3, 4, units), "layer": mask(1, 3, 3, 4, units),
		"step": mask(1, 2, 4, 4, units), "image": mask(1, 2, 3, 5, units),
		// Neighbours in two coordinates at once must not meet.
		"step and image": mask(1, 2, 4, 3, units), "layer and step": mask(1, 3, 2, 4, units),
	} {
		independent(t, "another "+what, base, other)
	}

	// In a grid with a border, row by row; and beside other channels, pixel by
	// pixel.
	d := &Dropout{Noise{1}, 3}
	for _, g := range []kernel.Grid{{Side: 14, Before: 1, After: 2, Channels: 64}, {Side: 14, Channels: 64 + Classes}} {
		x, s := make([]float32, g.Len()), make([]float32, units)
		activateGrid(g, 64, x, s, d, 2, 4)
		for i := range s {
			s[i] /= leak // x is zero: on the slope
		}
		for i, v := range s {
			if (v == 0) != (base[i] == 0) {
				t.Fatalf("unit %d has the factor %g in %+v, %g in a row", i, v, g, base[i])
			}
		}
	}
}

// TestActivate holds the activation to its definition, and inference to the
// bits of training without dropout.
func TestActivate(t *testing.T) {
	const units = 104
	r := rand.New(rand.NewPCG(1, 16))
	x := random(r, units)
	x[0], x[1] = 0, -0.5
	for _, d := range []*Dropout{nil, {Noise{5}, 6}} {
		m := make([]float32, units)
		for i := range m {
			m[i] = 1
		}
		if d != nil {
			m = mask(5, 7, 6, 8, units)
		}
		y, s := append([]float32(nil), x...), make([]float32, units)
		activate(y, s, d, 7, 8, 0)
		for i, v := range x {
			want := float64(m[i])
			if v <= 0 {
				want *= 0.3
			}
			if math.Abs(float64(s[i])-want) > 1e-6 || y[i] != s[i]*v {
				t.Fatalf("unit %d: %g becomes %g with factor %g, want factor %g", i, v, y[i], s[i], want)
			}
		}
		if d == nil {
			infer := append([]float32(nil), x...)
			activate(infer, nil, nil, 0, 0, 0)
			sameBits(t, "inference", infer, y)
		}
	}
}

// TestMasksOfStep reads the masks that a training step used, those of all
// layers and passes: each is that of its number, which seeded results depend
// on, and they are independent of each other. With zero kernels and biases of
// one no unit is negative; the factors are zero where the masks are. Five
// images are a chunk and a rest.
func TestMasksOfStep(t *testing.T) {
	const batch, seed, step = 5, 11, 12
	for _, form := range []Form{Branch, Path} {
		m := NewModel(1, form)
		for _, p := range m.Params() {
			for i := range p.Value {
				if p.fanIn == 0 {
					p.Value[i] = 1
				}
			}
		}
		b := testBatch(batch, 1)
		b.Dropout = &Dropout{Noise{seed}, step}
		tr := NewTrainer(m, Objective{Gamma: 1, PriorWeight: 1}, batch, 1)
		defer tr.Close()
		tr.GradD(b)

		names := map[string][]float32{}
		read := func(name string, number uint32, s []float32, passes ...string) {
			units := len(s) / len(passes) / batch
			for pass, images := range passes {
				for i := range batch {
					name := fmt.Sprintf("%v: %s, %s image %d", form, name, images, i)
					used, want := part(s, pass*batch+i, units), mask(seed, number+uint32(3*pass), step, uint32(i), units)
					if inUse, inWant, both := dropped(used, want); inUse != both || inWant != both {
						t.Errorf("%s has not the mask of layer %d", name, number+uint32(3*pass))
					}
					if i != 0 && i != batch-1 {
						continue // pairs of two images' masks are enough
					}
					for other, m := range names {
						independent(t, name+" and "+other, used, m)
					}
					names[name] = used
				}
			}
		}
		read("encoder 1", 0, tr.enc.s1, "real")
		read("encoder 2", 1, tr.enc.s2, "real")
		read("encoder 3", 2, tr.enc.s3, "real")
		for i, s := range [][]float32{tr.dec.s1, tr.dec.s2, tr.dec.s3} {
			read(fmt.Sprint("decoder ", i+1), uint32(3+i), s, "reconstructed", "generated")
		}
		for i, s := range [][]float32{tr.dis.s1, tr.dis.s2, tr.dis.s3} {
			read(fmt.Sprint("discriminator ", i+1), uint32(9+i), s, "real", "reconstructed", "generated")
		}
	}
}
