// Package model puts the trained parts together into the one file that is
// shipped.
package model

import (
	"errors"
	"slices"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
	"github.com/demarcgraph/demarc/nlp/internal/lemma"
	"github.com/demarcgraph/demarc/nlp/internal/linear"
	"github.com/demarcgraph/demarc/nlp/internal/parser"
	"github.com/demarcgraph/demarc/nlp/internal/segment"
	"github.com/demarcgraph/demarc/nlp/internal/tagger"
)

// FileName is the model's name in the folder of models.
const FileName = "english.model"

const magic = "demarc nlp 1\n"

// Model is everything that was learnt. It is read-only and safe to share.
type Model struct {
	Segment *segment.Model
	Tagger  *tagger.Model
	Parser  *parser.Model
	Lemma   *lemma.Model
}

// Encode writes the model.
func (m *Model) Encode(w *blob.Writer) {
	w.String(magic)
	m.Segment.Encode(w)
	m.Tagger.Encode(w)
	m.Parser.Encode(w)
	m.Lemma.Encode(w)
}

// Decode reads a model.
func Decode(r *blob.Reader) (*Model, error) {
	if r.String() != magic {
		return nil, errors.New("not a model, or of another version")
	}
	m := &Model{}
	var err error
	if m.Segment, err = segment.Decode(r); err != nil {
		return nil, err
	}
	if m.Tagger, err = tagger.Decode(r); err != nil {
		return nil, err
	}
	if m.Parser, err = parser.Decode(r); err != nil {
		return nil, err
	}
	if m.Lemma, err = lemma.Decode(r); err != nil {
		return nil, err
	}
	return m, nil
}

// Annotation is what the model says of one word.
type Annotation struct {
	Tag, POS string
	Head     int // -1 for the root
	Rel      string
}

// Scratch holds buffers that calls reuse.
type Scratch struct {
	tag           tagger.Scratch
	parse         parser.Scratch
	class         []int
	heads, labels []int
	in            parser.Input
	out           []Annotation
}

// Annotate tags and parses the words of one sentence. The result is valid
// until the next call with the same scratch.
func (m *Model) Annotate(words []string, s *Scratch) []Annotation {
	n := len(words)
	s.class = slices.Grow(s.class[:0], n)[:n]
	s.heads = slices.Grow(s.heads[:0], n)[:n]
	s.labels = slices.Grow(s.labels[:0], n)[:n]
	s.out = slices.Grow(s.out[:0], n)[:n]
	m.Tagger.Tag(words, s.class, &s.tag)
	for i, c := range s.class {
		s.out[i] = Annotation{Tag: m.Tagger.Tags[c], POS: m.Tagger.POS[c]}
	}
	Inputs(words, s.out, &s.in)
	m.Parser.Parse(&s.in, s.heads, s.labels, &s.parse)
	for i := range s.out {
		s.out[i].Head, s.out[i].Rel = s.heads[i], m.Parser.Labels[s.labels[i]]
	}
	return s.out
}

// Inputs fills in with what the parser sees of tagged words.
func Inputs(words []string, tags []Annotation, in *parser.Input) {
	in.Lower, in.Tag, in.Suffix, in.Word = in.Lower[:0], in.Tag[:0], in.Suffix[:0], in.Word[:0]
	for i, w := range words {
		low := linear.Hash(tagger.Lower(w))
		in.Word = append(in.Word, low)
		in.Lower = append(in.Lower, low)
		in.Tag = append(in.Tag, linear.Mix(linear.Hash(tags[i].Tag), linear.Hash(tags[i].POS)))
		in.Suffix = append(in.Suffix, linear.Hash(w[max(0, len(w)-3):]))
	}
}
