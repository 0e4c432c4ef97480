package nn_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"inkling/nn"
	"inkling/weights/safetensors"
)

// The golden files hold weights, inputs and everything that must come out of
// them, computed in float64 by another program. They are 26 MB, and not part of
// the repository: $GOLDEN_DIR is the folder they are in.

// golden is a file's tensors by name, and the figures of its metadata.
type golden struct {
	tensors  map[string][]float32
	metadata map[string]string
}

func readGolden(t *testing.T, name string) *golden {
	t.Helper()
	dir := os.Getenv("GOLDEN_DIR")
	if dir == "" {
		t.Skip("GOLDEN_DIR is not set: the reference files, 26 MB, are not part of the repository")
	}
	path := filepath.Join(dir, name+".safetensors")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := safetensors.Decode(path, data)
	if err != nil {
		t.Fatal(err)
	}
	g := &golden{map[string][]float32{}, file.Metadata}
	for _, tensor := range file.Tensors {
		g.tensors[tensor.Name] = tensor.Data
	}
	return g
}

func (g *golden) number(t *testing.T, key string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(g.metadata[key], 64)
	if err != nil {
		t.Fatalf("metadata %s: %v", key, err)
	}
	return v
}

// trainer has the model, objective and batch of the file's weights and inputs.
func (g *golden) trainer(t *testing.T) (*nn.Model, *nn.Trainer, *nn.Batch) {
	t.Helper()
	form, err := nn.ParseForm(g.metadata["discriminator"])
	if err != nil {
		t.Fatal(err)
	}
	metric, err := nn.ParseMetric(g.metadata["metric"])
	if err != nil {
		t.Fatal(err)
	}
	batch := int(g.number(t, "batch"))
	m := nn.NewModel(int(g.number(t, "latent_dim")), form)
	for _, p := range m.Params() {
		if copy(p.Value, g.tensors[p.Name]) != len(p.Value) || len(g.tensors[p.Name]) != len(p.Value) {
			t.Fatalf("%s has %d values, want %d", p.Name, len(g.tensors[p.Name]), len(p.Value))
		}
	}
	b := &nn.Batch{Images: g.tensors["in.image"], Epsilon: g.tensors["in.eps"], Prior: g.tensors["in.z_p"]}
	for i := range batch {
		b.Labels = append(b.Labels, uint8(slices.Index(g.tensors["in.label"][i*nn.Classes:], 1)))
	}
	o := nn.Objective{Metric: metric, Gamma: float32(g.number(t, "gamma")), PriorWeight: 1}
	tr := nn.NewTrainer(m, o, batch, 2)
	t.Cleanup(tr.Close)
	return m, tr, b
}

// compare fails where a tensor's largest error, over its largest absolute
// value, is beyond the limit.
func compare(t *testing.T, name string, got, want []float32, limit float64) {
	t.Helper()
	if len(want) == 0 || len(got) != len(want) {
		t.Errorf("%s has %d values, the golden file %d", name, len(got), len(want))
		return
	}
	var worst, size float64
	for i, w := range want {
		worst = max(worst, math.Abs(float64(got[i])-float64(w)))
		size = max(size, math.Abs(float64(w)))
	}
	if size == 0 {
		size = 1
	}
	if !(worst/size <= limit) {
		t.Errorf("%s is off by %.2g of its size, the limit is %.0e", name, worst/size, limit)
	}
}

func (g *golden) losses(t *testing.T, when string, l nn.Losses) {
	t.Helper()
	for name, v := range map[string]float64{"prior": l.Prior, "gan": l.GAN, "llike": l.Llike} {
		name = when + "." + name
		compare(t, name, []float32{float32(v)}, g.tensors[name], 1e-5)
	}
}

// step takes one step of the networks of params.
func step(params []*nn.Param, ms [][]float32, rate float64) {
	nn.RMSProp{Rate: float32(rate), Decay: 0.9, Epsilon: 1e-10}.Update(params, ms, 1)
}

var goldenFiles = []string{
	"cvaegan-latent8-batch4", "cvaegan-latent2-batch3-mse", "cvaegan-latent8-batch3-path",
}

// TestGolden compares outputs, losses, every gradient, and one step of each
// kind. The limits are about ten times what float32 gives.
func TestGolden(t *testing.T) {
	for _, name := range goldenFiles {
		t.Run(name, func(t *testing.T) {
			g := readGolden(t, name)
			m, tr, b := g.trainer(t)

			g.losses(t, "loss", tr.GradD(b))
			for _, p := range m.Discriminator.Params() {
				compare(t, "grad."+p.Name, p.Grad, g.tensors["grad."+p.Name], 1e-4)
			}
			g.losses(t, "loss", tr.GradG(b))
			for _, p := range append(m.Encoder.Params(), m.Decoder.Params()...) {
				compare(t, "grad."+p.Name, p.Grad, g.tensors["grad."+p.Name], 1e-4)
			}
			for name, got := range map[string][]float32{
				"z_mean": tr.Mean(), "z_log_var": tr.LogVar(), "z": tr.Z(),
				"reconstruction": tr.Reconstruction(), "generated": tr.Generated(),
				"d_real": tr.DReal(), "d_reconstruction": tr.DReconstruction(), "d_generated": tr.DGenerated(),
				"l_real": tr.LReal(), "l_reconstruction": tr.LReconstruction(),
			} {
				compare(t, "out."+name, got, g.tensors["out."+name], 2e-5)
			}
			g.infer(t, m, b)

			// The steps of these files are too small to see in the weights;
			// TestGoldenSteps sees them.
			g.steps(t, m, tr, b, nil)
		})
	}
}

