# One toolchain for everything; the go command fetches it by itself. The
# experiment gives SIMD in plain Go.
export GOTOOLCHAIN := go1.27.4
export GOEXPERIMENT := simd

# Tests run in the folders of their packages.
ifdef MNIST_DIR
export MNIST_DIR := $(abspath $(MNIST_DIR))
endif
ifdef GOLDEN_DIR
export GOLDEN_DIR := $(abspath $(GOLDEN_DIR))
endif

PROGRAMS := build/programs
SITE := build/site
STATICCHECK := v0.8.2
WASM := GOOS=js GOARCH=wasm go build -trimpath -ldflags="-s -w"

.DEFAULT_GOAL := help
.PHONY: help run build test test-fast test-portable test-wasm test-browser lint bin programs site browser

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: site ## build the page and serve it at http://localhost:8000 (ADDR=host:port for elsewhere)
	@exec build/serve -site $(SITE) -addr $(or $(ADDR),localhost:8000)

build: bin site ## build bin/inkling and the page (build/site)

test: test-fast test-portable test-wasm test-browser ## run every test, those in a real browser included

lint: ## gofmt, vet for the native and the browser's programs, staticcheck
	@files=$$(gofmt -l .); test -z "$$files" || { echo "gofmt has changes for:" $$files >&2; exit 1; }
	go vet ./...
	go vet -tags browser ./web/browser
	GOOS=js GOARCH=wasm go vet ./nn/... ./wasm/... ./web
	go run honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK) ./...

bin:
	go build -trimpath -o bin/inkling ./train

# The page's program carries go-app, and with it much of the standard library.
# It computes nothing, so what makes it small is worth more than what makes it
# fast: the older encoding/json, and no inlining but in our own packages. It
# uses no SIMD, so that it runs where only the portable worker does.
programs:
	@mkdir -p $(PROGRAMS)
	GOEXPERIMENT=nojsonv2 $(WASM) -gcflags=all=-l -gcflags=inkling/...= -o $(PROGRAMS)/page.wasm ./wasm/page
	$(WASM) -o $(PROGRAMS)/worker.wasm ./wasm/worker
	GOEXPERIMENT= $(WASM) -o $(PROGRAMS)/worker-portable.wasm ./wasm/worker
	@cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $(PROGRAMS)

site: programs
	go build -trimpath -o build/serve ./web/serve
	build/serve -assemble $(PROGRAMS) -site $(SITE)

test-fast:
	go vet ./...
	go test ./...

# Everything must also build and pass without the experiment.
test-portable:
	GOEXPERIMENT= go build ./...
	GOEXPERIMENT= go vet ./...
	GOEXPERIMENT= go test ./...

# The SIMD kernels for WebAssembly, and what the two programs share, in the
# machine that they are made for. Examples need a file system.
test-wasm: browser
	go build -o build/wasmtest ./web/browser/wasmtest
	GOOS=js GOARCH=wasm go test -run "^(Test|Fuzz)" -exec "$(CURDIR)/build/wasmtest" ./nn/... ./wasm/...

test-browser: browser build
	go test -tags browser -count=1 ./web/browser

# A browser for the tests: $CHROME, or one of the usual names, or Debian's.
browser:
	@for c in "$$CHROME" google-chrome google-chrome-stable chromium chromium-browser \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do \
		if [ -n "$$c" ] && command -v "$$c" >/dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "There is no Chrome or Chromium here: installing Debian's."; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; \
	else \
		echo "The browser tests need Chrome or Chromium: install one, or name it in CHROME." >&2; exit 1; \
	fi
