package eval_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
	"github.com/demarcgraph/demarc/nlp/eval"
)

// shared finds a file of the folder beside the repository that holds what is
// not shipped.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("DEMARC_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no treebank: %v; set DEMARC_SHARED to the folder that holds it", err)
	}
	return path
}

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
			f, err := conllu.Open(shared(t, "treebank/"+bank.name+".conllu.gz"))
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
