//go:build browser

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a test waits for what must come. It is no measure of
// how fast that is: a busy machine may take long.
const patience = 60 * time.Second

// tab is a tab of the browser on a site of its own.
type tab struct {
	*testing.T
	ctx  context.Context
	host string

	mu       sync.Mutex
	errors   []string // of the console
	requests []string // addresses that the page has asked for
}

// options change what a tab is like before it opens a page.
type options struct {
	fault         func(w http.ResponseWriter, q *http.Request) bool
	script        string // runs before the page's own
	width, height int64  // 1280 by 800 unless set
	density       float64
	dark          bool
	mayComplain   bool // errors on the console are what the test is about
}

// open opens the site at a path in a profile without history.
func open(t *testing.T, path string, o options) *tab {
	t.Helper()
	own := httptest.NewServer(site(o.fault))
	t.Cleanup(own.Close)
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancelTimeout := context.WithTimeout(ctx, 4*patience)
	t.Cleanup(cancelTimeout)
	b := &tab{T: t, ctx: ctx, host: own.Listener.Addr().String()}
	b.listen()
	if o.width == 0 {
		o.width, o.height = 1280, 800
	}
	if o.density == 0 {
		o.density = 1
	}
	b.do(chromedp.EmulateViewport(o.width, o.height, chromedp.EmulateScale(o.density)))
	b.colours(o.dark)
	if o.script != "" {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: o.script})
		b.must(err)
	}
	b.visit(path)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the page says:\n%s", b.text("document.body.innerText"))
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.errors) > 0 && !o.mayComplain {
			t.Errorf("errors on the console:\n%s", strings.Join(b.errors, "\n"))
		}
		for _, r := range b.requests {
			if !strings.HasPrefix(r, "http://"+b.host+"/") {
				t.Errorf("the page asked for %s", r)
			}
		}
	})
	return b
}

// listen collects errors and warnings of the console, and the requests that
// the page makes. A worker's own are not among them.
func (b *tab) listen() {
	b.Helper()
	messages := chromedp.Console(b.ctx)
	b.must(chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.requests = append(b.requests, e.Request.URL)
		}
	}))
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			switch m.Type {
			case chromedp.ConsoleError, chromedp.ConsoleWarning, chromedp.ConsoleException:
				b.mu.Lock()
				b.errors = append(b.errors, m.String())
				b.mu.Unlock()
			}
		}
	}()
}

func (b *tab) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	b.must(chromedp.Do(b.ctx, steps...))
}

// visit goes to a path of the tab's site.
func (b *tab) visit(path string) {
	b.Helper()
	b.do(chromedp.Navigate("http://" + b.host + path))
}

// colours sets whether the visitor prefers dark pages.
func (b *tab) colours(dark bool) {
	b.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
	})
	b.must(err)
}

// evaluate returns what JavaScript gives, awaited if it is a promise.
func evaluate[T any](b *tab, script string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", script, err)
	}
	return v
}

func (b *tab) text(script string) string {
	b.Helper()
	return evaluate[string](b, script)
}

// eventually waits until JavaScript gives true. While the page is on its way
// from one document to the next there may be nothing to ask.
func (b *tab) eventually(what, script string) {
	b.Helper()
	var v bool
	var err error
	for start := time.Now(); time.Since(start) < patience; time.Sleep(20 * time.Millisecond) {
		if v, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+script+")")); v && err == nil {
			return
		}
	}
	b.Fatalf("it never came that %s (last error: %v)", what, err)
}

// drawn waits until a sheet is complete, and returns what is said of it.
func (b *tab) drawn() string {
	b.Helper()
	b.eventually("the digits were drawn", `/drawn in this tab/.test(document.getElementById("status").textContent)`)
	return b.text(`document.getElementById("status").textContent`)
}

// failed waits until the page says what went wrong.
func (b *tab) failed() string {
	b.Helper()
	b.eventually("a failure was told", `document.getElementById("failure")?.checkVisibility()`)
	return b.text(`document.getElementById("reason").textContent`)
}

// node is an element as a screen reader finds it.
type node struct {
	*accessibility.Node
	tab *tab
}

