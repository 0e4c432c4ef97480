package nn

import "inkling/nn/kernel"

// winograd is a 3×3 convolution with stride 1, or four of the same input for
// the phases of an upsampled output, by Winograd's minimal filtering: see
// package kernel. Between its transforms stand 16 matrix products, for each
// element ξ of the tiles
//
//	M[ξ] = V[ξ]·U[ξ]      tiles×in · in×(phases·out)
//
// and their gradients dV = dM·Uᵀ and dU = Vᵀ·dM: 16/36 of the multiplications,
// less what hangs over where the side is odd.
type winograd struct {
	in, out         kernel.Grid // the border of in: 1 before, to a multiple of 2 after
	phases          []int       // offset of each phase's pixel in out
	step            int         // pixels of out for each of in: 1, or 2 with phases
	channels, width int         // in, and out of a phase
	tiles           int         // of an image
	at              []int       // a tile's upper left pixel in in
	to              [][4]int    // a tile's pixels in out, first phase; −1 outside
	from            [][4]int    // the same in the layout of the gradient of out,
	fromPhases      []int       // and its phases
	u, dU           []float32   // [16][phases][in][out]

	forward  [][kernel.Elements]*kernel.Product // of each phase
	backward [kernel.Elements]*kernel.Product
	gradient [kernel.Elements]*kernel.Gradient

	source, transposed [kernel.Elements]kernel.Source
}

// newWinograd writes pixel (y, x) of phase 0 at pixel (step·y, step·x) of out.
func newWinograd(in, out kernel.Grid, phases []int, step int) *winograd {
	side := (in.Side + 1) / 2
	w := &winograd{
		in: in, out: out, phases: phases, step: step, channels: in.Channels, width: out.Channels, tiles: side * side,
	}
	for i := range side {
		for j := range side {
			w.at = append(w.at, in.At(2*i-1, 2*j-1))
		}
	}
	w.to = w.pixels(out)
	n := w.channels * w.width
	w.u = make([]float32, kernel.Elements*len(phases)*n)
	rows := kernel.Rows{A: []int{0}, C: []int{0}, StrideA: w.channels, StrideC: w.width, Segments: 1, Length: w.channels}
	for range phases {
		var p [kernel.Elements]*kernel.Product
		for xi := range p {
			p[xi] = kernel.NewProduct(rows, kernel.Columns{Width: w.width, To: []int{0}})
		}
		w.forward = append(w.forward, p)
	}
	for xi := range w.source {
		w.source[xi] = kernel.Source{Row: kernel.Consecutive(w.channels, w.width), Column: 1}
	}
	return w
}

// pixels are the offsets of the four outputs of each tile, −1 where outside.
func (w *winograd) pixels(out kernel.Grid) [][4]int {
	var all [][4]int
	side := w.in.Side
	for i := 0; i < side; i += 2 {
		for j := 0; j < side; j += 2 {
			to := [4]int{-1, -1, -1, -1}
			for k := range to {
				if y, x := i+k/2, j+k%2; y < side && x < side {
					to[k] = out.At(w.step*y, w.step*x)
				}
			}
			all = append(all, to)
		}
	}
	return all
}

// plane is the number of floats of one element of U.
func (w *winograd) plane() int { return len(w.phases) * w.channels * w.width }

// pack transforms the kernels g, [phase][3][3][in][out].
func (w *winograd) pack(g []float32) {
	n := w.channels * w.width
	for p, products := range w.forward {
		kernel.WinogradKernel(w.u[p*n:], g[p*9*n:], w.plane(), n)
		for xi, product := range products {
			product.Pack(w.u[xi*w.plane()+p*n:], w.source[xi])
		}
	}
}

// run computes the images lo to hi−1 of y. v keeps V, [16][images·tiles][in],
// for the gradient of the weights; m is scratch of [16][(hi−lo)·tiles][out].
func (w *winograd) run(y, x, v, m, bias []float32, images, lo, hi int) {
	vPlane := images * w.tiles * w.channels
	for i := lo; i < hi; i++ {
		image := x[i*w.in.Len():]
		for t, at := range w.at {
			kernel.WinogradInput(v[(i*w.tiles+t)*w.channels:], image[at:], vPlane, w.in.Row(), w.channels)
		}
	}
	rows := (hi - lo) * w.tiles
	mPlane := rows * w.width
	for p, products := range w.forward {
		for xi, product := range products {
			product.Run(m[xi*mPlane:], v[xi*vPlane+lo*w.tiles*w.channels:], 0, rows)
		}
		for i := lo; i < hi; i++ {
			image := y[i*w.out.Len()+w.phases[p]:]
			for t := range w.to {
				kernel.WinogradOutput(image, m[((i-lo)*w.tiles+t)*w.width:], bias, mPlane, &w.to[t], w.width)
			}
		}
	}
}

