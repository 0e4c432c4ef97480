package main

import (
	"syscall/js"

	"inkling/nn/kernel"
	"inkling/wasm/wire"
)

func main() {
	self := js.Global()
	c := newCompute(func(m wire.Message) { wire.Post(self, m) })
	wake := make(chan struct{}, 1)
	self.Call("addEventListener", "message", js.FuncOf(func(_ js.Value, args []js.Value) any {
		m, err := wire.Receive(args[0].Get("data"))
		if err != nil {
			panic(err) // the page and this program do not fit together
		}
		c.take(m)
		select {
		case wake <- struct{}{}:
		default:
		}
		return nil
	}))
	yield := newYield()
	wire.Post(self, wire.Ready{Kernels: kernel.Name()})
	for range wake {
		for c.step() {
			yield()
		}
	}
}

// newYield returns a function that lets the event loop turn once, so that
// messages which have arrived are taken. It waits for a message to itself: a
// timer would cost 4 ms, and runtime.Gosched doesn't let go of the thread.
func newYield() func() {
	channel := js.Global().Get("MessageChannel").New()
	back := make(chan struct{})
	channel.Get("port1").Set("onmessage", js.FuncOf(func(js.Value, []js.Value) any {
		back <- struct{}{}
		return nil
	}))
	port := channel.Get("port2")
	return func() {
		port.Call("postMessage", js.Null())
		<-back
	}
}
