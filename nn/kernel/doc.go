// Package kernel computes in float32 what a network's layers are made of:
// matrix products whose rows lie scattered in memory, and so convolutions,
// their gradients, pooling and pointwise functions.
//
// # Layout
//
// Images are channels last, with a border of zeros that stands for TensorFlow's
// "same" padding (Grid). With the border in place the patch under a kernel row
// is one run of consecutive floats, so a convolution is a matrix product whose
// left matrix is never written out: each of its rows is a few runs (Product).
//
// # Tiles
//
// Nearly all the time goes into two micro-kernels: rows, for products, and
// quads, for the gradient of weights; dots is for products of one column. Rows
// and quads keep a tile of 4 rows by NR columns of the
// result in registers. There is a form for AVX-512 (NR = 32), AVX2 with FMA
// (16), WebAssembly's 128-bit vectors (16), all in Go by simd/archsimd, and a
// portable form (4) that needs no experiment. One is chosen at start by what
// the processor has. Most 3×3 convolutions go through Winograd's transforms to
// products with less than half the multiplications.
//
// # Policies
//
// An element of a result is one chain of multiply-adds in the order of k,
// whichever tile and place in the tile it lands in, so it does not depend on
// the batch or on its place there, nor on the number of threads. The forms for
// AVX2 and AVX-512 round once a step (fused), the others twice: they agree to
// rounding.
//
// Nothing here allocates after it is built, and nothing checks shapes beyond
// what slicing does: a wrong size panics.
package kernel
