package nn

import "inkling/nn/kernel"

// The layouts of the discriminator's activations.
var (
	disImage = kernel.Grid{Side: 28, Before: 2, After: 3, Channels: 1}
	disConv1 = kernel.Grid{Side: 14, Channels: 128}
	disPool1 = kernel.Grid{Side: 7, Before: 1, After: 2, Channels: 144} // 128, the label, and 6 to fill vectors
	disConv2 = kernel.Grid{Side: 7, Channels: 64}
	disPool2 = kernel.Grid{Side: 4, Before: 1, After: 1, Channels: 64}
	disL     = kernel.Grid{Side: 4, Channels: 16}
)

// Features is the number of activations of the discriminator's layer l, those
// that the learned metric compares.
const Features = 4 * 4 * 16

const (
	disUnits1 = 7 * 7 * 128
	disUnits2 = 4 * 4 * 64
)

// Discriminator is the network that tells real images from others of a label,
// and whose layer l is the learned metric.
//
//	conv 7×7/2, 128 → max pool 2×2 → LeakyReLU → dropout      7×7×128
//	concat the label, at every pixel                           7×7×138
//	conv 3×3, 64 → max pool 2×2 → LeakyReLU → dropout = x      4×4×64
//	l = conv 3×3, 16, of x                                     4×4×16
//	x (Branch) or l (Path) → LeakyReLU → dropout → dense 1 → sigmoid
type Discriminator struct {
	form         Form
	conv1, conv3 *conv
	conv2        *conv3
	dense        *dense1
	image        *imageGrad
	stale        bool
	pass         *discriminatorPass // of Discriminate
	m            []float32          // of Discriminate: the convolution's products
}

// NewDiscriminator returns a discriminator with zero weights.
func NewDiscriminator(form Form) *Discriminator {
	inputs := disUnits2
	if form == Path {
		inputs = Features
	}
	return &Discriminator{
		form:  form,
		conv1: newConv("discriminator.conv1", 7, 2, disImage, disConv1, disConv1.Len()),
		conv2: newConv3("discriminator.conv2", disPool1, disConv2, 128+Classes),
		conv3: newConv("discriminator.conv3", 3, 1, disPool2, disL, disL.Len()),
		dense: newDense1("discriminator.dense", inputs),
		stale: true,
	}
}

// Form says where l lies.
func (d *Discriminator) Form() Form { return d.form }

// Params returns the discriminator's tensors in the order of weight files.
func (d *Discriminator) Params() []*Param {
	return []*Param{
		d.conv1.weight, d.conv1.bias, d.conv2.weight, d.conv2.bias,
		d.conv3.weight, d.conv3.bias, d.dense.weight, d.dense.bias,
	}
}

// Pack must be called after a parameter's Value has been changed, before the
// next Discriminate.
func (d *Discriminator) Pack() {
	d.conv1.pack()
	d.conv2.pack()
	d.conv3.pack()
	d.dense.pack()
	d.stale = false
}

// discriminatorPass is the memory of a batch on its way through the
// discriminator.
type discriminatorPass struct {
	images                                      int
	x, conv1, pool1, conv2, pool2, l, h, logits []float32

	v2         []float32 // the second convolution's transformed input
	won1, won2 []float32
	// Only in training: factors of the activations, and gradients.
	s1, s2, s3                                  []float32
	dLogits, dL, dPool2, dConv2, dPool1, dConv1 []float32
}

func (d *Discriminator) newPass(images int) *discriminatorPass {
	return &discriminatorPass{
		images: images,
		v2:     make([]float32, d.conv2.transformed(images)),
		x:      make([]float32, images*disImage.Len()),
		conv1:  make([]float32, images*disConv1.Len()),
		pool1:  make([]float32, images*disPool1.Len()),
		conv2:  make([]float32, images*disConv2.Len()),
		pool2:  make([]float32, images*disPool2.Len()),
		l:      make([]float32, images*Features),
		h:      make([]float32, images*d.dense.in),
		logits: make([]float32, images),
		won1:   make([]float32, images*disUnits1),
		won2:   make([]float32, images*disUnits2),
	}
}

// load puts an image into place i of the pass.
func (p *discriminatorPass) load(i int, image []float32) {
	x := p.x[i*disImage.Len():]
	for r := range Side {
		copy(x[disImage.At(r, 0):][:Side], image[r*Side:])
	}
}

// label puts a label into place i of the pass.
func (p *discriminatorPass) label(i int, label uint8) {
	x := p.pool1[i*disPool1.Len():]
	for r := range disPool1.Side {
		for c := range disPool1.Side {
			oneHot(x[disPool1.At(r, c)+128:], label)
		}
	}
}

var (
	disPooling1 = kernel.MaxPool{In: disConv1, Out: disPool1, Channels: 128}
	disPooling2 = kernel.MaxPool{In: disConv2, Out: disPool2, Channels: 64}
)

// forward runs images lo to hi−1 up to the logit of d. mask is the number of
// the first dropout layer; image i of the pass draws the masks of image i−base.
// m is scratch.
func (d *Discriminator) forward(p *discriminatorPass, drop *Dropout, mask uint32, base, lo, hi int, m []float32) {
	d.conv1.forward.Run(p.conv1, p.x, lo, hi)
	disPooling1.Run(p.pool1, p.conv1, p.won1, disPool1.Len(), lo, hi)
	for i := lo; i < hi; i++ {
		activateGrid(disPool1, 128, part(p.pool1, i, disPool1.Len()), part(p.s1, i, disUnits1), drop, mask, uint32(i-base))
	}
	d.conv2.run(p.conv2, p.pool1, p.v2, m, d.conv2.bias.Value, p.images, lo, hi)
	disPooling2.Run(p.pool2, p.conv2, p.won2, disPool2.Len(), lo, hi)
	for i := lo; i < hi; i++ {
		activateGrid(disPool2, 64, part(p.pool2, i, disPool2.Len()), part(p.s2, i, disUnits2), drop, mask+1, uint32(i-base))
	}
	d.conv3.forward.Run(p.l, p.pool2, lo, hi)
	for i := lo; i < hi; i++ {
		h := part(p.h, i, d.dense.in)
		if d.form == Path {
			copy(h, p.l[i*Features:])
		} else {
			x := part(p.pool2, i, disPool2.Len())
			for r := range disPool2.Side {
				copy(h[r*disPool2.Run():][:disPool2.Run()], x[disPool2.At(r, 0):])
			}
		}
		activate(h, part(p.s3, i, d.dense.in), drop, mask+2, uint32(i-base), 0)
	}
	d.dense.forward.Run(p.logits, p.h, lo, hi)
}

// Discriminate writes the probability that each of a batch of n = len(labels)
// images, [n·784] in 0…1, is a real digit of its label, prob of [n], and the
// activations of the layer l, [n·256]. It allocates on the first call only.
func (d *Discriminator) Discriminate(prob, l, images []float32, labels []uint8) {
	if d.pass == nil {
		d.pass = d.newPass(inferBatch)
		d.m = make([]float32, d.conv2.products(inferBatch))
	}
	if d.stale {
		d.Pack()
	}
	for lo := 0; lo < len(labels); lo += inferBatch {
		n := min(inferBatch, len(labels)-lo)
		for i := range n {
			d.pass.load(i, images[(lo+i)*Pixels:])
			d.pass.label(i, labels[lo+i])
		}
		d.forward(d.pass, nil, 0, 0, 0, n, d.m)
		for i, v := range d.pass.logits[:n] {
			prob[lo+i] = float32(sigmoid(v))
		}
		copy(l[lo*Features:], d.pass.l[:n*Features])
	}
}
