//go:build !js

package safetensors

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The compute worker links this package, so in the browser's build it must stay
// without what makes programs large.
func TestDependencies(t *testing.T) {
	list := exec.Command("go", "list", "-deps", ".")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %v", list, err)
	}
	packages := strings.Fields(string(out))
	for _, large := range []string{"encoding/json", "fmt", "os", "reflect"} {
		if slices.Contains(packages, large) {
			t.Errorf("%s is imported, directly or not", large)
		}
	}
}
