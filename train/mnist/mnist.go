// Package mnist finds, downloads, verifies, reads and writes MNIST, the
// handwritten digits of LeCun, Cortes and Burges: 60,000 to train on and 10,000
// to test with, in four IDX files. No error is longer than a line; each names
// the file at fault.
package mnist

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"inkling/nn"
)

// Set is images and their labels.
type Set struct {
	Images []uint8 // [n·784], 0 is paper and 255 ink
	Labels []uint8 // [n], 0 to 9
}

// file is one of MNIST's, with the SHA-256 of its uncompressed content.
type file struct{ name, sha256 string }

// pair is the images and the labels of a set.
type pair [2]file

var (
	trainFiles = pair{
		{"train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
		{"train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
	}
	testFiles = pair{
		{"t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
		{"t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
	}
)

// Load reads the training set or the test set from a folder that Find returned.
// A file that isn't MNIST's is an error.
func Load(dir string, train bool) (*Set, error) {
	if train {
		return load(dir, trainFiles)
	}
	return load(dir, testFiles)
}

func load(dir string, p pair) (*Set, error) {
	images, err := locate(dir, p[0].name)
	if err != nil {
		return nil, err
	}
	labels, err := locate(dir, p[1].name)
	if err != nil {
		return nil, err
	}
	s, err := ReadSet(images, labels)
	if err != nil {
		return nil, err
	}
	// A file's header follows from its content, so these are the files' sums.
	if err := p[0].check(images, sum(s.imagesHeader(), s.Images)); err != nil {
		return nil, err
	}
	return s, p[1].check(labels, sum(s.labelsHeader(), s.Labels))
}

// check compares the sum of the file at path with the one it must have.
func (f file) check(path, sum string) error {
	if sum != f.sha256 {
		return fmt.Errorf("%s: not MNIST's %s (its SHA-256 is %s, must be %s): delete or replace it", path, f.name, sum, f.sha256)
	}
	return nil
}

// ReadSet reads a file of images and the file of their labels, MNIST's or any
// in its format.
func ReadSet(images, labels string) (*Set, error) {
	var s Set
	var err error
	if s.Images, err = ReadImagesFile(images); err != nil {
		return nil, err
	}
	if s.Labels, err = ReadLabelsFile(labels); err != nil {
		return nil, err
	}
	if n := len(s.Images) / nn.Pixels; n != len(s.Labels) {
		return nil, fmt.Errorf("%s: %d labels for the %d images of %s", labels, len(s.Labels), n, images)
	}
	return &s, nil
}

// SHA256 names the set: the SHA-256, in hexadecimal, of its uncompressed file of
// images followed by that of labels. Weights record it as what they were trained
// on.
func (s *Set) SHA256() string {
	return sum(s.imagesHeader(), s.Images, s.labelsHeader(), s.Labels)
}

func (s *Set) imagesHeader() []byte { return imagesHeader(len(s.Images) / nn.Pixels) }
func (s *Set) labelsHeader() []byte { return labelsHeader(len(s.Labels)) }

func sum(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}
