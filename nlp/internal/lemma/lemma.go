// Package lemma finds the dictionary form of a tagged word: by a list of
// exceptions, then by the rule for its longest known ending. Both are learnt.
package lemma

import (
	"maps"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
)

// Model is a trained lemmatizer. It is read-only and safe to share.
type Model struct {
	words map[string]string // "NOUN\tNNS\tmen" → "man"
	rules map[string]rule   // "NOUN\tNNS\tes" → cut and add
}

// rule cuts bytes off the end of the lower-cased word and appends add. keep
// leaves the capitals as they are.
type rule struct {
	cut  int
	add  string
	keep bool
}

// maxEnding is the longest ending that rules look at, in bytes.
const maxEnding = 5

// Lemma returns the lemma of a word with its Penn tag and part of speech.
func (m *Model) Lemma(form, tag, pos string) string {
	low := strings.ToLower(form)
	var buf [64]byte
	key := append(append(append(append(buf[:0], pos...), '\t'), tag...), '\t')
	base := len(key)
	if l, ok := m.words[string(append(key, low...))]; ok {
		return l
	}
	for n := min(maxEnding, len(low)); n >= 0; n-- {
		key = append(key[:base], low[len(low)-n:]...)
		if r, ok := m.rules[string(key)]; ok {
			return r.apply(form, low)
		}
	}
	if pos == "PROPN" {
		return form
	}
	return low
}

func (r rule) apply(form, low string) string {
	if r.keep && len(form) == len(low) {
		low = form
	}
	if r.cut >= len(low) && r.cut > 0 {
		return low
	}
	if r.cut == 0 && r.add == "" {
		return low
	}
	return low[:len(low)-r.cut] + r.add
}

// Encode writes the model.
func (m *Model) Encode(w *blob.Writer) {
	words := slices.Sorted(maps.Keys(m.words))
	w.Int(len(words))
	for _, k := range words {
		w.String(k)
		w.String(m.words[k])
	}
	rules := slices.Sorted(maps.Keys(m.rules))
	w.Int(len(rules))
	for _, k := range rules {
		r := m.rules[k]
		w.String(k)
		keep := 0
		if r.keep {
			keep = 1
		}
		w.Int(r.cut<<1 | keep)
		w.String(r.add)
	}
}

// Decode reads a model.
func Decode(r *blob.Reader) (*Model, error) {
	m := &Model{words: map[string]string{}, rules: map[string]rule{}}
	for n := r.Int(); n > 0 && r.Err() == nil; n-- {
		k := r.String()
		m.words[k] = r.String()
	}
	for n := r.Int(); n > 0 && r.Err() == nil; n-- {
		k := r.String()
		c := r.Int()
		m.rules[k] = rule{cut: c >> 1, keep: c&1 == 1, add: r.String()}
	}
	return m, r.Err()
}

// Gold is a word with its true lemma.
type Gold struct{ Form, Tag, POS, Lemma string }

// Train learns a lemmatizer.
func Train(data []Gold) *Model {
	// Distinct words vote once per lemma, so that frequent irregular verbs do
	// not make the rules.
	seen := map[Gold]int{}
	for _, g := range data {
		seen[g]++
	}
	types := make([]Gold, 0, len(seen))
	for g := range seen {
		types = append(types, g)
	}
	slices.SortFunc(types, func(a, b Gold) int {
		return strings.Compare(a.Form+"\t"+a.Tag+"\t"+a.POS+"\t"+a.Lemma, b.Form+"\t"+b.Tag+"\t"+b.POS+"\t"+b.Lemma)
	})
	votes := map[string]map[rule]int{}
	for _, g := range types {
		if g.Lemma == "_" || g.Lemma == "" {
			continue
		}
		low := strings.ToLower(g.Form)
		r := ruleFor(g.Form, low, g.Lemma, g.POS)
		if r.cut > 4 || len(r.add) > 4 {
			continue
		}
		// An ending must hold all that the rule cuts off, or "-ies" → "-y" would
		// be done to "states".
		for n := r.cut; n <= min(maxEnding, len(low)); n++ {
			k := g.POS + "\t" + g.Tag + "\t" + low[len(low)-n:]
			if votes[k] == nil {
				votes[k] = map[rule]int{}
			}
			votes[k][r]++
		}
	}
	m := &Model{words: map[string]string{}, rules: map[string]rule{}}
	for _, k := range slices.Sorted(maps.Keys(votes)) {
		var best rule
		most, total := 0, 0
		for r, n := range votes[k] {
			total += n
			if n > most || n == most && (r.cut < best.cut || r.cut == best.cut && (r.add < best.add || r.add == best.add && !r.keep && best.keep)) {
				best, most = r, n
			}
		}
		if total < 2 && len(k) > strings.LastIndexByte(k, '\t')+1 {
			continue
		}
		m.rules[k] = best
	}
	// Drop the rules that say what the next shorter ending says.
	for _, k := range slices.Backward(slices.Sorted(maps.Keys(m.rules))) {
		at := strings.LastIndexByte(k, '\t') + 1
		for n := at + 1; n <= len(k); n++ {
			if r, ok := m.rules[k[:at]+k[n:]]; ok {
				if r == m.rules[k] {
					delete(m.rules, k)
				}
				break
			}
		}
	}
	// Exceptions: where the rules fail on the word's most frequent lemma.
	lemmas := map[[3]string]map[string]int{}
	for _, g := range types {
		if g.Lemma == "_" || g.Lemma == "" || g.POS == "PROPN" && seen[g] < 2 {
			continue
		}
		k := [3]string{g.POS, g.Tag, strings.ToLower(g.Form)}
		if lemmas[k] == nil {
			lemmas[k] = map[string]int{}
		}
		lemmas[k][g.Lemma] += seen[g]
	}
	for k, votes := range lemmas {
		best := ""
		for l, n := range votes {
			if b := votes[best]; n > b || n == b && l < best {
				best = l
			}
		}
		form := k[2]
		if k[0] == "PROPN" && len(best) == len(form) {
			form = best // names keep their capitals as they stand
		}
		if m.Lemma(form, k[1], k[0]) != best {
			m.words[wordKey(k[0], k[1], k[2])] = best
		}
	}
	return m
}

func wordKey(pos, tag, low string) string { return pos + "\t" + tag + "\t" + low }

func ruleFor(form, low, lemma, pos string) rule {
	keep := false
	if (pos == "PROPN" || lemma != strings.ToLower(lemma)) && len(form) == len(low) {
		low, keep = form, true
	}
	n := 0
	for n < len(low) && n < len(lemma) && low[n] == lemma[n] {
		n++
	}
	return rule{cut: len(low) - n, add: lemma[n:], keep: keep}
}
