package nn

import "testing"

// TestNoAllocation: after the first call nothing allocates.
func TestNoAllocation(t *testing.T) {
	const batch, latent = 5, 3
	m := testModel(latent, Path)
	b := testBatch(batch, latent)
	b.Dropout = &Dropout{Noise{1}, 2}
	params := m.Params()
	ms := NewMeanSquare(params, 1)
	for _, threads := range []int{1, 2} {
		tr := NewTrainer(m, Objective{Gamma: 1, PriorWeight: 1}, batch, threads)
		defer tr.Close()
		mean, logVar := make([]float32, batch*latent), make([]float32, batch*latent)
		images, prob, l := make([]float32, batch*Pixels), make([]float32, batch), make([]float32, batch*Features)
		for _, c := range []struct {
			what string
			run  func()
		}{
			{"GradD", func() { tr.GradD(b) }},
			{"GradG", func() { tr.GradG(b) }},
			{"Update", func() { RMSProp{1e-6, 0.9, 1e-10}.Update(params, ms, 1) }},
			{"Pack", m.Pack},
			{"Encode", func() { m.Encoder.Encode(mean, logVar, b.Images, b.Labels) }},
			{"Decode", func() { m.Decoder.Decode(images, b.Prior, b.Labels) }},
			{"Discriminate", func() { m.Discriminator.Discriminate(prob, l, b.Images, b.Labels) }},
			{"results", func() { tr.Reconstruction(); tr.Generated(); tr.DReal(); tr.LReconstruction() }},
			{"Sample", func() { Sample(mean, 1, 2, 3) }},
		} {
			// AllocsPerRun calls once before it counts.
			if n := testing.AllocsPerRun(1, c.run); n != 0 {
				t.Errorf("%d threads: %s allocates %g times", threads, c.what, n)
			}
		}
	}
}
