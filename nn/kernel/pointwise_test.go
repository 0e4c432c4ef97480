package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPointwise runs each function of every form on lengths that do and don't
// fill vectors, over values that include zeros of both signs, ties and
// infinities. Elements are rounded once, so the bits are those of the loop.
func TestPointwise(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	values := func(n int) []float32 {
		x := random(r, n+3)[:n] // what lies past the end must stay
		for i := range x {
			switch r.IntN(8) {
			case 0:
				x[i] = 0
			case 1:
				x[i] = float32(math.Copysign(0, -1))
			case 2:
				x[i] = float32(math.Inf(1 - 2*r.IntN(2)))
			case 3:
				x[i] = 0.25
			}
		}
		return x
	}
	for n := range 40 {
		for _, f := range forms() {
			x, y, z := values(n), values(n), values(n)
			k := float32(r.IntN(4))
			for i := range z {
				z[i] = float32(r.IntN(4))
			}
			check := func(what string, got, before []float32, want func(i int) float32) {
				t.Helper()
				for i, v := range got {
					w := want(i)
					if math.Float32bits(v) != math.Float32bits(w) && !(v != v && w != w) {
						t.Fatalf("%v: %s, %d of %d is %g, want %g", f, what, i, n, v, w)
					}
				}
				for i := n; i < n+3; i++ {
					if got[:n+3][i] != before[:n+3][i] {
						t.Fatalf("%v: %s wrote past its %d elements", f, what, n)
					}
				}
			}

			got := clone(y)
			scaleForm(f, got, x)
			check("Scale", got, y, func(i int) float32 { return y[i] * x[i] })

			gotX, gotS := clone(x), clone(y)
			leakyForm(f, gotX, gotS, 0.3)
			slope := func(i int) float32 {
				if x[i] > 0 {
					return y[i]
				}
				return y[i] * 0.3
			}
			check("Leaky's s", gotS, y, slope)
			check("Leaky's x", gotX, x, func(i int) float32 { return slope(i) * x[i] })

			got = clone(x)
			rectifyForm(f, got, 0.3)
			check("Rectify", got, x, func(i int) float32 {
				if x[i] < 0 {
					return x[i] * 0.3
				}
				return x[i]
			})

			gotW, gotMS, ms := clone(x), clone(z), z
			const scale, rate, decay, epsilon = float32(1.5), float32(0.01), float32(0.9), float32(1e-10)
			rmspropForm(f, gotW, gotMS, y, scale, rate, decay, epsilon)
			meanSquare := func(i int) float32 {
				d := y[i] * scale
				return decay*ms[i] + (1-decay)*(d*d)
			}
			check("RMSProp's ms", gotMS, ms, meanSquare)
			check("RMSProp's w", gotW, x, func(i int) float32 {
				return x[i] - rate*(y[i]*scale)/float32(math.Sqrt(float64(meanSquare(i)+epsilon)))
			})

			best, won := clone(y), clone(z)
			maxForm(f, best, won, x, k)
			check("maxInto's best", best, y, func(i int) float32 {
				if x[i] > y[i] {
					return x[i]
				}
				return y[i]
			})
			check("maxInto's won", won, z, func(i int) float32 {
				if x[i] > y[i] {
					return k
				}
				return z[i]
			})

			got = clone(y)
			chooseForm(f, got, x, z, k)
			check("choose", got, y, func(i int) float32 {
				if z[i] == k {
					return x[i]
				}
				return 0
			})
		}
	}
}

// clone copies x with the three elements past its end.
func clone(x []float32) []float32 {
	return append([]float32(nil), x[:len(x)+3]...)[:len(x)]
}
