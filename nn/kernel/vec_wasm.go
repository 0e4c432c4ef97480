//go:build goexperiment.simd && wasm

package kernel

import "simd/archsimd"

// The vector of pointwise functions.
type vec = archsimd.Float32x4

const lanes = 4

func load(p *[lanes]float32) vec { return archsimd.LoadFloat32x4Array(p) }
func broadcast(x float32) vec    { return archsimd.BroadcastFloat32x4(x) }
