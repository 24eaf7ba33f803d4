// Package gazetteer knows the world's states, territories, waters, places,
// international bodies and courts, armed groups and offices by all their
// names: who is meant, never who claims or holds what.
//
// It reads the tables below data/gazetteer; README.md in data describes their
// columns. A [Gazetteer] is immutable and safe for concurrent use.
package gazetteer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/schema"
)

// Entry is one thing that the gazetteer knows.
type Entry struct {
	ID    string // "state/japan", "territory/shikotan", "court/international-court-of-justice"
	Class schema.Class
	Kind  string // "state", "historical-state", "island", "reef", "sea", "court" …
	Name  string // the everyday English name

	Names      []Name   // further names, in file order
	Adjectives []string // "Japanese", "UK"
	Demonyms   []string // "Japanese", "Kenyans"
	Metonyms   []string // capitals, seats and parliaments that speak for it: "Tokyo", "the Kremlin"

	ISO2, ISO3 string // ISO 3166-1
	COW        string // Correlates of War country code
	Wikidata   string // item, such as "Q17"

	Lat, Lon float64 // WGS 84 degrees, rough; meaningful where Located
	Located  bool

	MemberOf    []string    // ids of the groups and regions it belongs to by definition
	From, Until schema.Date // when a historical state existed; zero if unknown or it still does
	Successors  []string    // ids of the states that succeeded a historical one

	origin origin
}

// Name is one more name of an entry.
type Name struct {
	Text string
	Kind NameKind
	By   string // id of the state that uses the name; "" where nobody in particular
}

// NameKind says what sort of name a name is.
type NameKind string

// The kinds of names.
const (
	Official     NameKind = "official"     // the long form: "Russian Federation"
	Short        NameKind = "short"        // another everyday form: "Britain"
	Abbreviation NameKind = "abbreviation" // "UK", "ICJ"
	Local        NameKind = "local"        // in the language of whoever uses it: "Takeshima"
	Former       NameKind = "former"       // no longer in use: "Burma"
	Spelling     NameKind = "spelling"     // another spelling or variant: "Tok-do"
)

// Place reports whether e is somewhere on the map other than a state.
func (e *Entry) Place() bool { return e.Class.Is(schema.Place) }

// CanAct reports whether e can claim, sign or say something: states,
// organizations and courts, and the dependencies and partially recognized
// states that are territories too.
func (e *Entry) CanAct() bool {
	return e.Class.Is(schema.Agent) || e.Kind == "dependency" || e.Kind == "partially-recognized-state"
}

// Existed reports whether the state existed at some time that the date covers: between
// From and Until, where they are known.
func (e *Entry) Existed(date schema.Date) bool {
	return (e.From.IsZero() || e.From.First().Compare(date.Last()) <= 0) && (e.Until.IsZero() || date.First().Compare(e.Until.Last()) <= 0)
}

// Entity returns e as an entity of the graph, with every name of its own (no
// adjectives, demonyms or metonyms) among the aliases.
func (e *Entry) Entity() schema.Entity {
	aliases := make([]string, 0, len(e.Names))
	for _, n := range e.Names {
		if n.Text != e.Name {
			aliases = append(aliases, n.Text)
		}
	}
	slices.Sort(aliases)
	return schema.Entity{ID: e.ID, Class: e.Class, Name: e.Name, Aliases: slices.Compact(aliases)}
}

// Office is a position, or a title or rank that stands before a person's name.
type Office struct {
	ID      string // "office/prime-minister"
	Name    string // "Prime Minister"
	Aliases []string
	Level   string // "head-of-state", "foreign-minister", "ambassador" … "honorific", "rank"
}

// Title reports whether o is only ever part of a name, such as "Mr." and
// "Gen.", and no office that somebody holds.
func (o *Office) Title() bool { return o.Level == "honorific" || o.Level == "rank" }

// Usage says in which way a matched expression stands for its entry.
type Usage string

