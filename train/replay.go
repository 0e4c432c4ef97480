package main

import (
	"slices"

	"inkling/nn"
)

// result is one computed tensor.
type result struct {
	tensor string
	way    string // "training" or "inference" where both compute it
	values []float64
}

// replay collects the results of computing what a golden file holds.
type replay struct {
	g       *golden
	model   *nn.Model
	trainer *nn.Trainer
	results []result
}

// compute goes through everything that golden files hold: the networks'
// outputs, both as training and as inference compute them, losses, gradients,
// and two pairs of a discriminator's and an encoder and decoder's step.
func (g *golden) compute() ([]result, error) {
	r := &replay{g: g, model: g.model()}
	r.trainer = nn.NewTrainer(r.model, g.objective, g.batch, 1)
	defer r.trainer.Close()

	r.inference()
	l := r.trainer.GradD(&g.in)
	r.add("loss.gan", "discriminator's step", l.GAN)
	r.gradients(r.model.Discriminator.Params())
	l = r.trainer.GradG(&g.in)
	r.losses("loss.", l)
	r.outputs()
	r.gradients(r.model.Encoder.Params())
	r.gradients(r.model.Decoder.Params())
	r.steps()
	if err := r.rmsprop(); err != nil {
		return nil, err
	}
	return r.results, nil
}

func (r *replay) add(tensor, way string, values ...float64) {
	r.results = append(r.results, result{tensor, way, values})
}

func (r *replay) add32(tensor, way string, values []float32) {
	wide := make([]float64, len(values))
	for i, v := range values {
		wide[i] = float64(v)
	}
	r.add(tensor, way, wide...)
}

func (r *replay) losses(prefix string, l nn.Losses) {
	r.add(prefix+"prior", "", l.Prior)
	r.add(prefix+"gan", "", l.GAN)
	r.add(prefix+"llike", "", l.Llike)
}

func (r *replay) gradients(params []*nn.Param) {
	for _, p := range params {
		r.add32("grad."+p.Name, "", p.Grad)
	}
}

// outputs adds what the trainer computed on the way.
func (r *replay) outputs() {
	t := r.trainer
	for _, x := range []struct {
		name   string
		values []float32
	}{
		{"z_mean", t.Mean()}, {"z_log_var", t.LogVar()}, {"z", t.Z()},
		{"reconstruction", t.Reconstruction()}, {"generated", t.Generated()},
		{"d_real", t.DReal()}, {"d_reconstruction", t.DReconstruction()}, {"d_generated", t.DGenerated()},
		{"l_real", t.LReal()}, {"l_reconstruction", t.LReconstruction()},
	} {
		r.add32("out."+x.name, "training", x.values)
	}
}

// inference adds what the networks compute outside training, each fed with
// what the golden file itself has for its input.
func (r *replay) inference() {
	g, m := r.g, r.model
	n := g.batch
	mean, logVar := make([]float32, n*g.latent), make([]float32, n*g.latent)
	m.Encoder.Encode(mean, logVar, g.in.Images, g.in.Labels)
	r.add32("out.z_mean", "inference", mean)
	r.add32("out.z_log_var", "inference", logVar)

	discriminate := func(images []float32, d, l string) {
		prob, features := make([]float32, n), make([]float32, n*256)
		m.Discriminator.Discriminate(prob, features, images, g.in.Labels)
		r.add32(d, "inference", prob)
		if l != "" {
			r.add32(l, "inference", features)
		}
	}
	discriminate(g.in.Images, "out.d_real", "out.l_real")
	decode := func(z []float32, name string) {
		images := make([]float32, n*nn.Pixels)
		m.Decoder.Decode(images, z, g.in.Labels)
		r.add32(name, "inference", images)
	}
	decode(g.in.Prior, "out.generated")
	if t := tensor(g.file, "out.z"); t != nil && len(t.Data) == n*g.latent {
		decode(t.Data, "out.reconstruction")
	}
	if t := tensor(g.file, "out.generated"); t != nil && len(t.Data) == n*nn.Pixels {
		discriminate(t.Data, "out.d_generated", "")
	}
	if t := tensor(g.file, "out.reconstruction"); t != nil && len(t.Data) == n*nn.Pixels {
		discriminate(t.Data, "out.d_reconstruction", "out.l_reconstruction")
	}
}

// steps makes two pairs of steps on the same batch. Encoder and decoder take
// theirs with the updated discriminator, both gradients before either is
// applied; the mean squares go on from pair to pair.
func (r *replay) steps() {
	g, m, t := r.g, r.model, r.trainer
	squares := map[string][][]float32{}
	update := func(network string, params []*nn.Param, rate float32) {
		if squares[network] == nil {
			squares[network] = nn.NewMeanSquare(params, 1)
		}
		nn.RMSProp{Rate: rate, Decay: 0.9, Epsilon: 1e-10}.Update(params, squares[network], 1)
	}
	after := func(prefix string, params []*nn.Param) {
		for _, p := range params {
			r.add32(prefix+p.Name, "", p.Value)
		}
	}
	for _, pair := range []string{"", "2"} {
		t.GradD(&g.in)
		update("discriminator", m.Discriminator.Params(), g.rateD)
		l := t.GradG(&g.in)
		r.losses("loss_after_d"+pair+".", l)
		update("encoder", m.Encoder.Params(), g.rateE)
		update("decoder", m.Decoder.Params(), g.rateDec)
		r.losses("loss_after_g"+pair+".", t.GradD(&g.in))
		if pair == "" {
			after("after_d.", m.Discriminator.Params())
			after("after_g.", m.Encoder.Params())
			after("after_g.", m.Decoder.Params())
		}
	}
}

// rmsprop runs the optimiser's own test, if the file has it.
func (r *replay) rmsprop() error {
	f := r.g.file
	start := tensor(f, "rmsprop.initial")
	if start == nil {
		return nil
	}
	n := len(start.Data)
	steps := 0
	if t := tensor(f, "rmsprop.gradient"); t != nil && len(t.Shape) == 2 {
		steps = t.Shape[0]
	}
	gradients, err := take(f, "rmsprop.gradient", steps, n)
	if err != nil {
		return err
	}
	p := &nn.Param{Name: "rmsprop", Shape: []int{n}, Value: slices.Clone(start.Data)}
	params := []*nn.Param{p}
	squares := nn.NewMeanSquare(params, 1)
	var weights, means []float32
	for i := range steps {
		p.Grad = gradients[i*n:][:n]
		nn.RMSProp{Rate: r.g.rate, Decay: 0.9, Epsilon: 1e-10}.Update(params, squares, 1)
		weights = append(weights, p.Value...)
		means = append(means, squares[0]...)
	}
	r.add32("rmsprop.weight", "", weights)
	r.add32("rmsprop.mean_square", "", means)
	return nil
}
