package safetensors

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
)

// Decode reads a file's content. Its name serves the error messages only. The
// result shares no memory with data and is at most a small multiple of it.
func Decode(name string, data []byte) (*File, error) {
	metadata, entries, values, err := split(data)
	if err != nil {
		return nil, errors.New(name + ": " + err.Error())
	}
	f := &File{Name: name, Metadata: metadata, Tensors: make([]Tensor, len(entries))}
	for i, e := range entries {
		t := Tensor{Name: e.name, Shape: e.shape}
		t.Data, err = decodeValues(values[e.begin:e.end], e.dtype)
		if err != nil {
			return nil, errors.New(name + ": " + tensorError(e.name, err.Error()).Error())
		}
		f.Tensors[i] = t
	}
	return f, nil
}

// split takes a file apart and checks all of its structure. The entries come
// in the order of their data.
func split(data []byte) (metadata map[string]string, entries []entry, values []byte, err error) {
	const prefix = 8
	if len(data) < prefix {
		return nil, nil, nil, errors.New("too short for a safetensors file")
	}
	length := uint64(u32(data)) | uint64(u32(data[4:]))<<32
	if length > maxHeader {
		return nil, nil, nil, errors.New("header of " + strconv.FormatUint(length, 10) +
			" bytes, at most " + strconv.Itoa(maxHeader) + " are allowed: not a safetensors file?")
	}
	if length > uint64(len(data)-prefix) {
		return nil, nil, nil, errors.New("file is cut short: it ends within its header")
	}
	values = data[prefix+length:]
	metadata, entries, err = parseHeader(data[prefix : prefix+length])
	if err == nil {
		err = checkTiling(entries, len(values))
	}
	return metadata, entries, values, err
}

// checkTiling sorts the entries by position and checks that each is as long as
// its shape says and that together they are the data, size bytes.
func checkTiling(entries []entry, size int) error {
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	covered := 0
	for _, e := range entries {
		n, err := checkShape(e.shape)
		if err != nil {
			return tensorError(e.name, err.Error())
		}
		n *= e.dtype.size()
		position := "data_offsets " + formatShape([]int{e.begin, e.end})
		switch {
		case e.begin > e.end || e.end-e.begin != n:
			return tensorError(e.name, position+" are not the "+strconv.Itoa(n)+
				" bytes of "+e.dtype.String()+" "+formatShape(e.shape))
		case e.end > size:
			return tensorError(e.name, position+" are beyond the "+strconv.Itoa(size)+
				" bytes of data: file is cut short")
		case e.begin < covered:
			return tensorError(e.name, position+" overlap another tensor")
		case e.begin > covered:
			return tensorError(e.name, position+" leave a hole before the tensor")
		}
		covered = e.end
	}
	if covered < size {
		return errors.New(strconv.Itoa(size-covered) + " bytes follow the last tensor")
	}
	return nil
}

func decodeValues(b []byte, t DType) ([]float32, error) {
	values := make([]float32, len(b)/t.size())
	for i := range values {
		if t == F16 {
			values[i] = fromHalf(uint16(b[2*i]) | uint16(b[2*i+1])<<8)
		} else {
			values[i] = math.Float32frombits(u32(b[4*i:]))
		}
		if !finite(values[i]) {
			return nil, notFinite(values, i)
		}
	}
	return values, nil
}

func finite(f float32) bool { return f-f == 0 }

func notFinite(values []float32, i int) error {
	return errors.New("value " + strconv.Itoa(i) + " is " +
		strconv.FormatFloat(float64(values[i]), 'g', -1, 32))
}

func u32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}
