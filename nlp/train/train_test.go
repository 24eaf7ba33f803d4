package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
)

// bank is a little treebank: states that claim, hold or want islands.
func bank(t *testing.T) []conllu.Sentence {
	t.Helper()
	var b strings.Builder
	for _, state := range []string{"Ruritania", "Graustark", "Syldavia", "Borduria", "Zenda"} {
		for _, verb := range []string{"claims", "holds", "wants", "seizes"} {
			for _, thing := range []string{"islands", "rivers"} {
				fmt.Fprintf(&b, "# newpar\n1\t%s\t%s\tPROPN\tNNP\t_\t2\tnsubj\t_\t_\n", state, state)
				fmt.Fprintf(&b, "2\t%s\t%s\tVERB\tVBZ\t_\t0\troot\t_\t_\n", verb, strings.TrimSuffix(verb, "s"))
				fmt.Fprintf(&b, "3\t%s\t%s\tNOUN\tNNS\t_\t2\tobj\t_\tSpaceAfter=No\n", thing, strings.TrimSuffix(thing, "s"))
				fmt.Fprintf(&b, "4\t%s\t%s\tPUNCT\t.\t_\t2\tpunct\t_\t_\n\n", ".", ".")
			}
		}
	}
	var out []conllu.Sentence
	for s, err := range conllu.Read(strings.NewReader(b.String())) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func TestTrain(t *testing.T) {
	sents := bank(t)
	o := Options{Seed: 3, Epochs: 100}
	first, err := Train(context.Background(), [][]conllu.Sentence{sents}, o)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Train(context.Background(), [][]conllu.Sentence{bank(t)}, o)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same data and seed give different bytes")
	}
	o.Seed = 4
	other, err := Train(context.Background(), [][]conllu.Sentence{sents}, o)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(first, other) {
		t.Error("another seed gives the same bytes")
	}
	refit, err := Train(context.Background(), [][]conllu.Sentence{sents}, Options{Seed: 3, Base: first})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, refit) {
		t.Error("learning the quick parts anew from the same data changes the model")
	}

	p, err := nlp.Load(fstest.MapFS{FileName: &fstest.MapFile{Data: first}})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := p.Parse(context.Background(), "Atlantis claims rivers.")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range doc.Sentences[0].Tokens {
		got = append(got, fmt.Sprint(w.Text, " ", w.Lemma, " ", w.Tag, " ", w.Rel, " ", w.Head))
	}
	want := "Atlantis Atlantis NNP nsubj 1|claims claim VBZ root -1|rivers river NNS obj 1|. . . punct 1"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestTrainErrors(t *testing.T) {
	if _, err := Train(context.Background(), nil, Options{}); err == nil {
		t.Error("no error without sentences")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(ctx, [][]conllu.Sentence{bank(t)}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Train(context.Background(), [][]conllu.Sentence{bank(t)}, Options{Base: []byte("x")}); err == nil {
		t.Error("no error for a base that is no model")
	}
}

func TestTelegram(t *testing.T) {
	s := bank(t)[0]
	if n := subject(&s); n != 1 {
		t.Fatalf("the subject has %d words, want 1", n)
	}
	got := plain(&s, 1)
	var words []string
	for _, w := range got.Words {
		words = append(words, fmt.Sprint(w.Form, w.Head))
	}
	if want := "claims0 islands1"; strings.Join(words, " ") != want {
		t.Errorf("got %v, want %s", words, want)
	}
	if s.Words[2].Head != 2 {
		t.Error("the sentence itself has changed")
	}
	if n := subject(&got); n != 0 {
		t.Errorf("a telegram has a subject of %d words", n)
	}
}
