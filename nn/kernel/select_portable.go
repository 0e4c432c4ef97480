//go:build !goexperiment.simd || !(amd64 || wasm)

package kernel

func detect() form { return portable }

func rows(_ form, t *rowTile)                       { rowsPortable(t) }
func quads(_ form, t *quadTile)                     { quadsPortable(t) }
func dots(_ form, d *[tileRows]float32, t *rowTile) { dotsPortable(d, t) }

func scaleForm(_ form, y, s []float32)                  { scalePortable(y, s) }
func leakyForm(_ form, x, s []float32, leak float32)    { leakyPortable(x, s, leak) }
func maxForm(_ form, best, won, x []float32, k float32) { maxPortable(best, won, x, k) }
func chooseForm(_ form, y, x, won []float32, k float32) { choosePortable(y, x, won, k) }
