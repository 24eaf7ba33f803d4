// Package tagger gives each word its Penn tag and universal part of speech,
// from left to right, with a linear classifier.
package tagger

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
	"github.com/demarcgraph/demarc/nlp/internal/linear"
)

// Model is a trained tagger. It is read-only and safe to share. A class is a
// pair of Penn tag and universal part of speech.
type Model struct {
	Tags, POS []string // by class
	// kinds says of the frequent words, by the hash of their lower-cased form,
	// which tags they take: words that take the same tags are of one kind.
	kinds   map[uint64]uint64
	weights *linear.Model
}

// Encode writes the model.
func (m *Model) Encode(w *blob.Writer) {
	w.Strings(m.Tags)
	w.Strings(m.POS)
	words := slices.Sorted(maps.Keys(m.kinds))
	w.Int(len(words))
	for _, h := range words {
		w.Uint64(h)
		w.Int(int(m.kinds[h]))
	}
	m.weights.Encode(w)
}

// Decode reads a model.
func Decode(r *blob.Reader) (*Model, error) {
	m := &Model{Tags: r.Strings(), POS: r.Strings()}
	n := r.Count(9)
	m.kinds = make(map[uint64]uint64, n)
	for range n {
		h := r.Uint64()
		m.kinds[h] = uint64(r.Int())
	}
	var err error
	if m.weights, err = linear.Decode(r); err != nil {
		return nil, err
	}
	if len(m.Tags) != len(m.POS) || len(m.Tags) != m.weights.Classes() {
		return nil, fmt.Errorf("tagger has %d tags and %d parts of speech for %d classes", len(m.Tags), len(m.POS), m.weights.Classes())
	}
	return m, nil
}

// Scratch holds buffers that calls reuse.
type Scratch struct {
	words  []word
	feats  []uint64
	scores []int32
}

// word is what the features of its neighbours and its own need.
type word struct {
	form, lower, shape, suf2, suf3 uint64
	affixes                        [9]uint64
	kind, flags                    uint64 // kind: see Model.kinds
}

// Tag writes the class of each word to out, which has their length.
func (m *Model) Tag(words []string, out []int, s *Scratch) {
	s.load(words, m.kinds)
	if cap(s.scores) < len(m.Tags) {
		s.scores = make([]int32, len(m.Tags))
	}
	scores := s.scores[:len(m.Tags)]
	for i := range words {
		s.features(i, out)
		m.weights.Scores(s.feats, scores)
		best := 0
		for c, v := range scores {
			if v > scores[best] {
				best = c
			}
		}
		out[i] = best
	}
}

func (s *Scratch) load(words []string, kinds map[uint64]uint64) {
	s.words = s.words[:0]
	allCaps := true
	for _, w := range words {
		if strings.ToUpper(w) != w {
			allCaps = false
			break
		}
	}
	for _, w := range words {
		d := describe(w, allCaps && len(words) > 1)
		d.kind = kinds[d.lower]
		if d.kind == 0 { // unknown: words of one shape and ending are alike
			d.kind = linear.Mix(d.shape, d.suf2)
		}
		s.words = append(s.words, d)
	}
}

func describe(w string, allCaps bool) word {
	var d word
	folded := Fold(w)
	low := strings.ToLower(folded)
	d.lower = linear.Hash(low)
	d.form = linear.Hash(folded)
	if allCaps {
		d.form = d.lower // a headline: capitals say nothing
	}
	d.shape = linear.Shape(7, w)
	n := len(low)
	cut := func(k int) (pre, suf uint64) {
		if n < k {
			return 0, 0
		}
		return linear.Hash(low[:k]), linear.Hash(low[n-k:])
	}
	for k := 1; k <= 4; k++ {
		d.affixes[k-1], d.affixes[k+3] = cut(k)
	}
	_, d.affixes[8] = cut(5)
	d.suf2, d.suf3 = d.affixes[5], d.affixes[6]
	r, _ := utf8.DecodeRuneInString(w)
	if unicode.IsUpper(r) {
		d.flags |= 1
	}
	for _, r := range w {
		switch {
		case unicode.IsDigit(r):
			d.flags |= 2
		case r == '-':
			d.flags |= 4
		case unicode.IsUpper(r):
			d.flags |= 8
		case r == '.':
			d.flags |= 16
		}
	}
	return d
}

// Fold brings a word to the form that features see: typeset quotes and dashes
// become plain, digits become 0.
func Fold(w string) string {
	plain := true
	for i := range len(w) {
		if c := w[i]; c >= '0' && c <= '9' || c >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return w
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '0'
		case r == '’' || r == '‘':
			return '\''
		case r == '“' || r == '”' || r == '«' || r == '»':
			return '"'
		case r == '–' || r == '−':
			return '-'
		}
		return r
	}, w)
}

var outside = word{form: 11, lower: 12, shape: 13, suf2: 14, suf3: 15}

func (s *Scratch) at(i int) *word {
	if i < 0 || i >= len(s.words) {
		return &outside
	}
	return &s.words[i]
}

// features describes word i, whose predecessors have the classes in out.
func (s *Scratch) features(i int, out []int) {
	f := s.feats[:0]
	add := func(id uint64, a, b uint64) {
		f = append(f, linear.Mix(linear.Mix(id*0xD6E8FEB86659FD93, a), b))
	}
	class := func(i int) uint64 {
		if i < 0 {
			return 1 << 20
		}
		return uint64(out[i])
	}
	w, p1, p2, n1, n2 := s.at(i), s.at(i-1), s.at(i-2), s.at(i+1), s.at(i+2)
	t1, t2 := class(i-1), class(i-2)
	first := uint64(0)
	if i == 0 {
		first = 1
	}
	add(0, 0, 0)
	add(1, w.form, 0)
	add(2, w.lower, 0)
	add(3, w.shape, first)
	for k, a := range w.affixes {
		if a != 0 {
			add(4+uint64(k), a, 0)
		}
	}
	add(13, w.flags, first)
	add(14, t1, 0)
	add(15, t1, t2)
	add(16, t1, w.lower)
	add(17, t2, w.lower)
	add(18, t1, w.suf3)
	add(19, linear.Mix(t1, t2), w.lower)
	add(20, p1.lower, 0)
	add(21, n1.lower, 0)
	add(22, p2.lower, 0)
	add(23, n2.lower, 0)
	add(24, p1.lower, w.lower)
	add(25, w.lower, n1.lower)
	add(26, n1.suf3, n1.shape)
	add(27, n1.suf2, t1)
	add(28, p1.suf3, w.suf3)
	add(29, n1.suf3, w.suf3)
	add(30, t1, n1.lower)
	add(31, n1.lower, n2.lower)
	add(32, p2.lower, p1.lower)
	add(33, w.shape, n1.shape)
	add(34, w.shape, p1.shape)
	add(35, n2.suf3, n1.suf2)
	add(36, linear.Mix(w.lower, p1.lower), n1.lower)
	add(37, w.shape, w.suf3)
	add(38, linear.Mix(t1, w.flags), n1.flags)
	add(39, n1.kind, 0)
	add(40, n1.kind, t1)
	add(41, n1.kind, n2.kind)
	add(42, w.kind, n1.kind)
	add(43, linear.Mix(w.kind, t1), n1.kind)
	add(44, linear.Mix(w.kind, t1), t2)
	add(45, linear.Mix(w.kind, n1.kind), n2.kind)
	s.feats = f
}

// Lower is Fold in lower case.
func Lower(w string) string { return strings.ToLower(Fold(w)) }
