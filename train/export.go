package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"

	"inkling/weights/safetensors"
)

// modelName is what a model may be called: it is a folder and part of a link.
var modelName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// exportCommand writes the weights of a run as a model folder of half floats.
func exportCommand(ctx context.Context, e *env, f *flags, args []string) error {
	dir := f.String("run", "", "`folder` of the run")
	name := f.String("name", "", "`name` of the model: its folder")
	to := f.String("to", "weights", "`folder` of the models")
	averaged := f.Bool("averaged", false, "export the averaged weights (default: where the run keeps them)")
	if err := f.parse(args, "run", "name"); err != nil {
		return err
	}
	if !modelName.MatchString(*name) {
		return f.mistake("name is %q, must be small letters, digits and hyphens", *name)
	}
	c, err := readCheckpoint(*dir)
	if err != nil {
		return err
	}
	s := c.Settings
	if !f.given("averaged") {
		*averaged = s.Average > 0
	}
	model, err := c.Weights(*averaged)
	if err != nil {
		return err
	}
	target := filepath.Join(*to, *name)
	err = safetensors.WriteModel(target, model, safetensors.Info{
		Model: s.Model, Latent: s.Latent, Discriminator: s.Discriminator, Metric: s.Metric, Gamma: s.Gamma,
		Recipe: s.Recipe, Iterations: c.Iteration, Seed: s.Seed, DataSHA256: c.DataSHA256,
	}, safetensors.F16)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s: weights after %d iterations\n", target, c.Iteration)
	return nil
}
