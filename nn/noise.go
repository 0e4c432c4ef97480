package nn

import (
	"math"
	"math/bits"
)

// Purpose separates the streams of noise that one seed gives.
type Purpose uint32

// The purposes. Their numbers are part of every seeded result: append only.
const (
	PurposeInit    Purpose = iota // initial weights; image is the tensor
	PurposeShuffle                // order of the training images; step is the epoch
	PurposePrior                  // z_p of a training batch; step counts batches drawn
	PurposeSample                 // z of a generated digit; step is the label
	PurposeEpsilon                // ε of the reparametrisation; step counts training steps
	PurposeDropout                // masks; PurposeDropout+i is dropout layer i
)

// Noise gives random numbers as a function of (seed, purpose, step, image,
// unit), never of the order of drawing: Philox4x32-10, the counter-based
// generator of Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2,
// 3", with the seed as key and the rest as counter. So a batch may be split
// over goroutines or workers, and a run resumed, without changing a digit.
type Noise struct{ Seed uint64 }

// block returns the four random words of units 4·block … 4·block+3.
func (n Noise) block(purpose Purpose, step, image, block uint32) (a, b, c, d uint32) {
	const (
		mul0, mul1 = 0xD2511F53, 0xCD9E8D57
		weyl0      = 0x9E3779B9
		weyl1      = 0xBB67AE85
	)
	a, b, c, d = block, image, step, uint32(purpose)
	k0, k1 := uint32(n.Seed), uint32(n.Seed>>32)
	for range 10 {
		h0, l0 := bits.Mul32(mul0, a)
		h1, l1 := bits.Mul32(mul1, c)
		a, b, c, d = h1^b^k0, l1, h0^d^k1, l0
		k0 += weyl0
		k1 += weyl1
	}
	return
}

// Uint32 returns the random word of one unit.
func (n Noise) Uint32(purpose Purpose, step, image, unit uint32) uint32 {
	a, b, c, d := n.block(purpose, step, image, unit/4)
	return [4]uint32{a, b, c, d}[unit%4]
}

// Uniform fills dst with numbers uniform in [0,1), unit i in dst[i].
func (n Noise) Uniform(dst []float32, purpose Purpose, step, image uint32) {
	for i := 0; i < len(dst); i += 4 {
		a, b, c, d := n.block(purpose, step, image, uint32(i/4))
		for j, w := range [4]uint32{a, b, c, d} {
			if i+j < len(dst) {
				dst[i+j] = float32(w>>8) * (1.0 / (1 << 24))
			}
		}
	}
}

// Normal fills dst with draws from N(0,1), unit i in dst[i], by Box and
// Muller's transform in float64.
func (n Noise) Normal(dst []float32, purpose Purpose, step, image uint32) {
	for i := 0; i < len(dst); i += 4 {
		a, b, c, d := n.block(purpose, step, image, uint32(i/4))
		w := [4]uint32{a, b, c, d}
		for j := 0; j < 4 && i+j < len(dst); j += 2 {
			// (w+½)/2³² is never 0, so the logarithm is finite.
			u := (float64(w[j]) + 0.5) * (1.0 / (1 << 32))
			v := (float64(w[j+1]) + 0.5) * (1.0 / (1 << 32))
			r := math.Sqrt(-2 * math.Log(u))
			sin, cos := math.Sincos(2 * math.Pi * v)
			dst[i+j] = float32(r * cos)
			if i+j+1 < len(dst) {
				dst[i+j+1] = float32(r * sin)
			}
		}
	}
}

// Sample fills z with the latent vector of generated digit number index of a
// label: a draw from N(0,I) that depends on nothing but its arguments.
func Sample(z []float32, seed uint64, label, index int) {
	Noise{seed}.Normal(z, PurposeSample, uint32(label), uint32(index))
}

// Permutation fills order with the numbers 0 to len(order)−1 in the random
// order of one epoch, by Fisher and Yates' shuffle.
func (n Noise) Permutation(order []int32, epoch uint32) {
	for i := range order {
		order[i] = int32(i)
	}
	for i := len(order) - 1; i > 0; i-- {
		// The high word of w·(i+1) is uniform in 0..i to 2⁻³²·i.
		j, _ := bits.Mul32(n.Uint32(PurposeShuffle, epoch, 0, uint32(i)), uint32(i+1))
		order[i], order[j] = order[j], order[i]
	}
}
