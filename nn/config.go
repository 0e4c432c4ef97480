package nn

import "errors"

// Sizes of the data: MNIST's images and labels.
const (
	Side    = 28          // pixels along a side of an image
	Pixels  = Side * Side // pixels of an image
	Classes = 10          // labels 0 to 9
)

// Limits on the size of the latent vector z that a network may be built with.
const (
	MinLatent = 1
	MaxLatent = 256
)

// Form says where the discriminator's layer l, whose activations are the
// learned metric, lies.
type Form uint8

const (
	// Branch computes d beside l, from the same features, as the source
	// article's code does: no loss of the discriminator reaches l's weights.
	Branch Form = iota
	// Path computes d from l, as Larsen et al. 2016 describe.
	Path
)

// String returns "branch" or "path".
func (f Form) String() string {
	if f == Path {
		return "path"
	}
	return "branch"
}

// ParseForm reads what Form.String writes.
func ParseForm(s string) (Form, error) {
	switch s {
	case "branch":
		return Branch, nil
	case "path":
		return Path, nil
	}
	return 0, errors.New("discriminator is " + quote(s) + ", must be branch or path")
}

// Metric is the distance between the activations l(x) of an original and
// l(x̃) of its reconstruction: the loss L_llike of Larsen et al. 2016.
type Metric uint8

const (
	// BCE is the sigmoid cross-entropy of l(x̃) against sigmoid(l(x)), the
	// source article's choice.
	BCE Metric = iota
	// MSE is the sum of squares (l(x) − l(x̃))², the paper's Gaussian
	// observation model up to a factor.
	MSE
)

// String returns "bce" or "mse".
func (m Metric) String() string {
	if m == MSE {
		return "mse"
	}
	return "bce"
}

// ParseMetric reads what Metric.String writes.
func ParseMetric(s string) (Metric, error) {
	switch s {
	case "bce":
		return BCE, nil
	case "mse":
		return MSE, nil
	}
	return 0, errors.New("metric is " + quote(s) + ", must be bce or mse")
}

// CheckLatent reports whether a network can have latent vectors of n numbers.
func CheckLatent(n int) error {
	if n < MinLatent || n > MaxLatent {
		return errors.New("latent size must be 1 to 256")
	}
	return nil
}

// quote puts s in quotation marks without importing strconv's tables.
func quote(s string) string { return `"` + s + `"` }
