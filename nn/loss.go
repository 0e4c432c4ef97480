package nn

import "math"

// The losses are sums over a batch divided by the number of pixels, as in the
// source article's code; a training loop scales them for its batch. Each
// function here is one image's part, before that division.

// Objective says what the three networks minimise (Larsen et al. 2016,
// algorithm 1):
//
//	encoder        L_llike + PriorWeight·L_prior
//	decoder        Gamma·L_llike − L_GAN
//	discriminator  L_GAN
type Objective struct {
	Metric Metric
	Gamma  float32
	// NonSaturating gives the decoder −¼ Σ (2·log D(x_p) + log D(x̃)) in place
	// of −L_GAN, whose gradient vanishes where the discriminator is sure
	// (Goodfellow et al. 2014, section 3).
	NonSaturating bool
	// PriorWeight is 1 in the paper.
	PriorWeight float32
}

// Losses are those of one step, and the discriminator's mean opinions: the
// probability it gives real, reconstructed and generated images.
type Losses struct {
	Prior, GAN, Llike              float64
	Real, Reconstructed, Generated float64
}

const (
	tiny       = 1e-10 // inside the logarithms of L_GAN, as in the source
	clipLogVar = 2.0   // of log σ² in L_prior
	clipHalf   = 2.0   // of ½ log σ² in the sampling
)

// sampleLatent is z = mean + exp(clip(½·logVar, −2, 2))·ε (Kingma and Welling
// 2014, section 2.4).
func sampleLatent(z, mean, logVar, eps []float32) {
	for i, m := range mean {
		h := min(max(float64(logVar[i])/2, -clipHalf), clipHalf)
		z[i] = m + float32(math.Exp(h))*eps[i]
	}
}

// prior is −½ Σ (1 + c − mean² − exp(c)), c = clip(logVar, −2, 2): the KL
// divergence of q(z|x) from N(0, I) (Larsen et al. 2016, L_prior).
func prior(mean, logVar []float32) float64 {
	var sum float64
	for i, m := range mean {
		c := min(max(float64(logVar[i]), -clipLogVar), clipLogVar)
		sum -= 0.5 * (1 + c - float64(m)*float64(m) - math.Exp(c))
	}
	return sum
}

// latentGrad is the gradient of the encoder's objective in mean and logVar, given
// that of L_llike in z; weight is that of the prior. A clip passes no gradient
// outside its bounds.
func latentGrad(dMean, dLogVar, dz, mean, logVar, eps []float32, weight float32) {
	w := float64(weight) / Pixels
	for i, m := range mean {
		dMean[i] = dz[i] + float32(w*float64(m))
		lv := float64(logVar[i])
		var g float64
		if h := lv / 2; h > -clipHalf && h < clipHalf {
			g = 0.5 * math.Exp(h) * float64(eps[i]) * float64(dz[i])
		}
		if lv > -clipLogVar && lv < clipLogVar {
			g -= w * 0.5 * (1 - math.Exp(lv))
		}
		dLogVar[i] = float32(g)
	}
}

// gan is one image's part of L_GAN = −¼ Σ (log(D(x)+δ) + 2·log(1−D(x_p)+δ) +
// log(1−D(x̃)+δ)), δ = 1e−10 (Larsen et al. 2016, algorithm 1).
func gan(real, generated, reconstructed float64) float64 {
	return -0.25 * (math.Log(real+tiny) + 2*math.Log(1-generated+tiny) + math.Log(1-reconstructed+tiny))
}

// dLogReal is the derivative of log(D+δ) in D's logit, dLogFake that of
// log(1−D+δ).
func dLogReal(d float64) float64 { return d * (1 - d) / (d + tiny) }
func dLogFake(d float64) float64 { return -d * (1 - d) / (1 - d + tiny) }

// llike is the learned metric between the activations of an original and of
// its reconstruction, Σ over l, and stores its gradient in the latter, already
// divided by the number of pixels.
func (m Metric) llike(grad, original, reconstruction []float32) float64 {
	var sum float64
	for i, r := range reconstruction {
		x, t := float64(r), float64(original[i])
		if m == MSE {
			sum += (t - x) * (t - x)
			grad[i] = float32(2 * (x - t) / Pixels)
			continue
		}
		// Cross-entropy of logits x against sigmoid(t), in the form that does
		// not overflow.
		t = sigmoid(original[i])
		sum += max(x, 0) - x*t + math.Log1p(math.Exp(-math.Abs(x)))
		grad[i] = float32((sigmoid(r) - t) / Pixels)
	}
	return sum
}
