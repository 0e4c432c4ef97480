package nn

import (
	"slices"

	"inkling/nn/kernel"
)

// Batch is the input of a training step: B images with their labels and noise.
type Batch struct {
	Images  []float32 // [B·784], ink 1 on 0
	Labels  []uint8   // [B], below Classes
	Epsilon []float32 // [B·latent], noise of the reparametrisation
	Prior   []float32 // [B·latent], z_p
	Dropout *Dropout  // nil: off
}

// Trainer owns the memory of a training step of a Model for one batch size.
// Once built, its steps allocate nothing.
//
// A step takes each image through all networks and back by itself, a few
// images at a time, so that the activations stay in the cache; the gradients of
// the weights follow, divided not by image but by weight. So threads never add
// to the same sum, and their number changes no bit.
type Trainer struct {
	model     *Model
	objective Objective
	batch     int
	threads   *threads
	scratch   []*scratch

	enc *encoderPass       // images 0…B−1
	dec *decoderPass       // B reconstructions, then B generated
	dis *discriminatorPass // B real, B reconstructions, B generated

	z                         []float32
	d                         []float64 // D's opinions, in the order of dis
	lossPrior, lossGAN, llike []float64 // of each image

	in           *Batch
	stepD, stepG phase
	reconstruct  []float32 // of Reconstruction and Generated
	opinions     []float32 // of DReal and its neighbours
}

// phase is the work of one kind of step, its functions built once.
type phase struct {
	packing []func()
	weights []weightPart
	pack    func(thread, i int)
	images  func(thread, i int)
	sums    func(thread, i int)
}

// weightTask is the gradient of a layer's weights over a batch.
type weightTask struct {
	gradient *kernel.Gradient
	weight   []float32
	bias     []float32 // nil: none
	input    []float32
	images   int
}

// weightPart is a part of a weightTask; part −1 is the bias.
type weightPart struct {
	weightTask
	part int
}

func (w *weightPart) run(s *scratch) {
	if w.part < 0 {
		w.gradient.Bias(w.bias, w.images)
		return
	}
	w.gradient.Run(w.weight, w.input, w.images, w.part, &s.quads)
}

func weightParts(tasks []weightTask) []weightPart {
	var parts []weightPart
	for _, t := range tasks {
		for i := range t.gradient.Parts() {
			parts = append(parts, weightPart{t, i})
		}
		if t.bias != nil {
			parts = append(parts, weightPart{t, -1})
		}
	}
	return parts
}

// scratch is the memory of one thread.
type scratch struct {
	logits  []float32 // of an image
	dUp     []float32 // gradient of the decoder's upsampled image
	dH      []float32 // of the discriminator's last input
	columns []float32 // of imageGrad
	dImage  []float32
	dL      []float32
	// Of the Winograd convolutions: products and their gradients, gradients of
	// the transformed and of the plain input.
	products, dv, dx []float32
	quads            kernel.Scratch
}

// chunk is the number of images that go through a step together.
const chunk = 4

// NewTrainer prepares training of m with batches of batch images on that many
// threads; in WebAssembly more than one run in turn. It allocates about 5 MB
// an image.
func NewTrainer(m *Model, o Objective, batch, threads int) *Trainer {
	t := &Trainer{
		model: m, objective: o, batch: batch, threads: newThreads(threads),
		enc: m.Encoder.train(batch), dec: m.Decoder.train(2*batch, 3*batch), dis: m.Discriminator.train(3 * batch),
		z: make([]float32, batch*m.Encoder.latent), d: make([]float64, 3*batch),
		lossPrior: make([]float64, batch), lossGAN: make([]float64, batch), llike: make([]float64, batch),
		reconstruct: make([]float32, 2*batch*Pixels), opinions: make([]float32, 3*batch),
	}
	products := max(m.Decoder.products(chunk), m.Discriminator.conv2.products(chunk))
	var dv, dx int
	for _, w := range []*winograd{m.Decoder.conv1.winograd, m.Decoder.conv2.winograd, m.Discriminator.conv2.winograd} {
		a, b, c := w.gradients()
		products, dv, dx = max(products, a), max(dv, b), max(dx, c)
	}
	for range t.threads.n {
		t.scratch = append(t.scratch, &scratch{
			logits: make([]float32, Pixels), dUp: make([]float32, decUnits2),
			dH: make([]float32, m.Discriminator.dense.in), columns: make([]float32, disConv1.Side*disConv1.Side*imageTaps),
			dImage: make([]float32, disImage.Len()), dL: make([]float32, Features),
			products: make([]float32, products), dv: make([]float32, dv), dx: make([]float32, dx),
		})
	}
	// packBackward needs the transformed kernels that Pack leaves.
	decoder := func() { m.Decoder.Pack(); m.Decoder.packBackward() }
	discriminator := func() { m.Discriminator.Pack(); m.Discriminator.packBackward() }
	t.stepD.build(t, []func(){m.Decoder.Pack, discriminator, m.Encoder.Pack}, m.Discriminator.weightTasks(t.dis, 3*batch), t.imagesD)
	t.stepG.build(t, []func(){decoder, discriminator, m.Encoder.Pack, m.Encoder.packBackward}, append(m.Encoder.weightTasks(t.enc, batch), m.Decoder.weightTasks(t.dec, 2*batch)...), t.imagesG)
	for _, s := range t.scratch {
		for _, w := range slices.Concat(t.stepD.weights, t.stepG.weights) {
			s.quads.Fit(w.gradient)
		}
	}
	return t
}

