package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAccepts(t *testing.T) {
	for _, test := range []struct {
		header, encoding string
		want             bool
	}{
		{"", "br", false},
		{"gzip, deflate, br, zstd", "br", true},
		{"gzip;q=1.0, br;q=0.5", "br", true},
		{"gzip, br; q=0", "br", false},
		{"br;q=0.000", "br", false},
		{"br;q=much", "br", false},
		{"BR", "br", true},
		{"brotli", "br", false},
		{"gzip", "gzip", true},
	} {
		if got := accepts(test.header, test.encoding); got != test.want {
			t.Errorf("accepts(%q, %q) = %v, want %v", test.header, test.encoding, got, test.want)
		}
	}
}

func testFiles(t *testing.T) files {
	t.Helper()
	all, err := load(fstest.MapFS{
		"index.html":                     {Data: []byte("<!DOCTYPE html>")},
		"index.html.gz":                  {Data: []byte("packed")},
		"page.0123456789ab.wasm":         {Data: []byte("\x00asm")},
		"page.0123456789ab.wasm.br":      {Data: []byte("br")},
		"page.0123456789ab.wasm.gz":      {Data: []byte("gz")},
		"weights/m/a.0123456789ab.js":    {Data: []byte("1")},
		"weights/m/a.0123456789ab.js.br": {Data: []byte("2")},
		"notes.txt":                      {Data: []byte("private")},
		".part-12":                       {Data: []byte("half")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestServeHTTP(t *testing.T) {
	all := testFiles(t)
	const forever, asked = "public, max-age=31536000, immutable", "no-cache"
	for _, test := range []struct {
		method, path, accept string
		status               int
		body, encoding, mime string
		cache                string
	}{
		{"GET", "/", "br", 200, "<!DOCTYPE html>", "", "text/html; charset=utf-8", asked},
		{"GET", "/", "gzip", 200, "packed", "gzip", "text/html; charset=utf-8", asked},
		{"GET", "/index.html", "", 200, "<!DOCTYPE html>", "", "text/html; charset=utf-8", asked},
		{"GET", "/page.0123456789ab.wasm", "", 200, "\x00asm", "", "application/wasm", forever},
		{"GET", "/page.0123456789ab.wasm", "gzip, br", 200, "br", "br", "application/wasm", forever},
		{"GET", "/page.0123456789ab.wasm", "gzip, br;q=0", 200, "gz", "gzip", "application/wasm", forever},
		{"HEAD", "/page.0123456789ab.wasm", "br", 200, "", "br", "application/wasm", forever},
		{"GET", "/weights/m/a.0123456789ab.js", "", 200, "1", "", "text/javascript; charset=utf-8", forever},
		{"GET", "/page.0123456789ab.wasm.br", "", 404, "there is no such file here\n", "", "text/plain; charset=utf-8", "no-store"},
		{"GET", "/weights", "", 404, "there is no such file here\n", "", "text/plain; charset=utf-8", "no-store"},
		{"GET", "/weights/m/", "", 404, "there is no such file here\n", "", "text/plain; charset=utf-8", "no-store"},
		{"GET", "/../files.go", "", 404, "there is no such file here\n", "", "text/plain; charset=utf-8", "no-store"},
		{"GET", "/notes.txt", "", 404, "there is no such file here\n", "", "text/plain; charset=utf-8", "no-store"},
		{"POST", "/", "", 405, "only GET and HEAD are answered here\n", "", "text/plain; charset=utf-8", ""},
	} {
		r := httptest.NewRequest(test.method, "http://host/", nil)
		r.URL.Path = test.path
		r.Header.Set("Accept-Encoding", test.accept)
		w := httptest.NewRecorder()
		all.ServeHTTP(w, r)
		h := w.Header()
		if w.Code != test.status || w.Body.String() != test.body || h.Get("Content-Encoding") != test.encoding ||
			h.Get("Content-Type") != test.mime || h.Get("Cache-Control") != test.cache {
			t.Errorf("%s %s (%s): %d %q, header %v", test.method, test.path, test.accept, w.Code, w.Body, h)
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s %s has no content security policy", test.method, test.path)
		}
	}
}

// A form of a file is known by its own tag, and is not sent twice.
func TestNotModified(t *testing.T) {
	all := testFiles(t)
	tags := map[string]bool{}
	for _, encoding := range []string{"", "br", "gzip"} {
		r := httptest.NewRequest("GET", "/page.0123456789ab.wasm", nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		all.ServeHTTP(w, r)
		tag := w.Header().Get("ETag")
		if tags[tag] {
			t.Errorf("two forms have the tag %s", tag)
		}
		tags[tag] = true
		r.Header.Set("If-None-Match", tag)
		w = httptest.NewRecorder()
		all.ServeHTTP(w, r)
		if w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%q asked for again with its tag: %d, %d bytes", encoding, w.Code, w.Body.Len())
		}
	}
}

func TestLoadWithoutIndex(t *testing.T) {
	if _, err := load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "index.html") {
		t.Errorf("an empty folder gives error %v", err)
	}
}
