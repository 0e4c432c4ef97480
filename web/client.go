package web

import (
	"context"
	"errors"
	"sync"
	"time"

	"inkling/wasm/wire"
)

// Port is the page's end of a compute worker.
type Port interface {
	// Post sends a message.
	Post(wire.Message)
	// Close ends the worker, whatever it is doing.
	Close()
}

// Client has digits computed by a worker. It starts one when it is first
// needed, hands it the weights that a request is for, and forgets a worker
// that has died, so that the next request starts another. Its methods may be
// called from several goroutines.
type Client struct {
	// Open starts a worker and returns at once. What the worker says is
	// delivered from then on.
	Open func(deliver func(wire.Message)) Port
	// Weights fetches the decoder's weights file of a model.
	Weights func(model string) ([]byte, error)

	mu     sync.Mutex
	worker *worker
	lastID uint32
}

// worker is a worker that has been started and what is waited for from it.
type worker struct {
	port  Port
	ready chan struct{} // closed when its program runs
	dead  chan struct{} // closed when it has ended
	cause error         // why, once dead is closed

	loading sync.Mutex // held while weights are fetched and handed in
	loaded  map[string]bool

	mu   sync.Mutex
	mail map[uint32]chan wire.Message // by the id of a request
}

// Generate asks for digits and calls show with them as they come: number
// first and those after it, 784 pixels each. It returns how long that took,
// starting when the worker and the weights were there, or a sentence that says
// why it can't be; it returns ctx's error when ctx ends first, and then the
// worker stops computing. The request's ID is ignored.
func (c *Client) Generate(ctx context.Context, g wire.Generate, show func(first int, pixels []float32)) (took time.Duration, err error) {
	w := c.running()
	if err := c.load(w, g.Model); err != nil {
		return 0, err
	}
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	began := time.Now()
	g.ID = c.nextID()
	// A message holds one digit or more, so the worker never has to wait.
	replies := w.expect(g.ID, g.Total())
	defer w.forget(g.ID)
	w.port.Post(g)
	for shown := 0; shown < g.Total(); {
		m, err := w.next(ctx, replies)
		if err != nil {
			if ctx.Err() != nil {
				w.port.Post(wire.Cancel{ID: g.ID})
			}
			return 0, err
		}
		d, ok := m.(wire.Digits)
		if !ok || d.First != shown || shown+len(d.Pixels)/wire.Pixels > g.Total() {
			return 0, errors.New("the compute program gave an answer that was not asked for")
		}
		show(d.First, d.Pixels)
		shown += len(d.Pixels) / wire.Pixels
	}
	return time.Since(began), nil
}

// running returns the worker, a new one if there is none alive.
func (c *Client) running() *worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.worker != nil {
		select {
		case <-c.worker.dead:
			c.worker.port.Close()
		default:
			return c.worker
		}
	}
	w := &worker{
		ready:  make(chan struct{}),
		dead:   make(chan struct{}),
		loaded: map[string]bool{},
		mail:   map[uint32]chan wire.Message{},
	}
	w.port = c.Open(w.deliver)
	c.worker = w
	return w
}

func (c *Client) nextID() uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastID++
	return c.lastID
}

// load waits until the worker runs and has the weights of the model. The
// weights are fetched while its program is on its way. It is not given up when
// a request is: the next one will want the model too.
func (c *Client) load(w *worker, model string) error {
	w.loading.Lock()
	defer w.loading.Unlock()
	if w.loaded[model] {
		return nil
	}
	weights, err := c.Weights(model)
	if err != nil {
		return err
	}
	select {
	case <-w.ready:
	case <-w.dead:
		return w.cause
	}
	id := c.nextID()
	replies := w.expect(id, 1)
	defer w.forget(id)
	w.port.Post(wire.Load{ID: id, Model: model, Weights: weights})
	if _, err := w.next(context.Background(), replies); err != nil {
		return err
	}
	w.loaded[model] = true
	return nil
}

// deliver takes what the worker says. It never waits: it is called from the
// browser's event loop.
func (w *worker) deliver(m wire.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var id uint32
	switch m := m.(type) {
	case wire.Ready:
		closeOnce(w.ready)
		return
	case wire.Dead:
		if w.cause == nil {
			w.cause = errors.New(m.Text)
			close(w.dead)
		}
		return
	case wire.Loaded:
		id = m.ID
	case wire.Digits:
		id = m.ID
	case wire.Failed:
		id = m.ID
	}
	if replies, ok := w.mail[id]; ok && len(replies) < cap(replies) {
		replies <- m
	}
}

// closeOnce closes a channel that may have been closed. Only deliver calls
// it, under its lock.
func closeOnce(c chan struct{}) {
	select {
	case <-c:
	default:
		close(c)
	}
}

// expect makes room for n answers to a request.
func (w *worker) expect(id uint32, n int) <-chan wire.Message {
	replies := make(chan wire.Message, n)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mail[id] = replies
	return replies
}

// forget drops answers to a request that are still to come.
func (w *worker) forget(id uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.mail, id)
}

// next waits for an answer. One that says the request failed is an error.
func (w *worker) next(ctx context.Context, replies <-chan wire.Message) (wire.Message, error) {
	select {
	case m := <-replies:
		if f, ok := m.(wire.Failed); ok {
			return nil, errors.New(f.Text)
		}
		return m, nil
	case <-w.dead:
		return nil, w.cause
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
