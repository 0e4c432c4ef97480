package web

import (
	"encoding/binary"
	"math"
)

// Side is the number of pixels along a digit's side.
const Side = 28

// RGB is a colour, each part 0 to 255.
type RGB [3]uint8

// Pen draws digits at a size of its own: 28×28 values of ink become Cell×Cell
// pixels, interpolated so that strokes keep a smooth edge at any size. At 28
// pixels a digit is drawn as it is. Interpolation alone would blur a larger
// one, the more the larger, so contrast grows with the size: by half at five
// times the size and beyond.
type Pen struct {
	Cell int
	taps [][4]float32 // weights of the four samples round each pixel
	from []int        // the first of them, -2 to Side-2
	rows []float32    // [Side+4][Cell], widened, two rows of no ink above and below
	tint [256]uint32  // a shade's RGBA as it lies in memory
}

// NewPen returns a pen for digits of cell×cell pixels, at least 1, that mixes
// from paper (no ink) to ink (1).
func NewPen(cell int, paper, ink RGB) *Pen {
	p := &Pen{
		Cell: cell,
		taps: make([][4]float32, cell),
		from: make([]int, cell),
		rows: make([]float32, (Side+4)*cell),
	}
	for i := range cell {
		x := (float64(i)+0.5)*Side/float64(cell) - 0.5
		f := math.Floor(x)
		p.from[i] = int(f) - 1
		p.taps[i] = catmullRom(x - f)
	}
	contrast := 1 + min(max(float64(cell)/Side-1, 0)/8, 0.5)
	for v := range p.tint {
		amount := min(max((float64(v)/255-0.5)*contrast+0.5, 0), 1)
		rgba := [4]byte{3: 255}
		for c := range 3 {
			rgba[c] = uint8(math.Round(float64(paper[c]) + (float64(ink[c])-float64(paper[c]))*amount))
		}
		p.tint[v] = binary.NativeEndian.Uint32(rgba[:])
	}
	return p
}

// catmullRom returns the weights of samples at -1, 0, 1 and 2 for a point t
// after 0 (Keys 1981, "Cubic convolution interpolation for digital image
// processing", a = -1/2). It passes through the samples, so a large digit
// shows what a small one does.
func catmullRom(t float64) [4]float32 {
	t2, t3 := t*t, t*t*t
	return [4]float32{
		float32(-t/2 + t2 - t3/2),
		float32(1 - 5*t2/2 + 3*t3/2),
		float32(t/2 + 2*t2 - 3*t3/2),
		float32(-t2/2 + t3/2),
	}
}

// Draw fills dst, Cell·Cell pixels of four bytes (red, green, blue, 255), with
// a digit of 784 values.
func (p *Pen) Draw(dst []uint32, digit []float32) {
	for y := range Side {
		src := digit[y*Side : (y+1)*Side]
		row := p.rows[(y+2)*p.Cell : (y+3)*p.Cell]
		for i := range row {
			w, f := &p.taps[i], p.from[i]
			if f >= 0 && f <= Side-4 {
				s := src[f : f+4]
				row[i] = w[0]*s[0] + w[1]*s[1] + w[2]*s[2] + w[3]*s[3]
				continue
			}
			var sum float32
			for k, weight := range w {
				if x := f + k; x >= 0 && x < Side {
					sum += weight * src[x]
				}
			}
			row[i] = sum
		}
	}
	for j := range p.Cell {
		w := &p.taps[j]
		at := (p.from[j] + 2) * p.Cell
		a := p.rows[at : at+p.Cell]
		b := p.rows[at+p.Cell : at+2*p.Cell]
		c := p.rows[at+2*p.Cell : at+3*p.Cell]
		d := p.rows[at+3*p.Cell : at+4*p.Cell]
		out := dst[j*p.Cell : (j+1)*p.Cell]
		a, b, c, d = a[:len(out)], b[:len(out)], c[:len(out)], d[:len(out)]
		for i := range out {
			out[i] = p.tint[shade(w[0]*a[i]+w[1]*b[i]+w[2]*c[i]+w[3]*d[i])]
		}
	}
}

// shade rounds ink to one of 256 shades.
func shade(v float32) uint8 {
	s := int32(v*255 + 0.5)
	if s < 0 {
		return 0
	}
	if s > 255 {
		return 255
	}
	return uint8(s)
}
