package fit

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// tiny settings: a batch of four and two latent numbers, averages and a decay
// of the rates, so that everything a checkpoint must hold is in play.
func tiny(t *testing.T) Settings {
	t.Helper()
	s, err := Recipe("release")
	if err != nil {
		t.Fatal(err)
	}
	s.Latent, s.Batch, s.Iterations = 2, 4, 4
	return s
}

func start(t *testing.T, s Settings, threads int) *Run {
	t.Helper()
	r, err := New(s, madeUp(10), threads)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func iterate(t *testing.T, r *Run, n int) (records []Record) {
	t.Helper()
	for range n {
		record, err := r.Iterate()
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	return records
}

// sameBits compares everything that training changes.
func sameBits(t *testing.T, a, b *Run) {
	t.Helper()
	if a.Iteration != b.Iteration || a.drawn != b.drawn || a.steps != b.steps {
		t.Errorf("counters %d %d %d and %d %d %d", a.Iteration, a.drawn, a.steps, b.Iteration, b.drawn, b.steps)
	}
	other := b.tensors()
	for i, p := range a.tensors() {
		if !slices.Equal(p.Value, other[i].Value) {
			t.Errorf("%s differs", p.Name)
		}
	}
}

func TestResumeGivesTheSameBits(t *testing.T) {
	whole := start(t, tiny(t), 1)
	want := iterate(t, whole, 4)

	first := start(t, tiny(t), 2)
	got := iterate(t, first, 2)
	first.Seconds = 1.5
	data, err := first.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	c, err := ReadCheckpoint("checkpoint", data)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Resume(c, madeUp(10), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if second.Seconds != 1.5 {
		t.Errorf("resumed after %v seconds", second.Seconds)
	}
	got = append(got, iterate(t, second, 2)...)
	if !slices.Equal(got, want) {
		t.Errorf("records %v, want %v", got, want)
	}
	sameBits(t, whole, second)
	if !second.Done() {
		t.Error("the run is not done")
	}
}

func TestSeedRecipeCounts(t *testing.T) {
	s, err := Recipe("seed")
	if err != nil {
		t.Fatal(err)
	}
	s.Latent, s.Batch = 2, 4
	r := start(t, s, 1)
	record := iterate(t, r, 1)[0]
	// One step of D and three of G, four batches drawn: the last is unused.
	if record.DSteps != 1 || record.GSteps != 3 || r.drawn != 4 || r.steps != 4 {
		t.Errorf("steps %d and %d, %d batches drawn, %d steps", record.DSteps, record.GSteps, r.drawn, r.steps)
	}
	// At random weights D is undecided, so each logarithm is about −ln 2: for a
	// batch of 64, L_GAN is 64·ln 2/784 = 0.057. The slack is for the weights.
	if math.Abs(record.GAN-0.0566) > 0.01 {
		t.Errorf("L_GAN is %v, want about 0.057 whatever the batch", record.GAN)
	}
	for _, d := range []float64{record.Real, record.Reconstructed, record.Generated} {
		if d < 0.2 || d > 0.8 {
			t.Errorf("opinions %+v, want them undecided", record)
		}
	}
}

func TestNotFiniteStops(t *testing.T) {
	r := start(t, tiny(t), 1)
	kernel := r.Model.Decoder.Params()[0]
	kernel.Value[3] = float32(math.NaN())
	_, err := r.Iterate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"iteration 1: ", "is NaN in the discriminator's step", kernel.Name + " is no longer finite"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	if _, err := r.Checkpoint(); err == nil || err.Error() != "iteration 0: "+kernel.Name+" is no longer finite" {
		t.Errorf("checkpoint: error %v", err)
	}
}

func TestAverage(t *testing.T) {
	s := tiny(t)
	s.Average = 0.3
	r := start(t, s, 1)
	w, a := r.Model.Params()[0], r.Average.Params()[0]
	before := slices.Clone(w.Value)
	if !slices.Equal(before, a.Value) {
		t.Fatal("the average does not start at the weights")
	}
	iterate(t, r, 1)
	for i := range before {
		// The decay of the first iteration is 1/10.
		want := 0.1*before[i] + 0.9*w.Value[i]
		// Float32 rounding of either form, relative to weights below one.
		if math.Abs(float64(a.Value[i]-want)) > 1e-6 {
			t.Fatalf("average %v of %v and %v", a.Value[i], before[i], w.Value[i])
		}
	}
}

func TestNewRejectsBadData(t *testing.T) {
	bad := madeUp(10)
	bad.Labels[3] = 10
	short := madeUp(10)
	short.Images = short.Images[:len(short.Images)-1]
	for _, c := range []struct {
		data Data
		want string
	}{
		{madeUp(3), "training data: 3 images, fewer than a batch of 4"},
		{bad, "training data: label 10 of image 3 is not 0 to 9"},
		{short, "training data: 7839 pixels for 10 labels"},
	} {
		if _, err := New(tiny(t), c.data, 1); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

var _ stepper = (*Run)(nil)
