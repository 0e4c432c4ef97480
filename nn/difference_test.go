package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"inkling/nn/kernel"
)

// The gradients against central differences of the losses. Losses are computed
// in float32, and any step takes some of the networks' 200,000 units over the
// kink of a LeakyReLU or a pooling, so differences are good to parts of a
// hundred, not of a million; package nn_test compares with exact gradients. Here
// are the things that those do not cover: dropout, the non-saturating loss and
// the weights of the terms. A wrong factor, mask or missing term is off by far
// more than the tolerances.

// difference compares the gradients of a network's parameters with
// differences of its objective.
type difference struct {
	objective func() float64
	params    []*Param
	grads     [][]float32
}

// newDifference takes the parameters' gradients from the last GradD or GradG.
func newDifference(params []*Param, objective func() float64) *difference {
	d := &difference{objective: objective, params: params}
	for _, p := range params {
		d.grads = append(d.grads, slices.Clone(p.Grad))
	}
	return d
}

// along returns objective(w+v) − objective(w−v), and what the gradient says it
// is. v is counted as it is after rounding w±v.
func (d *difference) along(v [][]float32) (measured, predicted float64) {
	for sign := float32(1); sign >= -1; sign -= 2 {
		var old [][]float32
		for i, p := range d.params {
			old = append(old, slices.Clone(p.Value))
			for j := range p.Value {
				p.Value[j] += sign * v[i][j]
				predicted += float64(sign) * float64(d.grads[i][j]) * (float64(p.Value[j]) - float64(old[i][j]))
			}
		}
		measured += float64(sign) * d.objective()
		for i, p := range d.params {
			copy(p.Value, old[i])
		}
	}
	return measured, predicted
}

// check compares along a direction that draw gives, together with the size of
// the difference to be expected. A kink within the step may spoil it: one of
// three directions must agree.
func (d *difference) check(t *testing.T, what string, tolerance float64, draw func() (v [][]float32, size float64)) {
	t.Helper()
	var errors [3]float64
	for i := range errors {
		v, size := draw()
		measured, predicted := d.along(v)
		errors[i] = (measured - predicted) / size
		if math.Abs(errors[i]) <= tolerance {
			return
		}
	}
	t.Errorf("%s: %s: the gradient is off by %.3f of its size, the limit is %g", d.params[0].Name, what, errors, tolerance)
}

// directions checks along random directions of two kinds. In the first, every
// entry goes up or down by chance: it sees every part of the gradient, but
// faintly, to a tenth of its size. In the second, half of the entries go the gradient's way, and their
// contributions add up: the difference stands far out of the noise, and a
// factor that is off by some hundredths is seen.
func (d *difference) directions(t *testing.T, r *rand.Rand) {
	t.Helper()
	n := 0
	for _, g := range d.grads {
		n += len(g)
	}
	draw := func(step float64, aligned bool) ([][]float32, float64) {
		var v [][]float32
		var sum, squares float64
		h := float32(step)
		for i, g := range d.grads {
			v = append(v, make([]float32, len(g)))
			for j := range g {
				v[i][j] = h * float32(1-2*r.IntN(2))
				if aligned && r.IntN(2) == 0 {
					v[i][j] = float32(math.Copysign(float64(h), float64(g[j])))
				}
			}
			sum += step * sumAbs(g)
			squares += math.Pow(step*norm(g), 2)
		}
		if aligned {
			return v, sum // half of twice the sum
		}
		return v, 2 * math.Sqrt(squares)
	}
	// The more entries move, the shorter the step, against the curvature.
	step := 1e-3 / math.Sqrt(float64(n))
	d.check(t, "at random", 0.1, func() ([][]float32, float64) { return draw(step+2e-5, false) })
	d.check(t, "along the gradient", 0.02, func() ([][]float32, float64) { return draw(step+3e-6, true) })
}

// entry checks a single entry of one parameter, one with a large gradient: that
// stands out of the noise.
func (d *difference) entry(t *testing.T, r *rand.Rand) {
	t.Helper()
	g := d.grads[0]
	var most float32
	for _, v := range g {
		most = max(most, v, -v)
	}
	d.check(t, "one entry", 0.05, func() ([][]float32, float64) {
		i := r.IntN(len(g))
		for max(g[i], -g[i]) < most/5 {
			i = (i + 1) % len(g)
		}
		v := make([]float32, len(g))
		v[i] = 0.003
		return [][]float32{v}, 2 * math.Abs(float64(g[i]*v[i]))
	})
}

