package main

import (
	"bytes"
	"strings"
	"testing"

	"inkling/nn/kernel"
)

// A warning makes sense only about portable kernels.
func TestSayKernels(t *testing.T) {
	for _, name := range []string{"avx512", "avx2", "wasm-simd"} {
		if got := betterKernels(name); got != "" {
			t.Errorf("betterKernels(%q) = %q", name, got)
		}
	}
	var out bytes.Buffer
	sayKernels(&env{stderr: &out})
	if !strings.HasPrefix(out.String(), "kernels: "+kernel.Name()+"\n") {
		t.Errorf("said %q", &out)
	}
	if better := betterKernels(kernel.Name()); strings.Contains(out.String(), "GOEXPERIMENT=simd") != (better != "") {
		t.Errorf("better kernels are %q, said %q", better, &out)
	}
}
