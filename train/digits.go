package main

import (
	"bytes"
	"fmt"

	"inkling/nn"
	"inkling/train/mnist"
	"inkling/weights/atomicfile"
)

// Names of the files that digits are written into, MNIST's own.
const (
	imagesName = "images-idx3-ubyte.gz"
	labelsName = "labels-idx1-ubyte.gz"
)

// chunk is the number of images that go through a network together. An image
// does not depend on it.
const chunk = 64

// decode draws an image for each label and its latent vector, as bytes.
func decode(d *nn.Decoder, z []float32, labels []uint8) []uint8 {
	images := make([]uint8, len(labels)*nn.Pixels)
	values := make([]float32, chunk*nn.Pixels)
	for lo := 0; lo < len(labels); lo += chunk {
		hi := min(lo+chunk, len(labels))
		some := values[:(hi-lo)*nn.Pixels]
		d.Decode(some, z[lo*d.Latent():hi*d.Latent()], labels[lo:hi])
		for i, v := range some {
			// v is a sigmoid, 0 to 1; adding a half rounds.
			images[lo*nn.Pixels+i] = uint8(255*v + 0.5)
		}
	}
	return images
}

// encode returns z_mean of each image.
func encode(e *nn.Encoder, images, labels []uint8) []float32 {
	latent := e.Latent()
	mean := make([]float32, len(labels)*latent)
	logVar := make([]float32, chunk*latent)
	values := make([]float32, chunk*nn.Pixels)
	for lo := 0; lo < len(labels); lo += chunk {
		hi := min(lo+chunk, len(labels))
		some := values[:(hi-lo)*nn.Pixels]
		for i, p := range images[lo*nn.Pixels : hi*nn.Pixels] {
			some[i] = float32(p) / 255
		}
		e.Encode(mean[lo*latent:hi*latent], logVar[:(hi-lo)*latent], some, labels[lo:hi])
	}
	return mean
}

// writeDigits writes images and labels into dir in MNIST's format.
func writeDigits(e *env, dir string, images, labels []uint8) error {
	var i, l bytes.Buffer
	if err := mnist.WriteImages(&i, images); err != nil {
		return err
	}
	if err := mnist.WriteLabels(&l, labels); err != nil {
		return err
	}
	if err := atomicfile.Write(dir, atomicfile.File{Name: imagesName, Data: i.Bytes()}, atomicfile.File{Name: labelsName, Data: l.Bytes()}); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d digits in %s\n", len(labels), dir)
	return nil
}

// readDigits reads a file of images and the file of their labels.
func readDigits(images, labels string) (*mnist.Set, error) {
	set, err := mnist.ReadSet(images, labels)
	if err != nil {
		return nil, err
	}
	if len(set.Labels) == 0 {
		return nil, fmt.Errorf("%s holds no images", images)
	}
	return set, nil
}
