package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// flags is a command's flag set; its errors are usage errors of one line.
type flags struct {
	*flag.FlagSet
	e *env
	c command
	// more, if set, adds to the help text.
	more func(w io.Writer)
}

func newFlags(e *env, c command) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(c.name, flag.ContinueOnError), e: e, c: c}
	f.SetOutput(io.Discard) // run prints errors, parse the help
	f.Usage = func() {}
	return f
}

// parse reads a command line without positional arguments, all the flags
// named in required given.
func (f *flags) parse(args []string, required ...string) error {
	if err := f.parseFiles(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return f.mistake("%q is not a flag", f.Arg(0))
	}
	for _, name := range required {
		if !f.given(name) {
			return f.mistake("-%s is missing", name)
		}
	}
	return nil
}

// given reports whether a flag is on the command line.
func (f *flags) given(name string) (given bool) {
	f.Visit(func(g *flag.Flag) { given = given || g.Name == name })
	return given
}

// parseFiles is parse with positional arguments.
func (f *flags) parseFiles(args []string) error {
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		f.help(f.e.stdout)
		return err
	}
	if err != nil {
		return f.mistake("%v", err)
	}
	return nil
}

// mistake is a usage error that says where the help is.
func (f *flags) mistake(format string, args ...any) error {
	return usagef("%s; see inkling %s -h", fmt.Sprintf(format, args...), f.c.name)
}

func (f *flags) help(w io.Writer) {
	fmt.Fprintf(w, "Usage: inkling %s %s\n\n%s.\n", f.c.name, f.c.args, f.c.summary)
	any := false
	f.VisitAll(func(*flag.Flag) { any = true })
	if any {
		fmt.Fprint(w, "\nFlags:\n")
		f.SetOutput(w)
		f.PrintDefaults()
		f.SetOutput(io.Discard)
	}
	if f.more != nil {
		f.more(w)
	}
}
