//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// These loops read the same for AVX2 and for WebAssembly: vec, lanes, load and
// broadcast are the architecture's. What does not fill a vector is done by the
// portable form; each element is rounded alike in both.

func scaleForm(f form, y, s []float32) {
	n := whole(f, len(y))
	s = s[:len(y)]
	a, b := arrays(y[:n]), arrays(s[:n])
	for i := range a {
		load(&a[i]).Mul(load(&b[i])).StoreArray(&a[i])
	}
	scalePortable(y[n:], s[n:])
}

func leakyForm(f form, x, s []float32, leak float32) {
	n := whole(f, len(x))
	s = s[:len(x)]
	a, b := arrays(x[:n]), arrays(s[:n])
	slope, zero := broadcast(leak), broadcast(0)
	for i := range a {
		v, m := load(&a[i]), load(&b[i])
		m = m.IfElse(v.Greater(zero), m.Mul(slope))
		m.StoreArray(&b[i])
		m.Mul(v).StoreArray(&a[i])
	}
	leakyPortable(x[n:], s[n:], leak)
}

func rectifyForm(f form, x []float32, leak float32) {
	n := whole(f, len(x))
	a, slope := arrays(x[:n]), broadcast(leak)
	for i := range a {
		v := load(&a[i])
		v.Max(v.Mul(slope)).StoreArray(&a[i])
	}
	rectifyPortable(x[n:], leak)
}

func rmspropForm(f form, w, ms, g []float32, scale, rate, decay, epsilon float32) {
	n := whole(f, len(w))
	ms, g = ms[:len(w)], g[:len(w)]
	a, b, c := arrays(w[:n]), arrays(ms[:n]), arrays(g[:n])
	factor, step, keep, rest, tiny := broadcast(scale), broadcast(rate), broadcast(decay), broadcast(1-decay), broadcast(epsilon)
	for i := range a {
		d := load(&c[i]).Mul(factor)
		m := keep.Mul(load(&b[i])).Add(rest.Mul(d.Mul(d)))
		m.StoreArray(&b[i])
		load(&a[i]).Sub(step.Mul(d).Div(m.Add(tiny).Sqrt())).StoreArray(&a[i])
	}
	rmspropPortable(w[n:], ms[n:], g[n:], scale, rate, decay, epsilon)
}

func maxForm(f form, best, won, x []float32, k float32) {
	n := whole(f, len(best))
	won, x = won[:len(best)], x[:len(best)]
	a, b, c := arrays(best[:n]), arrays(won[:n]), arrays(x[:n])
	kk := broadcast(k)
	for i := range a {
		u, v := load(&a[i]), load(&c[i])
		larger := v.Greater(u)
		v.IfElse(larger, u).StoreArray(&a[i])
		kk.IfElse(larger, load(&b[i])).StoreArray(&b[i])
	}
	maxPortable(best[n:], won[n:], x[n:], k)
}

func chooseForm(f form, y, x, won []float32, k float32) {
	n := whole(f, len(y))
	x, won = x[:len(y)], won[:len(y)]
	a, b, c := arrays(y[:n]), arrays(x[:n]), arrays(won[:n])
	kk := broadcast(k)
	for i := range a {
		load(&b[i]).Masked(load(&c[i]).Equal(kk)).StoreArray(&a[i])
	}
	choosePortable(y[n:], x[n:], won[n:], k)
}

// whole is the part of n elements that fills vectors: none in portable form.
func whole(f form, n int) int {
	if f == portable {
		return 0
	}
	return n &^ (lanes - 1)
}

// arrays sees a slice of floats as vectors.
func arrays(s []float32) [][lanes]float32 {
	if len(s) < lanes {
		return nil
	}
	return unsafe.Slice((*[lanes]float32)(unsafe.Pointer(unsafe.SliceData(s))), len(s)/lanes)
}
