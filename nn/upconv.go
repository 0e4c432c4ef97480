package nn

import "inkling/nn/kernel"

// upconv is a nearest ×2 upsampling followed by a 5×5 convolution, folded into
// four 3×3 convolutions of the low-resolution input, one for each phase (a, b)
// of the output:
//
//	y[2i+a][2j+b] = Σ_{r,s} x[i+r−1][j+s−1] · F[a][b][r][s]
//	F[a][b][r][s] = Σ W[k][l] over the k, l with (a+k)/2 = r and (b+l)/2 = s
//
// with 36 taps for each pixel of x in place of 100, and 16 by Winograd's minimal
// filtering. Zero padding comes out exactly.
type upconv struct {
	weight, bias    *Param
	folded, dFolded []float32 // F, [4][3][3][in][out]
	*winograd
}

const upTaps = 5

func newUpconv(name string, in, out kernel.Grid) *upconv {
	return &upconv{
		weight:   newParam(name+".kernel", upTaps, upTaps, in.Channels, out.Channels),
		bias:     newParam(name+".bias", out.Channels),
		folded:   make([]float32, 4*9*in.Channels*out.Channels),
		winograd: newWinograd(in, out, upPhases(out), 2),
	}
}

func (u *upconv) pack() {
	fold(u.folded, u.weight.Value, u.channels*u.width)
	u.winograd.pack(u.folded)
}

// train prepares the gradients for a batch: dy comes in the layout dOut.
func (u *upconv) train(images int, dOut kernel.Grid) {
	u.dFolded = make([]float32, len(u.folded))
	u.winograd.train(images, dOut, upPhases(dOut))
}

func (u *upconv) finish() {
	u.winograd.finish(u.dFolded)
	unfold(u.weight.Grad, u.dFolded, u.channels*u.width)
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

// upPhases are the offsets of the four phases of an output pixel.
func upPhases(out kernel.Grid) []int {
	at := out.At(0, 0)
	return []int{0, out.At(0, 1) - at, out.At(1, 0) - at, out.At(1, 1) - at}
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
