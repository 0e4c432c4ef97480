package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"inkling/nn"
	"inkling/weights/atomicfile"
)

// sheetAt reports whether a sheet is drawn after an iteration: often while
// the digits appear, then now and then.
func sheetAt(iteration int) bool {
	switch iteration {
	case 0, 10, 30, 100:
		return true
	}
	return iteration%300 == 0
}

// sheet draws what the run has learned: a row for each label, a column for
// each of ten latent vectors that stay the same throughout the run.
func (s *session) sheet() error {
	model := s.run.Average
	if model == nil {
		model = s.run.Model
	}
	model.Decoder.Pack()
	var picture bytes.Buffer
	if err := png.Encode(&picture, drawSheet(model.Decoder, s.run.Settings.Seed)); err != nil {
		return err
	}
	name := fmt.Sprintf("sheet-%06d.png", s.run.Iteration)
	return atomicfile.Write(s.dir, atomicfile.File{Name: name, Data: picture.Bytes()})
}

// drawSheet returns ten rows of ten digits, dark ink on white.
func drawSheet(d *nn.Decoder, seed uint64) *image.Gray {
	const columns = 10
	latent := d.Latent()
	z := make([]float32, nn.Classes*columns*latent)
	labels := make([]uint8, nn.Classes*columns)
	for i := range labels {
		labels[i] = uint8(i / columns)
		nn.Sample(z[i*latent:][:latent], seed, 0, i%columns)
	}
	images := decode(d, z, labels)
	sheet := image.NewGray(image.Rect(0, 0, columns*nn.Side, nn.Classes*nn.Side))
	for i := range labels {
		left, top := i%columns*nn.Side, i/columns*nn.Side
		for p, ink := range images[i*nn.Pixels:][:nn.Pixels] {
			sheet.SetGray(left+p%nn.Side, top+p/nn.Side, color.Gray{Y: 255 - ink})
		}
	}
	return sheet
}
