package gazetteer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/demarcgraph/demarc/schema"
)

// index finds values by folded names of one or more words. The values of a
// name are a list through nodes, in the order in which they were added.
type index[T any] struct {
	nodes []node[T]
	first map[string]int32 // name → its first node
	words map[string]uint8 // first word → words of the longest name that begins with it
	keys  strings.Builder  // holds the keys together, thousands of small strings saved
}

type node[T any] struct {
	value T
	next  int32 // -1 at the end
}

func newIndex[T any](size int) index[T] {
	return index[T]{
		nodes: make([]node[T], 0, size),
		first: make(map[string]int32, size),
		words: make(map[string]uint8, size/2),
	}
}

// add enters v under key, unless it would repeat a value that is there.
func (x *index[T]) add(key []byte, v T, repeats func(v, there T) bool) {
	if len(key) == 0 || string(key) == "_" {
		return
	}
	at := int32(len(x.nodes))
	if i, ok := x.first[string(key)]; ok {
		for {
			if repeats(v, x.nodes[i].value) {
				return
			}
			if x.nodes[i].next < 0 {
				break
			}
			i = x.nodes[i].next
		}
		x.nodes[i].next = at
	} else {
		start := x.keys.Len()
		x.keys.Write(key) // a Builder's Write never fails
		name := x.keys.String()[start:]
		x.first[name] = at
		first, _, _ := strings.Cut(name, " ")
		if n := uint8(min(1+strings.Count(name, " "), maxWords)); n > x.words[first] {
			x.words[first] = n
		}
	}
	x.nodes = append(x.nodes, node[T]{v, -1})
}

// find returns the values of exactly this key.
func (x *index[T]) find(key []byte) []T {
	i, ok := x.first[string(key)]
	if !ok {
		return nil
	}
	var values []T
	for ; i >= 0; i = x.nodes[i].next {
		values = append(values, x.nodes[i].value)
	}
	return values
}

// maxWords bounds the words of a name that running text is searched for.
const maxWords = 16

// longest returns the values of the longest name that tokens begin with, and
// how many tokens it takes. Where accept is given, values that it rejects do not
// count; it is told which tokens the name would take.
func (x *index[T]) longest(tokens []string, accept func(v T, taken []string) bool) ([]T, int) {
	var (
		space [96]byte
		key   = space[:0]
		ends  [2 * maxWords]struct{ key, tokens int } // where a name may end
		n     int                                     // of ends
		words int
		limit int
	)
	start := 0
	if len(tokens) > 1 && (tokens[0] == "the" || tokens[0] == "The") {
		start = 1
	}
	for i := start; i < len(tokens) && n < len(ends); i++ {
		if n > 0 && joint(tokens[i]) {
			continue // "Take - shima"
		}
		if n > 0 && tokens[i] == "," {
			continue // "Saint Helena , Ascension and Tristan da Cunha"
		}
		if n > 0 && ending(tokens[i]) {
			key = appendFold(key, tokens[i]) // "People 's Republic", which folds to "peoples republic"
			ends[n].key, ends[n].tokens = len(key), i+1
			n++
			continue
		}
		if words == maxWords || n > 0 && words == limit {
			break
		}
		before := len(key)
		if before > 0 {
			key = append(key, ' ')
		}
		key = appendFold(key, tokens[i])
		if string(key[max(before, len(key)-1):]) == "_" { // nothing but punctuation
			break
		}
		if n == 0 {
			head := key
			for j, c := range key {
				if c == ' ' {
					head = key[:j]
					break
				}
			}
			limit = int(x.words[string(head)])
			if i+1 < len(tokens) && ending(tokens[i+1]) {
				whole := appendFold(head[:len(head):len(head)], tokens[i+1])
				limit = max(limit, int(x.words[string(whole)]))
			}
			if limit == 0 {
				return nil, 0
			}
		}
		ends[n].key, ends[n].tokens = len(key), i+1
		n++
		words++
	}
	for n--; n >= 0; n-- {
		values := x.find(key[:ends[n].key])
		if accept != nil {
			kept := values[:0]
			for _, v := range values {
				if accept(v, tokens[start:ends[n].tokens]) {
					kept = append(kept, v)
				}
			}
			values = kept
		}
		if len(values) > 0 {
			return values, ends[n].tokens
		}
	}
	return nil, 0
}

// ending reports whether a token is the end of the word before it, cut off at an
// apostrophe: "People 's", "Luhans 'k".
func ending(token string) bool {
	letters, ok := strings.CutPrefix(token, "'")
	if !ok {
		letters, ok = strings.CutPrefix(token, "’")
	}
	return ok && letters != "" && 'a' <= letters[0] && letters[0] <= 'z'
}

// joint reports whether a token only joins the words of one name.
func joint(token string) bool {
	switch token {
	case "-", "–", "‑", ".", "/", "&", "'", "’":
		return true
	}
	return false
}

// key is what names are looked up by: folded, without a leading article. It is
// written to scratch.
func key(scratch []byte, name string) []byte {
	k := appendFold(scratch[:0], name)
	if len(k) > 4 && string(k[:4]) == "the " {
		return k[4:]
	}
	return k
}

// appendFold appends [schema.Fold] of name. Nearly every name is ASCII or Latin,
// and folding thousands of them is much of what loading costs.
func appendFold(dst []byte, name string) []byte {
	start, gap := len(dst), false
	put := func(c byte) {
		if gap && len(dst) > start {
			dst = append(dst, ' ')
		}
		gap = false
		dst = append(dst, c)
	}
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			put(c)
		case 'A' <= c && c <= 'Z':
			put(c + 'a' - 'A')
		case c == '\'':
		case c < utf8.RuneSelf:
			gap = true
		default:
			letter, size := latin(name[i:])
			if letter == 0 {
				return append(dst[:start], schema.Fold(name)...)
			}
			put(letter)
			i += size - 1
		}
	}
	if len(dst) == start {
		dst = append(dst, '_')
	}
	return dst
}

// latin returns the small letter that the Latin letter at the start of s has
// under its accents, and how many bytes the letter takes; 0 for anything else.
func latin(s string) (letter byte, size int) {
	r, size := utf8.DecodeRuneInString(s)
	if r < 0xC0 || r >= 0x250 {
		return 0, 0
	}
	d := norm.NFKD.PropertiesString(s).Decomposition()
	if len(d) < 3 { // no accents, or a pair of letters such as ij
		return 0, 0
	}
	if mark, _ := utf8.DecodeRune(d[1:]); !unicode.Is(unicode.Mn, mark) {
		return 0, 0
	}
	switch c := d[0]; {
	case 'a' <= c && c <= 'z':
		return c, size
	case 'A' <= c && c <= 'Z':
		return c + 'a' - 'A', size
	}
	return 0, 0
}
