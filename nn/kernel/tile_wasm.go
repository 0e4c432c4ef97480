//go:build goexperiment.simd && wasm

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// An engine without SIMD rejects the whole module, so a program built with
// these kernels never gets to choose.

func detect() form { return wasmSIMD }

func rows(f form, t *rowTile) {
	if f == portable {
		rowsPortable(t)
		return
	}
	rowsWasm(t, 0)
	rowsWasm(t, 2)
}

func quads(f form, t *quadTile) {
	if f == portable {
		quadsPortable(t)
		return
	}
	quadsWasm(t, 0)
	quadsWasm(t, 2)
}

func dots(f form, d *[tileRows]float32, t *rowTile) {
	if f == portable {
		dotsPortable(d, t)
		return
	}
	for i := range d {
		d[i] = dotWasm(t, i)
	}
}

// rowsWasm is the micro-kernel rows for rows i and i+1, NR = 16: 2×4
// accumulators of 4 floats. Of the shapes tried, 2×16 is the fastest in V8.
//
// Two things work around the compiler (go1.27.4). Its loops go back through a
// jump table, over which V8 moves every variable: four steps a turn make that
// cheap. And within a block it schedules all products before all sums, runs out
// of its 16 vector registers and keeps accumulators in memory: branches that
// are never taken end the blocks.
func rowsWasm(t *rowTile, i int) {
	bias := (*[4][4]float32)(unsafe.Pointer((*[16]float32)(t.bias)))
	s00 := archsimd.LoadFloat32x4Array(&bias[0])
	s01 := archsimd.LoadFloat32x4Array(&bias[1])
	s02 := archsimd.LoadFloat32x4Array(&bias[2])
	s03 := archsimd.LoadFloat32x4Array(&bias[3])
	s10, s11, s12, s13 := s00, s01, s02, s03
	b := vectors16(t.b)
	at, never := 0, len(t.b)
	for range t.segments {
		a0 := t.a[t.off[i]+at:][:t.length]
		a1 := t.a[t.off[i+1]+at:][:len(a0)]
		v := b[:len(a0)]
		v4 := fours(v)
		p0, p1 := fours(a0)[:len(v4)], fours(a1)[:len(v4)]
		for q := range v4 {
			p, u, r := &v4[q], &p0[q], &p1[q]
			x := archsimd.BroadcastFloat32x4(u[0])
			y := archsimd.BroadcastFloat32x4(r[0])
			w := archsimd.LoadFloat32x4Array(&p[0][0])
			s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
			w = archsimd.LoadFloat32x4Array(&p[0][1])
			s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
			if q >= never {
				break
			}
			w = archsimd.LoadFloat32x4Array(&p[0][2])
			s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
			w = archsimd.LoadFloat32x4Array(&p[0][3])
			s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
			if q >= never {
				break
			}
			x = archsimd.BroadcastFloat32x4(u[1])
			y = archsimd.BroadcastFloat32x4(r[1])
			w = archsimd.LoadFloat32x4Array(&p[1][0])
			s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
			w = archsimd.LoadFloat32x4Array(&p[1][1])
			s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
			if q >= never {
				break
			}
			w = archsimd.LoadFloat32x4Array(&p[1][2])
			s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
			w = archsimd.LoadFloat32x4Array(&p[1][3])
			s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
			if q >= never {
				break
			}
			x = archsimd.BroadcastFloat32x4(u[2])
			y = archsimd.BroadcastFloat32x4(r[2])
			w = archsimd.LoadFloat32x4Array(&p[2][0])
			s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
			w = archsimd.LoadFloat32x4Array(&p[2][1])
			s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
			if q >= never {
				break
			}
			w = archsimd.LoadFloat32x4Array(&p[2][2])
			s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
			w = archsimd.LoadFloat32x4Array(&p[2][3])
			s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
			if q >= never {
				break
			}
			x = archsimd.BroadcastFloat32x4(u[3])
			y = archsimd.BroadcastFloat32x4(r[3])
			w = archsimd.LoadFloat32x4Array(&p[3][0])
			s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
			w = archsimd.LoadFloat32x4Array(&p[3][1])
			s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
			if q >= never {
				break
			}
			w = archsimd.LoadFloat32x4Array(&p[3][2])
			s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
			w = archsimd.LoadFloat32x4Array(&p[3][3])
			s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
			if q >= never {
				break
			}
		}
		for k := len(v) &^ 3; k < len(v); k++ {
			x := archsimd.BroadcastFloat32x4(a0[k])
			y := archsimd.BroadcastFloat32x4(a1[k])
			w := archsimd.LoadFloat32x4Array(&v[k][0])
			s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
			w = archsimd.LoadFloat32x4Array(&v[k][1])
			s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
			if k >= never {
				break
			}
			w = archsimd.LoadFloat32x4Array(&v[k][2])
			s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
			w = archsimd.LoadFloat32x4Array(&v[k][3])
			s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
		}
		b = b[t.length:]
		at += t.stride
	}
	c := (*[4][4]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[i]:])))
	s00.StoreArray(&c[0])
	s01.StoreArray(&c[1])
	s02.StoreArray(&c[2])
	s03.StoreArray(&c[3])
	c = (*[4][4]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[i+1]:])))
	s10.StoreArray(&c[0])
	s11.StoreArray(&c[1])
	s12.StoreArray(&c[2])
	s13.StoreArray(&c[3])
}

