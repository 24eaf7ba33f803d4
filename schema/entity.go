package schema

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Entity is somebody or something that facts are about: what it is, under
// which stable identifier, and by which names it goes.
//
// ID is unique among all entities and the same on every run: "state/japan",
// "territory/shikotan". It is the path of the entity's IRI below the id base.
// A [Literal] has no ID; its Name is its value.
type Entity struct {
	ID      string   `json:"id,omitempty"`
	Class   Class    `json:"class,omitempty"`
	Name    string   `json:"name"`              // the name to show
	Aliases []string `json:"aliases,omitempty"` // further names, sorted, without Name
}

// Lit returns a literal value, such as a status or a name.
func Lit(value string) Entity { return Entity{Class: Literal, Name: value} }

// NewEntity returns an entity whose identifier is made of its class and name.
func NewEntity(class Class, name string, aliases ...string) Entity {
	return Entity{ID: EntityID(class, name), Class: class, Name: name, Aliases: aliases}
}

// IsZero reports whether e is no entity at all.
func (e Entity) IsZero() bool { return e.ID == "" && e.Class == "" && e.Name == "" }

// Key identifies e among entities and literals alike: its ID, or for a literal
// its value in quotes.
func (e Entity) Key() string {
	if e.ID != "" {
		return e.ID
	}
	return `"` + e.Name + `"`
}

// Same reports whether e and other are one entity or equal literals, whatever
// names each carries.
func (e Entity) Same(other Entity) bool { return e.Key() == other.Key() }

// Called returns e shown by another of its names, or as it is where that is "".
// The name that it was shown by becomes an alias.
func (e Entity) Called(name string) Entity {
	if name == "" || name == e.Name {
		return e
	}
	aliases := slices.DeleteFunc(slices.Clone(e.Aliases), func(alias string) bool { return alias == name })
	aliases = append(aliases, e.Name)
	slices.Sort(aliases)
	e.Name, e.Aliases = name, slices.Compact(aliases)
	return e
}

// EntityID returns the identifier of the entity of the given class and name,
// such as "territory/shikotan".
func EntityID(class Class, name string) string {
	return strings.ToLower(string(class)) + "/" + Slug(name)
}

// Slug turns a name into the part of an identifier that stands for it: lower
// case, accents removed, every other run of characters a hyphen. Letters of
// other scripts stay as they are. Different names may have one slug; the empty
// name's is "_".
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == 'ʻ':
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	if b.Len() == 0 {
		return "_"
	}
	return b.String()
}

// Fold reduces a name to what two spellings of it have in common: lower case,
// no accents, apostrophes dropped, every other run of non-alphanumerics a
// space. It is for looking names up, never for showing them.
func Fold(name string) string { return strings.ReplaceAll(Slug(name), "-", " ") }

// Collective reports whether e is by its name a group of islands or places, of
// whose members holds what is said of it, rather than a region they lie in.
func (e Entity) Collective() bool {
	if e.Class != Territory && e.Class != Place {
		return false
	}
	return slices.ContainsFunc(append([]string{e.Name}, e.Aliases...), func(name string) bool {
		return slices.ContainsFunc(strings.Fields(Fold(name)), func(word string) bool {
			switch word {
			case "islands", "islets", "group", "archipelago", "isles", "territories", "kurils", "kuriles", "reefs", "rocks":
				return true
			}
			return false
		})
	})
}
