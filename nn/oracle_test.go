package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"inkling/nn/kernel"
)

// The layers by their definitions, in float64 and with nothing but loops.
// Images are [row][column][channel].

// picture is a square image; outside of it everything is zero.
type picture struct {
	side, channels int
	v              []float64
}

func newPicture(side, channels int) picture {
	return picture{side, channels, make([]float64, side*side*channels)}
}

// at is where a value lies, −1 outside.
func (p picture) at(y, x, c int) int {
	if y < 0 || x < 0 || y >= p.side || x >= p.side {
		return -1
	}
	return (y*p.side+x)*p.channels + c
}

// plainConv adds a convolution of x with w of [size][size][in][out], "same"
// padding, to y, and for the gradient y.dy the gradients to dx, dw and db.
func plainConv(x, y, dx, dy picture, w, b, dw, db []float64, size, stride int) {
	before, _ := kernel.SamePadding(x.side, size, stride)
	for i := range y.side {
		for j := range y.side {
			for o := range y.channels {
				out := y.at(i, j, o)
				y.v[out] += b[o]
				db[o] += dy.v[out]
				for r := range size {
					for s := range size {
						for c := range x.channels {
							in := x.at(i*stride+r-before, j*stride+s-before, c)
							if in < 0 {
								continue
							}
							tap := ((r*size+s)*x.channels+c)*y.channels + o
							y.v[out] += x.v[in] * w[tap]
							dx.v[in] += dy.v[out] * w[tap]
							dw[tap] += dy.v[out] * x.v[in]
						}
					}
				}
			}
		}
	}
}

// plainUp is nearest upsampling ×2, plainDown its adjoint.
func plainUp(x picture) picture {
	y := newPicture(2*x.side, x.channels)
	for i := range y.side {
		for j := range y.side {
			for c := range y.channels {
				y.v[y.at(i, j, c)] = x.v[x.at(i/2, j/2, c)]
			}
		}
	}
	return y
}

func plainDown(dy picture) picture {
	dx := newPicture(dy.side/2, dy.channels)
	for i := range dy.side {
		for j := range dy.side {
			for c := range dy.channels {
				dx.v[dx.at(i/2, j/2, c)] += dy.v[dy.at(i, j, c)]
			}
		}
	}
	return dx
}

// plainDense is y = x·w + b with its gradients.
func plainDense(x, y, dx, dy, w, b, dw, db []float64) {
	for o := range y {
		y[o] += b[o]
		db[o] += dy[o]
		for i, v := range x {
			y[o] += v * w[i*len(y)+o]
			dx[i] += dy[o] * w[i*len(y)+o]
			dw[i*len(y)+o] += dy[o] * v
		}
	}
}

// convCase is a convolution of a batch: inputs, and results by the loops. up
// puts a nearest upsampling before it; x and dx are then those before that.
// slack has the same results of all inputs' absolute values: a float32 result
// lies within slack·terms·2⁻²⁴ of the exact one, each of its terms passing
// fewer roundings than there are terms.
type convCase struct {
	x, dy, y, dx   []picture
	w, b, dw, db   []float64
	slack          *convCase
	size, stride   int
	up             bool
	outSide, terms int
}

func newConvCase(images, side, in, out, size, stride int, up bool) *convCase {
	r := rand.New(rand.NewPCG(uint64(side), uint64(in)))
	numbers := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(2*r.Float32() - 1)
		}
		return x
	}
	c := &convCase{size: size, stride: stride, up: up, outSide: (side + stride - 1) / stride}
	if up {
		c.outSide = 2 * side
	}
	c.w, c.b = numbers(size*size*in*out), numbers(out)
	for range images {
		c.x = append(c.x, picture{side, in, numbers(side * side * in)})
		c.dy = append(c.dy, picture{c.outSide, out, numbers(c.outSide * c.outSide * out)})
	}
	// The longest sum, and a few roundings more for the folding of taps.
	c.terms = max(size*size*max(in, out), images*c.outSide*c.outSide) + 8
	c.slack = &convCase{size: size, stride: stride, up: up, w: absolute(c.w), b: absolute(c.b)}
	for n := range images {
		c.slack.x = append(c.slack.x, picture{side, in, absolute(c.x[n].v)})
		c.slack.dy = append(c.slack.dy, picture{c.outSide, out, absolute(c.dy[n].v)})
	}
	c.compute()
	c.slack.compute()
	return c
}

func (c *convCase) compute() {
	c.dw, c.db = make([]float64, len(c.w)), make([]float64, len(c.b))
	for n, x := range c.x {
		if c.up {
			x = plainUp(x)
		}
		dy := c.dy[n]
		y, dx := newPicture(dy.side, dy.channels), newPicture(x.side, x.channels)
		plainConv(x, y, dx, dy, c.w, c.b, c.dw, c.db, c.size, c.stride)
		if c.up {
			dx = plainDown(dx)
		}
		c.y, c.dx = append(c.y, y), append(c.dx, dx)
	}
}

func absolute(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = math.Abs(v)
	}
	return y
}

// near compares a float32 result with the loops'.
func near(t *testing.T, what string, got []float32, want, slack []float64, terms int) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d numbers, want %d", what, len(got), len(want))
	}
	for i, v := range got {
		bound := slack[i] * float64(terms) * 0x1p-24
		if d := math.Abs(float64(v) - want[i]); !(d <= bound) {
			t.Fatalf("%s[%d] is %g, want %g ± %.1g", what, i, v, want[i], bound)
		}
	}
}

// put writes pictures into images of a grid, each len floats on.
func put(g kernel.Grid, x []picture, length int) []float32 {
	y := make([]float32, len(x)*length)
	for n, p := range x {
		for i := range p.side {
			for j := range p.side {
				for c := range p.channels {
					y[n*length+g.At(i, j)+c] = float32(p.v[p.at(i, j, c)])
				}
			}
		}
	}
	return y
}

// take reads the first channels of image n of a grid.
func take(g kernel.Grid, x []float32, n, length, channels int) []float32 {
	var y []float32
	for i := range g.Side {
		for j := range g.Side {
			y = append(y, x[n*length+g.At(i, j):][:channels]...)
		}
	}
	return y
}

func float32s(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

// sumParts runs all parts of a gradient.
func sumParts(g *kernel.Gradient, dst, a []float32, images int) {
	var s kernel.Scratch
	for part := range g.Parts() {
		g.Run(dst, a, images, part, &s)
	}
}
