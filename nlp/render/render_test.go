package render_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/golden"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
	"github.com/demarcgraph/demarc/nlp/render"
)

// doc is built by hand: the renderers must not depend on what a model says.
func doc() *nlp.Doc {
	text := "Japan claims it <still>.\n\nRussia, too"
	tok := func(start, end int, lemma, tag, pos string, head int, rel string) nlp.Token {
		return nlp.Token{Start: start, End: end, Text: text[start:end], Lemma: lemma, Tag: tag, POS: pos, Head: head, Rel: rel}
	}
	return &nlp.Doc{Text: text, Sentences: []nlp.Sentence{
		{Start: 0, End: 24, Tokens: []nlp.Token{
			tok(0, 5, "Japan", "NNP", "PROPN", 1, "nsubj"),
			tok(6, 12, "claim", "VBZ", "VERB", -1, "root"),
			tok(13, 15, "it", "PRP", "PRON", 1, "obj"),
			tok(16, 23, "<still>", "RB", "ADV", 1, "advmod"),
			tok(23, 24, ".", ".", "PUNCT", 1, "punct"),
		}},
		{Start: 26, End: 37, Tokens: []nlp.Token{
			tok(26, 32, "Russia", "NNP", "PROPN", -1, "root"),
			tok(32, 33, ",", ",", "PUNCT", 0, "punct"),
			tok(34, 37, "too", "RB", "ADV", 0, "advmod"),
		}},
	}}
}

func TestGolden(t *testing.T) {
	d := doc()
	for name, write := range map[string]func(io.Writer) error{
		"doc.conllu": func(w io.Writer) error { return render.CoNLLU(w, d) },
		"doc.tree": func(w io.Writer) error {
			return errors.Join(render.Tree(w, &d.Sentences[0]), render.Tree(w, &d.Sentences[1]))
		},
		"doc.svg": func(w io.Writer) error { return render.SVG(w, &d.Sentences[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := write(&got); err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join("testdata", name), got.Bytes())
		})
	}
}

func TestCoNLLURoundTrip(t *testing.T) {
	d := doc()
	var b bytes.Buffer
	if err := render.CoNLLU(&b, d); err != nil {
		t.Fatal(err)
	}
	var sents []conllu.Sentence
	for s, err := range conllu.Read(&b) {
		if err != nil {
			t.Fatal(err)
		}
		sents = append(sents, s)
	}
	text, _ := conllu.Text(sents)
	if text != d.Text {
		t.Errorf("text is %q after a round trip, want %q", text, d.Text)
	}
}

// Words written as one are a multiword token, which has the spacing; what
// merely touches is not.
func TestCoNLLUMultiword(t *testing.T) {
	for _, c := range []struct {
		words string // parted by a bar where they touch, by a space else; their part of speech after a slash
		want  string // the ranges
	}{
		{"We/PRON do/AUX|n't/PART go/VERB", "2-3 don't"},
		{"could/AUX|n't/PART|'ve/AUX|./PUNCT", "1-3 couldn't've SpaceAfter=No"},
		{"ministers/NOUN|'/PART (/PUNCT|Tokyo/PROPN|’s/PART|)/PUNCT", "1-2 ministers', 4-5 Tokyo’s SpaceAfter=No"},
		{"can/AUX|not/PART do/AUX|n't/PART", "1-2 cannot, 3-4 don't"},
		{"1990/NUM|'s/PART", "1-2 1990's"},
		{"10/NUM|km/NOUN peace/NOUN|-/PUNCT|treaty/NOUN '/PUNCT|so/ADV|'/PUNCT", ""},
	} {
		var d nlp.Doc
		var toks []nlp.Token
		for _, group := range strings.Fields(c.words) {
			if len(toks) > 0 {
				d.Text += " "
			}
			for w := range strings.SplitSeq(group, "|") {
				form, pos, _ := strings.Cut(w, "/")
				start := len(d.Text)
				d.Text += form
				toks = append(toks, nlp.Token{Start: start, End: len(d.Text), Text: form, POS: pos, Head: len(toks) - 1, Rel: "dep"})
			}
		}
		d.Sentences = []nlp.Sentence{{End: len(d.Text), Tokens: toks}}
		var b bytes.Buffer
		if err := render.CoNLLU(&b, &d); err != nil {
			t.Fatal(err)
		}
		var sents []conllu.Sentence
		for s, err := range conllu.Read(&b) {
			if err != nil {
				t.Fatal(err)
			}
			sents = append(sents, s)
		}
		var got []string
		for _, r := range sents[0].Ranges {
			got = append(got, strings.TrimSuffix(fmt.Sprintf("%d-%d %s %s", r.First, r.Last, r.Form, r.Misc), " _"))
			for _, w := range sents[0].Words[r.First-1 : r.Last] {
				if !w.SpaceAfter() {
					t.Errorf("%s: word %s inside a multiword token has spacing", c.words, w.Form)
				}
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: multiword tokens are %q, want %q", c.words, s, c.want)
		}
		if text, _ := conllu.Text(sents); text != d.Text {
			t.Errorf("text is %q after a round trip, want %q", text, d.Text)
		}
	}
}

func TestSVGIsXML(t *testing.T) {
	d := doc()
	d.Sentences[0].Tokens[2].Text = "a&b\x01\xff"
	for i := range d.Sentences {
		var b bytes.Buffer
		if err := render.SVG(&b, &d.Sentences[i]); err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(strings.NewReader(b.String()))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v in\n%s", err, b.String())
			}
		}
	}
	var b bytes.Buffer
	if err := render.SVG(&b, &nlp.Sentence{}); err != nil || !strings.Contains(b.String(), "</svg>") {
		t.Errorf("an empty sentence: %v %q", err, b.String())
	}
}
