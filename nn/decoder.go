package nn

import "inkling/nn/kernel"

// The layouts of the decoder's activations.
var (
	decDense = kernel.Grid{Side: 7, Before: 1, After: 2, Channels: 128}
	decConv1 = kernel.Grid{Side: 14, Before: 1, After: 1, Channels: 64}
	decConv2 = kernel.Grid{Side: 14, Before: 1, After: 1, Channels: 32}
	decUp    = kernel.Grid{Side: 28, Before: 2, After: 2, Channels: 32}
)

const decFeatures = 7 * 7 * 128

// Decoder is the network p(x|z, label): a latent vector and a label to an
// image.
//
//	concat label → dense 6272 → LeakyReLU → dropout                    7×7×128
//	nearest upsample ×2 → conv 5×5, 64 → LeakyReLU → dropout           14×14×64
//	conv 3×3, 32 → nearest upsample ×2 → LeakyReLU → dropout           28×28×32
//	conv 5×5, 1 → sigmoid                                              28×28×1
type Decoder struct {
	latent int
	dense  *dense
	conv1  *upconv
	conv2  *conv3
	conv3  *lastConv
	stale  bool
	pass   *decoderPass // of Decode
	logits []float32
	m      []float32 // of Decode: the convolutions' products
}

// NewDecoder returns a decoder with zero weights. A latent size that
// CheckLatent rejects panics.
func NewDecoder(latent int) *Decoder {
	mustLatent(latent)
	// The dense layer's 6272 outputs are 49 pixels of 128 channels.
	pixels := kernel.Columns{Width: decDense.Channels}
	for i := range decDense.Side {
		for j := range decDense.Side {
			pixels.To = append(pixels.To, decDense.At(i, j))
		}
	}
	return &Decoder{
		latent: latent,
		dense:  newDense("decoder.dense", latent+Classes, latent+Classes, pixels, decDense.Len()),
		conv1:  newUpconv("decoder.conv1", decDense, decConv1),
		conv2:  newConv3("decoder.conv2", decConv1, decConv2, decConv1.Channels),
		conv3:  newLastConv("decoder.conv3"),
		stale:  true,
	}
}

// Latent is the size of z.
func (d *Decoder) Latent() int { return d.latent }

// Params returns the decoder's tensors in the order of weight files.
func (d *Decoder) Params() []*Param {
	return []*Param{
		d.dense.weight, d.dense.bias, d.conv1.weight, d.conv1.bias,
		d.conv2.weight, d.conv2.bias, d.conv3.weight, d.conv3.bias,
	}
}

// Pack must be called after a parameter's Value has been changed, before the
// next Decode.
func (d *Decoder) Pack() {
	d.dense.pack()
	d.conv1.pack()
	d.conv2.pack()
	d.conv3.pack()
	d.stale = false
}

// decoderPass is the memory of a batch on its way through the decoder.
type decoderPass struct {
	images                 int
	z, dense, conv1, conv2 []float32 // z is [latent+Classes], z and label
	v1, v2                 []float32 // the convolutions' transformed inputs
	// Only in training: the upsampled image, the factors of the activations,
	// and gradients.
	up                                  []float32
	s1, s2, s3                          []float32
	dLogits, dConv2, dConv1, dDense, dZ []float32
}

func (d *Decoder) newPass(images int) *decoderPass {
	return &decoderPass{
		images: images,
		z:      make([]float32, images*(d.latent+Classes)),
		dense:  make([]float32, images*decDense.Len()),
		conv1:  make([]float32, images*decConv1.Len()),
		conv2:  make([]float32, images*decConv2.Len()),
		v1:     make([]float32, d.conv1.transformed(images)),
		v2:     make([]float32, d.conv2.transformed(images)),
	}
}

// load puts a latent vector and a label into place i of the pass.
func (d *Decoder) load(p *decoderPass, i int, z []float32, label uint8) {
	x := part(p.z, i, d.latent+Classes)
	copy(x[:d.latent], z)
	oneHot(x[d.latent:], label)
}

