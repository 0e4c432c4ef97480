package web

import (
	"slices"
	"strings"
	"testing"
)

var models = []string{"cvaegan-8", "cvae-8"}

func TestParseLink(t *testing.T) {
	usual := Link{"cvaegan-8", All, 0, 100}
	for _, test := range []struct {
		query     string
		want      Link
		seeded    bool
		complaint string // part of the only complaint; empty for none
	}{
		{"", usual, false, ""},
		{"utm_source=x", usual, false, ""},
		{"model=cvae-8&digit=7&seed=42&n=25", Link{"cvae-8", 7, 42, 25}, true, ""},
		{"digit=all&seed=4294967295&n=400", Link{"cvaegan-8", All, 1<<32 - 1, 400}, true, ""},
		{"digit=ALL&seed=0", usual, true, ""},
		{"seed=%205%20", Link{"cvaegan-8", All, 5, 100}, true, ""},
		{"digit=3&digit=4", Link{"cvaegan-8", 3, 0, 100}, false, ""},
		{"model=gan", usual, false, `no model "gan"`},
		{"digit=10", usual, false, `digit "10"`},
		{"digit=", usual, false, `digit ""`},
		{"seed=4294967296", usual, false, `seed "4294967296"`},
		{"seed=-1", usual, false, `seed "-1"`},
		{"seed=1.5", usual, false, `seed "1.5"`},
		{"seed=" + strings.Repeat("9", 5000), usual, false, `seed "` + strings.Repeat("9", 24) + `…"`},
		{"n=9", usual, false, `n = "9"`},
		{"n=401", usual, false, `n = "401"`},
		{"n=many", usual, false, `n = "many"`},
		{"n=25", Link{"cvaegan-8", All, 0, 30}, false, "30 and not 25"},
		{"n=391", Link{"cvaegan-8", All, 0, 400}, false, "400 and not 391"},
		{"digit=5&n=%zz", Link{"cvaegan-8", 5, 0, 100}, false, "could not be read"},
		{"n=9;digit=5", usual, false, "could not be read"},
		{"seed=<script>", usual, false, `seed "<script>"`},
	} {
		got, seeded, complaints := ParseLink(test.query, models)
		if got != test.want || seeded != test.seeded {
			t.Errorf("%q gives %+v, seeded %v; want %+v, %v", test.query, got, seeded, test.want, test.seeded)
		}
		if all := strings.Join(complaints, " "); test.complaint == "" && all != "" ||
			!strings.Contains(all, test.complaint) || len(complaints) > 1 {
			t.Errorf("%q: complaints are %q, want one with %q", test.query, complaints, test.complaint)
		}
	}
}

func TestWithDigit(t *testing.T) {
	l := Link{"m", 3, 1, 25}
	if got := l.WithDigit(All); got.N != 30 {
		t.Errorf("25 of one digit become %d of all, want 30", got.N)
	}
	if got := l.WithDigit(4); got.N != 25 {
		t.Errorf("25 of one digit become %d of another", got.N)
	}
}

// FuzzParseLink shows that any query gives a link that can be drawn, and that
// the link's own query gives it back without complaint.
func FuzzParseLink(f *testing.F) {
	f.Add("model=cvae-8&digit=7&seed=42&n=25")
	f.Add("digit=all&n=11&seed=%zz;&=&&n")
	f.Fuzz(func(t *testing.T, query string) {
		l, _, _ := ParseLink(query, models)
		labels, each := l.Labels()
		if len(labels)*each != l.N || l.N < MinDigits || l.N > MaxDigits || !slices.Contains(models, l.Model) {
			t.Fatalf("%q gives %+v", query, l)
		}
		again, seeded, complaints := ParseLink(l.Query(), models)
		if again != l || !seeded || len(complaints) > 0 {
			t.Fatalf("%q came back as %+v, %v, %q", l.Query(), again, seeded, complaints)
		}
	})
}
