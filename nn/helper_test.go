package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"inkling/nn/kernel"
)

// testModel has no unit at a kink: Glorot's kernels are joined by random biases,
// and the decoder's are enlarged so that its pixels span grey. With three
// latent numbers, one log σ² is within both clips, one beyond that of L_prior,
// and one beyond that of the sampling too.
func testModel(latent int, form Form) *Model {
	m := NewModel(latent, form)
	m.Init(5)
	r := rand.New(rand.NewPCG(5, 5))
	for _, p := range m.Params() {
		scale := float32(1)
		if p.Name == "decoder.dense.kernel" || p.Name == "decoder.conv3.kernel" {
			scale = 3
		}
		for i := range p.Value {
			p.Value[i] *= scale
			if p.fanIn == 0 {
				p.Value[i] = 0.4*r.Float32() - 0.2
			}
		}
	}
	if latent == 3 {
		copy(m.Encoder.logVar.bias.Value, []float32{0.2, 2.8, -4.6})
	}
	m.Pack()
	return m
}

// testBatch has images of random greys, so that no two pixels tie.
func testBatch(images, latent int) *Batch {
	r := rand.New(rand.NewPCG(6, 6))
	b := &Batch{
		Images: make([]float32, images*Pixels), Labels: make([]uint8, images),
		Epsilon: make([]float32, images*latent), Prior: make([]float32, images*latent),
	}
	for i := range b.Images {
		b.Images[i] = r.Float32()
	}
	for i := range b.Labels {
		b.Labels[i] = uint8(r.IntN(Classes))
	}
	for i := range b.Epsilon {
		b.Epsilon[i] = float32(r.NormFloat64())
		b.Prior[i] = float32(r.NormFloat64())
	}
	return b
}

// norm is the Euclidean length of x.
func norm(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += float64(v) * float64(v)
	}
	return math.Sqrt(s)
}

// random is n numbers, uniform in −1…1.
func random(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = 2*r.Float32() - 1
	}
	return x
}

// sameBits fails where two results differ in any bit.
func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d numbers, want %d", what, len(got), len(want))
	}
	for i, v := range got {
		if math.Float32bits(v) != math.Float32bits(want[i]) {
			t.Fatalf("%s[%d] is %g, want the very bits of %g", what, i, v, want[i])
		}
	}
}

// slow reports whether the kernels are those that take five to ten times as
// long. The longest tests then run a part of their cases: what is above the
// kernels is the same code, and the kernels have tests of their own.
func slow() bool { return kernel.Name() == "portable" || kernel.Name() == "wasm-simd" }
