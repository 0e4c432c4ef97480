package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"inkling/train/fit"
)

// progress is a line on a terminal that is rewritten as a run advances;
// where w is none it writes nothing.
type progress struct {
	w            io.Writer // nil: silent
	total, first int
	start, shown time.Time
}

// newProgress starts the clock of the rate at iteration first.
func newProgress(w io.Writer, total, first int) *progress {
	now := time.Now()
	p := &progress{total: total, first: first, start: now, shown: now}
	if isTerminal(w) {
		p.w = w
	}
	return p
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show rewrites the line, ten times a second at most.
func (p *progress) show(r fit.Record) {
	now := time.Now()
	if p.w == nil || now.Sub(p.shown) < 100*time.Millisecond {
		return
	}
	p.shown = now
	// To the line's start, and clear what was longer before.
	fmt.Fprintf(p.w, "\r%s\x1b[K", progressLine(r, p.total, p.first, now.Sub(p.start)))
}

// end clears the line, so that what follows stands on its own.
func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// progressLine is at most 80 columns for a run of under a million iterations.
func progressLine(r fit.Record, total, first int, spent time.Duration) string {
	const width = 16
	full := width * r.Iteration / max(total, 1)
	rate := float64(r.Iteration-first) / spent.Seconds()
	left := time.Duration(float64(total-r.Iteration) / rate * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("%s%s %d/%d %.1f/s %s  prior %.3f gan %.3f llike %.2f",
		strings.Repeat("█", full), strings.Repeat("░", width-full), r.Iteration, total, rate, left, r.Prior, r.GAN, r.Llike)
}
