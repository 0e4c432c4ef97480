package web

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"inkling/wasm/wire"
)

// fakeWorker answers as a worker does, except where a test says otherwise.
type fakeWorker struct {
	deliver func(wire.Message)
	first   wire.Message                 // nil: Ready
	load    func(wire.Load) wire.Message // nil: Loaded
	digits  func(wire.Generate) []wire.Message

	mu     sync.Mutex
	got    []wire.Message
	closed bool
}

func (f *fakeWorker) Post(m wire.Message) {
	f.mu.Lock()
	f.got = append(f.got, m)
	f.mu.Unlock()
	var answers []wire.Message
	switch m := m.(type) {
	case wire.Load:
		answers = []wire.Message{wire.Loaded{ID: m.ID, Latent: 8}}
		if f.load != nil {
			answers[0] = f.load(m)
		}
	case wire.Generate:
		answers = f.digits(m)
	}
	go func() {
		for _, a := range answers {
			f.deliver(a)
		}
	}()
}

func (f *fakeWorker) Close() { f.closed = true }

// posted returns the kinds of message that the worker was sent.
func (f *fakeWorker) posted() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var kinds []string
	for _, m := range f.got {
		kinds = append(kinds, m.Object()["kind"].(string))
	}
	return strings.Join(kinds, " ")
}

// inTwos answers a request with two digits at a time, each full of its number.
func inTwos(g wire.Generate) (answers []wire.Message) {
	for i := 0; i < g.Total(); i += 2 {
		d := wire.Digits{ID: g.ID, First: i}
		for j := i; j < min(i+2, g.Total()); j++ {
			d.Pixels = append(d.Pixels, slices.Repeat([]float32{float32(j) / 100}, wire.Pixels)...)
		}
		answers = append(answers, d)
	}
	return answers
}

// newTestClient returns a client whose workers are started by next, and a
// pointer to the number of times that weights were fetched.
func newTestClient(next func() *fakeWorker) (*Client, *int) {
	fetches := new(int)
	return &Client{
		Open: func(deliver func(wire.Message)) Port {
			f := next()
			f.deliver = deliver
			if f.first == nil {
				f.first = wire.Ready{}
			}
			go deliver(f.first)
			return f
		},
		Weights: func(model string) ([]byte, error) {
			*fetches++
			if model == "missing" {
				return nil, errors.New("the server answers 404")
			}
			return []byte(model), nil
		},
	}, fetches
}

var seven = wire.Generate{Model: "m", Seed: 5, Labels: []uint8{7}, Count: 5}

func generate(c *Client, g wire.Generate) (digits int, err error) {
	_, err = c.Generate(context.Background(), g, func(first int, pixels []float32) {
		if first != digits {
			panic("digits came out of order")
		}
		digits += len(pixels) / wire.Pixels
	})
	return digits, err
}

func TestClientGenerates(t *testing.T) {
	w := &fakeWorker{digits: inTwos}
	starts := 0
	c, fetches := newTestClient(func() *fakeWorker { starts++; return w })
	for range 3 {
		if n, err := generate(c, seven); n != 5 || err != nil {
			t.Fatalf("%d digits and error %v, want 5 and none", n, err)
		}
	}
	if starts != 1 || *fetches != 1 {
		t.Errorf("%d workers were started and weights fetched %d times, want once each", starts, *fetches)
	}
	if got, want := w.posted(), "load generate generate generate"; got != want {
		t.Errorf("the worker was sent %q, want %q", got, want)
	}
}

func TestClientSaysWhatFailed(t *testing.T) {
	other := seven
	other.Model = "missing"
	for _, test := range []struct {
		name   string
		worker *fakeWorker
		g      wire.Generate
		want   string
	}{
		{"weights missing", &fakeWorker{}, other, "404"},
		{"weights refused", &fakeWorker{load: func(m wire.Load) wire.Message {
			return wire.Failed{ID: m.ID, Text: "decoder.conv1.kernel is missing"}
		}}, seven, "conv1.kernel"},
		{"request refused", &fakeWorker{digits: func(g wire.Generate) []wire.Message {
			return []wire.Message{wire.Failed{ID: g.ID, Text: "no room"}}
		}}, seven, "no room"},
		{"death half way", &fakeWorker{digits: func(g wire.Generate) []wire.Message {
			return append(inTwos(g)[:1], wire.Dead{Text: "out of memory"})
		}}, seven, "out of memory"},
		{"digits out of order", &fakeWorker{digits: func(g wire.Generate) []wire.Message {
			return inTwos(g)[1:]
		}}, seven, "not asked for"},
		{"too many digits", &fakeWorker{digits: func(g wire.Generate) []wire.Message {
			g.Count += 2
			return inTwos(g)[:4]
		}}, seven, "not asked for"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := newTestClient(func() *fakeWorker { return test.worker })
			if _, err := generate(c, test.g); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
}

// After a death the next request starts a new worker and gives it the weights.
func TestClientReplacesDeadWorker(t *testing.T) {
	dying := &fakeWorker{first: wire.Dead{Text: "never started"}}
	healthy := &fakeWorker{digits: inTwos}
	queue := []*fakeWorker{dying, healthy}
	c, fetches := newTestClient(func() *fakeWorker {
		w := queue[0]
		queue = queue[1:]
		return w
	})
	if _, err := generate(c, seven); err == nil || err.Error() != "never started" {
		t.Errorf("error is %v", err)
	}
	if n, err := generate(c, seven); n != 5 || err != nil {
		t.Errorf("then %d digits and error %v, want 5 and none", n, err)
	}
	if !dying.closed || *fetches != 2 {
		t.Errorf("dead worker closed: %v, weights fetched %d times, want true and 2", dying.closed, *fetches)
	}
}

func TestClientCancels(t *testing.T) {
	asked := make(chan struct{})
	w := &fakeWorker{digits: func(wire.Generate) []wire.Message { close(asked); return nil }}
	c, _ := newTestClient(func() *fakeWorker { return w })
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-asked; cancel() }()
	if _, err := c.Generate(ctx, seven, func(int, []float32) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
	if got, want := w.posted(), "load generate cancel"; got != want {
		t.Errorf("the worker was sent %q, want %q", got, want)
	}
}
