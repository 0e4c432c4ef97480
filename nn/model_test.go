package nn

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// TestParams has every tensor's name and shape, as weight files do.
func TestParams(t *testing.T) {
	const l = 8
	for _, c := range []struct {
		form          Form
		lastIn        int
		enc, dec, dis int // weights
	}{
		{form: Branch, lastIn: 1024, enc: 221_264, dec: 343_297, dis: 96_209},
		{form: Path, lastIn: 256, enc: 221_264, dec: 343_297, dis: 95_441},
	} {
		m := NewModel(l, c.form)
		want := []struct {
			name  string
			shape []int
		}{
			{"encoder.conv1", []int{3, 3, 1, 32}}, {"encoder.conv2", []int{3, 3, 32, 64}},
			{"encoder.dense", []int{3146, 64}}, {"encoder.z_mean", []int{64, l}}, {"encoder.z_log_var", []int{64, l}},
			{"decoder.dense", []int{l + 10, 6272}}, {"decoder.conv1", []int{5, 5, 128, 64}},
			{"decoder.conv2", []int{3, 3, 64, 32}}, {"decoder.conv3", []int{5, 5, 32, 1}},
			{"discriminator.conv1", []int{7, 7, 1, 128}}, {"discriminator.conv2", []int{3, 3, 138, 64}},
			{"discriminator.conv3", []int{3, 3, 64, 16}}, {"discriminator.dense", []int{c.lastIn, 1}},
		}
		params := m.Params()
		if len(params) != 2*len(want) {
			t.Fatalf("%v: %d tensors, want %d", c.form, len(params), 2*len(want))
		}
		for i, w := range want {
			kernel, bias := params[2*i], params[2*i+1]
			if kernel.Name != w.name+".kernel" || !slices.Equal(kernel.Shape, w.shape) {
				t.Errorf("%v: tensor %d is %s %v, want %s.kernel %v", c.form, 2*i, kernel.Name, kernel.Shape, w.name, w.shape)
			}
			if last := w.shape[len(w.shape)-1:]; bias.Name != w.name+".bias" || !slices.Equal(bias.Shape, last) {
				t.Errorf("%v: tensor %d is %s %v, want %s.bias %v", c.form, 2*i+1, bias.Name, bias.Shape, w.name, last)
			}
		}
		for what, n := range map[string][2]int{
			"encoder": {count(m.Encoder.Params()), c.enc}, "decoder": {count(m.Decoder.Params()), c.dec},
			"discriminator": {count(m.Discriminator.Params()), c.dis},
		} {
			if n[0] != n[1] {
				t.Errorf("%v: the %s has %d weights, want %d", c.form, what, n[0], n[1])
			}
		}
		if m.Encoder.Latent() != l || m.Decoder.Latent() != l || m.Discriminator.Form() != c.form {
			t.Errorf("%v: latent sizes %d and %d, form %v", c.form, m.Encoder.Latent(), m.Decoder.Latent(), m.Discriminator.Form())
		}
	}
}

func count(params []*Param) (n int) {
	for _, p := range params {
		n += len(p.Value)
	}
	return n
}

// TestInit checks Glorot's distribution: uniform in ±√(6/(in+out)), so of mean
// zero and variance limit²/3, within five deviations.
func TestInit(t *testing.T) {
	m := NewModel(8, Path)
	for _, p := range m.Params() {
		for i := range p.Value {
			p.Value[i] = 7 // must go
		}
	}
	m.Init(3)
	for _, p := range m.Params() {
		if len(p.Shape) == 1 {
			for _, v := range p.Value {
				if v != 0 {
					t.Fatalf("%s has the value %g, want zero", p.Name, v)
				}
			}
			continue
		}
		r := len(p.Shape)
		taps := 1
		for _, n := range p.Shape[:r-2] {
			taps *= n
		}
		limit := math.Sqrt(6 / float64(taps*p.Shape[r-2]+taps*p.Shape[r-1]))
		var sum, squares, most float64
		for _, v := range p.Value {
			x := float64(v) / limit
			sum, squares, most = sum+x, squares+x*x, max(most, math.Abs(x))
		}
		n := float64(len(p.Value))
		if most > 1 || most < 1-20/n {
			t.Errorf("%s reaches to %.4f of ±%.4f", p.Name, most, limit)
		}
		if d := sum / n; math.Abs(d) > 5/math.Sqrt(3*n) {
			t.Errorf("%s has the mean %.4f of its limit, want 0", p.Name, d)
		}
		if d := squares/n - 1.0/3; math.Abs(d) > 5*math.Sqrt(4.0/45/n) {
			t.Errorf("%s has the variance %.4f of its limit's square, want 1/3", p.Name, squares/n)
		}
	}
	again, other := NewModel(8, Path), NewModel(8, Path)
	again.Init(3)
	other.Init(4)
	for i, p := range m.Params() {
		sameBits(t, p.Name+" of the same seed", again.Params()[i].Value, p.Value)
		if len(p.Shape) > 1 && slices.Equal(other.Params()[i].Value, p.Value) {
			t.Errorf("%s is the same with another seed", p.Name)
		}
	}
	// Heads of one shape start apart.
	if slices.Equal(m.Encoder.mean.weight.Value, m.Encoder.logVar.weight.Value) {
		t.Error("two tensors have the same values")
	}
}

func TestParse(t *testing.T) {
	for _, f := range []Form{Branch, Path} {
		if got, err := ParseForm(f.String()); got != f || err != nil {
			t.Errorf("ParseForm(%q) = %v, %v", f, got, err)
		}
	}
	for _, m := range []Metric{BCE, MSE} {
		if got, err := ParseMetric(m.String()); got != m || err != nil {
			t.Errorf("ParseMetric(%q) = %v, %v", m, got, err)
		}
	}
	for _, bad := range []string{"", "Path", "bce ", "l2"} {
		if _, err := ParseForm(bad); err == nil {
			t.Errorf("ParseForm(%q) gives no error", bad)
		}
		if _, err := ParseMetric(bad); err == nil {
			t.Errorf("ParseMetric(%q) gives no error", bad)
		}
	}
	for n, ok := range map[int]bool{-1: false, 0: false, 1: true, 8: true, 256: true, 257: false} {
		if err := CheckLatent(n); (err == nil) != ok {
			t.Errorf("CheckLatent(%d) = %v", n, err)
		}
	}
}

// TestPanics: what the documentation says panics does.
func TestPanics(t *testing.T) {
	m := NewModel(1, Branch)
	tr := NewTrainer(m, Objective{}, 2, 1)
	defer tr.Close()
	for what, f := range map[string]func(){
		"an encoder without latent numbers": func() { NewEncoder(0) },
		"a decoder with too many":           func() { NewDecoder(257) },
		"a model without":                   func() { NewModel(-1, Path) },
		"a batch of another size":           func() { tr.GradD(testBatch(3, 1)) },
		"a batch of another latent size":    func() { tr.GradG(testBatch(2, 2)) },
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || fmt.Sprint(r)[:3] != "nn:" {
					t.Errorf("%s: recovered %v, want a panic of nn", what, r)
				}
			}()
			f()
		}()
	}
}
