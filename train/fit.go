package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"inkling/train/fit"
)

// Names of the files in a run's folder.
const (
	checkpointName = "checkpoint.safetensors"
	logName        = "log.jsonl"
)

// maxThreads bounds -threads; a step has no more parts than images anyway.
const maxThreads = 256

// fitCommand trains, from the start or from a checkpoint.
func fitCommand(ctx context.Context, e *env, f *flags, args []string) error {
	var given []setting
	f.settings(&given)
	out := f.String("out", "", "`folder` of the run (default: one in the user's state folder)")
	logPath := f.String("log", "", "`file` of the JSON Lines log (default: "+logName+" in the run's folder)")
	data := f.String("mnist", "", "`folder` with MNIST's files (default: $MNIST_DIR, else the user's cache folder)")
	threads := f.Int("threads", runtime.GOMAXPROCS(0), "`goroutines` to compute with; the results are the same for any number")
	resume := f.Bool("resume", false, "continue the run in -out with its settings")
	f.more = recipeTable
	if err := f.parse(args); err != nil {
		return err
	}
	if *threads < 1 || *threads > maxThreads {
		return f.mistake("threads is %d, must be 1 to %d", *threads, maxThreads)
	}
	settings, err := fromRecipe(given)
	if err != nil {
		return f.mistake("%v", err)
	}
	if *out == "" {
		if *out, err = defaultRun(settings); err != nil {
			return err
		}
	}
	if *logPath == "" {
		*logPath = filepath.Join(*out, logName)
	}
	var checkpoint *fit.Checkpoint
	if *resume {
		if checkpoint, err = readCheckpoint(*out); err != nil {
			return err
		}
		if err := agree(checkpoint, given); err != nil {
			return f.mistake("%v", err)
		}
	} else if _, err := os.Stat(filepath.Join(*out, checkpointName)); err == nil {
		return f.mistake("%s already holds a run: add -resume to continue it, or choose another -out", *out)
	}

	ctx, stop := untilSignal(ctx)
	defer stop()
	sayKernels(e)
	set, err := e.data(ctx, e, *data)
	if err != nil {
		return err
	}
	var r *fit.Run
	if checkpoint != nil {
		r, err = fit.Resume(checkpoint, set, *threads)
	} else {
		r, err = fit.New(settings, set, *threads)
	}
	if err != nil {
		return err
	}
	defer r.Close()
	s := &session{run: r, dir: *out, logPath: *logPath, resumed: *resume, e: e}
	return s.train(ctx)
}

// setting is one that a flag gave.
type setting struct{ name, text string }

// settings gives every setting of a run a flag; what is set is appended to
// given, in order.
func (f *flags) settings(given *[]setting) {
	for _, field := range new(fit.Settings).Fields() {
		take := func(text string) error {
			*given = append(*given, setting{field.Name, text})
			return nil
		}
		if field.IsBool() {
			f.BoolFunc(field.Name, field.Usage, take)
		} else {
			f.Func(field.Name, field.Usage, take)
		}
	}
}

// fromRecipe returns the recipe's settings with those given over them.
func fromRecipe(given []setting) (fit.Settings, error) {
	recipe := "release"
	for _, g := range given {
		if g.name == "recipe" {
			recipe = g.text
		}
	}
	s, err := fit.Recipe(recipe)
	if err != nil {
		return s, err
	}
	fields := byName(&s)
	for _, g := range given {
		if err := fields[g.name].Set(g.text); err != nil {
			return s, err
		}
	}
	return s, s.Check()
}

// agree checks that the settings given are those of the checkpoint, but for
// the number of iterations, which may be changed while that changes nothing
// that is done.
func agree(c *fit.Checkpoint, given []setting) error {
	want := c.Settings
	has, wants := byName(&c.Settings), byName(&want)
	for _, g := range given {
		if err := wants[g.name].Set(g.text); err != nil {
			return err
		}
		if has, wants := has[g.name].String(), wants[g.name].String(); has != wants && g.name != "iterations" {
			return fmt.Errorf("-%s %s contradicts the run, which has %s: leave it out, or choose another -out", g.name, wants, has)
		}
	}
	if want.Iterations != c.Settings.Iterations {
		return c.Extend(want.Iterations)
	}
	return nil
}

func byName(s *fit.Settings) map[string]fit.Field {
	m := map[string]fit.Field{}
	for _, f := range s.Fields() {
		m[f.Name] = f
	}
	return m
}

// recipeTable prints the settings of the recipes side by side.
func recipeTable(w io.Writer) {
	fmt.Fprintln(w, "\nSettings of the recipes:")
	var columns [][]fit.Field
	for _, name := range fit.Recipes {
		s, _ := fit.Recipe(name)
		columns = append(columns, s.Fields())
	}
	for i, f := range columns[0] {
		fmt.Fprintf(w, "  %-20s", f.Name)
		for _, c := range columns {
			fmt.Fprintf(w, " %-9s", c[i])
		}
		fmt.Fprintln(w)
	}
}

// defaultRun is the run's folder in the user's state folder, as the XDG Base
// Directory Specification has it.
func defaultRun(s fit.Settings) (string, error) {
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", usagef("no home folder for the run: give -out")
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "inkling", fmt.Sprintf("%s-%d-%s-%d", s.Model, s.Latent, s.Recipe, s.Seed)), nil
}

// readCheckpoint reads the checkpoint in a run's folder.
func readCheckpoint(dir string) (*fit.Checkpoint, error) {
	path := filepath.Join(dir, checkpointName)
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, usagef("%s holds no run: there is no %s", dir, checkpointName)
	}
	if err != nil {
		return nil, err
	}
	return fit.ReadCheckpoint(path, data)
}
