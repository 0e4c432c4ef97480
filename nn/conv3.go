package nn

import "inkling/nn/kernel"

// conv3 is a 3×3 convolution with stride 1, by Winograd's minimal filtering.
type conv3 struct {
	weight, bias *Param
	inputs       int       // channels of the kernel: in's first
	padded       []float32 // the kernel, and then its gradient, with in's channels; nil where they are the same
	*winograd
}

// newConv3 takes the first inputs channels of in; the rest, which fill vectors, must
// be zero.
func newConv3(name string, in, out kernel.Grid, inputs int) *conv3 {
	c := &conv3{
		weight:   newParam(name+".kernel", 3, 3, inputs, out.Channels),
		bias:     newParam(name+".bias", out.Channels),
		inputs:   inputs,
		winograd: newWinograd(in, out, []int{0}, 1),
	}
	if inputs < in.Channels {
		c.padded = make([]float32, 9*in.Channels*out.Channels)
	}
	return c
}

func (c *conv3) pack() {
	if c.padded == nil {
		c.winograd.pack(c.weight.Value)
		return
	}
	clear(c.padded)
	c.eachTap(func(full, own int) { copy(c.padded[full:], c.weight.Value[own:][:c.inputs*c.width]) })
	c.winograd.pack(c.padded)
}

func (c *conv3) finish() {
	if c.padded == nil {
		c.winograd.finish(c.weight.Grad)
		return
	}
	c.winograd.finish(c.padded)
	c.eachTap(func(full, own int) { copy(c.weight.Grad[own:][:c.inputs*c.width], c.padded[full:]) })
}

// eachTap calls f with the place of each tap in the padded kernel and in its own.
func (c *conv3) eachTap(f func(full, own int)) {
	for tap := range 9 {
		f(tap*c.in.Channels*c.width, tap*c.inputs*c.width)
	}
}
