//go:build goexperiment.simd && (amd64 || wasm)

package kernel

import "unsafe"

// The same transforms, lanes channels at a time. They address 16 planes from
// one pointer, since as many slices would not stay in registers; each checks
// the ends of its slices first. Channels must fill vectors, else the portable
// form runs.

// get and put move the vector at float i from p.
func get(p unsafe.Pointer, i int) vec    { return load((*[lanes]float32)(unsafe.Add(p, 4*i))) }
func put(p unsafe.Pointer, i int, v vec) { v.StoreArray((*[lanes]float32)(unsafe.Add(p, 4*i))) }

// pointer checks that s holds n floats and returns its start.
func pointer(s []float32, n int) unsafe.Pointer { return unsafe.Pointer(&s[:n][0]) }

func winogradInput(f form, v, x []float32, plane, row, channels int) {
	if whole(f, channels) != channels {
		winogradInputPortable(v, x, plane, row, channels)
		return
	}
	to, from := pointer(v, 15*plane+channels), pointer(x, 3*row+4*channels)
	for c := 0; c < channels; c += lanes {
		for i := range 4 {
			// Row i of Bᵀ d is a difference or a sum of two rows of d.
			p, q := i, 2
			switch i {
			case 2:
				q = 1
			case 3:
				p, q = 1, 3
			}
			p, q = p*row+c, q*row+c
			var a, b, e, g vec
			if i == 1 {
				a, b = get(from, p).Add(get(from, q)), get(from, p+channels).Add(get(from, q+channels))
				e, g = get(from, p+2*channels).Add(get(from, q+2*channels)), get(from, p+3*channels).Add(get(from, q+3*channels))
			} else {
				a, b = get(from, p).Sub(get(from, q)), get(from, p+channels).Sub(get(from, q+channels))
				e, g = get(from, p+2*channels).Sub(get(from, q+2*channels)), get(from, p+3*channels).Sub(get(from, q+3*channels))
			}
			at := 4*i*plane + c
			put(to, at, a.Sub(e))
			put(to, at+plane, b.Add(e))
			put(to, at+2*plane, e.Sub(b))
			put(to, at+3*plane, b.Sub(g))
		}
	}
}

func winogradInputGrad(f form, x, v []float32, plane, row, channels int) {
	if whole(f, channels) != channels {
		winogradInputGradPortable(x, v, plane, row, channels)
		return
	}
	to, from := pointer(x, 3*row+4*channels), pointer(v, 15*plane+channels)
	for c := 0; c < channels; c += lanes {
		for j := range 4 {
			// Column j of dV Bᵀ, then B on its left.
			var t0, t1, t2, t3 vec
			switch j {
			case 0:
				t0, t1 = get(from, c), get(from, c+4*plane)
				t2, t3 = get(from, c+8*plane), get(from, c+12*plane)
			case 1:
				t0, t1 = oddColumn(from, c, plane), oddColumn(from, c+4*plane, plane)
				t2, t3 = oddColumn(from, c+8*plane, plane), oddColumn(from, c+12*plane, plane)
			case 2:
				t0, t1 = evenColumn(from, c, plane), evenColumn(from, c+4*plane, plane)
				t2, t3 = evenColumn(from, c+8*plane, plane), evenColumn(from, c+12*plane, plane)
			default:
				zero := broadcast(0)
				t0, t1 = zero.Sub(get(from, c+3*plane)), zero.Sub(get(from, c+7*plane))
				t2, t3 = zero.Sub(get(from, c+11*plane)), zero.Sub(get(from, c+15*plane))
			}
			at := j*channels + c
			put(to, at, get(to, at).Add(t0))
			put(to, at+row, get(to, at+row).Add(t1.Sub(t2).Add(t3)))
			put(to, at+2*row, get(to, at+2*row).Add(t1.Add(t2).Sub(t0)))
			put(to, at+3*row, get(to, at+3*row).Sub(t3))
		}
	}
}

