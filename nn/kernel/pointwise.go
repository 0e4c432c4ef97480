package kernel

import "math"

// Scale is y[i] *= s[i].
func Scale(y, s []float32) { scaleForm(active, y, s) }

// Leaky is LeakyReLU on top of a mask, in place, with its derivative:
//
//	s[i] ← s[i] · (1 if x[i] > 0, else leak)
//	x[i] ← s[i] · x[i]
func Leaky(x, s []float32, leak float32) { leakyForm(active, x, s, leak) }

// Rectify is LeakyReLU in place, for 0 < leak < 1: x[i] ← max(x[i], leak·x[i]).
func Rectify(x []float32, leak float32) { rectifyForm(active, x, leak) }

// RMSProp is a step of the optimiser of that name, with gradients scale·g:
//
//	ms[i] ← decay·ms[i] + (1−decay)·g²
//	w[i]  ← w[i] − rate·g/√(ms[i] + epsilon)
func RMSProp(w, ms, g []float32, scale, rate, decay, epsilon float32) {
	rmspropForm(active, w, ms, g, scale, rate, decay, epsilon)
}

// maxInto raises best to the larger of best and x, and sets won to k where x
// was larger.
func maxInto(best, won, x []float32, k float32) { maxForm(active, best, won, x, k) }

// choose is y[i] = x[i] where won[i] = k, else 0.
func choose(y, x, won []float32, k float32) { chooseForm(active, y, x, won, k) }

func scalePortable(y, s []float32) {
	s = s[:len(y)]
	for i := range y {
		y[i] *= s[i]
	}
}

func leakyPortable(x, s []float32, leak float32) {
	s = s[:len(x)]
	for i, v := range x {
		if !(v > 0) {
			s[i] *= leak
		}
		x[i] = s[i] * v
	}
}

func rectifyPortable(x []float32, leak float32) {
	for i, v := range x {
		if v < 0 {
			x[i] = leak * v
		}
	}
}

func rmspropPortable(w, ms, g []float32, scale, rate, decay, epsilon float32) {
	ms, g = ms[:len(w)], g[:len(w)]
	for i := range w {
		d := g[i] * scale
		m := float32(decay*ms[i]) + float32((1-decay)*float32(d*d))
		ms[i] = m
		w[i] -= rate * d / float32(math.Sqrt(float64(m+epsilon)))
	}
}

func maxPortable(best, won, x []float32, k float32) {
	won, x = won[:len(best)], x[:len(best)]
	for i, v := range x {
		if v > best[i] {
			best[i], won[i] = v, k
		}
	}
}

func choosePortable(y, x, won []float32, k float32) {
	x, won = x[:len(y)], won[:len(y)]
	for i := range y {
		if won[i] == k {
			y[i] = x[i]
		} else {
			y[i] = 0
		}
	}
}
