package kernel

// MaxPool is 2×2 max pooling with stride 2, "same": where the last window of
// an odd side has only one row or column inside, the padding never wins.
type MaxPool struct {
	In, Out Grid
	// Channels pooled; Out may have more, which are left alone.
	Channels int
}

// Run pools images lo to hi−1 of x into y and notes in won, [images][side²·
// channels], which pixel of each window won: 0 to 3 in reading order, the
// first of equals.
func (p MaxPool) Run(y, x, won []float32, strideY, lo, hi int) {
	side, ch := p.Out.Side, p.Channels
	for n := lo; n < hi; n++ {
		for i := range side {
			for j := range side {
				out := y[n*strideY+p.Out.At(i, j):][:ch]
				best := won[((n*side+i)*side+j)*ch:][:ch]
				in := x[n*p.In.Len()+p.In.At(2*i, 2*j):]
				copy(out, in)
				clear(best)
				if 2*j+1 < p.In.Side {
					maxInto(out, best, in[p.In.Channels:], 1)
				}
				if 2*i+1 < p.In.Side {
					maxInto(out, best, in[p.In.Row():], 2)
					if 2*j+1 < p.In.Side {
						maxInto(out, best, in[p.In.Row()+p.In.Channels:], 3)
					}
				}
			}
		}
	}
}

// Backward writes the gradient of one image's input, layout in: the gradient
// dy of each window, layout out, goes to the pixel that won, and the rest is zero.
func (p MaxPool) Backward(dx, dy, won []float32, in, out Grid) {
	side, ch := p.Out.Side, p.Channels
	for i := range side {
		for j := range side {
			g := dy[out.At(i, j):][:ch]
			best := won[(i*side+j)*ch:][:ch]
			for k := range 4 {
				y, x := 2*i+k/2, 2*j+k%2
				if y >= in.Side || x >= in.Side {
					continue
				}
				choose(dx[in.At(y, x):][:ch], g, best, float32(k))
			}
		}
	}
}
