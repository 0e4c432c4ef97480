// Package safetensors reads and writes named tensors in the safetensors
// format (https://github.com/huggingface/safetensors#format), and the project's
// models, which are three such files in a folder.
//
// A file is the length of its header (8 bytes, little-endian), the header
// (JSON: where each tensor lies, its type and shape, and strings about the
// whole), and the tensors' values, row-major and little-endian.
//
// Reading is strict. The header must be valid, the tensors must cover the data
// without holes, overlaps or bytes left over, and every value must be finite;
// this is checked before memory is taken for what a file claims to hold. Of the
// format's types F32 and F16 are known, both held as float32 in memory. An
// error is one line that names the file and, where one is at fault, the tensor.
//
// The package is linked into the browser's compute worker, whose size counts:
// it does without fmt, reflect and encoding/json.
package safetensors

// Tensor is a named array of numbers.
type Tensor struct {
	Name  string
	Shape []int     // [] is a scalar
	Data  []float32 // row-major
}

// File is the content of a file.
type File struct {
	Name     string // for error messages
	Metadata map[string]string
	Tensors  []Tensor // in the order of their data
}

// DType is the type of a tensor's values in a file.
type DType uint8

// The types that this package reads and writes.
const (
	F32 DType = iota // IEEE 754 binary32
	F16              // IEEE 754 binary16
)

// String returns the type's name in the format.
func (t DType) String() string {
	if t == F16 {
		return "F16"
	}
	return "F32"
}

// size returns the bytes of one value.
func (t DType) size() int {
	if t == F16 {
		return 2
	}
	return 4
}

const (
	metadataKey = "__metadata__" // the header's entry that isn't a tensor

	// Limits that no sensible file comes near (the format's reference
	// implementation allows headers of 100 MB), so that a hostile header
	// costs little.
	maxHeader = 1 << 20
	maxRank   = 64
)
