package fit

// stepper is what the schedule drives: a run, or a test's script. The steps
// return the L_GAN that they saw before their update.
type stepper interface {
	draw()                               // a fresh batch and z_p
	discriminatorStep() (float64, error) // one update of D
	generatorStep() (float64, error)     // one update of encoder and decoder
}

// iterate makes one iteration of the source article's schedule and returns
// the steps made of each side. The discriminator steps on fresh batches until
// it is good enough, then encoder and decoder, first on the last of those
// batches, until they are; a batch is drawn after every step of theirs that
// does not stop, so the last one drawn may go unused.
func (s *Settings) iterate(x stepper) (d, g int, err error) {
	for d < s.Steps {
		x.draw()
		gan, err := x.discriminatorStep()
		if err != nil {
			return d, g, err
		}
		d++
		if gan < s.StopD {
			break
		}
	}
	for g < s.Steps {
		gan, err := x.generatorStep()
		if err != nil {
			return d, g, err
		}
		g++
		if gan > s.StopG {
			break
		}
		x.draw()
	}
	return d, g, nil
}
