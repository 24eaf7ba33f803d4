package segment

import (
	"slices"
	"strings"
	"testing"
)

func TestBlock(t *testing.T) {
	long := strings.Repeat("word ", MaxBlock/4)
	for _, c := range []struct {
		name, text string
		more       bool
		end, next  int
	}{
		{"empty line", "a b\n\nc", false, 3, 5},
		{"blank line", "a b\n \t\r\n\n c", false, 3, 10},
		{"line break", "a\nb", false, 3, 3},
		{"unfinished", "a\nb", true, -1, 0},
		{"paragraph before more", "a\n\nb", true, 1, 3},
		{"too long", long, false, strings.LastIndex(long[:MaxBlock], " "), strings.LastIndex(long[:MaxBlock], " ") + 1},
		{"one word", strings.Repeat("x", 2*MaxBlock), true, MaxBlock, MaxBlock},
		{"starts empty", "\n\nx", false, 0, 2},
	} {
		end, next := Block(c.text, c.more)
		if end != c.end || next != c.next {
			t.Errorf("%s: %d %d, want %d %d", c.name, end, next, c.end, c.next)
		}
	}
	// Characters of several bytes stay whole.
	text := "x" + strings.Repeat("é", MaxBlock)
	if end, _ := Block(text, false); text[end]&0xC0 == 0x80 {
		t.Errorf("the cut at %d is inside a character", end)
	}
}

func TestHardBreaks(t *testing.T) {
	wrapped := "one two three four five six seven eight\nnine ten eleven twelve thirteen fourteen\nfifteen."
	heading := "Heading\none two three four five six seven eight\nnine ten eleven twelve thirteen"
	for _, c := range []struct {
		name, text string
		want       []int
	}{
		{"one line", "one line", nil},
		{"wrapped", wrapped, nil},
		{"heading", heading, []int{7}},
		{"bullets", "one two three four five six\n- seven eight nine ten ele\n- twelve", []int{27, 54}},
		{"indented", "one two three four five six\n    seven eight nine ten", []int{27}},
		{"not wrapped", strings.Repeat("x ", 100) + "\nnext", []int{200}},
	} {
		if got := hardBreaks(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// cut makes tokens of the text's words and splits the notes in it.
func cut(text string) []string {
	var s Scratch
	at := 0
	for _, w := range strings.Fields(text) {
		i := at + strings.Index(text[at:], w)
		at = i + len(w)
		s.tokens = append(s.tokens, Span{i, at})
	}
	s.ends = append(s.ends, len(s.tokens))
	s.splitNotes(text)
	var out []string
	first := 0
	for _, e := range s.ends {
		out = append(out, text[s.tokens[first].Start:s.tokens[e-1].End])
		first = e
	}
	return out
}

func TestNotes(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"claims the islands ; no talks since 1994", []string{"claims the islands ;", "no talks since 1994"}},
		{"Chad - Niger : claims the lake ; no talks .", []string{"Chad - Niger :", "claims the lake ;", "no talks ."}},
		{"It claims them ; they do not care .", []string{"It claims them ; they do not care ."}},
		{"claims ( A ; B ) ; holds \" C ; D \"", []string{"claims ( A ; B ) ;", "holds \" C ; D \""}},
		{"claims A ; and B", []string{"claims A ; and B"}},
		{"Niger : claims A ; holds B", []string{"Niger :", "claims A ;", "holds B"}},
		{"The rule : Claims end .", []string{"The rule : Claims end ."}},
		{"; ; x", []string{"; ;", "x"}},
		{"Aland and Beland / Celand : none", []string{"Aland and Beland / Celand :", "none"}},
		{"no heading - here : none", []string{"no heading - here : none"}},
	} {
		if got := cut(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	var s Scratch
	s.splitNotes("")
}
