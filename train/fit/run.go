package fit

import (
	"errors"
	"math"
	"strconv"

	"inkling/nn"
)

// Run is a training run under way. It is not safe for concurrent use.
type Run struct {
	Settings   Settings
	Iteration  int     // iterations made
	Seconds    float64 // time spent, kept for the owner of the clock
	DataSHA256 string

	// Model holds the weights being trained, Average their running average,
	// nil where the settings keep none. Call Pack on a network of Model
	// before using it.
	Model, Average *nn.Model

	drawn, steps uint32 // batches drawn and training steps made: the noise's counters
	squares      squares
	batches      *batches
	batch        nn.Batch
	trainer      *nn.Trainer
	last         nn.Losses // scaled, of the step last made
}

// squares are RMSProp's mean squares.
type squares struct{ encoder, decoder, discriminator [][]float32 }

// Record is what one iteration has to tell. Losses and opinions are those of
// its last step, before the update; the losses are scaled to a batch of 64.
type Record struct {
	Iteration     int     `json:"iteration"` // counted from 1
	DSteps        int     `json:"d_steps"`
	GSteps        int     `json:"g_steps"`
	Prior         float64 `json:"prior"`
	GAN           float64 `json:"gan"`
	Llike         float64 `json:"llike"`
	Seconds       float64 `json:"seconds"` // Run.Seconds when the iteration ended, filled in by the clock's owner
	Real          float64 `json:"real"`    // the discriminator's mean opinion, 0 to 1, of the originals,
	Reconstructed float64 `json:"reconstructed"`
	Generated     float64 `json:"generated"`
}

// New starts a run with fresh weights. Threads is the number of goroutines
// that a step may use; it does not change a result. Close the run after use.
func New(s Settings, d Data, threads int) (*Run, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if err := d.check(s.Batch); err != nil {
		return nil, err
	}
	r := build(s)
	r.Model.Init(s.Seed)
	if r.Average != nil {
		copyValues(r.Average.Params(), r.Model.Params())
	}
	r.start(d, threads)
	return r, nil
}

// build makes what a checkpoint holds, weights zero.
func build(s Settings) *Run {
	r := &Run{Settings: s, Model: nn.NewModel(s.Latent, s.Discriminator)}
	if s.Average > 0 {
		r.Average = nn.NewModel(s.Latent, s.Discriminator)
	}
	start := float32(s.MeanSquare)
	r.squares = squares{
		nn.NewMeanSquare(r.Model.Encoder.Params(), start),
		nn.NewMeanSquare(r.Model.Decoder.Params(), start),
		nn.NewMeanSquare(r.Model.Discriminator.Params(), start),
	}
	return r
}

// start makes what steps need, once the weights are in place.
func (r *Run) start(d Data, threads int) {
	s := r.Settings
	r.DataSHA256 = d.SHA256
	r.batches = newBatches(d, s.Seed)
	r.batch = nn.Batch{
		Images:  make([]float32, s.Batch*nn.Pixels),
		Labels:  make([]uint8, s.Batch),
		Epsilon: make([]float32, s.Batch*s.Latent),
		Prior:   make([]float32, s.Batch*s.Latent),
		Dropout: &nn.Dropout{Noise: nn.Noise{Seed: s.Seed}},
	}
	r.trainer = nn.NewTrainer(r.Model, nn.Objective{
		Metric:        s.Metric,
		Gamma:         float32(s.Gamma),
		NonSaturating: s.NonSaturating,
		PriorWeight:   float32(s.PriorWeight),
	}, s.Batch, threads)
}

// Close ends the run's goroutines.
func (r *Run) Close() { r.trainer.Close() }

// Done reports whether all iterations of the settings are made.
func (r *Run) Done() bool { return r.Iteration >= r.Settings.Iterations }

