package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"html"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"

	"inkling/web"
)

func testInputs() (programs, models fstest.MapFS) {
	long := bytes.Repeat([]byte("instructions "), 1000)
	return fstest.MapFS{
			"page.wasm":            {Data: append([]byte("page"), long...)},
			"worker.wasm":          {Data: append([]byte("worker"), long...)},
			"worker-portable.wasm": {Data: append([]byte("portable"), long...)},
			"wasm_exec.js":         {Data: []byte("// Go")},
		}, fstest.MapFS{
			"another/decoder.safetensors":   {Data: []byte("another")},
			"cvaegan-8/decoder.safetensors": {Data: []byte("weights")},
			"cvaegan-8/encoder.safetensors": {Data: []byte("not shown")},
		}
}

// readSite returns what the page will read in its element "site".
func readSite(t *testing.T, dir string) (page string, s web.Site) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`<script type="application/json" id="site">(.*?)</script>`).FindSubmatch(data)
	if m == nil {
		t.Fatal("the page has no list of files")
	}
	if err := json.Unmarshal(m[1], &s); err != nil {
		t.Fatalf("the page's list of files: %v", err)
	}
	return string(data), s
}

func TestAssemble(t *testing.T) {
	dir := t.TempDir()
	programs, models := testInputs()
	if err := assemble(dir, programs, models); err != nil {
		t.Fatal(err)
	}
	page, site := readSite(t, dir)
	if got, want := site.Names(), []string{"cvaegan-8", "another"}; !slices.Equal(got, want) {
		t.Errorf("the models are %v, want %v", got, want)
	}
	for name, f := range map[string]web.File{
		"page.wasm": site.Page, "worker.wasm": site.Worker, "worker-portable.wasm": site.Portable,
	} {
		plain, err := os.ReadFile(filepath.Join(dir, f.URL))
		if err != nil || !bytes.Equal(plain, programs[name].Data) || f.Size != len(plain) {
			t.Errorf("%s lies at %s, %d bytes of %d, error %v", name, f.URL, len(plain), f.Size, err)
		}
		if f.Transfer >= f.Size {
			t.Errorf("%s travels as %d bytes of %d", name, f.Transfer, f.Size)
		}
	}

	// Every file that is not compressed itself is there in both compressed
	// forms, and both unpack to it.
	all, err := load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range all {
		if f.mime == "image/png" {
			continue
		}
		unzipped, err := gzip.NewReader(bytes.NewReader(f.coded["gzip"]))
		if err != nil {
			t.Errorf("%s: gzip: %v", name, err)
			continue
		}
		for encoding, r := range map[string]io.Reader{
			"gzip": unzipped,
			"br":   brotli.NewReader(bytes.NewReader(f.coded["br"])),
		} {
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, f.plain) {
				t.Errorf("%s: %s does not unpack to the file: %v", name, encoding, err)
			}
		}
	}

	// What the page names is there, and it names no other host.
	named := regexp.MustCompile(`(?:src|href)="([^"]*)"|"url":"([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(named) < 10 {
		t.Errorf("the page names %d files", len(named))
	}
	for _, m := range named {
		if url := html.UnescapeString(m[1] + m[2]); all["/"+url] == nil {
			t.Errorf("the page names %s, which isn't there", url)
		}
	}
	for name, f := range all {
		if name == "/wasm_exec.js" || f.mime == "image/svg+xml" {
			continue
		}
		if i := bytes.Index(f.plain, []byte("://")); i >= 0 {
			t.Errorf("%s names another host: …%s…", name, f.plain[max(0, i-10):min(len(f.plain), i+40)])
		}
	}
	if n := len(listing(t, dir)); strings.Contains(strings.Join(listing(t, dir), " "), ".part-") || n == 0 {
		t.Errorf("left over: %v", listing(t, dir))
	}
}

func listing(t *testing.T, dir string) []string {
	t.Helper()
	names := map[string]bool{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names[name] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(names))
}

// A second build leaves its own files, and those that aren't ours to remove.
func TestAssembleAgain(t *testing.T) {
	dir := t.TempDir()
	programs, models := testInputs()
	if err := assemble(dir, programs, models); err != nil {
		t.Fatal(err)
	}
	first := listing(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	programs["page.wasm"] = &fstest.MapFile{Data: []byte("another page")}
	if err := assemble(dir, programs, models); err != nil {
		t.Fatal(err)
	}
	second := listing(t, dir)
	if len(second) != len(first)+1 {
		t.Errorf("%d files after a change, want %d and the foreign one:\n%v\n%v", len(second), len(first), first, second)
	}
	if !slices.Contains(second, "notes.txt") {
		t.Error("a file that was not ours was removed")
	}
	if _, site := readSite(t, dir); site.Page.Size != len("another page") {
		t.Error("the page still names the first build's program")
	}
}

func TestAssembleRefuses(t *testing.T) {
	programs, models := testInputs()
	if err := assemble(t.TempDir(), programs, fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "no model") {
		t.Errorf("without a model the error is %v", err)
	}
	delete(programs, "worker.wasm")
	if err := assemble(t.TempDir(), programs, models); err == nil || !strings.Contains(err.Error(), "worker.wasm") {
		t.Errorf("without a program the error is %v", err)
	}
}
