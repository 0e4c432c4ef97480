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
		for i, v := range x {
			x[i] = slopes[sign(v)] * v
		}
		return
	}
	s = s[:len(x)]
	if d == nil {
		for i, v := range x {
			f := slopes[sign(v)]
			s[i] = f
			x[i] = f * v
		}
		return
	}
	// 16 bits a unit: the rate is 19661/65536, 0.3 to 2·10⁻⁶.
	const threshold = 19661
	for i := 0; i < len(x); i += 8 {
		var w [4]uint32
		w[0], w[1], w[2], w[3] = d.Noise.block(PurposeDropout+Purpose(layer), d.Step, image, uint32(unit+i)/8)
		for j := 0; j < 8 && i+j < len(x); j++ {
			draw := w[j>>1] >> (16 * (j & 1)) & 0xFFFF
			// A table in place of branches, which would be mispredicted one
			// time in three.
			f := scaled[(draw-threshold)>>31<<1|sign(x[i+j])]
			s[i+j] = f
			x[i+j] = f * x[i+j]
		}
	}
}

// sign is 0 for v > 0 and 1 otherwise.
func sign(v float32) uint32 { return (math.Float32bits(v) - 1) >> 31 }

var (
	slopes = [2]float32{1, leak}
	// scaled has the factors of units kept and dropped.
	scaled = [4]float32{1 / (1 - float32(dropoutRate)), leak / (1 - float32(dropoutRate)), 0, 0}
)

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

// scaleGrid multiplies an image's gradient in place with the factors of its
// activation, s of [side²·channels]: dx = s·dy.
func scaleGrid(g kernel.Grid, dy, s []float32) {
	for i := range g.Side {
		scale(dy[g.At(i, 0):][:g.Run()], s[i*g.Run():])
	}
}

func scale(dy, s []float32) {
	s = s[:len(dy)]
	for i := range dy {
		dy[i] *= s[i]
	}
}

func sigmoid(x float32) float64 { return 1 / (1 + math.Exp(-float64(x))) }
