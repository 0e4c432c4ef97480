package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"inkling/weights/safetensors"
)

// parityCommand computes what golden files hold and compares it, tensor by
// tensor. Everything in a file must be known, and something compared.
func parityCommand(ctx context.Context, e *env, f *flags, args []string) error {
	if err := f.parseFiles(args); err != nil {
		return err
	}
	if f.NArg() == 0 {
		return f.mistake("no golden file named")
	}
	sayKernels(e)
	tensors, bad := 0, 0
	for _, name := range f.Args() {
		rows, err := compareFile(name)
		if err != nil {
			return err
		}
		n, b := countTensors(rows)
		printTable(e.stdout, name, rows)
		fmt.Fprintf(e.stdout, "%d of %d tensors within their limits\n\n", n-b, n)
		tensors, bad = tensors+n, bad+b
	}
	fmt.Fprintf(e.stdout, "compared %d tensors of %d files\n", tensors, f.NArg())
	if bad > 0 {
		return fmt.Errorf("%d of %d tensors are beyond their limits", bad, tensors)
	}
	return nil
}

// row is one comparison: what was computed in one way against the golden.
type row struct {
	tensor   string  // name in the golden file
	what     string  // "" or how or what of it was compared
	abs, rel float64 // largest absolute error, and the relative one
	limit    limit
}

// limit is what float32 may differ by: a share of the tensor's largest
// absolute value, or as how says.
type limit struct {
	value float64
	how   string // "", "absolute", "each" element relative to itself
}

func (r row) ok() bool {
	if r.limit.how == "absolute" {
		return r.abs <= r.limit.value // false for NaN
	}
	return r.rel <= r.limit.value
}

// limits for a tensor's value by the start of its name; the longest counts.
var limits = []struct {
	prefix string
	limit  limit
}{
	{"out.", limit{value: 2e-5}},
	{"loss.", limit{value: 1e-5}},
	{"loss_after_", limit{value: 1e-5}},
	{"grad.", limit{value: 1e-4}},
	{"after_", limit{value: 1e-5}},
	{"rmsprop.weight", limit{2e-6, "absolute"}},
	{"rmsprop.mean_square", limit{2e-5, "each"}},
}

// updateLimit is for after_* minus the initial weights, in the files whose
// learning rates are large enough to see a step.
var updateLimit = limit{value: 1e-3}

// compareFile compares everything in one golden file.
func compareFile(name string) ([]row, error) {
	g, err := readGolden(name)
	if err != nil {
		return nil, err
	}
	results, err := g.compute()
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, t := range g.file.Tensors {
		if g.isInput(t.Name) {
			continue
		}
		found := false
		for _, r := range results {
			if r.tensor != t.Name {
				continue
			}
			found = true
			if len(r.values) != len(t.Data) {
				return nil, fmt.Errorf("%s: %s holds %d values (shape %v), computed were %d", name, t.Name, len(t.Data), t.Shape, len(r.values))
			}
			rows = append(rows, g.compare(t, r)...)
		}
		if !found {
			return nil, fmt.Errorf("%s: unknown tensor %s", name, t.Name)
		}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: nothing to compare", name)
	}
	return rows, nil
}

// compare compares one golden tensor with one result.
func (g *golden) compare(t safetensors.Tensor, r result) []row {
	var l limit
	for _, x := range limits {
		if strings.HasPrefix(t.Name, x.prefix) {
			l = x.limit
		}
	}
	rows := []row{{tensor: t.Name, what: r.way, limit: l}}
	rows[0].abs, rows[0].rel = errorsOf(r.values, t.Data, nil, l.how == "each")
	if _, weight, ok := strings.Cut(t.Name, "."); ok && g.steps && strings.HasPrefix(t.Name, "after_") {
		update := row{tensor: t.Name, what: "update", limit: updateLimit}
		update.abs, update.rel = errorsOf(r.values, t.Data, g.initial[weight], false)
		rows = append(rows, update)
	}
	return rows
}

// errorsOf returns the largest absolute difference of got and want, and what
// share that is of the largest absolute value in want less base; with each, the
// largest share that a difference is of its own element. It is NaN if an
// element of got is, and 0 of 0 is 0: what must stay zero may not be touched.
func errorsOf[F float32 | float64](got []F, want, base []float32, each bool) (abs, rel float64) {
	largest := 0.0
	for i, w := range want {
		w := float64(w)
		d := math.Abs(float64(got[i]) - w)
		abs = math.Max(abs, d)
		if each && d != 0 {
			rel = math.Max(rel, d/math.Abs(w))
		}
		if base != nil {
			w -= float64(base[i])
		}
		largest = math.Max(largest, math.Abs(w))
	}
	if !each && abs != 0 {
		rel = abs / largest
	}
	return abs, rel
}

// countTensors counts the tensors in rows and those with a row beyond limits.
func countTensors(rows []row) (n, bad int) {
	seen, failed := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		seen[r.tensor] = true
		if !r.ok() {
			failed[r.tensor] = true
		}
	}
	return len(seen), len(failed)
}

func printTable(w io.Writer, name string, rows []row) {
	fmt.Fprintln(w, filepath.Base(name))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "  tensor\t\tabsolute\trelative\tlimit\t\n")
	for _, r := range rows {
		verdict := ""
		if !r.ok() {
			verdict = "BEYOND"
		}
		fmt.Fprintf(t, "  %s\t%s\t%.1e\t%.1e\t%.0e %s\t%s\n", r.tensor, r.what, r.abs, r.rel, r.limit.value, r.limit.how, verdict)
	}
	t.Flush()
}

// sibling is where the weights and inputs of a "-steps" file are.
func sibling(name string) (string, error) {
	main, ok := strings.CutSuffix(name, "-steps.safetensors")
	if !ok {
		return "", fmt.Errorf("%s: holds no weights, and is no -steps file of another", name)
	}
	main += ".safetensors"
	if _, err := os.Stat(main); errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s: its weights and inputs are in %s, which is not there", name, main)
	}
	return main, nil
}
