package main

import "context"

// reconstructCommand writes what the decoder makes of each image's z_mean.
func reconstructCommand(ctx context.Context, e *env, f *flags, args []string) error {
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
	sayKernels(e)
	return writeDigits(e, *in.out, decode(decoder, encode(encoder, set.Images, set.Labels), set.Labels), set.Labels)
}

// digitFlags are the flags of the commands that turn digits into digits.
type digitFlags struct{ weights, images, labels, out *string }

func (f *flags) digits() digitFlags {
	return digitFlags{
		weights: f.String("weights", "", "released `model`, or folder of one"),
		images:  f.String("images", "", "`file` of images in MNIST's format, compressed or not"),
		labels:  f.String("labels", "", "`file` of their labels"),
		out:     f.String("out", "", "`folder` to write into"),
	}
}
