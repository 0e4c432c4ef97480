package kernel

// Grid is the layout of square, channels-last images with a border of zeros: a
// Side×Side interior with Before rows and columns of zeros above and left of it
// and After below and right. With the border in place a convolution reads its
// zero padding from memory like everything else.
type Grid struct {
	Side, Before, After, Channels int
}

// Full is the side of the image with its border.
func (g Grid) Full() int { return g.Before + g.Side + g.After }

// Len is the number of floats of an image with its border.
func (g Grid) Len() int { return g.Full() * g.Row() }

// Row is the number of floats of a row with its border, the step from a pixel
// to the one below.
func (g Grid) Row() int { return g.Full() * g.Channels }

// At is the offset of pixel (y, x) of the interior within its image. Negative
// coordinates lie in the border.
func (g Grid) At(y, x int) int {
	return ((y+g.Before)*g.Full() + x + g.Before) * g.Channels
}

// Run is the number of floats of a row of the interior, which are consecutive.
func (g Grid) Run() int { return g.Side * g.Channels }

// SamePadding is TensorFlow's "same": the zeros before and after n pixels for
// a kernel of size k and a stride.
func SamePadding(n, k, stride int) (before, after int) {
	total := max((ceilDiv(n, stride)-1)*stride+k-n, 0)
	return total / 2, total - total/2
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
