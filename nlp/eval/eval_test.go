package eval_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/shared"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
	"github.com/demarcgraph/demarc/nlp/eval"
	"github.com/demarcgraph/demarc/nlp/render"
)

func TestFloors(t *testing.T) {
	models := os.Getenv("DEMARC_MODELS")
	if models == "" {
		models = "../../data/models"
	}
	p, err := nlp.Load(os.DirFS(models))
	if err != nil {
		t.Fatal(err)
	}
	for _, bank := range []struct {
		name      string
		sentences float64
	}{{"en_ewt-dev", 80}, {"en_gum-dev", 90}} {
		t.Run(bank.name, func(t *testing.T) {
			f, err := conllu.Open(shared.Path(t, "treebank", bank.name+".conllu.gz"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			s, err := eval.Evaluate(context.Background(), f, p)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				what       string
				got, floor float64
			}{
				{"sentence F1", s.Sentences.Percent(), bank.sentences},
				{"word F1", s.Words.Percent(), 99},
				{"UPOS", s.UPOS.Percent(), 95},
				{"XPOS", s.XPOS.Percent(), 94.5},
				{"lemma", s.Lemma.Percent(), 95},
				{"UAS", s.UAS.Percent(), 86},
				{"LAS", s.LAS.Percent(), 82.5},
			} {
				t.Logf("%-11s %6.2f", c.what, c.got)
				if c.got < c.floor {
					t.Errorf("%s %.2f is under the floor %.2f", c.what, c.got, c.floor)
				}
			}
			t.Logf("raw UAS %.2f LAS %.2f, %.0f tokens/s", s.RawUAS.Percent(), s.RawLAS.Percent(), s.TokensPerSecond)
		})
	}
}

// A treebank that the pipeline itself wrote must score full marks, and one with
// known faults must lose exactly those.
func TestEvaluate(t *testing.T) {
	p, err := nlp.Load(os.DirFS("../../data/models"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := p.Parse(context.Background(), "The islands were seized in 1931.\n\nNo treaty was signed.")
	if err != nil {
		t.Fatal(err)
	}
	var bank bytes.Buffer
	if err := render.CoNLLU(&bank, doc); err != nil {
		t.Fatal(err)
	}
	s, err := eval.Evaluate(context.Background(), strings.NewReader(bank.String()), p)
	if err != nil {
		t.Fatal(err)
	}
	if s.GoldSentences != 2 || s.GoldWords != 12 {
		t.Errorf("%d sentences of %d words", s.GoldSentences, s.GoldWords)
	}
	for what, got := range map[string]float64{
		"sentences": s.Sentences.Percent(), "words": s.Words.Percent(), "UPOS": s.UPOS.Percent(), "XPOS": s.XPOS.Percent(),
		"lemma": s.Lemma.Percent(), "UAS": s.UAS.Percent(), "LAS": s.LAS.Percent(), "raw LAS": s.RawLAS.Percent(), "raw UPOS": s.RawUPOS.Percent(),
	} {
		if got != 100 {
			t.Errorf("%s of the pipeline's own output: %.2f", what, got)
		}
	}
	wrong := strings.NewReplacer("\tseize\t", "\tsieze\t", "\tnsubj:pass\t", "\tobj\t", "\taux:pass\t", "\taux\t").Replace(bank.String())
	if s, err = eval.Evaluate(context.Background(), strings.NewReader(wrong), p); err != nil {
		t.Fatal(err)
	}
	if s.Lemma.Right != 11 || s.UAS.Right != 12 || s.LAS.Right != 10 || s.RawLAS.Right != 10 {
		t.Errorf("lemma %v, UAS %v, LAS %v, raw LAS %v; want 11, 12, 10 and 10 right (a subtype is no fault)", s.Lemma, s.UAS, s.LAS, s.RawLAS)
	}
	if _, err := eval.Evaluate(context.Background(), strings.NewReader(""), p); err == nil {
		t.Error("an empty treebank gives no error")
	}
	if _, err := eval.Evaluate(context.Background(), strings.NewReader("1\tx\n"), p); err == nil {
		t.Error("a broken treebank gives no error")
	}
}
