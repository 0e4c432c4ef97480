package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"inkling/nn/kernel"
)

// denseCase is a dense layer of a batch by the loops, as convCase.
type denseCase struct {
	x, dy, y, dx []float64 // of all images
	w, b, dw, db []float64
}

func (c *denseCase) compute(images int) {
	in, out := len(c.x)/images, len(c.b)
	c.y, c.dx = make([]float64, images*out), make([]float64, images*in)
	c.dw, c.db = make([]float64, len(c.w)), make([]float64, out)
	for n := range images {
		plainDense(c.x[n*in:][:in], c.y[n*out:][:out], c.dx[n*in:][:in], c.dy[n*out:][:out], c.w, c.b, c.dw, c.db)
	}
}

func newDenseCase(r *rand.Rand, images, in, out int) (want, slack denseCase) {
	want = denseCase{
		x: pictureOf(1, random(r, images*in)).v, dy: pictureOf(1, random(r, images*out)).v,
		w: pictureOf(1, random(r, in*out)).v, b: pictureOf(1, random(r, out)).v,
	}
	slack = denseCase{x: absolute(want.x), dy: absolute(want.dy), w: absolute(want.w), b: absolute(want.b)}
	want.compute(images)
	slack.compute(images)
	return want, slack
}

func TestDense(t *testing.T) {
	for _, c := range []struct{ in, width, groups, inputs int }{
		{18, 64, 1, 8}, {5, 3, 7, 5}, {1, 1, 1, 1}, {33, 17, 4, 20},
	} {
		t.Run(fmt.Sprintf("%d to %d·%d", c.in, c.groups, c.width), func(t *testing.T) {
			const images, spare, gap = 5, 2, 3
			out := c.width * c.groups
			terms := max(c.in, out, images) + 2
			r := rand.New(rand.NewPCG(uint64(c.in), 12))
			want, slack := newDenseCase(r, images, c.in, out)

			// The groups are written last first, with gaps.
			to := kernel.Columns{Width: c.width}
			for g := range c.groups {
				to.To = append(to.To, (c.groups-1-g)*(c.width+gap))
			}
			inLen, outLen, dOutLen := c.in+1, c.groups*(c.width+gap), out+2
			l := newDense("test", c.in, inLen, to, outLen)
			copy(l.weight.Value, float32s(want.w))
			copy(l.bias.Value, float32s(want.b))
			l.pack()
			x, y := make([]float32, images*inLen), make([]float32, images*outLen)
			for n := range images {
				copy(part(x, n, inLen), float32s(want.x[n*c.in:][:c.in]))
			}
			l.forward.Run(y, x, 0, images)
			var gathered []float32
			for n := range images {
				for _, at := range to.To {
					gathered = append(gathered, y[n*outLen+at:][:c.width]...)
				}
			}
			near(t, "y", gathered, want.y, slack.y, terms)

			l.train(images+spare, dOutLen, c.inputs, c.inputs)
			l.packBackward()
			dy, dx := make([]float32, images*dOutLen), make([]float32, images*c.inputs)
			for n := range images {
				copy(part(dy, n, dOutLen), float32s(want.dy[n*out:][:out]))
			}
			l.backward.Run(dx, dy, 0, images)
			for n := range images {
				near(t, "dx", part(dx, n, c.inputs), want.dx[n*c.in:][:c.inputs], slack.dx[n*c.in:], terms)
			}
			l.gradient.Pack(dy, 0, 0, images)
			dw, db := make([]float32, len(want.w)), make([]float32, out)
			sumParts(l.gradient, dw, x, images)
			near(t, "dw", dw, want.dw, slack.dw, terms)
			l.gradient.Bias(db, images)
			near(t, "db", db, want.db, slack.db, terms)
		})
	}
}

func TestDense1(t *testing.T) {
	const images, in = 5, 48
	want, slack := newDenseCase(rand.New(rand.NewPCG(3, 12)), images, in, 1)
	l := newDense1("test", in)
	train([]*Param{l.weight, l.bias})
	copy(l.weight.Value, float32s(want.w))
	copy(l.bias.Value, float32s(want.b))
	l.pack()
	y := make([]float32, images)
	l.forward.Run(y, float32s(want.x), 0, images)
	near(t, "y", y, want.y, slack.y, in+2)
	for range 2 { // the second sum must not add to the first
		l.grad(float32s(want.x), float32s(want.dy))
		near(t, "dw", l.weight.Grad, want.dw, slack.dw, in+2)
		near(t, "db", l.bias.Grad, want.db, slack.db, in+2)
	}
}
