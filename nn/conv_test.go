package nn

import (
	"fmt"
	"testing"

	"inkling/nn/kernel"
)

func TestConv(t *testing.T) {
	for _, c := range []struct {
		size, stride, side, in, out int
		channels                    int // of x whose gradient is wanted
	}{
		{size: 3, stride: 1, side: 7, in: 5, out: 7, channels: 5},
		{size: 3, stride: 1, side: 7, in: 13, out: 17, channels: 3}, // the rest is a label
		{size: 3, stride: 1, side: 4, in: 6, out: 1, channels: 6},
		{size: 3, stride: 2, side: 28, in: 1, out: 9},
		{size: 7, stride: 2, side: 28, in: 1, out: 33},
		{size: 5, stride: 1, side: 9, in: 2, out: 3, channels: 2},
	} {
		t.Run(fmt.Sprintf("%dx%d stride %d, %d to %d", c.size, c.size, c.stride, c.in, c.out), func(t *testing.T) {
			const images, spare, gap = 3, 2, 10
			want := newConvCase(images, c.side, c.in, c.out, c.size, c.stride, false)
			before, after := kernel.SamePadding(c.side, c.size, c.stride)
			in := kernel.Grid{Side: c.side, Before: before, After: after, Channels: c.in}
			out := kernel.Grid{Side: want.outSide, Channels: c.out}
			dOut := kernel.Grid{Side: want.outSide, Before: c.size / 2, After: c.size / 2, Channels: c.out}
			dIn := kernel.Grid{Side: c.side, After: 1, Channels: c.channels}

			l := newConv("test", c.size, c.stride, in, out, out.Len()+gap)
			copy(l.weight.Value, float32s(want.w))
			copy(l.bias.Value, float32s(want.b))
			l.pack()
			x := put(in, want.x, in.Len())
			y := make([]float32, images*(out.Len()+gap))
			l.forward.Run(y, x, 0, images)
			for n := range images {
				near(t, "y", take(out, y, n, out.Len()+gap, c.out), want.y[n].v, want.slack.y[n].v, want.terms)
			}

			l.train(images+spare, dOut, dOut.Len(), dIn, c.channels)
			dy := put(dOut, want.dy, dOut.Len())
			dw, db := make([]float32, len(want.w)), make([]float32, len(want.b))
			l.gradient.Pack(dy, 0, 0, images)
			sumParts(l.gradient, dw, x, images)
			near(t, "dw", dw, want.dw, want.slack.dw, want.terms)
			l.gradient.Bias(db, images)
			near(t, "db", db, want.db, want.slack.db, want.terms)

			if c.channels == 0 {
				return
			}
			l.packBackward()
			dx := make([]float32, images*dIn.Len())
			l.backward.Run(dx, dy, 0, images)
			for n := range images {
				dIn := take(dIn, dx, n, dIn.Len(), c.channels)
				near(t, "dx", dIn, first(want.dx[n], c.channels), first(want.slack.dx[n], c.channels), want.terms)
			}
		})
	}
}

// first is the first channels of a picture.
func first(p picture, channels int) []float64 {
	var v []float64
	for at := 0; at < len(p.v); at += p.channels {
		v = append(v, p.v[at:][:channels]...)
	}
	return v
}

// TestImageGrad checks the gradient of the 7×7 convolution with stride 2 to
// its image.
func TestImageGrad(t *testing.T) {
	const channels = 11
	want := newConvCase(1, Side, 1, channels, 7, 2, false)
	out := kernel.Grid{Side: 14, Channels: channels}
	l := newConv("test", 7, 2, disImage, out, out.Len())
	copy(l.weight.Value, float32s(want.w))
	g := newImageGrad(l)
	g.pack()
	s := &scratch{columns: make([]float32, 14*14*imageTaps)}
	dx := make([]float32, disImage.Len())
	for range 2 { // the second run must not add to the first
		g.run(dx, put(out, want.dy, out.Len()), s)
		near(t, "dx", take(disImage, dx, 0, 0, 1), want.dx[0].v, want.slack.dx[0].v, want.terms)
	}
}
