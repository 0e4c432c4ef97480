package wire

import (
	"errors"
	"strconv"
)

// Limits that both sides hold a message to.
const (
	Pixels     = 784      // of one digit
	Classes    = 10       // labels 0 to 9
	MaxDigits  = 4000     // that one Generate may ask for
	MaxWeights = 64 << 20 // bytes of a weights file
	maxName    = 64
	maxText    = 2000
	maxID      = 1<<32 - 1
)

// Message is one of the types below.
type Message interface {
	// Object returns the message as properties, sharing its slices.
	Object() Object
}

// Load hands the worker a decoder's weights file under the model's name.
type Load struct {
	ID      uint32
	Model   string
	Weights []byte
}

// Generate asks for digits: for each of Labels in order, those with index
// First to First+Count−1 under Seed.
type Generate struct {
	ID           uint32
	Model        string
	Seed         uint32
	Labels       []uint8
	First, Count int
}

// Total returns the number of digits asked for.
func (m Generate) Total() int { return len(m.Labels) * m.Count }

// At returns the label and index of digit number i in the order of the answer.
func (m Generate) At(i int) (label, index int) {
	return int(m.Labels[i/m.Count]), m.First + i%m.Count
}

// Cancel asks the worker to forget request ID. There is no answer; Digits
// already under way may still come.
type Cancel struct{ ID uint32 }

// Ready tells that the worker's program runs, and on which kernels.
type Ready struct{ Kernels string }

// Loaded answers Load.
type Loaded struct {
	ID     uint32
	Latent int
}

// Digits answers Generate with some of its digits: number First of the answer
// and those that follow. Pixels are 0 to 1, ink 1, 784 a digit.
type Digits struct {
	ID     uint32
	First  int
	Pixels []float32
}

// Failed answers a request that can't be met with a sentence that says why.
type Failed struct {
	ID   uint32
	Text string
}

// Dead tells that the worker's program has ended, or never started, and why.
type Dead struct{ Text string }

// Object implements Message.
func (m Load) Object() Object {
	return Object{"kind": "load", "id": float64(m.ID), "model": m.Model, "weights": m.Weights}
}

// Object implements Message.
func (m Generate) Object() Object {
	return Object{"kind": "generate", "id": float64(m.ID), "model": m.Model, "seed": float64(m.Seed),
		"labels": []byte(m.Labels), "first": float64(m.First), "count": float64(m.Count)}
}

// Object implements Message.
func (m Cancel) Object() Object {
	return Object{"kind": "cancel", "id": float64(m.ID)}
}

// Object implements Message.
func (m Ready) Object() Object {
	return Object{"kind": "ready", "kernels": m.Kernels}
}

// Object implements Message.
func (m Loaded) Object() Object {
	return Object{"kind": "loaded", "id": float64(m.ID), "latent": float64(m.Latent)}
}

// Object implements Message.
func (m Digits) Object() Object {
	return Object{"kind": "digits", "id": float64(m.ID), "first": float64(m.First), "pixels": m.Pixels}
}

// Object implements Message. A text beyond the limit is cut.
func (m Failed) Object() Object {
	return Object{"kind": "failed", "id": float64(m.ID), "text": cut(m.Text)}
}

// Object implements Message. A text beyond the limit is cut.
func (m Dead) Object() Object {
	return Object{"kind": "dead", "text": cut(m.Text)}
}

func cut(s string) string {
	if len(s) > maxText {
		// Bytes that a cut character leaves behind are not valid UTF-8, which
		// JavaScript shows as a replacement mark.
		s = s[:maxText]
	}
	return s
}

// Decode returns the message that an object holds. It shares the object's
// slices. An object that is no message, or one beyond the limits above, is an
// error that names the kind and the property.
func Decode(o Object) (Message, error) {
	kind, _ := o["kind"].(string)
	r := &reader{o: o}
	id := func() uint32 { return uint32(r.whole("id", 0, maxID)) }
	var m Message
	switch kind {
	case "load":
		m = Load{id(), r.text("model", maxName), r.bytes("weights", MaxWeights)}
	case "generate":
		m = r.generate(id())
	case "cancel":
		m = Cancel{id()}
	case "ready":
		m = Ready{r.text("kernels", maxName)}
	case "loaded":
		m = Loaded{id(), int(r.whole("latent", 1, 1<<16))}
	case "digits":
		m = r.digits(id())
	case "failed":
		m = Failed{id(), r.text("text", maxText)}
	case "dead":
		m = Dead{r.text("text", maxText)}
	default:
		if len(kind) > maxName {
			kind = kind[:maxName]
		}
		return nil, errors.New("wire: there is no message of kind " + strconv.Quote(kind))
	}
	if r.err != nil {
		return nil, errors.New("wire: " + kind + ": " + r.err.Error())
	}
	return m, nil
}

func (r *reader) generate(id uint32) Generate {
	m := Generate{
		ID:     id,
		Model:  r.text("model", maxName),
		Seed:   uint32(r.whole("seed", 0, maxID)),
		Labels: r.bytes("labels", Classes),
		First:  int(r.whole("first", 0, 1<<31-1-MaxDigits)),
		Count:  int(r.whole("count", 1, MaxDigits)),
	}
	for _, l := range m.Labels {
		if l >= Classes {
			r.fail("labels must be 0 to 9")
		}
	}
	if m.Total() > MaxDigits {
		r.fail("at most " + strconv.Itoa(MaxDigits) + " digits can be asked for at once")
	}
	return m
}

func (r *reader) digits(id uint32) Digits {
	m := Digits{id, int(r.whole("first", 0, MaxDigits-1)), r.floats("pixels", MaxDigits*Pixels)}
	if len(m.Pixels)%Pixels != 0 || m.First+len(m.Pixels)/Pixels > MaxDigits {
		r.fail("pixels must be those of whole digits, " + strconv.Itoa(MaxDigits) + " at most")
	}
	for _, p := range m.Pixels {
		if !(p >= 0 && p <= 1) {
			r.fail("pixels must be 0 to 1")
			break
		}
	}
	return m
}
