package mnist

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"inkling/nn"
)

// digits are n made-up images.
func digits(n int) []uint8 {
	images := make([]uint8, n*nn.Pixels)
	for i := range images {
		images[i] = uint8(i * 7)
	}
	return images
}

// plain returns a file without compression.
func plain(header []byte, data ...uint8) string { return string(header) + string(data) }

func compressed(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

// words returns big-endian numbers, as a header has them.
func words(w ...uint32) string {
	var b []byte
	for _, w := range w {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return string(b)
}

func TestRead(t *testing.T) {
	images, labels := digits(3), []uint8{0, 9, 5}
	for name, pack := range map[string]func(string) string{
		"plain": func(s string) string { return s },
		"gzip":  compressed,
	} {
		got, err := ReadImages(strings.NewReader(pack(words(0x803, 3, 28, 28)+string(images))), "f")
		if err != nil || !slices.Equal(got, images) {
			t.Errorf("%s: images are %d bytes, %v", name, len(got), err)
		}
		got, err = ReadLabels(strings.NewReader(pack(words(0x801, 3)+string(labels))), "f")
		if err != nil || !slices.Equal(got, labels) {
			t.Errorf("%s: labels are %v, %v", name, got, err)
		}
	}
}

func TestReadErrors(t *testing.T) {
	image := string(digits(1))
	whole := compressed(words(0x803, 1, 28, 28) + image)
	imageTests := []struct{ name, data, want string }{
		{"empty", "", "file is cut short"},
		{"one byte", "\x1f", "file is cut short"},
		{"header cut short", words(0x803, 1, 28), "file is cut short"},
		{"data cut short", words(0x803, 1, 28, 28) + image[1:], "file is cut short"},
		{"gzip cut short", whole[:len(whole)-1], "file is cut short"},
		{"gzip header cut short", whole[:2], "file is cut short"},
		{"gzip of too little", compressed(words(0x803, 2, 28, 28) + image), "file is cut short"},
		{"gzip damaged", whole[:len(whole)-8] + "\x00\x00\x00\x00" + whole[len(whole)-4:], "gzip: invalid checksum"},
		{"bytes left over", words(0x803, 1, 28, 28) + image + "x", "more data follows the 1 that the header announces"},
		{"bytes left over in gzip", compressed(words(0x803, 1, 28, 28) + image + "x"), "more data follows"},
		{"bytes left over after gzip", whole + "xxxxxxxxxxxx", "gzip: invalid header"},
		{"labels", words(0x801, 1) + "\x00", "magic number is 0x00000801, must be 0x00000803: not a file of images"},
		{"floats", words(0xd03, 0, 28, 28), "magic number is 0x00000d03"},
		{"another size", words(0x803, 1, 32, 32), "images are 32×32, must be 28×28"},
		{"too many", words(0x803, 0xffffffff, 28, 28), "header announces 4294967295 images, at most 1048576 are allowed"},
	}
	for _, test := range imageTests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadImages(strings.NewReader(test.data), "dir/f")
			if err == nil || !strings.HasPrefix(err.Error(), "dir/f: "+test.want) {
				t.Errorf("error %v, want the file and %q", err, test.want)
			}
		})
	}
	labelTests := []struct{ name, data, want string }{
		{"images", words(0x803, 1, 28, 28) + image, "magic number is 0x00000803, must be 0x00000801: not a file of labels"},
		{"no digit", words(0x801, 3) + "\x09\x0a\x00", "label 1 is 10, must be 0 to 9"},
		{"data cut short", words(0x801, 3) + "\x09", "file is cut short"},
	}
	for _, test := range labelTests {
		t.Run("labels, "+test.name, func(t *testing.T) {
			_, err := ReadLabels(strings.NewReader(test.data), "dir/f")
			if err == nil || !strings.HasPrefix(err.Error(), "dir/f: "+test.want) {
				t.Errorf("error %v, want the file and %q", err, test.want)
			}
		})
	}
}

func TestWrite(t *testing.T) {
	var images, again, labels bytes.Buffer
	if err := errors.Join(WriteImages(&images, digits(3)), WriteImages(&again, digits(3)), WriteLabels(&labels, []uint8{0, 9, 5})); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(images.Bytes(), again.Bytes()) {
		t.Error("the same images gave different bytes")
	}
	for _, test := range []struct {
		file *bytes.Buffer
		want string
	}{
		{&images, words(0x803, 3, 28, 28) + string(digits(3))},
		{&labels, words(0x801, 3) + "\x00\x09\x05"},
	} {
		z, err := gzip.NewReader(test.file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || string(got) != test.want {
			t.Errorf("wrote %d bytes (%v), want %d others", len(got), err, len(test.want))
		}
	}
}

func TestWriteErrors(t *testing.T) {
	if err := WriteImages(io.Discard, make([]uint8, nn.Pixels+1)); err == nil {
		t.Error("wrote a part of an image")
	}
	if err := WriteLabels(io.Discard, []uint8{9, 10}); err == nil || err.Error() != "label 1 is 10, must be 0 to 9" {
		t.Errorf("wrote a label that is no digit: %v", err)
	}
}

// What is read can be written and read again; a plain file takes no more memory
// than a small multiple of itself.
func fuzz(f *testing.F, read func(io.Reader, string) ([]uint8, error), write func(io.Writer, []uint8) error) {
	f.Fuzz(func(t *testing.T, file []byte) {
		data, err := read(bytes.NewReader(file), "f")
		if err != nil {
			if data != nil {
				t.Error("data in spite of an error")
			}
			return
		}
		if file[0] == 0 && cap(data) > 4*len(file)+4096 {
			t.Errorf("%d bytes of memory for a file of %d", cap(data), len(file))
		}
		var written bytes.Buffer
		if err := write(&written, data); err != nil {
			t.Fatal(err)
		}
		if again, err := read(&written, "f"); err != nil || !slices.Equal(again, data) {
			t.Fatalf("came back different (%v)", err)
		}
	})
}

func FuzzReadImages(f *testing.F) {
	whole := plain(imagesHeader(2), digits(2)...)
	for _, s := range []string{"", whole, compressed(whole), whole + "x", words(0x803, 1<<20, 28, 28), words(0x803, 0, 28, 28)} {
		f.Add([]byte(s))
	}
	fuzz(f, ReadImages, WriteImages)
}

func FuzzReadLabels(f *testing.F) {
	whole := plain(labelsHeader(3), 0, 9, 5)
	for _, s := range []string{"", whole, compressed(whole), whole + "x", words(0x801, 1<<20), words(0x801, 0)} {
		f.Add([]byte(s))
	}
	fuzz(f, ReadLabels, WriteLabels)
}
