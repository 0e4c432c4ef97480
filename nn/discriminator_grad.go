package nn

import "inkling/nn/kernel"

// The layouts of the discriminator's gradients: that of l has the border that
// the convolution back to data reads.
var (
	disGradL     = kernel.Grid{Side: 4, Before: 1, After: 1, Channels: 16}
	disGradPool2 = kernel.Grid{Side: 4, Channels: 64}
	disGrad2     = kernel.Grid{Side: 7, Channels: 64}
	disGradPool1 = kernel.Grid{Side: 7, Channels: 128}
)

// train gives the discriminator gradients, and the pass of a batch room for
// them: as many gradient streams as images.
func (d *Discriminator) train(images int) *discriminatorPass {
	train(d.Params())
	d.conv1.train(images, disConv1, disConv1.Len(), kernel.Grid{}, 0)
	d.conv2.train(images, disGrad2, []int{0})
	d.conv3.train(images, disGradL, disGradL.Len(), disGradPool2, 64)
	d.image = newImageGrad(d.conv1)
	p := d.newPass(images)
	p.s1 = make([]float32, images*disUnits1)
	p.s2 = make([]float32, images*disUnits2)
	p.s3 = make([]float32, images*d.dense.in)
	p.dLogits = make([]float32, images)
	p.dL = make([]float32, images*disGradL.Len())
	p.dPool2 = make([]float32, images*disUnits2)
	p.dConv2 = make([]float32, images*disGrad2.Len())
	p.dPool1 = make([]float32, images*disUnits1)
	p.dConv1 = make([]float32, images*disConv1.Len())
	return p
}

func (d *Discriminator) packBackward() {
	d.conv2.packBackward()
	d.conv3.packBackward()
	d.image.pack()
}

// backward takes dLogits and dL of the gradient streams lo to hi−1 back to the
// output of the first convolution. Stream i belongs to the activations of image
// i+shift. With weights its gradients are packed for those too.
func (d *Discriminator) backward(p *discriminatorPass, shift, lo, hi int, weights bool, s *scratch) {
	for i := lo; i < hi; i++ {
		dh := s.dH[:d.dense.in]
		for j, w := range d.dense.weight.Value {
			dh[j] = p.dLogits[i] * w
		}
		kernel.Scale(dh, part(p.s3, i+shift, d.dense.in))
		if d.form == Path {
			// d was computed from l: its gradient joins that of the metric.
			dl := part(p.dL, i, disGradL.Len())
			for r := range disGradL.Side {
				add(dl[disGradL.At(r, 0):][:disGradL.Run()], dh[r*disGradL.Run():])
			}
		}
		dx := part(p.dPool2, i, disUnits2)
		d.conv3.backward.Run(dx, part(p.dL, i, disGradL.Len()), 0, 1)
		if d.form == Branch {
			add(dx, dh)
		}
		kernel.Scale(dx, part(p.s2, i+shift, disUnits2))
		dy := part(p.dConv2, i, disGrad2.Len())
		disPooling2.Backward(dy, dx, p.won2[(i+shift)*disUnits2:], disGrad2, disGradPool2)
		d.conv2.back(s.dx, dy, s.products, s.dv, i, weights)
		dx = part(p.dPool1, i, disUnits1)
		scaleInterior(dx, s.dx, part(p.s1, i+shift, disUnits1), disPool1, 128)
		disPooling1.Backward(part(p.dConv1, i, disConv1.Len()), dx, p.won1[(i+shift)*disUnits1:], disConv1, disGradPool1)
	}
	if !weights {
		return
	}
	d.conv1.gradient.Pack(p.dConv1, 0, lo, hi)
	if d.form == Path {
		d.conv3.gradient.Pack(p.dL, 0, lo, hi)
	}
}

// weightTasks are the gradients of the weights of a batch. In the branch form
// none reaches conv3: its Grad stays zero.
func (d *Discriminator) weightTasks(p *discriminatorPass, images int) []weightTask {
	tasks := []weightTask{{d.conv1.gradient, d.conv1.weight.Grad, d.conv1.bias.Grad, p.x, images}}
	tasks = append(tasks, d.conv2.weightTasks(p.v2, d.conv2.bias.Grad, images)...)
	if d.form == Path {
		tasks = append(tasks, weightTask{d.conv3.gradient, d.conv3.weight.Grad, d.conv3.bias.Grad, p.pool2, images})
	}
	return tasks
}

// finish ends the gradients of the weights.
func (d *Discriminator) finish(p *discriminatorPass, images int) {
	d.conv2.finish()
	d.dense.grad(p.h, p.dLogits[:images])
}

// imageGrad is the gradient of the discriminator's image through its first
// convolution, 7×7 with stride 2: each pixel of dy gives 49 columns,
//
//	col[i][j][r][s] = Σ_o dy[i][j][o] · W[r][s][0][o],
//
// which are added where their taps were read: dx[2i+r−2][2j+s−2] += col.
type imageGrad struct {
	conv    *conv
	columns *kernel.Product
	source  kernel.Source
}

const imageTaps = 7 * 7

func newImageGrad(c *conv) *imageGrad {
	r := kernel.Rows{Segments: 1, Length: c.out.Channels, StrideA: c.out.Len(), StrideC: c.out.Side * c.out.Side * imageTaps}
	for i := range c.out.Side {
		for j := range c.out.Side {
			r.A = append(r.A, c.out.At(i, j))
			r.C = append(r.C, (i*c.out.Side+j)*imageTaps)
		}
	}
	return &imageGrad{
		conv: c, columns: kernel.NewProduct(r, kernel.Columns{Width: imageTaps, To: []int{0}}),
		source: kernel.Source{Row: kernel.Consecutive(c.out.Channels, 1), Column: c.out.Channels},
	}
}

func (g *imageGrad) pack() { g.columns.Pack(g.conv.weight.Value, g.source) }

// run writes the gradient of one image, dx of the layout disImage; what its
// border collects belongs to no pixel.
func (g *imageGrad) run(dx, dy []float32, s *scratch) {
	g.columns.Run(s.columns, dy, 0, 1)
	clear(dx[:disImage.Len()])
	side := g.conv.out.Side
	for i := range side {
		for j := range side {
			col := s.columns[(i*side+j)*imageTaps:][:imageTaps]
			for r := range 7 {
				add(dx[disImage.At(2*i+r-2, 2*j-2):][:7], col[7*r:])
			}
		}
	}
}
