package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"inkling/train/fit"
)

// tinyRun is a command line for a run of four iterations on the made-up data.
func tinyRun(dir string, more ...string) []string {
	return append([]string{"fit", "-latent", "2", "-batch", "2", "-iterations", "4", "-out", dir}, more...)
}

func readFile(t *testing.T, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// weightsOf exports a run and returns its model's files.
func weightsOf(t *testing.T, run string, flags ...string) (files [3][]byte) {
	t.Helper()
	to := t.TempDir()
	succeed(t, append([]string{"export", "-run", run, "-name", "x", "-to", to}, flags...)...)
	for i, name := range []string{"encoder", "decoder", "discriminator"} {
		files[i] = readFile(t, to, "x", name+".safetensors")
	}
	return files
}

func equalFiles(a, b [3][]byte) bool {
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func logOf(t *testing.T, dir string) (records []fit.Record) {
	t.Helper()
	for line := range strings.Lines(string(readFile(t, dir, logName))) {
		var r fit.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		r.Seconds = 0 // the one thing in which two runs may differ
		records = append(records, r)
	}
	return records
}

// stopAfter returns a context that ends once a run's log has n lines.
func stopAfter(t *testing.T, dir string, n int) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			data, _ := os.ReadFile(filepath.Join(dir, logName))
			if bytes.Count(data, []byte("\n")) >= n {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	return ctx
}

func TestRunStoppedAndResumed(t *testing.T) {
	whole, parts := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "parts")
	_, said := succeed(t, tinyRun(whole)...)
	if !strings.Contains(said, "iterations 0 to 4, batch 2, in "+whole) || !strings.Contains(said, "done; export") {
		t.Errorf("the run said %s", said)
	}

	// Many more iterations than it will be let make, planned to fall from the
	// same one on as those of the whole run.
	_, said, status := inkling(stopAfter(t, parts, 2), tinyRun(parts, "-iterations", "10000000", "-decay-from", "1", "-threads", "2")...)
	if status != 0 || !strings.Contains(said, "stopped; continue with: inkling fit -resume -out "+parts) {
		t.Fatalf("stopped run: status %d, %s", status, said)
	}
	made := len(logOf(t, parts))
	c, err := readCheckpoint(parts)
	if err != nil {
		t.Fatal(err)
	}
	if c.Iteration != made || made < 2 {
		t.Fatalf("stopped at iteration %d with %d lines in the log", c.Iteration, made)
	}
	// A killed run leaves lines that are not in the checkpoint, and half a line.
	log, err := os.OpenFile(filepath.Join(parts, logName), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(log).Encode(fit.Record{Iteration: made + 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := log.WriteString(`{"iteration":`); err != nil {
		t.Fatal(err)
	}
	log.Close()

	end := made + 3
	succeed(t, "fit", "-resume", "-out", parts, "-iterations", strconv.Itoa(end))
	succeed(t, tinyRun(whole+"2", "-iterations", strconv.Itoa(end), "-decay-from", "1")...)
	if !equalFiles(weightsOf(t, whole+"2"), weightsOf(t, parts)) {
		t.Error("a run stopped and resumed ends with other weights")
	}
	if a, b := logOf(t, whole+"2"), logOf(t, parts); len(a) != end || !slices.Equal(a, b) {
		t.Errorf("logs %v and %v", a, b)
	}
	if equalFiles(weightsOf(t, parts), weightsOf(t, parts, "-averaged=false")) {
		t.Error("averaged weights are exported as the others")
	}
	for _, sheet := range []string{"sheet-000000.png", "sheet-000004.png"} {
		picture, err := png.Decode(bytes.NewReader(readFile(t, whole, sheet)))
		if err != nil {
			t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != 280 || size.Y != 280 {
			t.Errorf("%s is %v", sheet, size)
		}
	}
}

func TestResumeContradicted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	succeed(t, tinyRun(dir, "-iterations", "1", "-decay-from", "0.1")...)
	before := readFile(t, dir, checkpointName)
	for _, c := range []struct{ flags, want string }{
		{"-gamma 2", "-gamma 2 contradicts the run, which has 1: leave it out, or choose another -out"},
		{"-metric bce", "-metric bce contradicts the run, which has mse"},
		{"-recipe seed", "-recipe seed contradicts the run, which has release"},
		{"-latent 8 -seed 1", "-latent 8 contradicts the run, which has 2"},
		{"-seed 2", "-seed 2 contradicts"},
		{"-non-saturating=false", "-non-saturating false contradicts"},
		{"-iterations 0", "iterations is 0, but the run is at 1"},
	} {
		_, stderr, status := inkling(t.Context(), append(strings.Fields("fit -resume -out "+dir), strings.Fields(c.flags)...)...)
		if status != 2 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, %s", c.flags, status, stderr)
		}
	}
	if _, stderr, status := inkling(t.Context(), tinyRun(dir)...); status != 2 || !strings.Contains(stderr, dir+" already holds a run: add -resume") {
		t.Errorf("a second run: status %d, %s", status, stderr)
	}
	if !bytes.Equal(before, readFile(t, dir, checkpointName)) {
		t.Error("a mistake changed the checkpoint")
	}
	// What the run has may be repeated, and a run that is done stays so.
	succeed(t, "fit", "-resume", "-out", dir, "-latent", "2", "-gamma", "1.0", "-recipe", "release")
	if len(logOf(t, dir)) != 1 {
		t.Error("a run that is done went on")
	}
}

func TestDefaultRun(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	args := strings.Fields("fit -latent 2 -batch 2 -iterations 0 -seed 3 -recipe seed")
	succeed(t, args...)
	if _, err := readCheckpoint(filepath.Join(os.Getenv("XDG_STATE_HOME"), "inkling", "cvaegan-2-seed-3")); err != nil {
		t.Error(err)
	}
	// The weights of a run without averages are those trained.
	dir := filepath.Join(os.Getenv("XDG_STATE_HOME"), "inkling", "cvaegan-2-seed-3")
	if !equalFiles(weightsOf(t, dir), weightsOf(t, dir, "-averaged=false")) {
		t.Error("other weights were exported")
	}
	if _, stderr, status := inkling(t.Context(), "export", "-run", dir, "-name", "x", "-to", t.TempDir(), "-averaged"); status != 1 || !strings.Contains(stderr, "keeps no averaged weights") {
		t.Errorf("status %d, %s", status, stderr)
	}
}

func TestProgressLine(t *testing.T) {
	r := fit.Record{Iteration: 250, Prior: 0.3612, GAN: 0.0412, Llike: 14.512}
	want := "████░░░░░░░░░░░░ 250/1000 2.0/s 6m15s  prior 0.361 gan 0.041 llike 14.51"
	if got := progressLine(r, 1000, 50, 100*time.Second); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
