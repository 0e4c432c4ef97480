package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"inkling/nn"
	"inkling/weights/safetensors"
)

// makeGolden computes a golden file with this program, so that the command can
// be tested without the reference: it says nothing about whether the networks
// are right.
func makeGolden(t *testing.T) *safetensors.File {
	t.Helper()
	const batch, latent = 1, 2
	model := nn.NewModel(latent, nn.Branch)
	model.Init(11)
	f := safetensors.FromParams(model.Params(), map[string]string{
		"seed": "11", "latent_dim": "2", "batch": "1", "gamma": "0.5", "metric": "mse", "discriminator": "branch",
		"lr_encoder": "0.1", "lr_decoder": "0.1", "lr_discriminator": "0.1", "lr_rmsprop": "0.001",
	})
	f.Name = "made up"
	add := func(name string, values []float32, shape ...int) {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: name, Shape: shape, Data: values})
	}
	images := make([]float32, batch*nn.Pixels)
	nn.Noise{Seed: 1}.Uniform(images, nn.PurposeSample, 0, 0)
	add("in.image", images, batch, nn.Side, nn.Side, 1)
	labels := make([]float32, batch*nn.Classes)
	labels[3] = 1
	add("in.label", labels, batch, nn.Classes)
	add("in.eps", []float32{0.5, -1}, batch, latent)
	add("in.z_p", []float32{-0.25, 2}, batch, latent)
	add("rmsprop.initial", []float32{1, -1}, 2)
	add("rmsprop.gradient", []float32{0.5, 0.25, -1, 8}, 2, 2)

	g := &golden{file: f}
	if err := g.readMetadata(); err != nil {
		t.Fatal(err)
	}
	if err := g.readInputs(f); err != nil {
		t.Fatal(err)
	}
	// Inference of a reconstruction starts from the golden z, which is not
	// there yet; what training computes is.
	results, err := g.compute()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range results {
		if seen[r.tensor] {
			continue
		}
		seen[r.tensor] = true
		var values []float32
		for _, v := range r.values {
			values = append(values, float32(v))
		}
		add(r.tensor, values, len(values))
	}
	return f
}

// isStep reports whether a tensor belongs into a -steps file.
func isStep(t safetensors.Tensor) bool {
	return strings.HasPrefix(t.Name, "after_") || strings.HasPrefix(t.Name, "loss_after_") || strings.HasPrefix(t.Name, "rmsprop.")
}

func writeGolden(t *testing.T, path string, f *safetensors.File) {
	t.Helper()
	data, err := safetensors.Encode(f, safetensors.F32)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// with returns a copy of f in which the named tensor is changed.
func with(f *safetensors.File, name string, change func(t *safetensors.Tensor)) *safetensors.File {
	c := &safetensors.File{Name: f.Name, Metadata: f.Metadata, Tensors: slices.Clone(f.Tensors)}
	t := tensor(c, name)
	t.Data = slices.Clone(t.Data)
	change(t)
	return c
}

func TestParity(t *testing.T) {
	f := makeGolden(t)
	path := filepath.Join(t.TempDir(), "golden.safetensors")
	scale := func(by float32) func(*safetensors.Tensor) {
		return func(t *safetensors.Tensor) {
			for i := range t.Data {
				t.Data[i] *= by
			}
		}
	}
	without := func(f *safetensors.File, drop func(safetensors.Tensor) bool) *safetensors.File {
		return &safetensors.File{Metadata: f.Metadata, Tensors: slices.DeleteFunc(slices.Clone(f.Tensors), drop)}
	}
	for _, c := range []struct {
		name   string
		file   *safetensors.File
		status int
		want   string // in stdout or stderr
	}{
		{"as computed", f, 0, "compared 79 tensors of 1 files"},
		{"an output off by its limit", with(f, "out.generated", scale(1+3e-5)), 1, "1 of 79 tensors are beyond their limits"},
		{"within it", with(f, "out.generated", scale(1+1e-5)), 0, "79 of 79 tensors within their limits"},
		{"a gradient off", with(f, "grad.encoder.dense.bias", scale(1.001)), 1, "1 of 79 tensors are beyond"},
		{"a loss off", with(f, "loss_after_g2.llike", scale(1.0001)), 1, "1 of 79 tensors are beyond"},
		{"a gradient that must be zero", with(f, "grad.discriminator.conv3.bias", func(t *safetensors.Tensor) { t.Data[0] = 1e-30 }), 1, "BEYOND"},
		{"an optimiser's weight off", with(f, "rmsprop.weight", func(t *safetensors.Tensor) { t.Data[1] += 4e-6 }), 1, "BEYOND"},
		{"an unknown tensor", with(f, "loss.gan", func(t *safetensors.Tensor) { t.Name = "loss.gone" }), 1, "unknown tensor loss.gone"},
		{"an unknown input", with(f, "loss.gan", func(t *safetensors.Tensor) { t.Name = "in.noise" }), 1, "unknown tensor in.noise"},
		{"a tensor of another size", with(f, "out.z", func(t *safetensors.Tensor) { t.Data, t.Shape = t.Data[:1], []int{1} }), 1, "out.z holds 1 values (shape [1]), computed were 2"},
		{"an input of another shape", with(f, "in.eps", func(t *safetensors.Tensor) { t.Shape = []int{2} }), 1, "in.eps has shape [2], must be [1 2]"},
		{"labels that are none", with(f, "in.label", func(t *safetensors.Tensor) { t.Data[0] = 1 }), 1, "in.label of image 0 is not one-hot"},
		{"nothing to compare", without(f, func(t safetensors.Tensor) bool {
			return t.Name[0] == 'o' || t.Name[0] == 'g' || isStep(t) || strings.HasPrefix(t.Name, "loss")
		}), 1, "nothing to compare"},
		{"a weight missing", without(f, func(t safetensors.Tensor) bool { return t.Name == "decoder.conv2.bias" }), 1, "decoder.conv2.bias is missing"},
		{"no weights, and no -steps file", without(f, func(t safetensors.Tensor) bool { return !isStep(t) }), 1, "holds no weights, and is no -steps file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			writeGolden(t, path, c.file)
			stdout, stderr, status := inkling(t.Context(), "parity", path)
			if status != c.status || !strings.Contains(stdout+stderr, c.want) {
				t.Errorf("status %d, want %d and %s\n%s", status, c.status, c.want, stderr)
			}
		})
	}
}

