// Package eval measures a pipeline against a treebank, with the definitions of
// the CoNLL 2018 shared task (Zeman et al. 2018).
package eval

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/nlp/conllu"
)

// Ratio is a share of a whole.
type Ratio struct{ Right, Of int }

// Percent returns the share in percent, 0 of an empty whole.
func (r Ratio) Percent() float64 {
	if r.Of == 0 {
		return 0
	}
	return 100 * float64(r.Right) / float64(r.Of)
}

// F1 counts units that the system and the treebank have, and those in both.
type F1 struct{ Right, System, Gold int }

// Precision returns the share of the system's units that are right, in percent.
func (f F1) Precision() float64 { return Ratio{f.Right, f.System}.Percent() }

// Recall returns the share of the treebank's units that were found, in percent.
func (f F1) Recall() float64 { return Ratio{f.Right, f.Gold}.Percent() }

// Percent returns the harmonic mean of precision and recall, in percent.
func (f F1) Percent() float64 { return Ratio{2 * f.Right, f.System + f.Gold}.Percent() }

// Scores are the figures for one treebank.
type Scores struct {
	// From raw text: the spans of sentences and words, and words that are
	// right in both span and annotation.
	Sentences, Words                           F1
	RawUPOS, RawXPOS, RawLemma, RawUAS, RawLAS F1
	GoldSentences, GoldWords                   int
	UPOS, XPOS, Lemma, UAS, LAS                Ratio // from the treebank's own words and sentences
	RawTime                                    time.Duration
	TokensPerSecond                            float64 // raw text to trees
}

// Evaluate parses the treebank twice: its raw text, and its own words. The
// annotation of the treebank is only compared with, never shown to p.
//
// As in the shared task, relations count without their subtypes
// ("nmod:poss" is "nmod") and a lemma "_" in the treebank matches any.
func Evaluate(ctx context.Context, treebank io.Reader, p *nlp.Pipeline) (Scores, error) {
	var sc Scores
	var sents []conllu.Sentence
	for s, err := range conllu.Read(treebank) {
		if err != nil {
			return Scores{}, err
		}
		sents = append(sents, s)
	}
	if len(sents) == 0 {
		return Scores{}, fmt.Errorf("eval: the treebank holds no sentences")
	}
	words := make([]string, 0, 64)
	for i := range sents {
		if err := ctx.Err(); err != nil {
			return Scores{}, err
		}
		s := &sents[i]
		words = words[:0]
		for _, w := range s.Words {
			words = append(words, w.Form)
		}
		got := p.Annotate(words)
		for j, w := range s.Words {
			t := got.Tokens[j]
			count(&sc.UPOS, t.POS == w.UPOS)
			count(&sc.XPOS, t.Tag == w.XPOS)
			count(&sc.Lemma, w.Lemma == "_" || t.Lemma == w.Lemma)
			arc := t.Head+1 == w.Head
			count(&sc.UAS, arc)
			count(&sc.LAS, arc && Universal(t.Rel) == Universal(w.DepRel))
		}
	}
	sc.GoldSentences, sc.GoldWords = len(sents), sc.UPOS.Of
	return sc, raw(ctx, sents, p, &sc)
}

// raw fills in the figures from raw text.
func raw(ctx context.Context, sents []conllu.Sentence, p *nlp.Pipeline, sc *Scores) error {
	type place struct{ sent, word int }
	text, spans := conllu.Text(sents)
	gold := make(map[[2]int]place, sc.GoldWords)
	starts := make(map[[2]int]bool, len(sents))
	for i, ws := range spans {
		for j, sp := range ws {
			gold[sp] = place{i, j}
		}
		if len(ws) > 0 {
			starts[[2]int{ws[0][0], ws[len(ws)-1][1]}] = true
		}
	}
	all := F1{Gold: sc.GoldWords}
	sc.Sentences.Gold = len(sents)
	var right [6]int
	begin := time.Now()
	for s, err := range p.Sentences(ctx, text) {
		if err != nil {
			return err
		}
		sc.Sentences.System++
		if starts[[2]int{s.Start, s.End}] {
			sc.Sentences.Right++
		}
		for _, t := range s.Tokens {
			all.System++
			at, ok := gold[[2]int{t.Start, t.End}]
			if !ok {
				continue
			}
			w := &sents[at.sent].Words[at.word]
			add := func(i int, ok bool) {
				if ok {
					right[i]++
				}
			}
			add(0, true)
			add(1, t.POS == w.UPOS)
			add(2, t.Tag == w.XPOS)
			add(3, w.Lemma == "_" || t.Lemma == w.Lemma)
			arc := t.Head < 0 && w.Head == 0
			if t.Head >= 0 && w.Head > 0 {
				h := s.Tokens[t.Head]
				arc = spans[at.sent][w.Head-1] == [2]int{h.Start, h.End}
			}
			add(4, arc)
			add(5, arc && Universal(t.Rel) == Universal(w.DepRel))
		}
	}
	sc.RawTime = time.Since(begin)
	sc.TokensPerSecond = float64(all.System) / sc.RawTime.Seconds()
	for i, f := range []*F1{&sc.Words, &sc.RawUPOS, &sc.RawXPOS, &sc.RawLemma, &sc.RawUAS, &sc.RawLAS} {
		*f = all
		f.Right = right[i]
	}
	return nil
}

func count(r *Ratio, ok bool) {
	r.Of++
	if ok {
		r.Right++
	}
}

// Universal strips the subtype of a relation: "nmod:poss" becomes "nmod".
func Universal(rel string) string {
	for i := range len(rel) {
		if rel[i] == ':' {
			return rel[:i]
		}
	}
	return rel
}
