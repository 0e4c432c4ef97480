package nn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRMSProp compares twenty steps of two parameters with the formula in
// float64.
func TestRMSProp(t *testing.T) {
	const decay, epsilon = 0.9, 1e-10
	for _, c := range []struct {
		rate, scale, initial float64
	}{
		{0.001, 1, 1}, {0.0003, 64.0 / 48, 1e-4}, {10, 1, 0},
	} {
		r := rand.New(rand.NewPCG(1, 17))
		params := []*Param{{Value: random(r, 5)}, {Value: random(r, 19)}}
		var w, ms [2][]float64
		for i, p := range params {
			p.Grad = make([]float32, len(p.Value))
			w[i], ms[i] = make([]float64, len(p.Value)), make([]float64, len(p.Value))
			for j, v := range p.Value {
				w[i][j], ms[i][j] = float64(v), c.initial
			}
		}
		rule := RMSProp{Rate: float32(c.rate), Decay: decay, Epsilon: epsilon}
		state := NewMeanSquare(params, float32(c.initial))
		for range 20 {
			for i, p := range params {
				for j := range p.Grad {
					// From 10⁻⁶, where ε counts, to 1.
					p.Grad[j] = float32(r.NormFloat64() * math.Pow(10, -float64(j%7)))
					g := c.scale * float64(p.Grad[j])
					ms[i][j] = decay*ms[i][j] + (1-decay)*g*g
					w[i][j] -= c.rate * g / math.Sqrt(ms[i][j]+epsilon)
				}
			}
			rule.Update(params, state, float32(c.scale))
		}
		for i, p := range params {
			for j, v := range p.Value {
				// Each of 20 steps rounds a few times, steps of up to 3·rate.
				if d := math.Abs(float64(v) - w[i][j]); !(d <= 20*4*0x1p-24*(math.Abs(w[i][j])+3*c.rate)) {
					t.Errorf("rate %g: weight %d of parameter %d is %g, want %g", c.rate, j, i, v, w[i][j])
				}
				if d := math.Abs(float64(state[i][j]) - ms[i][j]); !(d <= 20*4*0x1p-24*ms[i][j]) {
					t.Errorf("rate %g: mean square %d of parameter %d is %g, want %g", c.rate, j, i, state[i][j], ms[i][j])
				}
			}
		}
	}
}

func TestNewMeanSquare(t *testing.T) {
	params := NewDecoder(2).Params()
	ms := NewMeanSquare(params, 0.25)
	if len(ms) != len(params) {
		t.Fatalf("%d mean squares for %d parameters", len(ms), len(params))
	}
	for i, p := range params {
		if len(ms[i]) != len(p.Value) {
			t.Errorf("%s has %d mean squares for %d values", p.Name, len(ms[i]), len(p.Value))
		}
		for _, v := range ms[i] {
			if v != 0.25 {
				t.Fatalf("%s has the mean square %g, want 0.25", p.Name, v)
			}
		}
	}
}
