package fit

import (
	"errors"
	"hash/crc32"
	"math"
	"strconv"

	"inkling/nn"
	"inkling/weights/safetensors"
)

// checkpointFormat is the version in a checkpoint's metadata.
const checkpointFormat = "inkling checkpoint 1"

// Checkpoint encodes the whole state of the run as a float32 safetensors
// file: weights, mean squares, averages, and in the metadata the settings,
// counters and a checksum. The data is not in it, only its name. It fails,
// naming the tensor, if a value is no longer finite: such a state must not
// replace a good one.
func (r *Run) Checkpoint() ([]byte, error) {
	tensors := r.tensors()
	if name := notFinite(tensors); name != "" {
		return nil, errors.New("iteration " + strconv.Itoa(r.Iteration) + ": " + name + " is no longer finite")
	}
	meta := map[string]string{
		"format":      checkpointFormat,
		"iteration":   strconv.Itoa(r.Iteration),
		"drawn":       strconv.FormatUint(uint64(r.drawn), 10),
		"trained":     strconv.FormatUint(uint64(r.steps), 10),
		"seconds":     number(r.Seconds),
		"data_sha256": r.DataSHA256,
		"crc32":       checksum(tensors),
	}
	for _, f := range r.Settings.Fields() {
		meta["set."+f.Name] = f.String()
	}
	return safetensors.Encode(safetensors.FromParams(tensors, meta), safetensors.F32)
}

// tensors lists everything that training changes, under the names that a
// checkpoint has for it.
func (r *Run) tensors() []*nn.Param {
	all := append([]*nn.Param(nil), r.Model.Params()...)
	for _, part := range []struct {
		params  []*nn.Param
		squares [][]float32
	}{
		{r.Model.Encoder.Params(), r.squares.encoder},
		{r.Model.Decoder.Params(), r.squares.decoder},
		{r.Model.Discriminator.Params(), r.squares.discriminator},
	} {
		for i, p := range part.params {
			all = append(all, &nn.Param{Name: "mean_square." + p.Name, Shape: p.Shape, Value: part.squares[i]})
		}
	}
	if r.Average != nil {
		for _, p := range r.Average.Params() {
			all = append(all, &nn.Param{Name: "average." + p.Name, Shape: p.Shape, Value: p.Value})
		}
	}
	return all
}

// Checkpoint is a run at rest, as read from a file.
type Checkpoint struct {
	Settings   Settings
	Iteration  int
	Seconds    float64
	DataSHA256 string

	drawn, steps uint32
	crc          string
	file         *safetensors.File
}

// ReadCheckpoint decodes what Run.Checkpoint encoded. Name stands in errors.
func ReadCheckpoint(name string, data []byte) (*Checkpoint, error) {
	file, err := safetensors.Decode(name, data)
	if err != nil {
		return nil, err
	}
	if got := file.Metadata["format"]; got != checkpointFormat {
		return nil, errors.New(name + ": format is " + strconv.Quote(got) + ", not " + strconv.Quote(checkpointFormat))
	}
	c := &Checkpoint{file: file, DataSHA256: file.Metadata["data_sha256"], crc: file.Metadata["crc32"]}
	bad := func(key string) error {
		return errors.New(name + ": metadata " + key + " is " + strconv.Quote(file.Metadata[key]) + ", not a number that a run can have")
	}
	if c.Iteration, err = strconv.Atoi(file.Metadata["iteration"]); err != nil || c.Iteration < 0 {
		return nil, bad("iteration")
	}
	if c.Seconds, err = strconv.ParseFloat(file.Metadata["seconds"], 64); err != nil || !(c.Seconds >= 0) || math.IsInf(c.Seconds, 0) {
		return nil, bad("seconds")
	}
	for _, n := range []struct {
		key string
		to  *uint32
	}{{"drawn", &c.drawn}, {"trained", &c.steps}} {
		v, err := strconv.ParseUint(file.Metadata[n.key], 10, 32)
		if err != nil {
			return nil, bad(n.key)
		}
		*n.to = uint32(v)
	}
	for _, f := range c.Settings.Fields() {
		text, ok := file.Metadata["set."+f.Name]
		if !ok {
			return nil, errors.New(name + ": metadata lacks the setting " + f.Name)
		}
		if err := f.Set(text); err != nil {
			return nil, errors.New(name + ": metadata: " + err.Error())
		}
	}
	if err := c.Settings.Check(); err != nil {
		return nil, errors.New(name + ": metadata: " + err.Error())
	}
	return c, nil
}

// Extend sets how many iterations the whole run shall have. It fails where
// more are made already, and where those made would have had other learning
// rates in such a run, since the result would be no run's at all.
func (c *Checkpoint) Extend(iterations int) error {
	s := c.Settings
	s.Iterations = iterations
	if err := s.Check(); err != nil {
		return err
	}
	if iterations < c.Iteration {
		return errors.New("iterations is " + strconv.Itoa(iterations) + ", but the run is at " + strconv.Itoa(c.Iteration))
	}
	// Rates fall linearly, so they agree everywhere if they do at the last.
	if last := c.Iteration - 1; last >= 0 && s.rate(last) != c.Settings.rate(last) {
		return errors.New("iterations is " + strconv.Itoa(iterations) + ", but the run is planned for " +
			strconv.Itoa(c.Settings.Iterations) + " and its learning rates have begun to fall")
	}
	c.Settings = s
	return nil
}

// Resume continues a run where its checkpoint left it, with the bits that it
// would have had without the break. The data must be the same.
func Resume(c *Checkpoint, d Data, threads int) (*Run, error) {
	if d.SHA256 != c.DataSHA256 {
		return nil, errors.New(c.file.Name + ": the run was trained on other data (SHA-256 " + c.DataSHA256 + ", now " + d.SHA256 + ")")
	}
	if err := d.check(c.Settings.Batch); err != nil {
		return nil, err
	}
	r := build(c.Settings)
	if err := c.load(r); err != nil {
		return nil, err
	}
	r.Iteration, r.Seconds, r.drawn, r.steps = c.Iteration, c.Seconds, c.drawn, c.steps
	r.start(d, threads)
	return r, nil
}

// load fills the run's tensors and checks that they are those once saved.
func (c *Checkpoint) load(r *Run) error {
	tensors := r.tensors()
	if err := c.file.Load(tensors); err != nil {
		return err
	}
	if checksum(tensors) != c.crc {
		return errors.New(c.file.Name + ": damaged, the checksum of its tensors is not the one recorded")
	}
	return nil
}

// Weights returns the trained networks, or their running average.
func (c *Checkpoint) Weights(averaged bool) (*nn.Model, error) {
	if averaged && c.Settings.Average == 0 {
		return nil, errors.New(c.file.Name + ": the run keeps no averaged weights")
	}
	r := build(c.Settings)
	if err := c.load(r); err != nil {
		return nil, err
	}
	if averaged {
		return r.Average, nil
	}
	return r.Model, nil
}

// checksum is the CRC-32 of all values, little-endian, in hexadecimal.
func checksum(tensors []*nn.Param) string {
	var sum uint32
	var block [4096]byte
	for _, p := range tensors {
		for v := p.Value; len(v) > 0; {
			n := min(len(v), len(block)/4)
			for i, x := range v[:n] {
				b := math.Float32bits(x)
				block[4*i], block[4*i+1], block[4*i+2], block[4*i+3] = byte(b), byte(b>>8), byte(b>>16), byte(b>>24)
			}
			sum = crc32.Update(sum, crc32.IEEETable, block[:4*n])
			v = v[n:]
		}
	}
	return strconv.FormatUint(uint64(sum), 16)
}
