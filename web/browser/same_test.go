//go:build browser

package browser

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"inkling/nn"
	"inkling/web"
	"inkling/weights"
	"inkling/weights/safetensors"
)

const (
	model = "cvaegan-8"
	seed  = 4294967295
	each  = 3
)

// native returns the digits that a seed gives outside of a browser, each of
// every label: what the page shows for digit=all.
func native(t *testing.T) []float32 {
	t.Helper()
	folder, err := weights.Open(model)
	if err != nil {
		t.Fatal(err)
	}
	const name = "decoder.safetensors"
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := safetensors.Decoder(name, data)
	if err != nil {
		t.Fatal(err)
	}
	const n = each * nn.Classes
	z, labels := make([]float32, n*d.Latent()), make([]uint8, n)
	for i := range n {
		labels[i] = uint8(i / each)
		nn.Sample(z[i*d.Latent():(i+1)*d.Latent()], seed, i/each, i%each)
	}
	images := make([]float32, n*nn.Pixels)
	d.Decode(images, z, labels)
	return images
}

// askWorker starts a compute worker of the page and speaks with it as the page
// does. It returns the pixels that the worker gives for the same digits.
func askWorker(b *tab) []float32 {
	b.Helper()
	type answer struct {
		Kernels string
		Pixels  []byte // in base 64
	}
	v := evaluate[answer](b, fmt.Sprintf(`(async () => {
		let hear;
		const worker = inkling.openWorker((m) => hear(m));
		const said = (kind) => new Promise((done, fail) => {
			hear = (m) => m.kind === kind ? done(m) : fail(new Error(m.kind + ": " + m.text));
		});
		const { kernels } = await said("ready");
		const weights = await inkling.weights(%q);
		worker.postMessage({ kind: "load", id: 1, model: %[1]q, weights }, [weights.buffer]);
		const { id, latent } = await said("loaded");
		if (id !== 1 || latent !== 8) throw new Error("loaded " + id + " " + latent);
		const labels = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
		const parts = [];
		worker.postMessage({ kind: "generate", id: 2, model: %[1]q, seed: %d, labels, first: 0, count: %d });
		for (let n = 0; n < %[3]d * 10; n += parts.at(-1).length / 784) {
			const { id, first, pixels } = await said("digits");
			if (id !== 2 || first !== n || !(pixels instanceof Float32Array)) throw new Error("digits " + id + " " + first);
			parts.push(pixels);
		}
		worker.terminate();
		const url = await new Promise((done) => {
			const r = new FileReader();
			r.onload = () => done(r.result);
			r.readAsDataURL(new Blob(parts));
		});
		return { Kernels: kernels, Pixels: url.slice(url.indexOf(",") + 1) };
	})()`, model, seed, each))
	b.Logf("kernels: %s", v.Kernels)
	// Both sides are little-endian.
	return unsafe.Slice((*float32)(unsafe.Pointer(&v.Pixels[0])), len(v.Pixels)/4)
}

// compare fails if a pixel differs by more than 1e-4. It may by rounding:
// natively a multiplication and an addition are one operation.
func compare(t *testing.T, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("there are %d pixels, want %d", len(got), len(want))
	}
	worst, same := 0.0, true
	for i := range got {
		worst = max(worst, math.Abs(float64(got[i])-float64(want[i])))
		same = same && got[i] == want[i]
	}
	t.Logf("largest difference %.2g; the same bits: %v", worst, same)
	if !(worst <= 1e-4) {
		t.Errorf("a pixel differs by %g, more than 1e-4", worst)
	}
}

func TestWorkerAgreesWithNative(t *testing.T) {
	b := open(t, "/?n=10", options{})
	b.drawn()
	compare(t, askWorker(b), native(t))
}

// A browser without SIMD gets a program without, and the same digits.
func TestPortableWorkerAgreesWithNative(t *testing.T) {
	asked := make(chan string, 10)
	b := open(t, "/?n=10", options{
		script: `WebAssembly.validate = () => false`,
		fault: func(w http.ResponseWriter, q *http.Request) bool {
			if strings.HasPrefix(q.URL.Path, "/worker") && strings.HasSuffix(q.URL.Path, ".wasm") {
				asked <- q.URL.Path
			}
			return false
		},
	})
	b.drawn()
	if program := <-asked; !strings.HasPrefix(program, "/worker-portable.") {
		t.Errorf("a browser without SIMD got %s", program)
	}
	compare(t, askWorker(b), native(t))
}