func (p *phase) build(t *Trainer, packs []func(), tasks []weightTask, images func(thread, i int)) {
	p.packing = packs
	p.weights = weightParts(tasks)
	p.pack = func(_, i int) { p.packing[i]() }
	p.images = images
	p.sums = func(thread, i int) { p.weights[i].run(t.scratch[thread]) }
}

// Close ends the trainer's goroutines.
func (t *Trainer) Close() { t.threads.close() }

// GradD runs the three networks and writes the gradient of L_GAN into the
// discriminator's Grad.
func (t *Trainer) GradD(b *Batch) Losses {
	t.run(b, &t.stepD)
	t.model.Discriminator.finish(t.dis, 3*t.batch)
	return t.losses()
}

// GradG runs the three networks and writes the gradients of the encoder's and
// the decoder's objectives into their Grad.
func (t *Trainer) GradG(b *Batch) Losses {
	t.run(b, &t.stepG)
	t.model.Decoder.finish(t.dec, 2*t.batch)
	return t.losses()
}

func (t *Trainer) run(b *Batch, p *phase) {
	if n := t.batch; len(b.Images) != n*Pixels || len(b.Labels) != n || len(b.Epsilon) != len(t.z) || len(b.Prior) != len(t.z) {
		panic("nn: a batch must have the size that the Trainer was built for")
	}
	t.in = b
	t.threads.run(len(p.packing), p.pack)
	t.threads.run((t.batch+chunk-1)/chunk, p.images)
	t.threads.run(len(p.weights), p.sums)
	t.in = nil
}

// forward takes images lo to hi−1 of the batch through the three networks.
func (t *Trainer) forward(lo, hi int, s *scratch) {
	b, n, latent := t.in, t.batch, t.model.Encoder.latent
	for i := lo; i < hi; i++ {
		image := b.Images[i*Pixels:][:Pixels]
		t.enc.load(i, image, b.Labels[i])
		t.dis.load(i, image)
		for pass := range 3 {
			t.dis.label(pass*n+i, b.Labels[i])
		}
	}
	t.model.Encoder.forward(t.enc, b.Dropout, lo, hi)
	for i := lo; i < hi; i++ {
		z := part(t.z, i, latent)
		mean, logVar := part(t.enc.mean, i, latent), part(t.enc.logVar, i, latent)
		sampleLatent(z, mean, logVar, part(b.Epsilon, i, latent))
		t.lossPrior[i] = prior(mean, logVar)
		t.model.Decoder.load(t.dec, i, z, b.Labels[i])
		t.model.Decoder.load(t.dec, n+i, part(b.Prior, i, latent), b.Labels[i])
	}
	for pass := range 2 {
		x := t.dis.x[n*disImage.Len():] // reconstructions follow the real images
		t.model.Decoder.forward(t.dec, b.Dropout, uint32(layerDecoder+3*pass), pass*n, x, disImage, pass*n+lo, pass*n+hi, s)
	}
	for pass := range 3 {
		t.model.Discriminator.forward(t.dis, b.Dropout, uint32(layerDiscriminator+3*pass), pass*n, pass*n+lo, pass*n+hi, s.products)
		for i := pass*n + lo; i < pass*n+hi; i++ {
			t.d[i] = sigmoid(t.dis.logits[i])
		}
	}
	for i := lo; i < hi; i++ {
		t.lossGAN[i] = gan(t.d[i], t.d[2*n+i], t.d[n+i])
	}
}

