package safetensors

import (
	"math"
	"math/rand/v2"
	"testing"
)

// halfValue is IEEE 754's definition of binary16, in float64.
func halfValue(h uint16) float64 {
	sign, exponent, fraction := 1.0, int(h>>10)&0x1f, float64(h&0x3ff)
	if h&0x8000 != 0 {
		sign = math.Copysign(1, -1)
	}
	switch {
	case exponent == 0:
		return sign * math.Ldexp(fraction/1024, -14)
	case exponent < 31:
		return sign * math.Ldexp(1+fraction/1024, exponent-15)
	case fraction == 0:
		return sign * math.Inf(1)
	}
	return math.NaN()
}

// Every half converts to its exact value and back to itself.
func TestHalfExact(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		got, want := fromHalf(h), halfValue(h)
		if math.IsNaN(want) {
			if got == got {
				t.Fatalf("fromHalf(%#04x) = %v, want NaN", h, got)
			}
		} else if float64(got) != want || math.Signbit(float64(got)) != math.Signbit(want) {
			t.Fatalf("fromHalf(%#04x) = %v, want %v", h, got, want)
		}
		back, ok := toHalf(got)
		if finite := h&0x7c00 != 0x7c00; ok != finite || finite && back != h {
			t.Fatalf("toHalf(%v) = %#04x, %v; want %#04x, %v", got, back, ok, h, finite)
		}
	}
}

// Between two neighbours the nearer one is taken, and halfway the even one.
func TestHalfRounds(t *testing.T) {
	const largest = 0x7bff
	for h := uint16(0); h <= largest; h++ {
		// float32 holds the middle exactly: it has 13 more bits. Beyond the
		// largest half the next step would be 2¹⁶.
		middle := float32((halfValue(h) + halfValue(h+1)) / 2)
		if h == largest {
			middle = 65520
		}
		below, above := math.Nextafter32(middle, 0), math.Nextafter32(middle, math.MaxFloat32)
		for _, test := range []struct {
			f    float32
			want uint16
		}{{below, h}, {middle, h + h&1}, {above, h + 1}} {
			for _, sign := range []uint16{0, 0x8000} {
				f := test.f
				if sign != 0 {
					f = -f
				}
				got, ok := toHalf(f)
				if inside := test.want <= largest; ok != inside || inside && got != test.want|sign {
					t.Fatalf("toHalf(%v) = %#04x, %v; want %#04x, %v", f, got, ok, test.want|sign, inside)
				}
			}
		}
	}
}

// No number has a half nearer than the one it gets.
func TestHalfNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		f := math.Float32frombits(r.Uint32())
		h, ok := toHalf(f)
		if !ok {
			if math.Abs(float64(f)) < 65520 {
				t.Fatalf("toHalf(%v) failed", f)
			}
			continue
		}
		distance := func(h uint16) float64 { return math.Abs(halfValue(h) - float64(f)) }
		for _, other := range []uint16{h - 1, h + 1} {
			if h&0x7fff != 0 && distance(other) < distance(h) {
				t.Fatalf("toHalf(%v) = %#04x, but %#04x is nearer", f, h, other)
			}
		}
	}
}