// The usages, from the plainest to the most indirect.
const (
	AsName      Usage = "name"      // Japan, UK, Etorofu
	AsAdjective Usage = "adjective" // Japanese
	AsDemonym   Usage = "demonym"   // the Japanese
	AsMetonym   Usage = "metonym"   // Tokyo
)

// Match is one reading of an expression.
type Match struct {
	Entry *Entry
	Usage Usage
	Text  string   // as the gazetteer writes it
	Kind  NameKind // of the name where Usage is AsName; "" for Entry.Name itself
	By    string   // id of the state that uses the name, if known
}

// reading is a Match as the index keeps it.
type reading struct {
	entry *Entry
	usage usage
	at    int16 // of the expression in the entry's list for the usage; -1 is Entry.Name
}

type usage uint8

const (
	usageName usage = iota
	usageAdjective
	usageDemonym
	usageMetonym
)

var usages = [...]Usage{usageName: AsName, usageAdjective: AsAdjective, usageDemonym: AsDemonym, usageMetonym: AsMetonym}

// texts returns the expressions of a usage other than usageName.
func (e *Entry) texts(u usage) []string {
	switch u {
	case usageAdjective:
		return e.Adjectives
	case usageDemonym:
		return e.Demonyms
	case usageMetonym:
		return e.Metonyms
	}
	return nil
}

func (r reading) text() string {
	switch {
	case r.at < 0:
		return r.entry.Name
	case r.usage == usageName:
		return r.entry.Names[r.at].Text
	}
	return r.entry.texts(r.usage)[r.at]
}

func (r reading) match() Match {
	m := Match{Entry: r.entry, Usage: usages[r.usage], Text: r.text()}
	if r.usage == usageName && r.at >= 0 {
		m.Kind, m.By = r.entry.Names[r.at].Kind, r.entry.Names[r.at].By
	}
	return m
}

func matches(readings []reading) []Match {
	if len(readings) == 0 {
		return nil
	}
	ms := make([]Match, len(readings))
	for i, r := range readings {
		ms[i] = r.match()
	}
	return ms
}

// Gazetteer holds the entries and finds them by name. Make one with [Load] or
// [Default].
type Gazetteer struct {
	entries     []*Entry
	byID        map[string]*Entry
	names       index[reading]
	offices     []*Office
	officeNames index[officeName]
}

// All returns every entry, ordered by ID. The slice and what it points to must
// not be changed.
func (g *Gazetteer) All() []*Entry { return g.entries }

// ByID returns the entry with the given ID, or nil.
func (g *Gazetteer) ByID(id string) *Entry { return g.byID[id] }

// Offices returns every office, title and rank in file order. The slice and
// what it points to must not be changed.
func (g *Gazetteer) Offices() []*Office { return g.offices }

// Lookup returns the entries that go by exactly this name, compared by
// [schema.Fold] and without a leading "the", ordered by ID. Adjectives,
// demonyms and metonyms are no names here: see [Gazetteer.Readings].
func (g *Gazetteer) Lookup(name string) []*Entry {
	var entries []*Entry
	for _, m := range g.Readings(name) {
		if m.Usage == AsName && !slices.Contains(entries, m.Entry) {
			entries = append(entries, m.Entry)
		}
	}
	return entries
}

// Readings returns everything that the whole expression may stand for: names
// first, then adjectives, demonyms and metonyms, each ordered by entry ID.
// Case does not count.
func (g *Gazetteer) Readings(text string) []Match {
	return matches(g.names.find(key(nil, text)))
}

// Match returns the readings of the longest expression that words begin with,
// and how many words it takes; nil and 0 where there is none. Case does not
// count, so "us" is the United States: it is for questions and lists, not for
// running text, which [Gazetteer.MatchTokens] reads. A leading "the" is taken
// along.
func (g *Gazetteer) Match(words []string) (readings []Match, n int) {
	found, n := g.names.longest(words, nil)
	return matches(found), n
}

