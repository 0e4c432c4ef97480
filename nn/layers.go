package nn

// The dropout layers, by the number that separates their masks. The decoder's
// three and the discriminator's three are numbered once for each of their
// passes. The numbers are part of every seeded result: append only.
const (
	layerEncoder       = 0 // 3: conv1, conv2, dense
	layerDecoder       = 3 // 3 of the reconstruction, 3 of the generated image
	layerDiscriminator = 9 // 3 each of the real, reconstructed, generated image
)

// oneHot writes the one-hot code of a label into the first Classes floats of x.
func oneHot(x []float32, label uint8) {
	clear(x[:Classes])
	x[label] = 1
}

// add is dst += src.
func add(dst, src []float32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] += src[i]
	}
}
