package train

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/nlp/conllu"
)

// The treebanks hold few notes in telegram style: "claims the islands; no talks
// since 1994". telegrams makes some out of their sentences: without the subject
// that a sentence begins with, or as they are but for the capital at the start
// and the full stop at the end.
func telegrams(all []conllu.Sentence, seed uint64) []conllu.Sentence {
	rng := rand.New(rand.NewPCG(seed, 6))
	var out []conllu.Sentence
	for i := range all {
		s, dice := &all[i], rng.Float64()
		switch n := subject(s); {
		case n > 0 && dice < 0.15:
			out = append(out, plain(s, n))
		case len(s.Words) > 4 && dice > 0.95:
			out = append(out, plain(s, 0))
		}
	}
	return out
}

// subject returns the number of words of the subject that s begins with, 0 if
// there is none that can be left out.
func subject(s *conllu.Sentence) int {
	root := slices.IndexFunc(s.Words, func(w conllu.Word) bool { return w.Head == 0 })
	if root < 0 || !slices.Contains([]string{"VBZ", "VBD", "VBN"}, s.Words[root].XPOS) {
		return 0
	}
	subj := -1
	for i, w := range s.Words[:root] {
		if w.Head == root+1 && strings.HasPrefix(w.DepRel, "nsubj") {
			subj = i
			break
		}
	}
	if subj < 0 {
		return 0
	}
	// The subject must be the beginning, all of it and nothing else.
	inside := func(i int) bool {
		for ; i >= 0; i = s.Words[i].Head - 1 {
			if i == subj {
				return true
			}
		}
		return false
	}
	n := 0
	for n < root && inside(n) {
		n++
	}
	for i := n; i < len(s.Words); i++ {
		if inside(i) {
			return 0
		}
	}
	return n
}

// plain returns s without its first n words and its full stop, and with a small
// letter at the start unless a name stands there.
func plain(s *conllu.Sentence, n int) conllu.Sentence {
	words := slices.Clone(s.Words[n:])
	for i := range words {
		if words[i].Head > 0 {
			words[i].Head -= n
		}
	}
	if last := len(words) - 1; last > 0 && words[last].Form == "." &&
		!slices.ContainsFunc(words, func(w conllu.Word) bool { return w.Head == last+1 }) {
		words = words[:last]
	}
	if w := &words[0]; w.UPOS != "PROPN" && w.Form != "I" {
		w.Form = strings.ToLower(w.Form)
	}
	return conllu.Sentence{Words: words}
}
