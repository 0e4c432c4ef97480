package wire

import (
	"errors"
	"syscall/js"
	"unsafe"
)

// Post sends m to a worker, or from a worker to its page: target is the
// Worker or the worker's global scope.
func Post(target js.Value, m Message) {
	message := js.Global().Get("Object").New()
	transfer := js.Global().Get("Array").New()
	for name, v := range m.Object() {
		switch v := v.(type) {
		case []byte:
			a := js.Global().Get("Uint8Array").New(len(v))
			js.CopyBytesToJS(a, v)
			transfer.Call("push", a.Get("buffer"))
			message.Set(name, a)
		case []float32:
			a := js.Global().Get("Float32Array").New(len(v))
			js.CopyBytesToJS(bytesOf(a), raw(v))
			transfer.Call("push", a.Get("buffer"))
			message.Set(name, a)
		default:
			message.Set(name, v)
		}
	}
	target.Call("postMessage", message, transfer)
}

// Receive returns the message in a message event's data.
func Receive(data js.Value) (Message, error) {
	if data.Type() != js.TypeObject {
		return nil, errors.New("wire: a message is an object")
	}
	o := Object{}
	names := js.Global().Get("Object").Call("keys", data)
	for i := range min(names.Length(), 16) {
		name := names.Index(i).String()
		switch v := data.Get(name); v.Type() {
		case js.TypeNumber:
			o[name] = v.Float()
		case js.TypeString:
			o[name] = v.String()
		case js.TypeObject:
			if a := typedArray(v); a != nil {
				o[name] = a
			}
		}
	}
	return Decode(o)
}

// typedArray copies a typed array into Go's memory; nil for any other object,
// and for an array beyond all limits, which Decode would refuse after the copy.
func typedArray(v js.Value) any {
	switch {
	case v.InstanceOf(js.Global().Get("Uint8Array")):
		if n := v.Length(); n <= MaxWeights {
			b := make([]byte, n)
			js.CopyBytesToGo(b, v)
			return b
		}
	case v.InstanceOf(js.Global().Get("Float32Array")):
		if n := v.Length(); n <= MaxDigits*Pixels {
			f := make([]float32, n)
			js.CopyBytesToGo(raw(f), bytesOf(v))
			return f
		}
	}
	return nil
}

// bytesOf returns a Uint8Array over the memory of another typed array.
func bytesOf(a js.Value) js.Value {
	return js.Global().Get("Uint8Array").New(a.Get("buffer"), a.Get("byteOffset"), a.Get("byteLength"))
}

// raw returns the bytes of f. Typed arrays and wasm are both little-endian.
func raw(f []float32) []byte {
	if len(f) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&f[0])), 4*len(f))
}
