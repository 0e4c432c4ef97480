package nn

import "inkling/nn/kernel"

// conv is a convolution, TensorFlow's "same":
//
//	y[i][j][o] = b[o] + Σ_{r,s,c} x[i·stride+r−before][j·stride+s−before][c] · W[r][s][c][o]
//
// x and y are images in grids; the border of x holds the padding.
type conv struct {
	weight, bias *Param
	size, stride int
	in, out      kernel.Grid
	forward      *kernel.Product
	source       kernel.Source    // of W as forward's right matrix
	backward     *kernel.Product  // to data; nil where no gradient of x is wanted
	turned       kernel.Source    // of W as backward's
	gradient     *kernel.Gradient // to weights; nil until training
}

// newConv has its kernel of size×size taps in the layout (r, s, c, o). outLen
// is the number of floats from an output image to the next.
func newConv(name string, size, stride int, in, out kernel.Grid, outLen int) *conv {
	c := &conv{
		weight: newParam(name+".kernel", size, size, in.Channels, out.Channels),
		bias:   newParam(name+".bias", out.Channels),
		size:   size, stride: stride, in: in, out: out,
	}
	c.forward = kernel.NewProduct(c.rows(out, outLen), kernel.Columns{Width: out.Channels, To: []int{0}})
	c.source = kernel.Source{Row: kernel.Consecutive(size*size*in.Channels, out.Channels), Column: 1}
	return c
}

// rows are the patches of x, and for each its pixel in the grid out.
func (c *conv) rows(out kernel.Grid, outLen int) kernel.Rows {
	before, _ := kernel.SamePadding(c.in.Side, c.size, c.stride)
	r := kernel.Rows{
		StrideA: c.in.Len(), StrideC: outLen,
		Segments: c.size, Length: c.size * c.in.Channels, Stride: c.in.Row(),
	}
	for i := range out.Side {
		for j := range out.Side {
			r.A = append(r.A, c.in.At(i*c.stride-before, j*c.stride-before))
			r.C = append(r.C, out.At(i, j))
		}
	}
	return r
}

func (c *conv) pack() {
	c.forward.Pack(c.weight.Value, c.source)
	c.forward.PackBias(c.bias.Value, 0)
}

// train prepares the gradients for a batch: dy comes in the grid dOut, and if
// channels > 0, dx of that many of the input's channels is wanted in the grid
// dIn. Stride must be 1 for the latter.
func (c *conv) train(images int, dOut kernel.Grid, dOutLen int, dIn kernel.Grid, channels int) {
	c.gradient = kernel.NewGradient(c.rows(dOut, dOutLen), kernel.Columns{Width: c.out.Channels, To: []int{0}}, images)
	if channels == 0 {
		return
	}
	c.backward = kernel.NewProduct(convDataRows(c.size, dOut, dIn), kernel.Columns{Width: channels, To: []int{0}})
	c.turned = turned(c.size, c.in.Channels, c.out.Channels)
}

// convDataRows are the patches of dy that the gradient of x sums over: a
// convolution of dy with the kernel turned by 180°.
func convDataRows(size int, dOut, dIn kernel.Grid) kernel.Rows {
	before, _ := kernel.SamePadding(dIn.Side, size, 1)
	r := kernel.Rows{
		StrideA: dOut.Len(), StrideC: dIn.Len(),
		Segments: size, Length: size * dOut.Channels, Stride: dOut.Row(),
	}
	for i := range dIn.Side {
		for j := range dIn.Side {
			r.A = append(r.A, dOut.At(i+before-size+1, j+before-size+1))
			r.C = append(r.C, dIn.At(i, j))
		}
	}
	return r
}

func (c *conv) packBackward() { c.backward.Pack(c.weight.Value, c.turned) }

// turned says where the kernel lies as the right matrix of the gradient to
// data: row (r, s, o) of a patch of dy and column c meet in
// W[size−1−r][size−1−s][c][o].
func turned(size, in, out int) kernel.Source {
	var rows []int
	for tap := size*size - 1; tap >= 0; tap-- {
		for o := range out {
			rows = append(rows, tap*in*out+o)
		}
	}
	return kernel.Source{Row: rows, Column: out}
}
