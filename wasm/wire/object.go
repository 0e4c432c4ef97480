package wire

import (
	"errors"
	"strconv"
)

// Object holds the properties of a message's JavaScript object. Its values
// are float64, string, []byte (a Uint8Array) and []float32 (a Float32Array).
type Object map[string]any

// reader takes properties out of an Object and keeps the first complaint.
type reader struct {
	o   Object
	err error
}

func (r *reader) fail(text string) {
	if r.err == nil {
		r.err = errors.New(text)
	}
}

// whole returns a whole number from min to max.
func (r *reader) whole(name string, min, max float64) float64 {
	v, ok := r.o[name].(float64)
	// The negated comparison refuses NaN too.
	if !ok || !(v >= min && v <= max) || v != float64(int64(v)) {
		r.fail(name + " must be a whole number from " + strconv.FormatInt(int64(min), 10) +
			" to " + strconv.FormatInt(int64(max), 10))
		return min
	}
	return v
}

// text returns a string of at most max bytes.
func (r *reader) text(name string, max int) string {
	v, ok := r.o[name].(string)
	if !ok || len(v) > max {
		r.fail(name + " must be a string of at most " + strconv.Itoa(max) + " bytes")
		return ""
	}
	return v
}

// bytes returns a Uint8Array of 1 to max elements.
func (r *reader) bytes(name string, max int) []byte {
	v, ok := r.o[name].([]byte)
	if !ok || len(v) == 0 || len(v) > max {
		r.fail(name + " must be a Uint8Array of 1 to " + strconv.Itoa(max) + " elements")
		return nil
	}
	return v
}

// floats returns a Float32Array of 1 to max elements.
func (r *reader) floats(name string, max int) []float32 {
	v, ok := r.o[name].([]float32)
	if !ok || len(v) == 0 || len(v) > max {
		r.fail(name + " must be a Float32Array of 1 to " + strconv.Itoa(max) + " elements")
		return nil
	}
	return v
}