func TestParitySteps(t *testing.T) {
	dir := t.TempDir()
	all := makeGolden(t)
	main := &safetensors.File{Metadata: all.Metadata, Tensors: slices.DeleteFunc(slices.Clone(all.Tensors), isStep)}
	steps := &safetensors.File{Metadata: all.Metadata, Tensors: slices.DeleteFunc(slices.Clone(all.Tensors), func(t safetensors.Tensor) bool { return !isStep(t) })}
	mainPath, stepsPath := filepath.Join(dir, "x.safetensors"), filepath.Join(dir, "x-steps.safetensors")
	writeGolden(t, stepsPath, steps)
	if _, stderr, status := inkling(t.Context(), "parity", stepsPath); status != 1 || !strings.Contains(stderr, "its weights and inputs are in "+mainPath+", which is not there") {
		t.Errorf("without its sibling: status %d, %s", status, stderr)
	}
	writeGolden(t, mainPath, main)
	if stdout, _ := succeed(t, "parity", mainPath, stepsPath); !strings.Contains(stdout, "compared 79 tensors of 2 files") || !strings.Contains(stdout, "update") {
		t.Errorf("both: %s", stdout)
	}
	// Weights as they were: their errors are small against themselves, not
	// against the update.
	still := with(steps, "after_d.discriminator.conv1.kernel", func(t *safetensors.Tensor) {
		update := tensor(main, "discriminator.conv1.kernel").Data
		for i := range t.Data {
			t.Data[i] += 0.002 * (t.Data[i] - update[i])
		}
	})
	writeGolden(t, stepsPath, still)
	if _, stderr, status := inkling(t.Context(), "parity", stepsPath); status != 1 {
		t.Errorf("an update off by 0.2%%: status %d, %s", status, stderr)
	}
	writeGolden(t, stepsPath, &safetensors.File{Metadata: map[string]string{}, Tensors: steps.Tensors})
	if _, stderr, status := inkling(t.Context(), "parity", stepsPath); status != 1 || !strings.Contains(stderr, "is this a golden file?") {
		t.Errorf("without metadata: status %d, %s", status, stderr)
	}
}

// Whatever bytes are called a golden file, reading them ends in an error that
// names the file or in a golden file.
func FuzzReadGolden(f *testing.F) {
	small, err := safetensors.Encode(&safetensors.File{
		Metadata: map[string]string{"latent_dim": "1", "batch": "1", "gamma": "1", "metric": "bce", "discriminator": "path",
			"lr_encoder": "1", "lr_decoder": "1", "lr_discriminator": "1"},
		Tensors: []safetensors.Tensor{{Name: "encoder.conv1.kernel", Shape: []int{1}, Data: []float32{1}}},
	}, safetensors.F32)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add([]byte("junk"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "golden.safetensors")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readGolden(path); err != nil && !strings.HasPrefix(err.Error(), path) {
			t.Errorf("error %q does not name the file", err)
		}
	})
}
