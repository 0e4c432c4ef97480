//go:build browser

package browser

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The page opens, tells how much of the download has come, and draws digits.
func TestOpens(t *testing.T) {
	release := make(chan struct{})
	b := open(t, "/", options{fault: func(w http.ResponseWriter, q *http.Request) bool {
		if strings.Contains(q.URL.Path, "decoder") {
			<-release // all but the weights arrives
		}
		return false
	}})
	if n := len(b.all("heading", "Inkling")); n != 1 {
		t.Errorf("there are %d headings", n)
	}
	b.eventually("more than half of the bytes had come", `parseFloat(document.getElementById("bytes").textContent) > 1.5`)
	progress, of, ok := strings.Cut(b.text(`document.getElementById("bytes").textContent`), " of ")
	got, err1 := strconv.ParseFloat(progress, 64)
	total, err2 := strconv.ParseFloat(strings.TrimSuffix(of, " MB"), 64)
	if !ok || err1 != nil || err2 != nil || got >= total {
		t.Errorf("without the weights the page says %q of %q have come", progress, of)
	}
	if share := b.find("progressbar", "Loading").value(); share == "" || share == "0" {
		t.Errorf("the progress bar is at %q", share)
	}
	if b.canvas().ink() > 0 {
		t.Error("there are digits without weights")
	}
	close(release)

	if s := b.drawn(); !strings.HasPrefix(s, "100 digits from seed ") {
		t.Errorf("the page says %q", s)
	}
	if len(b.all("progressbar", "")) > 0 {
		t.Error("the progress bar is still there")
	}
	// A tenth of MNIST's pixels are ink; other models' digits are like them.
	if ink := b.canvas().ink(); ink < 3 || ink > 30 {
		t.Errorf("%.1f%% of the sheet is ink", ink)
	}
	b.find("image", "100 handwritten digits, 10 of each from 0 to 9")
	for key, want := range map[string]string{"model": "cvaegan-8", "digit": "all", "n": "100", "seed": b.find("spinbutton", "Seed").value()} {
		if got := b.query(key); got != want {
			t.Errorf("the address has %s=%s, want %s", key, got, want)
		}
	}
}

// A visitor picks a digit, generates, and comes back to what was there.
func TestGenerate(t *testing.T) {
	b := open(t, "/?seed=1&n=20", options{})
	b.drawn()
	b.find("radiogroup", "Digit")
	all := b.canvas()

	b.find("radio", "7").click()
	b.eventually("the address had the digit", `location.search.includes("digit=7")`)
	b.drawn()
	if got := b.find("radio", "7").property("checked"); got != "true" {
		t.Errorf("the radio button 7 has checked = %q", got)
	}
	if seed := b.query("seed"); seed != "1" {
		t.Errorf("another digit came with seed %s", seed)
	}
	b.find("image", "20 handwritten digits, each a 7")
	sevens := b.canvas()
	if bytes.Equal(sevens.rgba, all.rgba) {
		t.Error("the digits stayed the same when another was picked")
	}

	b.find("button", "Generate").click()
	b.eventually("the address had another seed", `!location.search.includes("seed=1&")`)
	b.drawn()
	seed := b.query("seed")
	if field := b.find("spinbutton", "Seed").value(); field != seed {
		t.Errorf("the field has seed %s, the address %s", field, seed)
	}
	if bytes.Equal(b.canvas().rgba, sevens.rgba) {
		t.Error("another seed gave the same digits")
	}

	// Enter in the field brings the first seed's digits back.
	b.typeSeed("1")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.eventually("the address had the seed again", `location.search.includes("seed=1&")`)
	b.drawn()
	if !bytes.Equal(b.canvas().rgba, sevens.rgba) {
		t.Error("the same seed gave other digits")
	}

	// So does the way back: the page before is that of the generated seed.
	b.do(chromedp.NavigateBack())
	b.eventually("the field had the earlier seed", `document.getElementById("seed").value === "`+seed+`"`)
	b.drawn()
}

