package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"inkling/wasm/wire"
)

// stroke is a stroke of a pen under the title.
const stroke = `<svg class="stroke" viewBox="0 0 136 12" aria-hidden="true">` +
	`<path d="M1 8.600C22 3.900 51 1.800 78 2.300c20 .3 41 1.700 57 3.100.8.100.7 1.100-.1 1.100-22-.9-43-1.700-63-1-25 .8-49 3-70.200 6.100C-.4 12-.3 8.900 1 8.600z"/></svg>`

// Render implements app.Composer.
func (g *Generate) Render() app.UI {
	return app.Main().Body(
		app.Header().Body(
			app.H1().Text("Inkling"),
			app.Raw(stroke),
			app.P().Class("lede").Text("A neural network that has seen the 60,000 handwritten digits of MNIST "+
				"imagines new ones. It runs right here, in this tab; nothing is sent anywhere."),
		),
		g.controls(),
		app.Section().Class("sheet").Body(
			app.Div().Class("paper").Body(app.Div().Class("digits").Body(
				app.Canvas().ID("digits").Attr("role", "img").Aria("label", g.caption()),
				g.loading(),
				g.failed(),
			)),
			app.P().ID("status").Attr("role", "status").Text(g.status()),
		),
	)
}

func (g *Generate) controls() app.UI {
	choices := make([]app.UI, 0, wire.Classes+1)
	for d := range wire.Classes {
		choices = append(choices, g.choice(d))
	}
	choices = append(choices, g.choice(All))
	seed := app.Input().ID("seed").Type("number").Attr("min", 0).Attr("max", 1<<32-1).Attr("step", 1).
		Attr("inputmode", "numeric").Attr("autocomplete", "off").Aria("describedby", "seed-error").
		OnChange(g.onSeed)
	if g.seedError != "" {
		seed.Aria("invalid", "true")
	}
	return app.Form().Aria("label", "What to draw").OnSubmit(g.onSeed).Body(
		app.FieldSet().Attr("role", "radiogroup").Aria("labelledby", "digit").Body(
			app.Legend().ID("digit").Text("Digit"),
			app.Div().Class("choices").Body(choices...),
		),
		app.Div().Class("field").Body(
			app.Label().For("seed").Text("Seed"),
			seed,
			app.Button().ID("generate").Type("button").Text("Generate").OnClick(g.onGenerate),
			app.P().ID("seed-error").Class("error").Attr("role", "alert").Text(g.seedError),
		),
		app.P().ID("notice").Attr("role", "status").Text(strings.Join(g.complaints, " ")),
	)
}

func (g *Generate) choice(d int) app.UI {
	name := DigitName(d)
	input := app.Input().Type("radio").Name("digit").Value(strings.ToLower(name)).OnChange(g.onDigit)
	if d == g.link.Digit || app.IsClient {
		// In HTML, checked="false" would check it.
		input.Checked(d == g.link.Digit)
	}
	return app.Label().Body(input, app.Span().Text(name))
}

// loading tells how much of the download has come. The script that starts
// the page fills it until this program runs.
func (g *Generate) loading() app.UI {
	bytes := ""
	bar := app.Progress().ID("progress").Aria("label", "Loading")
	if g.total > 0 {
		bytes = fmt.Sprintf("%.1f of %.1f MB", g.got/1e6, g.total/1e6)
		bar.Value(g.got / g.total)
	}
	box := app.Div().ID("loading")
	if g.loaded || g.failure != "" {
		box.Hidden(true)
	}
	return box.Body(
		app.P().Text("Loading the neural network"),
		bar,
		app.P().ID("bytes").Text(bytes),
	)
}

func (g *Generate) failed() app.UI {
	box := app.Div().ID("failure").Attr("role", "alert")
	if g.failure == "" {
		box.Hidden(true)
	}
	return box.Body(
		app.P().ID("reason").Text(g.failure),
		app.Button().ID("again").Type("button").Text("Try again").OnClick(g.onAgain),
	)
}

// caption says what the canvas shows.
func (g *Generate) caption() string {
	switch {
	case !g.done:
		return "A sheet for handwritten digits"
	case g.link.Digit == All:
		return strconv.Itoa(g.link.N) + " handwritten digits, " + strconv.Itoa(g.link.N/10) + " of each from 0 to 9"
	}
	return strconv.Itoa(g.link.N) + " handwritten digits, each a " + DigitName(g.link.Digit)
}

// status is read out when it changes, so it changes seldom.
func (g *Generate) status() string {
	switch {
	case g.failure != "" || !g.loaded:
		return ""
	case !g.done:
		return "Drawing"
	}
	return fmt.Sprintf("%d digits from seed %d by %s, drawn in this tab in %.2f s.",
		g.link.N, g.link.Seed, g.link.Model, g.took.Seconds())
}
