package safetensors_test

import (
	"fmt"

	"inkling/weights/safetensors"
)

func Example() {
	data, err := safetensors.Encode(&safetensors.File{
		Metadata: map[string]string{"about": "an example"},
		Tensors:  []safetensors.Tensor{{Name: "w", Shape: []int{1, 2}, Data: []float32{1, 0.1}}},
	}, safetensors.F16)
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := safetensors.Decode("example.safetensors", data)
	fmt.Println(file.Metadata, file.Tensors, err)
	_, err = safetensors.Decode("example.safetensors", data[:len(data)-1])
	fmt.Println(err)
	// Output:
	// map[about:an example] [{w [1 2] [1 0.099975586]}] <nil>
	// example.safetensors: tensor "w": data_offsets [0,4] are beyond the 3 bytes of data: file is cut short
}
