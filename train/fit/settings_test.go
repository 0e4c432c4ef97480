package fit

import (
	"math"
	"strings"
	"testing"
)

func TestSettingsCheck(t *testing.T) {
	for _, c := range []struct {
		change func(*Settings)
		want   string
	}{
		{func(s *Settings) { s.Model = "gan" }, `model is "gan", must be cvaegan`},
		{func(s *Settings) { s.Latent = 0 }, "latent is 0, must be 1 to 256"},
		{func(s *Settings) { s.Latent = 257 }, "latent is 257"},
		{func(s *Settings) { s.Batch = 0 }, "batch is 0, must be 1 to 4096"},
		{func(s *Settings) { s.Steps = 0 }, "steps is 0"},
		{func(s *Settings) { s.Iterations = -1 }, "iterations is -1"},
		{func(s *Settings) { s.Gamma = math.NaN() }, "gamma is NaN, must be 0 to 1e+06"},
		{func(s *Settings) { s.RateDecoder = math.Inf(1) }, "rate-decoder is +Inf"},
		{func(s *Settings) { s.Average = 1 }, "average is 1, must be 0 to 0.999999"},
		{func(s *Settings) { s.DecayFrom = 1.5 }, "decay-from is 1.5"},
	} {
		s, err := Recipe("release")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		c.change(&s)
		if err := s.Check(); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

func TestRecipes(t *testing.T) {
	for _, name := range Recipes {
		s, err := Recipe(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Recipe("best"); err == nil || err.Error() != `recipe is "best", must be seed or release` {
		t.Errorf("error %v", err)
	}
}

// Every setting must survive being written as text, for checkpoints and flags.
func TestFieldsRoundTrip(t *testing.T) {
	from, err := Recipe("release")
	if err != nil {
		t.Fatal(err)
	}
	from.Seed = math.MaxUint64
	from.Gamma = 0.1 + 0.2
	var to Settings
	fields := to.Fields()
	for i, f := range from.Fields() {
		if err := fields[i].Set(f.String()); err != nil {
			t.Error(err)
		}
	}
	if to != from {
		t.Errorf("%+v became %+v", from, to)
	}
}

func TestFieldSetErrors(t *testing.T) {
	var s Settings
	fields := map[string]Field{}
	for _, f := range s.Fields() {
		fields[f.Name] = f
	}
	for _, c := range []struct{ name, text, want string }{
		{"latent", "eight", `latent is "eight", must be a whole number`},
		{"seed", "-1", `seed is "-1", must be a whole number from 0 to 18446744073709551615`},
		{"gamma", "", `gamma is "", must be a number`},
		{"non-saturating", "perhaps", `non-saturating is "perhaps", must be true or false`},
		{"metric", "l2", `metric is "l2", must be bce or mse`},
		{"discriminator", "tree", `discriminator is "tree", must be branch or path`},
	} {
		if err := fields[c.name].Set(c.text); err == nil || err.Error() != c.want {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
}

func TestRate(t *testing.T) {
	s := Settings{Iterations: 100, DecayFrom: 0.5, DecayTo: 0.2}
	for _, c := range []struct {
		iteration int
		want      float64
	}{{0, 1}, {50, 1}, {75, 0.6}, {100, 0.2}} {
		// Exact but for the rounding of a few operations.
		if got := s.rate(c.iteration); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("rate at %d is %v, want %v", c.iteration, got, c.want)
		}
	}
	s.DecayFrom = 1
	if got := s.rate(100); got != 1 {
		t.Errorf("rate without decay is %v", got)
	}
}
