package nn

import (
	"math"
	"slices"
	"testing"
)

// TestPhilox has the known answers of Random123 1.14 (kat_vectors,
// philox4x32 10).
func TestPhilox(t *testing.T) {
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{
			[4]uint32{}, [2]uint32{},
			[4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
		}, {
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		}, {
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		n := Noise{Seed: uint64(c.key[1])<<32 | uint64(c.key[0])}
		// The counter is (block, image, step, purpose).
		var got [4]uint32
		got[0], got[1], got[2], got[3] = n.block(Purpose(c.counter[3]), c.counter[2], c.counter[1], c.counter[0])
		if got != c.want {
			t.Errorf("counter %x, key %x: %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

// TestUniform: unit i of any length is the high 24 bits of Uint32's unit i.
func TestUniform(t *testing.T) {
	n := Noise{Seed: 0x123456789abcdef0}
	for length := range 10 {
		x := make([]float32, length)
		n.Uniform(x, PurposeInit, 7, 8)
		for i, v := range x {
			w := n.Uint32(PurposeInit, 7, 8, uint32(i))
			if want := float32(w>>8) / (1 << 24); v != want {
				t.Errorf("number %d of %d is %g, of Uint32 %g", i, length, v, want)
			}
		}
	}
	x := make([]float32, 100_000)
	n.Uniform(x, PurposeInit, 0, 0)
	if low, high := slices.Min(x), slices.Max(x); low < 0 || high >= 1 || low > 1e-3 || high < 0.999 {
		t.Errorf("the numbers span %g to %g, want 0 to 1", low, high)
	}
}

// TestNormal checks the moments of 100,000 draws within five deviations: those
// of a mean of the k-th powers of N(0, 1), with E x² = 1, E x⁴ = 3, E x⁶ = 15,
// E x⁸ = 105.
func TestNormal(t *testing.T) {
	const draws = 100_000
	x := make([]float32, draws)
	Noise{Seed: 9}.Normal(x, PurposePrior, 1, 2)
	var m [5]float64
	for _, v := range x {
		p := 1.0
		for k := range m {
			m[k] += p / draws
			p *= float64(v)
		}
	}
	for k, c := range []struct{ want, variance float64 }{{1, 0}, {0, 1}, {1, 2}, {0, 15}, {3, 105 - 9}} {
		if bound := 5*math.Sqrt(c.variance/draws) + 1e-9; math.Abs(m[k]-c.want) > bound {
			t.Errorf("the mean of x^%d is %.4f, want %g ± %.4f", k, m[k], c.want, bound)
		}
	}
	// The two numbers of a pair, and neighbouring pairs, are independent.
	for lag := 1; lag <= 4; lag++ {
		var sum float64
		for i := range draws - lag {
			sum += float64(x[i]) * float64(x[i+lag])
		}
		if r := sum / draws; math.Abs(r) > 5/math.Sqrt(draws) {
			t.Errorf("numbers %d apart have correlation %.4f", lag, r)
		}
	}
}

// TestNormalPrefix: a draw depends on its coordinates and not on how many are
// drawn with it.
func TestNormalPrefix(t *testing.T) {
	whole := make([]float32, 11)
	Noise{Seed: 9}.Normal(whole, PurposePrior, 1, 2)
	for n := range whole {
		x := make([]float32, n)
		Noise{Seed: 9}.Normal(x, PurposePrior, 1, 2)
		sameBits(t, "the beginning", x, whole[:n])
	}
}

// TestNoiseCoordinates: every coordinate matters.
func TestNoiseCoordinates(t *testing.T) {
	base := Noise{1}.Uint32(PurposePrior, 2, 3, 4)
	for what, other := range map[string]uint32{
		"seed":        Noise{2}.Uint32(PurposePrior, 2, 3, 4),
		"seed, above": Noise{1 + 1<<32}.Uint32(PurposePrior, 2, 3, 4),
		"purpose":     Noise{1}.Uint32(PurposeSample, 2, 3, 4),
		"step":        Noise{1}.Uint32(PurposePrior, 3, 3, 4),
		"image":       Noise{1}.Uint32(PurposePrior, 2, 4, 4),
		"unit":        Noise{1}.Uint32(PurposePrior, 2, 3, 5),
		"unit, block": Noise{1}.Uint32(PurposePrior, 2, 3, 8),
	} {
		if other == base {
			t.Errorf("another %s gives the same number", what)
		}
	}
}

func TestPermutation(t *testing.T) {
	n := Noise{Seed: 3}
	orders := make([][]int32, 4)
	for epoch := range orders {
		order := make([]int32, 1000)
		n.Permutation(order, uint32(epoch))
		orders[epoch] = order
		sorted := slices.Sorted(slices.Values(order))
		for i, v := range sorted {
			if v != int32(i) {
				t.Fatalf("epoch %d: not a permutation: %d in place %d", epoch, v, i)
			}
		}
		again := make([]int32, 1000)
		n.Permutation(again, uint32(epoch))
		if !slices.Equal(order, again) {
			t.Errorf("epoch %d: not the same again", epoch)
		}
		// Two random permutations agree in one place on average, in more than
		// ten with probability 10⁻⁸.
		for e, other := range append(orders[:epoch:epoch], sorted) {
			same := 0
			for i, v := range order {
				if v == other[i] {
					same++
				}
			}
			if same > 10 {
				t.Errorf("epoch %d agrees with permutation %d in %d of 1000 places", epoch, e, same)
			}
		}
	}
	n.Permutation(nil, 0)
	one := []int32{7}
	if n.Permutation(one, 0); one[0] != 0 {
		t.Errorf("the permutation of one number is %d", one)
	}
}

// TestPermutationFair: over many epochs each number comes to each place
// equally often, within five deviations.
func TestPermutationFair(t *testing.T) {
	const size, epochs = 5, 20_000
	var count [size][size]int
	order := make([]int32, size)
	for epoch := range uint32(epochs) {
		Noise{Seed: 4}.Permutation(order, epoch)
		for i, v := range order {
			count[i][v]++
		}
	}
	const p = 1.0 / size
	bound := 5 * math.Sqrt(epochs*p*(1-p))
	for i := range count {
		for v, n := range count[i] {
			if math.Abs(float64(n)-epochs*p) > bound {
				t.Errorf("%d came to place %d %d times, want %g ± %.0f", v, i, n, epochs*p, bound)
			}
		}
	}
}

// TestSample: a digit's latent vector depends on seed, label and index, and its
// beginning not on the latent size.
func TestSample(t *testing.T) {
	z := func(n int, seed uint64, label, index int) []float32 {
		z := make([]float32, n)
		Sample(z, seed, label, index)
		return z
	}
	base := z(8, 1, 7, 0)
	sameBits(t, "again", z(8, 1, 7, 0), base)
	sameBits(t, "the first two numbers", z(2, 1, 7, 0), base[:2])
	for what, other := range map[string][]float32{"seed": z(8, 2, 7, 0), "label": z(8, 1, 6, 0), "index": z(8, 1, 7, 1)} {
		if slices.Equal(other, base) {
			t.Errorf("another %s gives the same vector", what)
		}
	}
}
