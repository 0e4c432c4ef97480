package kernel

// rowTile is one call of the micro-kernel rows: with NR columns,
//
//	c[to[i]+j] = bias[j] + Σ_s Σ_k a[off[i] + s·stride + k] · b[(s·length + k)·NR + j]
//
// for i < 4, j < NR, s < segments, k < length.
type rowTile struct {
	a                        []float32
	off                      [tileRows]int
	segments, length, stride int
	b                        []float32
	bias                     []float32
	c                        []float32
	to                       [tileRows]int
}

// quadTile is one call of the micro-kernel quads:
//
//	c[to[i]+j] += Σ_m a[m][i] · b[m·NR + j]   for i < 4, j < NR.
type quadTile struct {
	a  [][tileRows]float32
	b  []float32
	c  []float32
	to [tileRows]int
}

// rowsPortable is the micro-kernel rows in plain Go, NR = 4, two rows at a time.
func rowsPortable(t *rowTile) {
	const nr = 4
	for i := 0; i < tileRows; i += 2 {
		s00, s01, s02, s03 := t.bias[0], t.bias[1], t.bias[2], t.bias[3]
		s10, s11, s12, s13 := s00, s01, s02, s03
		b := t.b
		for s := range t.segments {
			a0 := t.a[t.off[i]+s*t.stride:][:t.length]
			a1 := t.a[t.off[i+1]+s*t.stride:][:len(a0)]
			for k, x := range a0 {
				v := (*[nr]float32)(b[nr*k:])
				y := a1[k]
				s00 += float32(x * v[0])
				s01 += float32(x * v[1])
				s02 += float32(x * v[2])
				s03 += float32(x * v[3])
				s10 += float32(y * v[0])
				s11 += float32(y * v[1])
				s12 += float32(y * v[2])
				s13 += float32(y * v[3])
			}
			b = b[nr*t.length:]
		}
		*(*[nr]float32)(t.c[t.to[i]:]) = [nr]float32{s00, s01, s02, s03}
		*(*[nr]float32)(t.c[t.to[i+1]:]) = [nr]float32{s10, s11, s12, s13}
	}
}

// quadsPortable is the micro-kernel quads in plain Go, NR = 4.
func quadsPortable(t *quadTile) {
	const nr = 4
	for i := 0; i < tileRows; i += 2 {
		c0 := (*[nr]float32)(t.c[t.to[i]:])
		c1 := (*[nr]float32)(t.c[t.to[i+1]:])
		s00, s01, s02, s03 := c0[0], c0[1], c0[2], c0[3]
		s10, s11, s12, s13 := c1[0], c1[1], c1[2], c1[3]
		for m := range t.a {
			v := (*[nr]float32)(t.b[nr*m:])
			x, y := t.a[m][i], t.a[m][i+1]
			s00 += float32(x * v[0])
			s01 += float32(x * v[1])
			s02 += float32(x * v[2])
			s03 += float32(x * v[3])
			s10 += float32(y * v[0])
			s11 += float32(y * v[1])
			s12 += float32(y * v[2])
			s13 += float32(y * v[3])
		}
		*c0 = [nr]float32{s00, s01, s02, s03}
		*c1 = [nr]float32{s10, s11, s12, s13}
	}
}

// dotLanes is the number of partial sums of a dot product: fixed, so that the
// forms add in one order.
const dotLanes = 16

// dotsPortable is the micro-kernel dots in plain Go: four dot products of length segments·length
// with one vector b,
//
//	d[i] = Σ_s Σ_k a[off[i] + s·stride + k] · b[s·length + k].
//
// Lane l of 16 sums the k ≡ l (mod 16) of each segment; the lanes are added in
// halves: 16 → 8 → 4 → 2 → 1. Length must be a multiple of 16.
func dotsPortable(d *[tileRows]float32, t *rowTile) {
	for i := range tileRows {
		var sum [dotLanes]float32
		for s := range t.segments {
			a := t.a[t.off[i]+s*t.stride:][:t.length]
			b := t.b[s*t.length:][:t.length]
			for len(a) >= dotLanes && len(b) >= dotLanes {
				u, v := (*[dotLanes]float32)(a), (*[dotLanes]float32)(b)
				for l := range sum {
					sum[l] += float32(u[l] * v[l])
				}
				a, b = a[dotLanes:], b[dotLanes:]
			}
		}
		d[i] = addLanes(&sum)
	}
}

// addLanes adds the 16 partial sums of a dot product in halves.
func addLanes(s *[dotLanes]float32) float32 {
	for n := dotLanes / 2; n > 0; n /= 2 {
		for l := range n {
			s[l] += s[l+n]
		}
	}
	return s[0]
}
