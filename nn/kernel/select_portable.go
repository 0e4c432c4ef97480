//go:build !goexperiment.simd || !(amd64 || wasm)

package kernel

func detect() form { return portable }

func rows(_ form, t *rowTile)                       { rowsPortable(t) }
func quads(_ form, t *quadTile)                     { quadsPortable(t) }
func dots(_ form, d *[tileRows]float32, t *rowTile) { dotsPortable(d, t) }

func scaleForm(_ form, y, s []float32)               { scalePortable(y, s) }
func leakyForm(_ form, x, s []float32, leak float32) { leakyPortable(x, s, leak) }
func rectifyForm(_ form, x []float32, leak float32)  { rectifyPortable(x, leak) }
func rmspropForm(_ form, w, ms, g []float32, scale, rate, decay, epsilon float32) {
	rmspropPortable(w, ms, g, scale, rate, decay, epsilon)
}
func maxForm(_ form, best, won, x []float32, k float32) { maxPortable(best, won, x, k) }
func chooseForm(_ form, y, x, won []float32, k float32) { choosePortable(y, x, won, k) }

func winogradInput(_ form, v, x []float32, plane, row, channels int) {
	winogradInputPortable(v, x, plane, row, channels)
}

func winogradInputGrad(_ form, x, v []float32, plane, row, channels int) {
	winogradInputGradPortable(x, v, plane, row, channels)
}

func winogradOutput(_ form, y, m, bias []float32, plane int, to *[4]int, channels int) {
	winogradOutputPortable(y, m, bias, plane, to, channels)
}

func winogradOutputGrad(_ form, m, y []float32, plane int, from *[4]int, channels int) {
	winogradOutputGradPortable(m, y, plane, from, channels)
}
