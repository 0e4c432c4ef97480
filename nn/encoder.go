package nn

import "inkling/nn/kernel"

// The layouts of the encoder's activations.
var (
	encImage = kernel.Grid{Side: 28, After: 1, Channels: 1}
	encConv1 = kernel.Grid{Side: 14, Channels: 32}
	encPool1 = kernel.Grid{Side: 7, Before: 1, After: 1, Channels: 32}
	encConv2 = kernel.Grid{Side: 7, Channels: 64}
)

var encPooling = kernel.MaxPool{In: encConv1, Out: encPool1, Channels: 32}

const (
	encFeatures = 7 * 7 * 64
	encFlat     = encFeatures + Classes // conv2's features and the label
	encHidden   = 64
)

// Encoder is the network q(z|x, label): an image and its label to the mean and
// the logarithm of the variance of a normal distribution of z.
//
//	conv 3×3/2, 32 → LeakyReLU → dropout   14×14×32
//	max pool 2×2                            7×7×32
//	conv 3×3, 64 → LeakyReLU → dropout      7×7×64 = 3136
//	concat label → dense 64 → LeakyReLU → dropout
//	dense latent, dense latent              z_mean, z_log_var
type Encoder struct {
	latent              int
	conv1, conv2        *conv
	dense, mean, logVar *dense
	stale               bool
	pass                *encoderPass // of Encode
}

// NewEncoder returns an encoder with zero weights. A latent size that
// CheckLatent rejects panics.
func NewEncoder(latent int) *Encoder {
	mustLatent(latent)
	hidden := kernel.Columns{Width: encHidden, To: []int{0}}
	head := kernel.Columns{Width: latent, To: []int{0}}
	return &Encoder{
		latent: latent,
		conv1:  newConv("encoder.conv1", 3, 2, encImage, encConv1, encConv1.Len()),
		conv2:  newConv("encoder.conv2", 3, 1, encPool1, encConv2, encFlat),
		dense:  newDense("encoder.dense", encFlat, encFlat, hidden, encHidden),
		mean:   newDense("encoder.z_mean", encHidden, encHidden, head, latent),
		logVar: newDense("encoder.z_log_var", encHidden, encHidden, head, latent),
		stale:  true,
	}
}

func mustLatent(n int) {
	if err := CheckLatent(n); err != nil {
		panic("nn: " + err.Error())
	}
}

// Latent is the size of z.
func (e *Encoder) Latent() int { return e.latent }

// Params returns the encoder's tensors in the order of weight files.
func (e *Encoder) Params() []*Param {
	return []*Param{
		e.conv1.weight, e.conv1.bias, e.conv2.weight, e.conv2.bias,
		e.dense.weight, e.dense.bias, e.mean.weight, e.mean.bias,
		e.logVar.weight, e.logVar.bias,
	}
}

// Pack must be called after a parameter's Value has been changed, before the
// next Encode: kernels read the weights in an order of their own.
func (e *Encoder) Pack() {
	e.conv1.pack()
	e.conv2.pack()
	e.dense.pack()
	e.mean.pack()
	e.logVar.pack()
	e.stale = false
}

// encoderPass is the memory of a batch on its way through the encoder.
type encoderPass struct {
	x, conv1, pool1, flat, hidden, mean, logVar []float32

	won []float32 // of the pooling
	// Only in training: factors of the activations, and gradients.
	s1, s2, s3                                                    []float32
	dMean, dLogVar, dHidden, dHead, dFlat, dConv2, dPool1, dConv1 []float32
}

func (e *Encoder) newPass(images int) *encoderPass {
	return &encoderPass{
		x: make([]float32, images*encImage.Len()), conv1: make([]float32, images*encConv1.Len()),
		pool1: make([]float32, images*encPool1.Len()), flat: make([]float32, images*encFlat),
		hidden: make([]float32, images*encHidden),
		mean:   make([]float32, images*e.latent), logVar: make([]float32, images*e.latent),
		won: make([]float32, images*encPool1.Side*encPool1.Side*encPool1.Channels),
	}
}

// load puts an image and its label into place i of the pass.
func (p *encoderPass) load(i int, image []float32, label uint8) {
	x := p.x[i*encImage.Len():]
	for r := range Side {
		copy(x[encImage.At(r, 0):][:Side], image[r*Side:])
	}
	oneHot(p.flat[i*encFlat+encFeatures:], label)
}

// forward runs images lo to hi−1.
func (e *Encoder) forward(p *encoderPass, d *Dropout, lo, hi int) {
	e.conv1.forward.Run(p.conv1, p.x, lo, hi)
	for i := lo; i < hi; i++ {
		activate(part(p.conv1, i, encConv1.Len()), part(p.s1, i, encConv1.Len()), d, layerEncoder, uint32(i), 0)
	}
	encPooling.Run(p.pool1, p.conv1, p.won, encPool1.Len(), lo, hi)
	e.conv2.forward.Run(p.flat, p.pool1, lo, hi)
	for i := lo; i < hi; i++ {
		activate(part(p.flat, i, encFlat)[:encFeatures], part(p.s2, i, encFeatures), d, layerEncoder+1, uint32(i), 0)
	}
	e.dense.forward.Run(p.hidden, p.flat, lo, hi)
	for i := lo; i < hi; i++ {
		activate(part(p.hidden, i, encHidden), part(p.s3, i, encHidden), d, layerEncoder+2, uint32(i), 0)
	}
	e.mean.forward.Run(p.mean, p.hidden, lo, hi)
	e.logVar.forward.Run(p.logVar, p.hidden, lo, hi)
}

