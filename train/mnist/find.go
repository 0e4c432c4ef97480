package mnist

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// advice ends the errors that leave a user without MNIST.
const advice = "put MNIST's four files into a folder and name it with -mnist or $MNIST_DIR"

// Find returns the folder of MNIST's four files: dir if it isn't empty, else
// $MNIST_DIR if that is set, else one in the user's cache folder, into which the
// files that it lacks are downloaded. How that goes is told to progress, which
// may be nil. A folder that somebody named is never filled: a file that it lacks
// is an error.
func Find(ctx context.Context, dir string, progress io.Writer) (string, error) {
	if progress == nil {
		progress = io.Discard
	}
	return find(ctx, dir, source{publicMirrors, []pair{trainFiles, testFiles}, progress})
}

func find(ctx context.Context, dir string, s source) (string, error) {
	if dir != "" {
		return dir, s.lacks(dir)
	}
	if dir = os.Getenv("MNIST_DIR"); dir != "" {
		if err := s.lacks(dir); err != nil {
			return "", fmt.Errorf("MNIST_DIR: %w", err)
		}
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder to download MNIST into (%w): %s", err, advice)
	}
	dir = filepath.Join(cache, "inkling", "mnist")
	return dir, s.fill(ctx, dir)
}

// locate returns the path of one of MNIST's files in a folder, under any of the
// names that it commonly has there.
func locate(dir, name string) (string, error) {
	dotted := strings.Replace(name, "-idx", ".idx", 1)
	for _, name := range []string{name, name + ".gz", dotted, dotted + ".gz"} {
		path := filepath.Join(dir, name)
		switch info, err := os.Stat(path); {
		case err == nil && info.Mode().IsRegular():
			return path, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
	}
	return "", fmt.Errorf("%s has no file %s or %s.gz", dir, name, name)
}
