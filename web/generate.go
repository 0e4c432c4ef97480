package web

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"inkling/wasm/wire"
)

// Generate is the view at "/": a sheet of digits and what it is made from.
// Its state is the link in the page's address; every change of it goes there
// first and comes back by OnNav.
type Generate struct {
	app.Compo

	site   Site
	client *Client
	watch  func(progress func(got, total float64))

	link       Link
	sheet      sheet
	cancel     context.CancelFunc // ends the request under way; nil before the first
	loaded     bool               // once the first digits have come
	done       bool
	took       time.Duration
	got, total float64 // bytes of the download
	complaints []string
	seedError  string
	wrote      string // what the field "Seed" was last given
	coming     int    // addresses gone to whose OnNav has not been called
	failure    string
}

// NewGenerate returns the view. Natively, where it is only rendered, client
// and watch may be nil; watch is told where to report the download's progress.
func NewGenerate(site Site, client *Client, watch func(progress func(got, total float64))) *Generate {
	return &Generate{site: site, client: client, watch: watch, sheet: sheet{canvas: canvas{"digits"}},
		link: Link{Digit: All, N: DefaultDigits}}
}

// OnMount implements app.Mounter.
func (g *Generate) OnMount(ctx app.Context) {
	g.watch(func(got, total float64) {
		ctx.Dispatch(func(app.Context) { g.got, g.total = got, total })
	})
	dark := app.Window().Call("matchMedia", "(prefers-color-scheme: dark)")
	dark.Call("addEventListener", "change", app.FuncOf(func(app.Value, []app.Value) any {
		ctx.Dispatch(func(app.Context) { g.sheet.lay(true) })
		return nil
	}))
}

// OnResize implements app.Resizer.
func (g *Generate) OnResize(app.Context) { g.sheet.lay(false) }

// OnNav implements app.Navigator: it shows what the page's address asks for.
func (g *Generate) OnNav(ctx app.Context) {
	g.coming = max(g.coming-1, 0)
	u := *ctx.Page().URL()
	link, seeded, complaints := ParseLink(u.RawQuery, g.site.Names())
	if !seeded {
		link.Seed = newSeed()
	}
	g.complaints = complaints
	if q := link.Query(); q != u.RawQuery {
		u.RawQuery = q
		ctx.Page().ReplaceURL(&u)
	}
	if link != g.link || !g.done {
		g.draw(ctx, link)
	}
}

// navigate goes to the address of a link, or repeats what that address shows
// if it has failed.
func (g *Generate) navigate(ctx app.Context, link Link) {
	g.complaints = nil
	// While another address is on its way, g.link is not what will be shown.
	if link == g.link && g.coming == 0 {
		if g.failure != "" {
			g.draw(ctx, link)
		}
		return
	}
	u := *ctx.Page().URL()
	u.RawQuery = link.Query()
	g.coming++
	ctx.NavigateTo(&u)
}

// draw has the sheet of a link computed and drawn.
func (g *Generate) draw(ctx app.Context, link Link) {
	if g.cancel != nil {
		g.cancel()
	}
	request, cancel := context.WithCancel(context.Background())
	g.link, g.cancel = link, cancel
	g.done, g.failure, g.seedError = false, "", ""
	g.showSeed()
	g.sheet.begin(link.N)

	labels, each := link.Labels()
	// Whatever this request still has to say once it was overtaken is dropped.
	say := func(f func()) {
		ctx.Dispatch(func(app.Context) {
			if request.Err() == nil {
				f()
			}
		})
	}
	go func() {
		took, err := g.client.Generate(request, wire.Generate{
			Model: link.Model, Seed: link.Seed, Labels: labels, Count: each,
		}, func(_ int, pixels []float32) {
			say(func() {
				g.loaded = true
				g.sheet.add(pixels)
			})
		})
		say(func() {
			if err != nil {
				g.failure = err.Error()
				g.sheet.lay(true)
				return
			}
			g.done, g.took = true, took
		})
	}()
}

// newSeed draws a seed. Of the 32 bits that one may have it uses 24: short
// enough to read out, and what accessibility interfaces, which hold a number
// field's value in single precision, still tell exactly.
func newSeed() uint32 { return rand.Uint32N(1 << 24) }

// showSeed writes the seed into the field, also where the visitor has left
// something there that is no seed. Another seed that has come into the field
// since it was last written stays: the event that tells of it is on its way,
// and would find its own seed overwritten by this older one.
func (g *Generate) showSeed() {
	e := app.Window().GetElementByID("seed")
	if !e.Truthy() {
		return
	}
	text := strconv.FormatUint(uint64(g.link.Seed), 10)
	if now := e.Get("value").String(); g.wrote != "" && now != g.wrote && now != text {
		if _, err := ParseSeed(now); err == nil {
			return
		}
	}
	e.Set("value", text)
	g.wrote = text
}

func (g *Generate) onGenerate(ctx app.Context, _ app.Event) {
	link := g.link
	link.Seed = newSeed()
	g.navigate(ctx, link)
}

func (g *Generate) onDigit(ctx app.Context, _ app.Event) {
	if d, err := ParseDigit(ctx.JSSrc().Get("value").String()); err == nil {
		g.navigate(ctx, g.link.WithDigit(d))
	}
}

// onSeed takes the seed in the field, on Enter and when the field is left.
func (g *Generate) onSeed(ctx app.Context, e app.Event) {
	e.PreventDefault()
	seed, err := ParseSeed(app.Window().GetElementByID("seed").Get("value").String())
	if err != nil {
		g.seedError = seedRule
		return
	}
	g.seedError = ""
	link := g.link
	link.Seed = seed
	g.navigate(ctx, link)
}

func (g *Generate) onAgain(ctx app.Context, _ app.Event) {
	g.draw(ctx, g.link)
}
