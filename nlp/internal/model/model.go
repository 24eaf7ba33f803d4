// Package model puts the trained parts together into the one file that is
// shipped.
package model

import (
	"errors"
	"slices"
	"sync"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
	"github.com/demarcgraph/demarc/nlp/internal/lemma"
	"github.com/demarcgraph/demarc/nlp/internal/neural"
	"github.com/demarcgraph/demarc/nlp/internal/segment"
	"github.com/demarcgraph/demarc/nlp/internal/tagger"
)

// FileName is the model's name in the folder of models.
const FileName = "english.model"

const magic = "demarc nlp 3\n"

// Model is everything that was learnt. It is read-only and safe to share.
type Model struct {
	Segment *segment.Model
	Tagger  *tagger.Model
	Net     *neural.Net
	Lemma   *lemma.Model
}

// The sections of the file, in order. A section can be carried over from one
// model to another as it is.
const (
	segmentSection = iota
	taggerSection
	netSection
	lemmaSection
	sections
)

// Encode returns the model's file.
func (m *Model) Encode() []byte {
	var parts [sections]blob.Writer
	m.Segment.Encode(&parts[segmentSection])
	m.Tagger.Encode(&parts[taggerSection])
	m.Net.Encode(&parts[netSection])
	m.Lemma.Encode(&parts[lemmaSection])
	var w blob.Writer
	w.String(magic)
	for i := range parts {
		w.Section(parts[i].Bytes())
	}
	return w.Bytes()
}

func split(data []byte) (parts [sections][]byte, err error) {
	r := blob.NewReader(data)
	if r.String() != magic {
		return parts, errors.New("not a model, or of another version")
	}
	for i := range parts {
		parts[i] = r.Section()
	}
	return parts, r.Err()
}

// Decode reads a model's file. It keeps nothing of data.
func Decode(data []byte) (*Model, error) {
	parts, err := split(data)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	var wg sync.WaitGroup
	var errs [sections]error
	wg.Go(func() { m.Segment, errs[segmentSection] = segment.Decode(blob.NewReader(parts[segmentSection])) })
	wg.Go(func() { m.Net, errs[netSection] = neural.Decode(blob.NewReader(parts[netSection])) })
	wg.Go(func() { m.Lemma, errs[lemmaSection] = lemma.Decode(blob.NewReader(parts[lemmaSection])) })
	m.Tagger, errs[taggerSection] = tagger.Decode(blob.NewReader(parts[taggerSection]))
	wg.Wait()
	return m, errors.Join(errs[:]...)
}

// Refit returns the file of base with the segmenter and lemmatizer of m in it.
func (m *Model) Refit(base []byte) ([]byte, error) {
	parts, err := split(base)
	if err != nil {
		return nil, err
	}
	var seg, lem, w blob.Writer
	m.Segment.Encode(&seg)
	m.Lemma.Encode(&lem)
	parts[segmentSection], parts[lemmaSection] = seg.Bytes(), lem.Bytes()
	w.String(magic)
	for _, p := range parts {
		w.Section(p)
	}
	return w.Bytes(), nil
}

// Annotation is what the model says of one word.
type Annotation struct {
	Tag, POS string
	Head     int // -1 for the root
	Rel      string
}

// Scratch holds buffers that calls reuse.
type Scratch struct {
	tag   tagger.Scratch
	net   neural.Scratch
	class []int
	res   []neural.Result
	out   []Annotation
}

// Annotate tags and parses sentences laid one after the other: sentence i has
// the words offs[i]:offs[i+1]. The result is valid until the next call with the
// same scratch.
func (m *Model) Annotate(words []string, offs []int, s *Scratch) []Annotation {
	n := len(words)
	s.class = slices.Grow(s.class[:0], n)[:n]
	s.out = slices.Grow(s.out[:0], n)[:n]
	for i := range len(offs) - 1 {
		m.Tagger.Tag(words[offs[i]:offs[i+1]], s.class[offs[i]:offs[i+1]], &s.tag)
	}
	s.res = m.Net.Parse(words, s.class, offs, &s.net, s.res)
	for i, r := range s.res {
		s.out[i] = Annotation{Tag: m.Net.Tags[r.Tag], POS: m.Net.POS[r.Tag], Head: r.Head, Rel: m.Net.Labels[r.Label]}
	}
	return s.out
}
