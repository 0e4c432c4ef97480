package kernel

import (
	"math/rand/v2"
	"testing"
)

// The micro-kernels alone, everything in the first-level cache.

func benchmarkTile(b *testing.B, flops func(f form) int, run func(f form)) {
	for _, f := range forms() {
		b.Run(f.String(), func(b *testing.B) {
			for b.Loop() {
				run(f)
			}
			b.ReportMetric(float64(b.N)*float64(flops(f))/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

const benchK = 288 // a panel of 32 columns takes 36 kB

func BenchmarkRows(b *testing.B) {
	r := rand.New(rand.NewPCG(9, 9))
	t := rowTile{
		a: random(r, tileRows*benchK), segments: 1, length: benchK, bias: make([]float32, 32),
		c: make([]float32, tileRows*32), off: [tileRows]int{0, benchK, 2 * benchK, 3 * benchK}, to: [tileRows]int{0, 32, 64, 96},
	}
	panel := random(r, benchK*32)
	benchmarkTile(b, func(f form) int { return 2 * tileRows * benchK * f.columns() }, func(f form) {
		t.b = panel[:benchK*f.columns()]
		rows(f, &t)
	})
}

func BenchmarkQuads(b *testing.B) {
	r := rand.New(rand.NewPCG(10, 10))
	t := quadTile{a: make([][tileRows]float32, benchK), c: make([]float32, tileRows*32), to: [tileRows]int{0, 32, 64, 96}}
	for i := range t.a {
		t.a[i] = [tileRows]float32(random(r, tileRows))
	}
	panel := random(r, benchK*32)
	benchmarkTile(b, func(f form) int { return 2 * tileRows * benchK * f.columns() }, func(f form) {
		t.b = panel[:benchK*f.columns()]
		clear(t.c)
		quads(f, &t)
	})
}

func BenchmarkDots(b *testing.B) {
	r := rand.New(rand.NewPCG(11, 11))
	t := rowTile{
		a: random(r, tileRows*benchK), segments: 1, length: benchK, b: random(r, benchK),
		off: [tileRows]int{0, benchK, 2 * benchK, 3 * benchK},
	}
	var d [tileRows]float32
	benchmarkTile(b, func(form) int { return 2 * tileRows * benchK }, func(f form) { dots(f, &d, &t) })
}