// imagesD is one chunk of a discriminator step. Gradient stream i is that of
// image i of the discriminator's pass.
func (t *Trainer) imagesD(thread, c int) {
	s, n := t.scratch[thread], t.batch
	lo, hi := c*chunk, min((c+1)*chunk, n)
	t.forward(lo, hi, s)
	for i := lo; i < hi; i++ {
		t.llike[i] = t.objective.Metric.llike(s.dL, part(t.dis.l, i, Features), part(t.dis.l, n+i, Features))
		t.dis.dLogits[i] = float32(-0.25 / Pixels * dLogReal(t.d[i]))
		t.dis.dLogits[n+i] = float32(-0.25 / Pixels * dLogFake(t.d[n+i]))
		t.dis.dLogits[2*n+i] = float32(-0.5 / Pixels * dLogFake(t.d[2*n+i]))
	}
	dis := t.model.Discriminator
	for pass := range 3 {
		clear(t.dis.dL[(pass*n+lo)*disGradL.Len() : (pass*n+hi)*disGradL.Len()])
		dis.backward(t.dis, 0, pass*n+lo, pass*n+hi, true, s)
	}
}

// imagesG is one chunk of an encoder and decoder step. Three gradients go back
// for each image: stream i is that of the decoder's objective in the
// reconstruction, B+i in the generated image, and 2B+i that of the encoder's
// objective in the reconstruction, which does not contain L_GAN.
func (t *Trainer) imagesG(thread, c int) {
	s, n := t.scratch[thread], t.batch
	lo, hi := c*chunk, min((c+1)*chunk, n)
	t.forward(lo, hi, s)
	for i := lo; i < hi; i++ {
		t.llike[i] = t.objective.Metric.llike(s.dL, part(t.dis.l, i, Features), part(t.dis.l, n+i, Features))
		decoder, generated, encoder := part(t.dis.dL, i, disGradL.Len()), part(t.dis.dL, n+i, disGradL.Len()), part(t.dis.dL, 2*n+i, disGradL.Len())
		clear(generated)
		for r := range disGradL.Side {
			for j, g := range s.dL[r*disGradL.Run():][:disGradL.Run()] {
				decoder[disGradL.At(r, 0)+j] = t.objective.Gamma * g
				encoder[disGradL.At(r, 0)+j] = g
			}
		}
		t.dis.dLogits[i] = float32(0.25 / Pixels * t.fool(t.d[n+i]))
		t.dis.dLogits[n+i] = float32(0.5 / Pixels * t.fool(t.d[2*n+i]))
		t.dis.dLogits[2*n+i] = 0
	}
	for pass := range 3 {
		// The activations of streams 0 and 1 stand one batch further in the
		// discriminator's pass, those of stream 2 one batch before.
		toDis, toDec := n, 0
		if pass == 2 {
			toDis, toDec = -n, -2*n
		}
		first, end := pass*n+lo, pass*n+hi
		// Path form: backward adds to dL what reaches l through d.
		t.model.Discriminator.backward(t.dis, toDis, first, end, false, s)
		for i := first; i < end; i++ {
			t.model.Discriminator.image.run(s.dImage, part(t.dis.dConv1, i, disConv1.Len()), s)
			t.sigmoidGrad(part(t.dec.dLogits, i, decGradOut.Len()), s.dImage, part(t.dis.x, i+toDis, disImage.Len()))
		}
		t.model.Decoder.backward(t.dec, toDec, first, end, pass < 2, s)
	}
	latent := t.model.Encoder.latent
	for i := lo; i < hi; i++ {
		latentGrad(part(t.enc.dMean, i, latent), part(t.enc.dLogVar, i, latent), part(t.dec.dZ, 2*n+i, latent),
			part(t.enc.mean, i, latent), part(t.enc.logVar, i, latent), part(t.in.Epsilon, i, latent), t.objective.PriorWeight)
	}
	t.model.Encoder.backward(t.enc, lo, hi)
}

// fool is the derivative, in the logit of d, of what the decoder minimises for
// an image that the discriminator calls real with probability d.
func (t *Trainer) fool(d float64) float64 {
	if t.objective.NonSaturating {
		return -dLogReal(d)
	}
	return dLogFake(d)
}

// sigmoidGrad takes the gradient of an image x, in the layout disImage, back
// through the sigmoid: dy·x·(1−x).
func (t *Trainer) sigmoidGrad(dLogits, dx, x []float32) {
	for r := range Side {
		out := dLogits[decGradOut.At(r, 0):][:Side]
		g, v := dx[disImage.At(r, 0):], x[disImage.At(r, 0):]
		for c := range out {
			out[c] = g[c] * v[c] * (1 - v[c])
		}
	}
}

// losses sums those of the images in the order of the batch.
func (t *Trainer) losses() Losses {
	var l Losses
	n := t.batch
	for i := range n {
		l.Prior += t.lossPrior[i]
		l.GAN += t.lossGAN[i]
		l.Llike += t.llike[i]
		l.Real += t.d[i]
		l.Reconstructed += t.d[n+i]
		l.Generated += t.d[2*n+i]
	}
	l.Prior /= Pixels
	l.GAN /= Pixels
	l.Llike /= Pixels
	l.Real /= float64(n)
	l.Reconstructed /= float64(n)
	l.Generated /= float64(n)
	return l
}
