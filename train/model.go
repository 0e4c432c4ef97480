package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"inkling/nn"
	"inkling/weights"
	"inkling/weights/safetensors"
)

// openWeights finds what -weights names: a released model, a model in
// ./weights, or any folder.
func openWeights(name string) (fs.FS, error) {
	if slices.Contains(weights.Names(), name) {
		return weights.Open(name)
	}
	dirs := []string{name}
	if filepath.Base(name) == name {
		dirs = []string{filepath.Join("weights", name), name}
	}
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return os.DirFS(dir), nil
		}
	}
	return nil, usagef("there are no weights %q: neither a folder nor a released model (%s)", name, strings.Join(weights.Names(), ", "))
}

// readDecoder reads the decoder that -weights names.
func readDecoder(name string) (*nn.Decoder, error) {
	d, _, err := readNetwork(name, "decoder", safetensors.Decoder)
	return d, err
}

// readAutoencoder reads the encoder and the decoder that -weights names.
func readAutoencoder(name string) (*nn.Encoder, *nn.Decoder, error) {
	e, ei, err := readNetwork(name, "encoder", safetensors.Encoder)
	if err != nil {
		return nil, nil, err
	}
	d, di, err := readNetwork(name, "decoder", safetensors.Decoder)
	if err != nil {
		return nil, nil, err
	}
	if ei != di {
		return nil, nil, fmt.Errorf("weights %s: encoder and decoder are not of one model", name)
	}
	return e, d, nil
}

func readNetwork[N any](name, part string, read func(name string, data []byte) (N, safetensors.Info, error)) (n N, i safetensors.Info, err error) {
	folder, err := openWeights(name)
	if err != nil {
		return n, i, err
	}
	file := part + ".safetensors"
	data, err := fs.ReadFile(folder, file)
	if errors.Is(err, fs.ErrNotExist) {
		return n, i, fmt.Errorf("weights %s: there is no %s", name, file)
	}
	if err != nil {
		return n, i, fmt.Errorf("weights %s: %w", name, err)
	}
	return read(path.Join(filepath.ToSlash(name), file), data)
}
