package gazetteer

import (
	"slices"
	"strings"
)

// index finds values by names of one or more words, the longest first. Names
// are grouped by first word: a text's word that begins no name costs one map
// look-up.
type index[T any] struct {
	byFirst map[string][]phrase[T]
}

// phrase is what follows a first word, with the values of the whole name.
type phrase[T any] struct {
	rest   []string
	key    string // the whole name
	values []T
}

// add enters v under key, a folded name. The values of one key keep the order
// in which they were added.
func (x *index[T]) add(key string, v T) {
	if key == "" || key == "_" {
		return
	}
	first, tail, _ := strings.Cut(key, " ")
	phrases := x.byFirst[first]
	for i := range phrases {
		if phrases[i].key == key {
			phrases[i].values = append(phrases[i].values, v)
			return
		}
	}
	var rest []string
	if tail != "" {
		rest = strings.Split(tail, " ")
	}
	x.byFirst[first] = append(phrases, phrase[T]{rest: rest, key: key, values: []T{v}})
}

// freeze orders the phrases of each first word, the longest first.
func (x *index[T]) freeze() {
	for _, phrases := range x.byFirst {
		if len(phrases) > 1 {
			slices.SortFunc(phrases, func(a, b phrase[T]) int {
				if c := len(b.rest) - len(a.rest); c != 0 {
					return c
				}
				return strings.Compare(a.key, b.key)
			})
		}
	}
}

// find returns the values of exactly this key; the caller must not change them.
func (x *index[T]) find(key string) []T {
	first, _, _ := strings.Cut(key, " ")
	for _, p := range x.byFirst[first] {
		if p.key == key {
			return p.values
		}
	}
	return nil
}

// longest returns the values of the longest name that words begin with and the
// number of its words. Where accept is given, it may drop values or, returning
// none, the name.
func (x *index[T]) longest(words []string, accept func(values []T, n int) []T) ([]T, int) {
	if len(words) == 0 {
		return nil, 0
	}
	for _, p := range x.byFirst[words[0]] {
		n := 1 + len(p.rest)
		if n > len(words) || !slices.Equal(p.rest, words[1:n]) {
			continue
		}
		if accept == nil {
			return p.values, n
		}
		if values := accept(p.values, n); len(values) > 0 {
			return values, n
		}
	}
	return nil, 0
}

// maxWords bounds how far a name can reach into the tokens that follow.
const maxWords = 12

// matchTokens is longest over tokens. Where text is given, a value counts only
// if the tokens are written as its text is.
func matchTokens[T any](x *index[T], tokens []string, text func(T) string) ([]T, int) {
	if len(tokens) == 0 {
		return nil, 0
	}
	// The first token decides nearly always that nothing is there.
	head := fold(tokens[0])
	if head == "_" || head == "" {
		return nil, 0
	}
	skip := 0
	if head == "the" {
		skip = 1
	}
	words := make([]string, 0, maxWords)
	ends := make([]int, 0, maxWords) // how many tokens the words so far take; 0 inside a token
	for i, t := range tokens {
		if len(words) >= maxWords {
			break
		}
		if i < skip {
			continue
		}
		f := fold(t)
		if f == "_" {
			if t == "-" || t == "–" || t == "." || t == "/" || t == "'" || t == "’" {
				continue
			}
			break
		}
		parts := strings.Split(f, " ")
		if i == skip && x.byFirst[parts[0]] == nil {
			return nil, 0
		}
		for range parts[1:] {
			ends = append(ends, 0)
		}
		words = append(words, parts...)
		ends = append(ends, i+1)
	}
	var taken int
	values, n := x.longest(words, func(values []T, n int) []T {
		taken = ends[n-1]
		if taken == 0 { // ends inside a token
			return nil
		}
		if text == nil {
			return values
		}
		var kept []T
		for _, v := range values {
			if written(text(v), tokens[skip:taken]) {
				kept = append(kept, v)
			}
		}
		return kept
	})
	if n == 0 {
		return nil, 0
	}
	return values, taken
}
