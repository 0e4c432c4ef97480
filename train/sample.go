package main

import (
	"context"

	"inkling/nn"
)

// maxPerDigit keeps a mistyped number from filling the memory: 10·784 bytes
// for each.
const maxPerDigit = 100_000

// sampleCommand writes digits imagined from the prior, all of 0 first.
func sampleCommand(ctx context.Context, e *env, f *flags, args []string) error {
	name := f.String("weights", "", "released `model`, or folder of one")
	perDigit := f.Int("per-digit", 0, "`digits` to draw of each label")
	seed := f.Uint64("seed", 1, "`seed` of the latent vectors")
	out := f.String("out", "", "`folder` to write into")
	if err := f.parse(args, "weights", "per-digit", "out"); err != nil {
		return err
	}
	if *perDigit < 1 || *perDigit > maxPerDigit {
		return f.mistake("per-digit is %d, must be 1 to %d", *perDigit, maxPerDigit)
	}
	d, err := readDecoder(*name)
	if err != nil {
		return err
	}
	sayKernels(e)
	z, labels := samples(d.Latent(), *perDigit, *seed)
	return writeDigits(e, *out, decode(d, z, labels), labels)
}

// samples returns the latent vectors of perDigit digits of each label. Each is
// a function of the seed, the label and its index within the label.
func samples(latent, perDigit int, seed uint64) (z []float32, labels []uint8) {
	n := nn.Classes * perDigit
	z, labels = make([]float32, n*latent), make([]uint8, n)
	for i := range labels {
		label := i / perDigit
		labels[i] = uint8(label)
		nn.Sample(z[i*latent:][:latent], seed, label, i%perDigit)
	}
	return z, labels
}
