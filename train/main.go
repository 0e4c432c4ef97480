// Command inkling trains the networks, writes the digits that they imagine,
// and checks their arithmetic. "inkling -h" lists its commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"inkling/train/fit"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], &env{stdout: os.Stdout, stderr: os.Stderr, data: trainingData}))
}

// env is what a command may use of the world outside.
type env struct {
	stdout, stderr io.Writer
	data           func(ctx context.Context, e *env, dir string) (fit.Data, error)
}

// command is one of the words after "inkling".
type command struct {
	name    string
	args    string // after the name in the usage line
	summary string
	run     func(ctx context.Context, e *env, f *flags, args []string) error
}

func commands() []command {
	return []command{
		{"fit", "-out DIR [flags]", "train the networks on MNIST, or continue with -resume", fitCommand},
		{"export", "-run DIR -name NAME [flags]", "write a run's weights as a model folder", exportCommand},
		{"sample", "-weights NAME|DIR -per-digit N -out DIR [flags]", "write imagined digits in MNIST's format", sampleCommand},
		{"reconstruct", "-weights NAME|DIR -images FILE -labels FILE -out DIR", "encode digits and decode them again", reconstructCommand},
		{"transfer", "-weights NAME|DIR -images FILE -labels FILE -out DIR", "redraw each digit in its style under all ten labels", transferCommand},
		{"parity", "FILE...", "compare the networks with golden files, tensor by tensor", parityCommand},
	}
}

// usageError is a mistake on the command line: exit status 2.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// run executes one command line and returns its exit status: 0, 2 for a
// mistake on the command line, 1 for every other failure. An error is one
// line on stderr.
func run(ctx context.Context, args []string, e *env) int {
	if len(args) == 0 {
		usage(e.stderr)
		return 2
	}
	name, args := args[0], args[1:]
	switch name {
	case "-h", "-help", "--help", "help":
		usage(e.stdout)
		return 0
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, e, newFlags(e, c), args)
		if err == nil || errors.Is(err, flag.ErrHelp) {
			return 0
		}
		fmt.Fprintf(e.stderr, "inkling %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", "; "))
		if _, ok := errors.AsType[usageError](err); ok {
			return 2
		}
		return 1
	}
	fmt.Fprintf(e.stderr, "inkling: there is no command %q; inkling -h lists them\n", name)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Inkling trains a conditional VAE-GAN on handwritten digits and draws with it.\n\nUsage: inkling COMMAND [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\n\"inkling COMMAND -h\" describes the flags of a command.\n")
}
