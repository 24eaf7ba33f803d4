// Package eval scores what demarc reads and answers against what careful
// readers wrote down: facts, answers to questions, and the figures are those
// that the reference scorers score.py and score_answers.py print for the same
// files. The command line and the tests use this one code.
//
// Names are compared after folding: letter case, accents, punctuation,
// possessive endings, articles and generic words such as "Islands" apart.
package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Counts are what precision and recall are made of. Counts of disjoint parts
// add up to those of the whole.
type Counts struct {
	Right   int `json:"right"`   // found and right
	Wrong   int `json:"wrong"`   // found, but not so
	Missing int `json:"missing"` // right, but not found
}

// Add adds other to c.
func (c *Counts) Add(other Counts) {
	c.Right += other.Right
	c.Wrong += other.Wrong
	c.Missing += other.Missing
}

// IsZero reports whether nothing was found and nothing was to be found.
func (c Counts) IsZero() bool { return c == Counts{} }

// Precision is the share of what was found that is right; 0 where nothing was
// found.
func (c Counts) Precision() float64 { return ratio(c.Right, c.Right+c.Wrong) }

// Recall is the share of what is right that was found; 0 where there was
// nothing to find.
func (c Counts) Recall() float64 { return ratio(c.Right, c.Right+c.Missing) }

// F1 is the harmonic mean of precision and recall.
func (c Counts) F1() float64 {
	p, r := c.Precision(), c.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// generic words tell no two names apart.
var generic = map[string]bool{
	"the": true, "a": true, "an": true, "of": true, "island": true, "islands": true, "isle": true, "isles": true,
	"islet": true, "islets": true, "group": true, "archipelago": true, "rocks": true, "reef": true, "reefs": true,
	"territory": true, "region": true, "republic": true, "kingdom": true,
}

// fold reduces a name to ASCII letters and digits separated by single spaces.
func fold(name string) string {
	var plain []rune
	for _, r := range norm.NFKD.String(name) {
		if norm.NFKD.PropertiesString(string(r)).CCC() == 0 {
			plain = append(plain, unicode.ToLower(r))
		}
	}
	word := func(i int) bool {
		return i < len(plain) && (plain[i] == '_' || unicode.IsLetter(plain[i]) || unicode.IsNumber(plain[i]))
	}
	var b strings.Builder
	gap := false
	for i := 0; i < len(plain); i++ {
		r := plain[i]
		possessive := (r == '\'' || r == '’' || r == '`') && i+1 < len(plain) && plain[i+1] == 's' && !word(i+2)
		switch {
		case possessive:
			i++ // "Japan's" is Japan; what follows is no word, so a gap comes by itself
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// keySet holds the folded forms under which a thing's names match.
type keySet map[string]bool

// keys folds names, with and without their generic words.
func keys(names ...string) keySet {
	set := keySet{}
	for _, name := range names {
		f := fold(name)
		if f == "" {
			continue
		}
		set[f] = true
		var core []string
		for _, w := range strings.Fields(f) {
			if !generic[w] {
				core = append(core, w)
			}
		}
		if len(core) > 0 {
			set[strings.Join(core, " ")] = true
		}
	}
	return set
}

func (k keySet) meets(other keySet) bool {
	for key := range k {
		if other[key] {
			return true
		}
	}
	return false
}

// overlaps reports whether a key of one is part of a key of the other.
func (k keySet) overlaps(other keySet) bool {
	for a := range k {
		for b := range other {
			if strings.Contains(a, b) || strings.Contains(b, a) {
				return true
			}
		}
	}
	return false
}

// names are the wordings of one thing in a record: a bare value, or an object
// with a name and aliases.
type names []string

// UnmarshalJSON reads a value or an object with name and aliases.
func (n *names) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '{' {
		var node struct {
			Name    scalar   `json:"name"`
			Aliases []scalar `json:"aliases"`
		}
		if err := json.Unmarshal(data, &node); err != nil {
			return err
		}
		*n = names{string(node.Name)}
		for _, a := range node.Aliases {
			*n = append(*n, string(a))
		}
		return nil
	}
	var s scalar
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	*n = names{string(s)}
	return nil
}

// scalar is a string, or the text of another JSON value.
type scalar string

// UnmarshalJSON keeps numbers and truth values as their text.
func (s *scalar) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*s = scalar(text)
		return nil
	}
	*s = scalar(data)
	return nil
}

// maxLine bounds one record of a JSON Lines file.
const maxLine = 64 << 20

// Lines reads JSON Lines: one value of type T a line, blank lines apart. An
// error names the line, and ends the sequence.
func Lines[T any](r io.Reader) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		sc := bufio.NewScanner(r)
		sc.Buffer(make([]byte, 0, 64<<10), maxLine)
		line := 0
		for sc.Scan() {
			line++
			if len(bytes.TrimSpace(sc.Bytes())) == 0 {
				continue
			}
			var v T
			if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
				yield(v, fmt.Errorf("line %d: %w", line, err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
		if err := sc.Err(); err != nil {
			var zero T
			yield(zero, fmt.Errorf("line %d: %w", line+1, err))
		}
	}
}
