//go:build !js

package main

import "os"

func main() {
	println("This program runs in a Web Worker: build it with GOOS=js GOARCH=wasm.")
	os.Exit(2)
}
