//go:build goexperiment.simd && amd64

package kernel

import "simd/archsimd"

// The vector of pointwise functions.
type vec = archsimd.Float32x8

const lanes = 8

func load(p *[lanes]float32) vec { return archsimd.LoadFloat32x8Array(p) }
func broadcast(x float32) vec    { return archsimd.BroadcastFloat32x8(x) }
