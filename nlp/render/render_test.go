package render_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
	"github.com/demarcgraph/demarc/nlp/render"
)

var update = flag.Bool("update", false, "rewrite the golden files")

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
			path := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got:\n%s\nwant (go test -update rewrites it):\n%s", got.String(), want)
			}
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
