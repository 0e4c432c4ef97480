package nn

import (
	"fmt"
	"testing"

	"inkling/nn/kernel"
)

func BenchmarkDecode(b *testing.B) {
	m := testModel(8, Path)
	for _, batch := range []int{1, 16, 64} {
		in := testBatch(batch, 8)
		images := make([]float32, batch*Pixels)
		b.Run(fmt.Sprint("batch=", batch), func(b *testing.B) {
			for b.Loop() {
				m.Decoder.Decode(images, in.Prior, in.Labels)
			}
			perSecond(b, batch, "digits/s")
		})
	}
}

func BenchmarkGradD(b *testing.B) { benchmarkGrad(b, (*Trainer).GradD) }
func BenchmarkGradG(b *testing.B) { benchmarkGrad(b, (*Trainer).GradG) }

func benchmarkGrad(b *testing.B, grad func(*Trainer, *Batch) Losses) {
	m := testModel(8, Path)
	for _, batch := range []int{16, 64} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("batch=%d/threads=%d", batch, threads), func(b *testing.B) {
				in := testBatch(batch, 8)
				in.Dropout = &Dropout{Noise{1}, 2}
				t := NewTrainer(m, Objective{Gamma: 1, PriorWeight: 1}, batch, threads)
				defer t.Close()
				grad(t, in)
				b.ReportAllocs()
				for b.Loop() {
					grad(t, in)
				}
				perSecond(b, 1, "steps/s")
			})
		}
	}
}

func BenchmarkUpdate(b *testing.B) {
	m := testModel(8, Path)
	params := m.Params()
	train(params)
	ms := NewMeanSquare(params, 1)
	for b.Loop() {
		RMSProp{0.001, 0.9, 1e-10}.Update(params, ms, 1)
	}
	perSecond(b, 1, "updates/s")
}

func perSecond(b *testing.B, each int, unit string) {
	b.ReportMetric(float64(each)*float64(b.N)/b.Elapsed().Seconds(), unit)
}

// flops reports the rate for so many multiply-adds.
func flops(b *testing.B, multiplyAdds int) {
	b.ReportMetric(2*float64(multiplyAdds)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// BenchmarkConv runs each convolution of the networks forward and back to data
// on as many images as go through a step together, and to the weights on 16.
// By Winograd's filtering the multiply-adds counted are those of the definition
// (folded), of which it needs 16/36 and more.
func BenchmarkConv(b *testing.B) {
	const batch = 16
	m := testModel(8, Path)
	t := NewTrainer(m, Objective{}, batch, 1)
	defer t.Close()
	for _, l := range []any{
		m.Encoder.conv1, m.Encoder.conv2, m.Decoder.conv1, m.Decoder.conv2,
		m.Discriminator.conv1, m.Discriminator.conv2, m.Discriminator.conv3,
	} {
		switch l := l.(type) {
		case *conv:
			benchmarkConv(b, l, batch)
		case *conv3:
			benchmarkWinograd(b, l.weight.Name, l, l.winograd, batch)
		case *upconv:
			benchmarkWinograd(b, l.weight.Name, l, l.winograd, batch)
		}
	}
}

func benchmarkConv(b *testing.B, l *conv, batch int) {
	f, back, g := l.forward, l.backward, l.gradient
	work := len(f.A) * f.K() * f.Width
	x, y, dy := make([]float32, batch*f.StrideA), make([]float32, chunk*f.StrideC), make([]float32, batch*g.StrideC)
	b.Run(l.weight.Name+"/forward", func(b *testing.B) {
		for b.Loop() {
			f.Run(y, x, 0, chunk)
		}
		flops(b, chunk*work)
	})
	if back != nil {
		dx := make([]float32, chunk*back.StrideC)
		b.Run(l.weight.Name+"/data", func(b *testing.B) {
			for b.Loop() {
				back.Run(dx, dy, 0, chunk)
			}
			flops(b, chunk*len(back.A)*back.K()*back.Width)
		})
	}
	dw := make([]float32, len(l.weight.Value))
	b.Run(l.weight.Name+"/weights", func(b *testing.B) {
		for b.Loop() {
			g.Pack(dy, 0, 0, batch)
			sumParts(g, dw, x, batch)
		}
		flops(b, batch*work)
	})
}

func benchmarkWinograd(b *testing.B, name string, l winogradLayer, w *winograd, batch int) {
	work := len(w.phases) * w.in.Side * w.in.Side * 9 * w.channels * w.width
	tile := kernel.Elements * w.tiles * max(w.channels, len(w.phases)*w.width)
	x, y, v := make([]float32, batch*w.in.Len()), make([]float32, batch*w.out.Len()), make([]float32, 3*batch*tile)
	m, dx, dv := make([]float32, chunk*tile), make([]float32, w.in.Len()), make([]float32, tile)
	dy, bias := make([]float32, w.out.Len()), make([]float32, w.width)
	b.Run(name+"/forward", func(b *testing.B) {
		for b.Loop() {
			l.run(y, x, v, m, bias, batch, 0, chunk)
		}
		flops(b, chunk*work)
	})
	b.Run(name+"/data", func(b *testing.B) {
		for b.Loop() {
			l.back(dx, dy, m, dv, 0, false)
		}
		flops(b, work)
	})
	parts := weightParts(l.weightTasks(v, nil, batch))
	b.Run(name+"/weights", func(b *testing.B) {
		s := &scratch{}
		for b.Loop() {
			for i := range parts {
				parts[i].run(s)
			}
		}
		flops(b, batch*work)
	})
}

// BenchmarkLastConv runs the decoder's last layer.
func BenchmarkLastConv(b *testing.B) {
	l := newLastConv("bench")
	l.train(chunk)
	x, low, y := make([]float32, chunk*decUp.Len()), make([]float32, chunk*decConv2.Len()), make([]float32, chunk*Pixels)
	dy, dx := make([]float32, chunk*decGradOut.Len()), make([]float32, chunk*decUnits2)
	const work = Pixels * 25 * lastIn
	for _, c := range []struct {
		name string
		run  func()
		work int
	}{
		{"folded", func() { l.folded.Run(y, low, 0, chunk) }, 196 * 36 * lastIn},
		{"forward", func() { l.forward.Run(y, x, 0, chunk) }, work},
		{"data", func() { l.backward.Run(dx, dy, 0, chunk) }, work},
		{"weights", func() {
			l.gradient.Pack(x, 0, 0, chunk)
			sumParts(l.gradient, l.dTaps, dy, chunk)
		}, work},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.run()
			}
			flops(b, chunk*c.work)
		})
	}
}
