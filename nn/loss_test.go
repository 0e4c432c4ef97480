package nn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// slope is the derivative of f at x by a central difference in float64, good
// to about 1e-9 of f's third derivative and values near 1.
func slope(f func(x float64) float64, x float64) float64 {
	const h = 1e-5
	return (f(x+h) - f(x-h)) / (2 * h)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// TestPrior compares with the divergence's definition, beyond the clip too.
func TestPrior(t *testing.T) {
	for _, c := range []struct {
		mean, logVar []float32
		want         float64
	}{
		{[]float32{0}, []float32{0}, 0}, // N(0, 1) itself
		{[]float32{2}, []float32{0}, 2}, // ½·mean²
		{[]float32{0}, []float32{1}, (math.E - 2) / 2},
		{[]float32{0}, []float32{5}, (math.Exp(2) - 3) / 2},    // as log σ² = 2
		{[]float32{0}, []float32{-9}, (1 + math.Exp(-2)) / 2},  // as −2
		{[]float32{2, 0, 0}, []float32{0, 1, 0}, math.E/2 + 1}, // a sum
	} {
		if got := prior(c.mean, c.logVar); math.Abs(got-c.want) > 1e-15*10 {
			t.Errorf("prior(%v, %v) = %v, want %v", c.mean, c.logVar, got, c.want)
		}
	}
}

// TestLatentGrad compares with differences of Σ z·dz + weight·L_prior, on both
// sides of both clips: log σ² at ±2 and at ±4.
func TestLatentGrad(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 15))
	const weight = 0.7
	for _, logVar := range []float64{-7, -4.1, -3.9, -2.1, -1.9, -0.3, 0, 0.8, 1.9, 2.1, 3.9, 4.1, 6} {
		mean, eps, dz := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
		objective := func(mean, logVar float64) float64 {
			z := mean + math.Exp(min(max(logVar/2, -2), 2))*eps
			c := min(max(logVar, -2), 2)
			return z*dz - weight*0.5*(1+c-mean*mean-math.Exp(c))/784
		}
		dMean, dLogVar := make([]float32, 1), make([]float32, 1)
		one := func(x float64) []float32 { return []float32{float32(x)} }
		latentGrad(dMean, dLogVar, one(dz), one(mean), one(logVar), one(eps), weight)
		for _, c := range []struct {
			what      string
			got, want float64
		}{
			{"mean", float64(dMean[0]), slope(func(x float64) float64 { return objective(x, logVar) }, mean)},
			{"log σ²", float64(dLogVar[0]), slope(func(x float64) float64 { return objective(mean, x) }, logVar)},
		} {
			// Inputs and result are rounded to float32.
			if math.Abs(c.got-c.want) > 1e-6*(1+math.Abs(c.want)) {
				t.Errorf("log σ² = %g: the gradient of %s is %g, the difference gives %g", logVar, c.what, c.got, c.want)
			}
		}
	}
}

func TestSampleLatent(t *testing.T) {
	z := make([]float32, 4)
	sampleLatent(z, []float32{1, -1, 0, 0}, []float32{0, 2, 9, -9}, []float32{2, 0.5, 1, 1})
	for i, want := range []float64{3, -1 + math.E/2, math.Exp(2), math.Exp(-2)} {
		if math.Abs(float64(z[i])-want) > 1e-6*math.Abs(want) {
			t.Errorf("z[%d] = %g, want %g", i, z[i], want)
		}
	}
}

// TestGAN compares with the definition and the derivatives with differences,
// where the discriminator is unsure and where it is so sure that δ matters.
func TestGAN(t *testing.T) {
	if got, want := gan(0.5, 0.5, 0.5), math.Ln2; math.Abs(got-want) > 1e-9 {
		t.Errorf("gan at balance is %v, want log 2 = %v", got, want)
	}
	if got, want := gan(0.8, 0.3, 0.1), -0.25*(math.Log(0.8)+2*math.Log(0.7)+math.Log(0.9)); math.Abs(got-want) > 1e-9 {
		t.Errorf("gan(0.8, 0.3, 0.1) = %v, want %v", got, want)
	}
	// At its worst it is finite: −log δ = 23.
	if got := gan(0, 1, 1); math.Abs(got+math.Log(1e-10)) > 1e-9 {
		t.Errorf("gan(0, 1, 1) = %v, want %v", got, -math.Log(1e-10))
	}
	for _, x := range []float64{-30, -22, -3, -0.1, 0, 0.1, 3, 22, 30} {
		d := logistic(x)
		if got, want := dLogReal(d), slope(func(x float64) float64 { return math.Log(logistic(x) + 1e-10) }, x); math.Abs(got-want) > 1e-7 {
			t.Errorf("logit %g: dLogReal is %g, the difference gives %g", x, got, want)
		}
		// 1−D is formed by subtraction, so it is only good to 1e-16, which δ
		// outweighs by a million.
		fake := func(x float64) float64 { return math.Log(logistic(-x) + 1e-10) }
		if got, want := dLogFake(d), slope(fake, x); math.Abs(got-want) > 1e-5 {
			t.Errorf("logit %g: dLogFake is %g, the difference gives %g", x, got, want)
		}
	}
}

// TestLlike compares with the definitions and the gradient with differences,
// from small to saturated activations.
func TestLlike(t *testing.T) {
	values := []float32{0, 0.3, -0.7, 2, -3, 15, -15, 90, -90, 700, -700}
	for _, m := range []Metric{BCE, MSE} {
		for _, original := range values {
			for _, reconstruction := range values {
				loss := func(x float64) float64 {
					target := float64(original)
					if m == MSE {
						return (target - x) * (target - x)
					}
					// −t·log σ(x) − (1−t)·log(1−σ(x)), log σ(x) = −log(1+e⁻ˣ).
					softplus := func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
					s := logistic(target)
					return s*softplus(-x) + (1-s)*softplus(x)
				}
				grad := make([]float32, 1)
				got := m.llike(grad, []float32{original}, []float32{reconstruction})
				if want := loss(float64(reconstruction)); math.Abs(got-want) > 1e-12*(1+want) {
					t.Errorf("%v(%g, %g) = %g, want %g", m, original, reconstruction, got, want)
				}
				// The difference of numbers up to 2·10⁶, whose last bit is 2·10⁻¹⁰.
				want := slope(loss, float64(reconstruction)) / 784
				if math.Abs(float64(grad[0])-want) > 1e-7*(1+math.Abs(want)) {
					t.Errorf("%v(%g, %g): the gradient is %g, the difference gives %g", m, original, reconstruction, grad[0], want)
				}
			}
		}
	}
}
