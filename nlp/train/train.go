// Package train learns the models of package nlp from treebanks in CoNLL-U.
// The same treebanks, in the same order, and the same options give the same
// bytes.
package train

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/demarcgraph/demarc/nlp/conllu"
	"github.com/demarcgraph/demarc/nlp/internal/lemma"
	"github.com/demarcgraph/demarc/nlp/internal/model"
	"github.com/demarcgraph/demarc/nlp/internal/neural"
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
	Epochs int                              // passes over the data for the network, default 18
	Base   []byte                           // a model whose tagger and network are taken over; nil learns them, too
	Dev    []conllu.Sentence                // measured after each pass, never learnt from; may be nil
}

// Train learns a model from treebanks, each a list of sentences.
func Train(ctx context.Context, treebanks [][]conllu.Sentence, o Options) ([]byte, error) {
	if o.Epochs == 0 {
		o.Epochs = 18
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

	if o.Base != nil {
		data, err := m.Refit(o.Base)
		if err != nil {
			return nil, fmt.Errorf("train: the model to build on: %w", err)
		}
		return data, nil
	}

	all = append(all, telegrams(all, o.Seed)...)
	gold := make([]tagger.Gold, len(all))
	for i, s := range all {
		for _, w := range s.Words {
			gold[i].Words = append(gold[i].Words, w.Form)
			gold[i].Tags = append(gold[i].Tags, w.XPOS)
			gold[i].POS = append(gold[i].POS, w.UPOS)
		}
	}
	o.Log("tagger: %d sentences, telegrams among them", len(gold))
	m.Tagger = tagger.Train(gold, 8, o.Seed)
	o.Log("jack-knifed tags")
	trees := trees(all, m.Tagger)
	jackknife(gold, trees, m.Tagger, o.Seed)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.Log("network")
	var err error
	m.Net, err = neural.Train(ctx, trees, neural.Config{
		Tags: m.Tagger.Tags, POS: m.Tagger.POS,
		Epochs: o.Epochs, Batch: 600, Rate: 2e-3, Dropout: 0.33, Seed: o.Seed, Log: o.Log,
		Each: func(epoch int, n *neural.Net) {
			if o.Dev != nil {
				m.Net = n
				o.Log("%s", measure(m, o.Dev))
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return m.Encode(), nil
}

// measure scores the model on a treebank, for the log.
func measure(m *model.Model, dev []conllu.Sentence) string {
	var s model.Scratch
	var words []string
	var n, pos, tag, arc, rel float64
	for _, d := range dev {
		words = words[:0]
		for _, w := range d.Words {
			words = append(words, w.Form)
		}
		for i, a := range m.Annotate(words, []int{0, len(words)}, &s) {
			w := d.Words[i]
			n++
			if a.POS == w.UPOS {
				pos++
			}
			if a.Tag == w.XPOS {
				tag++
			}
			if a.Head+1 == w.Head {
				arc++
				u, _, _ := strings.Cut(a.Rel, ":")
				v, _, _ := strings.Cut(w.DepRel, ":")
				if u == v {
					rel++
				}
			}
		}
	}
	return fmt.Sprintf("UPOS %.2f XPOS %.2f UAS %.2f LAS %.2f", 100*pos/n, 100*tag/n, 100*arc/n, 100*rel/n)
}

// trees turns a treebank into the network's training data, all but the guessed
// tags.
func trees(all []conllu.Sentence, t *tagger.Model) []neural.Gold {
	class := map[string]int{}
	for i := range t.Tags {
		class[t.Tags[i]+"\t"+t.POS[i]] = i
	}
	out := make([]neural.Gold, len(all))
	for i, s := range all {
		g := &out[i]
		for _, w := range s.Words {
			c, ok := class[w.XPOS+"\t"+w.UPOS]
			if !ok {
				c = -1
			}
			g.Words = append(g.Words, w.Form)
			g.Tags = append(g.Tags, c)
			g.Heads = append(g.Heads, w.Head-1)
			g.Labels = append(g.Labels, w.DepRel)
		}
	}
	return out
}

// jackknife has each part of the data tagged by a tagger that has not seen it,
// so that the network learns from tags as bad as those it will meet.
func jackknife(gold []tagger.Gold, trees []neural.Gold, t *tagger.Model, seed uint64) {
	const folds = 5
	class := map[string]int{}
	for i := range t.Tags {
		class[t.Tags[i]+"\t"+t.POS[i]] = i
	}
	rng := rand.New(rand.NewPCG(seed, 4))
	fold := make([]int, len(gold))
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
		fm := tagger.Train(part, 5, seed)
		var s tagger.Scratch
		for i, g := range gold {
			if fold[i] != k {
				continue
			}
			out := make([]int, len(g.Words))
			fm.Tag(g.Words, out, &s)
			for j, c := range out {
				out[j] = class[fm.Tags[c]+"\t"+fm.POS[c]]
			}
			trees[i].Guess = out
		}
	}
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
