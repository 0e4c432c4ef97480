// Package browser starts the Chrome or Chromium that tests run in. The tests
// of the page lie beside it, behind the build tag "browser".
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// names are what Chrome and Chromium are called on the systems that people
// develop on.
var names = []string{
	"google-chrome",
	"google-chrome-stable",
	"chromium",
	"chromium-browser",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
}

// Find returns the browser that $CHROME names, or else the first installed.
func Find() (string, error) {
	if path := os.Getenv("CHROME"); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("CHROME names no program: %w", err)
		}
		return found, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no Chrome or Chromium: install one, or name it in CHROME")
}

// Start starts a browser with a new profile and returns the context of its
// first tab, from which chromedp.NewContext makes others. A browser's start
// fails now and then for no reason that concerns a test, so up to three are
// tried. Cancelling the context ends the browser.
func Start(parent context.Context) (context.Context, context.CancelFunc, error) {
	path, err := Find()
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // which root can't have
	}
	for range 3 {
		allocator, stop := chromedp.NewExecAllocator(parent, options...)
		var tab context.Context
		var closeTab context.CancelFunc
		tab, closeTab = chromedp.NewContext(allocator)
		started := make(chan error, 1)
		go func() { started <- chromedp.Do(tab) }()
		select {
		case err = <-started:
		case <-time.After(30 * time.Second):
			err = errors.New("it did not answer for 30 seconds")
		}
		if err == nil {
			return tab, func() { closeTab(); stop() }, nil
		}
		closeTab()
		stop()
	}
	return nil, nil, fmt.Errorf("%s could not be started: %w", path, err)
}
