package safetensors

import (
	"errors"
	"slices"

	"inkling/nn"
)

// FromParams returns a file of the parameters' values. It shares their memory.
func FromParams(params []*nn.Param, metadata map[string]string) *File {
	f := &File{Metadata: metadata}
	for _, p := range params {
		f.Tensors = append(f.Tensors, Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value})
	}
	return f
}

// Load copies the tensors into the parameters of the same names. Every
// parameter must be in the file, with its shape, and nothing else; on an error,
// which names the tensor, no parameter has changed. After it, Pack a network
// that has been used before.
func (f *File) Load(params []*nn.Param) error {
	tensors := make(map[string]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		tensors[f.Tensors[i].Name] = &f.Tensors[i]
	}
	for _, p := range params {
		t := tensors[p.Name]
		switch {
		case t == nil:
			return f.tensorError(p.Name, "is missing")
		case !slices.Equal(t.Shape, p.Shape) || len(t.Data) != len(p.Value):
			return f.tensorError(p.Name, "shape is "+formatShape(t.Shape)+", must be "+formatShape(p.Shape))
		}
	}
	if len(f.Tensors) != len(params) {
		for _, t := range f.Tensors {
			if !slices.ContainsFunc(params, func(p *nn.Param) bool { return p.Name == t.Name }) {
				return f.tensorError(t.Name, "is unknown")
			}
		}
	}
	for _, p := range params {
		copy(p.Value, tensors[p.Name].Data)
	}
	return nil
}

func (f *File) tensorError(name, problem string) error {
	return errors.New(f.Name + ": " + tensorError(name, problem).Error())
}
