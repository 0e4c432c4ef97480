//go:build goexperiment.simd && amd64

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// rowsAVX2 is the micro-kernel rows, NR = 16: 4×2 accumulators of 8 floats.
// Eight accumulators are what the compiler keeps in registers across a loop.
// The panel is typed as a slice of arrays: that drops every bounds check but
// those before the loop.
func rowsAVX2(t *rowTile) {
	bias := (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.bias)))
	s00 := archsimd.LoadFloat32x8Array(&bias[0])
	s01 := archsimd.LoadFloat32x8Array(&bias[1])
	s10, s20, s30 := s00, s00, s00
	s11, s21, s31 := s01, s01, s01
	b := unsafe.Slice((*[2][8]float32)(unsafe.Pointer(unsafe.SliceData(t.b))), len(t.b)/16)
	at := 0
	for range t.segments {
		a0 := t.a[t.off[0]+at:][:t.length]
		a1 := t.a[t.off[1]+at:][:len(a0)]
		a2 := t.a[t.off[2]+at:][:len(a0)]
		a3 := t.a[t.off[3]+at:][:len(a0)]
		v := b[:len(a0)]
		for k := range v {
			b0 := archsimd.LoadFloat32x8Array(&v[k][0])
			b1 := archsimd.LoadFloat32x8Array(&v[k][1])
			x := archsimd.BroadcastFloat32x8(a0[k])
			s00, s01 = x.MulAdd(b0, s00), x.MulAdd(b1, s01)
			x = archsimd.BroadcastFloat32x8(a1[k])
			s10, s11 = x.MulAdd(b0, s10), x.MulAdd(b1, s11)
			x = archsimd.BroadcastFloat32x8(a2[k])
			s20, s21 = x.MulAdd(b0, s20), x.MulAdd(b1, s21)
			x = archsimd.BroadcastFloat32x8(a3[k])
			s30, s31 = x.MulAdd(b0, s30), x.MulAdd(b1, s31)
		}
		b = b[t.length:]
		at += t.stride
	}
	c := (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[0]:])))
	s00.StoreArray(&c[0])
	s01.StoreArray(&c[1])
	c = (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[1]:])))
	s10.StoreArray(&c[0])
	s11.StoreArray(&c[1])
	c = (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[2]:])))
	s20.StoreArray(&c[0])
	s21.StoreArray(&c[1])
	c = (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[3]:])))
	s30.StoreArray(&c[0])
	s31.StoreArray(&c[1])
}

// quadsAVX2 is the micro-kernel quads, NR = 16.
func quadsAVX2(t *quadTile) {
	c0 := (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[0]:])))
	c1 := (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[1]:])))
	c2 := (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[2]:])))
	c3 := (*[2][8]float32)(unsafe.Pointer((*[16]float32)(t.c[t.to[3]:])))
	s00, s01 := archsimd.LoadFloat32x8Array(&c0[0]), archsimd.LoadFloat32x8Array(&c0[1])
	s10, s11 := archsimd.LoadFloat32x8Array(&c1[0]), archsimd.LoadFloat32x8Array(&c1[1])
	s20, s21 := archsimd.LoadFloat32x8Array(&c2[0]), archsimd.LoadFloat32x8Array(&c2[1])
	s30, s31 := archsimd.LoadFloat32x8Array(&c3[0]), archsimd.LoadFloat32x8Array(&c3[1])
	a := t.a
	b := unsafe.Slice((*[2][8]float32)(unsafe.Pointer(unsafe.SliceData(t.b))), len(t.b)/16)[:len(a)]
	for m := range a {
		b0 := archsimd.LoadFloat32x8Array(&b[m][0])
		b1 := archsimd.LoadFloat32x8Array(&b[m][1])
		x := archsimd.BroadcastFloat32x8(a[m][0])
		s00, s01 = x.MulAdd(b0, s00), x.MulAdd(b1, s01)
		x = archsimd.BroadcastFloat32x8(a[m][1])
		s10, s11 = x.MulAdd(b0, s10), x.MulAdd(b1, s11)
		x = archsimd.BroadcastFloat32x8(a[m][2])
		s20, s21 = x.MulAdd(b0, s20), x.MulAdd(b1, s21)
		x = archsimd.BroadcastFloat32x8(a[m][3])
		s30, s31 = x.MulAdd(b0, s30), x.MulAdd(b1, s31)
	}
	s00.StoreArray(&c0[0])
	s01.StoreArray(&c0[1])
	s10.StoreArray(&c1[0])
	s11.StoreArray(&c1[1])
	s20.StoreArray(&c2[0])
	s21.StoreArray(&c2[1])
	s30.StoreArray(&c3[0])
	s31.StoreArray(&c3[1])
}

// dotsAVX2 is the micro-kernel dots: lanes 0–7 and 8–15 of each of the four
// dot products in one accumulator each.
func dotsAVX2(d *[tileRows]float32, t *rowTile) {
	var s00, s01, s10, s11, s20, s21, s30, s31 archsimd.Float32x8
	b := vectors16(t.b)
	at, n := 0, t.length/dotLanes
	for range t.segments {
		v := b[:n]
		a0 := vectors16(t.a[t.off[0]+at:][:t.length])[:len(v)]
		a1 := vectors16(t.a[t.off[1]+at:][:t.length])[:len(v)]
		a2 := vectors16(t.a[t.off[2]+at:][:t.length])[:len(v)]
		a3 := vectors16(t.a[t.off[3]+at:][:t.length])[:len(v)]
		for k := range v {
			b0 := archsimd.LoadFloat32x8Array(&v[k][0])
			b1 := archsimd.LoadFloat32x8Array(&v[k][1])
			s00 = archsimd.LoadFloat32x8Array(&a0[k][0]).MulAdd(b0, s00)
			s01 = archsimd.LoadFloat32x8Array(&a0[k][1]).MulAdd(b1, s01)
			s10 = archsimd.LoadFloat32x8Array(&a1[k][0]).MulAdd(b0, s10)
			s11 = archsimd.LoadFloat32x8Array(&a1[k][1]).MulAdd(b1, s11)
			s20 = archsimd.LoadFloat32x8Array(&a2[k][0]).MulAdd(b0, s20)
			s21 = archsimd.LoadFloat32x8Array(&a2[k][1]).MulAdd(b1, s21)
			s30 = archsimd.LoadFloat32x8Array(&a3[k][0]).MulAdd(b0, s30)
			s31 = archsimd.LoadFloat32x8Array(&a3[k][1]).MulAdd(b1, s31)
		}
		b = b[n:]
		at += t.stride
	}
	d[0] = addLanes8(s00.Add(s01))
	d[1] = addLanes8(s10.Add(s11))
	d[2] = addLanes8(s20.Add(s21))
	d[3] = addLanes8(s30.Add(s31))
}

// addLanes8 ends addLanes: 8 → 4 → 2 → 1.
func addLanes8(v archsimd.Float32x8) float32 {
	var s [4]float32
	v.GetLo().Add(v.GetHi()).StoreArray(&s)
	return (s[0] + s[2]) + (s[1] + s[3])
}

// vectors16 sees a slice of floats as pairs of vectors.
func vectors16(s []float32) [][2][8]float32 {
	return unsafe.Slice((*[2][8]float32)(unsafe.Pointer(unsafe.SliceData(s))), len(s)/16)
}
