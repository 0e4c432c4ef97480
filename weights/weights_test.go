package weights

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"inkling/weights/safetensors"
)

// limit is what a visitor of the page may have to download to generate digits.
const limit = 700_000

func TestReleased(t *testing.T) {
	names := Names()
	if len(names) == 0 || !slices.IsSorted(names) {
		t.Errorf("names are %q", names)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			folder, err := Open(name)
			if err != nil {
				t.Fatal(err)
			}
			_, info, err := safetensors.ReadModel(folder)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(name, info.Model+"-") {
				t.Errorf("its files are of the model %s", info.Model)
			}
			if decoder, err := fs.Stat(Released(), name+"/decoder.safetensors"); err != nil {
				t.Error(err)
			} else if decoder.Size() > limit {
				t.Errorf("decoder has %d bytes, at most %d are wanted", decoder.Size(), limit)
			}
		})
	}
}

func TestOpenUnknown(t *testing.T) {
	for _, name := range []string{"", ".", "..", "safetensors", "no-such"} {
		_, err := Open(name)
		if want := "no released model is called " + strconv.Quote(name) + ", there are: " + strings.Join(Names(), ", "); err == nil || err.Error() != want {
			t.Errorf("Open(%q): %v, want %s", name, err, want)
		}
	}
}
