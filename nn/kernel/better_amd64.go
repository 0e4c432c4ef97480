//go:build !goexperiment.simd && amd64

package kernel

// better names the kernels that GOEXPERIMENT=simd would give. Every amd64
// processor since 2013 has AVX2; which one this is cannot be asked without the
// experiment, so the answer is the form that nearly all could run.
func better() string { return avx2.String() }
