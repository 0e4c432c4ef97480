package web

// Columns is the number of digits in a row of a sheet.
const Columns = 10

// sheet is the digits on show, in the order in which a model is asked for
// them: label by label, read in rows.
type sheet struct {
	n      int       // digits it will have
	pixels []float32 // of those that have come, 784 each
	canvas canvas
	pen    *Pen
}

// begin makes room for n digits. Those on show stay until others are drawn
// over them, unless the sheet changes its form.
func (s *sheet) begin(n int) {
	changed := n != s.n
	s.n, s.pixels = n, s.pixels[:0]
	s.lay(changed)
}

// add takes digits that follow those that have come, and draws them.
func (s *sheet) add(pixels []float32) {
	first := s.drawn()
	s.pixels = append(s.pixels, pixels...)
	s.draw(first)
}

// drawn returns the number of digits that have come.
func (s *sheet) drawn() int { return len(s.pixels) / (Side * Side) }

// lay fits the canvas to the room there is. If that changes it, or anyway when
// afresh is set, what has come so far is drawn again in the colours in force.
func (s *sheet) lay(afresh bool) {
	if s.n == 0 {
		return
	}
	cell, changed := s.canvas.fit(Columns, (s.n+Columns-1)/Columns)
	if cell == 0 || !changed && !afresh && s.pen != nil {
		return
	}
	paper, ink := s.canvas.colours()
	s.pen = NewPen(cell, paper, ink)
	s.canvas.clear(paper)
	s.draw(0)
}

// draw draws digit number first and those after it.
func (s *sheet) draw(first int) {
	if s.pen == nil {
		return
	}
	cell := s.pen.Cell
	pixels := make([]uint32, cell*cell)
	for i := first; i < s.drawn(); i++ {
		s.pen.Draw(pixels, s.pixels[i*Side*Side:(i+1)*Side*Side])
		s.canvas.put(pixels, i%Columns*cell, i/Columns*cell, cell)
	}
}
