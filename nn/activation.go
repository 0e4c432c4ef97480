package nn

import (
	"math"

	"inkling/nn/kernel"
)

const (
	leak        = 0.3 // LeakyReLU's slope below zero
	dropoutRate = 0.3
)

// Dropout says which masks a training step draws: each unit's is a function of
// (seed, layer, step, image, unit).
type Dropout struct {
	Noise Noise
	Step  uint32
}

// activate applies LeakyReLU and then inverted dropout to the units of one
// image in place, y = s·x, and stores the factors s for the way back, dx =
// s·dy:
//
//	s = m · (1 if x > 0, else 0.3),  m = 0 with probability 0.3, else 1/0.7
//
// Without dropout m is 1; where s is nil too, to infer, nothing is stored. unit
// is the number of x[0] in its layer, a multiple of 8.
func activate(x, s []float32, d *Dropout, layer, image uint32, unit int) {
	if s == nil {
		kernel.Rectify(x, leak)
		return
	}
	s = s[:len(x)]
	if d == nil {
		for i := range s {
			s[i] = 1
		}
	} else {
		d.mask(s, layer, image, unit)
	}
	kernel.Leaky(x, s, leak)
}

// mask fills m with the factors of inverted dropout for the units unit and on
// of a layer, multiples of 8 both. A unit takes 16 bits: the rate is 19661/65536, 0.3 to 2·10⁻⁶.
func (d *Dropout) mask(m []float32, layer, image uint32, unit int) {
	const threshold = 19661
	for i := 0; i < len(m); i += 8 {
		a, b, c, e := d.Noise.block(PurposeDropout+Purpose(layer), d.Step, image, uint32(unit+i)/8)
		// A table in place of branches, which would be mispredicted one time
		// in three.
		f := (*[8]float32)(m[i:])
		f[0], f[1] = factor[(a&0xFFFF-threshold)>>31], factor[(a>>16-threshold)>>31]
		f[2], f[3] = factor[(b&0xFFFF-threshold)>>31], factor[(b>>16-threshold)>>31]
		f[4], f[5] = factor[(c&0xFFFF-threshold)>>31], factor[(c>>16-threshold)>>31]
		f[6], f[7] = factor[(e&0xFFFF-threshold)>>31], factor[(e>>16-threshold)>>31]
	}
}

// factor is that of a unit kept, and that of one dropped.
var factor = [2]float32{1 / (1 - float32(dropoutRate)), 0}

// activateGrid activates the first channels channels of an image in a grid; s
// is [side²·channels] or nil.
func activateGrid(g kernel.Grid, channels int, x, s []float32, d *Dropout, layer, image uint32) {
	run, per := g.Run(), 1
	if channels < g.Channels {
		run, per = channels, g.Side
	}
	for i := range g.Side {
		for j := range per {
			unit := (i*per + j) * run
			if s == nil {
				activate(x[g.At(i, j):][:run], nil, nil, layer, image, unit)
				continue
			}
			activate(x[g.At(i, j):][:run], s[unit:], d, layer, image, unit)
		}
	}
}

// scaleInterior takes the gradient of an image in a grid, its first channels
// channels, back through the activation: dx = s·dy, of [side²·channels] without
// the border.
func scaleInterior(dx, dy, s []float32, g kernel.Grid, channels int) {
	for i := range g.Side {
		for j := range g.Side {
			copy(dx[(i*g.Side+j)*channels:][:channels], dy[g.At(i, j):])
		}
	}
	kernel.Scale(dx, s)
}

func sigmoid(x float32) float64 { return 1 / (1 + math.Exp(-float64(x))) }