// Iterate makes one iteration. An error says which loss of which step is not
// finite; the run is then of no more use, and its last checkpoint is good.
func (r *Run) Iterate() (Record, error) {
	d, g, err := r.Settings.iterate(r)
	if err != nil {
		return Record{}, err
	}
	if r.Average != nil {
		r.average()
	}
	r.Iteration++
	l := r.last
	return Record{
		Iteration: r.Iteration, DSteps: d, GSteps: g,
		Prior: l.Prior, GAN: l.GAN, Llike: l.Llike,
		Real: l.Real, Reconstructed: l.Reconstructed, Generated: l.Generated,
	}, nil
}

// draw only counts: the batch is filled when a step wants it, since the last
// one drawn in an iteration may go unused.
func (r *Run) draw() { r.drawn++ }

// fill readies the batch last drawn, with noise and masks of the next step.
func (r *Run) fill() {
	r.batches.fill(&r.batch, r.drawn-1)
	latent := r.Settings.Latent
	for i := range r.Settings.Batch {
		r.batches.noise.Normal(r.batch.Epsilon[i*latent:][:latent], nn.PurposeEpsilon, r.steps, uint32(i))
	}
	r.batch.Dropout.Step = r.steps
	r.steps++
}

func (r *Run) discriminatorStep() (float64, error) {
	r.fill()
	if err := r.see(r.trainer.GradD(&r.batch), "discriminator's step"); err != nil {
		return 0, err
	}
	r.update(r.Settings.RateDiscriminator, r.Model.Discriminator.Params(), r.squares.discriminator)
	return r.last.GAN, nil
}

func (r *Run) generatorStep() (float64, error) {
	r.fill()
	if err := r.see(r.trainer.GradG(&r.batch), "encoder and decoder's step"); err != nil {
		return 0, err
	}
	r.update(r.Settings.RateEncoder, r.Model.Encoder.Params(), r.squares.encoder)
	r.update(r.Settings.RateDecoder, r.Model.Decoder.Params(), r.squares.decoder)
	return r.last.GAN, nil
}

func (r *Run) update(rate float64, params []*nn.Param, squares [][]float32) {
	o := nn.RMSProp{
		Rate:    float32(rate * r.Settings.rate(r.Iteration)),
		Decay:   0.9,
		Epsilon: 1e-10,
	}
	o.Update(params, squares, float32(r.Settings.scale()))
}

// see scales the losses of a step and stops at one that is not finite.
func (r *Run) see(l nn.Losses, step string) error {
	scale := r.Settings.scale()
	l.Prior *= scale
	l.GAN *= scale
	l.Llike *= scale
	r.last = l
	for _, x := range []struct {
		name  string
		value float64
	}{{"L_prior", l.Prior}, {"L_llike", l.Llike}, {"L_GAN", l.GAN}} {
		if !finite(x.value) {
			text := "iteration " + strconv.Itoa(r.Iteration+1) + ": " + x.name + " is " + number(x.value) + " in the " + step
			if name := notFinite(r.Model.Params()); name != "" {
				text += ", and " + name + " is no longer finite"
			}
			return errors.New(text)
		}
	}
	return nil
}

// average moves the averaged weights towards the trained ones. The decay
// grows from 0.1, so that the random start is soon forgotten.
func (r *Run) average() {
	n := float64(r.Iteration)
	decay := math.Min(r.Settings.Average, (1+n)/(10+n))
	part := float32(1 - decay)
	weights := r.Model.Params()
	for i, a := range r.Average.Params() {
		for j, w := range weights[i].Value {
			a.Value[j] += part * (w - a.Value[j])
		}
	}
}

// notFinite names the first tensor that holds a NaN or an infinity.
func notFinite(params []*nn.Param) string {
	for _, p := range params {
		for _, v := range p.Value {
			if !finite(float64(v)) {
				return p.Name
			}
		}
	}
	return ""
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func copyValues(dst, src []*nn.Param) {
	for i, p := range src {
		copy(dst[i].Value, p.Value)
	}
}
