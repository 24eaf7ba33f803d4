package timex

import (
	"fmt"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// words makes tokens of a text whose tokens are separated by spaces.
func words(text string) []nlp.Token {
	var toks []nlp.Token
	at := 0
	for _, w := range strings.Fields(text) {
		start := at + strings.Index(text[at:], w)
		toks = append(toks, nlp.Token{Start: start, End: start + len(w), Text: w})
		at = start + len(w)
	}
	return toks
}

var relationNames = [...]string{"on", "since", "until", "before", "after", "by", "asof", "within"}

func TestFind(t *testing.T) {
	anchor := schema.Day(2022, 3, 22) // a Tuesday
	tests := []struct{ text, want string }{
		{"signed on 7 March 2005 in Rome", "on 2005-03-07"},
		{"signed on March 7 , 2005", "on 2005-03-07"},
		{"in March 2005 , the companies", "on 2005-03"},
		{"occupied since 1954", "since 1954"},
		{"ruled from 1945 to 1972", "within 1945/1972"},
		{"held it between 1945 and 1972", "within 1945/1972"},
		{"the 1945 - 1972 period", "within 1945/1972"},
		{"Russia said Monday it was", "on 2022-03-21"},
		{"a debate on March 7 following", "on 2022-03-07"},
		{"in July talks", "on 2021-07"},
		{"in July and August 1974 , Turkey", "on 1974-07; on 1974-08"},
		{"since the early 1990s", "since 199X"},
		{"by the end of 1998", "by 1998"},
		{"in the 19th century", "on 18XX"},
		{"signed in May 1915 and ratified that December", "on 1915-05; on 1915-12"},
		{"seized in August 1969 . The following April they met", "on 1969-08; on 1970-04"},
		{"agreed in October 2004 and ratified the next year", "on 2004-10; on 2005"},
		{"on 3 June 1929 ; on 28 August of that year", "on 1929-06-03; on 1929-08-28"},
		{"signed by Jan Herman van Roijen", ""},
		{"the following year", ""},
		{"as of September 2021 , Colombia", "asof 2021-09"},
		{"last month it said", "on 2022-02"},
		{"two years ago", "on 2020"},
		{"on 2022-03-07", "on 2022-03-07"},
		{"1,100 square kilometers and 2000 troops", ""},
		{"they may march on", ""},
		{"under Article 1970", ""},
		{"around 1900 it fell", "on 1900~"},
		{"until 1999 .", "until 1999"},
		{"independent in 1917 , recognized on 31 December", "on 1917; on 1917-12-31"},
		{"signed in October 1956 and ratified on 3 March", "on 1956-10; on 1957-03-03"},
		{"taken in 2021 and left on 7 March", "on 2021; on 2022-03-07"},
		{"in 2009 ( ratified in 2010 ) and 2014", "on 2009; on 2010; on 2014"},
	}
	for _, tt := range tests {
		var got []string
		for _, e := range Find(words(tt.text), anchor) {
			s := relationNames[e.Relation] + " " + e.Date.String()
			if e.Relation == Within {
				s += "/" + e.End.String()
			}
			got = append(got, s)
		}
		if g := strings.Join(got, "; "); g != tt.want {
			t.Errorf("Find(%q) = %q, want %q", tt.text, g, tt.want)
		}
	}
}

// Without a document date, expressions that need one are left out.
func TestFindWithoutAnchor(t *testing.T) {
	for _, text := range []string{"Russia said Monday", "last month", "in July", "two years ago", "on March 7"} {
		if got := Find(words(text), schema.Date{}); len(got) > 0 {
			t.Errorf("Find(%q) without anchor = %v, want none", text, got)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("from 1945 to 1972 , in March 31 2001 and the end of the mid - 1970s")
	f.Fuzz(func(t *testing.T, text string) {
		toks := words(text)
		last := 0
		for _, e := range Find(toks, schema.Day(2022, 3, 31)) {
			if e.First < last || e.Core < e.First || e.Last <= e.Core || e.Last > len(toks) {
				t.Fatalf("bad range %+v after %d of %d tokens", e, last, len(toks))
			}
			if _, err := schema.ParseDate(e.Date.String()); err != nil {
				t.Fatal(err)
			}
			last = e.Last
			_ = fmt.Sprint(e.Time())
		}
	})
}
