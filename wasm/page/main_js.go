package main

import (
	"encoding/json"
	"errors"
	"syscall/js"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"inkling/wasm/wire"
	"inkling/web"
)

func main() {
	client := &web.Client{Open: open, Weights: weights}
	page := web.NewGenerate(site(), client, watch)
	app.RouteFunc("/", func() app.Composer { return page })
	app.RunWhenOnBrowser()
}

// boot is what the script that started this program offers it.
func boot() js.Value { return js.Global().Get("inkling") }

func site() web.Site {
	var s web.Site
	text := js.Global().Get("document").Call("getElementById", "site").Get("textContent").String()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		panic("the list of files in the page: " + err.Error())
	}
	return s
}

// watch has the progress of the download told.
func watch(progress func(got, total float64)) {
	boot().Call("watch", js.FuncOf(func(_ js.Value, args []js.Value) any {
		progress(args[0].Float(), args[1].Float())
		return nil
	}))
}

// port is a Web Worker.
type port struct{ worker js.Value }

func (p port) Post(m wire.Message) { wire.Post(p.worker, m) }

func (p port) Close() { p.worker.Call("terminate") }

func open(deliver func(wire.Message)) web.Port {
	// Not released with the worker: what it has said may still be under way.
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		m, err := wire.Receive(args[0])
		if err != nil {
			m = wire.Dead{Text: err.Error()}
		}
		deliver(m)
		return nil
	})
	return port{boot().Call("openWorker", f)}
}

// weights waits for the weights file of a model.
func weights(model string) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	came := make(chan result, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any {
		data := make([]byte, args[0].Length())
		js.CopyBytesToGo(data, args[0])
		came <- result{data: data}
		return nil
	})
	defer then.Release()
	catch := js.FuncOf(func(_ js.Value, args []js.Value) any {
		came <- result{err: errors.New(args[0].Get("message").String())}
		return nil
	})
	defer catch.Release()
	boot().Call("weights", model).Call("then", then, catch)
	r := <-came
	return r.data, r.err
}
