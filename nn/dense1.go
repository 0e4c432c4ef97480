package nn

import "inkling/nn/kernel"

// dense1 is a dense layer with one output, y = x·w + b: a dot product. Inputs
// must be a multiple of 16.
type dense1 struct {
	weight, bias *Param
	in           int
	forward      *kernel.Dots
}

func newDense1(name string, in int) *dense1 {
	return &dense1{
		weight: newParam(name+".kernel", in, 1), bias: newParam(name+".bias", 1), in: in,
		forward: kernel.NewDots(kernel.Rows{
			A: []int{0}, C: []int{0}, StrideA: in, StrideC: 1, Segments: 1, Length: in,
		}, []int{0}),
	}
}

func (d *dense1) pack() {
	copy(d.forward.B, d.weight.Value)
	d.forward.Bias = d.bias.Value[0]
}

// grad sums the gradients over a batch in its order: dw = Σ dy·x, db = Σ dy.
// dx = dy·w is one line where it is used.
func (d *dense1) grad(x, dy []float32) {
	clear(d.weight.Grad)
	d.bias.Grad[0] = 0
	for i, g := range dy {
		for j, v := range x[i*d.in:][:d.in] {
			d.weight.Grad[j] += g * v
		}
		d.bias.Grad[0] += g
	}
}
