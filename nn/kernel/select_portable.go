//go:build !goexperiment.simd || !(amd64 || wasm)

package kernel

func detect() form { return portable }

func rows(_ form, t *rowTile)                       { rowsPortable(t) }
func quads(_ form, t *quadTile)                     { quadsPortable(t) }
func dots(_ form, d *[tileRows]float32, t *rowTile) { dotsPortable(d, t) }
