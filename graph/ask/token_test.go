package ask

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestTokenize(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Who claims the Northern Territories?", "Who|claims|the|Northern|Territories|?"},
		{"Japan's claim", "Japan|'s|claim"},
		{"the countries’ claims", "the|countries|’|claims"},
		{"Who doesn't recognise it?", "Who|does|n't|recognise|it|?"},
		{"can’t", "can|’t"},
		{"the U.S. and 1,100 sq km", "the|U.S.|and|1,100|sq|km"},
		{"Nagorno-Karabakh", "Nagorno|-|Karabakh"},
		{"N'Djamena", "N'Djamena"},
		{"Erdoğan’s", "Erdoğan|’s"},
		{"a\x00b\tc", "a|b|c"},
		{"", ""},
	} {
		var got []string
		for _, tok := range tokenize(test.text) {
			got = append(got, tok.text)
			if test.text[tok.start:tok.end] != tok.text {
				t.Errorf("%q: token %+v is not where it says", test.text, tok)
			}
		}
		if s := strings.Join(got, "|"); s != test.want {
			t.Errorf("%q: is %s, want %s", test.text, s, test.want)
		}
	}
}

func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"Japan's", "can't", "U.S.", "a\xffb", "’’s", "n't", "1,2.3", "-'-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, tok := range tokenize(s) {
			if tok.start < end || tok.end <= tok.start || s[tok.start:tok.end] != tok.text {
				t.Fatalf("%q: token %+v after %d", s, tok, end)
			}
			for _, r := range s[end:tok.start] {
				if unicode.IsLetter(r) {
					t.Fatalf("%q: %q is in no token", s, r)
				}
			}
			end = tok.end
		}
	})
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		a, b  string
		limit int
		want  bool
	}{
		{"bajo neuvo", "bajo nuevo", 1, true}, // letters exchanged
		{"kishda", "kishida", 1, true},        // one left out
		{"tadjikistan", "tajikistan", 1, true},
		{"spratleys", "spratlys", 1, true},
		{"chad", "chile", 1, false},
		{"niger", "nigeria", 1, false},
		{"niger", "nigeria", 2, true},
		{"", "ab", 1, false},
	} {
		if got := within(test.a, test.b, test.limit); got != test.want {
			t.Errorf("within(%q, %q, %d) is %v", test.a, test.b, test.limit, got)
		}
		if got := within(test.b, test.a, test.limit); got != test.want {
			t.Errorf("within(%q, %q, %d) is %v", test.b, test.a, test.limit, got)
		}
	}
}

func TestVerbForms(t *testing.T) {
	x := &lexicon{past: map[string]bool{}, words: words{Irregular: map[string][]string{"take": {"took", "taken"}}}}
	for _, test := range []struct{ verb, want string }{
		{"claim", "claim claimed claiming claims"},
		{"seize", "seize seized seizes seizing"},
		{"occupy", "occupied occupies occupy occupying"},
		{"annex", "annex annexed annexes annexing"},
		{"recognize", "recognise recognised recognises recognising recognize recognized recognizes recognizing"},
		{"take", "take taken takes taking took"},
		{"grab", "grab grabbed grabbing grabs"},
	} {
		got := x.verbForms(test.verb)
		for _, w := range strings.Fields(test.want) {
			if !slices.Contains(got, w) {
				t.Errorf("%s: no %s in %v", test.verb, w, got)
			}
		}
	}
}

func TestCause(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Talks ended due to a tough response.", "a tough response"},
		{"It was put off because of rain, and nobody came.", "rain"},
		{"They left because the other side had, they said, lied; more followed", "the other side had, they said, lied"},
		{"Talks ended in March.", ""},
		{"because of.", ""},
	} {
		s, e, ok := behind(causeMark(), test.text)
		if got := test.text[s:e]; ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%q: is %q, want %q", test.text, got, test.want)
		}
	}
}

func TestMeasure(t *testing.T) {
	for _, test := range []struct{ text, unit, want string }{
		{"ceded approximately 1,100 square kilometers in the Pamirs", "square kilometre", "1100"},
		{"786 sq km went to one and 277 sq km to the other", "square kilometre", "786"},
		{"2.5 million people live there", "people", "2500000"},
		{"4.6 square kilometres", "mile", ""},
	} {
		if got, ok := measure(test.text, test.unit, nil); got != test.want || ok != (test.want != "") {
			t.Errorf("%q in %s: is %q, want %q", test.text, test.unit, got, test.want)
		}
	}
}
