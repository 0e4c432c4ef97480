package mnist

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mirror serves files at made-up addresses and records what was asked of it.
func mirror(t *testing.T, files map[string]string) (url string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/mnist/")
		*asked = append(*asked, name)
		content, ok := files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(content))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/mnist/", asked
}

// noFolder makes Find look into an empty cache folder, which it returns.
func noFolder(t *testing.T) string {
	t.Helper()
	t.Setenv("MNIST_DIR", "")
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
		t.Setenv(name, home)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(cache, "inkling", "mnist")
}

// served returns the made-up files as a mirror has them.
func served() (p pair, files map[string]string) {
	_, p, plain := made()
	files = map[string]string{}
	for name, content := range plain {
		files[name+".gz"] = compressed(content)
	}
	return p, files
}

func TestFindDownloads(t *testing.T) {
	cache := noFolder(t)
	p, files := served()
	damaged := map[string]string{p[0].name + ".gz": compressed("something else"), p[1].name + ".gz": "no gzip file"}
	missing, _ := mirror(t, nil)
	wrong, _ := mirror(t, damaged)
	good, asked := mirror(t, files)
	var progress strings.Builder
	s := source{[]string{missing, wrong, good}, []pair{p}, &progress}

	dir, err := find(t.Context(), "", s)
	if err != nil {
		t.Fatal(err)
	}
	if dir != cache {
		t.Errorf("found %s, want %s", dir, cache)
	}
	if _, err := load(dir, p); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("the folder holds %v", entries)
	}
	if text := progress.String(); strings.Count(text, " failed\n") != 4 || !strings.Contains(text, "downloading "+good+p[1].name+".gz: 1 kB\n") {
		t.Errorf("progress reads %q", text)
	}

	*asked = nil
	if _, err := find(t.Context(), "", s); err != nil || len(*asked) != 0 {
		t.Errorf("the second time %v was downloaded, error %v", *asked, err)
	}
	os.Remove(filepath.Join(dir, p[1].name+".gz"))
	if _, err := find(t.Context(), "", s); err != nil || len(*asked) != 1 {
		t.Errorf("for one missing file %v was downloaded, error %v", *asked, err)
	}
}

func TestFindOffline(t *testing.T) {
	cache := noFolder(t)
	p, files := served()
	name := p[0].name + ".gz"
	short, _ := mirror(t, map[string]string{name: files[name][:100]})
	gone := httptest.NewServer(nil)
	gone.Close()
	_, err := find(t.Context(), "", source{[]string{short, gone.URL + "/"}, []pair{p}, new(strings.Builder)})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"cannot download MNIST", short + name + ": unexpected EOF", gone.URL, "name it with -mnist or $MNIST_DIR"} {
		if text := err.Error(); !strings.Contains(text, want) || strings.Contains(text, "\n") {
			t.Errorf("error %q, want one line with %q", text, want)
		}
	}
	if _, err := os.Stat(cache); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was left in %s (%v)", cache, err)
	}
}

func TestFindCancelled(t *testing.T) {
	noFolder(t)
	p, files := served()
	good, asked := mirror(t, files)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := find(ctx, "", source{[]string{good, good}, []pair{p}, new(strings.Builder)}); !errors.Is(err, context.Canceled) || len(*asked) != 0 {
		t.Errorf("error %v, asked for %v", err, *asked)
	}
}

// A folder that somebody named is taken as it is.
func TestFindNamed(t *testing.T) {
	noFolder(t)
	_, p, files := made()
	good, asked := mirror(t, files)
	s := source{[]string{good}, []pair{p}, new(strings.Builder)}
	full, empty := put(t, files), t.TempDir()
	lacks := empty + " has no file train-images-idx3-ubyte or train-images-idx3-ubyte.gz"
	tests := []struct{ flag, env, want, err string }{
		{full, "", full, ""},
		{full, empty, full, ""},
		{"", full, full, ""},
		{empty, full, "", lacks},
		{"", empty, "", "MNIST_DIR: " + lacks},
	}
	for _, test := range tests {
		t.Setenv("MNIST_DIR", test.env)
		got, err := find(t.Context(), test.flag, s)
		if test.err != "" {
			if err == nil || err.Error() != test.err {
				t.Errorf("flag %q, MNIST_DIR %q: error %v, want %s", test.flag, test.env, err, test.err)
			}
		} else if err != nil || got != test.want {
			t.Errorf("flag %q, MNIST_DIR %q: %q, error %v", test.flag, test.env, got, err)
		}
	}
	if len(*asked) != 0 {
		t.Errorf("%v was downloaded", *asked)
	}
}