// quadsWasm is the micro-kernel quads for rows i and i+1, NR = 16.
func quadsWasm(t *quadTile, i int) {
	c0 := (*[4][4]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[i]:])))
	c1 := (*[4][4]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[i+1]:])))
	s00, s01 := archsimd.LoadFloat32x4Array(&c0[0]), archsimd.LoadFloat32x4Array(&c0[1])
	s02, s03 := archsimd.LoadFloat32x4Array(&c0[2]), archsimd.LoadFloat32x4Array(&c0[3])
	s10, s11 := archsimd.LoadFloat32x4Array(&c1[0]), archsimd.LoadFloat32x4Array(&c1[1])
	s12, s13 := archsimd.LoadFloat32x4Array(&c1[2]), archsimd.LoadFloat32x4Array(&c1[3])
	a := unsafe.Slice((*[2][2]float32)(unsafe.Pointer(unsafe.SliceData(t.a))), len(t.a))
	b := vectors16(t.b)[:len(a)]
	h, never := i/2&1, len(t.b)
	b4 := fours(b)
	a4 := fours(a)[:len(b4)]
	for q := range b4 {
		p, u := &b4[q], &a4[q]
		x := archsimd.BroadcastFloat32x4(u[0][h][0])
		y := archsimd.BroadcastFloat32x4(u[0][h][1])
		w := archsimd.LoadFloat32x4Array(&p[0][0])
		s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
		w = archsimd.LoadFloat32x4Array(&p[0][1])
		s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
		if q >= never {
			break
		}
		w = archsimd.LoadFloat32x4Array(&p[0][2])
		s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
		w = archsimd.LoadFloat32x4Array(&p[0][3])
		s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
		if q >= never {
			break
		}
		x = archsimd.BroadcastFloat32x4(u[1][h][0])
		y = archsimd.BroadcastFloat32x4(u[1][h][1])
		w = archsimd.LoadFloat32x4Array(&p[1][0])
		s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
		w = archsimd.LoadFloat32x4Array(&p[1][1])
		s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
		if q >= never {
			break
		}
		w = archsimd.LoadFloat32x4Array(&p[1][2])
		s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
		w = archsimd.LoadFloat32x4Array(&p[1][3])
		s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
		if q >= never {
			break
		}
		x = archsimd.BroadcastFloat32x4(u[2][h][0])
		y = archsimd.BroadcastFloat32x4(u[2][h][1])
		w = archsimd.LoadFloat32x4Array(&p[2][0])
		s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
		w = archsimd.LoadFloat32x4Array(&p[2][1])
		s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
		if q >= never {
			break
		}
		w = archsimd.LoadFloat32x4Array(&p[2][2])
		s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
		w = archsimd.LoadFloat32x4Array(&p[2][3])
		s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
		if q >= never {
			break
		}
		x = archsimd.BroadcastFloat32x4(u[3][h][0])
		y = archsimd.BroadcastFloat32x4(u[3][h][1])
		w = archsimd.LoadFloat32x4Array(&p[3][0])
		s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
		w = archsimd.LoadFloat32x4Array(&p[3][1])
		s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
		if q >= never {
			break
		}
		w = archsimd.LoadFloat32x4Array(&p[3][2])
		s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
		w = archsimd.LoadFloat32x4Array(&p[3][3])
		s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
		if q >= never {
			break
		}
	}
	for m := len(a) &^ 3; m < len(a); m++ {
		x := archsimd.BroadcastFloat32x4(a[m][h][0])
		y := archsimd.BroadcastFloat32x4(a[m][h][1])
		w := archsimd.LoadFloat32x4Array(&b[m][0])
		s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
		w = archsimd.LoadFloat32x4Array(&b[m][1])
		s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
		if m >= never {
			break
		}
		w = archsimd.LoadFloat32x4Array(&b[m][2])
		s02, s12 = x.MulAdd(w, s02), y.MulAdd(w, s12)
		w = archsimd.LoadFloat32x4Array(&b[m][3])
		s03, s13 = x.MulAdd(w, s03), y.MulAdd(w, s13)
	}
	s00.StoreArray(&c0[0])
	s01.StoreArray(&c0[1])
	s02.StoreArray(&c0[2])
	s03.StoreArray(&c0[3])
	s10.StoreArray(&c1[0])
	s11.StoreArray(&c1[1])
	s12.StoreArray(&c1[2])
	s13.StoreArray(&c1[3])
}

