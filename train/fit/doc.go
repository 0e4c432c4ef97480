// Package fit trains the conditional VAE-GAN: the recipes, the order of the
// discriminator's and the generator's steps, the batches, the averaged weights
// and the state that a run continues from.
//
// It knows no files, terminals or clocks, so that the same loop trains in the
// native command and in a browser's worker, and imports neither fmt nor
// reflect, to keep that worker small. New or Resume makes a run and Iterate
// advances it. An iteration is a function of the settings, the data and the
// state alone, so a resumed run ends with the bits of an uninterrupted one,
// on any number of threads.
package fit
