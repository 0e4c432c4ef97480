//go:build goexperiment.simd && amd64

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// rowsAVX512 is the micro-kernel rows, NR = 32: 4×2 accumulators of 16 floats.
// Eight accumulators are what the compiler keeps in registers across a loop.
// The panel is typed as a slice of arrays: that drops every bounds check but
// those before the loop.
func rowsAVX512(t *rowTile) {
	bias := (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.bias)))
	s00 := archsimd.LoadFloat32x16Array(&bias[0])
	s01 := archsimd.LoadFloat32x16Array(&bias[1])
	s10, s20, s30 := s00, s00, s00
	s11, s21, s31 := s01, s01, s01
	b := unsafe.Slice((*[2][16]float32)(unsafe.Pointer(unsafe.SliceData(t.b))), len(t.b)/32)
	at := 0
	for range t.segments {
		a0 := t.a[t.off[0]+at:][:t.length]
		a1 := t.a[t.off[1]+at:][:len(a0)]
		a2 := t.a[t.off[2]+at:][:len(a0)]
		a3 := t.a[t.off[3]+at:][:len(a0)]
		v := b[:len(a0)]
		for k := range v {
			b0 := archsimd.LoadFloat32x16Array(&v[k][0])
			b1 := archsimd.LoadFloat32x16Array(&v[k][1])
			x := archsimd.BroadcastFloat32x16(a0[k])
			s00, s01 = x.MulAdd(b0, s00), x.MulAdd(b1, s01)
			x = archsimd.BroadcastFloat32x16(a1[k])
			s10, s11 = x.MulAdd(b0, s10), x.MulAdd(b1, s11)
			x = archsimd.BroadcastFloat32x16(a2[k])
			s20, s21 = x.MulAdd(b0, s20), x.MulAdd(b1, s21)
			x = archsimd.BroadcastFloat32x16(a3[k])
			s30, s31 = x.MulAdd(b0, s30), x.MulAdd(b1, s31)
		}
		b = b[t.length:]
		at += t.stride
	}
	c := (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[0]:])))
	s00.StoreArray(&c[0])
	s01.StoreArray(&c[1])
	c = (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[1]:])))
	s10.StoreArray(&c[0])
	s11.StoreArray(&c[1])
	c = (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[2]:])))
	s20.StoreArray(&c[0])
	s21.StoreArray(&c[1])
	c = (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[3]:])))
	s30.StoreArray(&c[0])
	s31.StoreArray(&c[1])
}

// quadsAVX512 is the micro-kernel quads, NR = 32.
func quadsAVX512(t *quadTile) {
	c0 := (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[0]:])))
	c1 := (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[1]:])))
	c2 := (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[2]:])))
	c3 := (*[2][16]float32)(unsafe.Pointer((*[32]float32)(t.c[t.to[3]:])))
	s00, s01 := archsimd.LoadFloat32x16Array(&c0[0]), archsimd.LoadFloat32x16Array(&c0[1])
	s10, s11 := archsimd.LoadFloat32x16Array(&c1[0]), archsimd.LoadFloat32x16Array(&c1[1])
	s20, s21 := archsimd.LoadFloat32x16Array(&c2[0]), archsimd.LoadFloat32x16Array(&c2[1])
	s30, s31 := archsimd.LoadFloat32x16Array(&c3[0]), archsimd.LoadFloat32x16Array(&c3[1])
	a := t.a
	b := unsafe.Slice((*[2][16]float32)(unsafe.Pointer(unsafe.SliceData(t.b))), len(t.b)/32)[:len(a)]
	for m := range a {
		b0 := archsimd.LoadFloat32x16Array(&b[m][0])
		b1 := archsimd.LoadFloat32x16Array(&b[m][1])
		x := archsimd.BroadcastFloat32x16(a[m][0])
		s00, s01 = x.MulAdd(b0, s00), x.MulAdd(b1, s01)
		x = archsimd.BroadcastFloat32x16(a[m][1])
		s10, s11 = x.MulAdd(b0, s10), x.MulAdd(b1, s11)
		x = archsimd.BroadcastFloat32x16(a[m][2])
		s20, s21 = x.MulAdd(b0, s20), x.MulAdd(b1, s21)
		x = archsimd.BroadcastFloat32x16(a[m][3])
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
