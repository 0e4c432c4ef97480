package kernel

// tileRows is the number of rows of the result in a tile, in every form.
const tileRows = 4

// form names a set of micro-kernels.
type form uint8

const (
	portable form = iota
	wasmSIMD
	avx2
	avx512
)

// columns is NR, the number of columns of the result in a tile.
func (f form) columns() int {
	switch f {
	case wasmSIMD, avx2:
		return 16
	case avx512:
		return 32
	}
	return 4
}

func (f form) String() string {
	return [...]string{"portable", "wasm-simd", "avx2", "avx512"}[f]
}

// active is the form in use. Whatever packs panels reads it once when built.
var active = detect()

// Name returns the name of the kernels in use: portable, wasm-simd, avx2 or
// avx512.
func Name() string { return active.String() }
