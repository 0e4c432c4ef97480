package safetensors

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"inkling/nn"
)

// Version is the format that a model file's metadata names: which tensors there
// are, in which layout, and which metadata.
const Version = "inkling-1"

// Info is what a model's files say about it in their metadata.
type Info struct {
	Model         string  // "cvaegan"
	Latent        int     // numbers in z
	Discriminator nn.Form // where the discriminator has its learned metric
	Metric        nn.Metric
	Gamma         float64 // γ, factor of L_llike in the decoder's objective
	Recipe        string  // of the training
	Iterations    int     // of the training
	Seed          uint64  // of the training
	DataSHA256    string  // of the training data, in hexadecimal
	Format        string  // Version
}

// keys are the metadata keys, each with what its value must be, in the order in
// which they are checked.
var keys = []struct {
	name, want string
	get        func(*Info) string
	set        func(*Info, string) bool // reports whether the value is good
}{
	{"format", Version,
		func(*Info) string { return Version },
		func(i *Info, s string) bool { i.Format = s; return s == Version }},
	{"model", "cvaegan",
		func(i *Info) string { return i.Model },
		func(i *Info, s string) bool { i.Model = s; return s == "cvaegan" }},
	{"latent_dim", strconv.Itoa(nn.MinLatent) + " to " + strconv.Itoa(nn.MaxLatent),
		func(i *Info) string { return strconv.Itoa(i.Latent) },
		func(i *Info, s string) bool { n, ok := count(s); i.Latent = n; return ok && nn.CheckLatent(n) == nil }},
	{"discriminator", "branch or path",
		func(i *Info) string { return i.Discriminator.String() },
		func(i *Info, s string) bool { f, err := nn.ParseForm(s); i.Discriminator = f; return err == nil }},
	{"metric", "bce or mse",
		func(i *Info) string { return i.Metric.String() },
		func(i *Info, s string) bool { m, err := nn.ParseMetric(s); i.Metric = m; return err == nil }},
	{"gamma", "a number, 0 or more",
		func(i *Info) string { return strconv.FormatFloat(i.Gamma, 'g', -1, 64) },
		func(i *Info, s string) bool {
			g, err := strconv.ParseFloat(s, 64)
			i.Gamma = g
			return err == nil && g >= 0 && !math.IsInf(g, 0)
		}},
	{"recipe", "a name",
		func(i *Info) string { return i.Recipe },
		func(i *Info, s string) bool { i.Recipe = s; return s != "" }},
	{"iterations", "a whole number",
		func(i *Info) string { return strconv.Itoa(i.Iterations) },
		func(i *Info, s string) bool { n, ok := count(s); i.Iterations = n; return ok }},
	{"seed", "a whole number below 2⁶⁴",
		func(i *Info) string { return strconv.FormatUint(i.Seed, 10) },
		func(i *Info, s string) bool { n, err := strconv.ParseUint(s, 10, 64); i.Seed = n; return err == nil }},
	{"data_sha256", "64 hexadecimal digits, lower case",
		func(i *Info) string { return i.DataSHA256 },
		func(i *Info, s string) bool {
			i.DataSHA256 = s
			return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
		}},
}

// count reads a whole number that an int holds.
func count(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, strconv.IntSize-1)
	return int(n), err == nil
}

// Metadata returns the metadata that says i. Its format is Version, whatever
// i.Format is.
func (i Info) Metadata() map[string]string {
	m := make(map[string]string, len(keys))
	for _, k := range keys {
		m[k.name] = k.get(&i)
	}
	return m
}

// ParseInfo reads what Metadata wrote. Every key must be there with a value that
// it can have; other keys are left to others. Name stands in the error.
func ParseInfo(name string, metadata map[string]string) (Info, error) {
	var i Info
	for _, k := range keys {
		value, ok := metadata[k.name]
		if !ok {
			return Info{}, errors.New(name + ": metadata key " + k.name + " is missing")
		}
		if !k.set(&i, value) {
			return Info{}, errors.New(name + ": metadata key " + k.name + " is " + quote(value) + ", must be " + k.want)
		}
	}
	return i, nil
}
