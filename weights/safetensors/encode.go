package safetensors

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Encode returns the file's content with all values stored as t. The same file
// gives the same bytes: tensors keep their order, metadata is sorted. The header
// is padded so that every value lies at a multiple of its size.
//
// It fails, naming the tensor, for what Decode would refuse and for a value
// beyond F16's range. F16 rounds to nearest even.
func Encode(f *File, t DType) ([]byte, error) {
	data, err := encode(f, t)
	if err != nil && f.Name != "" {
		err = errors.New(f.Name + ": " + err.Error())
	}
	return data, err
}

func encode(f *File, t DType) ([]byte, error) {
	header, size, err := encodeHeader(f, t)
	if err != nil {
		return nil, err
	}
	data := make([]byte, 0, 8+len(header)+size)
	data = appendU32(data, uint32(len(header)))
	data = appendU32(data, 0)
	data = append(data, header...)
	for _, tensor := range f.Tensors {
		data, err = appendValues(data, tensor.Data, t)
		if err != nil {
			return nil, tensorError(tensor.Name, err.Error())
		}
	}
	return data, nil
}

// encodeHeader returns the padded header and the bytes of data that it
// describes.
func encodeHeader(f *File, t DType) (header []byte, size int, err error) {
	h := []byte{'{'}
	if len(f.Metadata) > 0 {
		h = appendString(h, metadataKey)
		h = append(h, ':')
		before := byte('{')
		for _, key := range slices.Sorted(maps.Keys(f.Metadata)) {
			if !utf8.ValidString(key) || !utf8.ValidString(f.Metadata[key]) {
				return nil, 0, errors.New("metadata " + quote(key) + " is not valid UTF-8")
			}
			h = append(h, before)
			h = appendString(h, key)
			h = append(h, ':')
			h = appendString(h, f.Metadata[key])
			before = ','
		}
		h = append(h, '}')
	}
	seen := map[string]bool{metadataKey: true}
	for _, tensor := range f.Tensors {
		n, err := checkShape(tensor.Shape)
		switch {
		case err != nil:
		case n != len(tensor.Data):
			err = errors.New("shape " + formatShape(tensor.Shape) + " does not hold " +
				strconv.Itoa(len(tensor.Data)) + " values")
		case !utf8.ValidString(tensor.Name):
			err = errors.New("name is not valid UTF-8")
		case seen[tensor.Name]:
			err = errors.New("name is reserved or there twice")
		}
		if err != nil {
			return nil, 0, tensorError(tensor.Name, err.Error())
		}
		seen[tensor.Name] = true
		if len(h) > 1 {
			h = append(h, ',')
		}
		h = appendString(h, tensor.Name)
		h = append(h, `:{"dtype":"`+t.String()+`","shape":`...)
		h = appendInts(h, tensor.Shape)
		h = append(h, `,"data_offsets":`...)
		h = appendInts(h, []int{size, size + n*t.size()})
		h = append(h, '}')
		size += n * t.size()
	}
	h = append(h, '}')
	for len(h)%8 != 0 {
		h = append(h, ' ')
	}
	if len(h) > maxHeader {
		return nil, 0, errors.New("header would be over " + strconv.Itoa(maxHeader) + " bytes")
	}
	return h, size, nil
}

func appendValues(b []byte, values []float32, t DType) ([]byte, error) {
	for i, v := range values {
		if !finite(v) {
			return nil, notFinite(values, i)
		}
		if t == F32 {
			b = appendU32(b, math.Float32bits(v))
			continue
		}
		h, ok := toHalf(v)
		if !ok {
			return nil, errors.New("value " + strconv.Itoa(i) + " is " +
				strconv.FormatFloat(float64(v), 'g', -1, 32) + ", beyond F16's range of ±65504")
		}
		b = append(b, byte(h), byte(h>>8))
	}
	return b, nil
}

func appendU32(b []byte, v uint32) []byte {
	return append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}
