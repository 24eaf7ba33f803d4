package tagger

import (
	"bytes"
	"slices"
	"testing"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
)

func data() []Gold {
	var out []Gold
	for _, name := range []string{"Japan", "Russia", "Chad", "Niger", "Peru"} {
		for _, verb := range []string{"claims", "holds", "wants"} {
			out = append(out,
				Gold{[]string{name, verb, "islands", "."}, []string{"NNP", "VBZ", "NNS", "."}, []string{"PROPN", "VERB", "NOUN", "PUNCT"}},
				Gold{[]string{"the", verb, "of", name, "."}, []string{"DT", "NNS", "IN", "NNP", "."}, []string{"DET", "NOUN", "ADP", "PROPN", "PUNCT"}})
		}
	}
	return out
}

func tags(m *Model, words ...string) []string {
	out := make([]int, len(words))
	var s Scratch
	m.Tag(words, out, &s)
	var tags []string
	for _, c := range out {
		tags = append(tags, m.Tags[c]+"/"+m.POS[c])
	}
	return tags
}

func TestTag(t *testing.T) {
	m := Train(data(), 5, 1)
	var w blob.Writer
	m.Encode(&w)
	back, err := Decode(blob.NewReader(w.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var again blob.Writer
	back.Encode(&again)
	if !bytes.Equal(w.Bytes(), again.Bytes()) {
		t.Error("the model changes on its way through a file")
	}
	for _, m := range []*Model{m, back} {
		// The same word, told apart by what stands before it.
		if got := tags(m, "Tonga", "claims", "islands", "."); !slices.Equal(got, []string{"NNP/PROPN", "VBZ/VERB", "NNS/NOUN", "./PUNCT"}) {
			t.Errorf("verb: %v", got)
		}
		if got := tags(m, "the", "claims", "of", "Tonga", "."); !slices.Equal(got, []string{"DT/DET", "NNS/NOUN", "IN/ADP", "NNP/PROPN", "./PUNCT"}) {
			t.Errorf("noun: %v", got)
		}
		if got := tags(m); len(got) != 0 {
			t.Errorf("no words: %v", got)
		}
	}
	for n := 0; n < len(w.Bytes()); n += 211 {
		if _, err := Decode(blob.NewReader(w.Bytes()[:n])); err == nil {
			t.Errorf("a model cut at %d bytes is read without error", n)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{"Treaty": "Treaty", "1956": "0000", "’s": "'s", "“": "\"", "10–12": "00-00", "é": "é", "\xff": "\uFFFD"} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}
