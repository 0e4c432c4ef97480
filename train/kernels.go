package main

import (
	"fmt"

	"golang.org/x/sys/cpu"

	"inkling/nn/kernel"
)

// sayKernels tells which kernels compute, and what would be faster.
func sayKernels(e *env) {
	fmt.Fprintf(e.stderr, "kernels: %s\n", kernel.Name())
	if b := betterKernels(kernel.Name()); b != "" {
		fmt.Fprintf(e.stderr, "warning: this processor could run the %s kernels, which are much faster: build with GOEXPERIMENT=simd\n", b)
	}
}

// betterKernels names the kernels that this processor could run in place of
// the portable ones, or is empty. Package kernel cannot tell: without the
// experiment it has no way to ask.
func betterKernels(name string) string {
	switch x := cpu.X86; {
	case name != "portable":
		return ""
	case x.HasAVX512F && x.HasAVX512BW && x.HasAVX512CD && x.HasAVX512DQ && x.HasAVX512VL:
		return "avx512"
	case x.HasAVX2 && x.HasFMA:
		return "avx2"
	}
	return ""
}
