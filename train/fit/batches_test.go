package fit

import (
	"slices"
	"testing"

	"inkling/nn"
)

// madeUp returns n images; the first pixel of each is its number.
func madeUp(n int) Data {
	d := Data{Images: make([]uint8, n*nn.Pixels), Labels: make([]uint8, n), SHA256: "made up"}
	noise := make([]float32, nn.Pixels)
	for i := range n {
		nn.Noise{Seed: 7}.Uniform(noise, nn.PurposeSample, 0, uint32(i))
		for p, v := range noise {
			d.Images[i*nn.Pixels+p] = uint8(256 * v)
		}
		d.Images[i*nn.Pixels] = uint8(i)
		d.Labels[i] = uint8(i % nn.Classes)
	}
	return d
}

func blankBatch(size, latent int) *nn.Batch {
	return &nn.Batch{
		Images: make([]float32, size*nn.Pixels),
		Labels: make([]uint8, size),
		Prior:  make([]float32, size*latent),
	}
}

func numbers(b *nn.Batch) (n []int) {
	for i := range b.Labels {
		n = append(n, int(b.Images[i*nn.Pixels]*255+0.5))
	}
	return n
}

func TestEpochs(t *testing.T) {
	const images, size = 11, 3
	data := madeUp(images)
	b, batch := newBatches(data, 5), blankBatch(size, 2)
	var epochs [][]int
	for e := range uint32(3) {
		var seen []int
		for i := range uint32(images / size) {
			b.fill(batch, e*(images/size)+i)
			for j, n := range numbers(batch) {
				if batch.Labels[j] != data.Labels[n] {
					t.Fatalf("image %d came with label %d", n, batch.Labels[j])
				}
				if got, want := batch.Images[j*nn.Pixels+300], float32(data.Images[n*nn.Pixels+300])/255; got != want {
					t.Fatalf("a pixel of image %d is %v, want %v", n, got, want)
				}
				seen = append(seen, n)
			}
		}
		epochs = append(epochs, seen)
		sorted := slices.Sorted(slices.Values(seen))
		if len(slices.Compact(sorted)) != images/size*size {
			t.Errorf("epoch %d repeats an image: %v", e, seen)
		}
	}
	if slices.Equal(epochs[0], epochs[1]) || slices.Equal(epochs[1], epochs[2]) {
		t.Errorf("epochs have the same order: %v", epochs)
	}
}

// What a batch holds must not depend on the batches filled before it.
func TestBatchDependsOnItsNumberAlone(t *testing.T) {
	data := madeUp(10)
	b, one, other := newBatches(data, 5), blankBatch(4, 3), blankBatch(4, 3)
	for _, i := range []uint32{9, 0, 3, 2, 1 << 31} {
		b.fill(one, i)
		newBatches(data, 5).fill(other, i)
		if !slices.Equal(one.Images, other.Images) || !slices.Equal(one.Labels, other.Labels) || !slices.Equal(one.Prior, other.Prior) {
			t.Errorf("batch %d differs", i)
		}
	}
	b.fill(one, 2)
	b.fill(other, 3)
	if slices.Equal(one.Prior, other.Prior) {
		t.Error("two batches have the same z_p")
	}
	newBatches(data, 6).fill(other, 2)
	if slices.Equal(one.Prior, other.Prior) || slices.Equal(one.Images, other.Images) {
		t.Error("two seeds give the same batch")
	}
}
