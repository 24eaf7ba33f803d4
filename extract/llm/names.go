package llm

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// checker turns a model's answers about one document into facts.
type checker struct {
	gaz  *gazetteer.Gazetteer
	doc  *schema.Document
	rule string

	folded  string          // the document's words, folded, with a space around each
	words   map[string]bool // the same, without plurals, and those of whom they may mean
	known   map[string]bool // ids of the entries that the document may mean
	facts   []schema.Fact   // that hold
	given   int             // how many the model gave
	dropped map[Reason]int
}

func newChecker(gaz *gazetteer.Gazetteer, doc *schema.Document, rule string) *checker {
	c := &checker{gaz: gaz, doc: doc, rule: rule, words: map[string]bool{}, known: map[string]bool{}, dropped: map[Reason]int{}}
	text := doc.Title + "\n" + doc.Country + "\n" + doc.Text[doc.Body:]
	c.folded = " " + schema.Fold(text) + " "
	c.learn(text)
	for _, e := range gaz.Lookup(doc.Country) {
		c.know(e)
	}
	tokens := tokenize(text)
	for i := range tokens {
		readings, _ := gaz.MatchTokens(tokens[i:])
		for _, m := range readings {
			c.know(m.Entry)
		}
	}
	return c
}

// know notes that the document may mean e, by any of its names.
func (c *checker) know(e *gazetteer.Entry) {
	if c.known[e.ID] {
		return
	}
	c.known[e.ID] = true
	c.learn(e.Name)
	for _, n := range e.Names {
		c.learn(n.Text)
	}
}

func (c *checker) learn(text string) {
	for w := range strings.FieldsSeq(schema.Fold(text)) {
		c.words[singular(w)] = true
	}
}

func singular(word string) string {
	if len(word) > 3 {
		return strings.TrimSuffix(word, "s")
	}
	return word
}

// tokenize cuts a text as the gazetteer reads it: words, and every mark that
// may divide one name from the next.
func tokenize(text string) []string {
	var out []string
	start := -1
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '\'' || r == '’' || r == 'ʻ' || r == '.'
		if inside {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, text[start:i])
			start = -1
		}
		if !unicode.IsSpace(r) {
			out = append(out, string(r))
		}
	}
	if start >= 0 {
		out = append(out, text[start:])
	}
	for i, t := range out { // "Japan's" is Japan, and "Dokdo." at the end of a sentence Dokdo
		for _, s := range []string{"'s", "’s", "'", "’"} {
			t = strings.TrimSuffix(t, s)
		}
		if strings.Count(t, ".") == 1 {
			t = strings.TrimSuffix(t, ".")
		}
		if t != "" {
			out[i] = t
		}
	}
	return out
}

// longestName is how many bytes a name may have. Whole sentences are names of
// statements and provisions; nothing is much longer.
const longestName = 1000

// resolve finds the entity that a model means, under the id that the rules
// would give it, and checks that it is of one of the classes.
func (c *checker) resolve(n named, classes []schema.Class) (schema.Entity, Reason) {
	name := strings.Join(strings.Fields(n.Name), " ")
	for _, article := range []string{"the ", "The "} {
		name = strings.TrimPrefix(name, article)
	}
	if len(name) > longestName || schema.Fold(name) == "_" {
		return schema.Entity{}, NotNamed
	}
	if !slices.ContainsFunc(schema.Classes(), func(k schema.ClassInfo) bool { return k.Class == n.Class }) || abstract(n.Class) {
		return schema.Entity{}, NotKnown
	}
	if n.Class == schema.Literal {
		switch {
		case !slices.Contains(classes, schema.Literal):
			return schema.Entity{}, NotFitting
		case !c.named(name):
			return schema.Entity{}, NotNamed
		}
		return schema.Lit(strings.Join(strings.Fields(n.Name), " ")), ""
	}
	switch n.Class {
	case schema.Office:
		if office := c.gaz.LookupOffice(name); office != nil && !office.Title() && fits(n.Class, nil, classes) {
			if !slices.ContainsFunc(append([]string{office.Name}, office.Aliases...), c.named) {
				return schema.Entity{}, NotNamed
			}
			return schema.Entity{ID: office.ID, Class: schema.Office, Name: office.Name, Aliases: slices.Sorted(slices.Values(office.Aliases))}, ""
		}
	case schema.Boundary:
		if e, ok := c.boundary(name); ok && fits(n.Class, nil, classes) {
			return e, ""
		}
	}
	entry, known, why := c.entry(name, n.Class, classes)
	switch {
	case why != "":
		return schema.Entity{}, why
	case entry != nil:
		return entry.Entity(), ""
	case known, !fits(n.Class, nil, classes):
		return schema.Entity{}, NotFitting
	case !c.named(name):
		return schema.Entity{}, NotNamed
	}
	return schema.NewEntity(n.Class, name), ""
}

