package nn

import "inkling/nn/kernel"

// dense is y = x·W + b with W of (in, out).
type dense struct {
	weight, bias  *Param
	in, out       int
	inLen, outLen int // floats from an image to the next
	to            kernel.Columns
	forward       *kernel.Product
	source        kernel.Source // of W as forward's right matrix
	backward      *kernel.Product
	transposed    kernel.Source // of W as backward's
	gradient      *kernel.Gradient
}

// newDense writes its outputs as the columns to, which may scatter them in
// groups.
func newDense(name string, in, inLen int, to kernel.Columns, outLen int) *dense {
	out := to.Width * len(to.To)
	d := &dense{
		weight: newParam(name+".kernel", in, out), bias: newParam(name+".bias", out),
		in: in, out: out, inLen: inLen, outLen: outLen, to: to,
	}
	d.forward = kernel.NewProduct(d.rows(outLen), to)
	d.source = kernel.Source{Row: kernel.Consecutive(in, out), Group: to.Width, Column: 1}
	return d
}

func (d *dense) rows(outLen int) kernel.Rows {
	return kernel.Rows{
		A: []int{0}, C: []int{0}, StrideA: d.inLen, StrideC: outLen,
		Segments: 1, Length: d.in,
	}
}

func (d *dense) pack() {
	d.forward.Pack(d.weight.Value, d.source)
	d.forward.PackBias(d.bias.Value, d.to.Width)
}

// train prepares the gradients for a batch: dy comes in dOutLen floats an
// image, [out] in order; dx of the first inputs inputs is wanted, dInLen floats
// an image.
func (d *dense) train(images, dOutLen, inputs, dInLen int) {
	flat := kernel.Columns{Width: d.out, To: []int{0}}
	d.gradient = kernel.NewGradient(d.rows(dOutLen), flat, images)
	d.backward = kernel.NewProduct(kernel.Rows{
		A: []int{0}, C: []int{0}, StrideA: dOutLen, StrideC: dInLen,
		Segments: 1, Length: d.out,
	}, kernel.Columns{Width: inputs, To: []int{0}})
	d.transposed = kernel.Source{Row: kernel.Consecutive(d.out, 1), Column: d.out}
}

// packBackward packs Wᵀ: dx = dy·Wᵀ.
func (d *dense) packBackward() { d.backward.Pack(d.weight.Value, d.transposed) }