// find returns the only element with a role and a name.
func (b *tab) find(role, name string) node {
	b.Helper()
	nodes := b.all(role, name)
	if len(nodes) != 1 {
		b.Fatalf("there are %d elements with role %s and name %q, want one", len(nodes), role, name)
	}
	return nodes[0]
}

// all returns the visible elements with a role and, unless it is empty, a name.
func (b *tab) all(role, name string) (nodes []node) {
	b.Helper()
	document, err := chromedp.Run(b.ctx, chromedp.Evaluate[*runtime.RemoteObject]("document"))
	b.must(err)
	found, err := chromedp.Call(b.ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{
		ObjectID: document.ObjectID, Role: role, AccessibleName: name,
	})
	b.must(err)
	for _, n := range found.Nodes {
		if !n.Ignored {
			nodes = append(nodes, node{n, b})
		}
	}
	return nodes
}

// click clicks in the middle of an element, where a visitor would.
func (n node) click() {
	n.tab.Helper()
	_, err := chromedp.Call(n.tab.ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: n.BackendDOMNodeID})
	n.tab.must(err)
	at := n.box()
	n.tab.do(chromedp.MouseClickXY(at.x+at.width/2, at.y+at.height/2))
}

// property returns a property such as "checked" or "focused", "" if it is not
// set.
func (n node) property(name accessibility.PropertyName) string {
	for _, p := range n.Properties {
		if p.Name == name {
			return strings.Trim(string(p.Value.Value), `"`)
		}
	}
	return ""
}

// value returns the value of a field.
func (n node) value() string {
	n.tab.Helper()
	if n.Value == nil {
		return ""
	}
	var v any
	if err := json.Unmarshal(n.Value.Value, &v); err != nil {
		n.tab.Fatal(err)
	}
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// query returns a key of the page's address.
func (b *tab) query(key string) string {
	b.Helper()
	return b.text(`new URLSearchParams(location.search).get("` + key + `") ?? ""`)
}

// worker returns a tab's compute worker, to evaluate scripts in.
func (b *tab) worker() *tab {
	b.Helper()
	targets, err := chromedp.Targets(b.ctx)
	b.must(err)
	for _, t := range targets {
		if t.Type == "worker" && strings.HasPrefix(t.URL, "http://"+b.host+"/") {
			ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(t.TargetID))
			b.Cleanup(cancel)
			return &tab{T: b.T, ctx: ctx, host: b.host}
		}
	}
	b.Fatal("there is no worker")
	return nil
}

// canvas is what the page has drawn.
type canvas struct {
	width, height int
	rgba          []byte
}

func (b *tab) canvas() canvas {
	b.Helper()
	v := evaluate[struct {
		Width, Height int
		Data          []byte // in base 64
	}](b, `(async () => {
		const c = document.querySelector("canvas");
		const { width, height, data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
		const url = await new Promise((done) => {
			const r = new FileReader();
			r.onload = () => done(r.result);
			r.readAsDataURL(new Blob([data]));
		});
		return { Width: width, Height: height, Data: url.slice(url.indexOf(",") + 1) };
	})()`)
	return canvas{v.Width, v.Height, v.Data}
}

// ink returns the share of the canvas's brightness that differs from its
// corner's, in hundredths.
func (c canvas) ink() float64 {
	sum := 0
	for i := 0; i < len(c.rgba); i += 4 {
		for k := range 3 {
			d := int(c.rgba[i+k]) - int(c.rgba[k])
			sum += max(d, -d)
		}
	}
	return 100 * float64(sum) / float64(len(c.rgba)/4*3*255)
}

type box struct{ x, y, width, height float64 }

// box returns where an element lies in the window.
func (n node) box() box {
	n.tab.Helper()
	quads, err := chromedp.Call(n.tab.ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: n.BackendDOMNodeID})
	n.tab.must(err)
	if len(quads.Quads) == 0 {
		n.tab.Fatalf("%s %s has no place on the page", n.Role.Value, n.Name.Value)
	}
	q := quads.Quads[0]
	return box{q[0], q[1], q[4] - q[0], q[5] - q[1]}
}
