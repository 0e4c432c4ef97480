package safetensors

import (
	"errors"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"
)

// entry is what the header says of one tensor.
type entry struct {
	name       string
	dtype      DType
	shape      []int
	begin, end int // position in the data
}

// parseHeader reads the header's JSON: an object of tensors by name and,
// optionally, of the metadata. It allocates in proportion to the header.
func parseHeader(header []byte) (metadata map[string]string, entries []entry, err error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, errors.New("header must begin with {")
	}
	if !utf8.Valid(header) {
		return nil, nil, errors.New("header is not valid UTF-8")
	}
	p := &parser{in: header}
	seen := map[string]bool{}
	err = p.object(func(name string) error {
		if seen[name] {
			return errors.New(quote(name) + " is there twice")
		}
		seen[name] = true
		if name == metadataKey {
			metadata, err = p.metadata()
			return err
		}
		e, err := p.tensor()
		if err != nil {
			return tensorError(name, err.Error())
		}
		e.name = name
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	for _, c := range header[p.pos:] {
		if c != ' ' {
			return nil, nil, errors.New("header is followed by more than spaces")
		}
	}
	return metadata, entries, nil
}

// metadata reads an object of strings.
func (p *parser) metadata() (map[string]string, error) {
	m := map[string]string{}
	err := p.object(func(key string) error {
		if _, ok := m[key]; ok {
			return errors.New("metadata key " + quote(key) + " is there twice")
		}
		value, err := p.string()
		m[key] = value
		return err
	})
	return m, err
}

// tensor reads {"dtype": …, "shape": […], "data_offsets": [begin, end]}.
func (p *parser) tensor() (entry, error) {
	var e entry
	fields := [...]string{"dtype", "shape", "data_offsets"}
	var seen [len(fields)]bool
	err := p.object(func(key string) error {
		field := slices.Index(fields[:], key)
		if field < 0 {
			return errors.New("unknown field " + quote(key))
		}
		if seen[field] {
			return errors.New(key + " is there twice")
		}
		seen[field] = true
		var err error
		switch key {
		case "dtype":
			e.dtype, err = p.dtype()
		case "shape":
			e.shape, err = p.ints(maxRank)
		case "data_offsets":
			var offsets []int
			offsets, err = p.ints(2)
			if err == nil && len(offsets) != 2 {
				err = errors.New("data_offsets must be two numbers")
			}
			if err == nil {
				e.begin, e.end = offsets[0], offsets[1]
			}
		}
		return err
	})
	if err != nil {
		return entry{}, err
	}
	for i, ok := range seen {
		if !ok {
			return entry{}, errors.New(fields[i] + " is missing")
		}
	}
	return e, nil
}

func (p *parser) dtype() (DType, error) {
	s, err := p.string()
	if err != nil {
		return 0, err
	}
	for _, t := range []DType{F32, F16} {
		if s == t.String() {
			return t, nil
		}
	}
	return 0, errors.New("dtype is " + quote(s) + ", must be F32 or F16")
}

// checkShape returns the number of values that a shape has room for.
func checkShape(shape []int) (int, error) {
	if len(shape) > maxRank {
		return 0, errors.New("shape has more than " + strconv.Itoa(maxRank) + " dimensions")
	}
	// The largest product whose bytes can still be counted.
	const limit = math.MaxInt / 4
	n := uint(1)
	for _, d := range shape {
		high, low := bits.Mul(n, uint(d))
		if d < 0 || high != 0 || low > limit {
			return 0, errors.New("shape " + formatShape(shape) + " is impossible")
		}
		n = low
	}
	return int(n), nil
}

// formatShape writes a shape as the header does: [5,5,128,64].
func formatShape(shape []int) string {
	return string(appendInts(nil, shape))
}

func appendInts(b []byte, ints []int) []byte {
	b = append(b, '[')
	for i, n := range ints {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}

func tensorError(name, problem string) error {
	return errors.New("tensor " + quote(name) + ": " + problem)
}

// quote makes a name from a file fit to print: on one line, and not for ever.
func quote(s string) string {
	const limit = 100
	if len(s) > limit {
		s = s[:limit] + "…"
	}
	return strconv.Quote(s)
}
