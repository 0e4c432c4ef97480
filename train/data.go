package main

import (
	"context"

	"inkling/train/fit"
	"inkling/train/mnist"
)

// trainingData finds MNIST, downloading it if need be, and reads its training
// images.
func trainingData(ctx context.Context, e *env, dir string) (fit.Data, error) {
	dir, err := mnist.Find(ctx, dir, e.stderr)
	if err != nil {
		return fit.Data{}, err
	}
	set, err := mnist.Load(dir, true)
	if err != nil {
		return fit.Data{}, err
	}
	return fit.Data{Images: set.Images, Labels: set.Labels, SHA256: set.SHA256()}, nil
}
