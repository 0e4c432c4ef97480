// Package nn is a conditional variational autoencoder joined with a GAN
// (Larsen, Sønderby, Larochelle and Winther 2016, "Autoencoding beyond pixels
// using a learned similarity metric", arXiv:1512.09300) for MNIST's digits: the
// three networks, their losses, a training step and the optimiser. The same
// code trains natively and in a browser's tab.
//
// To infer, a network takes whole batches:
//
//	z := make([]float32, d.Latent())
//	nn.Sample(z, seed, 7, 0)
//	image := make([]float32, nn.Pixels)
//	d.Decode(image, z, []uint8{7})
//
// To train, a Trainer runs one step of the three networks and leaves the
// gradients in their parameters, and RMSProp applies them:
//
//	t := nn.NewTrainer(m, nn.Objective{Gamma: 1, PriorWeight: 1}, 64, 2)
//	t.GradD(&batch)
//	rule.Update(m.Discriminator.Params(), meanSquare, 1)
//
// # Reading order
//
// encoder.go, decoder.go and discriminator.go are the networks, layer by
// layer; conv.go, upconv.go, lastconv.go, dense.go, activation.go their layers,
// each with its gradients; loss.go the losses; trainer.go the step. What the
// layers compute with is package kernel.
//
// # Policies
//
// Images are channels last, ink 1 on 0; padding is TensorFlow's "same". Noise
// is a function of its coordinates (Noise), never of the order of drawing. An
// image's results do not depend on its batch or its place in it, and no result
// depends on the number of threads. A network and a Trainer are not safe for
// concurrent use. Slices of a wrong length panic; labels must be below Classes.
// Each doc comment says what is allocated.
package nn