// part is the i-th run of n elements of s, nil of nil.
func part(s []float32, i, n int) []float32 {
	if s == nil {
		return nil
	}
	return s[i*n:][:n]
}

// Encode writes the mean and the logarithm of the variance of z, [n·latent]
// each, for a batch of n = len(labels) images, [n·784] in 0…1, with their labels
// below Classes. It allocates on the first call only.
func (e *Encoder) Encode(mean, logVar, images []float32, labels []uint8) {
	if e.pass == nil {
		e.pass = e.newPass(inferBatch)
	}
	if e.stale {
		e.Pack()
	}
	for lo := 0; lo < len(labels); lo += inferBatch {
		n := min(inferBatch, len(labels)-lo)
		for i := range n {
			e.pass.load(i, images[(lo+i)*Pixels:], labels[lo+i])
		}
		e.forward(e.pass, nil, 0, n)
		copy(mean[lo*e.latent:], e.pass.mean[:n*e.latent])
		copy(logVar[lo*e.latent:], e.pass.logVar[:n*e.latent])
	}
}

// inferBatch is the number of images that a network built to infer takes
// through its layers at once: as much as stays in the cache.
const inferBatch = 5

// train gives the encoder gradients, and the pass of a batch room for them.
func (e *Encoder) train(images int) *encoderPass {
	train(e.Params())
	e.conv1.train(images, encConv1, encConv1.Len(), kernel.Grid{}, 0)
	e.conv2.train(images, encGrad2, encGrad2.Len(), encGradPool, 32)
	e.dense.train(images, encHidden, encFeatures, encFeatures)
	e.mean.train(images, e.latent, encHidden, encHidden)
	e.logVar.train(images, e.latent, encHidden, encHidden)
	p := e.newPass(images)
	p.s1 = make([]float32, images*encConv1.Len())
	p.s2 = make([]float32, images*encFeatures)
	p.s3 = make([]float32, images*encHidden)
	p.dMean = make([]float32, images*e.latent)
	p.dLogVar = make([]float32, images*e.latent)
	p.dHidden = make([]float32, images*encHidden)
	p.dHead = make([]float32, images*encHidden)
	p.dConv2 = make([]float32, images*encGrad2.Len())
	p.dFlat = make([]float32, images*encFeatures)
	p.dPool1 = make([]float32, images*encGradPool.Len())
	p.dConv1 = make([]float32, images*encConv1.Len())
	return p
}

// The layouts of gradients: that of conv2's output has the border that the
// convolution back to data reads.
var (
	encGrad2    = kernel.Grid{Side: 7, Before: 1, After: 1, Channels: 64}
	encGradPool = kernel.Grid{Side: 7, Channels: 32}
)

func (e *Encoder) packBackward() {
	e.conv2.packBackward()
	e.dense.packBackward()
	e.mean.packBackward()
	e.logVar.packBackward()
}

// backward takes dMean and dLogVar of images lo to hi−1 back to every layer's
// output and packs those gradients for the weights.
func (e *Encoder) backward(p *encoderPass, lo, hi int) {
	e.mean.gradient.Pack(p.dMean, 0, lo, hi)
	e.logVar.gradient.Pack(p.dLogVar, 0, lo, hi)
	e.mean.backward.Run(p.dHidden, p.dMean, lo, hi)
	e.logVar.backward.Run(p.dHead, p.dLogVar, lo, hi)
	for i := lo; i < hi; i++ {
		dh := part(p.dHidden, i, encHidden)
		add(dh, part(p.dHead, i, encHidden))
		kernel.Scale(dh, part(p.s3, i, encHidden))
	}
	e.dense.gradient.Pack(p.dHidden, 0, lo, hi)
	e.dense.backward.Run(p.dFlat, p.dHidden, lo, hi)
	for i := lo; i < hi; i++ {
		flat := part(p.dFlat, i, encFeatures)
		kernel.Scale(flat, part(p.s2, i, encFeatures))
		dy := part(p.dConv2, i, encGrad2.Len())
		for r := range 7 {
			copy(dy[encGrad2.At(r, 0):][:encGrad2.Run()], flat[r*encGrad2.Run():])
		}
	}
	e.conv2.gradient.Pack(p.dConv2, 0, lo, hi)
	e.conv2.backward.Run(p.dPool1, p.dConv2, lo, hi)
	for i := lo; i < hi; i++ {
		dx := part(p.dConv1, i, encConv1.Len())
		encPooling.Backward(dx, p.dPool1[i*encGradPool.Len():], p.won[i*encGradPool.Len():], encConv1, encGradPool)
		kernel.Scale(dx, part(p.s1, i, encConv1.Len()))
	}
	e.conv1.gradient.Pack(p.dConv1, 0, lo, hi)
}

// weightTasks are the gradients of the weights of a batch.
func (e *Encoder) weightTasks(p *encoderPass, images int) []weightTask {
	return []weightTask{
		{e.conv1.gradient, e.conv1.weight.Grad, e.conv1.bias.Grad, p.x, images},
		{e.conv2.gradient, e.conv2.weight.Grad, e.conv2.bias.Grad, p.pool1, images},
		{e.dense.gradient, e.dense.weight.Grad, e.dense.bias.Grad, p.flat, images},
		{e.mean.gradient, e.mean.weight.Grad, e.mean.bias.Grad, p.hidden, images},
		{e.logVar.gradient, e.logVar.weight.Grad, e.logVar.bias.Grad, p.hidden, images},
	}
}
