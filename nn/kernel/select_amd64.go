//go:build goexperiment.simd && amd64

package kernel

import "simd/archsimd"

func detect() form {
	switch {
	case archsimd.X86.AVX512():
		return avx512
	case archsimd.X86.AVX2() && archsimd.X86.FMA():
		return avx2
	}
	return portable
}

// Direct calls behind a switch, not function values: the compiler then sees
// that a tile does not escape to the heap.

func rows(f form, t *rowTile) {
	switch f {
	case avx512:
		rowsAVX512(t)
	case avx2:
		rowsAVX2(t)
	default:
		rowsPortable(t)
	}
}

func quads(f form, t *quadTile) {
	switch f {
	case avx512:
		quadsAVX512(t)
	case avx2:
		quadsAVX2(t)
	default:
		quadsPortable(t)
	}
}

func dots(f form, d *[tileRows]float32, t *rowTile) {
	switch f {
	case avx512, avx2:
		dotsAVX2(d, t)
	default:
		dotsPortable(d, t)
	}
}
