package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inkling/train/fit"
)

func TestOpenLog(t *testing.T) {
	const one, two, three = `{"iteration":1}` + "\n", `{"iteration":2}` + "\n", `{"iteration":3}` + "\n"
	for _, c := range []struct {
		name      string
		content   string
		resumed   bool
		iteration int
		want      string // what is left
		err       string
	}{
		{name: "new"},
		{name: "new, but there is something", content: one, want: one, err: "is not empty: remove it, or choose another -log"},
		{name: "resumed without a log", resumed: true, iteration: 2},
		{name: "resumed at the end", content: one + two, resumed: true, iteration: 2, want: one + two},
		{name: "lines after the checkpoint", content: one + two + three, resumed: true, iteration: 1, want: one},
		{name: "an unfinished line", content: one + `{"iter`, resumed: true, iteration: 2, want: one},
		{name: "nothing but an unfinished line", content: `{"iter`, resumed: true},
		{name: "a log begun late", content: two + three, resumed: true, iteration: 3, want: two + three},
		{name: "another file", content: "letters\n", want: "letters\n", resumed: true, err: "is not the log of a run"},
		{name: "another file of one line", content: "letter", want: "letter", resumed: true, err: "is not the log of a run"},
		{name: "iterations out of order", content: two + one, want: two + one, resumed: true, iteration: 2, err: "is not the log of a run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log")
			if c.content != "" {
				if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			log, err := openLog(path, c.resumed, c.iteration)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v", err)
				}
			} else {
				if err != nil {
					t.Fatal(err)
				}
				if err := log.write(fit.Record{Iteration: 9}); err != nil {
					t.Fatal(err)
				}
				log.Close()
			}
			got := string(readFile(t, path))
			rest, ok := strings.CutPrefix(got, c.want)
			if !ok || (c.err == "") != strings.HasPrefix(rest, `{"iteration":9,`) {
				t.Errorf("the log is %q", got)
			}
		})
	}
}

// Whatever a file holds, it is refused unchanged or cut to whole lines of it.
func FuzzCutLog(f *testing.F) {
	f.Add([]byte("{\"iteration\":1}\n{\"iteration\":2}\n{\"it"), 1)
	f.Add([]byte("letters"), 3)
	f.Fuzz(func(t *testing.T, content []byte, iteration int) {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		err = cutLog(file, iteration)
		got := string(readFile(t, path))
		if err != nil && got != string(content) {
			t.Errorf("refused, but changed: %v", err)
		}
		if !strings.HasPrefix(string(content), got) || err == nil && got != "" && got[len(got)-1] != '\n' {
			t.Errorf("%q became %q", content, got)
		}
		if at, _ := file.Seek(0, io.SeekCurrent); err == nil && at != int64(len(got)) {
			t.Errorf("position is %d of %d", at, len(got))
		}
	})
}