// features runs images lo to hi−1 up to the second convolution, before its
// activation. mask is the number of the first dropout layer; image i of the
// pass draws the masks of image i−base. m is scratch.
func (d *Decoder) features(p *decoderPass, drop *Dropout, mask uint32, base, lo, hi int, m []float32) {
	d.dense.forward.Run(p.dense, p.z, lo, hi)
	for i := lo; i < hi; i++ {
		activateGrid(decDense, 128, part(p.dense, i, decDense.Len()), part(p.s1, i, decFeatures), drop, mask, uint32(i-base))
	}
	d.conv1.run(p.conv1, p.dense, p.v1, m, d.conv1.bias.Value, p.images, lo, hi)
	for i := lo; i < hi; i++ {
		activateGrid(decConv1, 64, part(p.conv1, i, decConv1.Len()), part(p.s2, i, decUnits1), drop, mask+1, uint32(i-base))
	}
	for i := lo; i < hi; i++ {
		d.conv2.run(p.conv2, p.conv1, p.v2, m, d.conv2.bias.Value, p.images, i, i+1)
	}
}

// products is the number of floats of scratch that features needs for n images.
func (d *Decoder) products(n int) int {
	return max(d.conv1.products(n), d.conv2.products(1))
}

const (
	decUnits1 = 14 * 14 * 64
	decUnits2 = 28 * 28 * 32
)

// Decode writes the images, [n·784] in 0…1, of a batch of n = len(labels)
// latent vectors, [n·latent], with their labels below Classes. It allocates on
// the first call only.
func (d *Decoder) Decode(images, z []float32, labels []uint8) {
	if d.pass == nil {
		d.pass = d.newPass(inferBatch)
		d.logits = make([]float32, inferBatch*Pixels)
		d.m = make([]float32, d.products(inferBatch))
	}
	if d.stale {
		d.Pack()
	}
	for lo := 0; lo < len(labels); lo += inferBatch {
		n := min(inferBatch, len(labels)-lo)
		for i := range n {
			d.load(d.pass, i, z[(lo+i)*d.latent:][:d.latent], labels[lo+i])
		}
		d.features(d.pass, nil, 0, 0, 0, n, d.m)
		for i := range n {
			// LeakyReLU goes before the upsampling here: the same, on a
			// quarter of the pixels.
			activateGrid(decConv2, 32, part(d.pass.conv2, i, decConv2.Len()), nil, nil, 0, 0)
		}
		d.conv3.folded.Run(d.logits, d.pass.conv2, 0, n)
		for i, v := range d.logits[:n*Pixels] {
			images[lo*Pixels+i] = float32(sigmoid(v))
		}
	}
}

// forward runs images lo to hi−1 of a batch in training and writes their
// pixels into x, images in the layout out.
func (d *Decoder) forward(p *decoderPass, drop *Dropout, mask uint32, base int, x []float32, out kernel.Grid, lo, hi int, s *scratch) {
	d.features(p, drop, mask, base, lo, hi, s.products)
	for i := lo; i < hi; i++ {
		up := part(p.up, i, decUp.Len())
		upsample(up, part(p.conv2, i, decConv2.Len()))
		activateGrid(decUp, 32, up, part(p.s3, i, decUnits2), drop, mask+2, uint32(i-base))
		d.conv3.forward.Run(s.logits, up, 0, 1)
		y := x[i*out.Len():]
		for r := range Side {
			row := y[out.At(r, 0):][:Side]
			for c := range row {
				row[c] = float32(sigmoid(s.logits[r*Side+c]))
			}
		}
	}
}

// upsample is nearest ×2 from the layout decConv2 to decUp.
func upsample(y, x []float32) {
	for i := range decConv2.Side {
		row := y[decUp.At(2*i, 0):][:decUp.Run()]
		for j := range decConv2.Side {
			c := x[decConv2.At(i, j):][:32]
			copy(row[64*j:], c)
			copy(row[64*j+32:], c)
		}
		copy(y[decUp.At(2*i+1, 0):], row)
	}
}

// downsample is the adjoint of upsample, from [28][28][32] to the layout
// decGrad2: each gradient is the sum of four.
func downsample(dx, dy []float32) {
	const row = 28 * 32
	for i := range 14 {
		for j := range 14 {
			a := dy[2*i*row+64*j:][:64]
			b := dy[(2*i+1)*row+64*j:][:64]
			d := dx[decGrad2.At(i, j):][:32]
			for c := range d {
				d[c] = (a[c] + a[c+32]) + (b[c] + b[c+32])
			}
		}
	}
}
