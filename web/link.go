package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// All stands for all ten labels where one may be chosen.
const All = -1

// Limits and default of the number of digits on a sheet.
const (
	MinDigits     = 10
	MaxDigits     = 400
	DefaultDigits = 100
)

// Link is what a sheet of digits is made from. The same link gives the same
// digits, so it is all of the page's state that its address carries.
type Link struct {
	Model string
	Digit int // 0 to 9, or All
	Seed  uint32
	N     int // digits on the sheet; a multiple of ten for All
}

// ParseLink reads the query of the page's address. A key that is missing
// leaves the default: the first of models, all digits, 100 of them; seeded
// tells whether there was a seed to read. A value that can't be used leaves
// the default too, and adds a sentence for the visitor to complaints. Unknown
// keys are ignored.
func ParseLink(query string, models []string) (l Link, seeded bool, complaints []string) {
	l = Link{Digit: All, N: DefaultDigits}
	if len(models) > 0 {
		l.Model = models[0]
	}
	complain := func(s string) { complaints = append(complaints, s) }
	values, err := url.ParseQuery(query)
	if err != nil {
		complain("Part of the link could not be read.")
	}
	if v, ok := first(values, "model"); ok {
		if slices.Contains(models, v) {
			l.Model = v
		} else {
			complain("There is no model " + quote(v) + " here, so this is " + l.Model + ".")
		}
	}
	if v, ok := first(values, "digit"); ok {
		switch d, err := ParseDigit(v); {
		case err == nil:
			l.Digit = d
		default:
			complain("The link asks for digit " + quote(v) + ". There are 0 to 9 and all.")
		}
	}
	if v, ok := first(values, "seed"); ok {
		if s, err := ParseSeed(v); err == nil {
			l.Seed, seeded = s, true
		} else {
			complain("The link asks for seed " + quote(v) + ". " + seedRule + " This is a new one.")
		}
	}
	if v, ok := first(values, "n"); ok {
		n, err := strconv.Atoi(v)
		switch {
		case err != nil || n < MinDigits || n > MaxDigits:
			complain("The link asks for n = " + quote(v) + " digits. It can be 10 to 400.")
		case l.Digit == All && n%10 != 0:
			l.N = n + 10 - n%10
			complain("All digits come equally often, so these are " + strconv.Itoa(l.N) + " and not " + v + ".")
		default:
			l.N = n
		}
	}
	return l, seeded, complaints
}

// first returns the first value of a key.
func first(values url.Values, key string) (string, bool) {
	if v := values[key]; len(v) > 0 {
		return v[0], true
	}
	return "", false
}

// quote shows a value that a visitor may never have seen, and not all of a
// long one.
func quote(s string) string {
	if r := []rune(s); len(r) > 24 {
		s = string(r[:24]) + "…"
	}
	return strconv.Quote(s)
}

// Query returns the link as the query of an address, without "?".
func (l Link) Query() string {
	return "model=" + url.QueryEscape(l.Model) +
		"&digit=" + strings.ToLower(DigitName(l.Digit)) +
		"&seed=" + strconv.FormatUint(uint64(l.Seed), 10) +
		"&n=" + strconv.Itoa(l.N)
}

// Labels returns the labels of the sheet in order, and how many digits each
// of them has.
func (l Link) Labels() (labels []uint8, each int) {
	if l.Digit != All {
		return []uint8{uint8(l.Digit)}, l.N
	}
	return []uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, l.N / 10
}

// WithDigit returns the link for another digit, its number of digits one that
// can be.
func (l Link) WithDigit(d int) Link {
	l.Digit = d
	if d == All {
		l.N = (l.N + 9) / 10 * 10
	}
	return l
}

// DigitName returns "0" to "9" or "All".
func DigitName(d int) string {
	if d == All {
		return "All"
	}
	return strconv.Itoa(d)
}

// ParseDigit reads what DigitName writes, in either case.
func ParseDigit(s string) (int, error) {
	if strings.EqualFold(s, "all") {
		return All, nil
	}
	if len(s) == 1 && s[0] >= '0' && s[0] <= '9' {
		return int(s[0] - '0'), nil
	}
	return 0, strconv.ErrSyntax
}

const seedRule = "A seed is a whole number from 0 to 4294967295."

// ParseSeed reads a seed: 32 bits, which fit a link, a number field and a
// JavaScript number.
func ParseSeed(s string) (uint32, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 32)
	return uint32(n), err
}
