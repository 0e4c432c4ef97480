package kernel

// Gradient is dB += Aᵀ·G, the gradient of a product's right matrix: the same
// rows A, and in place of C the gradient G of the result. The sum runs over
// all rows of all images of a batch. Its parts are ranges of rows of dB, so
// that threads share no sum and their number changes no bit.
type Gradient struct {
	Rows
	Columns
	form   form
	nr     int
	panels int       // of all groups
	block  int       // images whose rows are summed between two stores of a tile
	g      []float32 // packed gradient: block, panel, row, column
	offK   []int     // offset of each k within a row of A
	offA   []int
}

// NewGradient prepares the gradient for batches of up to images images.
func NewGradient(r Rows, c Columns, images int) *Gradient {
	return newGradient(active, r, c, images)
}

func newGradient(f form, r Rows, c Columns, images int) *Gradient {
	p := &Gradient{Rows: r, Columns: c, form: f, nr: f.columns()}
	p.panels = len(c.To) * ceilDiv(c.Width, p.nr)
	// About 200 rows a block: the packed A quad and a panel of G stay in the
	// first-level cache, all panels of G in the second.
	p.block = max(1, 200/len(r.A))
	p.g = make([]float32, ceilDiv(images, p.block)*p.block*len(r.A)*p.panels*p.nr)
	for s := range r.Segments {
		for k := range r.Length {
			p.offK = append(p.offK, s*r.Stride+k)
		}
	}
	for i := range p.block {
		for _, at := range r.A {
			p.offA = append(p.offA, i*r.StrideA+at)
		}
	}
	return p
}

// Pack copies the gradient of images lo to hi−1 into panels. g begins with
// image first.
func (p *Gradient) Pack(g []float32, first, lo, hi int) {
	perGroup := p.panels / len(p.To)
	n, nr := len(p.A), p.nr
	for image := lo; image < hi; image++ {
		block, in := image/p.block, image%p.block
		base := p.g[block*p.block*n*p.panels*nr:]
		for panel := range p.panels {
			column := panel % perGroup * nr
			width := min(nr, p.Width-column)
			src := g[(image-first)*p.StrideC+p.To[panel/perGroup]+column:]
			dst := base[(panel*p.block+in)*n*nr:][:n*nr]
			for i, at := range p.C {
				copy(dst[i*nr:][:width], src[at:])
			}
		}
	}
}

// Scratch is the memory that one thread needs for Run.
type Scratch struct {
	quad [][tileRows]float32
}

// Fit makes room for every part of p, so that Run allocates nothing.
func (s *Scratch) Fit(p *Gradient) { s.rows(len(p.offA)) }

func (s *Scratch) rows(n int) [][tileRows]float32 {
	if cap(s.quad) < n {
		s.quad = make([][tileRows]float32, n)
	}
	return s.quad[:n]
}

// Parts is the number of ranges that Run's work divides into.
func (p *Gradient) Parts() int {
	// Each part keeps its rows of dB in the cache while all images pass, so few
	// enough rows; but each reads all of G, so not too few.
	const most = 160
	return ceilDiv(p.K(), most)
}

// Run computes one part of the gradient for the first images images: rows of
// dst, which is [group][K][Width]. What was there is overwritten.
func (p *Gradient) Run(dst, a []float32, images, part int, s *Scratch) {
	parts := p.Parts()
	quadsOfK := ceilDiv(p.K(), tileRows)
	lo, hi := part*quadsOfK/parts, (part+1)*quadsOfK/parts
	k := p.K()
	for g := range p.To {
		first, last := lo*tileRows, min(hi*tileRows, k)
		clear(dst[(g*k+first)*p.Width : (g*k+last)*p.Width])
	}
	for image := 0; image < images; image += p.block {
		here := min(p.block, images-image)
		for q := lo; q < hi; q++ {
			quad := s.rows(here * len(p.A))
			p.gather(quad, a[image*p.StrideA:], q*tileRows)
			p.add(dst, quad, image, q*tileRows)
		}
	}
}

// gather packs rows k to k+3 of Aᵀ; rows past K are zero.
func (p *Gradient) gather(quad [][tileRows]float32, a []float32, k int) {
	off := p.offA[:len(quad)]
	if k+tileRows <= p.K() && p.offK[k+3] == p.offK[k]+3 {
		a = a[p.offK[k]:]
		for m, at := range off {
			quad[m] = [tileRows]float32(a[at:])
		}
		return
	}
	for m, at := range off {
		for i := range tileRows {
			if k+i < p.K() {
				quad[m][i] = a[at+p.offK[k+i]]
			} else {
				quad[m][i] = 0
			}
		}
	}
}

// add runs the quad over every panel of the block that begins with image.
func (p *Gradient) add(dst []float32, quad [][tileRows]float32, image, k int) {
	var edge [tileRows * 32]float32
	n, nr := len(p.A), p.nr
	perGroup := p.panels / len(p.To)
	base := p.g[image*n*p.panels*nr:]
	t := quadTile{a: quad}
	for panel := range p.panels {
		t.b = base[panel*p.block*n*nr:][:len(quad)*nr]
		first := panel % perGroup * nr
		width := min(nr, p.Width-first)
		at := (panel/perGroup*p.K()+k)*p.Width + first
		if width == nr && k+tileRows <= p.K() {
			t.c = dst
			t.to = [tileRows]int{at, at + p.Width, at + 2*p.Width, at + 3*p.Width}
			quads(p.form, &t)
			continue
		}
		t.c = edge[:]
		t.to = [tileRows]int{0, nr, 2 * nr, 3 * nr}
		valid := min(tileRows, p.K()-k)
		for i := range valid {
			copy(edge[i*nr:][:width], dst[at+i*p.Width:])
		}
		quads(p.form, &t)
		for i := range valid {
			copy(dst[at+i*p.Width:][:width], edge[i*nr:])
		}
	}
}

// Bias adds the columns of the packed gradient over all rows of the first
// images images: the gradient of a bias, dst of [Width], summed over groups.
func (p *Gradient) Bias(dst []float32, images int) {
	clear(dst[:p.Width])
	n, nr := len(p.A), p.nr
	perGroup := p.panels / len(p.To)
	for image := 0; image < images; image += p.block {
		base := p.g[image*n*p.panels*nr:]
		here := min(p.block, images-image) * n
		for panel := range p.panels {
			first := panel % perGroup * nr
			out := dst[first:min(first+nr, p.Width)]
			src := base[panel*p.block*n*nr:][:here*nr]
			for ; len(src) >= nr; src = src[nr:] {
				for j, v := range src[:len(out)] {
					out[j] += v
				}
			}
		}
	}
}