// transformed is the number of floats of V for n images.
func (w *winograd) transformed(n int) int { return kernel.Elements * n * w.tiles * w.channels }

// products is the number of floats of scratch that run needs for n images.
func (w *winograd) products(n int) int { return kernel.Elements * n * w.tiles * w.width }

// gradients are the numbers of floats of scratch that back needs: dm, dv, dx.
func (w *winograd) gradients() (dm, dv, dx int) {
	return w.products(len(w.phases)), w.transformed(1), w.in.Len()
}

// train prepares the gradients for a batch. Those of the output come in dOut.
func (w *winograd) train(images int, dOut kernel.Grid, phases []int) {
	w.from, w.fromPhases = w.pixels(dOut), phases
	w.dU = make([]float32, len(w.u))
	n, all := w.channels*w.width, len(w.phases)*w.width
	groups := make([]int, len(w.phases))
	var transposed []int
	for p := range groups {
		groups[p] = p * w.width
		for o := range w.width {
			transposed = append(transposed, p*n+o)
		}
	}
	for xi := range w.backward {
		w.backward[xi] = kernel.NewProduct(kernel.Rows{
			A: []int{0}, C: []int{0}, StrideA: all, StrideC: w.channels, Segments: 1, Length: all,
		}, kernel.Columns{Width: w.channels, To: []int{0}})
		w.transposed[xi] = kernel.Source{Row: transposed, Column: w.width}
		w.gradient[xi] = kernel.NewGradient(kernel.Rows{
			A: []int{0}, C: []int{0}, StrideA: w.channels, StrideC: all, Segments: 1, Length: w.channels,
		}, kernel.Columns{Width: w.width, To: groups}, images*w.tiles)
	}
}

// packBackward needs pack's transformed kernels.
func (w *winograd) packBackward() {
	for xi, product := range w.backward {
		product.Pack(w.u[xi*w.plane():], w.transposed[xi])
	}
}

// back takes the gradient dy of image i, in the layout dOut, to dx in in's
// layout, whose border collects what belongs to no pixel. dm and dv are scratch of [16][tiles][phases·out] and
// [16][tiles][in]. With weights the gradient is packed for those too.
func (w *winograd) back(dx, dy, dm, dv []float32, i int, weights bool) {
	all := len(w.phases) * w.width
	mPlane, vPlane := w.tiles*all, w.tiles*w.channels
	for t := range w.from {
		for p, at := range w.fromPhases {
			kernel.WinogradOutputGrad(dm[t*all+p*w.width:], dy[at:], mPlane, &w.from[t], w.width)
		}
	}
	for xi, product := range w.backward {
		if weights {
			w.gradient[xi].Pack(dm[xi*mPlane:], i*w.tiles, i*w.tiles, (i+1)*w.tiles)
		}
		product.Run(dv[xi*vPlane:], dm[xi*mPlane:], 0, w.tiles)
	}
	clear(dx[:w.in.Len()])
	for t, at := range w.at {
		kernel.WinogradInputGrad(dx[at:], dv[t*w.channels:], vPlane, w.in.Row(), w.channels)
	}
}

// weightTasks are the gradients dU of a batch, of V as run kept it. The sum of
// dy over a tile is the element (1, 1) of dM, so that its sum is the bias's.
func (w *winograd) weightTasks(v, dBias []float32, images int) []weightTask {
	vPlane := images * w.tiles * w.channels
	var tasks []weightTask
	for xi, g := range w.gradient {
		t := weightTask{g, w.dU[xi*w.plane():][:w.plane()], nil, v[xi*vPlane:][:vPlane], images * w.tiles}
		if xi == 5 {
			t.bias = dBias
		}
		tasks = append(tasks, t)
	}
	return tasks
}

// finish takes dU to the gradient of the kernels, [phase][3][3][in][out].
func (w *winograd) finish(dg []float32) {
	n := w.channels * w.width
	for p := range w.phases {
		kernel.WinogradKernelGrad(dg[p*9*n:], w.dU[p*n:], w.plane(), n)
	}
}