// dotWasm is one row of the micro-kernel dots: 16 lanes in four accumulators.
func dotWasm(t *rowTile, i int) float32 {
	var s0, s1, s2, s3 archsimd.Float32x4
	b := vectors16(t.b)
	at, n := t.off[i], t.length/dotLanes
	for range t.segments {
		v := b[:n]
		a := vectors16(t.a[at:][:t.length])[:len(v)]
		for k := range v {
			s0 = archsimd.LoadFloat32x4Array(&a[k][0]).MulAdd(archsimd.LoadFloat32x4Array(&v[k][0]), s0)
			s1 = archsimd.LoadFloat32x4Array(&a[k][1]).MulAdd(archsimd.LoadFloat32x4Array(&v[k][1]), s1)
			s2 = archsimd.LoadFloat32x4Array(&a[k][2]).MulAdd(archsimd.LoadFloat32x4Array(&v[k][2]), s2)
			s3 = archsimd.LoadFloat32x4Array(&a[k][3]).MulAdd(archsimd.LoadFloat32x4Array(&v[k][3]), s3)
		}
		b = b[n:]
		at += t.stride
	}
	var s [4]float32
	s0.Add(s2).Add(s1.Add(s3)).StoreArray(&s)
	return (s[0] + s[2]) + (s[1] + s[3])
}

// vectors16 sees a slice of floats as groups of four vectors.
func vectors16(s []float32) [][4][4]float32 {
	return unsafe.Slice((*[4][4]float32)(unsafe.Pointer(unsafe.SliceData(s))), len(s)/16)
}

// fours sees a slice as groups of four.
func fours[T any](s []T) [][4]T {
	return unsafe.Slice((*[4]T)(unsafe.Pointer(unsafe.SliceData(s))), len(s)/4)
}