// infer compares what the networks say outside of training.
func (g *golden) infer(t *testing.T, m *nn.Model, b *nn.Batch) {
	t.Helper()
	n := len(b.Labels)
	mean, logVar := make([]float32, len(b.Prior)), make([]float32, len(b.Prior))
	m.Encoder.Encode(mean, logVar, b.Images, b.Labels)
	compare(t, "out.z_mean of Encode", mean, g.tensors["out.z_mean"], 2e-5)
	compare(t, "out.z_log_var of Encode", logVar, g.tensors["out.z_log_var"], 2e-5)
	images := make([]float32, n*nn.Pixels)
	m.Decoder.Decode(images, b.Prior, b.Labels)
	compare(t, "out.generated of Decode", images, g.tensors["out.generated"], 2e-5)
	m.Decoder.Decode(images, g.tensors["out.z"], b.Labels)
	compare(t, "out.reconstruction of Decode", images, g.tensors["out.reconstruction"], 2e-5)
	prob, l := make([]float32, n), make([]float32, n*nn.Features)
	m.Discriminator.Discriminate(prob, l, b.Images, b.Labels)
	compare(t, "out.d_real of Discriminate", prob, g.tensors["out.d_real"], 2e-5)
	compare(t, "out.l_real of Discriminate", l, g.tensors["out.l_real"], 2e-5)
	m.Discriminator.Discriminate(prob, l, g.tensors["out.generated"], b.Labels)
	compare(t, "out.d_generated of Discriminate", prob, g.tensors["out.d_generated"], 2e-5)
}

// steps takes a discriminator step and an encoder and decoder step, and for a
// file that has them a second pair. initial, if any, are the weights at the
// start: the updates are then compared too.
func (g *golden) steps(t *testing.T, m *nn.Model, tr *nn.Trainer, b *nn.Batch, initial map[string][]float32) {
	t.Helper()
	enc, dec, dis := m.Encoder.Params(), m.Decoder.Params(), m.Discriminator.Params()
	msEnc, msDec, msDis := nn.NewMeanSquare(enc, 1), nn.NewMeanSquare(dec, 1), nn.NewMeanSquare(dis, 1)
	check := func(when string, params []*nn.Param) {
		t.Helper()
		for _, p := range params {
			want := g.tensors[when+"."+p.Name]
			compare(t, when+"."+p.Name, p.Value, want, 1e-5)
			if initial != nil {
				compare(t, when+"."+p.Name+" − initial", minus(p.Value, initial[p.Name]), minus(want, initial[p.Name]), 1e-3)
			}
		}
	}
	stepD := func() {
		tr.GradD(b)
		step(dis, msDis, g.number(t, "lr_discriminator"))
	}
	stepG := func() {
		tr.GradG(b)
		step(enc, msEnc, g.number(t, "lr_encoder"))
		step(dec, msDec, g.number(t, "lr_decoder"))
	}
	stepD()
	check("after_d", dis)
	g.losses(t, "loss_after_d", tr.GradD(b))
	stepG()
	check("after_g", append(enc, dec...))
	g.losses(t, "loss_after_g", tr.GradD(b))
	if g.tensors["loss_after_d2.gan"] == nil {
		return
	}
	stepD()
	g.losses(t, "loss_after_d2", tr.GradD(b))
	stepG()
	g.losses(t, "loss_after_g2", tr.GradD(b))
}

// minus is a − b, empty if the lengths differ.
func minus(a, b []float32) []float32 {
	if len(a) != len(b) {
		return nil
	}
	d := make([]float32, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return d
}

// TestGoldenSteps compares two pairs of steps at learning rates so large that
// an update is far above the resolution of the weights.
func TestGoldenSteps(t *testing.T) {
	g := readGolden(t, "cvaegan-latent8-batch4-steps")
	m, tr, b := readGolden(t, "cvaegan-latent8-batch4").trainer(t)
	initial := map[string][]float32{}
	for _, p := range m.Params() {
		initial[p.Name] = slices.Clone(p.Value)
	}
	if g.tensors["loss_after_g2.gan"] == nil {
		t.Fatal("the file has no second pair of steps")
	}
	g.steps(t, m, tr, b, initial)
}

// TestGoldenRMSProp follows the optimiser through 80 given gradients.
func TestGoldenRMSProp(t *testing.T) {
	g := readGolden(t, "cvaegan-latent8-batch4-steps")
	initial, gradient := g.tensors["rmsprop.initial"], g.tensors["rmsprop.gradient"]
	n := len(initial)
	if n == 0 || len(gradient) != 80*n {
		t.Fatalf("%d weights and %d gradients, want 24 and 80·24", n, len(gradient))
	}
	p := &nn.Param{Value: slices.Clone(initial), Grad: make([]float32, n)}
	ms := nn.NewMeanSquare([]*nn.Param{p}, 1)
	for i := 0; i < len(gradient); i += n {
		copy(p.Grad, gradient[i:])
		step([]*nn.Param{p}, ms, 0.001)
		for j := range n {
			if want := g.tensors["rmsprop.weight"][i+j]; math.Abs(float64(p.Value[j])-float64(want)) > 2e-6 {
				t.Fatalf("step %d: weight %d is %g, want %g ± 2e-6", i/n+1, j, p.Value[j], want)
			}
			if want := float64(g.tensors["rmsprop.mean_square"][i+j]); math.Abs(float64(ms[0][j])-want) > 2e-5*want {
				t.Fatalf("step %d: mean square %d is %g, want %g to 2e-5", i/n+1, j, ms[0][j], want)
			}
		}
	}
}
