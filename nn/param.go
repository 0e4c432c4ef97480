package nn

// Param is one trained tensor of a network: its name in weight files, its
// shape (convolutions row, column, in, out; dense in, out), and its value.
type Param struct {
	Name  string
	Shape []int
	Value []float32
	// Grad is the gradient of the network's objective, written by a step's
	// backward pass; nil in a network built only to infer.
	Grad []float32
	// fanIn and fanOut are the inputs and outputs that Glorot's rule counts;
	// both zero for a bias.
	fanIn, fanOut int
}

func newParam(name string, shape ...int) *Param {
	n := 1
	for _, d := range shape {
		n *= d
	}
	p := &Param{Name: name, Shape: shape, Value: make([]float32, n)}
	if r := len(shape); r > 1 {
		taps := n / shape[r-1] / shape[r-2]
		p.fanIn, p.fanOut = taps*shape[r-2], taps*shape[r-1]
	}
	return p
}

// train gives each parameter room for its gradient.
func train(params []*Param) {
	for _, p := range params {
		if p.Grad == nil {
			p.Grad = make([]float32, len(p.Value))
		}
	}
}
