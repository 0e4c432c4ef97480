package fit

import (
	"errors"
	"strings"
	"testing"
)

// script is a stepper that plays losses and writes down what was asked of it.
type script struct {
	t     *testing.T
	d, g  []float64
	fail  int // the step, counted from 1, that fails
	steps int
	done  []string
}

func (s *script) draw() { s.done = append(s.done, "draw") }

func (s *script) next(losses *[]float64, name string) (float64, error) {
	s.done = append(s.done, name)
	if s.steps++; s.steps == s.fail {
		return 0, errors.New("not finite")
	}
	if len(*losses) == 0 {
		s.t.Fatalf("an unexpected step: %v", s.done)
	}
	loss := (*losses)[0]
	*losses = (*losses)[1:]
	return loss, nil
}

func (s *script) discriminatorStep() (float64, error) { return s.next(&s.d, "D") }
func (s *script) generatorStep() (float64, error)     { return s.next(&s.g, "G") }

func TestSchedule(t *testing.T) {
	settings, err := Recipe("seed")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		d, g []float64
		fail int
		want string
	}{
		{name: "with these sums: D stops at once, G never",
			d: []float64{0.05}, g: []float64{0.05, 0.04, 0.03}, want: "draw D G draw G draw G draw"},
		{name: "D never good enough, G at once",
			d: []float64{1.2, 1.1, 1.0}, g: []float64{0.41}, want: "draw D draw D draw D G"},
		{name: "D in the second step, G in the second",
			d: []float64{1.5, 0.99}, g: []float64{0.4, 0.5}, want: "draw D draw D G draw G"},
		{name: "G in the last step draws nothing",
			d: []float64{0}, g: []float64{0, 0, 1}, want: "draw D G draw G draw G"},
		{name: "failure of D", d: nil, fail: 1, want: "draw D"},
		{name: "failure of G", d: []float64{0.5}, g: []float64{0}, fail: 3, want: "draw D G draw G"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &script{t: t, d: c.d, g: c.g, fail: c.fail}
			d, g, err := settings.iterate(s)
			if got := strings.Join(s.done, " "); got != c.want {
				t.Errorf("did %s, want %s", got, c.want)
			}
			if (err != nil) != (c.fail > 0) {
				t.Errorf("error %v", err)
			}
			if err == nil && (d != strings.Count(c.want, "D") || g != strings.Count(c.want, "G")) {
				t.Errorf("counted %d and %d steps in %s", d, g, c.want)
			}
		})
	}
}
