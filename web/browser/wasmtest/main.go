// Command wasmtest runs a Go test that was compiled to WebAssembly in a
// browser, so that the SIMD kernels are tested where they are to run:
//
//	GOOS=js GOARCH=wasm go test -exec wasmtest ./nn/kernel
//
// Such a test has no files. What it prints is printed, and its exit status is
// this program's.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"inkling/web/browser"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: go test -exec wasmtest, with GOOS=js GOARCH=wasm")
		os.Exit(2)
	}
	code, err := run(os.Args[1], os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmtest:", err)
		code = 1
	}
	os.Exit(code)
}

// script runs a program and tells its exit status. Where Go's support script
// answers that a browser has no file system, which fails the look-up of a fuzz
// test's corpus, this says that there is no such file.
const script = `(async () => {
	fs.constants = { ...fs.constants, O_DIRECTORY: 0o200000 };
	fs.open = (path, flags, mode, done) => done(Object.assign(new Error("ENOENT"), { code: "ENOENT" }));
	const go = new Go();
	go.argv = %s;
	let code = 0;
	go.exit = (c) => { code = c; };
	const { instance } = await WebAssembly.instantiateStreaming(fetch("test.wasm"), go.importObject);
	await go.run(instance);
	return code;
})()`

func run(program string, args []string) (code int, err error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return 0, fmt.Errorf("go env GOROOT: %w", err)
	}
	support := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!DOCTYPE html><link rel="icon" href="data:,"><script src="wasm_exec.js"></script>`)
	})
	mux.HandleFunc("/wasm_exec.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, support) })
	mux.HandleFunc("/test.wasm", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, program) })
	server := httptest.NewServer(mux)
	defer server.Close()

	tab, stop, err := browser.Start(context.Background())
	if err != nil {
		return 0, err
	}
	defer stop()
	err = chromedp.Listen(tab, func(event any) {
		if e, ok := event.(*runtime.EventConsoleAPICalled); ok {
			for _, a := range e.Args {
				var line string
				if json.Unmarshal(a.Value, &line) == nil {
					fmt.Println(line)
				}
			}
		}
	})
	if err != nil {
		return 0, err
	}
	argv, err := json.Marshal(args)
	if err != nil {
		return 0, err
	}
	if err := chromedp.Do(tab, chromedp.Navigate(server.URL)); err != nil {
		return 0, err
	}
	return chromedp.Run(tab, chromedp.Evaluate[int](fmt.Sprintf(script, argv), chromedp.EvalAwaitPromise))
}
