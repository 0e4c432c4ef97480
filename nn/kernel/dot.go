package kernel

// Dots is a product with a single column a group: many dot products. The
// micro-kernel goes along k with vectors, where Product would leave all but one
// column of its tile empty. Length must be a multiple of 16.
type Dots struct {
	Rows
	To   []int // offset of each group's result from the row's place
	B    []float32
	Bias float32
	form form
}

// NewDots prepares the product; B, K floats for each group, is zero.
func NewDots(r Rows, to []int) *Dots {
	return newDots(active, r, to)
}

func newDots(f form, r Rows, to []int) *Dots {
	if r.Length%dotLanes != 0 {
		panic("kernel: a dot product's runs must be multiples of 16")
	}
	return &Dots{Rows: r, To: to, B: make([]float32, r.K()*len(to)), form: f}
}

// Run computes the rows of images lo to hi−1.
func (p *Dots) Run(c, a []float32, lo, hi int) {
	k := p.K()
	var d [tileRows]float32
	for n := lo; n < hi; n++ {
		t := rowTile{a: a[n*p.StrideA:], segments: p.Segments, length: p.Length, stride: p.Stride}
		for g, to := range p.To {
			t.b = p.B[g*k:][:k]
			out := c[n*p.StrideC+to:]
			for r := 0; r < len(p.A); r += tileRows {
				for i := range tileRows {
					t.off[i] = p.A[min(r+i, len(p.A)-1)]
				}
				dots(p.form, &d, &t)
				for i := range min(tileRows, len(p.A)-r) {
					out[p.C[r+i]] = d[i] + p.Bias
				}
			}
		}
	}
}
