package kernel

// Columns says where the columns of a product go and come from: Groups groups
// of Width columns; group g is written at offset To[g] from the row's place.
type Columns struct {
	Width int
	To    []int
}

// Rows says where the rows of a product lie. An image has len(A) rows; row i
// of image n begins at a[n·StrideA + A[i]] and is written at c[n·StrideC +
// C[i]]. A row of the left matrix is Segments runs of Length floats, Stride
// apart: the patch under a convolution's kernel, or one run for a dense layer.
type Rows struct {
	A, C                     []int
	StrideA, StrideC         int
	Segments, Length, Stride int
}

// K is the length of a row of the left matrix.
func (r *Rows) K() int { return r.Segments * r.Length }

// Product is C = A·B + bias for rows that lie scattered in memory. B is packed
// into panels of NR columns, so that the micro-kernel reads it in order.
type Product struct {
	Rows
	Columns
	form   form
	nr     int
	images int // images whose rows offA and offC list, a multiple of tileRows rows
	offA   []int
	offC   []int
	panels int // of a group
	b      []float32
	bias   []float32
}

// NewProduct prepares the product; its B and bias are zero until packed.
func NewProduct(r Rows, c Columns) *Product {
	return newProduct(active, r, c)
}

func newProduct(f form, r Rows, c Columns) *Product {
	p := &Product{Rows: r, Columns: c, form: f, nr: f.columns()}
	// A block of images whose rows fill the tiles; at least 64 rows, so that a
	// panel is read from the cache for many rows.
	p.images = 1
	for n := len(r.A); p.images*n < 64 || p.images*n%tileRows != 0 && p.images < tileRows; {
		p.images++
	}
	for i := range p.images {
		for j := range r.A {
			p.offA = append(p.offA, i*r.StrideA+r.A[j])
			p.offC = append(p.offC, i*r.StrideC+r.C[j])
		}
	}
	p.panels = ceilDiv(c.Width, p.nr)
	n := len(c.To) * p.panels * p.nr
	p.b = make([]float32, r.K()*n)
	p.bias = make([]float32, n)
	return p
}

// Source says where the right matrix of a product lies in a slice: the element
// of row k and column n of group g at g·Group + Row[k] + n·Column.
type Source struct {
	Row           []int
	Group, Column int
}

// Pack copies B into the panels.
func (p *Product) Pack(src []float32, at Source) {
	rows, group, column := at.Row, at.Group, at.Column
	k, nr := p.K(), p.nr
	for g := range p.To {
		from := src[g*group:]
		for panel := range p.panels {
			dst := p.b[(g*p.panels+panel)*k*nr:][:k*nr]
			first := panel * nr
			width := min(nr, p.Width-first)
			if column == 1 {
				for i, at := range rows {
					copy(dst[i*nr:][:width], from[at+first:])
				}
				continue
			}
			for n := range width {
				col := from[(first+n)*column:]
				for i, at := range rows {
					dst[i*nr+n] = col[at]
				}
			}
		}
	}
}

// PackBias copies the bias: that of column n of group g is bias[g·group + n].
func (p *Product) PackBias(bias []float32, group int) {
	for g := range p.To {
		copy(p.bias[g*p.panels*p.nr:][:p.Width], bias[g*group:])
	}
}

// Run computes the rows of images lo to hi−1.
func (p *Product) Run(c, a []float32, lo, hi int) {
	var edge [tileRows * 32]float32
	k, nr := p.K(), p.nr
	for ; lo < hi; lo += p.images {
		rowsHere := min(p.images, hi-lo) * len(p.A)
		t := rowTile{
			a: a[lo*p.StrideA:], segments: p.Segments, length: p.Length, stride: p.Stride,
		}
		for g, to := range p.To {
			for panel := range p.panels {
				q := g*p.panels + panel
				t.b = p.b[q*k*nr:][:k*nr]
				t.bias = p.bias[q*nr:][:nr]
				width := min(nr, p.Width-panel*nr)
				at := lo*p.StrideC + to + panel*nr
				for r := 0; r < rowsHere; r += tileRows {
					for i := range tileRows {
						// Past the last row the tile repeats it.
						t.off[i] = p.offA[min(r+i, rowsHere-1)]
					}
					if width == nr {
						t.c = c
						for i := range tileRows {
							t.to[i] = at + p.offC[min(r+i, rowsHere-1)]
						}
						rows(p.form, &t)
						continue
					}
					t.c = edge[:]
					t.to = [tileRows]int{0, nr, 2 * nr, 3 * nr}
					rows(p.form, &t)
					for i := range min(tileRows, rowsHere-r) {
						copy(c[at+p.offC[r+i]:][:width], edge[i*nr:])
					}
				}
			}
		}
	}
}

// Consecutive returns n offsets step apart, from 0: the rows of a dense matrix.
func Consecutive(n, step int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i * step
	}
	return s
}
