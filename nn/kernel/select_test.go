package kernel

import (
	"slices"
	"testing"
)

func TestName(t *testing.T) {
	t.Log("kernels:", Name())
	if all := []string{"portable", "wasm-simd", "avx2", "avx512"}; !slices.Contains(all, Name()) {
		t.Errorf("Name() = %q, want one of %q", Name(), all)
	}
}
