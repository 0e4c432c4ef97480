package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"inkling/nn"
)

// writeIDX writes images and labels and returns the files' names.
func writeIDX(t *testing.T, images, labels []uint8) (imagesPath, labelsPath string) {
	t.Helper()
	dir := t.TempDir()
	e := &env{stdout: new(bytes.Buffer)}
	if err := writeDigits(e, dir, images, labels); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, imagesName), filepath.Join(dir, labelsName)
}

// digitsIn reads what a command wrote into a folder.
func digitsIn(t *testing.T, dir string) (images, labels []uint8) {
	t.Helper()
	set, err := readDigits(filepath.Join(dir, imagesName), filepath.Join(dir, labelsName))
	if err != nil {
		t.Fatal(err)
	}
	return set.Images, set.Labels
}

func digit(images []uint8, i int) []uint8 { return images[i*nn.Pixels:][:nn.Pixels] }

func TestSample(t *testing.T) {
	model := writeModel(t)
	dirs := make([]string, 4)
	for i, args := range [][]string{{"3", "5"}, {"3", "5"}, {"3", "6"}, {"2", "5"}} {
		dirs[i] = filepath.Join(t.TempDir(), "out")
		succeed(t, "sample", "-weights", model, "-per-digit", args[0], "-seed", args[1], "-out", dirs[i])
	}
	for _, name := range []string{imagesName, labelsName} {
		if !bytes.Equal(readFile(t, dirs[0], name), readFile(t, dirs[1], name)) {
			t.Errorf("the same seed gives two %s", name)
		}
	}
	images, labels := digitsIn(t, dirs[0])
	if want := slices.Sorted(slices.Values(labels)); len(labels) != 30 || !slices.Equal(labels, want) || labels[2] != 0 || labels[3] != 1 {
		t.Fatalf("labels %v", labels)
	}
	other, _ := digitsIn(t, dirs[2])
	fewer, _ := digitsIn(t, dirs[3])
	for label := range nn.Classes {
		for i := range 3 {
			if bytes.Equal(digit(images, 3*label+i), digit(other, 3*label+i)) {
				t.Errorf("digit %d of %d is the same with another seed", i, label)
			}
			if i < 2 && !bytes.Equal(digit(images, 3*label+i), digit(fewer, 2*label+i)) {
				t.Errorf("digit %d of %d depends on how many are drawn", i, label)
			}
		}
	}
}

// The pixels are the decoder's, times 255 and rounded, in more than one chunk.
func TestDecodeRounds(t *testing.T) {
	d, err := readDecoder(writeModel(t))
	if err != nil {
		t.Fatal(err)
	}
	z, labels := samples(d.Latent(), 7, 1)
	images := decode(d, z, labels)
	pixels := make([]float32, nn.Pixels)
	for i, label := range labels {
		d.Decode(pixels, z[i*d.Latent():][:d.Latent()], []uint8{label})
		for p, v := range pixels {
			if got := float64(digit(images, i)[p]); got-255*float64(v) > 0.5001 || 255*float64(v)-got > 0.5001 {
				t.Fatalf("pixel %d of image %d is %v for %v", p, i, got, v)
			}
		}
	}
}

func TestReconstructAndTransfer(t *testing.T) {
	model := writeModel(t)
	source := madeUp()
	imagesPath, labelsPath := writeIDX(t, source.Images[3*nn.Pixels:6*nn.Pixels], source.Labels[3:6])
	reconstructed, transferred := filepath.Join(t.TempDir(), "r"), filepath.Join(t.TempDir(), "t")
	for command, out := range map[string]string{"reconstruct": reconstructed, "transfer": transferred} {
		succeed(t, command, "-weights", model, "-images", imagesPath, "-labels", labelsPath, "-out", out)
	}
	r, rLabels := digitsIn(t, reconstructed)
	if !slices.Equal(rLabels, []uint8{3, 4, 5}) {
		t.Fatalf("labels of the reconstructions are %v", rLabels)
	}
	images, labels := digitsIn(t, transferred)
	if len(labels) != 30 {
		t.Fatalf("%d digits", len(labels))
	}
	for i, label := range labels {
		if int(label) != i%10 {
			t.Errorf("label %d is %d", i, label)
		}
	}
	for i, label := range rLabels {
		if own := digit(images, 10*i+int(label)); !bytes.Equal(own, digit(r, i)) {
			t.Errorf("under its own label, image %d is not its reconstruction", i)
		}
		if bytes.Equal(digit(images, 10*i), digit(images, 10*i+1)) {
			t.Errorf("image %d is the same under two labels", i)
		}
	}
	if bytes.Equal(digit(images, 0), digit(images, 10)) {
		t.Error("two images have the same style")
	}
}

// What cannot be written must leave the files that are there.
func TestOutputSurvivesErrors(t *testing.T) {
	model := writeModel(t)
	dir := t.TempDir()
	succeed(t, "sample", "-weights", model, "-per-digit", "1", "-out", dir)
	before := readFile(t, dir, imagesName)
	labels := filepath.Join(dir, labelsName)
	if err := os.Remove(labels); err != nil {
		t.Fatal(err)
	}
	// A folder in the place of a file cannot be replaced by one.
	if err := os.Mkdir(labels, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := inkling(t.Context(), "sample", "-weights", model, "-per-digit", "1", "-out", dir); status != 1 {
		t.Fatalf("status %d, %s", status, stderr)
	}
	if !bytes.Equal(before, readFile(t, dir, imagesName)) {
		t.Error("the images were damaged")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
