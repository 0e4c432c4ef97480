package wire

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	for _, m := range []Message{
		Load{7, "cvaegan-8", []byte{1, 2, 3}},
		Generate{1<<32 - 1, "m", 1<<32 - 1, []uint8{0, 9, 9}, 5, 100},
		Cancel{3},
		Ready{"wasm-simd"},
		Loaded{1, 8},
		Digits{2, 0, make([]float32, 2*Pixels)},
		Failed{2, "no"},
		Dead{"out of memory"},
	} {
		got, err := Decode(m.Object())
		if err != nil {
			t.Errorf("%T: %v", m, err)
		} else if !reflect.DeepEqual(got, m) {
			t.Errorf("%T came back as %+v", m, got)
		}
	}
}

func TestGenerateAt(t *testing.T) {
	g := Generate{Labels: []uint8{3, 7}, First: 10, Count: 2}
	want := [][2]int{{3, 10}, {3, 11}, {7, 10}, {7, 11}}
	if g.Total() != len(want) {
		t.Fatalf("Total() = %d, want %d", g.Total(), len(want))
	}
	for i, w := range want {
		if label, index := g.At(i); label != w[0] || index != w[1] {
			t.Errorf("At(%d) = %d, %d, want %d, %d", i, label, index, w[0], w[1])
		}
	}
}

func TestTextIsCut(t *testing.T) {
	if _, err := Decode(Dead{strings.Repeat("x", 10000)}.Object()); err != nil {
		t.Error(err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	with := func(m Message, name string, v any) Object {
		o := m.Object()
		o[name] = v
		return o
	}
	generate := Generate{1, "m", 1, []uint8{1}, 0, 1}
	digits := Digits{1, 0, make([]float32, Pixels)}
	for _, test := range []struct {
		o    Object
		want string // part of the error
	}{
		{nil, `no message of kind ""`},
		{Object{"kind": 1.0}, `no message of kind ""`},
		{Object{"kind": "hello"}, `no message of kind "hello"`},
		{Object{"kind": "cancel"}, "cancel: id"},
		{with(Cancel{1}, "id", "1"), "cancel: id"},
		{with(Cancel{1}, "id", -1.0), "cancel: id"},
		{with(Cancel{1}, "id", 0.5), "cancel: id"},
		{with(Cancel{1}, "id", math.NaN()), "cancel: id"},
		{with(Cancel{1}, "id", math.Inf(1)), "cancel: id"},
		{with(Cancel{1}, "id", 1e300), "cancel: id"},
		{with(generate, "seed", float64(1<<32)), "generate: seed"},
		{with(generate, "labels", []byte{}), "generate: labels"},
		{with(generate, "labels", []byte{10}), "labels must be 0 to 9"},
		{with(generate, "labels", make([]byte, 11)), "generate: labels"},
		{with(generate, "labels", []float32{1}), "generate: labels"},
		{with(generate, "count", 0.0), "generate: count"},
		{with(generate, "count", 4001.0), "generate: count"},
		{Generate{1, "m", 1, []uint8{1, 2}, 0, 2001}.Object(), "at most 4000 digits"},
		{with(generate, "first", -1.0), "generate: first"},
		{with(generate, "model", strings.Repeat("x", 65)), "generate: model"},
		{Load{1, "m", nil}.Object(), "load: weights"},
		{with(digits, "pixels", make([]float32, Pixels-1)), "whole digits"},
		{with(digits, "pixels", []byte{1}), "digits: pixels"},
		{with(digits, "first", 4000.0), "digits: first"},
		{Digits{1, 3999, make([]float32, 2*Pixels)}.Object(), "4000 at most"},
		{with(digits, "pixels", append(make([]float32, Pixels-1), 1.5)), "0 to 1"},
		{with(digits, "pixels", append(make([]float32, Pixels-1), float32(math.NaN()))), "0 to 1"},
	} {
		if m, err := Decode(test.o); err == nil {
			t.Errorf("%v was taken as %+v", test.o, m)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: error is %q, want one with %q", test.o, err, test.want)
		}
	}
}

// FuzzDecode shows that whatever an object holds is refused or is a message
// that means the same when sent on.
func FuzzDecode(f *testing.F) {
	f.Add("generate", 1.0, "m", []byte{1, 2}, 5.0, 0.0, 1.0, uint16(0))
	f.Add("digits", 1.0, "m", []byte{1, 2}, 5.0, 0.0, 1.0, uint16(784))
	f.Add("load", 1.0, "m", []byte{1, 2}, 5.0, 0.0, 1.0, uint16(3))
	f.Add("dead", math.NaN(), "\xff", []byte{}, -1.0, 1e300, math.Inf(-1), uint16(9))
	f.Fuzz(func(t *testing.T, kind string, id float64, text string, data []byte, seed, first, count float64, pixels uint16) {
		floats := make([]float32, pixels)
		for i := range floats {
			if len(data) > 0 {
				floats[i] = float32(data[i%len(data)]) / 255
			}
		}
		o := Object{"kind": kind, "id": id, "model": text, "text": text, "kernels": text, "weights": data,
			"labels": data, "seed": seed, "first": first, "count": count, "latent": count, "pixels": floats}
		m, err := Decode(o)
		if err != nil {
			return
		}
		again, err := Decode(m.Object())
		if err != nil {
			t.Fatalf("%+v was taken, but not a second time: %v", m, err)
		}
		if !reflect.DeepEqual(m, again) {
			t.Fatalf("%+v came back as %+v", m, again)
		}
	})
}
