package nn

import "inkling/nn/kernel"

// lastConv is the decoder's last layer, a 5×5 convolution from 32 channels to
// one:
//
//	y[i][j] = b + Σ_{r,s,c} x[i+r−2][j+s−2][c] · W[r][s][c]
//
// With one column, the product is many dot products.
type lastConv struct {
	weight, bias *Param
	forward      *kernel.Dots     // of the upsampled image, in training: dropout stands before it
	folded       *kernel.Dots     // of the image before upsampling, to infer
	backward     *kernel.Product  // to data
	turned       kernel.Source    // of W as backward's right matrix
	gradient     *kernel.Gradient // to weights
	dTaps        []float32        // [25][32], taps in reverse order
}

const lastIn = 32

func newLastConv(name string) *lastConv {
	l := &lastConv{
		weight: newParam(name+".kernel", upTaps, upTaps, lastIn, 1),
		bias:   newParam(name+".bias", 1),
	}
	out := kernel.Grid{Side: Side, Channels: 1}
	r := kernel.Rows{
		StrideA: decUp.Len(), StrideC: out.Len(),
		Segments: upTaps, Length: upTaps * lastIn, Stride: decUp.Row(),
	}
	for i := range Side {
		for j := range Side {
			r.A = append(r.A, decUp.At(i-2, j-2))
			r.C = append(r.C, out.At(i, j))
		}
	}
	l.forward = kernel.NewDots(r, []int{0})
	l.folded = kernel.NewDots(upRows(decConv2, out), upPhases(out))
	return l
}

func (l *lastConv) pack() {
	copy(l.forward.B, l.weight.Value)
	fold(l.folded.B, l.weight.Value, lastIn)
	l.forward.Bias = l.bias.Value[0]
	l.folded.Bias = l.bias.Value[0]
}

func (l *lastConv) train(images int) {
	l.dTaps = make([]float32, upTaps*upTaps*lastIn)
	flat := kernel.Grid{Side: Side, Channels: lastIn}
	l.backward = kernel.NewProduct(convDataRows(upTaps, decGradOut, flat), kernel.Columns{Width: lastIn, To: []int{0}})
	l.turned = turned(upTaps, lastIn, 1)
	// To weights, the roles are exchanged: the 25 taps of dy as rows, the 32
	// channels of x as columns,
	//	dW[4−r][4−s][c] = Σ_{i,j} dy[i+r−2][j+s−2] · x[i][j][c],
	// which fills the micro-kernel's columns.
	r := convDataRows(upTaps, decGradOut, flat)
	r.C, r.StrideC = nil, decUp.Len()
	for i := range Side {
		for j := range Side {
			r.C = append(r.C, decUp.At(i, j))
		}
	}
	l.gradient = kernel.NewGradient(r, kernel.Columns{Width: lastIn, To: []int{0}}, images)
}

func (l *lastConv) packBackward() {
	l.backward.Pack(l.weight.Value, l.turned)
}

// finish turns the taps' gradients round and sums the bias's.
func (l *lastConv) finish(dy []float32, images int) {
	n := upTaps * upTaps
	for t := range n {
		copy(l.weight.Grad[(n-1-t)*lastIn:][:lastIn], l.dTaps[t*lastIn:])
	}
	var sum float64
	for _, v := range dy[:images*decGradOut.Len()] {
		sum += float64(v)
	}
	l.bias.Grad[0] = float32(sum)
}
