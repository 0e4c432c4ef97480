package atomicfile

import (
	"os"
	"path/filepath"
	"testing"
)

// names lists a folder, hidden files too.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func check(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q (%v), want %q", path, got, err, want)
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	for _, content := range []string{"first", "second"} {
		if err := Write(dir, File{"a", []byte(content)}, File{"b", nil}); err != nil {
			t.Fatal(err)
		}
		check(t, filepath.Join(dir, "a"), content)
		check(t, filepath.Join(dir, "b"), "")
	}
	if got := names(t, dir); len(got) != 2 {
		t.Errorf("left behind: %v", got)
	}
}

// If one file cannot be written none is touched, and nothing stays behind.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir, File{"a", []byte("old")}); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, File{"a", []byte("new")}, File{"no/folder", nil}); err == nil {
		t.Error("no error for a name with a folder")
	}
	check(t, filepath.Join(dir, "a"), "old")
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
	if err := Write(filepath.Join(dir, "a"), File{"b", nil}); err == nil {
		t.Error("no error for a file in place of the folder")
	}
}
