package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"inkling/nn"
	"inkling/weights/safetensors"
)

// golden is a file of reference numbers: weights, inputs, and what must come
// of them. A "-steps" file has the weights and inputs of its sibling.
type golden struct {
	file    *safetensors.File
	steps   bool
	initial map[string][]float32 // weights by name

	latent, batch               int
	form                        nn.Form
	objective                   nn.Objective
	rateE, rateDec, rateD, rate float32 // of the three networks, and of the optimiser's test
	in                          nn.Batch
}

// readGolden reads a golden file, and its sibling if it has one.
func readGolden(name string) (*golden, error) {
	file, err := readSafetensors(name)
	if err != nil {
		return nil, err
	}
	g := &golden{file: file}
	if err := g.readMetadata(); err != nil {
		return nil, err
	}
	source := file
	if tensor(file, "encoder.conv1.kernel") == nil {
		g.steps = true
		beside, err := sibling(name)
		if err != nil {
			return nil, err
		}
		if source, err = readSafetensors(beside); err != nil {
			return nil, err
		}
		for _, key := range []string{"seed", "latent_dim", "batch", "gamma", "metric", "discriminator"} {
			if source.Metadata[key] != file.Metadata[key] {
				return nil, fmt.Errorf("%s: its %s is %q, but that of %s is %q", name, key, file.Metadata[key], beside, source.Metadata[key])
			}
		}
	}
	return g, g.readInputs(source)
}

func readSafetensors(name string) (*safetensors.File, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return safetensors.Decode(name, data)
}

func tensor(f *safetensors.File, name string) *safetensors.Tensor {
	i := slices.IndexFunc(f.Tensors, func(t safetensors.Tensor) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return &f.Tensors[i]
}

func (g *golden) readMetadata() error {
	meta, name := g.file.Metadata, g.file.Name
	var err error
	number := func(key string) float64 {
		v, e := strconv.ParseFloat(meta[key], 64)
		if e != nil && err == nil {
			err = fmt.Errorf("%s: metadata %s is %q, not a number: is this a golden file?", name, key, meta[key])
		}
		return v
	}
	g.latent, g.batch = int(number("latent_dim")), int(number("batch"))
	g.objective = nn.Objective{Gamma: float32(number("gamma")), PriorWeight: 1}
	g.rateE, g.rateDec, g.rateD = float32(number("lr_encoder")), float32(number("lr_decoder")), float32(number("lr_discriminator"))
	if meta["lr_rmsprop"] != "" {
		g.rate = float32(number("lr_rmsprop"))
	}
	if err != nil {
		return err
	}
	if err := nn.CheckLatent(g.latent); err != nil {
		return fmt.Errorf("%s: latent_dim %d: %w", name, g.latent, err)
	}
	if g.batch < 1 || g.batch > 1024 {
		return fmt.Errorf("%s: batch is %d, must be 1 to 1024", name, g.batch)
	}
	if g.objective.Metric, err = nn.ParseMetric(meta["metric"]); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if g.form, err = nn.ParseForm(meta["discriminator"]); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readInputs takes the weights and inputs out of f.
func (g *golden) readInputs(f *safetensors.File) error {
	g.initial = map[string][]float32{}
	for _, p := range nn.NewModel(g.latent, g.form).Params() {
		values, err := take(f, p.Name, p.Shape...)
		if err != nil {
			return err
		}
		g.initial[p.Name] = values
	}
	oneHot, err := take(f, "in.label", g.batch, nn.Classes)
	if err != nil {
		return err
	}
	for i := range g.batch {
		hot := oneHot[i*nn.Classes:][:nn.Classes]
		label := slices.Index(hot, 1)
		if zeros := len(slices.DeleteFunc(slices.Clone(hot), func(v float32) bool { return v != 0 })); label < 0 || zeros != nn.Classes-1 {
			return fmt.Errorf("%s: in.label of image %d is not one-hot", f.Name, i)
		}
		g.in.Labels = append(g.in.Labels, uint8(label))
	}
	for _, x := range []struct {
		name  string
		to    *[]float32
		shape []int
	}{
		{"in.image", &g.in.Images, []int{g.batch, nn.Side, nn.Side, 1}},
		{"in.eps", &g.in.Epsilon, []int{g.batch, g.latent}},
		{"in.z_p", &g.in.Prior, []int{g.batch, g.latent}},
	} {
		if *x.to, err = take(f, x.name, x.shape...); err != nil {
			return err
		}
	}
	return nil
}

// take returns the values of a tensor that must be there in that shape.
func take(f *safetensors.File, name string, shape ...int) ([]float32, error) {
	t := tensor(f, name)
	if t == nil {
		return nil, fmt.Errorf("%s: %s is missing", f.Name, name)
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, fmt.Errorf("%s: %s has shape %v, must be %v", f.Name, name, t.Shape, shape)
	}
	return t.Data, nil
}

// isInput reports whether a tensor is computed from, and not compared.
func (g *golden) isInput(name string) bool {
	_, weight := g.initial[name]
	switch {
	case weight, name == "rmsprop.initial", name == "rmsprop.gradient":
		return true
	case strings.HasPrefix(name, "in."):
		return slices.Contains([]string{"in.image", "in.label", "in.eps", "in.z_p"}, name)
	}
	return false
}

// model returns the networks with the golden weights.
func (g *golden) model() *nn.Model {
	m := nn.NewModel(g.latent, g.form)
	for _, p := range m.Params() {
		copy(p.Value, g.initial[p.Name])
	}
	m.Pack()
	return m
}
