package nn

import (
	"fmt"
	"slices"
	"testing"
)

// results are everything that a step leaves, by name.
func results(tr *Trainer, l Losses) map[string][]float32 {
	r := map[string][]float32{
		"mean": tr.Mean(), "log σ²": tr.LogVar(), "z": tr.Z(),
		"reconstruction": tr.Reconstruction(), "generated": tr.Generated(),
		"D of real": tr.DReal(), "D of reconstructed": tr.DReconstruction(), "D of generated": tr.DGenerated(),
		"l of real": tr.LReal(), "l of reconstructed": tr.LReconstruction(),
	}
	for name, x := range r {
		r[name] = slices.Clone(x)
	}
	for name, v := range map[string]float64{"prior": l.Prior, "gan": l.GAN, "llike": l.Llike, "D's mean opinion": l.Real + l.Reconstructed + l.Generated} {
		r[name] = []float32{float32(v)}
	}
	for _, p := range tr.model.Params() {
		r["gradient of "+p.Name] = slices.Clone(p.Grad)
	}
	return r
}

// TestThreads: any number of threads gives the same bits, also when a Trainer
// is used again. Nine images are two chunks and a rest.
func TestThreads(t *testing.T) {
	batch := 9
	if slow() {
		batch = 5 // one chunk and a rest
	}
	for _, form := range []Form{Branch, Path} {
		o := Objective{Metric: MSE, Gamma: 0.5, PriorWeight: 1}
		b := testBatch(batch, 3)
		b.Dropout = &Dropout{Noise{7}, 3}
		var want map[string][]float32
		for _, c := range []struct{ threads, steps int }{{1, 1}, {2, 2}, {3, 1}} {
			tr := NewTrainer(testModel(3, form), o, batch, c.threads)
			for range c.steps {
				tr.GradD(b)
				got := results(tr, tr.GradG(b))
				if want == nil {
					want = got
				}
				for name, x := range got {
					sameBits(t, fmt.Sprintf("%v, %d threads: %s", form, c.threads, name), x, want[name])
				}
			}
			tr.Close()
		}
	}
}

// TestImageAlone: what a step computes of an image doesn't depend on its batch
// or, with dropout off, on its place in it.
func TestImageAlone(t *testing.T) {
	const batch, latent = 6, 3
	m := testModel(latent, Path)
	o := Objective{Gamma: 1, PriorWeight: 1}
	b := testBatch(batch, latent)
	tr := NewTrainer(m, o, batch, 2)
	whole := results(tr, tr.GradD(b))
	tr.Close()
	// The batch of two: image 5, then image 2.
	pick := func(x []float32, n int) []float32 {
		return slices.Concat(part(x, 5, n), part(x, 2, n))
	}
	tr = NewTrainer(m, o, 2, 1)
	defer tr.Close()
	alone := results(tr, tr.GradD(&Batch{
		Images: pick(b.Images, Pixels), Labels: []uint8{b.Labels[5], b.Labels[2]},
		Epsilon: pick(b.Epsilon, latent), Prior: pick(b.Prior, latent),
	}))
	for name, x := range whole {
		if n := len(x) / batch; n > 0 && len(alone[name]) == 2*n {
			sameBits(t, name, alone[name], pick(x, n))
		}
	}
}

// TestInferAlone: the same of Encode, Decode and Discriminate, for batches up
// to 64; and what they say is what training sees.
func TestInferAlone(t *testing.T) {
	const batch, latent = 64, 3
	m := testModel(latent, Branch)
	b := testBatch(batch, latent)
	mean, logVar := make([]float32, batch*latent), make([]float32, batch*latent)
	images, prob, l := make([]float32, batch*Pixels), make([]float32, batch), make([]float32, batch*Features)
	m.Encoder.Encode(mean, logVar, b.Images, b.Labels)
	m.Decoder.Decode(images, b.Prior, b.Labels)
	m.Discriminator.Discriminate(prob, l, b.Images, b.Labels)

	for _, run := range [][2]int{{0, 1}, {63, 64}, {17, 18}, {5, 16}, {31, 63}} {
		lo, hi := run[0], run[1]
		n, labels := hi-lo, b.Labels[lo:hi]
		check := func(what string, got, want []float32) {
			t.Helper()
			per := len(want) / batch
			sameBits(t, fmt.Sprintf("%s of images %d to %d", what, lo, hi), got, want[lo*per:hi*per])
		}
		m2, lv2 := make([]float32, n*latent), make([]float32, n*latent)
		m.Encoder.Encode(m2, lv2, b.Images[lo*Pixels:hi*Pixels], labels)
		check("mean", m2, mean)
		check("log σ²", lv2, logVar)
		i2 := make([]float32, n*Pixels)
		m.Decoder.Decode(i2, b.Prior[lo*latent:hi*latent], labels)
		check("Decode", i2, images)
		p2, l2 := make([]float32, n), make([]float32, n*Features)
		m.Discriminator.Discriminate(p2, l2, b.Images[lo*Pixels:hi*Pixels], labels)
		check("D", p2, prob)
		check("l", l2, l)
	}

	const few = 3
	b = &Batch{Images: b.Images[:few*Pixels], Labels: b.Labels[:few], Epsilon: b.Epsilon[:few*latent], Prior: b.Prior[:few*latent]}
	tr := NewTrainer(m, Objective{Gamma: 1, PriorWeight: 1}, few, 1)
	defer tr.Close()
	tr.GradD(b)
	sameBits(t, "mean in training", tr.Mean(), mean[:few*latent])
	sameBits(t, "log σ² in training", tr.LogVar(), logVar[:few*latent])
	sameBits(t, "D in training", tr.DReal(), prob[:few])
	sameBits(t, "l in training", tr.LReal(), l[:few*Features])
	for i, v := range tr.Generated() {
		// Decode folds the last layer: other roundings, of logits below 10.
		if d := v - images[i]; max(d, -d) > 1e-5 {
			t.Fatalf("pixel %d is %g in training, %g of Decode", i, v, images[i])
		}
	}
}

// TestPackAfterChange: after Pack a network runs on its parameters' new values.
func TestPackAfterChange(t *testing.T) {
	m, n := testModel(2, Path), NewModel(2, Path)
	b := testBatch(1, 2)
	out := func(m *Model) []float32 {
		x := make([]float32, 4+Pixels+1+Features)
		m.Encoder.Encode(x[0:2], x[2:4], b.Images, b.Labels)
		m.Decoder.Decode(x[4:4+Pixels], b.Prior, b.Labels)
		m.Discriminator.Discriminate(x[4+Pixels:5+Pixels], x[5+Pixels:], b.Images, b.Labels)
		return x
	}
	want := out(m)
	if slices.Equal(out(n), want) {
		t.Error("zero weights give the same results")
	}
	for i, p := range n.Params() {
		copy(p.Value, m.Params()[i].Value)
	}
	n.Pack()
	sameBits(t, "the copy's results", out(n), want)
}
