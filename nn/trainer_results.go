package nn

// The results of the last step, in the trainer's memory: valid until the next.

// Mean is z_mean, [B·latent].
func (t *Trainer) Mean() []float32 { return t.enc.mean }

// LogVar is z_log_var, [B·latent].
func (t *Trainer) LogVar() []float32 { return t.enc.logVar }

// Z is the sampled latent vector, [B·latent].
func (t *Trainer) Z() []float32 { return t.z }

// Reconstruction is the decoder's image of Z, [B·784].
func (t *Trainer) Reconstruction() []float32 { return t.images(0) }

// Generated is the decoder's image of the batch's Prior, [B·784].
func (t *Trainer) Generated() []float32 { return t.images(1) }

func (t *Trainer) images(pass int) []float32 {
	n := t.batch
	out := t.reconstruct[pass*n*Pixels:][:n*Pixels]
	for i := range n {
		x := part(t.dis.x, (pass+1)*n+i, disImage.Len())
		for r := range Side {
			copy(out[i*Pixels+r*Side:][:Side], x[disImage.At(r, 0):])
		}
	}
	return out
}

// DReal is the discriminator's opinion of the batch's images, [B].
func (t *Trainer) DReal() []float32 { return t.opinion(0) }

// DReconstruction is its opinion of the reconstructions, [B].
func (t *Trainer) DReconstruction() []float32 { return t.opinion(1) }

// DGenerated is its opinion of the generated images, [B].
func (t *Trainer) DGenerated() []float32 { return t.opinion(2) }

func (t *Trainer) opinion(pass int) []float32 {
	out := t.opinions[pass*t.batch:][:t.batch]
	for i := range out {
		out[i] = float32(t.d[pass*t.batch+i])
	}
	return out
}

// LReal is the layer l of the batch's images, [B·256].
func (t *Trainer) LReal() []float32 { return t.dis.l[:t.batch*Features] }

// LReconstruction is the layer l of the reconstructions, [B·256].
func (t *Trainer) LReconstruction() []float32 {
	return t.dis.l[t.batch*Features : 2*t.batch*Features]
}
