//go:build !js

package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// list runs go list for the browser and returns the lines of its output.
func list(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd, err)
	}
	return strings.Fields(string(out))
}

// The page and the worker can speak through messages alone: of this module
// they share package wire. The page has no network to compute with and no
// server, the worker neither what draws the page nor what would make it large.
func TestWhatTheProgramsLink(t *testing.T) {
	ours := slices.DeleteFunc(list(t, "-deps", "inkling/wasm/page"), func(p string) bool { return !strings.HasPrefix(p, "inkling/") })
	if want := []string{"inkling/wasm/wire", "inkling/web", "inkling/wasm/page"}; !slices.Equal(ours, want) {
		t.Errorf("the page links %q, want %q", ours, want)
	}
	imports := list(t, append([]string{"-f", `{{join .Imports "\n"}}`}, ours...)...)
	if slices.Contains(imports, "net/http") {
		t.Error("the page imports net/http")
	}

	worker := list(t, "-deps", "inkling/wasm/worker")
	for _, p := range []string{"fmt", "reflect", "encoding/json", "net/http", "inkling/weights", "inkling/web"} {
		if slices.Contains(worker, p) {
			t.Errorf("the worker links %s", p)
		}
	}
	for _, p := range worker {
		if strings.Contains(p, "go-app") {
			t.Errorf("the worker links %s", p)
		}
	}
}
