package nn

import "inkling/nn/kernel"

// upconv is a nearest ×2 upsampling followed by a 5×5 convolution, folded into
// four 3×3 convolutions of the low-resolution input, one for each phase (a, b)
// of the output:
//
//	y[2i+a][2j+b] = Σ_{r,s} x[i+r−1][j+s−1] · F[a][b][r][s]
//	F[a][b][r][s] = Σ W[k][l] over the k, l with (a+k)/2 = r and (b+l)/2 = s
//
// with 36 taps for each pixel of x in place of 100. Zero padding comes out exactly.
type upconv struct {
	weight, bias *Param
	in, out      kernel.Grid
	forward      *kernel.Product
	source       kernel.Source // of F as forward's right matrix
	backward     *kernel.Product
	turned       kernel.Source // of F as backward's
	gradient     *kernel.Gradient
	folded       []float32 // F, [4][3][3][in][out]
	dFolded      []float32
}

const upTaps = 5

func newUpconv(name string, in, out kernel.Grid) *upconv {
	u := &upconv{
		weight: newParam(name+".kernel", upTaps, upTaps, in.Channels, out.Channels),
		bias:   newParam(name+".bias", out.Channels),
		in:     in, out: out,
		folded: make([]float32, 4*9*in.Channels*out.Channels),
	}
	u.forward = kernel.NewProduct(upRows(in, out), upColumns(out))
	u.source = kernel.Source{
		Row:   kernel.Consecutive(9*in.Channels, out.Channels),
		Group: 9 * in.Channels * out.Channels, Column: 1,
	}
	return u
}

// upRows are the 3×3 patches of x, and for each the upper left of its four
// pixels in out.
func upRows(in, out kernel.Grid) kernel.Rows {
	r := kernel.Rows{
		StrideA: in.Len(), StrideC: out.Len(),
		Segments: 3, Length: 3 * in.Channels, Stride: in.Row(),
	}
	for i := range in.Side {
		for j := range in.Side {
			r.A = append(r.A, in.At(i-1, j-1))
			r.C = append(r.C, out.At(2*i, 2*j))
		}
	}
	return r
}

// upColumns are the four phases of an output pixel.
func upColumns(out kernel.Grid) kernel.Columns {
	at := out.At(0, 0)
	return kernel.Columns{
		Width: out.Channels,
		To:    []int{0, out.At(0, 1) - at, out.At(1, 0) - at, out.At(1, 1) - at},
	}
}

// fold sums the taps of w, [5][5][n], into f, [4][3][3][n].
func fold(f, w []float32, n int) {
	clear(f)
	eachFold(func(tap, folded int) {
		src := w[tap*n:][:n]
		for i, v := range src {
			f[folded*n+i] += v
		}
	})
}

// unfold is the adjoint of fold: dW[k][l] = Σ_{a,b} dF[a][b][(a+k)/2][(b+l)/2].
func unfold(w, f []float32, n int) {
	clear(w)
	eachFold(func(tap, folded int) {
		dst := w[tap*n:][:n]
		for i, v := range f[folded*n:][:n] {
			dst[i] += v
		}
	})
}

// eachFold calls f with each tap of the 5×5 kernel and each place in
// [a][b][r][s] that it goes to.
func eachFold(f func(tap, folded int)) {
	for a := range 2 {
		for b := range 2 {
			for k := range upTaps {
				for l := range upTaps {
					f(k*upTaps+l, (a*2+b)*9+(a+k)/2*3+(b+l)/2)
				}
			}
		}
	}
}

func (u *upconv) pack() {
	fold(u.folded, u.weight.Value, u.in.Channels*u.out.Channels)
	u.forward.Pack(u.folded, u.source)
	u.forward.PackBias(u.bias.Value, 0)
}

// train prepares the gradients for a batch: dy comes in the grid dOut, whose
// border is at least 2 before and 2 after; dx goes to dIn.
func (u *upconv) train(images int, dOut, dIn kernel.Grid) {
	u.dFolded = make([]float32, len(u.folded))
	u.gradient = kernel.NewGradient(upRows(u.in, dOut), upColumns(dOut), images)
	// dx[i][j] sums over the 6×6 pixels of dy around its four: a convolution
	// of dy with stride 2.
	r := kernel.Rows{
		StrideA: dOut.Len(), StrideC: dIn.Len(),
		Segments: 6, Length: 6 * dOut.Channels, Stride: dOut.Row(),
	}
	for i := range dIn.Side {
		for j := range dIn.Side {
			r.A = append(r.A, dOut.At(2*i-2, 2*j-2))
			r.C = append(r.C, dIn.At(i, j))
		}
	}
	u.backward = kernel.NewProduct(r, kernel.Columns{Width: dIn.Channels, To: []int{0}})
	// Tap (p, q) of the 6×6 is phase (p mod 2, q mod 2) of F at (2−p/2, 2−q/2).
	n, o := u.in.Channels*u.out.Channels, u.out.Channels
	rows := make([]int, 0, 36*o)
	for p := range 6 {
		for q := range 6 {
			tap := (p%2*2+q%2)*9 + (2-p/2)*3 + 2 - q/2
			for c := range o {
				rows = append(rows, tap*n+c)
			}
		}
	}
	u.turned = kernel.Source{Row: rows, Column: o}
}

// packBackward needs pack's folded kernel.
func (u *upconv) packBackward() { u.backward.Pack(u.folded, u.turned) }
