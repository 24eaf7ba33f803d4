package ask

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// ref is a name in a question and what it may stand for.
type ref struct {
	first, last int // tokens, half-open
	text        string
	ents        []schema.Entity // plainest reading first; empty where nobody is known by that name
	adjective   bool            // "Omani", "Russian"
}

// maxName is the greatest number of tokens that a name is looked for in.
const maxName = 14

// names finds the names among a question's tokens.
type names struct {
	ctx     context.Context
	reader  Reader
	gaz     *gazetteer.Gazetteer
	lex     *lexicon
	known   func() *speller // the gazetteer's names
	text    string
	toks    []token
	shout   bool // no lower-case letter at all: capitals tell nothing
	whisper bool // no capital letter at all
}

// find returns the names, longest and leftmost first, without overlap.
func (n *names) find(taken func(i int) bool) ([]*ref, error) {
	n.shout = strings.IndexFunc(n.text, unicode.IsLower) < 0
	n.whisper = strings.IndexFunc(n.text, unicode.IsUpper) < 0
	var out []*ref
	for i := 0; i < len(n.toks); {
		r, err := n.at(i, taken)
		if err != nil {
			return nil, err
		}
		if r == nil {
			i++
			continue
		}
		out = append(out, r)
		i = r.last
	}
	return n.repair(out, taken)
}

// at returns the longest name that begins at token i, or nil.
func (n *names) at(i int, taken func(int) bool) (*ref, error) {
	if !n.toks[i].isWord() || taken(i) || n.lex.stop[n.toks[i].low] && n.toks[i].low != "the" && !n.properUse(i) {
		return nil, nil
	}
	for j := min(len(n.toks), i+maxName); j > i; j-- {
		if !n.toks[j-1].isWord() || anyTaken(i, j, taken) || n.ordinary(i, j) {
			continue
		}
		ents, adjective, err := n.lookup(n.text[n.toks[i].start:n.toks[j-1].end])
		if err != nil {
			return nil, err
		}
		if len(ents) > 0 && (n.between(i, j, ents) || n.ofCourt(i, j, ents) || j-i == 1 && n.plainNoun(i, ents)) {
			continue // read as a boundary with its sides, or one of a court's rulings
		}
		if len(ents) > 0 {
			text := n.text[n.toks[i].start:n.toks[j-1].end]
			if rest, ok := cutFold(text, "the "); ok {
				text = rest
			}
			return &ref{first: i, last: j, text: text, ents: ents, adjective: adjective}, nil
		}
	}
	return nil, nil
}

// between reports whether tokens [i, j) describe a boundary by its sides,
// "border between Chile and Peru", rather than name one, "Durand Line".
func (n *names) between(i, j int, ents []schema.Entity) bool {
	if j-i < 2 || slices.ContainsFunc(ents, func(e schema.Entity) bool { return e.Class != schema.Boundary }) {
		return false
	}
	for k := i; k < j; k++ {
		for _, ph := range n.lex.types[n.toks[k].low] {
			if len(ph.words) == 1 && ph.values[0].Class == schema.Boundary && n.toks[k].low != "line" {
				return true
			}
		}
	}
	return false
}

// plainNoun reports whether token i is a noun in small letters by which some document
// calls an instrument: "the lease" there names nothing here.
func (n *names) plainNoun(i int, ents []schema.Entity) bool {
	return !n.toks[i].capital() && !n.whisper && !slices.ContainsFunc(ents, func(e schema.Entity) bool { return e.Class != schema.Instrument })
}

// ofCourt reports whether tokens [i, j) say no more of a ruling than whose it is:
// "ICJ judgment" may be any of them.
func (n *names) ofCourt(i, j int, ents []schema.Entity) bool {
	if j-i < 2 || slices.ContainsFunc(ents, func(e schema.Entity) bool { return e.Class != schema.Instrument }) || !n.instrumental(j-1) {
		return false
	}
	court := n.text[n.toks[i].start:n.toks[j-2].end]
	return slices.ContainsFunc(n.gaz.Lookup(court), func(e *gazetteer.Entry) bool { return e.Class == schema.Court })
}

func anyTaken(i, j int, taken func(int) bool) bool {
	for k := i; k < j; k++ {
		if taken(k) {
			return true
		}
	}
	return false
}

// properUse reports whether a short word that is mostly grammar is written as
// an abbreviation: "US", "NO".
func (n *names) properUse(i int) bool {
	t := n.toks[i].text
	return len(t) > 1 && !n.shout && t == strings.ToUpper(t) && unicode.IsLetter(rune(t[0]))
}