// What the page draws is what the network made, drawn by the same pen.
func TestCanvasAgreesWithNative(t *testing.T) {
	b := open(t, fmt.Sprintf("/?digit=all&seed=%d&n=%d", seed, 10*each), options{density: 1.5})
	b.drawn()
	c := b.canvas()
	if c.width != len(c.rgba)/4/c.height || c.width%web.Columns != 0 || c.height != each*c.width/web.Columns {
		t.Fatalf("the canvas is %d by %d", c.width, c.height)
	}
	cell := c.width / web.Columns
	pen := web.NewPen(cell, b.colour("--paper"), b.colour("--ink"))
	digit := make([]uint32, cell*cell)
	images, worst := native(t), 0
	for i := range 10 * each {
		pen.Draw(digit, images[i*nn.Pixels:(i+1)*nn.Pixels])
		x, y := i%web.Columns*cell, i/web.Columns*cell
		for row := range cell {
			got := c.rgba[4*((y+row)*c.width+x):]
			for k := range 4 * cell {
				want := byte(digit[row*cell+k/4] >> (k % 4 * 8)) // on a little-endian machine
				d := int(got[k]) - int(want)
				worst = max(worst, d, -d)
			}
		}
	}
	// A rounding difference may tip a value into the next shade, and the
	// contrast of a large digit makes two of that.
	if worst > 2 {
		t.Errorf("a canvas pixel differs by %d of 255", worst)
	}
}

// colour returns a colour of the page's style.
func (b *tab) colour(name string) (c web.RGB) {
	b.Helper()
	hex := b.text(fmt.Sprintf(`getComputedStyle(document.documentElement).getPropertyValue(%q).trim()`, name))
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 24)
	b.must(err)
	return web.RGB{uint8(n >> 16), uint8(n >> 8), uint8(n)}
}

// The native command writes the digits that the page shows: MNIST's format has
// bytes, so each may be half a grey level off, and what compare allows.
func TestWorkerAgreesWithCommand(t *testing.T) {
	out := t.TempDir()
	cmd := exec.Command("../../bin/inkling", "sample", "-weights", model, "-per-digit", strconv.Itoa(each), "-seed", strconv.Itoa(seed), "-out", out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, text)
	}
	images := unzip(t, filepath.Join(out, "images-idx3-ubyte.gz"))[16:]
	labels := unzip(t, filepath.Join(out, "labels-idx1-ubyte.gz"))[8:]
	b := open(t, "/?n=10", options{})
	b.drawn()
	got := askWorker(b)
	if len(got) != len(images) || len(labels) != each*10 {
		t.Fatalf("the command wrote %d pixels and %d labels, the worker gave %d pixels", len(images), len(labels), len(got))
	}
	for i, l := range labels {
		if int(l) != i/each {
			t.Fatalf("digit %d of the command has label %d", i, l)
		}
	}
	for i, v := range got {
		if d := math.Abs(float64(v)*255 - float64(images[i])); d > 0.5+255e-4 {
			t.Fatalf("pixel %d: the worker gives %v, the command %d", i, v, images[i])
		}
	}
}

func unzip(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Limits on what a visitor has to fetch, at brotli's level 9.
func TestTransferSizes(t *testing.T) {
	b := open(t, "/?n=10", options{})
	var site web.Site
	if err := json.Unmarshal([]byte(b.text(`document.getElementById("site").textContent`)), &site); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		file  web.File
		limit int
	}{
		{"page", site.Page, 1_700_000},
		{"worker", site.Worker, 650_000},
		{"portable worker", site.Portable, 650_000},
		{"decoder", site.Models[0].Decoder, 700_000},
	} {
		t.Logf("%-15s %7d bytes, %7d to fetch", test.name, test.file.Size, test.file.Transfer)
		if test.file.Transfer > test.limit {
			t.Errorf("%s: %d bytes to fetch, more than %d", test.name, test.file.Transfer, test.limit)
		}
	}
}
