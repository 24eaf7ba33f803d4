package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

// Samples reads the documents that come with demarc.
func Samples(ctx context.Context) (docs []*schema.Document, err error) {
	const dir = "documents"
	entries, err := fs.ReadDir(data.FS, dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if format, err := source.ParseFormat(path.Ext(e.Name())); err != nil || format == "" {
			continue
		}
		file, err := data.FS.Open(path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		for doc, err := range source.Read(ctx, file, e.Name(), source.Options{}) {
			if err != nil {
				return nil, err
			}
			docs = append(docs, doc)
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// Corpus makes documents by varying the samples: each speaks, in the sentences of
// a sample, of other states, places, agreements and people of the gazetteer and
// the samples, in other years. It is safe for concurrent use.
type Corpus struct {
	samples []template
	kinds   map[string][]*gazetteer.Entry // by group, see group
	capital []string                      // what agreements are called by
	first   []string                      // names of people
	last    []string
}

// NewCorpus prepares to vary the samples.
func NewCorpus(ctx context.Context) (*Corpus, error) {
	gz, err := gazetteer.Default()
	if err != nil {
		return nil, err
	}
	samples, err := Samples(ctx)
	if err != nil {
		return nil, err
	}
	c := &Corpus{kinds: map[string][]*gazetteer.Entry{}}
	for _, e := range gz.All() {
		if g := group(e); g != "" {
			c.kinds[g] = append(c.kinds[g], e)
		}
		if e.Kind == "state" && len(e.Metonyms) > 0 && e.Metonyms[0] != e.Name {
			c.capital = append(c.capital, e.Metonyms[0])
		}
	}
	for _, doc := range samples {
		c.samples = append(c.samples, c.template(gz, doc))
	}
	slices.Sort(c.first)
	slices.Sort(c.last)
	c.first, c.last = slices.Compact(c.first), slices.Compact(c.last)
	return c, nil
}

// group is what an entry can be replaced by: entries of the same group. It is ""
// for entries that stay, such as courts.
func group(e *gazetteer.Entry) string {
	switch {
	case e.Kind == "state" && len(e.Adjectives) > 0 && len(e.Metonyms) > 0:
		return "state"
	case e.Class == schema.Territory && e.Kind != "dependency" && e.Kind != "partially-recognized-state" && proper(e.Name):
		if len(e.Names) >= 2 {
			return "territory with names"
		}
		return "territory"
	case e.Kind == "sea" || e.Kind == "strait" || e.Kind == "gulf":
		return "water"
	}
	return ""
}

// proper reports whether a name can stand in any sentence: capitals and no list.
func proper(name string) bool {
	return name != "" && name[0] >= 'A' && name[0] <= 'Z' && !strings.ContainsAny(name, ",()/")
}

// template is a sample in pieces.
type template struct {
	doc    *schema.Document
	title  []piece
	text   []piece
	groups []string // of its entries that change
	names  int      // agreements that change
	people int
}

// piece is a piece of text: as it stands, or something that changes.
type piece struct {
	text  string
	what  what
	index int // among the template's entries, agreements or people
	usage gazetteer.Usage
	form  int // which of the entry's names; -1 for the first
}

type what uint8

const (
	asIs what = iota
	entry
	agreement
	person  // first and last name
	surname // of a person who was named before
	year
	day
)

var (
	words      = regexp.MustCompile(`[\p{L}\p{N}]+|[^\p{L}\p{N}]+`)
	months     = regexp.MustCompile(`^(?:January|February|March|April|May|June|July|August|September|October|November|December)$`)
	agreements = regexp.MustCompile(`^(?:Agreement|Treaty|Convention|Protocol|Accord)$`)
	years      = regexp.MustCompile(`^(?:1[789]|20)\d\d$`)
	days       = regexp.MustCompile(`^(?:[1-9]|[12]\d)$`)
)

// template cuts a sample into pieces.
func (c *Corpus) template(gz *gazetteer.Gazetteer, doc *schema.Document) template {
	t := template{doc: doc}
	entries, called, people := map[string]int{}, map[string]int{}, map[string]int{}
	cut := func(text string) (pieces []piece) {
		tokens := words.FindAllString(text, -1)
		word := func(i int) string {
			if i < 0 || i >= len(tokens) {
				return ""
			}
			return tokens[i]
		}
		at := func(m map[string]int, key string, n *int) int {
			if _, ok := m[key]; !ok {
				m[key] = *n
				*n++
			}
			return m[key]
		}
		capital := func(s string) bool { return s != "" && s[0] >= 'A' && s[0] <= 'Z' }
		for i := 0; i < len(tokens); i++ {
			s := tokens[i]
			if e, n, m := longest(gz, tokens[i:]); e != nil {
				g := group(e)
				if g == "" {
					pieces = append(pieces, piece{text: strings.Join(tokens[i:i+n], "")})
				} else {
					if _, ok := entries[e.ID]; !ok {
						entries[e.ID] = len(t.groups)
						t.groups = append(t.groups, g)
					}
					form := slices.IndexFunc(e.Names, func(name gazetteer.Name) bool { return name.Text == m.Text })
					pieces = append(pieces, piece{what: entry, index: entries[e.ID], usage: m.Usage, form: form})
				}
				i += n - 1
				continue
			}
			if o, n := office(gz, tokens[i:]); o && capital(word(i+n+1)) && capital(word(i+n+3)) && word(i+n+2) == " " {
				name := i + n + 1
				pieces = append(pieces, piece{text: strings.Join(tokens[i:name], "")},
					piece{what: person, index: at(people, word(name+2), &t.people)})
				c.first, c.last = append(c.first, word(name)), append(c.last, word(name+2))
				i = name + 2
				continue
			}
			n, known := people[s]
			switch {
			case known:
				pieces = append(pieces, piece{what: surname, index: n})
			case capital(s) && word(i+1) == " " && agreements.MatchString(word(i+2)):
				pieces = append(pieces, piece{what: agreement, index: at(called, s, &t.names)})
			case years.MatchString(s):
				pieces = append(pieces, piece{text: s, what: year})
			case days.MatchString(s) && (months.MatchString(word(i-2)) || months.MatchString(word(i+2))):
				pieces = append(pieces, piece{text: s, what: day})
			case len(pieces) > 0 && pieces[len(pieces)-1].what == asIs:
				pieces[len(pieces)-1].text += s
			default:
				pieces = append(pieces, piece{text: s})
			}
		}
		return pieces
	}
	t.title = cut(doc.Title)
	t.text = cut(strings.TrimSpace(doc.Text[doc.Body:]))
	return t
}

// longest returns the entry whose name tokens, every other of them a word, begin
// with, and how many tokens it takes.
func longest(gz *gazetteer.Gazetteer, tokens []string) (e *gazetteer.Entry, n int, m gazetteer.Match) {
	if len(tokens) == 0 || strings.EqualFold(tokens[0], "the") {
		return nil, 0, m // it stays before whatever comes after it
	}
	phrase, taken := wordsOf(tokens)
	found, k := gz.MatchTokens(phrase)
	if k == 0 || strings.IndexFunc(tokens[0], func(r rune) bool { return r >= 'A' && r <= 'Z' }) != 0 {
		return nil, 0, m
	}
	return found[0].Entry, taken[k-1], found[0]
}

// office reports whether tokens begin with an office, and how many it takes.
func office(gz *gazetteer.Gazetteer, tokens []string) (bool, int) {
	phrase, taken := wordsOf(tokens)
	o, k := gz.MatchOffice(phrase)
	if o == nil || k == 0 {
		return false, 0
	}
	return true, taken[k-1]
}

// wordsOf returns the words among the first of tokens that only spaces, hyphens
// and apostrophes part, and how many tokens each takes with those before it.
func wordsOf(tokens []string) (phrase []string, taken []int) {
	for i := 0; i < min(len(tokens), 16); i++ {
		switch tokens[i] {
		case " ", "\n":
		default:
			phrase, taken = append(phrase, tokens[i]), append(taken, i+1)
		}
	}
	return phrase, taken
}

// Document returns the document of a number from 0 on. It is the same in every
// run.
func (c *Corpus) Document(n int) *schema.Document {
	t := &c.samples[n%len(c.samples)]
	r := rand.New(rand.NewPCG(uint64(n), 20221))
	chosen := make([]*gazetteer.Entry, len(t.groups))
	for i, g := range t.groups {
		for chosen[i] == nil || slices.Contains(chosen[:i], chosen[i]) {
			chosen[i] = c.kinds[g][r.IntN(len(c.kinds[g]))]
		}
	}
	pick := func(names []string, n int) []string {
		some := make([]string, n)
		for i := range some {
			some[i] = names[r.IntN(len(names))]
		}
		return some
	}
	called, first, last := pick(c.capital, t.names), pick(c.first, t.people), pick(c.last, t.people)
	ago, later := r.IntN(60), r.IntN(3)
	write := func(pieces []piece) string {
		var b strings.Builder
		for _, p := range pieces {
			switch p.what {
			case asIs:
				b.WriteString(p.text)
			case entry:
				b.WriteString(expression(chosen[p.index], p))
			case agreement:
				b.WriteString(called[p.index])
			case person:
				b.WriteString(first[p.index] + " " + last[p.index])
			case surname:
				b.WriteString(last[p.index])
			case year:
				y, _ := strconv.Atoi(p.text) // four digits
				b.WriteString(strconv.Itoa(y - ago))
			case day:
				d, _ := strconv.Atoi(p.text) // at most two
				b.WriteString(strconv.Itoa((d+7*later)%28 + 1))
			}
		}
		return b.String()
	}
	doc := &schema.Document{
		ID:        fmt.Sprintf("%s-%d", t.doc.ID, n),
		Title:     write(t.title),
		Date:      t.doc.Date,
		Publisher: t.doc.Publisher,
		Text:      write(t.text),
	}
	if t.doc.Country != "" {
		doc.Country, _, _ = strings.Cut(doc.Title, ":") // as the samples have it
	}
	if !doc.Date.IsZero() {
		doc.Date.Year -= ago
		doc.Date.Day = min(doc.Date.Day, 28)
	}
	return doc
}

// expression is how an entry is spoken of in place of another.
func expression(e *gazetteer.Entry, p piece) string {
	switch p.usage {
	case gazetteer.AsAdjective, gazetteer.AsDemonym:
		return e.Adjectives[0]
	case gazetteer.AsMetonym:
		return e.Metonyms[0]
	}
	if p.form < 0 || len(e.Names) == 0 || e.Class == schema.State {
		return e.Name
	}
	return e.Names[p.form%len(e.Names)].Text
}

// WriteJSONL writes the documents of the numbers from first up to end as JSON
// Lines.
func (c *Corpus) WriteJSONL(w io.Writer, first, end int) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for n := first; n < end; n++ {
		doc := c.Document(n)
		line := struct {
			ID      string `json:"id"`
			Title   string `json:"title,omitempty"`
			Country string `json:"country,omitempty"`
			Date    string `json:"date,omitempty"`
			Source  string `json:"source,omitempty"`
			Text    string `json:"text"`
		}{doc.ID, doc.Title, doc.Country, doc.Date.String(), doc.Publisher, doc.Text}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
