package fit

import (
	"errors"
	"strconv"

	"inkling/nn"
)

// Data are the images to learn from.
type Data struct {
	Images []uint8 // n·784, 255 is full ink
	Labels []uint8 // n
	SHA256 string  // names the data in checkpoints and weights
}

// check reports why the data cannot fill batches of the given size.
func (d *Data) check(batch int) error {
	n := len(d.Labels)
	if len(d.Images) != n*nn.Pixels {
		return errors.New("training data: " + strconv.Itoa(len(d.Images)) + " pixels for " + strconv.Itoa(n) + " labels")
	}
	if n < batch {
		return errors.New("training data: " + strconv.Itoa(n) + " images, fewer than a batch of " + strconv.Itoa(batch))
	}
	for i, l := range d.Labels {
		if l >= nn.Classes {
			return errors.New("training data: label " + strconv.Itoa(int(l)) + " of image " + strconv.Itoa(i) + " is not 0 to 9")
		}
	}
	return nil
}

// batches cuts the data into batches: each epoch is a fresh permutation and
// its last partial batch is dropped. What batch number i holds depends on the
// data, the seed and i alone.
type batches struct {
	data  Data
	noise nn.Noise
	order []int32 // permutation of the epoch
	epoch uint32
}

func newBatches(d Data, seed uint64) *batches {
	b := &batches{data: d, noise: nn.Noise{Seed: seed}, order: make([]int32, len(d.Labels))}
	b.noise.Permutation(b.order, 0)
	return b
}

// fill puts images, labels and z_p of batch number i, counted from 0, in dst.
func (b *batches) fill(dst *nn.Batch, i uint32) {
	size := len(dst.Labels)
	perEpoch := uint32(len(b.order) / size)
	if e := i / perEpoch; e != b.epoch {
		b.noise.Permutation(b.order, e)
		b.epoch = e
	}
	at := int(i%perEpoch) * size
	latent := len(dst.Prior) / size
	for j, from := range b.order[at : at+size] {
		dst.Labels[j] = b.data.Labels[from]
		pixels := b.data.Images[int(from)*nn.Pixels:][:nn.Pixels]
		image := dst.Images[j*nn.Pixels:][:nn.Pixels]
		for k, p := range pixels {
			image[k] = float32(p) / 255
		}
		b.noise.Normal(dst.Prior[j*latent:][:latent], nn.PurposePrior, i, uint32(j))
	}
}
