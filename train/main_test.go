package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inkling/nn"
	"inkling/train/fit"
	"inkling/weights/safetensors"
)

// madeUp is a data set of ten images, one of each label.
func madeUp() fit.Data {
	d := fit.Data{SHA256: strings.Repeat("0f", 32)}
	noise := make([]float32, nn.Pixels)
	for i := range nn.Classes {
		nn.Noise{Seed: 7}.Uniform(noise, nn.PurposeSample, 0, uint32(i))
		for _, v := range noise {
			d.Images = append(d.Images, uint8(256*v))
		}
		d.Labels = append(d.Labels, uint8(i))
	}
	return d
}

// inkling runs a command line on made-up data.
func inkling(ctx context.Context, args ...string) (stdout, stderr string, status int) {
	var out, err bytes.Buffer
	e := &env{stdout: &out, stderr: &err, data: func(context.Context, *env, string) (fit.Data, error) { return madeUp(), nil }}
	status = run(ctx, args, e)
	return out.String(), err.String(), status
}

// succeed is inkling for a command line that must succeed.
func succeed(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, status := inkling(t.Context(), args...)
	if status != 0 {
		t.Fatalf("inkling %s: status %d, %s", strings.Join(args, " "), status, stderr)
	}
	return stdout, stderr
}

// writeModel writes a model with random weights and returns its folder.
func writeModel(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "made-up")
	m := nn.NewModel(2, nn.Path)
	m.Init(3)
	err := safetensors.WriteModel(dir, m, safetensors.Info{
		Model: "cvaegan", Latent: 2, Discriminator: nn.Path, Gamma: 1, Recipe: "seed",
		DataSHA256: strings.Repeat("0", 64), Format: safetensors.Version,
	}, safetensors.F16)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	model := writeModel(t)
	images, labels := writeIDX(t, madeUp().Images, madeUp().Labels)
	_, nine := writeIDX(t, madeUp().Images, madeUp().Labels[:9])
	junk := filepath.Join(dir, "junk.safetensors")
	if err := os.WriteFile(junk, []byte("junk"), 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing")
	for _, c := range []struct {
		args   string
		status int
		want   string // part of the one line
	}{
		{"paint", 2, `inkling: there is no command "paint"; inkling -h lists them`},
		{"fit -colour", 2, "inkling fit: flag provided but not defined: -colour; see inkling fit -h"},
		{"fit extra", 2, `"extra" is not a flag`},
		{"fit -latent eight", 2, `latent is "eight", must be a whole number`},
		{"fit -latent 0", 2, "latent is 0, must be 1 to 256"},
		{"fit -model gan", 2, `model is "gan", must be cvaegan`},
		{"fit -recipe best", 2, `recipe is "best", must be seed or release`},
		{"fit -metric l2", 2, `metric is "l2", must be bce or mse`},
		{"fit -discriminator tree", 2, `discriminator is "tree", must be branch or path`},
		{"fit -gamma x", 2, `gamma is "x", must be a number`},
		{"fit -gamma nan", 2, "gamma is NaN, must be 0 to 1e+06"},
		{"fit -batch 0", 2, "batch is 0, must be 1 to 4096"},
		{"fit -iterations -5", 2, "iterations is -5"},
		{"fit -seed -1", 2, `seed is "-1", must be a whole number from 0`},
		{"fit -threads 0", 2, "threads is 0, must be 1 to 256"},
		{"fit -non-saturating=perhaps", 2, `non-saturating is "perhaps", must be true or false`},
		{"fit -resume -out " + missing, 2, missing + " holds no run"},
		{"fit -batch 11 -out " + missing, 1, "training data: 10 images, fewer than a batch of 11"},
		{"fit -batch 4 -out " + file, 1, "not a directory"},
		{"export -name x", 2, "-run is missing"},
		{"export -run " + missing + " -name x", 2, "holds no run"},
		{"export -run " + dir + " -name ../x", 2, `name is "../x", must be small letters`},
		{"sample -per-digit 1 -out " + dir, 2, "-weights is missing"},
		{"sample -weights nowhere -per-digit 1 -out " + dir, 2, `there are no weights "nowhere"`},
		{"sample -weights " + dir + " -per-digit 1 -out " + dir, 1, "there is no decoder.safetensors"},
		{"sample -weights " + model + " -per-digit 0 -out " + dir, 2, "per-digit is 0, must be 1 to 100000"},
		{"sample -weights " + model + " -per-digit x -out " + dir, 2, `invalid value "x" for flag -per-digit`},
		{"sample -weights " + model + " -per-digit 1 -out " + file, 1, "not a directory"},
		{"reconstruct -weights " + model + " -images " + images + " -out " + dir, 2, "-labels is missing"},
		{"reconstruct -weights " + model + " -images " + missing + " -labels " + labels + " -out " + dir, 1, missing},
		{"reconstruct -weights " + model + " -images " + labels + " -labels " + labels + " -out " + dir, 1, labels},
		{"transfer -weights " + model + " -images " + images + " -labels " + nine + " -out " + dir, 1, nine + ": 9 labels for the 10 images of " + images},
		{"parity", 2, "no golden file named"},
		{"parity " + missing, 1, missing},
		{"parity " + junk, 1, junk},
		{"parity " + filepath.Join(model, "decoder.safetensors"), 1, "is this a golden file?"},
	} {
		stdout, stderr, status := inkling(t.Context(), strings.Fields(c.args)...)
		lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
		if strings.HasPrefix(lines[0], "kernels: ") {
			lines = lines[1:]
		}
		if len(lines) > 0 && strings.HasPrefix(lines[0], "warning: ") {
			lines = lines[1:]
		}
		if status != c.status || len(lines) != 1 || !strings.Contains(lines[0], c.want) || !strings.HasPrefix(lines[0], "inkling") {
			t.Errorf("inkling %s: status %d, want %d\n%s\nwant %s", c.args, status, c.status, stderr, c.want)
		}
		if stdout != "" {
			t.Errorf("inkling %s: wrote %s", c.args, stdout)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("mistakes left files: %v, %v", left, err)
	}
}

func TestHelp(t *testing.T) {
	stdout, stderr := succeed(t, "-h")
	for _, c := range commands() {
		if !strings.Contains(stdout, "  "+c.name) {
			t.Errorf("help lacks %s", c.name)
		}
		help, stderr := succeed(t, c.name, "-h")
		if !strings.HasPrefix(help, "Usage: inkling "+c.name+" ") || stderr != "" {
			t.Errorf("inkling %s -h: %s%s", c.name, help, stderr)
		}
	}
	if stderr != "" {
		t.Error(stderr)
	}
	if help, _ := succeed(t, "fit", "-h"); !strings.Contains(help, "rate-decoder") {
		t.Errorf("inkling fit -h lacks the recipes' settings: %s", help)
	}
	if _, stderr, status := inkling(t.Context()); status != 2 || !strings.Contains(stderr, "Usage: ") {
		t.Errorf("no command: status %d, %s", status, stderr)
	}
}

func TestErrorsOf(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		got, want, base []float32
		each            bool
		abs, rel        float64
	}{
		{got: []float32{1, 2}, want: []float32{1, 4}, abs: 2, rel: 0.5},
		{got: []float32{1, 5}, want: []float32{2, 4}, each: true, abs: 1, rel: 0.5},
		{got: []float32{1, 5}, want: []float32{1, 4}, base: []float32{0, 2}, abs: 1, rel: 0.5},
		{got: []float32{0}, want: []float32{0}},
		{got: []float32{1}, want: []float32{0}, abs: 1, rel: math.Inf(1)},
		{got: []float32{float32(nan)}, want: []float32{1}, abs: nan, rel: nan},
		{got: []float32{float32(nan)}, want: []float32{1}, each: true, abs: nan, rel: nan},
	} {
		abs, rel := errorsOf(c.got, c.want, c.base, c.each)
		same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
		if !same(abs, c.abs) || !same(rel, c.rel) {
			t.Errorf("%v against %v: %v and %v, want %v and %v", c.got, c.want, abs, rel, c.abs, c.rel)
		}
		if r := (row{abs: abs, rel: rel, limit: limit{value: 0.1}}); r.ok() != (c.rel == 0) {
			t.Errorf("%v against %v: ok is %v", c.got, c.want, r.ok())
		}
	}
}
