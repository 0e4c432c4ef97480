package safetensors

import (
	"errors"
	"io/fs"

	"inkling/nn"
)

// The files of a model's folder.
const (
	encoderFile       = "encoder.safetensors"
	decoderFile       = "decoder.safetensors"
	discriminatorFile = "discriminator.safetensors"
)

// Encoder returns the network that a file's content holds. Name stands in the
// errors, as in Decode.
func Encoder(name string, data []byte) (*nn.Encoder, Info, error) {
	return network(name, data, func(i Info) *nn.Encoder { return nn.NewEncoder(i.Latent) })
}

// Decoder is Encoder for a decoder's file.
func Decoder(name string, data []byte) (*nn.Decoder, Info, error) {
	return network(name, data, func(i Info) *nn.Decoder { return nn.NewDecoder(i.Latent) })
}

// Discriminator is Encoder for a discriminator's file.
func Discriminator(name string, data []byte) (*nn.Discriminator, Info, error) {
	return network(name, data, func(i Info) *nn.Discriminator { return nn.NewDiscriminator(i.Discriminator) })
}

func network[N interface{ Params() []*nn.Param }](name string, data []byte, build func(Info) N) (n N, i Info, err error) {
	f, err := Decode(name, data)
	if err != nil {
		return n, Info{}, err
	}
	if i, err = ParseInfo(name, f.Metadata); err != nil {
		return n, Info{}, err
	}
	built := build(i)
	if err = f.Load(built.Params()); err != nil {
		return n, Info{}, err
	}
	return built, i, nil
}

// ReadModel reads the three files of a model's folder, which must agree in what
// they say about it. Its errors name the file but not the folder.
func ReadModel(folder fs.FS) (*nn.Model, Info, error) {
	encoder, info, err := readNetwork(folder, encoderFile, Encoder)
	if err != nil {
		return nil, Info{}, err
	}
	decoder, decoderInfo, err := readNetwork(folder, decoderFile, Decoder)
	if err != nil {
		return nil, Info{}, err
	}
	discriminator, discriminatorInfo, err := readNetwork(folder, discriminatorFile, Discriminator)
	if err != nil {
		return nil, Info{}, err
	}
	if err := agree(decoderFile, decoderInfo, info); err != nil {
		return nil, Info{}, err
	}
	if err := agree(discriminatorFile, discriminatorInfo, info); err != nil {
		return nil, Info{}, err
	}
	return &nn.Model{Encoder: encoder, Decoder: decoder, Discriminator: discriminator}, info, nil
}

func readNetwork[N any](folder fs.FS, name string, decode func(string, []byte) (N, Info, error)) (n N, i Info, err error) {
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		return n, Info{}, err
	}
	return decode(name, data)
}

// agree checks that a file is of the same model as the encoder's.
func agree(name string, info, encoder Info) error {
	for _, k := range keys {
		if is, want := k.get(&info), k.get(&encoder); is != want {
			return errors.New(name + ": metadata key " + k.name + " is " + quote(is) +
				", but " + encoderFile + " has " + quote(want) + ": not files of one model")
		}
	}
	return nil
}
