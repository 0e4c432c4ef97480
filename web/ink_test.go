package web

import (
	"encoding/binary"
	"testing"
)

var paper, ink = RGB{250, 240, 230}, RGB{10, 20, 30}

// draw returns the bytes that a pen draws.
func draw(pen *Pen, digit []float32) (rgba []byte) {
	pixels := make([]uint32, pen.Cell*pen.Cell)
	pen.Draw(pixels, digit)
	for _, p := range pixels {
		rgba = binary.NativeEndian.AppendUint32(rgba, p)
	}
	return rgba
}

// At 28 pixels a digit is drawn as it is.
func TestPenAtOwnSize(t *testing.T) {
	digit := make([]float32, Side*Side)
	for i := range digit {
		digit[i] = float32(i%5) / 4
	}
	dst := draw(NewPen(Side, paper, ink), digit)
	for i, v := range digit {
		for c := range 3 {
			want := float32(paper[c]) + (float32(ink[c])-float32(paper[c]))*v
			// Twice half a step: of the shade and of the colour.
			if d := float32(dst[4*i+c]) - want; d > 1 || d < -1 {
				t.Fatalf("pixel %d has colour %d, want %v", i, dst[4*i+c], want)
			}
		}
		if dst[4*i+3] != 255 {
			t.Fatalf("pixel %d is transparent", i)
		}
	}
}

// Any size can be drawn, a digit without ink is paper, and one full of ink is
// ink away from its edge.
func TestPenAtAnySize(t *testing.T) {
	for _, cell := range []int{1, 2, 3, 7, 27, 29, 56, 75, 112, 301} {
		pen := NewPen(cell, paper, ink)
		for _, test := range []struct {
			value float32
			want  RGB
		}{{0, paper}, {1, ink}} {
			digit := make([]float32, Side*Side)
			for i := range digit {
				digit[i] = test.value
			}
			middle := draw(pen, digit)[4*(cell/2*cell+cell/2):]
			if got := RGB(middle[:3]); got != test.want {
				t.Errorf("cell %d: a digit full of %v is %v in the middle, want %v", cell, test.value, got, test.want)
			}
		}
	}
}

// The weights sum to one, so even ink stays even, and at a sample they are it.
func TestCatmullRom(t *testing.T) {
	for i := range 11 {
		w := catmullRom(float64(i) / 10)
		// Four roundings of 2⁻²⁴ each.
		if s := w[0] + w[1] + w[2] + w[3]; s < 1-3e-7 || s > 1+3e-7 {
			t.Errorf("weights at %d/10 sum to %v", i, s)
		}
	}
	if w := catmullRom(0); w != [4]float32{0, 1, 0, 0} {
		t.Errorf("weights at a sample are %v", w)
	}
}

func BenchmarkPen(b *testing.B) {
	pen := NewPen(152, paper, ink)
	digit := make([]float32, Side*Side)
	dst := make([]uint32, 152*152)
	for b.Loop() {
		pen.Draw(dst, digit)
	}
}
