package nn

import (
	"fmt"
	"testing"

	"inkling/nn/kernel"
)

// winogradLayer is what conv3 and upconv have in common.
type winogradLayer interface {
	pack()
	run(y, x, v, m, bias []float32, images, lo, hi int)
	packBackward()
	back(dx, dy, dm, dv []float32, i int, weights bool)
	weightTasks(v, dBias []float32, images int) []weightTask
	finish()
}

// testWinograd compares a layer of w, its parameters loaded, with the loops.
// Gradients of the output come in the layout dOut.
func testWinograd(t *testing.T, want *convCase, l winogradLayer, w *winograd, weight, bias *Param, dOut kernel.Grid, train func()) {
	const images = 3
	copy(weight.Value, float32s(want.w))
	copy(bias.Value, float32s(want.b))
	l.pack()
	tile := kernel.Elements * w.tiles * max(w.channels, len(w.phases)*w.width)
	x, v, m := put(w.in, want.x, w.in.Len()), make([]float32, images*tile), make([]float32, images*tile)
	y := make([]float32, images*w.out.Len())
	// In two pieces, of which the second is not the last.
	l.run(y, x, v, m, bias.Value, images, 1, 3)
	l.run(y, x, v, m, bias.Value, images, 0, 1)

	train()
	l.packBackward()
	dx, dy, dv := make([]float32, w.in.Len()), put(dOut, want.dy, dOut.Len()), make([]float32, tile)
	for n := range images {
		near(t, "y", take(w.out, y, n, w.out.Len(), w.width), want.y[n].v, level(want.slack.y[n].v), want.terms)
		l.back(dx, part(dy, n, dOut.Len()), m, dv, n, true)
		near(t, "dx", take(w.in, dx, 0, 0, want.dx[n].channels), want.dx[n].v, level(want.slack.dx[n].v), want.terms)
	}
	parts := weightParts(l.weightTasks(v, bias.Grad, images))
	for i := range parts {
		parts[i].run(&scratch{})
	}
	l.finish()
	near(t, "dw", weight.Grad, want.dw, level(want.slack.dw), want.terms)
	near(t, "db", bias.Grad, want.db, want.slack.db, want.terms)
}

// level is the largest number of x, as often: by Winograd's filtering a result
// is a difference of sums over its neighbours too, and as exact as those.
func level(x []float64) []float64 {
	var most float64
	for _, v := range x {
		most = max(most, v)
	}
	y := make([]float64, len(x))
	for i := range y {
		y[i] = most
	}
	return y
}

func TestConv3(t *testing.T) {
	// spare channels of the input are zero, and not the kernel's.
	for _, c := range []struct{ side, in, spare, out int }{
		{14, 5, 0, 6}, {7, 8, 0, 16}, {7, 13, 3, 16}, {3, 16, 0, 33}, {2, 24, 8, 8}, {1, 1, 0, 1},
	} {
		t.Run(fmt.Sprintf("side %d, %d+%d to %d", c.side, c.in, c.spare, c.out), func(t *testing.T) {
			want := newConvCase(3, c.side, c.in, c.out, 3, 1, false)
			in := kernel.Grid{Side: c.side, Before: 1, After: 1 + c.side%2, Channels: c.in + c.spare}
			out := kernel.Grid{Side: c.side, Before: 1, Channels: c.out}
			dOut := kernel.Grid{Side: c.side, After: 1, Channels: c.out}
			l := newConv3("test", in, out, c.in)
			testWinograd(t, want, l, l.winograd, l.weight, l.bias, dOut, func() {
				train([]*Param{l.weight, l.bias})
				l.train(3, dOut, []int{0})
			})
		})
	}
}

// TestUpconv holds the folded convolution to the upsampling and the 5×5
// convolution that it stands for.
func TestUpconv(t *testing.T) {
	for _, c := range []struct{ side, in, out int }{{7, 5, 6}, {4, 16, 32}, {3, 17, 33}, {1, 3, 2}} {
		t.Run(fmt.Sprintf("side %d, %d to %d", c.side, c.in, c.out), func(t *testing.T) {
			want := newConvCase(3, c.side, c.in, c.out, upTaps, 1, true)
			in := kernel.Grid{Side: c.side, Before: 1, After: 1 + c.side%2, Channels: c.in}
			out := kernel.Grid{Side: 2 * c.side, Before: 1, Channels: c.out}
			dOut := kernel.Grid{Side: 2 * c.side, After: 1, Channels: c.out}
			l := newUpconv("test", in, out)
			testWinograd(t, want, l, l.winograd, l.weight, l.bias, dOut, func() {
				train([]*Param{l.weight, l.bias})
				l.train(3, dOut)
			})
		})
	}
}
