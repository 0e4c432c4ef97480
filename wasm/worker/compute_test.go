package main

import (
	"slices"
	"strings"
	"testing"

	"inkling/nn"
	"inkling/wasm/wire"
	"inkling/weights/safetensors"
)

// testDecoder returns a small decoder with weights of noise, and its file.
func testDecoder(t *testing.T) (*nn.Decoder, []byte) {
	t.Helper()
	d := nn.NewDecoder(2)
	for i, p := range d.Params() {
		nn.Noise{Seed: 1}.Normal(p.Value, nn.PurposeInit, 0, uint32(i))
		for j := range p.Value {
			p.Value[j] /= 16
		}
	}
	d.Pack()
	info := safetensors.Info{Model: "cvaegan", Latent: 2, Recipe: "test", DataSHA256: strings.Repeat("0", 64)}
	data, err := safetensors.Encode(safetensors.FromParams(d.Params(), info.Metadata()), safetensors.F32)
	if err != nil {
		t.Fatal(err)
	}
	return d, data
}

// newTest returns a compute with the test decoder loaded as "test", and what
// it has said since.
func newTest(t *testing.T) (*compute, *nn.Decoder, *[]wire.Message) {
	t.Helper()
	d, data := testDecoder(t)
	said := new([]wire.Message)
	c := newCompute(func(m wire.Message) {
		if d, ok := m.(wire.Digits); ok {
			d.Pixels = slices.Clone(d.Pixels) // the next step writes there
			m = d
		}
		*said = append(*said, m)
	})
	c.take(wire.Load{ID: 1, Model: "test", Weights: data})
	if want := (wire.Loaded{ID: 1, Latent: 2}); len(*said) != 1 || (*said)[0] != want {
		t.Fatalf("the answer to Load is %+v, want %+v", *said, want)
	}
	*said = nil
	return c, d, said
}

// Every digit of a request comes once, in order, and is what the network makes
// of the same seed, label and index by itself.
func TestGenerate(t *testing.T) {
	c, d, said := newTest(t)
	g := wire.Generate{ID: 2, Model: "test", Seed: 1<<32 - 1, Labels: []uint8{9, 0, 4}, First: 3, Count: 7}
	c.take(g)
	for c.step() {
	}
	i := 0
	z, want := make([]float32, 2), make([]float32, nn.Pixels)
	for _, m := range *said {
		digits, ok := m.(wire.Digits)
		if !ok || digits.ID != g.ID || digits.First != i {
			t.Fatalf("after %d digits came %T with id %d, first %d", i, m, digits.ID, digits.First)
		}
		for len(digits.Pixels) > 0 {
			label, index := g.At(i)
			nn.Sample(z, uint64(g.Seed), label, index)
			d.Decode(want, z, []uint8{uint8(label)})
			if !slices.Equal(digits.Pixels[:nn.Pixels], want) {
				t.Fatalf("digit %d is not that of label %d, index %d", i, label, index)
			}
			digits.Pixels = digits.Pixels[nn.Pixels:]
			i++
		}
	}
	if i != g.Total() {
		t.Errorf("%d digits came, want %d", i, g.Total())
	}
}

func TestRequestsAreAnsweredInTurn(t *testing.T) {
	c, _, said := newTest(t)
	for id := range uint32(3) {
		c.take(wire.Generate{ID: id, Model: "test", Labels: []uint8{1}, Count: 2 * chunk})
	}
	c.step()
	c.take(wire.Cancel{ID: 0}) // half done
	c.take(wire.Cancel{ID: 1}) // waiting
	c.take(wire.Cancel{ID: 9}) // unknown
	for c.step() {
	}
	var ids []uint32
	for _, m := range *said {
		ids = append(ids, m.(wire.Digits).ID)
	}
	if want := []uint32{0, 2, 2}; !slices.Equal(ids, want) {
		t.Errorf("answers came to requests %v, want %v", ids, want)
	}
}

func TestFailures(t *testing.T) {
	_, data := testDecoder(t)
	for _, test := range []struct {
		name string
		m    wire.Message
		want string
	}{
		{"weights cut short", wire.Load{ID: 5, Model: "cut", Weights: data[:len(data)/2]}, "cut/decoder.safetensors"},
		{"no weights at all", wire.Load{ID: 5, Model: "none", Weights: []byte("<!DOCTYPE html>")}, "none/decoder.safetensors"},
		{"model not loaded", wire.Generate{ID: 5, Model: "other", Labels: []uint8{1}, Count: 1}, "model other"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _, said := newTest(t)
			c.take(test.m)
			if len(*said) != 1 {
				t.Fatalf("%d answers, want 1", len(*said))
			}
			f, ok := (*said)[0].(wire.Failed)
			if !ok || f.ID != 5 || !strings.Contains(f.Text, test.want) {
				t.Errorf("the answer is %+v, want a failure with %q", (*said)[0], test.want)
			}
			if c.step() {
				t.Error("there was something to compute")
			}
		})
	}
}
