package lemma

import (
	"bytes"
	"testing"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
)

func TestLemma(t *testing.T) {
	var data []Gold
	add := func(pos, tag string, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			data = append(data, Gold{Form: pairs[i], Tag: tag, POS: pos, Lemma: pairs[i+1]})
		}
	}
	add("NOUN", "NNS", "islands", "island", "claims", "claim", "treaties", "treaty", "cities", "city", "states", "state", "men", "man", "boundaries", "boundary")
	add("NOUN", "NN", "island", "island", "Treaty", "treaty")
	add("VERB", "VBD", "claimed", "claim", "seized", "seize", "signed", "sign", "handed", "hand", "went", "go", "occupied", "occupy", "carried", "carry")
	add("PROPN", "NNP", "Japan", "Japan", "Habomai", "Habomai")
	m := Train(data)
	for i := range 2 {
		for _, c := range []struct{ form, tag, pos, want string }{
			{"men", "NNS", "NOUN", "man"},
			{"Men", "NNS", "NOUN", "man"},
			{"countries", "NNS", "NOUN", "country"},
			{"disputes", "NNS", "NOUN", "dispute"},
			{"Disputes", "NNS", "NOUN", "dispute"},
			{"went", "VBD", "VERB", "go"},
			{"ended", "VBD", "VERB", "end"},
			{"married", "VBD", "VERB", "marry"},
			{"Shikotan", "NNP", "PROPN", "Shikotan"},
			{"Ærø", "FW", "X", "ærø"},
			{"", "NN", "NOUN", ""},
		} {
			if got := m.Lemma(c.form, c.tag, c.pos); got != c.want {
				t.Errorf("pass %d: lemma of %s/%s is %q, want %q", i, c.form, c.tag, got, c.want)
			}
		}
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
		m = back
	}
}
