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
	Level   string // "head-of-state", "foreign-minister", "ambassador" …; "honorific" and "rank" are no offices
}

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

// Gazetteer holds the entries and finds them by name. Make one with [Load] or
// [Default].
type Gazetteer struct {
	entries     []*Entry
	byID        map[string]*Entry
	names       index[Match]
	offices     []*Office
	officeNames index[officeName]
}

type officeName struct {
	office *Office
	text   string
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
	return slices.Clone(g.names.find(key(text)))
}

// Match returns the readings of the longest expression that words begin with,
// and how many words it takes; nil and 0 where there is none. Words are folded
// ([schema.Fold]) and hold one word each. Case does not count, so "us" is the
// United States: for running text use [Gazetteer.MatchTokens].
func (g *Gazetteer) Match(words []string) (readings []Match, n int) {
	readings, n = g.names.longest(words, nil)
	return slices.Clone(readings), n
}

// MatchTokens returns the readings of the longest expression that tokens begin
// with, and how many tokens it takes; nil and 0 where there is none. Tokens are
// as the text writes them and may fold to several words or, like a hyphen, to
// none. A reading must be written as the text writes it in what tells names
// from words: capitals where the gazetteer has a capital first letter, and all
// of them in abbreviations.
func (g *Gazetteer) MatchTokens(tokens []string) (readings []Match, n int) {
	return matchTokens(&g.names, tokens, func(m Match) string { return m.Text })
}

// LookupOffice returns the office of that name or alias, or nil. Case does not
// count.
func (g *Gazetteer) LookupOffice(name string) *Office {
	for _, o := range g.officeNames.find(key(name)) {
		return o.office
	}
	return nil
}

// MatchOffice returns the office, title or rank that tokens begin with, the
// longest there is, and how many tokens it takes; nil and 0 where there is none.
// Case does not count: "foreign minister" is an office too.
func (g *Gazetteer) MatchOffice(tokens []string) (office *Office, n int) {
	found, n := matchTokens(&g.officeNames, tokens, nil)
	if n == 0 {
		return nil, 0
	}
	return found[0].office, n
}

// key is what names are looked up by: folded, without a leading article.
func key(name string) string {
	k := fold(name)
	if rest, ok := strings.CutPrefix(k, "the "); ok {
		return rest
	}
	return k
}

// fold is [schema.Fold] with a short cut for plain ASCII, which nearly every
// name is; loading folds thousands of them.
func fold(name string) string {
	if !plain(name) {
		return schema.Fold(name)
	}
	return strings.ToLower(name)
}

// plain reports whether name is ASCII letters and digits with single spaces
// between.
func plain(name string) bool {
	space := true
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			space = false
		case c == ' ' && !space:
			space = true
		default:
			return false
		}
	}
	return !space
}

// written reports whether the words of text, which folds like name, are
// capitalized as name is.
func written(name string, tokens []string) bool {
	if abbreviation(name) {
		for _, t := range tokens {
			if strings.IndexFunc(t, unicode.IsLower) >= 0 {
				return false
			}
		}
		return true
	}
	first, _ := utf8.DecodeRuneInString(name)
	if !unicode.IsUpper(first) {
		return true
	}
	for _, t := range tokens {
		r, _ := utf8.DecodeRuneInString(t)
		if unicode.IsLetter(r) {
			return unicode.IsUpper(r)
		}
	}
	return true
}

// abbreviation reports whether name is written in capitals only.
func abbreviation(name string) bool {
	return len(name) > 1 && strings.IndexFunc(name, unicode.IsLower) < 0 && strings.IndexFunc(name, unicode.IsUpper) >= 0
}
