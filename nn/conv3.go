package nn

import "inkling/nn/kernel"

// conv3 is a 3×3 convolution with stride 1, by Winograd's minimal filtering.
type conv3 struct {
	weight, bias *Param
	*winograd
}

func newConv3(name string, in, out kernel.Grid) *conv3 {
	return &conv3{
		weight:   newParam(name+".kernel", 3, 3, in.Channels, out.Channels),
		bias:     newParam(name+".bias", out.Channels),
		winograd: newWinograd(in, out, []int{0}, 1),
	}
}

func (c *conv3) pack() { c.winograd.pack(c.weight.Value) }

func (c *conv3) finish() { c.winograd.finish(c.weight.Grad) }
