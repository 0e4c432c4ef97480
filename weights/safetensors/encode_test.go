package safetensors

import (
	"math"
	"strings"
	"testing"
)

func TestEncode(t *testing.T) {
	f := &File{
		Metadata: map[string]string{"z": "\"\\\n", "a": "é"},
		Tensors:  []Tensor{{"w", []int{1, 2}, []float32{1, -2}}, {"s", nil, []float32{0.5}}},
	}
	const metadata = `{"__metadata__":{"a":"é","z":"\"\\\u000a"},`
	tests := []struct {
		dtype        DType
		header, data string
	}{
		{F32, metadata + `"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"s":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}`,
			one + "\x00\x00\x00\xc0\x00\x00\x00\x3f"},
		{F16, metadata + `"w":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},"s":{"dtype":"F16","shape":[],"data_offsets":[4,6]}}`,
			"\x00\x3c\x00\xc0\x00\x38"},
	}
	for _, test := range tests {
		got, err := Encode(f, test.dtype)
		if err != nil {
			t.Fatal(err)
		}
		header := test.header + strings.Repeat(" ", (8-len(test.header)%8)%8)
		if want := raw(header, test.data); string(got) != string(want) {
			t.Errorf("%v:\n got %q\nwant %q", test.dtype, got, want)
		}
		back, err := Decode("f", got)
		if err != nil {
			t.Fatal(err)
		}
		if !same(back, f) {
			t.Errorf("%v: %+v became %+v", test.dtype, f, back)
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	inf := float32(math.Inf(1))
	tests := []struct {
		name  string
		file  File
		dtype DType
		want  string
	}{
		{"not a number", File{Tensors: []Tensor{{"w", []int{2}, []float32{0, inf - inf}}}}, F32, `tensor "w": value 1 is NaN`},
		{"infinite", File{Tensors: []Tensor{{"w", []int{1}, []float32{-inf}}}}, F16, `tensor "w": value 0 is -Inf`},
		{"rounds beyond F16", File{Tensors: []Tensor{{"w", []int{2}, []float32{65519, -65520}}}}, F16, `tensor "w": value 1 is -65520, beyond F16's range of ±65504`},
		{"shape of other values", File{Tensors: []Tensor{{"w", []int{2}, []float32{1}}}}, F32, `tensor "w": shape [2] does not hold 1 values`},
		{"negative shape", File{Tensors: []Tensor{{"w", []int{-1, -1}, []float32{1}}}}, F32, `tensor "w": shape [-1,-1] is impossible`},
		{"too many dimensions", File{Tensors: []Tensor{{"w", make([]int, 65), nil}}}, F32, `tensor "w": shape has more than 64 dimensions`},
		{"name twice", File{Tensors: []Tensor{{"w", []int{0}, nil}, {"w", []int{0}, nil}}}, F32, `tensor "w": name is reserved or there twice`},
		{"reserved name", File{Tensors: []Tensor{{"__metadata__", []int{0}, nil}}}, F32, `tensor "__metadata__": name is reserved`},
		{"name that is no text", File{Tensors: []Tensor{{"\xff", []int{0}, nil}}}, F32, `tensor "\xff": name is not valid UTF-8`},
		{"metadata that is no text", File{Metadata: map[string]string{"k": "\xff"}}, F32, `metadata "k" is not valid UTF-8`},
		{"header too long", File{Metadata: map[string]string{"k": strings.Repeat("x", maxHeader)}}, F32, "header would be over 1048576 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.file.Name = "out.safetensors"
			_, err := Encode(&test.file, test.dtype)
			if err == nil || !strings.HasPrefix(err.Error(), "out.safetensors: "+test.want) {
				t.Errorf("error %v, want the file and %q", err, test.want)
			}
		})
	}
}
