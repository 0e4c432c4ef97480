package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestMaxPool(t *testing.T) {
	for _, c := range []struct{ side, channels, extra int }{
		{2, 1, 0}, {3, 1, 0}, {1, 3, 0}, {7, 5, 0}, {7, 13, 10}, {14, 9, 0}, {14, 33, 2}, {13, 17, 1},
	} {
		t.Run(fmt.Sprintf("side %d, channels %d+%d", c.side, c.channels, c.extra), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(c.side), 7))
			half := (c.side + 1) / 2
			p := MaxPool{
				In:       Grid{Side: c.side, Before: r.IntN(2), After: r.IntN(3), Channels: c.channels},
				Out:      Grid{Side: half, Before: r.IntN(2), After: r.IntN(2), Channels: c.channels + c.extra},
				Channels: c.channels,
			}
			const images = 3
			x := blank(images * p.In.Len()) // the border is larger than all: padding must not win
			for n := range images {
				for i := range c.side {
					for j := range c.side {
						for ch := range c.channels {
							// Few values, so that ties are common; none positive.
							x[n*p.In.Len()+p.In.At(i, j)+ch] = -float32(r.IntN(4))
						}
					}
				}
			}
			y := blank(images * p.Out.Len())
			won := make([]float32, images*half*half*c.channels)
			for _, cut := range cuts(r, images) {
				p.Run(y, x, won, p.Out.Len(), cut[0], cut[1])
			}
			grad := Grid{Side: half, Before: 1, Channels: c.channels}
			dy := random(r, images*grad.Len())
			dx := blank(len(x))
			for n := range images {
				p.Backward(dx[n*p.In.Len():][:p.In.Len()], dy[n*grad.Len():][:grad.Len()], won[n*half*half*c.channels:], p.In, grad)
			}

			wantY, wantDX := blank(len(y)), blank(len(x))
			for n := range images {
				for i := range half {
					for j := range half {
						for ch := range c.channels {
							best := -1
							for k := range 4 {
								if 2*i+k/2 >= c.side || 2*j+k%2 >= c.side {
									continue
								}
								at := n*p.In.Len() + p.In.At(2*i+k/2, 2*j+k%2) + ch
								wantDX[at] = 0
								if best < 0 || x[at] > x[best] { // the first of equals stays
									best = at
								}
							}
							wantY[n*p.Out.Len()+p.Out.At(i, j)+ch] = x[best]
							wantDX[best] = dy[n*grad.Len()+grad.At(i, j)+ch]
						}
					}
				}
			}
			equal(t, "y", y, wantY)
			equal(t, "dx", dx, wantDX)
		})
	}
}

func equal(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, v := range got {
		if v != want[i] {
			t.Fatalf("%s[%d] is %g, want %g", what, i, v, want[i])
		}
	}
}
