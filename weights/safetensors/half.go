package safetensors

import "math"

// fromHalf returns the value of an IEEE 754 binary16 number, which float32
// holds exactly.
func fromHalf(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent := uint32(h>>10) & 0x1f
	fraction := uint32(h) & 0x3ff
	switch exponent {
	case 0: // zero or subnormal: fraction · 2⁻²⁴
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*0x1p-24))
	case 0x1f: // infinite or not a number
		exponent = 0xff
	default:
		exponent += 127 - 15
	}
	return math.Float32frombits(sign | exponent<<23 | fraction<<13)
}

// toHalf rounds to the nearest binary16 number, of two equally near ones to
// that with an even fraction. It reports false for what rounds beyond the
// range (±65504) or isn't a number.
func toHalf(f float32) (uint16, bool) {
	bits := math.Float32bits(f)
	sign := uint16(bits>>16) & 0x8000
	bits &^= 1 << 31
	switch {
	case bits >= 0x477ff000: // 65520, halfway from 65504 to 2¹⁶
		return 0, false
	case bits < 0x38800000: // 2⁻¹⁴, the smallest normal number
		// The sum's last place is 2⁻²⁴, binary16's smallest step, so the
		// addition rounds as wanted and leaves the steps in its fraction.
		sum := math.Float32frombits(bits) + 0.5
		return sign | uint16(math.Float32bits(sum)-math.Float32bits(0.5)), true
	}
	bits += 0xfff + bits>>13&1 // round the 13 bits that are dropped
	return sign | uint16((bits-(127-15)<<23)>>13), true
}