// oddColumn is v1 − v2 + v3, evenColumn v1 + v2 − v0 of a row of planes.
func oddColumn(p unsafe.Pointer, at, plane int) vec {
	return get(p, at+plane).Sub(get(p, at+2*plane)).Add(get(p, at+3*plane))
}

func evenColumn(p unsafe.Pointer, at, plane int) vec {
	return get(p, at+plane).Add(get(p, at+2*plane)).Sub(get(p, at))
}

func winogradOutput(f form, y, m, bias []float32, plane int, to *[4]int, channels int) {
	if whole(f, channels) != channels {
		winogradOutputPortable(y, m, bias, plane, to, channels)
		return
	}
	out, from, b := unsafe.Pointer(&y[0]), pointer(m, 15*plane+channels), pointer(bias, channels)
	for _, at := range to {
		if at >= 0 {
			_ = y[at : at+channels]
		}
	}
	for c := 0; c < channels; c += lanes {
		v := get(b, c)
		// The rows of Aᵀ M, then A on their right.
		s0, s1 := topRow(from, c, plane), topRow(from, c+plane, plane)
		s2, s3 := topRow(from, c+2*plane, plane), topRow(from, c+3*plane, plane)
		put(out, to[0]+c, s0.Add(s1).Add(s2).Add(v))
		if to[1] >= 0 {
			put(out, to[1]+c, s1.Sub(s2).Sub(s3).Add(v))
		}
		if to[2] < 0 {
			continue
		}
		s0, s1 = bottomRow(from, c, plane), bottomRow(from, c+plane, plane)
		s2, s3 = bottomRow(from, c+2*plane, plane), bottomRow(from, c+3*plane, plane)
		put(out, to[2]+c, s0.Add(s1).Add(s2).Add(v))
		if to[3] >= 0 {
			put(out, to[3]+c, s1.Sub(s2).Sub(s3).Add(v))
		}
	}
}

// topRow is m0 + m1 + m2, bottomRow m1 − m2 − m3 of a column of planes.
func topRow(p unsafe.Pointer, at, plane int) vec {
	return get(p, at).Add(get(p, at+4*plane)).Add(get(p, at+8*plane))
}

func bottomRow(p unsafe.Pointer, at, plane int) vec {
	return get(p, at+4*plane).Sub(get(p, at+8*plane)).Sub(get(p, at+12*plane))
}

func winogradOutputGrad(f form, m, y []float32, plane int, from *[4]int, channels int) {
	if whole(f, channels) != channels {
		winogradOutputGradPortable(m, y, plane, from, channels)
		return
	}
	to, in := pointer(m, 15*plane+channels), unsafe.Pointer(&y[0])
	for _, at := range from {
		if at >= 0 {
			_ = y[at : at+channels]
		}
	}
	zero := broadcast(0)
	for c := 0; c < channels; c += lanes {
		a, b, e, g := get(in, from[0]+c), zero, zero, zero
		if from[1] >= 0 {
			b = get(in, from[1]+c)
		}
		if from[2] >= 0 {
			e = get(in, from[2]+c)
		}
		if from[3] >= 0 {
			g = get(in, from[3]+c)
		}
		gradRow(to, c, plane, a, b)
		gradRow(to, c+4*plane, plane, a.Add(e), b.Add(g))
		gradRow(to, c+8*plane, plane, a.Sub(e), b.Sub(g))
		gradRow(to, c+12*plane, plane, zero.Sub(e), zero.Sub(g))
	}
}

// gradRow writes a row (a, b) of A dY times Aᵀ.
func gradRow(p unsafe.Pointer, at, plane int, a, b vec) {
	put(p, at, a)
	put(p, at+plane, a.Add(b))
	put(p, at+2*plane, a.Sub(b))
	put(p, at+3*plane, broadcast(0).Sub(b))
}
