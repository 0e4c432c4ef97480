// Command worker is the compute program of the page: it runs in a Web Worker,
// is handed a decoder's weights, and answers requests for digits. It draws
// nothing, fetches nothing and links no weights.
package main

import (
	"inkling/nn"
	"inkling/wasm/wire"
	"inkling/weights/safetensors"
)

// chunk is the number of digits decoded at a time: few enough that the first
// come at once and a Cancel is soon seen, enough that the pause after each,
// some 40 µs, costs nothing.
const chunk = 10

// compute holds the decoders that were handed in and the requests not yet
// answered in full.
type compute struct {
	reply    func(wire.Message)
	decoders map[string]*nn.Decoder
	jobs     []*job
	z        []float32
	labels   [chunk]uint8
	images   [chunk * nn.Pixels]float32
}

// job is a request for digits of which the first done have been sent.
type job struct {
	wire.Generate
	decoder *nn.Decoder
	done    int
}

func newCompute(reply func(wire.Message)) *compute {
	return &compute{reply: reply, decoders: map[string]*nn.Decoder{}}
}

// take answers a message at once or puts it in the queue for step.
func (c *compute) take(m wire.Message) {
	switch m := m.(type) {
	case wire.Load:
		d, info, err := safetensors.Decoder(m.Model+"/decoder.safetensors", m.Weights)
		if err == nil {
			c.decoders[m.Model] = d
			c.reply(wire.Loaded{ID: m.ID, Latent: info.Latent})
		} else {
			c.reply(wire.Failed{ID: m.ID, Text: err.Error()})
		}
	case wire.Generate:
		if d := c.decoders[m.Model]; d != nil {
			c.jobs = append(c.jobs, &job{Generate: m, decoder: d})
		} else {
			c.reply(wire.Failed{ID: m.ID, Text: "model " + m.Model + " has not been loaded"})
		}
	case wire.Cancel:
		for i, j := range c.jobs {
			if j.ID == m.ID {
				c.jobs = append(c.jobs[:i], c.jobs[i+1:]...)
				break
			}
		}
	}
}

// step decodes and sends the next few digits of the oldest request, and
// reports whether there was one.
func (c *compute) step() bool {
	if len(c.jobs) == 0 {
		return false
	}
	j := c.jobs[0]
	n := min(chunk, j.Total()-j.done)
	latent := j.decoder.Latent()
	if len(c.z) < n*latent {
		c.z = make([]float32, chunk*latent)
	}
	for i := range n {
		label, index := j.At(j.done + i)
		c.labels[i] = uint8(label)
		nn.Sample(c.z[i*latent:(i+1)*latent], uint64(j.Seed), label, index)
	}
	j.decoder.Decode(c.images[:n*nn.Pixels], c.z[:n*latent], c.labels[:n])
	c.reply(wire.Digits{ID: j.ID, First: j.done, Pixels: c.images[:n*nn.Pixels]})
	if j.done += n; j.done == j.Total() {
		c.jobs = c.jobs[1:]
	}
	return true
}
