package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// raw puts a file together from its parts.
func raw(header, data string) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

// same reports whether two files hold the same; their names may differ.
func same(a, b *File) bool {
	return maps.Equal(a.Metadata, b.Metadata) &&
		slices.EqualFunc(a.Tensors, b.Tensors, func(a, b Tensor) bool {
			return a.Name == b.Name && slices.Equal(a.Shape, b.Shape) && slices.Equal(a.Data, b.Data)
		})
}

const one = "\x00\x00\x80\x3f" // float32 1

func TestDecode(t *testing.T) {
	tests := map[string]struct {
		header, data string
		want         File
	}{
		"nothing":  {`{}`, "", File{}},
		"metadata": {`{"__metadata__":{"a":"b","":""}}`, "", File{Metadata: map[string]string{"a": "b", "": ""}}},
		"scalar": {`{"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, one,
			File{Tensors: []Tensor{{"s", []int{}, []float32{1}}}}},
		"half, subnormal and negative zero": {`{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]}}`, "\x00\x3c\x01\x00\x00\x80",
			File{Tensors: []Tensor{{"h", []int{3}, []float32{1, 0x1p-24, 0}}}}},
		"fields, tensors and white space in any order": {
			"{\t\"b\" : {\"data_offsets\":[4 , 6],\r\n\"shape\":[1],\"dtype\":\"F16\"},\n\"a\":{\"shape\":[1,1],\"dtype\":\"F32\",\"data_offsets\":[0,4]}}   ",
			one + "\x00\x3c", File{Tensors: []Tensor{{"a", []int{1, 1}, []float32{1}}, {"b", []int{1}, []float32{1}}}}},
		"empty tensors": {`{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]},"c":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}`,
			one, File{Tensors: []Tensor{{"a", []int{0, 9}, nil}, {"b", []int{1}, []float32{1}}, {"c", []int{0}, nil}}}},
		"escapes": {`{"__metadata__":{"\"\\\/\b\f\n\r\t":"\u0041\u00e9\uD83d\ude00\u0000é"}}`, "",
			File{Metadata: map[string]string{"\"\\/\b\f\n\r\t": "Aé😀\x00é"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := Decode("f", raw(test.header, test.data))
			if err != nil {
				t.Fatal(err)
			}
			if !same(f, &test.want) {
				t.Errorf("got %+v, want %+v", f, test.want)
			}
		})
	}
}

// badFiles each come with a part of the error that they must give.
var badFiles = []struct {
	name string
	data []byte
	want string
}{
	{"empty", nil, "too short"},
	{"seven bytes", []byte("\x00\x00\x00\x00\x00\x00\x00"), "too short"},
	{"header beyond the end", raw(`{}`, "")[:9], "cut short: it ends within its header"},
	{"header's length out of all measure", []byte("\xff\xff\xff\xff\xff\xff\xff\xff{}"), "header of 18446744073709551615 bytes, at most 1048576"},
	{"HTML", []byte("<!DOCTYPE html>"), "not a safetensors file?"},
	{"no header", raw("", ""), "header must begin with {"},
	{"space before", raw(" {}", ""), "header must begin with {"},
	{"not an object", raw("[]", ""), "header must begin with {"},
	{"open object", raw("{", ""), `header byte 1: expected "`},
	{"no value", raw(`{"a"}`, ""), "header byte 4: expected :"},
	{"trailing comma", raw(`{"__metadata__":{"a":"b",}}`, ""), `header byte 25: expected "`},
	{"no comma", raw(`{"__metadata__":{"a":"b" "c":"d"}}`, ""), "header byte 25: expected ,"},
	{"text after", raw("{}x", ""), "header is followed by more than spaces"},
	{"newline after", raw("{}\n", ""), "header is followed by more than spaces"},
	{"second object", raw("{}{}", ""), "header is followed by more than spaces"},
	{"bytes that are no text", raw("{\"\xff\":0}", ""), "not valid UTF-8"},
	{"string without end", raw(`{"a`, ""), "header byte 3: string has no end"},
	{"string that ends in a backslash", raw(`{"a\`, ""), "header byte 3: string has no end"},
	{"unknown escape", raw(`{"\x41":0}`, ""), "unknown escape"},
	{"newline in a string", raw("{\"\n\":0}", ""), "control character"},
	{"short escape", raw(`{"\u12`, ""), `bad \u escape`},
	{"escape that is not hexadecimal", raw(`{"\u12g4":0}`, ""), `bad \u escape`},
	{"half a pair", raw(`{"\ud83d":0}`, ""), `bad \u escape`},
	{"wrong half first", raw(`{"\ude00\ud83d":0}`, ""), `bad \u escape`},
	{"metadata that is no object", raw(`{"__metadata__":"a"}`, ""), "header byte 16: expected {"},
	{"metadata that is no string", raw(`{"__metadata__":{"a":1}}`, ""), `header byte 21: expected "`},
	{"metadata twice", raw(`{"__metadata__":{},"__metadata__":{}}`, ""), `"__metadata__" is there twice`},
	{"metadata key twice", raw(`{"__metadata__":{"a":"","a":""}}`, ""), `metadata key "a" is there twice`},
	{"no object", raw(`{"w":null}`, ""), `tensor "w": header byte 5: expected {`},
	{"unknown field", raw(`{"w":{"dtype":"F32","shape":[],"offsets":[0,4]}}`, one), `tensor "w": unknown field "offsets"`},
	{"field twice", raw(`{"w":{"dtype":"F32","dtype":"F16"}}`, one), `tensor "w": dtype is there twice`},
	{"no dtype", raw(`{"w":{"shape":[],"data_offsets":[0,4]}}`, one), `tensor "w": dtype is missing`},
	{"no shape", raw(`{"w":{"dtype":"F32","data_offsets":[0,4]}}`, one), `tensor "w": shape is missing`},
	{"no offsets", raw(`{"w":{"dtype":"F32","shape":[]}}`, one), `tensor "w": data_offsets is missing`},
	{"unknown dtype", raw(`{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}`, one), `tensor "w": dtype is "BF16", must be F32 or F16`},
	{"one offset", raw(`{"w":{"dtype":"F32","shape":[],"data_offsets":[4]}}`, one), `tensor "w": data_offsets must be two numbers`},
	{"three offsets", raw(`{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}`, one), `tensor "w": header byte 52: more than 2 numbers`},
	{"negative size", raw(`{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, one), `tensor "w": header byte 29: expected a whole number`},
	{"fraction", raw(`{"w":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}`, one), `tensor "w": header byte 30: expected ,`},
	{"leading zero", raw(`{"w":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}`, one), `tensor "w": header byte 30: expected ,`},
	{"number beyond int", raw(`{"w":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}`, one), `tensor "w": header byte 47: number is too large`},
	{"product beyond int", raw(`{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, ""), `tensor "w": shape [4294967296,4294967296] is impossible`},
	{"bytes beyond int", raw(`{"w":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}`, ""), `tensor "w": shape [4611686018427387904] is impossible`},
	{"shape without end", raw(`{"w":{"dtype":"F32","shape":[1`+strings.Repeat(",1", 64)+`],"data_offsets":[0,4]}}`, one), `tensor "w": header byte 158: more than 64 numbers`},
	{"name twice", raw(`{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}`, one+one), `"w" is there twice`},
	{"name twice, once escaped", raw(`{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"\u0077":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}`, one+one), `"w" is there twice`},
	{"shape larger than its bytes", raw(`{"w":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4]}}`, one), `tensor "w": data_offsets [0,4] are not the 4000000000000 bytes of F32 [1000000000000]`},
	{"offsets reversed", raw(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, one), `tensor "w": data_offsets [4,0] are not the 4 bytes of F32 [1]`},
	{"data cut short", raw(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, one+"\x00"), `tensor "w": data_offsets [0,8] are beyond the 5 bytes of data`},
	{"claims a terabyte", raw(`{"w":{"dtype":"F32","shape":[250000000000],"data_offsets":[0,1000000000000]}}`, one), `tensor "w": data_offsets [0,1000000000000] are beyond the 4 bytes of data`},
	{"overlap", raw(`{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, one+one+one), `tensor "w": data_offsets [4,12] overlap`},
	{"the same bytes twice", raw(`{"v":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, one), `tensor "w": data_offsets [0,4] overlap`},
	{"empty tensor within another", raw(`{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[0],"data_offsets":[2,2]}}`, one), `tensor "w": data_offsets [2,2] overlap`},
	{"hole", raw(`{"v":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}`, one+one+one), `tensor "w": data_offsets [8,12] leave a hole`},
	{"hole at the start", raw(`{"w":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}`, one+one), `tensor "w": data_offsets [4,8] leave a hole`},
	{"bytes left over", raw(`{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, one+"\x00"), "1 bytes follow the last tensor"},
	{"not a number", raw(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, one+"\x00\x00\xc0\x7f"), `tensor "w": value 1 is NaN`},
	{"infinite", raw(`{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, "\x00\x00\x80\xff"), `tensor "w": value 0 is -Inf`},
	{"not a number, half", raw(`{"w":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}`, "\x01\x7c"), `tensor "w": value 0 is NaN`},
	{"infinite, half", raw(`{"w":{"dtype":"F16","shape":[],"data_offsets":[0,2]}}`, "\x00\x7c"), `tensor "w": value 0 is +Inf`},
	{"name that no line holds", raw(`{"\n`+strings.Repeat("w", 200)+`":{}}`, ""), `tensor "\n` + strings.Repeat("w", 99) + `…": dtype is missing`},
}

func TestDecodeErrors(t *testing.T) {
	for _, test := range badFiles {
		t.Run(test.name, func(t *testing.T) {
			f, err := Decode("dir/bad.safetensors", test.data)
			if err == nil {
				t.Fatalf("no error, got %+v", f)
			}
			got := err.Error()
			if !strings.HasPrefix(got, "dir/bad.safetensors: ") || !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("error %q, want one line of the file and %q", got, test.want)
			}
		})
	}
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// What is decoded is valid JSON to another parser too, survives encoding, and
// has taken no more memory than a small multiple of the input.
func FuzzDecode(f *testing.F) {
	for _, test := range badFiles {
		f.Add(test.data)
	}
	f.Add(raw(`{"__metadata__":{"k\n":"\u0041é\ud83d\ude00"},"a.b":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},"c":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}  `, "\x00\x3c\x01\x80"+one))
	f.Fuzz(func(t *testing.T, data []byte) {
		var file *File
		var err error
		// Per byte of header, the worst is a metadata entry of seven bytes in a
		// map that has just grown. The constant covers what the runtime
		// allocates meanwhile.
		if n := allocated(func() { file, err = Decode("f", data) }); n > 64*uint64(len(data))+1<<16 {
			t.Fatalf("%d bytes allocated for %d", n, len(data))
		}
		if err != nil {
			return
		}
		header := data[8 : 8+binary.LittleEndian.Uint64(data)]
		var other map[string]json.RawMessage
		var metadata map[string]string
		if err := json.Unmarshal(header, &other); err != nil {
			t.Fatal(err)
		}
		if m, ok := other[metadataKey]; ok {
			if err := json.Unmarshal(m, &metadata); err != nil {
				t.Fatal(err)
			}
			delete(other, metadataKey)
		}
		if !maps.Equal(metadata, file.Metadata) || len(other) != len(file.Tensors) {
			t.Fatalf("header %q read as %+v", header, file)
		}
		again, err := Encode(file, F32)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode("f", again)
		if err != nil {
			t.Fatal(err)
		}
		if !same(file, back) {
			t.Fatalf("%+v became %+v", file, back)
		}
		if twice, err := Encode(back, F32); err != nil || !bytes.Equal(again, twice) {
			t.Fatalf("encoded differently the second time (%v)", err)
		}
	})
}
