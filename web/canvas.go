package web

import (
	"math"
	"strconv"
	"strings"
	"unsafe"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// canvas is the page's canvas element, found by its id whenever it is used.
// Natively nothing is drawn.
type canvas struct{ id string }

func (c canvas) element() app.Value { return app.Window().GetElementByID(c.id) }

// context returns the drawing context. It says that pixels will be read, so
// that the browser keeps them where that is cheap.
func (c canvas) context() app.Value {
	return c.element().Call("getContext", "2d", map[string]any{"willReadFrequently": true, "alpha": false})
}

// fit gives the canvas as many of the screen's pixels as the width of its
// parent has, in whole cells. It returns a cell's side in those pixels, 0 if
// there is no canvas, and whether the canvas has changed and so been emptied.
func (c canvas) fit(columns, rows int) (cell int, changed bool) {
	e := c.element()
	if !e.Truthy() {
		return 0, false
	}
	density := app.Window().Get("devicePixelRatio").Float()
	width := e.Get("parentElement").Get("clientWidth").Float()
	cell = max(1, int(math.Floor(width*density/float64(columns))))
	if e.Get("width").Int() == columns*cell && e.Get("height").Int() == rows*cell {
		return cell, false
	}
	e.Set("width", columns*cell)
	e.Set("height", rows*cell)
	// One pixel of the canvas is one of the screen: nothing is scaled again.
	style := e.Get("style")
	style.Set("width", css(float64(columns*cell)/density))
	style.Set("height", css(float64(rows*cell)/density))
	return cell, true
}

func css(pixels float64) string { return strconv.FormatFloat(pixels, 'f', -1, 64) + "px" }

// colours returns the page's colours of paper and ink.
func (c canvas) colours() (paper, ink RGB) {
	style := app.Window().Call("getComputedStyle", c.element())
	return colour(style.Call("getPropertyValue", "--paper").String(), RGB{255, 255, 255}),
		colour(style.Call("getPropertyValue", "--ink").String(), RGB{0, 0, 0})
}

// clear covers the canvas with paper.
func (c canvas) clear(paper RGB) {
	e, ctx := c.element(), c.context()
	ctx.Set("fillStyle", "rgb("+strconv.Itoa(int(paper[0]))+","+strconv.Itoa(int(paper[1]))+","+strconv.Itoa(int(paper[2]))+")")
	ctx.Call("fillRect", 0, 0, e.Get("width"), e.Get("height"))
}

// put draws a square of pixels.
func (c canvas) put(pixels []uint32, x, y, side int) {
	rgba := unsafe.Slice((*byte)(unsafe.Pointer(&pixels[0])), 4*len(pixels))
	a := app.Window().Get("Uint8ClampedArray").New(len(rgba))
	app.CopyBytesToJS(a, rgba)
	c.context().Call("putImageData", app.Window().Get("ImageData").New(a, side), x, y)
}

// colour reads "#rrggbb"; what it can't read is otherwise.
func colour(s string, otherwise RGB) RGB {
	s = strings.TrimSpace(s)
	if len(s) != 7 || s[0] != '#' {
		return otherwise
	}
	n, err := strconv.ParseUint(s[1:], 16, 24)
	if err != nil {
		return otherwise
	}
	return RGB{uint8(n >> 16), uint8(n >> 8), uint8(n)}
}
