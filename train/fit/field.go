package fit

import (
	"errors"
	"strconv"

	"inkling/nn"
)

// Field is one setting under its name, as flags and checkpoints know it.
type Field struct {
	Name  string
	Usage string
	value any // pointer into the Settings
}

// Fields lists every setting of s, in the order of a help text. Set on a
// field changes s.
func (s *Settings) Fields() []Field {
	return []Field{
		{"model", "`model` to train: cvaegan", &s.Model},
		{"recipe", "`recipe` whose settings hold where no flag says otherwise: seed or release", &s.Recipe},
		{"latent", "`numbers` in the latent vector z", &s.Latent},
		{"iterations", "`iterations` of the whole run", &s.Iterations},
		{"seed", "`seed` of weights, order, noise and masks", &s.Seed},
		{"batch", "`images` in a batch", &s.Batch},
		{"gamma", "`factor` γ of the learned metric in the decoder's objective", &s.Gamma},
		{"metric", "learned `metric`: bce or mse", &s.Metric},
		{"discriminator", "`form` of the discriminator: branch or path", &s.Discriminator},
		{"non-saturating", "the decoder's adversarial loss is the non-saturating one", &s.NonSaturating},
		{"prior-weight", "`factor` of the prior's loss in the encoder's objective", &s.PriorWeight},
		{"steps", "most `steps` of each side in an iteration", &s.Steps},
		{"stop-d", "the discriminator stops once L_GAN is below this `value`", &s.StopD},
		{"stop-g", "encoder and decoder stop once L_GAN is above this `value`", &s.StopG},
		{"rate-encoder", "learning `rate` of the encoder", &s.RateEncoder},
		{"rate-decoder", "learning `rate` of the decoder", &s.RateDecoder},
		{"rate-discriminator", "learning `rate` of the discriminator", &s.RateDiscriminator},
		{"mean-square", "`value` that RMSProp's mean squares start at", &s.MeanSquare},
		{"decay-from", "`part` of the run, 0 to 1, after which the rates fall", &s.DecayFrom},
		{"decay-to", "`factor` that the rates have fallen to at the end", &s.DecayTo},
		{"average", "`decay` of the averaged weights each iteration; 0 keeps none", &s.Average},
	}
}

// IsBool reports whether the setting is a switch.
func (f Field) IsBool() bool { _, ok := f.value.(*bool); return ok }

// String returns the value as Set reads it.
func (f Field) String() string {
	switch p := f.value.(type) {
	case *string:
		return *p
	case *int:
		return strconv.Itoa(*p)
	case *uint64:
		return strconv.FormatUint(*p, 10)
	case *float64:
		return number(*p)
	case *bool:
		return strconv.FormatBool(*p)
	case *nn.Form:
		return p.String()
	case *nn.Metric:
		return p.String()
	}
	return ""
}

// Set reads a value. The error names the field and what it must be.
func (f Field) Set(text string) (err error) {
	want := ""
	switch p := f.value.(type) {
	case *string:
		*p = text
	case *int:
		want = "a whole number"
		*p, err = strconv.Atoi(text)
	case *uint64:
		want = "a whole number from 0 to 18446744073709551615"
		*p, err = strconv.ParseUint(text, 10, 64)
	case *float64:
		want = "a number"
		*p, err = strconv.ParseFloat(text, 64)
	case *bool:
		want = "true or false"
		*p, err = strconv.ParseBool(text)
	case *nn.Form:
		*p, err = nn.ParseForm(text)
		return err
	case *nn.Metric:
		*p, err = nn.ParseMetric(text)
		return err
	}
	if err != nil {
		return errors.New(f.Name + " is " + strconv.Quote(text) + ", must be " + want)
	}
	return nil
}
