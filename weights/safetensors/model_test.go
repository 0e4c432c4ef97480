//go:build !js

package safetensors

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"inkling/nn"
)

func testModel(seed uint64) *nn.Model {
	m := nn.NewModel(testInfo.Latent, testInfo.Discriminator)
	m.Init(seed)
	return m
}

// folder returns a model's files.
func folder(t *testing.T, seed uint64, i Info) fstest.MapFS {
	t.Helper()
	dir := t.TempDir()
	if err := WriteModel(dir, testModel(seed), i, F16); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, name := range []string{encoderFile, decoderFile, discriminatorFile} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

func TestModelRoundTrip(t *testing.T) {
	for _, dtype := range []DType{F32, F16} {
		dir := filepath.Join(t.TempDir(), "new", "folder")
		m := testModel(1)
		if err := WriteModel(dir, m, testInfo, dtype); err != nil {
			t.Fatal(err)
		}
		got, info, err := ReadModel(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		if info != testInfo {
			t.Errorf("info %+v, want %+v", info, testInfo)
		}
		params := got.Params()
		for i, p := range m.Params() {
			want := p.Value
			if dtype == F16 {
				want = make([]float32, len(p.Value))
				for j, v := range p.Value {
					h, _ := toHalf(v)
					want[j] = fromHalf(h)
				}
			}
			if !slices.Equal(params[i].Value, want) {
				t.Errorf("%v: %s came back different", dtype, p.Name)
			}
		}
	}
}

// The networks of a folder compute what those written compute.
func TestModelComputes(t *testing.T) {
	dir := t.TempDir()
	m := testModel(1)
	if err := WriteModel(dir, m, testInfo, F32); err != nil {
		t.Fatal(err)
	}
	read, _, err := ReadModel(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	run := func(m *nn.Model) []float32 {
		const label = 3
		image := make([]float32, nn.Pixels)
		m.Decoder.Decode(image, []float32{0.5, -1}, []uint8{label})
		code := make([]float32, 4)
		m.Encoder.Encode(code[:2], code[2:], image, []uint8{label})
		opinion := make([]float32, 1+256)
		m.Discriminator.Discriminate(opinion[:1], opinion[1:], image, []uint8{label})
		return slices.Concat(image, code, opinion)
	}
	if !slices.Equal(run(m), run(read)) {
		t.Error("the networks read compute other numbers than those written")
	}
}

func TestReadModelErrors(t *testing.T) {
	other := testInfo
	other.Iterations++
	wide := testInfo.Metadata()
	wide["latent_dim"] = "3"
	tests := []struct {
		name   string
		change func(fstest.MapFS)
		want   string
	}{
		{"a file is missing", func(f fstest.MapFS) { delete(f, decoderFile) }, "open decoder.safetensors: file does not exist"},
		{"a file is cut short", func(f fstest.MapFS) { f[discriminatorFile].Data = f[discriminatorFile].Data[:1000] }, "discriminator.safetensors: "},
		{"a file of another network", func(f fstest.MapFS) { f[decoderFile] = f[encoderFile] }, `decoder.safetensors: tensor "decoder.dense.kernel": is missing`},
		{"a file of another model", func(f fstest.MapFS) { f[decoderFile] = folder(t, 1, other)[decoderFile] },
			`decoder.safetensors: metadata key iterations is "48001", but encoder.safetensors has "48000"`},
		{"metadata of another latent size", func(f fstest.MapFS) { edit(t, f[decoderFile], func(f *File) { f.Metadata = wide }) },
			`decoder.safetensors: tensor "decoder.dense.kernel": shape is [12,6272], must be [13,6272]`},
		{"no metadata", func(f fstest.MapFS) { edit(t, f[encoderFile], func(f *File) { f.Metadata = nil }) },
			"encoder.safetensors: metadata key format is missing"},
		{"one tensor more", func(f fstest.MapFS) {
			edit(t, f[encoderFile], func(f *File) { f.Tensors = append(f.Tensors, Tensor{"encoder.extra", []int{0}, nil}) })
		}, `encoder.safetensors: tensor "encoder.extra": is unknown`},
	}
	good := folder(t, 1, testInfo)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := fstest.MapFS{}
			for name, f := range good {
				files[name] = &fstest.MapFile{Data: slices.Clone(f.Data)}
			}
			test.change(files)
			if _, _, err := ReadModel(files); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

// edit changes a file's content.
func edit(t *testing.T, file *fstest.MapFile, change func(*File)) {
	t.Helper()
	f, err := Decode("f", file.Data)
	if err != nil {
		t.Fatal(err)
	}
	change(f)
	if file.Data, err = Encode(f, F16); err != nil {
		t.Fatal(err)
	}
}

// A model that cannot be written leaves the one that is there as it was.
func TestWriteModelErrors(t *testing.T) {
	dir := t.TempDir()
	if err := WriteModel(dir, testModel(1), testInfo, F16); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	nan := testModel(2)
	nan.Discriminator.Params()[0].Value[5] = float32(math.NaN())
	large := testModel(2)
	large.Decoder.Params()[0].Value[0] = 1e6
	unnamed, foreign := testInfo, testInfo
	unnamed.Recipe, foreign.Latent = "", 8
	tests := []struct {
		model *nn.Model
		info  Info
		want  string
	}{
		{nan, testInfo, filepath.Join(dir, discriminatorFile) + `: tensor "discriminator.conv1.kernel": value 5 is NaN`},
		{large, testInfo, filepath.Join(dir, decoderFile) + `: tensor "decoder.dense.kernel": value 0 is 1e+06, beyond F16's range`},
		{testModel(2), unnamed, dir + `: metadata key recipe is "", must be a name`},
		{testModel(2), foreign, dir + ": the metadata is not about this model"},
	}
	for _, test := range tests {
		if err := WriteModel(dir, test.model, test.info, F16); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("error %v, want %q", err, test.want)
		}
		if !maps.Equal(contents(t, dir), before) {
			t.Fatalf("the folder changed in spite of the error %q", test.want)
		}
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		m[e.Name()] = string(data)
	}
	return m
}
