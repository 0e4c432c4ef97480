package kernel

// Winograd's minimal filtering F(2×2, 3×3): a tile of 2×2 outputs of a 3×3
// convolution with stride 1 takes 16 multiplications a pair of channels in
// place of 36 (Winograd 1980; Lavin and Gray 2016, "Fast algorithms for
// convolutional neural networks", section 4.1). With a tile d of 4×4 inputs and
// a kernel g
//
//	y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
//
//	     ⎡1  0 −1  0⎤       ⎡ 1    0    0 ⎤        ⎡1  1  1  0⎤
//	Bᵀ = ⎢0  1  1  0⎥   G = ⎢ ½    ½    ½ ⎥   Aᵀ = ⎣0  1 −1 −1⎦
//	     ⎢0 −1  1  0⎥       ⎢ ½   −½    ½ ⎥
//	     ⎣0  1  0 −1⎦       ⎣ 0    0    1 ⎦
//
// Summed over channels, each of the 16 elements ξ is a matrix product, tiles ×
// in by in × out. Every step is linear, so the gradients are the adjoints:
// dM = A dy Aᵀ, dV = dM·Uᵀ, dx = B dV Bᵀ, dU = Vᵀ·dM, dg = Gᵀ dU G.
//
// The functions here go along the channels; a plane is the distance between
// two ξ.

// Elements is the number of elements ξ of a Winograd tile.
const Elements = 16

// WinogradKernel writes U = G g Gᵀ, 16 planes of n floats, of kernels g, [3][3][n].
func WinogradKernel(u, g []float32, plane, n int) {
	for i := range n {
		var t [4][3]float32 // G g
		for s := range 3 {
			a, b, c := g[s*n+i], g[(3+s)*n+i], g[(6+s)*n+i]
			t[0][s], t[1][s], t[2][s], t[3][s] = a, ((a+c)+b)/2, ((a+c)-b)/2, c
		}
		for r, v := range t {
			a, b, c := v[0], v[1], v[2]
			at := 4*r*plane + i
			u[at], u[at+plane] = a, ((a+c)+b)/2
			u[at+2*plane], u[at+3*plane] = ((a+c)-b)/2, c
		}
	}
}

// WinogradKernelGrad writes dg = Gᵀ dU G, [3][3][n], of dU, 16 planes of n
// floats.
func WinogradKernelGrad(g, u []float32, plane, n int) {
	for i := range n {
		var t [3][4]float32 // Gᵀ dU
		for s := range 4 {
			at := s*plane + i
			a, b, c, d := u[at], u[at+4*plane], u[at+8*plane], u[at+12*plane]
			t[0][s], t[1][s], t[2][s] = a+(b+c)/2, (b-c)/2, (b+c)/2+d
		}
		for r, v := range t {
			a, b, c, d := v[0], v[1], v[2], v[3]
			g[(3*r+0)*n+i], g[(3*r+1)*n+i], g[(3*r+2)*n+i] = a+(b+c)/2, (b-c)/2, (b+c)/2+d
		}
	}
}

// WinogradInput writes V = Bᵀ d B of a tile, 16 planes of channels floats. The
// tile's pixels are channels floats each, rows row floats apart.
func WinogradInput(v, x []float32, plane, row, channels int) {
	winogradInput(active, v, x, plane, row, channels)
}

// WinogradInputGrad adds dx += B dV Bᵀ, the adjoint of WinogradInput.
func WinogradInputGrad(x, v []float32, plane, row, channels int) {
	winogradInputGrad(active, x, v, plane, row, channels)
}

// WinogradOutput writes Y = Aᵀ M A + bias of a tile, 16 planes of channels
// floats, to the pixels at y[to[i]], i = 0…3 in reading order; a negative
// offset is outside the image.
func WinogradOutput(y, m, bias []float32, plane int, to *[4]int, channels int) {
	winogradOutput(active, y, m, bias, plane, to, channels)
}

// WinogradOutputGrad writes dM = A dY Aᵀ, the adjoint of WinogradOutput.
func WinogradOutputGrad(m, y []float32, plane int, from *[4]int, channels int) {
	winogradOutputGrad(active, m, y, plane, from, channels)
}

func winogradInputPortable(v, x []float32, plane, row, channels int) {
	for c := range channels {
		var t [4][4]float32 // Bᵀ d
		for j := range 4 {
			at := j*channels + c
			a, b, e, f := x[at], x[row+at], x[2*row+at], x[3*row+at]
			t[0][j], t[1][j], t[2][j], t[3][j] = a-e, b+e, e-b, b-f
		}
		for i, r := range t {
			at := 4*i*plane + c
			v[at], v[at+plane], v[at+2*plane], v[at+3*plane] = r[0]-r[2], r[1]+r[2], r[2]-r[1], r[1]-r[3]
		}
	}
}

func winogradInputGradPortable(x, v []float32, plane, row, channels int) {
	for c := range channels {
		var t [4][4]float32 // dV Bᵀ
		for i := range 4 {
			at := 4*i*plane + c
			a, b, e, f := v[at], v[at+plane], v[at+2*plane], v[at+3*plane]
			t[i] = [4]float32{a, (b - e) + f, (b + e) - a, -f}
		}
		for j := range 4 {
			at := j*channels + c
			a, b, e, f := t[0][j], t[1][j], t[2][j], t[3][j]
			x[at] += a
			x[row+at] += (b - e) + f
			x[2*row+at] += (b + e) - a
			x[3*row+at] -= f
		}
	}
}

func winogradOutputPortable(y, m, bias []float32, plane int, to *[4]int, channels int) {
	for c := range channels {
		var s [2][4]float32 // Aᵀ M
		for j := range 4 {
			at := j*plane + c
			a, b, e, f := m[at], m[at+4*plane], m[at+8*plane], m[at+12*plane]
			s[0][j], s[1][j] = (a+b)+e, (b-e)-f
		}
		for i, r := range s {
			if at := to[2*i]; at >= 0 {
				y[at+c] = ((r[0] + r[1]) + r[2]) + bias[c]
			}
			if at := to[2*i+1]; at >= 0 {
				y[at+c] = ((r[1] - r[2]) - r[3]) + bias[c]
			}
		}
	}
}

func winogradOutputGradPortable(m, y []float32, plane int, from *[4]int, channels int) {
	for c := range channels {
		var d [4]float32
		for i, at := range from {
			if at >= 0 {
				d[i] = y[at+c]
			}
		}
		rows := [4][2]float32{{d[0], d[1]}, {d[0] + d[2], d[1] + d[3]}, {d[0] - d[2], d[1] - d[3]}, {-d[2], -d[3]}}
		for i, r := range rows {
			at := 4*i*plane + c
			m[at], m[at+plane], m[at+2*plane], m[at+3*plane] = r[0], r[0]+r[1], r[0]-r[1], -r[1]
		}
	}
}
