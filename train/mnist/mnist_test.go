package mnist

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"inkling/nn"
)

// made returns a small set and its files, by MNIST's names, with their sums.
func made() (s *Set, p pair, files map[string]string) {
	s = &Set{digits(2), []uint8{3, 7}}
	files = map[string]string{
		trainFiles[0].name: plain(s.imagesHeader(), s.Images...),
		trainFiles[1].name: plain(s.labelsHeader(), s.Labels...),
	}
	for i, f := range trainFiles {
		p[i] = file{f.name, sum([]byte(files[f.name]))}
	}
	return s, p, files
}

// put writes files into a new folder.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoad(t *testing.T) {
	s, p, files := made()
	images, labels := files[p[0].name], files[p[1].name]
	for name, files := range map[string]map[string]string{
		"plain":         {"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels},
		"gzip":          {"train-images-idx3-ubyte.gz": compressed(images), "train-labels-idx1-ubyte.gz": compressed(labels)},
		"dots":          {"train-images.idx3-ubyte": images, "train-labels.idx1-ubyte.gz": compressed(labels)},
		"names mislead": {"train-images-idx3-ubyte": compressed(images), "train-labels-idx1-ubyte.gz": labels},
	} {
		got, err := load(put(t, files), p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !slices.Equal(got.Images, s.Images) || !slices.Equal(got.Labels, s.Labels) {
			t.Errorf("%s: another set was read", name)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	_, p, files := made()
	images, labels := files[p[0].name], files[p[1].name]
	tests := []struct{ name, images, labels, want string }{
		{"no labels", images, "", " has no file train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz"},
		{"other images", images[:20] + "x" + images[21:], labels, "/train-images-idx3-ubyte: not MNIST's train-images-idx3-ubyte (its SHA-256 is "},
		{"other labels", images, labels[:8] + "\x01\x02", "/train-labels-idx1-ubyte: not MNIST's train-labels-idx1-ubyte (its SHA-256 is "},
		{"damaged", images[:500], labels, "/train-images-idx3-ubyte: file is cut short"},
		{"fewer labels", images, words(0x801, 1) + "\x03", "/train-labels-idx1-ubyte: 1 labels for the 2 images of "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{p[0].name: test.images}
			if test.labels != "" {
				files[p[1].name] = test.labels
			}
			dir := put(t, files)
			_, err := load(dir, p)
			if err == nil || !strings.HasPrefix(filepath.ToSlash(err.Error()), filepath.ToSlash(dir)+test.want) {
				t.Errorf("error %v, want the file and %q", err, test.want)
			}
		})
	}
}

// The real files, where there are any.
func TestMNIST(t *testing.T) {
	dir := os.Getenv("MNIST_DIR")
	if dir == "" {
		t.Skip("MNIST_DIR is not set: MNIST is not part of the repository")
	}
	if found, err := Find(t.Context(), "", nil); err != nil || found != dir {
		t.Fatalf("Find: %q, %v", found, err)
	}
	for _, test := range []struct {
		train bool
		n     int
		first []uint8
	}{{true, 60_000, []uint8{5, 0, 4, 1, 9}}, {false, 10_000, []uint8{7, 2, 1, 0, 4}}} {
		s, err := Load(dir, test.train)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Labels) != test.n || len(s.Images) != test.n*nn.Pixels || !bytes.Equal(s.Labels[:5], test.first) {
			t.Errorf("train %v: %d labels that begin %v, %d pixels", test.train, len(s.Labels), s.Labels[:5], len(s.Images))
		}
		// The sum that weights/README.md tells.
		if want := "c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914"; test.train && s.SHA256() != want {
			t.Errorf("training data's SHA-256 is %s, want %s", s.SHA256(), want)
		}
	}
}
