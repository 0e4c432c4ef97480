package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// files serves the files of a site from memory: a path is a key of the map or
// there is nothing there.
type files map[string]*file

// file is a file of the site in the forms that it can be sent in.
type file struct {
	mime    string
	hash    string // of the plain content
	forever bool   // the name changes with the content
	plain   []byte
	coded   map[string][]byte // by Content-Encoding
}

// The forms beside a plain file, in order of preference.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

var mimes = map[string]string{
	".html":        "text/html; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".wasm":        "application/wasm",
	".safetensors": "application/octet-stream",
}

// policy forbids the page to load, to send or to run anything that does not
// come from where the page comes from.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
	"style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// load reads a site that assemble made.
func load(site fs.FS) (files, error) {
	all := files{}
	err := fs.WalkDir(site, ".", func(name string, d fs.DirEntry, err error) error {
		mime, served := mimes[path.Ext(name)]
		if err != nil || d.IsDir() || !served {
			return err
		}
		f := &file{mime: mime, forever: hashed(name), coded: map[string][]byte{}}
		if f.plain, err = fs.ReadFile(site, name); err != nil {
			return err
		}
		f.hash = hash(f.plain)
		for _, e := range encodings {
			data, err := fs.ReadFile(site, name+e.suffix)
			if err == nil {
				f.coded[e.name] = data
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		all["/"+name] = f
		return nil
	})
	if err != nil {
		return nil, err
	}
	index := all["/index.html"]
	if index == nil {
		return nil, errors.New("there is no index.html")
	}
	all["/"] = index
	return all, nil
}

// hash names a content.
func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}

// ServeHTTP implements http.Handler.
func (all files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	f := all[r.URL.Path]
	if f == nil {
		h.Set("Cache-Control", "no-store")
		http.Error(w, "there is no such file here", http.StatusNotFound)
		return
	}
	body, tag := f.plain, f.hash
	for _, e := range encodings {
		if data, ok := f.coded[e.name]; ok && accepts(r.Header.Get("Accept-Encoding"), e.name) {
			body, tag = data, f.hash+"-"+e.name
			h.Set("Content-Encoding", e.name)
			break
		}
	}
	if f.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+tag+`"`)
	h.Set("Content-Type", f.mime)
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+tag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		// An error means that the browser has gone away.
		w.Write(body)
	}
}

// accepts reports whether an Accept-Encoding header takes an encoding.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, weighted := strings.CutPrefix(strings.ReplaceAll(parameters, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !weighted || err == nil && weight > 0
	}
	return false
}