// entry returns the entry of the gazetteer that goes by the name, or nil where
// none fits; known says whether anything has that name. Of several it takes
// those of the class that the model gives.
func (c *checker) entry(name string, class schema.Class, classes []schema.Class) (entry *gazetteer.Entry, known bool, why Reason) {
	if class == schema.Person || class == schema.Instrument || class == schema.Event || class == schema.Statement || class == schema.Provision {
		return nil, false, ""
	}
	candidates := slices.Clone(c.gaz.Lookup(name))
	known = len(candidates) > 0
	if !known {
		for _, m := range c.gaz.Readings(name) { // "Tokyo", "the Japanese"
			if !slices.Contains(candidates, m.Entry) {
				candidates = append(candidates, m.Entry)
			}
		}
	}
	keep := func(ok func(e *gazetteer.Entry) bool) []*gazetteer.Entry {
		var out []*gazetteer.Entry
		for _, e := range candidates {
			if ok(e) {
				out = append(out, e)
			}
		}
		return out
	}
	candidates = keep(func(e *gazetteer.Entry) bool { return fits(e.Class, e, classes) })
	if same := keep(func(e *gazetteer.Entry) bool { return e.Class == class }); len(same) > 0 {
		candidates = same
	}
	if len(candidates) == 0 {
		return nil, known, ""
	}
	phrase := strings.Contains(c.folded, " "+schema.Fold(name)+" ")
	candidates = keep(func(e *gazetteer.Entry) bool { return phrase || c.known[e.ID] })
	switch len(candidates) {
	case 0:
		return nil, true, NotNamed
	case 1:
		return candidates[0], true, ""
	}
	return nil, true, Ambiguous
}

// fits reports whether something of the class, which is entry's where that is
// not nil, may stand where one of the classes is wanted. A place that governs
// itself may stand for a state.
func fits(class schema.Class, entry *gazetteer.Entry, classes []schema.Class) bool {
	acts := entry != nil && entry.CanAct()
	return slices.ContainsFunc(classes, func(want schema.Class) bool {
		switch {
		case class.Is(want):
			return true
		case want == schema.Territory:
			return class == schema.Place || entry != nil && class == schema.State && entry.Kind == "dependency"
		case want == schema.State:
			return acts && class == schema.Territory
		case want == schema.Agent:
			return acts
		}
		return false
	})
}

// boundary resolves "A-B boundary" and "maritime boundary between A and B" as
// the rules do: the two sides in the order of their ids.
func (c *checker) boundary(name string) (schema.Entity, bool) {
	var words []string
	kind, line := "", false
	for w := range strings.FieldsSeq(name) {
		switch strings.ToLower(w) {
		case "maritime", "sea":
			kind = "maritime"
		case "boundary", "border", "frontier":
			line = true
		case "land":
		default:
			words = append(words, w)
		}
	}
	if !line {
		return schema.Entity{}, false
	}
	rest := strings.Join(words, " ")
	var halves [][2]string
	if between, ok := strings.CutPrefix(rest, "between "); ok {
		halves = splits(between, " and ")
	} else {
		halves = append(splits(rest, "-"), splits(rest, "–")...)
	}
	for _, h := range halves {
		a, b := c.side(h[0]), c.side(h[1])
		if a == nil || b == nil || a == b {
			continue
		}
		first, second := a, b
		if second.ID < first.ID {
			first, second = second, first
		}
		slug, word := schema.Slug(first.Name+" "+second.Name), ""
		if kind != "" {
			slug, word = slug+"-"+kind, kind+" "
		}
		e := schema.Entity{ID: "boundary/" + slug, Class: schema.Boundary, Name: a.Name + "-" + b.Name + " " + word + "boundary"}
		for _, p := range [][2]string{{a.Name, b.Name}, {b.Name, a.Name}} {
			for _, noun := range []string{"boundary", "border"} {
				for _, alias := range []string{p[0] + "-" + p[1] + " " + word + noun, word + noun + " between " + p[0] + " and " + p[1]} {
					if alias != e.Name {
						e.Aliases = append(e.Aliases, alias)
					}
				}
			}
		}
		slices.Sort(e.Aliases)
		return e, true
	}
	return schema.Entity{}, false
}

// side returns the state or territory on one side of a boundary, or nil.
func (c *checker) side(name string) *gazetteer.Entry {
	e, _, _ := c.entry(strings.TrimPrefix(name, "the "), schema.State, []schema.Class{schema.State, schema.Territory})
	return e
}