// MatchTokens returns the readings of the longest expression that tokens begin
// with, and how many tokens it takes; nil and 0 where there is none. Tokens are
// as the text writes them; one may fold to several words ("Take-shima"), and
// hyphens, slashes and full stops between them are passed over. A reading must
// be written as the text writes it in what tells names from words: a capital
// first letter where the gazetteer has one, and capitals only in abbreviations.
// A leading "the" is taken along.
func (g *Gazetteer) MatchTokens(tokens []string) (readings []Match, n int) {
	found, n := g.names.longest(tokens, func(r reading, taken []string) bool {
		// Of territories with a comma, such as "Picton, Lennox and Nueva", each is meant.
		return written(r.text(), taken) && (!slices.Contains(taken, ",") || r.entry.Class != schema.Territory && strings.Contains(r.text(), ","))
	})
	return matches(found), n
}

// officeName is one name of an office.
type officeName struct {
	office *Office
	text   string
}

// LookupOffice returns the office of that name or alias, or nil. Case does not
// count.
func (g *Gazetteer) LookupOffice(name string) *Office {
	for _, o := range g.officeNames.find(key(nil, name)) {
		return o.office
	}
	return nil
}

// MatchOffice returns the office, title or rank that tokens begin with, the
// longest there is, and how many tokens it takes; nil and 0 where there is none.
// "foreign minister" is an office as good as "Foreign Minister", but ranks and
// honorifics need their capital, since "major" and "general" are words too, and
// abbreviations all of them.
func (g *Gazetteer) MatchOffice(tokens []string) (office *Office, n int) {
	found, n := g.officeNames.longest(tokens, func(o officeName, taken []string) bool {
		return !o.office.Title() && caseOf(o.text) != capitals || written(o.text, taken)
	})
	if n == 0 {
		return nil, 0
	}
	return found[0].office, n
}

// written reports whether tokens, which fold like name, are capitalized as name
// is, and have a genitive only where it has one.
func written(name string, tokens []string) bool {
	if (slices.Contains(tokens, "'s") || slices.Contains(tokens, "’s")) && !strings.ContainsAny(name, "'’") {
		return false // "America's" are not the Americas
	}
	switch caseOf(name) {
	case lower:
		return true
	case capitals:
		return !slices.ContainsFunc(tokens, func(t string) bool { return strings.IndexFunc(t, unicode.IsLower) >= 0 })
	}
	if len(tokens) > 2 && tokens[1] == "-" && len(tokens[0]) == 2 && strings.EqualFold(tokens[0][1:], "l") {
		tokens = tokens[2:] // an Arabic article takes a capital or not: "al-Fashaga"
	}
	for _, t := range tokens {
		if i := strings.IndexFunc(t, unicode.IsLetter); i >= 0 {
			r, _ := utf8.DecodeRuneInString(t[i:])
			return unicode.IsUpper(r)
		}
	}
	return true
}

// letterCase is how a name is capitalized, as far as telling it from words
// needs.
type letterCase uint8

const (
	lower    letterCase = iota // does not begin with a capital
	title                      // begins with one
	capitals                   // an abbreviation
)

func caseOf(name string) letterCase {
	if len(name) > 4 && strings.EqualFold(name[:4], "the ") {
		name = name[4:]
	}
	if abbreviation(name) {
		return capitals
	}
	if i := strings.IndexFunc(name, unicode.IsLetter); i >= 0 {
		if r, _ := utf8.DecodeRuneInString(name[i:]); unicode.IsUpper(r) {
			return title
		}
	}
	return lower
}

// abbreviation reports whether name is written in capitals only.
func abbreviation(name string) bool {
	return len(name) > 1 && strings.IndexFunc(name, unicode.IsLower) < 0 && strings.IndexFunc(name, unicode.IsUpper) >= 0
}
