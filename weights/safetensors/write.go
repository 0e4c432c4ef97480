//go:build !js

package safetensors

import (
	"errors"
	"path/filepath"

	"inkling/nn"
	"inkling/weights/atomicfile"
)

// WriteModel writes the three files of a model's folder, making the folder if
// need be. Nothing on the disk changes before all three are written out beside
// their places. It fails, naming file and tensor, for a value that is not finite
// or beyond t's range, and where i does not describe m.
func WriteModel(dir string, m *nn.Model, i Info, t DType) error {
	if _, err := ParseInfo(dir, i.Metadata()); err != nil {
		return err
	}
	if i.Latent != m.Encoder.Latent() || i.Latent != m.Decoder.Latent() || i.Discriminator != m.Discriminator.Form() {
		return errors.New(dir + ": the metadata is not about this model")
	}
	var files []atomicfile.File
	for _, network := range []struct {
		file   string
		params []*nn.Param
	}{
		{encoderFile, m.Encoder.Params()},
		{decoderFile, m.Decoder.Params()},
		{discriminatorFile, m.Discriminator.Params()},
	} {
		f := FromParams(network.params, i.Metadata())
		f.Name = filepath.Join(dir, network.file)
		data, err := Encode(f, t)
		if err != nil {
			return err
		}
		files = append(files, atomicfile.File{Name: network.file, Data: data})
	}
	return atomicfile.Write(dir, files...)
}
