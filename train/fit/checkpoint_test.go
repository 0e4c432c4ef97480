package fit

import (
	"strings"
	"testing"

	"inkling/weights/safetensors"
)

// checkpoint returns the bytes of a checkpoint after some iterations.
func checkpoint(t *testing.T, s Settings, iterations int) []byte {
	t.Helper()
	r := start(t, s, 1)
	iterate(t, r, iterations)
	data, err := r.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func read(t *testing.T, data []byte) *Checkpoint {
	t.Helper()
	c, err := ReadCheckpoint("checkpoint", data)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReadCheckpointErrors(t *testing.T) {
	data := checkpoint(t, tiny(t), 0)
	for _, c := range []struct {
		key, value string // "" removes the key
		want       string
	}{
		{"format", "inkling checkpoint 2", `checkpoint: format is "inkling checkpoint 2", not "inkling checkpoint 1"`},
		{"iteration", "-1", `checkpoint: metadata iteration is "-1", not a number that a run can have`},
		{"drawn", "4294967296", "checkpoint: metadata drawn is"},
		{"trained", "", "checkpoint: metadata trained is"},
		{"seconds", "NaN", "checkpoint: metadata seconds is"},
		{"set.gamma", "", "checkpoint: metadata lacks the setting gamma"},
		{"set.gamma", "much", `checkpoint: metadata: gamma is "much", must be a number`},
		{"set.latent", "0", "checkpoint: metadata: latent is 0"},
	} {
		f, err := safetensors.Decode("checkpoint", data)
		if err != nil {
			t.Fatal(err)
		}
		f.Metadata[c.key] = c.value
		if c.value == "" {
			delete(f.Metadata, c.key)
		}
		changed, err := safetensors.Encode(f, safetensors.F32)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadCheckpoint("checkpoint", changed); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %q: error %v, want %s", c.key, c.value, err, c.want)
		}
	}
}

func TestResumeErrors(t *testing.T) {
	data := checkpoint(t, tiny(t), 0)

	other := madeUp(10)
	other.SHA256 = "something else"
	if _, err := Resume(read(t, data), other, 1); err == nil || !strings.Contains(err.Error(), "other data") {
		t.Errorf("other data: error %v", err)
	}

	flipped := append([]byte(nil), data...)
	flipped[len(flipped)-4] ^= 1
	if _, err := Resume(read(t, flipped), madeUp(10), 1); err == nil || !strings.Contains(err.Error(), "checkpoint: damaged") {
		t.Errorf("a flipped bit: error %v", err)
	}
	if _, err := read(t, flipped).Weights(false); err == nil {
		t.Error("a flipped bit: the weights are taken")
	}

	if _, err := ReadCheckpoint("checkpoint", data[:len(data)-1]); err == nil {
		t.Error("a file cut short is taken")
	}
}

func TestExtend(t *testing.T) {
	s := tiny(t) // four iterations, the rates falling from the third on
	for _, c := range []struct {
		made, iterations int
		want             string // "" is success
	}{
		{2, 8, ""},
		{2, 2, ""},
		{4, 8, "iterations is 8, but the run is planned for 4 and its learning rates have begun to fall"},
		{4, 4, ""},
		{2, 1, "iterations is 1, but the run is at 2"},
		{2, -1, "iterations is -1"},
	} {
		r := start(t, s, 1)
		r.Iteration = c.made // as if: how the weights came about does not matter here
		data, err := r.Checkpoint()
		if err != nil {
			t.Fatal(err)
		}
		k := read(t, data)
		err = k.Extend(c.iterations)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%d of %d: %v", c.made, c.iterations, err)
		case c.want == "" && k.Settings.Iterations != c.iterations:
			t.Errorf("%d of %d: %d are planned", c.made, c.iterations, k.Settings.Iterations)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%d of %d: error %v, want %s", c.made, c.iterations, err, c.want)
		}
	}
}

func TestWeights(t *testing.T) {
	r := start(t, tiny(t), 1)
	iterate(t, r, 1)
	data, err := r.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	c := read(t, data)
	for averaged, want := range map[bool]float32{false: r.Model.Params()[0].Value[0], true: r.Average.Params()[0].Value[0]} {
		m, err := c.Weights(averaged)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Params()[0].Value[0]; got != want {
			t.Errorf("averaged %v: %v, want %v", averaged, got, want)
		}
	}
	s := tiny(t)
	s.Average = 0
	if _, err := read(t, checkpoint(t, s, 0)).Weights(true); err == nil || err.Error() != "checkpoint: the run keeps no averaged weights" {
		t.Errorf("error %v", err)
	}
}

// Whatever bytes are called a checkpoint, reading them ends in an error or in
// something that a run may be tried with.
func FuzzReadCheckpoint(f *testing.F) {
	f.Add([]byte("{}"))
	small, err := safetensors.Encode(&safetensors.File{Metadata: map[string]string{"format": checkpointFormat, "iteration": "3"}}, safetensors.F32)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ReadCheckpoint("checkpoint", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "checkpoint: ") {
				t.Errorf("error %q does not name the file", err)
			}
			return
		}
		if err := c.Settings.Check(); err != nil {
			t.Error(err)
		}
	})
}
