package mnist

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"inkling/nn"
)

// An IDX file begins with a magic number, two zero bytes, the type of its values
// (8: unsigned byte) and the number of dimensions, and with the dimensions, all
// big-endian (http://yann.lecun.com/exdb/mnist/).
const (
	imagesMagic = 0x803
	labelsMagic = 0x801
)

// maxCount is the most images or labels in a file: more than any relative of
// MNIST has (EMNIST: 814,255), and not more than fits in memory.
const maxCount = 1 << 20

// ReadImages reads an images-idx3-ubyte file, plain or compressed with gzip, to
// its end. The result is [n·784], 0 is paper and 255 ink. Name stands in the
// errors.
func ReadImages(r io.Reader, name string) ([]uint8, error) {
	return read(r, name, imagesMagic, nn.Pixels)
}

// ReadLabels is ReadImages for a labels-idx1-ubyte file; the result is [n], each
// 0 to 9.
func ReadLabels(r io.Reader, name string) ([]uint8, error) {
	labels, err := read(r, name, labelsMagic, 1)
	for i, label := range labels {
		if label >= nn.Classes {
			return nil, fmt.Errorf("%s: label %d is %d, must be 0 to %d", name, i, label, nn.Classes-1)
		}
	}
	return labels, err
}

// WriteImages writes images, [n·784], as an images-idx3-ubyte file compressed
// with gzip. The same images give the same bytes.
func WriteImages(w io.Writer, images []uint8) error {
	if len(images)%nn.Pixels != 0 || len(images)/nn.Pixels > maxCount {
		return fmt.Errorf("%d bytes are not up to %d images of %d pixels", len(images), maxCount, nn.Pixels)
	}
	return write(w, imagesHeader(len(images)/nn.Pixels), images)
}

// WriteLabels is WriteImages for a labels-idx1-ubyte file of labels, [n].
func WriteLabels(w io.Writer, labels []uint8) error {
	if len(labels) > maxCount {
		return fmt.Errorf("%d labels, at most %d fit in a file", len(labels), maxCount)
	}
	for i, label := range labels {
		if label >= nn.Classes {
			return fmt.Errorf("label %d is %d, must be 0 to %d", i, label, nn.Classes-1)
		}
	}
	return write(w, labelsHeader(len(labels)), labels)
}

func imagesHeader(n int) []byte { return header(imagesMagic, n, nn.Side, nn.Side) }
func labelsHeader(n int) []byte { return header(labelsMagic, n) }

func header(words ...int) []byte {
	var b []byte
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, uint32(w))
	}
	return b
}

func write(w io.Writer, header, data []byte) error {
	z := gzip.NewWriter(w)
	if _, err := z.Write(header); err != nil {
		return err
	}
	if _, err := z.Write(data); err != nil {
		return err
	}
	return z.Close()
}

// read reads a file of items of the given size.
func read(r io.Reader, name string, magic uint32, size int) ([]uint8, error) {
	data, err := readItems(r, magic, size)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errors.New("file is cut short")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

func readItems(r io.Reader, magic uint32, size int) ([]uint8, error) {
	r, err := uncompressed(r)
	if err != nil {
		return nil, err
	}
	n, err := readHeader(r, magic)
	if err != nil {
		return nil, err
	}
	// What the header claims is not allocated; the data is, as it comes. One
	// byte too many is asked for, to see the end and gzip's checksum.
	data, err := io.ReadAll(io.LimitReader(r, int64(n*size)+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) < n*size:
		return nil, io.ErrUnexpectedEOF
	case len(data) > n*size:
		return nil, fmt.Errorf("more data follows the %d that the header announces", n)
	}
	return data, nil
}

// uncompressed returns what r holds, decompressed if it is a gzip file.
func uncompressed(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	start, err := b.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if string(start) != "\x1f\x8b" {
		return b, nil
	}
	return gzip.NewReader(b)
}

// readHeader returns the number of items.
func readHeader(r io.Reader, magic uint32) (int, error) {
	words := make([]uint32, 1+magic&0xff)
	for i := range words {
		var b [4]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return 0, err
		}
		words[i] = binary.BigEndian.Uint32(b[:])
		if i == 0 && words[0] != magic {
			return 0, fmt.Errorf("magic number is 0x%08x, must be 0x%08x: not a file of %s", words[0], magic, kind(magic))
		}
	}
	if magic == imagesMagic && (words[2] != nn.Side || words[3] != nn.Side) {
		return 0, fmt.Errorf("images are %d×%d, must be %d×%d", words[2], words[3], nn.Side, nn.Side)
	}
	if words[1] > maxCount {
		return 0, fmt.Errorf("header announces %d %s, at most %d are allowed", words[1], kind(magic), maxCount)
	}
	return int(words[1]), nil
}

func kind(magic uint32) string {
	if magic == imagesMagic {
		return "images"
	}
	return "labels"
}

// ReadImagesFile is ReadImages of the file at path.
func ReadImagesFile(path string) ([]uint8, error) { return readFile(path, ReadImages) }

// ReadLabelsFile is ReadLabels of the file at path.
func ReadLabelsFile(path string) ([]uint8, error) { return readFile(path, ReadLabels) }

func readFile(path string, read func(io.Reader, string) ([]uint8, error)) ([]uint8, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(f, path)
}
