package nn

import "inkling/nn/kernel"

// The layouts of the decoder's gradients: that of the logits has the border that
// the convolution back to data reads.
var (
	decGrad2   = kernel.Grid{Side: 14, Channels: 32}
	decGrad1   = kernel.Grid{Side: 14, Channels: 64}
	decGradOut = kernel.Grid{Side: 28, Before: 2, After: 2, Channels: 1}
)

// train gives the decoder gradients, and a pass room for them: activations of
// images images, of which the gradients of the weights are wanted, and
// gradients of streams ≥ images.
func (d *Decoder) train(images, streams int) *decoderPass {
	train(d.Params())
	d.dense.train(images, decFeatures, d.latent, d.latent)
	d.conv1.train(images, decGrad1)
	d.conv2.train(images, decGrad2, []int{0})
	d.conv3.train(images)
	p := d.newPass(images)
	p.up = make([]float32, images*decUp.Len())
	p.s1 = make([]float32, images*decFeatures)
	p.s2 = make([]float32, images*decUnits1)
	p.s3 = make([]float32, images*decUnits2)
	p.dLogits = make([]float32, streams*decGradOut.Len())
	p.dConv2 = make([]float32, streams*decGrad2.Len())
	p.dConv1 = make([]float32, streams*decGrad1.Len())
	p.dDense = make([]float32, streams*decFeatures)
	p.dZ = make([]float32, streams*d.latent)
	return p
}

func (d *Decoder) packBackward() {
	d.dense.packBackward()
	d.conv1.packBackward()
	d.conv2.packBackward()
	d.conv3.packBackward()
}

// backward takes dLogits of the gradient streams lo to hi−1 back to z. Stream
// i belongs to the activations of image i+shift. The gradients of streams
// below images are packed for the weights; the rest only pass through to z.
func (d *Decoder) backward(p *decoderPass, shift, lo, hi int, weights bool, s *scratch) {
	for i := lo; i < hi; i++ {
		d.conv3.backward.Run(s.dUp, part(p.dLogits, i, decGradOut.Len()), 0, 1)
		kernel.Scale(s.dUp, part(p.s3, i+shift, decUnits2))
		downsample(part(p.dConv2, i, decGrad2.Len()), s.dUp)
		dy := part(p.dConv1, i, decUnits1)
		d.conv2.back(s.dx, part(p.dConv2, i, decGrad2.Len()), s.products, s.dv, i, weights)
		scaleInterior(dy, s.dx, part(p.s2, i+shift, decUnits1), decConv1, 64)
		d.conv1.back(s.dx, dy, s.products, s.dv, i, weights)
		scaleInterior(part(p.dDense, i, decFeatures), s.dx, part(p.s1, i+shift, decFeatures), decDense, 128)
	}
	if weights {
		d.conv3.gradient.Pack(p.up, 0, lo, hi)
		d.dense.gradient.Pack(p.dDense, 0, lo, hi)
		return
	}
	d.dense.backward.Run(p.dZ, p.dDense, lo, hi)
}

// weightTasks are the gradients of the weights of a batch. Those of the
// convolutions are brought to the form of the parameter by finish.
func (d *Decoder) weightTasks(p *decoderPass, images int) []weightTask {
	tasks := append(d.conv1.weightTasks(p.v1, d.conv1.bias.Grad, images), d.conv2.weightTasks(p.v2, d.conv2.bias.Grad, images)...)
	return append(tasks,
		weightTask{d.dense.gradient, d.dense.weight.Grad, d.dense.bias.Grad, p.z, images},
		weightTask{d.conv3.gradient, d.conv3.dTaps, nil, p.dLogits, images},
	)
}

// finish ends the gradients of the weights.
func (d *Decoder) finish(p *decoderPass, images int) {
	d.conv1.finish()
	d.conv2.finish()
	d.conv3.finish(p.dLogits, images)
}
