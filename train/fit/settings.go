package fit

import (
	"errors"
	"math"
	"strconv"

	"inkling/nn"
)

// Settings say everything about a run but its data: the same settings, data
// and build give the same weights, bit for bit.
type Settings struct {
	Model         string // "cvaegan"
	Recipe        string // the recipe that the settings started from
	Latent        int    // numbers in z
	Discriminator nn.Form
	Metric        nn.Metric
	Gamma         float64 // γ, factor of L_llike in the decoder's objective
	NonSaturating bool    // see nn.Objective
	PriorWeight   float64 // factor of L_prior in the encoder's objective

	Batch             int
	Steps             int     // most steps of D, and of G, in an iteration
	StopD, StopG      float64 // D steps until L_GAN < StopD, G steps until L_GAN > StopG
	RateEncoder       float64
	RateDecoder       float64
	RateDiscriminator float64
	MeanSquare        float64 // RMSProp's mean square at the start
	DecayFrom         float64 // part of the run after which the rates fall, linearly,
	DecayTo           float64 // to this factor of themselves at its end
	Average           float64 // decay of the averaged weights each iteration; 0 keeps none

	Iterations int
	Seed       uint64
}

// Recipe returns the settings of a named recipe: "seed", the source article's
// code as it is, or "release", which the released weights start from.
func Recipe(name string) (Settings, error) {
	s := Settings{
		Model: "cvaegan", Recipe: name, Latent: 8,
		Discriminator: nn.Branch, Metric: nn.BCE, Gamma: 1, PriorWeight: 1,
		Batch: 64, Steps: 3, StopD: 1, StopG: 0.4,
		RateEncoder: 1e-3, RateDecoder: 3e-4, RateDiscriminator: 1e-3,
		MeanSquare: 1, DecayFrom: 1, DecayTo: 1,
		Iterations: 48000, Seed: 1,
	}
	switch name {
	case "seed":
	case "release":
		s.Discriminator, s.Metric = nn.Path, nn.MSE
		s.NonSaturating, s.PriorWeight = true, 0.1
		s.MeanSquare = 1e-4
		s.DecayFrom, s.DecayTo, s.Average = 0.5, 0.05, 0.999
		s.Iterations = 10000
	default:
		return Settings{}, errors.New(`recipe is ` + strconv.Quote(name) + `, must be seed or release`)
	}
	return s, nil
}

// Recipes are the names that Recipe knows.
var Recipes = []string{"seed", "release"}

// Check reports the first setting that no run can have.
func (s *Settings) Check() error {
	if s.Model != "cvaegan" {
		return errors.New(`model is ` + strconv.Quote(s.Model) + `, must be cvaegan`)
	}
	if nn.CheckLatent(s.Latent) != nil {
		return outside("latent", s.Latent, nn.MinLatent, nn.MaxLatent)
	}
	for _, n := range []struct {
		name          string
		value, lo, hi int
	}{
		{"batch", s.Batch, 1, 4096},
		{"steps", s.Steps, 1, 100},
		{"iterations", s.Iterations, 0, 10_000_000},
	} {
		if n.value < n.lo || n.value > n.hi {
			return outside(n.name, n.value, n.lo, n.hi)
		}
	}
	for _, n := range []struct {
		name          string
		value, lo, hi float64
	}{
		{"gamma", s.Gamma, 0, 1e6},
		{"prior-weight", s.PriorWeight, 0, 1e6},
		{"stop-d", s.StopD, -1e6, 1e6},
		{"stop-g", s.StopG, -1e6, 1e6},
		{"rate-encoder", s.RateEncoder, 0, 1},
		{"rate-decoder", s.RateDecoder, 0, 1},
		{"rate-discriminator", s.RateDiscriminator, 0, 1},
		{"mean-square", s.MeanSquare, 0, 1e6},
		{"decay-from", s.DecayFrom, 0, 1},
		{"decay-to", s.DecayTo, 0, 1},
		{"average", s.Average, 0, 0.999999},
	} {
		if !(n.value >= n.lo && n.value <= n.hi) {
			return errors.New(n.name + " is " + number(n.value) + ", must be " + number(n.lo) + " to " + number(n.hi))
		}
	}
	return nil
}

// rate is the factor of the learning rates in an iteration counted from 0.
func (s *Settings) rate(iteration int) float64 {
	from := s.DecayFrom * float64(s.Iterations)
	if float64(iteration) <= from || s.DecayTo == 1 {
		return 1
	}
	part := (float64(iteration) - from) / (float64(s.Iterations) - from)
	return 1 - (1-s.DecayTo)*math.Min(part, 1)
}

// scale turns the bare sums of one batch into what a batch of 64, which the
// thresholds and rates were chosen for, would give.
func (s *Settings) scale() float64 { return 64 / float64(s.Batch) }

func outside(name string, value, lo, hi int) error {
	return errors.New(name + " is " + strconv.Itoa(value) + ", must be " + strconv.Itoa(lo) + " to " + strconv.Itoa(hi))
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