// ordinary reports whether tokens [i, j) are words of the lexicon as they
// stand and so describe rather than name: "boundary agreement".
func (n *names) ordinary(i, j int) bool {
	for k := i; k < j; k++ {
		t := &n.toks[k]
		if !t.isWord() {
			continue
		}
		_, known := n.lex.lemmas[t.low]
		_, num := t.number()
		if n.properUse(k) && (n.lex.stop[t.low] || slices.Contains(pronouns, t.low)) {
			return false // "the US"
		}
		if known || num || n.lex.stop[t.low] || n.lex.light[t.low] != "" || n.lex.units[t.low] != nil {
			// a capital inside the question makes a name of it ("the Rock"); at
			// its start every word has one
			if t.capital() && !n.shout && k > 0 && !n.lex.stop[t.low] && !n.instrumental(k) {
				return false
			}
			continue
		}
		return false
	}
	return true
}

// instrumental reports whether a word names a kind of instrument: "Convention"
// alone does not say which.
func (n *names) instrumental(k int) bool {
	return slices.ContainsFunc(n.lex.types[n.toks[k].low], func(ph phrase[*typeWord]) bool {
		return len(ph.words) == 1 && ph.values[0].Class == schema.Instrument
	})
}

// lookup returns what a name may stand for, in the graph and in the gazetteer.
func (n *names) lookup(name string) (ents []schema.Entity, adjective bool, err error) {
	add := func(e schema.Entity) {
		for i := range ents {
			if ents[i].ID == e.ID {
				return
			}
		}
		ents = append(ents, e)
	}
	found, err := n.reader.Lookup(n.ctx, name)
	if err != nil {
		return nil, false, err
	}
	if rest, ok := cutFold(name, "the "); ok && len(found) == 0 {
		if found, err = n.reader.Lookup(n.ctx, rest); err != nil {
			return nil, false, err
		}
	}
	for _, e := range found {
		if e.Class != schema.Office && e.Class != schema.Provision && e.Class != schema.Statement && e.Class != schema.Event {
			add(e)
		}
	}
	if first, _ := utf8.DecodeRuneInString(name); unicode.IsUpper(first) && len(ents) == 0 {
		// what somebody calls a place is a name too, whoever knows it by another
		for f, err := range n.reader.Facts(n.ctx, schema.Filter{Object: schema.Lit(strings.TrimPrefix(name, "the ")).Key(), Predicates: []schema.Predicate{schema.AlsoKnownAs}}) {
			if err != nil {
				return nil, false, err
			}
			add(f.Subject)
		}
	}
	named := len(ents) > 0
	for _, m := range n.gaz.Readings(name) {
		if m.Usage == gazetteer.AsName && named && !slices.ContainsFunc(ents, func(e schema.Entity) bool { return e.Class == m.Entry.Class }) {
			// the graph knows the name as another sort of thing; both may be meant
			add(m.Entry.Entity())
			continue
		}
		if m.Usage == gazetteer.AsName && named {
			continue
		}
		if m.Usage != gazetteer.AsName && named && !slices.ContainsFunc(found, func(e schema.Entity) bool { return e.Class.Is(schema.Place) }) {
			continue
		}
		if m.Usage == gazetteer.AsAdjective && len(ents) == 0 {
			adjective = true
		}
		add(m.Entry.Entity())
	}
	return ents, adjective, nil
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// repair looks for misspelt names in what is left, and keeps capitalized words
// that nobody is known by as names of their own, so that they are not ignored.
func (n *names) repair(refs []*ref, taken func(int) bool) ([]*ref, error) {
	named := make([]bool, len(n.toks))
	for _, r := range refs {
		for k := r.first; k < r.last; k++ {
			named[k] = true
		}
	}
	unknown := func(k int) bool {
		t := &n.toks[k]
		if named[k] || taken(k) || !t.isWord() || n.lex.stop[t.low] {
			return false
		}
		_, known := n.lex.lemmas[t.low]
		_, num := t.number()
		return !known && !num && n.lex.light[t.low] == "" && n.lex.units[t.low] == nil
	}
	var spelling *speller
	for i := 0; i < len(n.toks); i++ {
		if !unknown(i) || !(n.toks[i].capital() && (i > 0 || len(n.toks) < 6) || n.whisper) {
			continue
		}
		// the run of words that belong together: capitals, and names already
		// found beside them ("Vladmir Putin")
		last := i + 1
		for last < len(n.toks) && (unknown(last) && (n.toks[last].capital() || n.whisper) || named[last] && n.toks[last].capital()) {
			last++
		}
		first := i
		for first > 0 && named[first-1] && n.toks[first-1].capital() {
			first--
		}
		if spelling == nil {
			s, err := n.speller()
			if err != nil {
				return nil, err
			}
			spelling = s
		}
		r, err := n.respell(spelling, first, i, last)
		if err != nil {
			return nil, err
		}
		if r == nil {
			if n.whisper {
				continue
			}
			end := i + 1
			for end < last && !named[end] {
				end++
			}
			r = &ref{first: i, last: end, text: n.text[n.toks[i].start:n.toks[end-1].end]}
		}
		refs = slices.DeleteFunc(refs, func(o *ref) bool { return o.first < r.last && o.last > r.first })
		refs = append(refs, r)
		for k := r.first; k < r.last; k++ {
			named[k] = true
		}
	}
	slices.SortFunc(refs, func(a, b *ref) int { return a.first - b.first })
	return refs, nil
}

// respell finds the name nearest to some run of tokens that holds token i.
func (n *names) respell(s *speller, first, i, last int) (*ref, error) {
	suggester, _ := n.reader.(Suggester)
	for size := last - first; size > 0; size-- {
		for from := max(first, i-size+1); from <= i && from+size <= last; from++ {
			text := n.text[n.toks[from].start:n.toks[from+size-1].end]
			if len(text) < minSpelling {
				continue
			}
			ents := near(schema.Fold(text), s, n.known())
			if suggester != nil && len(ents) == 0 {
				found, err := suggester.Suggest(n.ctx, text)
				if err != nil {
					return nil, err
				}
				for _, e := range found {
					if e.Class.Is(schema.Agent) || e.Class.Is(schema.Place) || e.Class == schema.Instrument {
						ents = append(ents, e)
					}
				}
			}
			if len(ents) > 0 {
				return &ref{first: from, last: from + size, text: text, ents: ents}, nil
			}
		}
	}
	return nil, nil
}

// speller holds the names that a misspelling may be meant for.
type speller struct {
	byLength map[int][]spelling
}

type spelling struct {
	name string
	ent  schema.Entity
}

func (s *speller) add(name string, e schema.Entity) {
	if f := schema.Fold(name); len(f) >= minSpelling {
		s.byLength[len(f)] = append(s.byLength[len(f)], spelling{f, e})
	}
}

// speller reads the graph's names: whoever acts, and places.
func (n *names) speller() (*speller, error) {
	s := &speller{byLength: map[int][]spelling{}}
	if _, ok := n.reader.(Suggester); ok {
		return s, nil // it knows its own names
	}
	for e, err := range n.reader.Entities(n.ctx, schema.Thing) {
		if err != nil {
			return nil, err
		}
		if !e.Class.Is(schema.Agent) && !e.Class.Is(schema.Place) && e.Class != schema.Instrument {
			continue
		}
		s.add(e.Name, e)
		for _, a := range e.Aliases {
			s.add(a, e)
		}
	}
	return s, n.ctx.Err()
}

// gazetteerSpeller reads the gazetteer's names.
func gazetteerSpeller(gaz *gazetteer.Gazetteer) *speller {
	s := &speller{byLength: map[int][]spelling{}}
	for _, e := range gaz.All() {
		ent := e.Entity()
		s.add(e.Name, ent)
		for _, a := range e.Names {
			s.add(a.Text, ent)
		}
		for _, lists := range [][]string{e.Adjectives, e.Metonyms} {
			for _, a := range lists {
				s.add(a, ent)
			}
		}
	}
	return s
}

// minSpelling is the length below which names are too short to guess.
const minSpelling = 5

// near returns the entities whose name is nearest to the folded text: at most
// one edit away, two in ten letters or more; none where nothing is that near.
func near(text string, spellers ...*speller) []schema.Entity {
	allowed := 1
	if len(text) >= 9 {
		allowed = 2
	}
	if len(text) < minSpelling {
		return nil
	}
	for limit := 0; limit <= allowed; limit++ {
		var out []schema.Entity
		for length := len(text) - limit; length <= len(text)+limit; length++ {
			for _, s := range spellers {
				for _, c := range s.byLength[length] {
					if c.name[0] != text[0] || !within(text, c.name, limit) {
						continue
					}
					if !slices.ContainsFunc(out, func(e schema.Entity) bool { return e.ID == c.ent.ID }) {
						out = append(out, c.ent)
					}
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// within reports whether a and b are at most limit edits apart, an exchange of
// neighbouring letters counting as one.
func within(a, b string, limit int) bool {
	if abs(len(a)-len(b)) > limit {
		return false
	}
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return false
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)] <= limit
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
