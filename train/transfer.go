package main

import (
	"context"

	"inkling/nn"
)

// maxTransfer keeps the ten images made of each in bounds: 784 MB.
const maxTransfer = 100_000

// transferCommand decodes each image's z_mean, its style, under all ten
// labels in order, image by image. The labels written are those targets.
func transferCommand(ctx context.Context, e *env, f *flags, args []string) error {
	in := f.digits()
	if err := f.parse(args, "weights", "images", "labels", "out"); err != nil {
		return err
	}
	encoder, decoder, err := readAutoencoder(*in.weights)
	if err != nil {
		return err
	}
	set, err := readDigits(*in.images, *in.labels)
	if err != nil {
		return err
	}
	if len(set.Labels) > maxTransfer {
		return f.mistake("%s holds %d images, at most %d can be transferred", *in.images, len(set.Labels), maxTransfer)
	}
	sayKernels(e)
	z, targets := underAllLabels(encode(encoder, set.Images, set.Labels), decoder.Latent())
	return writeDigits(e, *in.out, decode(decoder, z, targets), targets)
}

// underAllLabels repeats each latent vector for the labels 0 to 9.
func underAllLabels(mean []float32, latent int) (z []float32, labels []uint8) {
	for ; len(mean) > 0; mean = mean[latent:] {
		for label := range nn.Classes {
			z = append(z, mean[:latent]...)
			labels = append(labels, uint8(label))
		}
	}
	return z, labels
}
