package nn

import "math"

// Model is the three networks together.
type Model struct {
	Encoder       *Encoder
	Decoder       *Decoder
	Discriminator *Discriminator
}

// NewModel returns the networks with zero weights. A latent size that
// CheckLatent rejects panics.
func NewModel(latent int, form Form) *Model {
	return &Model{NewEncoder(latent), NewDecoder(latent), NewDiscriminator(form)}
}

// Params returns the tensors of the encoder, the decoder and the
// discriminator, in that order.
func (m *Model) Params() []*Param {
	return append(append(m.Encoder.Params(), m.Decoder.Params()...), m.Discriminator.Params()...)
}

// Init draws the kernels from Glorot's uniform distribution, ±√(6/(inputs +
// outputs)) (Glorot and Bengio 2010, eq. 16), and sets the biases to zero.
func (m *Model) Init(seed uint64) {
	for i, p := range m.Params() {
		clear(p.Value)
		if p.fanIn == 0 {
			continue
		}
		Noise{seed}.Uniform(p.Value, PurposeInit, 0, uint32(i))
		limit := float32(math.Sqrt(6 / float64(p.fanIn+p.fanOut)))
		for j, u := range p.Value {
			p.Value[j] = limit * (2*u - 1)
		}
	}
	m.Pack()
}

// Pack must be called after a parameter's Value has been changed, before the
// networks are used to infer.
func (m *Model) Pack() {
	m.Encoder.Pack()
	m.Decoder.Pack()
	m.Discriminator.Pack()
}
