package nn

import "inkling/nn/kernel"

// RMSProp is the optimiser as TensorFlow 1 has it, without momentum:
//
//	ms ← Decay·ms + (1−Decay)·g²
//	w  ← w − Rate·g/√(ms + Epsilon)
//
// with ε inside the root. TensorFlow 1 starts ms at one, so that the first
// hundred steps hardly move.
type RMSProp struct {
	Rate, Decay, Epsilon float32
}

// Update takes one step with the gradients scale·Grad. meanSquare holds ms of
// each parameter and is updated. The networks' packed weights are stale
// afterwards, as after any change of Value.
func (o RMSProp) Update(params []*Param, meanSquare [][]float32, scale float32) {
	for i, p := range params {
		kernel.RMSProp(p.Value, meanSquare[i], p.Grad, scale, o.Rate, o.Decay, o.Epsilon)
	}
}

// NewMeanSquare returns a mean square for each parameter, all values initial.
func NewMeanSquare(params []*Param, initial float32) [][]float32 {
	all := make([][]float32, len(params))
	for i, p := range params {
		all[i] = make([]float32, len(p.Value))
		for j := range all[i] {
			all[i][j] = initial
		}
	}
	return all
}
