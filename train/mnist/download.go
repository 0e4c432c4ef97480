package mnist

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"inkling/weights/atomicfile"
)

// publicMirrors serve MNIST's files, compressed, each under its name: the one of
// PyTorch's torchvision, and that of the Common Visual Data Foundation.
var publicMirrors = []string{
	"https://ossci-datasets.s3.amazonaws.com/mnist/",
	"https://storage.googleapis.com/cvdf-datasets/mnist/",
}

// maxSize bounds a file, compressed or not; MNIST's largest has 47 MB.
const maxSize = 64 << 20

// timeout bounds the download of a file: 10 MB take that long at 17 kB/s.
const timeout = 10 * time.Minute

// source is where the files come from. Tests have one of their own.
type source struct {
	mirrors  []string
	pairs    []pair
	progress io.Writer
}

// lacks reports the first file that isn't in the folder.
func (s source) lacks(dir string) error {
	for _, p := range s.pairs {
		for _, f := range p {
			if _, err := locate(dir, f.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill downloads the files that aren't in the folder.
func (s source) fill(ctx context.Context, dir string) error {
	for _, p := range s.pairs {
		for _, f := range p {
			if _, err := locate(dir, f.name); err == nil {
				continue
			}
			if err := s.download(ctx, dir, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// download puts a file into the folder, from the first mirror that has it whole.
func (s source) download(ctx context.Context, dir string, f file) error {
	name := f.name + ".gz"
	var failures []string
	for _, mirror := range s.mirrors {
		fmt.Fprintf(s.progress, "downloading %s:", mirror+name)
		data, err := s.get(ctx, mirror+name)
		if err == nil {
			err = f.verify(mirror+name, data)
		}
		if err == nil {
			fmt.Fprintf(s.progress, " %d kB\n", (len(data)+999)/1000)
			return atomicfile.Write(dir, atomicfile.File{Name: name, Data: data})
		}
		fmt.Fprintln(s.progress, " failed")
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failures = append(failures, err.Error())
	}
	return fmt.Errorf("cannot download MNIST (%s): %s", strings.Join(failures, "; "), advice)
}

// get returns what lies at a URL, with a dot of progress for each megabyte.
func (s source) get(ctx context.Context, url string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	// Said explicitly, neither the server nor the client decompresses.
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	var data bytes.Buffer
	for data.Len() <= maxSize {
		_, err := io.CopyN(&data, response.Body, 1e6)
		if err == io.EOF {
			return data.Bytes(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", url, err)
		}
		fmt.Fprint(s.progress, ".")
	}
	return nil, fmt.Errorf("%s: over %d bytes", url, maxSize)
}

// verify checks that data is the file, compressed.
func (f file) verify(url string, data []byte) error {
	r, err := uncompressed(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(r, maxSize)); err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != f.sha256 {
		return errors.New(url + ": not MNIST's file, its SHA-256 is " + sum)
	}
	return nil
}
