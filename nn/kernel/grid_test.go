package kernel

import "testing"

func TestSamePadding(t *testing.T) {
	// total = max((⌈n/s⌉−1)·s + k − n, 0), the smaller half before: TensorFlow's
	// "same", whose first example this project's layers hang on.
	for _, c := range []struct{ n, k, stride, before, after int }{
		{28, 3, 2, 0, 1},
		{28, 7, 2, 2, 3},
		{28, 5, 1, 2, 2},
		{28, 3, 1, 1, 1},
		{14, 2, 2, 0, 0},
		{7, 2, 2, 0, 1},
		{7, 3, 1, 1, 1},
		{1, 3, 1, 1, 1},
		{5, 2, 1, 0, 1},
		{13, 6, 5, 1, 2},
		{10, 1, 3, 0, 0},
		{3, 1, 4, 0, 0}, // never negative
	} {
		before, after := SamePadding(c.n, c.k, c.stride)
		if before != c.before || after != c.after {
			t.Errorf("SamePadding(%d, %d, %d) = %d, %d, want %d, %d", c.n, c.k, c.stride, before, after, c.before, c.after)
		}
	}
}

// TestGrid walks a grid in memory order and meets every float once.
func TestGrid(t *testing.T) {
	for _, g := range []Grid{
		{Side: 1, Channels: 1},
		{Side: 28, Before: 2, After: 3, Channels: 1},
		{Side: 7, Before: 1, After: 1, Channels: 138},
		{Side: 5, After: 2, Channels: 3},
	} {
		at := 0
		for y := -g.Before; y < g.Side+g.After; y++ {
			for x := -g.Before; x < g.Side+g.After; x++ {
				if got := g.At(y, x); got != at {
					t.Fatalf("%+v: At(%d, %d) = %d, want %d", g, y, x, got, at)
				}
				at += g.Channels
			}
		}
		if g.Len() != at {
			t.Errorf("%+v: Len() = %d, want %d", g, g.Len(), at)
		}
		if got := g.At(1, 0) - g.At(0, 0); got != g.Row() {
			t.Errorf("%+v: Row() = %d, but rows are %d apart", g, g.Row(), got)
		}
		if got := g.At(0, g.Side) - g.At(0, 0); got != g.Run() {
			t.Errorf("%+v: Run() = %d, but a row has %d floats", g, g.Run(), got)
		}
	}
}