// splits returns every way to cut s at sep.
func splits(s, sep string) [][2]string {
	var out [][2]string
	for i := 0; ; {
		k := strings.Index(s[i:], sep)
		if k < 0 {
			return out
		}
		out = append(out, [2]string{strings.TrimSpace(s[:i+k]), strings.TrimSpace(s[i+k+len(sep):])})
		i += k + len(sep)
	}
}

// named reports whether the document gives a name: all its words are there, in
// this or another order, or belong to whom the document may mean.
func (c *checker) named(name string) bool {
	for w := range strings.FieldsSeq(schema.Fold(name)) {
		switch w {
		case "the", "of", "and", "on", "in", "between", "boundary", "border":
			continue
		}
		if !c.words[singular(w)] {
			return false
		}
	}
	return true
}

// gives reports whether the document can have given the date: it writes the
// year, decade or century, or it is itself from that time and may say "last
// year".
func (c *checker) gives(d schema.Date) bool {
	near := func(span int) bool {
		return !c.doc.Date.IsZero() && d.Year-c.doc.Date.Year <= 1 && c.doc.Date.Year-d.Year <= span
	}
	year := strconv.Itoa(d.Year)
	switch d.Precision {
	case schema.PrecisionCentury:
		return strings.Contains(c.folded, " century ") || strings.Contains(c.folded, " centuries ") || near(100)
	case schema.PrecisionDecade:
		return strings.Contains(c.folded, " "+year+"s ") || near(10)
	}
	return strings.Contains(c.folded, " "+year+" ") || strings.Contains(c.folded, " "+year+"s ") || near(1)
}

// joinPersons makes one of the persons that the document names in full and by
// their last name alone, where only one in full has that name.
func (c *checker) joinPersons() {
	full := map[string][]schema.Entity{} // by last name
	entities := func(visit func(e *schema.Entity)) {
		for i := range c.facts {
			f := &c.facts[i]
			visit(&f.Subject)
			visit(&f.Object)
			visit(&f.AttributedTo)
			for k := range f.Qualifiers {
				visit(&f.Qualifiers[k].Value)
			}
		}
	}
	last := func(e *schema.Entity) (string, bool) {
		words := strings.Fields(schema.Fold(e.Name))
		return words[len(words)-1], len(words) > 1
	}
	entities(func(e *schema.Entity) {
		if e.Class != schema.Person {
			return
		}
		if l, whole := last(e); whole && !slices.ContainsFunc(full[l], e.Same) {
			full[l] = append(full[l], *e)
		}
	})
	entities(func(e *schema.Entity) {
		if e.Class != schema.Person {
			return
		}
		if l, whole := last(e); !whole && len(full[l]) == 1 {
			short := e.Name
			*e = full[l][0]
			e.Aliases = []string{short}
		}
	})
}

// passage finds quotes in a part of a document.
type passage struct {
	text    string // the part with every run of white space as one space
	offsets []int  // of each byte of text, and of its end, in the document
}

func newPassage(doc string, start, end int) *passage {
	p := &passage{}
	var b strings.Builder
	gap := false
	for i, r := range doc[start:end] {
		if unicode.IsSpace(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
			p.offsets = append(p.offsets, start+i-1)
		}
		gap = false
		_, size := utf8.DecodeRuneInString(doc[start+i:])
		b.WriteString(doc[start+i : start+i+size])
		for k := range size {
			p.offsets = append(p.offsets, start+i+k)
		}
	}
	p.text = b.String()
	return p
}

// leastQuote is how many words a quote must have: one or two prove nothing.
const leastQuote = 3

// find returns where the quote stands in the document, byte for byte but for
// the kind and number of white space between words: models unwrap lines. It
// begins and ends with whole words.
func (p *passage) find(quote string) (start, end int, ok bool) {
	words := strings.Fields(quote)
	if len(words) < leastQuote {
		return 0, 0, false
	}
	quote = strings.Join(words, " ")
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for from := 0; ; {
		i := strings.Index(p.text[from:], quote)
		if i < 0 {
			return 0, 0, false
		}
		i += from
		end := i + len(quote)
		before, _ := utf8.DecodeLastRuneInString(p.text[:i])
		first, size := utf8.DecodeRuneInString(quote)
		last, _ := utf8.DecodeLastRuneInString(quote)
		after, _ := utf8.DecodeRuneInString(p.text[end:])
		if inWord(before) && inWord(first) || inWord(last) && inWord(after) {
			from = i + size
			continue
		}
		return p.offsets[i], p.offsets[end-1] + 1, true
	}
}