// typeSeed replaces what the field "Seed" holds.
func (b *tab) typeSeed(seed string) {
	b.Helper()
	b.find("spinbutton", "Seed").click()
	evaluate[chromedp.Void](b, `document.getElementById("seed").select()`)
	b.do(chromedp.KeyEvent(seed))
}

// The same link gives the same pixels, in a browser that has never seen it.
func TestLinkGivesTheSameDigits(t *testing.T) {
	const link = "/?model=cvaegan-8&digit=3&seed=4294967295&n=30"
	var first canvas
	for i := range 2 {
		b := open(t, link, options{})
		b.drawn()
		if address := b.text(`location.pathname + location.search`); address != link {
			t.Errorf("the address %s has become %s", link, address)
		}
		switch c := b.canvas(); {
		case i == 0:
			first = c
		case !bytes.Equal(c.rgba, first.rgba):
			t.Error("the same link gave other digits the second time")
		}
	}
}

func TestBadLinks(t *testing.T) {
	for _, test := range []struct{ query, complaint, address string }{
		{"?digit=x&seed=5", `digit "x"`, "digit=all&seed=5&n=100"},
		{"?model=gan&seed=5", `no model "gan"`, "model=cvaegan-8&digit=all&seed=5"},
		{"?seed=5&n=1e9", `n = "1e9"`, "seed=5&n=100"},
		{"?seed=-1", `seed "-1"`, "n=100"},
		{"?seed=5&n=15", "20 and not 15", "n=20"},
		{"?seed=5&digit=%<b>", "could not be read", "digit=all"},
	} {
		t.Run(test.query, func(t *testing.T) {
			b := open(t, "/"+test.query, options{})
			b.drawn()
			if notice := b.text(`document.getElementById("notice").textContent`); !strings.Contains(notice, test.complaint) {
				t.Errorf("the page says %q, want something about %s", notice, test.complaint)
			}
			if address := b.text("location.search"); !strings.Contains(address, test.address) {
				t.Errorf("the address is %s, want one with %s", address, test.address)
			}
			b.find("button", "Generate").click()
			b.eventually("the complaint went", `document.getElementById("notice").textContent === ""`)
		})
	}
}

func TestBadSeed(t *testing.T) {
	b := open(t, "/?seed=5&n=10", options{})
	b.drawn()
	for _, seed := range []string{"4294967296", "-1", "1.5", "e"} {
		b.typeSeed(seed)
		b.do(chromedp.KeyEvent(kb.Enter))
		b.eventually("the seed "+seed+" was refused", `document.getElementById("seed").getAttribute("aria-invalid") === "true"
			&& /whole number/.test(document.getElementById("seed-error").textContent)`)
		if got := b.query("seed"); got != "5" {
			t.Fatalf("the address took the seed %s", got)
		}
		b.typeSeed("5")
		b.do(chromedp.KeyEvent(kb.Enter))
		b.eventually("the complaint went", `document.getElementById("seed-error").textContent === ""`)
	}
}

// All of it works without a mouse, and shows where the focus is.
func TestKeyboard(t *testing.T) {
	b := open(t, "/?seed=5&n=10", options{})
	b.drawn()
	focus := func(want string) {
		t.Helper()
		b.do(chromedp.KeyEvent(kb.Tab))
		if got := b.text(`document.activeElement.id || document.activeElement.value`); got != want {
			t.Fatalf("Tab leads to %q, want %q", got, want)
		}
		outline := `[document.activeElement, document.activeElement.nextElementSibling].some((e) =>
			e && getComputedStyle(e).outlineStyle !== "none" && parseFloat(getComputedStyle(e).outlineWidth) >= 2)`
		if !evaluate[bool](b, outline) {
			t.Errorf("the focus on %q can't be seen", want)
		}
	}
	focus("all")
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.eventually("the arrow key picked 9", `location.search.includes("digit=9")`)
	b.drawn()
	focus("seed")
	b.do(chromedp.KeyEvent(kb.ArrowUp))
	b.eventually("the arrow key stepped the seed", `location.search.includes("seed=6")`)
	b.drawn()
	focus("generate")
	b.do(chromedp.KeyEvent(" "))
	b.eventually("the space bar generated", `!location.search.includes("seed=6&")`)
	b.drawn()
}

