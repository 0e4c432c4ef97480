package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"inkling/nn/kernel"
)

// TestFoldAdjoint: ⟨fold(w), f⟩ = ⟨w, unfold(f)⟩ for every w and f.
func TestFoldAdjoint(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 11))
	const n = 6
	w, f := random(r, 25*n), random(r, 36*n)
	foldedW, unfoldedF := make([]float32, 36*n), make([]float32, 25*n)
	fold(foldedW, w, n)
	unfold(unfoldedF, f, n)
	adjoint(t, foldedW, f, w, unfoldedF)
}

// TestUpsampleAdjoint: ⟨up(x), y⟩ = ⟨x, down(y)⟩.
func TestUpsampleAdjoint(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 11))
	x := pictureOf(14, random(r, 14*14*32))
	y := pictureOf(28, random(r, 28*28*32))
	up, down := make([]float32, decUp.Len()), make([]float32, decGrad2.Len())
	// Copies: no rounding.
	upsample(up, put(decConv2, []picture{x}, decConv2.Len()))
	near(t, "up(x)", take(decUp, up, 0, 0, 32), plainUp(x).v, make([]float64, 28*28*32), 0)
	downsample(down, float32s(y.v))
	adjoint(t, take(decUp, up, 0, 0, 32), float32s(y.v), float32s(x.v), take(decGrad2, down, 0, 0, 32))
}

func pictureOf(side int, v []float32) picture {
	p := newPicture(side, len(v)/side/side)
	for i, x := range v {
		p.v[i] = float64(x)
	}
	return p
}

// adjoint compares ⟨a, b⟩ with ⟨c, d⟩, to the few roundings that sums of up to
// four taps have seen.
func adjoint(t *testing.T, a, b, c, d []float32) {
	t.Helper()
	var ab, cd, size float64
	for i, v := range a {
		ab += float64(v) * float64(b[i])
		size += math.Abs(float64(v) * float64(b[i]))
	}
	for i, v := range c {
		cd += float64(v) * float64(d[i])
	}
	if math.Abs(ab-cd) > size*4*0x1p-24 {
		t.Errorf("the products are %g and %g", ab, cd)
	}
}

// TestLastConv checks the decoder's last layer in both of its forms.
func TestLastConv(t *testing.T) {
	const images = 2
	l := newLastConv("test")
	train([]*Param{l.weight, l.bias})
	load := func(want *convCase) {
		copy(l.weight.Value, float32s(want.w))
		copy(l.bias.Value, float32s(want.b))
		l.pack()
	}

	want := newConvCase(images, 14, lastIn, 1, upTaps, 1, true)
	load(want)
	y := make([]float32, images*Pixels)
	l.folded.Run(y, put(decConv2, want.x, decConv2.Len()), 0, images)
	for n := range images {
		near(t, "y of the folded form", part(y, n, Pixels), want.y[n].v, want.slack.y[n].v, want.terms)
	}

	want = newConvCase(images, Side, lastIn, 1, upTaps, 1, false)
	load(want)
	x := put(decUp, want.x, decUp.Len())
	l.forward.Run(y, x, 0, images)
	l.train(images + 1)
	l.packBackward()
	flat := kernel.Grid{Side: Side, Channels: lastIn}
	dy, dx := put(decGradOut, want.dy, decGradOut.Len()), make([]float32, images*flat.Len())
	l.backward.Run(dx, dy, 0, images)
	for n := range images {
		near(t, "y", part(y, n, Pixels), want.y[n].v, want.slack.y[n].v, want.terms)
		near(t, "dx", part(dx, n, flat.Len()), want.dx[n].v, want.slack.dx[n].v, want.terms)
	}
	l.gradient.Pack(x, 0, 0, images)
	sumParts(l.gradient, l.dTaps, dy, images)
	l.finish(dy, images)
	near(t, "dw", l.weight.Grad, want.dw, want.slack.dw, want.terms)
	near(t, "db", l.bias.Grad, want.db, want.slack.db, want.terms)
}
