package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"inkling/web"
	"inkling/web/static"
)

// assemble makes the site in dir from the programs (page.wasm, worker.wasm,
// worker-portable.wasm and the Go toolchain's wasm_exec.js), the models'
// decoders and the page's own files. Every file but index.html has its
// content's hash in its name, so that caches may keep it for ever and a page
// never meets files of another build. Files of earlier builds are removed.
func assemble(dir string, programs, models fs.FS) error {
	a := &assembly{dir: dir, kept: map[string]bool{}}
	scripts := map[string]string{} // URL by plain name
	for _, name := range []string{"download.js", "boot.js", "worker.js", "inkling.css", "icon.svg", "icon-180.png"} {
		scripts[name] = a.add(static.Files, name).URL
	}
	scripts["wasm_exec.js"] = a.add(programs, "wasm_exec.js").URL
	site := web.Site{
		Page:     a.add(programs, "page.wasm"),
		Worker:   a.add(programs, "worker.wasm"),
		Portable: a.add(programs, "worker-portable.wasm"),
		Scripts:  []string{scripts["worker.js"], scripts["wasm_exec.js"], scripts["download.js"]},
	}
	decoders, err := fs.Glob(models, "*/decoder.safetensors")
	if err != nil {
		return err
	}
	if len(decoders) == 0 {
		return fmt.Errorf("there is no model to show: no weights/NAME/decoder.safetensors")
	}
	for _, name := range decoders {
		f := a.addAs(models, name, "weights/"+name)
		m := web.Model{Name: path.Dir(name), Decoder: f}
		if m.Name == firstModel {
			site.Models = append([]web.Model{m}, site.Models...)
		} else {
			site.Models = append(site.Models, m)
		}
	}
	if a.err != nil {
		return a.err
	}
	var index bytes.Buffer
	if err := writeIndex(&index, site, scripts); err != nil {
		return err
	}
	// Last, so that the page never names a file that isn't there.
	if a.write("index.html", index.Bytes()); a.err != nil {
		return a.err
	}
	return a.sweep()
}

// firstModel is the model that a link without one shows.
const firstModel = "cvaegan-8"

// assembly is a site in the making. The first error stays, and what comes
// after it does nothing.
type assembly struct {
	dir  string
	kept map[string]bool // files of this build, relative to dir
	err  error
}

func (a *assembly) add(from fs.FS, name string) web.File { return a.addAs(from, name, name) }

// addAs adds a file under another name, with its hash.
func (a *assembly) addAs(from fs.FS, name, as string) web.File {
	if a.err != nil {
		return web.File{}
	}
	data, err := fs.ReadFile(from, name)
	if err != nil {
		a.err = err
		return web.File{}
	}
	ext := path.Ext(as)
	as = strings.TrimSuffix(as, ext) + "." + hash(data) + ext
	return web.File{URL: as, Size: len(data), Transfer: a.write(as, data)}
}

var hashedName = regexp.MustCompile(`\.[0-9a-f]{12}\.[a-z]+$`)

// hashed reports whether a name has its content's hash in it.
func hashed(name string) bool { return hashedName.MatchString(name) }

// write writes a file and its compressed forms, and returns the length of the
// smallest. A form that is there already under a name with a hash is the same.
func (a *assembly) write(name string, data []byte) (smallest int) {
	smallest = len(data)
	put := func(suffix string, code func([]byte) ([]byte, error)) {
		if a.err != nil {
			return
		}
		to := filepath.Join(a.dir, filepath.FromSlash(name+suffix))
		a.kept[to] = true
		if info, err := os.Stat(to); err == nil && hashed(name) {
			smallest = min(smallest, int(info.Size()))
			return
		}
		coded, err := code(data)
		if err == nil {
			err = replace(to, coded)
		}
		if err != nil {
			a.err = err
		}
		smallest = min(smallest, len(coded))
	}
	put("", func(b []byte) ([]byte, error) { return b, nil })
	if path.Ext(name) != ".png" {
		put(".br", compressBrotli)
		put(".gz", compressGzip)
	}
	return smallest
}

// replace writes a file beside its place and moves it there, so that a build
// that is cut short leaves no half a file.
func replace(to string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(to), ".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), to)
}

// sweep removes what is left of earlier builds, and nothing that another
// hand may have put into the folder.
func (a *assembly) sweep() error {
	return filepath.WalkDir(a.dir, func(name string, d fs.DirEntry, err error) error {
		plain := strings.TrimSuffix(strings.TrimSuffix(name, ".br"), ".gz")
		if err != nil || d.IsDir() || a.kept[name] || !hashed(plain) {
			return err
		}
		return os.Remove(name)
	})
}