// Nothing lies beyond the side of a narrow screen, and keys are as large as a
// fingertip.
func TestPhone(t *testing.T) {
	for _, width := range []int64{320, 390} {
		b := open(t, "/?seed=5&digit=all&model=none", options{width: width, height: 700, density: 3})
		b.drawn()
		if w := evaluate[int64](b, "document.documentElement.scrollWidth"); w > width {
			t.Errorf("on a screen of %d pixels the page is %d wide", width, w)
		}
		for _, role := range []string{"radio", "button", "spinbutton"} {
			for _, n := range b.all(role, "") {
				q := n.box()
				if q.width < 24 || q.height < 40 || q.x < 0 || q.x+q.width > float64(width) {
					t.Errorf("%d pixels wide: %s %s is at %+v", width, role, n.Name.Value, q)
				}
			}
		}
		c := b.canvas()
		if c.width%10 != 0 || c.width > 3*int(width) || c.width < 2*int(width) {
			t.Errorf("a canvas on %d times 3 pixels has %d", width, c.width)
		}
	}
}

// Day and night: the sheet follows the page's colours at once.
func TestDark(t *testing.T) {
	b := open(t, "/?seed=5&n=10", options{dark: true})
	b.drawn()
	dark := b.canvas()
	b.colours(false)
	b.eventually("the sheet was drawn on light paper", `document.querySelector("canvas").getContext("2d").getImageData(0, 0, 1, 1).data[0] > 200`)
	light := b.canvas()
	if dark.rgba[0] > 60 {
		t.Errorf("dark paper has brightness %d", dark.rgba[0])
	}
	if d, l := dark.ink(), light.ink(); d < 3 || l < 3 {
		t.Errorf("%.1f%% of the dark sheet and %.1f%% of the light one is ink", d, l)
	}
}

// A narrower window gets the same digits again, smaller.
func TestResize(t *testing.T) {
	b := open(t, "/?seed=5&n=10", options{})
	b.drawn()
	before := b.canvas()
	b.do(chromedp.EmulateViewport(500, 800))
	b.eventually("the canvas followed", `document.querySelector("canvas").width < 500`)
	after := b.canvas()
	if a, b := before.ink(), after.ink(); after.width == before.width || b < a-1 || b > a+1 {
		t.Errorf("%.1f%% of %d pixels became %.1f%% of %d", a, before.width, b, after.width)
	}
}

// All that the page and its worker ask for lies where the page lies, and the
// browser is told to allow nothing else.
func TestAsksNoOtherHost(t *testing.T) {
	b := open(t, "/?n=10", options{})
	b.drawn()
	own := "http://" + b.host + "/"
	b.mu.Lock()
	requests := strings.Join(b.requests, " ")
	b.mu.Unlock()
	for _, part := range []string{"page.", "boot.", "worker.", "decoder.", "inkling.", "icon."} {
		if !strings.Contains(requests, own+part) && !strings.Contains(requests, "/"+part) {
			t.Errorf("no request for %s was seen among %s", part, requests)
		}
	}
	asked := evaluate[[]string](b.worker(), `performance.getEntriesByType("resource").map((e) => e.name)`)
	if len(asked) < 3 {
		t.Errorf("the worker asked for %q alone", asked)
	}
	for _, a := range asked {
		if !strings.HasPrefix(a, own) {
			t.Errorf("the worker asked for %s", a)
		}
	}
	for _, file := range []string{own, asked[0]} {
		r, err := http.Get(file)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if p := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'; ") || strings.Contains(p, "//") {
			t.Errorf("%s comes with the policy %q", file, p)
		}
	}
}
