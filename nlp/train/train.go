// Package train learns the models of package nlp from treebanks in CoNLL-U.
// The same treebanks, in the same order, and the same options give the same
// bytes.
package train

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/demarcgraph/demarc/nlp/conllu"
	"github.com/demarcgraph/demarc/nlp/internal/blob"
	"github.com/demarcgraph/demarc/nlp/internal/lemma"
	"github.com/demarcgraph/demarc/nlp/internal/model"
	"github.com/demarcgraph/demarc/nlp/internal/parser"
	"github.com/demarcgraph/demarc/nlp/internal/segment"
	"github.com/demarcgraph/demarc/nlp/internal/tagger"
)

// FileName is the name that nlp.Load looks for.
const FileName = model.FileName

// Options are the settings of a training run. The zero value of a field means
// its default.
type Options struct {
	Seed   uint64
	Log    func(format string, args ...any) // hears of the progress; may be nil
	Epochs int                              // passes over the data for the parser, default 10
}

// Train learns a model from treebanks, each a list of sentences.
func Train(ctx context.Context, treebanks [][]conllu.Sentence, o Options) ([]byte, error) {
	if o.Epochs == 0 {
		o.Epochs = 10
	}
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	var all []conllu.Sentence
	var paras []segment.Gold
	for _, t := range treebanks {
		all = append(all, t...)
		paras = append(paras, paragraphs(t)...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("train: the treebanks hold no sentences")
	}
	m := &model.Model{}
	o.Log("segmenter: %d paragraphs", len(paras))
	m.Segment = segment.Train(paras, 10, o.Seed)

	var lemmas []lemma.Gold
	for _, s := range all {
		for _, w := range s.Words {
			lemmas = append(lemmas, lemma.Gold{Form: w.Form, Tag: w.XPOS, POS: w.UPOS, Lemma: w.Lemma})
		}
	}
	m.Lemma = lemma.Train(lemmas)

	gold := make([]tagger.Gold, len(all))
	for i, s := range all {
		for _, w := range s.Words {
			gold[i].Words = append(gold[i].Words, w.Form)
			gold[i].Tags = append(gold[i].Tags, w.XPOS)
			gold[i].POS = append(gold[i].POS, w.UPOS)
		}
	}
	o.Log("tagger: %d sentences", len(gold))
	const bits = 20
	m.Tagger = tagger.Train(gold, 8, bits, o.Seed)
	o.Log("jack-knifed tags")
	trees := jackknife(gold, all, bits, o.Seed)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.Log("parser")
	m.Parser = parser.Train(trees, o.Epochs, 22, o.Seed)
	var w blob.Writer
	m.Encode(&w)
	return w.Bytes(), nil
}

// jackknife tags each part of the data with a tagger that has not seen it, so
// that the parser learns from tags as bad as those it will meet.
func jackknife(gold []tagger.Gold, all []conllu.Sentence, bits int, seed uint64) []parser.Gold {
	const folds = 5
	trees := make([]parser.Gold, len(all))
	rng := rand.New(rand.NewPCG(seed, 4))
	fold := make([]int, len(all))
	for i := range fold {
		fold[i] = rng.IntN(folds)
	}
	for k := range folds {
		var part []tagger.Gold
		for i, g := range gold {
			if fold[i] != k {
				part = append(part, g)
			}
		}
		t := tagger.Train(part, 4, bits, seed)
		var s tagger.Scratch
		for i, g := range gold {
			if fold[i] != k {
				continue
			}
			class := make([]int, len(g.Words))
			t.Tag(g.Words, class, &s)
			tags := make([]model.Annotation, len(class))
			for j, c := range class {
				tags[j] = model.Annotation{Tag: t.Tags[c], POS: t.POS[c]}
			}
			model.Inputs(g.Words, tags, &trees[i].In)
			for _, w := range all[i].Words {
				trees[i].Heads = append(trees[i].Heads, w.Head-1)
				trees[i].Labels = append(trees[i].Labels, w.DepRel)
			}
		}
	}
	return trees
}

// paragraphs turns a treebank into the segmenter's training data.
func paragraphs(sents []conllu.Sentence) []segment.Gold {
	var out []segment.Gold
	for i := 0; i < len(sents); {
		j := i + 1
		for j < len(sents) && !sents[j].StartsParagraph() {
			j++
		}
		text, spans := conllu.Text(sents[i:j])
		g := segment.Gold{Text: text}
		for _, s := range spans {
			for _, t := range s {
				g.Tokens = append(g.Tokens, segment.Span{Start: t[0], End: t[1]})
			}
			g.Ends = append(g.Ends, len(g.Tokens))
		}
		out = append(out, g)
		i = j
	}
	return out
}
