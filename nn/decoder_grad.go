package nn

import "inkling/nn/kernel"

// The layouts of the decoder's gradients, with the borders that the
// convolutions back to data read.
var (
	decGrad2    = kernel.Grid{Side: 14, Before: 1, After: 1, Channels: 32}
	decGrad1    = kernel.Grid{Side: 14, Before: 2, After: 2, Channels: 64}
	decGradOut  = kernel.Grid{Side: 28, Before: 2, After: 2, Channels: 1}
	decGradFlat = kernel.Grid{Side: 7, Channels: 128}
)

// train gives the decoder gradients, and a pass room for them: activations of
// images images, of which the gradients of the weights are wanted, and
// gradients of streams ≥ images.
func (d *Decoder) train(images, streams int) *decoderPass {
	train(d.Params())
	d.dense.train(images, decFeatures, d.latent, d.latent)
	d.conv1.train(images, decGrad1, decGradFlat)
	d.conv2.train(images, decGrad2, decGrad2.Len(), decGrad1, 64)
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
	}
	d.conv2.backward.Run(p.dConv1, p.dConv2, lo, hi)
	for i := lo; i < hi; i++ {
		scaleGrid(decGrad1, part(p.dConv1, i, decGrad1.Len()), part(p.s2, i+shift, decUnits1))
	}
	d.conv1.backward.Run(p.dDense, p.dConv1, lo, hi)
	for i := lo; i < hi; i++ {
		kernel.Scale(part(p.dDense, i, decFeatures), part(p.s1, i+shift, decFeatures))
	}
	if weights {
		d.conv3.gradient.Pack(p.up, lo, hi)
		d.conv2.gradient.Pack(p.dConv2, lo, hi)
		d.conv1.gradient.Pack(p.dConv1, lo, hi)
		d.dense.gradient.Pack(p.dDense, lo, hi)
		return
	}
	d.dense.backward.Run(p.dZ, p.dDense, lo, hi)
}

// weightTasks are the gradients of the weights of a batch. The last layer's
// and the folded one's are brought to the form of the parameter by finish.
func (d *Decoder) weightTasks(p *decoderPass, images int) []weightTask {
	return []weightTask{
		{d.conv1.gradient, d.conv1.dFolded, d.conv1.bias.Grad, p.dense, images},
		{d.conv2.gradient, d.conv2.weight.Grad, d.conv2.bias.Grad, p.conv1, images},
		{d.dense.gradient, d.dense.weight.Grad, d.dense.bias.Grad, p.z, images},
		{d.conv3.gradient, d.conv3.dTaps, nil, p.dLogits, images},
	}
}

// finish ends the gradients of the weights.
func (d *Decoder) finish(p *decoderPass, images int) {
	unfold(d.conv1.weight.Grad, d.conv1.dFolded, d.conv1.in.Channels*d.conv1.out.Channels)
	d.conv3.finish(p.dLogits, images)
}
