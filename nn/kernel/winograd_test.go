package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Planes, rows and places have gaps, which must stay untouched; the numbers of
// channels fill vectors or don't.
type winogradCase struct {
	channels, plane, row int
	to                   [4]int // of length length
	length               int
}

func winogradCases(f func(c winogradCase)) {
	for _, channels := range []int{1, 3, 4, 8, 11, 12, 16, 40} {
		pixel := channels + 2
		for _, to := range [][4]int{
			{0, 1, 2, 3}, {3, 0, 1, 2},
			{0, -1, 1, -1}, {1, 0, -1, -1}, {0, -1, -1, -1}, // at the edge of an odd side
		} {
			for i, at := range to {
				if at >= 0 {
					to[i] = at * pixel
				}
			}
			f(winogradCase{channels, channels + 3, 4*channels + 5, to, 4 * pixel})
		}
	}
}

// TestWinograd convolves a tile with a kernel, channel by channel, in every
// form and by the definition.
func TestWinograd(t *testing.T) {
	winogradCases(func(c winogradCase) {
		t.Run(fmt.Sprint(c.channels, " channels to ", c.to), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(c.channels), 13))
			x, g, bias := random(r, 3*c.row+4*c.channels), random(r, 9*c.channels), random(r, c.channels)
			want := newResult(c.length)
			for i, at := range c.to {
				for ch := range c.channels {
					if at < 0 {
						continue
					}
					sum := float64(bias[ch])
					for k := range 9 {
						sum += float64(x[(i/2+k/3)*c.row+(i%2+k%3)*c.channels+ch]) * float64(g[k*c.channels+ch])
					}
					// Numbers below 1: U below 9/4, V below 4, their products
					// summed nine at a time, each with a few roundings.
					want.set(at+ch, sum, 9*9*8*0x1p-24)
				}
			}
			var first []float32
			for _, f := range forms() {
				u, v, y := blank(16*c.plane), blank(16*c.plane), blank(c.length)
				WinogradKernel(u, g, c.plane, c.channels)
				winogradInput(f, v, x, c.plane, c.row, c.channels)
				m := blank(16 * c.plane)
				for i := range 16 * c.plane {
					if i%c.plane < c.channels {
						m[i] = u[i] * v[i]
					} else if u[i] != untouched || v[i] != untouched {
						t.Fatalf("%v: element %d between the planes was written", f, i)
					}
				}
				winogradOutput(f, y, m, bias, c.plane, &c.to, c.channels)
				want.check(t, f, y)
				// No multiplications, so the forms round alike.
				if first == nil {
					first = y
				}
				if !slices.Equal(y, first) {
					t.Fatalf("%v: other bits than %v", f, portable)
				}
			}
		})
	})
}

// TestWinogradAdjoint: ⟨T(a), b⟩ = ⟨a, Tᵀ(b)⟩ for each of the transforms.
func TestWinogradAdjoint(t *testing.T) {
	winogradCases(func(c winogradCase) {
		r := rand.New(rand.NewPCG(uint64(c.channels), 14))
		inner := func(a, b []float32) (sum float64) {
			for i, x := range a {
				if x != untouched && b[i] != untouched {
					sum += float64(x) * float64(b[i])
				}
			}
			return sum
		}
		check := func(f form, what string, one, other float64) {
			t.Helper()
			// Sums of up to 9 numbers below 1, for 36 of each channel.
			if d := math.Abs(one - other); !(d <= float64(c.channels)*36*9*4*0x1p-24) {
				t.Errorf("%v, %d channels to %v: %s: %g and %g", f, c.channels, c.to, what, one, other)
			}
		}
		tile := func() []float32 {
			m := blank(16 * c.plane)
			for i := range m {
				if i%c.plane < c.channels {
					m[i] = 2*r.Float32() - 1
				}
			}
			return m
		}
		for _, f := range forms() {
			g, du := random(r, 9*c.channels), tile()
			u, dg := blank(16*c.plane), blank(9*c.channels)
			WinogradKernel(u, g, c.plane, c.channels)
			WinogradKernelGrad(dg, du, c.plane, c.channels)
			check(f, "kernel", inner(u, du), inner(g, dg))

			x, dv := random(r, 3*c.row+4*c.channels), tile()
			v, dx, before := blank(16*c.plane), make([]float32, len(x)), random(r, len(x))
			winogradInput(f, v, x, c.plane, c.row, c.channels)
			copy(dx, before)
			winogradInputGrad(f, dx, dv, c.plane, c.row, c.channels) // adds
			check(f, "input", inner(v, dv), inner(x, dx)-inner(x, before))

			m, dy := tile(), random(r, c.length)
			y, dm := blank(c.length), blank(16*c.plane)
			winogradOutput(f, y, m, make([]float32, c.channels), c.plane, &c.to, c.channels)
			winogradOutputGrad(f, dm, dy, c.plane, &c.to, c.channels)
			check(f, "output", inner(y, dy), inner(m, dm))
		}
	})
}
