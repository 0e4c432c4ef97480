//go:build browser

package browser

import (
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// answers that a file may be given in the server's place.
var (
	missing = func(w http.ResponseWriter, plain []byte) { http.NotFound(w, nil) }
	// cut sends part of what it announces and hangs up.
	cut = func(w http.ResponseWriter, plain []byte) {
		w.Header().Set("Content-Length", strconv.Itoa(len(plain)))
		w.Write(plain[:5000])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	// short is a whole answer with a file that was cut before.
	short = func(w http.ResponseWriter, plain []byte) { w.Write(plain[:5000]) }
	// garbled has the right length and not much else.
	garbled = func(w http.ResponseWriter, plain []byte) { w.Write(make([]byte, len(plain))) }
)

// Whatever does not come as it should is told in a sentence, and when it
// comes after all, trying again is enough.
func TestFailuresCanBeRetried(t *testing.T) {
	for _, test := range []struct {
		name   string
		file   string // beginning and end of its name
		answer func(w http.ResponseWriter, plain []byte)
		want   string
	}{
		{"weights missing", "decoder.*.safetensors", missing, "the server answers 404"},
		{"weights broken off", "decoder.*.safetensors", cut, "broke off after"},
		{"weights cut", "decoder.*.safetensors", short, "has 5000 bytes and should have"},
		{"weights garbled", "decoder.*.safetensors", garbled, "cvaegan-8/decoder.safetensors"},
		{"worker's program missing", "worker.*.wasm", missing, "the server answers 404"},
		{"worker's program cut", "worker.*.wasm", short, "has 5000 bytes and should have"},
		{"worker's program garbled", "worker.*.wasm", garbled, "can't be used"},
		{"worker's script missing", "worker.*.js", missing, "could not be started"},
		{"Go's script missing", "wasm_exec.*.js", missing, "Part of the page could not be fetched"},
		{"page's program missing", "page.*.wasm", missing, "the server answers 404"},
		{"page's program broken off", "page.*.wasm", cut, "broke off after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var healed atomic.Bool
			b := open(t, "/?seed=5&n=10", options{mayComplain: true, fault: func(w http.ResponseWriter, q *http.Request) bool {
				ok, err := path.Match(test.file, path.Base(q.URL.Path))
				if err != nil {
					t.Error(err)
				}
				if !ok || healed.Load() {
					return false
				}
				plain, err := os.ReadFile("../../build/site" + q.URL.Path)
				if err != nil {
					t.Error(err)
				}
				test.answer(w, plain)
				return true
			}})
			if text := b.failed(); !strings.Contains(text, test.want) {
				t.Errorf("the page says %q, want something with %q", text, test.want)
			}
			b.find("alert", "")
			healed.Store(true)
			b.find("button", "Try again").click()
			b.drawn()
			if b.canvas().ink() < 3 {
				t.Error("the sheet is blank")
			}
			if len(b.all("button", "Try again")) > 0 {
				t.Error("the failure is still on show")
			}
		})
	}
}

// watchWorkers keeps the workers that the page starts, and lets a test say
// what happens to one in place of a request for digits.
const watchWorkers = `
	window.onGenerate = null;
	window.Worker = class extends Worker {
		postMessage(m, transfer) {
			if (m.kind === "generate" && window.onGenerate) window.onGenerate(this);
			else super.postMessage(m, transfer);
		}
	};`

// A worker may be ended by the browser, without a word, or by a fault in its
// program.
func TestWorkerDies(t *testing.T) {
	for _, test := range []struct{ name, death, want string }{
		{"ended", `(w) => w.terminate()`, "has ended the compute program"},
		{"fault", `(w) => w.postMessage({ kind: "nonsense" })`, "has stopped"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := open(t, "/?seed=5&n=10", options{script: watchWorkers, mayComplain: true})
			b.drawn()
			before := b.canvas()
			evaluate[chromedp.Void](b, `window.onGenerate = `+test.death)
			b.find("radio", "3").click()
			if text := b.failed(); !strings.Contains(text, test.want) {
				t.Errorf("the page says %q, want something with %q", text, test.want)
			}
			evaluate[chromedp.Void](b, `window.onGenerate = null`)
			b.find("button", "Try again").click()
			b.drawn()
			b.find("radio", "All").click()
			b.eventually("the digits were as before", `location.search.includes("digit=all")`)
			b.drawn()
			if after := b.canvas(); string(after.rgba) != string(before.rgba) {
				t.Error("the new worker draws other digits")
			}
		})
	}
}

// A worker that died while it had nothing to do is replaced without a word.
func TestIdleWorkerIsReplaced(t *testing.T) {
	b := open(t, "/?seed=5&n=10", options{})
	b.drawn()
	evaluate[chromedp.Void](b.worker(), `close()`)
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		held := evaluate[int](b, `navigator.locks.query().then((s) => s.held.filter((l) => l.name.startsWith("inkling-")).length)`)
		if held == 0 {
			break
		}
		if time.Since(start) > patience {
			t.Fatal("the worker's lock is still held")
		}
	}
	b.find("radio", "3").click()
	b.eventually("the address had the digit", `location.search.includes("digit=3")`)
	b.drawn()
	if len(b.all("button", "Try again")) > 0 {
		t.Error("there is something to try again")
	}
}

// Requests that overtake each other leave the last one's digits.
func TestImpatience(t *testing.T) {
	b := open(t, "/?seed=5&n=100", options{})
	b.drawn()
	want := b.canvas()
	for _, seed := range []string{"1", "2", "3", "5"} {
		evaluate[chromedp.Void](b, `(() => {
			const e = document.getElementById("seed");
			e.value = `+seed+`;
			e.dispatchEvent(new Event("change", { bubbles: true }));
		})()`)
	}
	b.eventually("the address had the last seed", `location.search.includes("seed=5&")`)
	b.eventually("the last seed's digits were drawn", `/seed 5 by .* drawn in/.test(document.getElementById("status").textContent)`)
	if string(b.canvas().rgba) != string(want.rgba) {
		t.Error("digits of a seed that was overtaken are on the sheet")
	}
}

func TestWithoutWebAssembly(t *testing.T) {
	b := open(t, "/", options{script: `delete window.WebAssembly`})
	if text := b.failed(); !strings.Contains(text, "has no WebAssembly") {
		t.Errorf("the page says %q", text)
	}
	if len(b.all("button", "Try again")) > 0 {
		t.Error("trying again is offered, which can't help")
	}
	b.find("heading", "Inkling")
}

// A fault in the page's own program is told by the script that started it.
func TestPageProgramDies(t *testing.T) {
	b := open(t, "/?seed=5&n=10", options{mayComplain: true})
	b.drawn()
	evaluate[chromedp.Void](b, `window.getComputedStyle = undefined`)
	b.colours(true) // for which the program asks the style
	if text := b.failed(); !strings.Contains(text, "has stopped") {
		t.Errorf("the page says %q", text)
	}
	b.find("button", "Try again").click()
	b.drawn()
}

// Browsers can be told to keep nothing, and go-app looks for what they keep.
func TestStorageBlocked(t *testing.T) {
	b := open(t, "/?seed=5&n=10", options{script: `
		for (const name of ["localStorage", "sessionStorage"]) {
			Object.defineProperty(window, name, {
				configurable: true,
				get() { throw new DOMException("blocked", "SecurityError"); },
			});
		}`})
	b.drawn()
}
