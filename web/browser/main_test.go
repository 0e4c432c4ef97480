//go:build browser

package browser

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// What all tests share: the server as it is shipped, with the site as it is
// shipped, and one browser, in which each test has a profile of its own.
var (
	server *url.URL
	chrome context.Context
)

func TestMain(m *testing.M) {
	code, err := runAll(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runAll(m *testing.M) (code int, err error) {
	stop, err := startServer()
	if err != nil {
		return 0, err
	}
	defer func() {
		if e := stop(); e != nil && err == nil {
			err = e
		}
	}()
	var end context.CancelFunc
	chrome, end, err = Start(context.Background())
	if err != nil {
		return 0, err
	}
	defer end()
	return m.Run(), nil
}

// startServer starts the server and returns what stops it as Ctrl-C would.
func startServer() (stop func() error, err error) {
	cmd := exec.Command("../../build/serve", "-site", "../../build/site", "-addr", "localhost:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w (make build makes it)", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the server said nothing: %w", err)
	}
	_, line, _ = strings.Cut(line, "http://")
	host, _, _ := strings.Cut(line, " ")
	server = &url.URL{Scheme: "http", Host: host}
	return func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		timer := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		defer timer.Stop()
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("the server did not stop in order: %w", err)
		}
		return nil
	}, nil
}

// site returns a handler for the server's site in which fault, unless nil,
// may answer a request in the server's place, and then returns true.
func site(fault func(w http.ResponseWriter, q *http.Request) bool) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(server)
			r.Out.Host = server.Host
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if fault == nil || !fault(w, q) {
			proxy.ServeHTTP(w, q)
		}
	})
}
