package safetensors

import (
	"errors"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// parser reads the little of JSON (RFC 8259) that a header consists of:
// objects, strings, and arrays of whole numbers. Each method skips white space,
// reads one thing and stands behind it. The input must be valid UTF-8.
type parser struct {
	in  []byte
	pos int
}

func (p *parser) fail(problem string) error {
	return errors.New("header byte " + strconv.Itoa(p.pos) + ": " + problem)
}

// accept skips white space and then c, if it is there.
func (p *parser) accept(c byte) bool {
	for p.pos < len(p.in) {
		switch p.in[p.pos] {
		case c:
			p.pos++
			return true
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return false
		}
	}
	return false
}

func (p *parser) expect(c byte) error {
	if !p.accept(c) {
		return p.fail("expected " + string(c))
	}
	return nil
}

// object reads {"key": …, "key": …}, calling member to read each value.
func (p *parser) object(member func(key string) error) error {
	if err := p.expect('{'); err != nil {
		return err
	}
	if p.accept('}') {
		return nil
	}
	for {
		key, err := p.string()
		if err != nil {
			return err
		}
		if err := p.expect(':'); err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
		if p.accept('}') {
			return nil
		}
		if err := p.expect(','); err != nil {
			return err
		}
	}
}

// ints reads an array of at most limit whole numbers.
func (p *parser) ints(limit int) ([]int, error) {
	if err := p.expect('['); err != nil {
		return nil, err
	}
	ints := []int{}
	if p.accept(']') {
		return ints, nil
	}
	for {
		n, err := p.int()
		if err != nil {
			return nil, err
		}
		if len(ints) == limit {
			return nil, p.fail("more than " + strconv.Itoa(limit) + " numbers")
		}
		ints = append(ints, n)
		if p.accept(']') {
			return ints, nil
		}
		if err := p.expect(','); err != nil {
			return nil, err
		}
	}
}

// int reads a number without sign, fraction or exponent.
func (p *parser) int() (int, error) {
	if p.accept('0') {
		return 0, nil // JSON has no leading zeros: a digit here is for the caller to refuse
	}
	start, n := p.pos, 0
	for ; p.pos < len(p.in); p.pos++ {
		digit := int(p.in[p.pos]) - '0'
		if digit < 0 || digit > 9 {
			break
		}
		if n > (math.MaxInt-digit)/10 {
			return 0, p.fail("number is too large")
		}
		n = 10*n + digit
	}
	if p.pos == start {
		return 0, p.fail("expected a whole number")
	}
	return n, nil
}

func (p *parser) string() (string, error) {
	if err := p.expect('"'); err != nil {
		return "", err
	}
	var s []byte
	for p.pos < len(p.in) {
		c := p.in[p.pos]
		switch {
		case c == '"':
			p.pos++
			return string(s), nil
		case c < ' ':
			return "", p.fail("control character in a string")
		case c != '\\':
			s = append(s, c)
			p.pos++
		default:
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			s = utf8.AppendRune(s, r)
		}
	}
	return "", p.fail("string has no end")
}

// escape reads a backslash and what it stands for.
func (p *parser) escape() (rune, error) {
	if p.pos+1 < len(p.in) {
		c := p.in[p.pos+1]
		switch c {
		case '"', '\\', '/':
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u':
			return p.unicode()
		default:
			return 0, p.fail("unknown escape in a string")
		}
		p.pos += 2
		return rune(c), nil
	}
	return 0, p.fail("string has no end")
}

// unicode reads \uXXXX, or two of them that are a surrogate pair.
func (p *parser) unicode() (rune, error) {
	r, ok := p.hex()
	if ok && utf16.IsSurrogate(r) {
		low, _ := p.hex()
		r = utf16.DecodeRune(r, low)
		ok = r != utf8.RuneError
	}
	if !ok {
		return 0, p.fail(`bad \u escape in a string`)
	}
	return r, nil
}

func (p *parser) hex() (rune, bool) {
	const length = len(`\uXXXX`)
	if len(p.in)-p.pos < length || p.in[p.pos] != '\\' || p.in[p.pos+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.in[p.pos+2:p.pos+length]), 16, 16)
	p.pos += length
	return rune(n), err == nil
}

// appendString writes a JSON string.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, `\u00`...)
			b = append(b, hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
