package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"inkling/train/fit"
	"inkling/weights/atomicfile"
)

// saveEvery is the time between checkpoints: what a crash may cost.
const saveEvery = time.Minute

// session is one sitting of a run: it keeps the log, the checkpoints, the
// sheets and the progress bar while the run iterates.
type session struct {
	run     *fit.Run
	dir     string
	logPath string
	resumed bool
	e       *env
}

// untilSignal returns a context that the first Ctrl-C or SIGTERM ends; the
// second one kills as ever.
func untilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// train iterates until the run is done, the context ends or something fails.
// A checkpoint is there from the start, so the run can always be resumed; it
// is replaced only by a state whose every value is finite.
func (s *session) train(ctx context.Context) (err error) {
	r, w := s.run, s.e.stderr
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	log, err := openLog(s.logPath, s.resumed, r.Iteration)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	set := r.Settings
	fmt.Fprintf(w, "%s, latent %d, recipe %s: iterations %d to %d, batch %d, in %s\n",
		set.Model, set.Latent, set.Recipe, r.Iteration, set.Iterations, set.Batch, s.dir)
	if !s.resumed {
		if err := s.save(); err != nil {
			return err
		}
		if err := s.sheet(); err != nil {
			return err
		}
	}
	bar := newProgress(w, set.Iterations, r.Iteration)
	last, err := s.iterate(ctx, log, bar)
	bar.end()
	if err != nil {
		return err
	}
	if err := s.save(); err != nil {
		return err
	}
	if last.Iteration > 0 {
		fmt.Fprintf(w, "iteration %d of %d after %s: L_prior %.4f, L_GAN %.4f, L_llike %.4f\n", r.Iteration, set.Iterations,
			time.Duration(r.Seconds*float64(time.Second)).Round(time.Second), last.Prior, last.GAN, last.Llike)
	}
	if !r.Done() {
		fmt.Fprintf(w, "stopped; continue with: inkling fit -resume -out %s\n", s.dir)
		return nil
	}
	fmt.Fprintf(w, "done; export the weights with: inkling export -run %s -name NAME\n", s.dir)
	return nil
}

// iterate is the loop itself; it returns the last iteration's record.
func (s *session) iterate(ctx context.Context, log *logFile, bar *progress) (last fit.Record, err error) {
	r := s.run
	start, before, saved := time.Now(), r.Seconds, time.Now()
	for !r.Done() && ctx.Err() == nil {
		if last, err = r.Iterate(); err != nil {
			return last, fmt.Errorf("%w; the last good state is in %s", err, s.checkpoint())
		}
		r.Seconds = before + time.Since(start).Seconds()
		last.Seconds = r.Seconds
		if err := log.write(last); err != nil {
			return last, err
		}
		bar.show(last)
		if sheetAt(r.Iteration) || r.Done() {
			if err := s.sheet(); err != nil {
				return last, err
			}
		}
		if time.Since(saved) >= saveEvery {
			if err := s.save(); err != nil {
				return last, err
			}
			saved = time.Now()
		}
	}
	return last, nil
}

func (s *session) checkpoint() string { return filepath.Join(s.dir, checkpointName) }

// save writes the checkpoint, if the state is one worth keeping.
func (s *session) save() error {
	data, err := s.run.Checkpoint()
	if err != nil {
		return fmt.Errorf("%w; the last good state is in %s", err, s.checkpoint())
	}
	return atomicfile.Write(s.dir, atomicfile.File{Name: checkpointName, Data: data})
}
