// Command serve puts the page's files together and serves them.
//
//	serve -assemble build/programs -site build/site
//	serve -site build/site -addr localhost:8000
//
// The first form makes a folder that any server of plain files could serve;
// the second serves it, each file compressed as the browser likes it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"inkling/weights"
)

func main() {
	addr := flag.String("addr", "localhost:8000", "`host:port` to serve at")
	site := flag.String("site", "build/site", "`folder` of the site")
	programs := flag.String("assemble", "", "make the site from the programs in this `folder`, and exit")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "serve: %q is not a flag; -h lists them\n", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if *programs != "" {
		err = assemble(*site, os.DirFS(*programs), weights.Released())
	} else {
		err = serve(ctx, *addr, *site)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// serve serves the site until ctx ends, and then lets requests under way end.
func serve(ctx context.Context, addr, dir string) error {
	files, err := load(os.DirFS(dir))
	if err != nil {
		return fmt.Errorf("site in %s: %w (make build makes it)", dir, err)
	}
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("something is already served at %s: stop it, or choose another place with -addr", addr)
	} else if err != nil {
		return fmt.Errorf("-addr %s: %w", addr, err)
	}
	server := &http.Server{Handler: files, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Printf("Inkling is at http://%s (Ctrl-C stops it)\n", shown(addr, listener.Addr()))
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return server.Close()
	}
	return nil
}

// shown returns the address to type into a browser: the host that was asked
// for with the port that is listened at.
func shown(asked string, actual net.Addr) string {
	host, _, err := net.SplitHostPort(asked)
	if err != nil || host == "" {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(actual.String())
	if err != nil {
		return asked
	}
	return net.JoinHostPort(host, port)
}
