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
// accumulators of 4 floats. Of the shapes tried, 2×16 is the fastest in V8. The
// branch in the middle of the loop is never taken: it ends a block, without
// which the compiler (go1.27.4) schedules all products before all sums, runs
// out of its 16 vector registers and keeps an accumulator in memory.
func rowsWasm(t *rowTile, i int) {
	bias := (*[4][4]float32)(unsafe.Pointer((*[16]float32)(t.bias)))
	s00 := archsimd.LoadFloat32x4Array(&bias[0])
	s01 := archsimd.LoadFloat32x4Array(&bias[1])
	s02 := archsimd.LoadFloat32x4Array(&bias[2])
	s03 := archsimd.LoadFloat32x4Array(&bias[3])
	s10, s11, s12, s13 := s00, s01, s02, s03
	b := vectors16(t.b)
	at := 0
	for range t.segments {
		a0 := t.a[t.off[i]+at:][:t.length]
		a1 := t.a[t.off[i+1]+at:][:len(a0)]
		v := b[:len(a0)]
		for k := range v {
			x := archsimd.BroadcastFloat32x4(a0[k])
			y := archsimd.BroadcastFloat32x4(a1[k])
			w := archsimd.LoadFloat32x4Array(&v[k][0])
			s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
			w = archsimd.LoadFloat32x4Array(&v[k][1])
			s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
			if k >= len(b) { // never; see above
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
	all := vectors16(t.b)
	b := all[:len(a)]
	h := i / 2 & 1
	for m := range a {
		x := archsimd.BroadcastFloat32x4(a[m][h][0])
		y := archsimd.BroadcastFloat32x4(a[m][h][1])
		w := archsimd.LoadFloat32x4Array(&b[m][0])
		s00, s10 = x.MulAdd(w, s00), y.MulAdd(w, s10)
		w = archsimd.LoadFloat32x4Array(&b[m][1])
		s01, s11 = x.MulAdd(w, s01), y.MulAdd(w, s11)
		if m >= len(all) { // never, as in rowsWasm
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
