package safetensors

import (
	"strings"
	"testing"

	"inkling/nn"
)

func TestLoad(t *testing.T) {
	a := &nn.Param{Name: "a", Shape: []int{2}, Value: []float32{1, 2}}
	b := &nn.Param{Name: "b", Shape: []int{1, 1}, Value: []float32{3}}
	tests := []struct {
		name    string
		tensors []Tensor
		want    string // of the error
	}{
		{"good, in another order", []Tensor{{"b", []int{1, 1}, []float32{6}}, {"a", []int{2}, []float32{4, 5}}}, ""},
		{"missing", []Tensor{{"a", []int{2}, []float32{4, 5}}}, `f: tensor "b": is missing`},
		{"unknown", []Tensor{{"a", []int{2}, []float32{4, 5}}, {"c", nil, []float32{7}}, {"b", []int{1, 1}, []float32{6}}}, `f: tensor "c": is unknown`},
		{"other shape", []Tensor{{"a", []int{2}, []float32{4, 5}}, {"b", []int{1}, []float32{6}}}, `f: tensor "b": shape is [1], must be [1,1]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a.Value, b.Value = []float32{1, 2}, []float32{3}
			f := &File{Name: "f", Tensors: test.tensors}
			err := f.Load([]*nn.Param{a, b})
			if test.want == "" {
				if err != nil || a.Value[0] != 4 || a.Value[1] != 5 || b.Value[0] != 6 {
					t.Errorf("got %v, %v, error %v", a.Value, b.Value, err)
				}
				return
			}
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
			if a.Value[0] != 1 || a.Value[1] != 2 || b.Value[0] != 3 {
				t.Errorf("changed to %v, %v in spite of the error", a.Value, b.Value)
			}
		})
	}
}

var testInfo = Info{
	Model: "cvaegan", Latent: 2, Discriminator: nn.Path, Metric: nn.MSE, Gamma: 0.25,
	Recipe: "seed", Iterations: 48000, Seed: 1<<64 - 1, DataSHA256: strings.Repeat("0f", 32), Format: Version,
}

func TestInfo(t *testing.T) {
	m := testInfo.Metadata()
	m["note"] = "somebody else's"
	if i, err := ParseInfo("f", m); err != nil || i != testInfo {
		t.Errorf("got %+v, error %v", i, err)
	}
	for key, values := range map[string][]string{
		"model":         {"", "vae"},
		"latent_dim":    {"", "0", "257", "-1", "8.0", "99999999999999999999"},
		"discriminator": {"", "Path"},
		"metric":        {"", "l2"},
		"gamma":         {"", "-1", "NaN", "Inf", "1e999", "one"},
		"recipe":        {""},
		"iterations":    {"", "-1", "1.5", "9223372036854775808"},
		"seed":          {"", "-1", "18446744073709551616"},
		"data_sha256":   {"", strings.Repeat("0F", 32), strings.Repeat("0", 63), strings.Repeat("0", 65)},
		"format":        {"", "pt", "inkling-2"},
	} {
		for _, value := range values {
			m := testInfo.Metadata()
			m[key] = value
			_, err := ParseInfo("f", m)
			if want := "f: metadata key " + key + " is " + quote(value) + ", must be "; err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		}
		m := testInfo.Metadata()
		delete(m, key)
		if _, err := ParseInfo("f", m); err == nil || err.Error() != "f: metadata key "+key+" is missing" {
			t.Errorf("without %s: error %v", key, err)
		}
	}
}

// What ParseInfo accepts it accepts again after Metadata.
func FuzzParseInfo(f *testing.F) {
	f.Add("8", "path", "mse", "1", "release", "48000", "1", strings.Repeat("0f", 32))
	f.Add("+8", "", "l2", "0x1p-2", "\n", "-0", "1_0", "")
	f.Fuzz(func(t *testing.T, latent, form, metric, gamma, recipe, iterations, seed, sum string) {
		i, err := ParseInfo("f", map[string]string{
			"model": "cvaegan", "latent_dim": latent, "discriminator": form, "metric": metric, "gamma": gamma,
			"recipe": recipe, "iterations": iterations, "seed": seed, "data_sha256": sum, "format": Version,
		})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is longer than a line", err)
			}
			return
		}
		if again, err := ParseInfo("f", i.Metadata()); err != nil || again != i {
			t.Errorf("%+v became %+v (%v)", i, again, err)
		}
	})
}