func sumAbs(x []float32) float64 {
	var s float64
	for _, v := range x {
		s += math.Abs(float64(v))
	}
	return s
}

// objectives are those of the encoder, the decoder and the discriminator, put
// together from the losses and opinions of a step.
func objectives(tr *Trainer, o Objective, b *Batch) [3]func() float64 {
	gamma := float64(o.Gamma)
	return [3]func() float64{
		func() float64 {
			l := tr.GradD(b)
			return l.Llike + float64(o.PriorWeight)*l.Prior
		},
		func() float64 {
			l := tr.GradD(b)
			if !o.NonSaturating {
				return gamma*l.Llike - l.GAN
			}
			var fooled float64
			for i, d := range tr.DGenerated() {
				fooled += 2*math.Log(float64(d)+1e-10) + math.Log(float64(tr.DReconstruction()[i])+1e-10)
			}
			return gamma*l.Llike - fooled/4/Pixels
		},
		func() float64 { return tr.GradD(b).GAN },
	}
}

// gradients computes all gradients and returns the parameters that have them,
// of the encoder, the decoder and the discriminator.
func gradients(tr *Trainer, b *Batch) [3][]*Param {
	tr.GradD(b)
	tr.GradG(b)
	m := tr.model
	return [3][]*Param{m.Encoder.Params(), m.Decoder.Params(), m.Discriminator.Params()}
}

// TestGradientOfNetworks checks each network's gradient as a whole, in every
// form, metric and objective, with dropout off and on.
func TestGradientOfNetworks(t *testing.T) {
	for i := range 16 {
		if slow() && i%5 != 0 {
			continue // four of the sixteen, in which everything occurs twice
		}
		form, o := Form(i&1), Objective{Metric: Metric(i >> 1 & 1), Gamma: 1, PriorWeight: 1}
		if i>>2&1 == 1 {
			o.NonSaturating, o.Gamma, o.PriorWeight = true, 0.25, 3
		}
		dropout := i>>3&1 == 1
		t.Run(fmt.Sprintf("%v %v nonsaturating=%v dropout=%v", form, o.Metric, o.NonSaturating, dropout), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(i), 8))
			b := testBatch(3, 3)
			if dropout {
				b.Dropout = &Dropout{Noise{7}, 3}
			}
			tr := NewTrainer(testModel(3, form), o, 3, 1)
			defer tr.Close()
			for net, params := range gradients(tr, b) {
				newDifference(params, objectives(tr, o, b)[net]).directions(t, r)
			}
		})
	}
}

// TestGradientOfParameters checks each tensor's gradient by itself, in both
// forms with dropout on.
func TestGradientOfParameters(t *testing.T) {
	if slow() {
		t.Skip("takes a minute on " + kernel.Name() + " kernels; the gradients of the whole networks are checked on them too")
	}
	for _, c := range []struct {
		form Form
		o    Objective
	}{
		{Branch, Objective{Metric: BCE, Gamma: 1, PriorWeight: 1}},
		{Path, Objective{Metric: MSE, Gamma: 0.5, NonSaturating: true, PriorWeight: 0.1}},
	} {
		b := testBatch(3, 3)
		b.Dropout = &Dropout{Noise{7}, 3}
		tr := NewTrainer(testModel(3, c.form), c.o, 3, 1)
		for net, params := range gradients(tr, b) {
			if c.form == Branch && net < 2 {
				continue // the other networks' ways back don't know the form
			}
			for i, p := range params {
				t.Run(c.form.String()+" "+p.Name, func(t *testing.T) {
					// The objective overwrites the discriminator's gradients.
					tr.GradD(b)
					d := newDifference(params[i:i+1], objectives(tr, c.o, b)[net])
					if norm(p.Grad) == 0 {
						if c.form != Branch || !strings.HasPrefix(p.Name, "discriminator.conv3.") {
							t.Error("the gradient is zero")
						}
						return
					}
					r := rand.New(rand.NewPCG(uint64(i), 9))
					d.directions(t, r)
					d.entry(t, r)
				})
			}
		}
		tr.Close()
	}
}
