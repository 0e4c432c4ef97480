package nn_test

import (
	"fmt"

	"inkling/nn"
)

// A generated digit's latent vector depends on nothing but seed, label and
// index, so any of them can be drawn alone.
func ExampleSample() {
	z := make([]float32, 4)
	nn.Sample(z, 1, 7, 0)
	fmt.Printf("%.3f\n", z)
	nn.Sample(z[:2], 1, 7, 0)
	fmt.Printf("%.3f\n", z[:2])
	// Output:
	// [1.002 -0.342 -0.464 -1.738]
	// [1.002 -0.342]
}

func ExampleParseForm() {
	fmt.Println(nn.ParseForm("path"))
	_, err := nn.ParseForm("line")
	fmt.Println(err)
	// Output:
	// path <nil>
	// discriminator is "line", must be branch or path
}

// A batch of three digits of three labels. The weights are zero here, so the
// logits are, and every pixel is grey.
func ExampleDecoder_Decode() {
	d := nn.NewDecoder(8)
	labels := []uint8{3, 1, 4}
	z := make([]float32, len(labels)*d.Latent())
	for i, label := range labels {
		nn.Sample(z[i*d.Latent():][:d.Latent()], 1, int(label), 0)
	}
	images := make([]float32, len(labels)*nn.Pixels)
	d.Decode(images, z, labels)
	fmt.Println(len(images)/len(labels), "pixels, the first", images[0])
	// Output:
	// 784 pixels, the first 0.5
}

// One discriminator step on a batch of two blank images. With zero weights the
// discriminator cannot tell: L_GAN is 2·log 2/784, and L_llike 2·256·log 2/784.
func ExampleTrainer() {
	m := nn.NewModel(8, nn.Path)
	t := nn.NewTrainer(m, nn.Objective{Metric: nn.BCE, Gamma: 1, PriorWeight: 1}, 2, 1)
	defer t.Close()
	losses := t.GradD(&nn.Batch{
		Images: make([]float32, 2*nn.Pixels), Labels: []uint8{0, 1},
		Epsilon: make([]float32, 2*8), Prior: make([]float32, 2*8),
	})
	params := m.Discriminator.Params()
	meanSquare := nn.NewMeanSquare(params, 1)
	nn.RMSProp{Rate: 0.001, Decay: 0.9, Epsilon: 1e-10}.Update(params, meanSquare, 1)
	m.Discriminator.Pack()
	fmt.Printf("prior %.5f, gan %.5f, llike %.5f, D %.1f\n", losses.Prior, losses.GAN, losses.Llike, losses.Real)
	// Output:
	// prior 0.00000, gan 0.00177, llike 0.45267, D 0.5
}
