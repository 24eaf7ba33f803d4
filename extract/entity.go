package extract

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// entity is somebody or something while a document is being read. Facts refer
// to entities by key; the names that the document and the gazetteer give them
// are gathered until the end.
type entity struct {
	key     string // as schema.Entity.ID, unique within the document
	class   schema.Class
	kind    string // the gazetteer's kind, or the head noun
	name    string
	aliases []string

	entry   *gazetteer.Entry
	named   bool        // it has a name of its own, not only a description
	plural  bool        // it is several things under one description
	whole   *entity     // of which it is a part, by its description
	members []*entity   // of a group
	parties []*entity   // of an instrument or boundary
	topics  []*entity   // what an instrument's own name says it covers
	court   *entity     // whose ruling an instrument is
	date    schema.Date // of an instrument
	head    string      // head noun of an instrument, for "the treaty"
}

// addName gives the entity a further name.
func (e *entity) addName(names ...string) {
	for _, n := range names {
		n = strings.TrimSpace(n)
		if n != "" && n != e.name && !slices.Contains(e.aliases, n) {
			e.aliases = append(e.aliases, n)
		}
	}
}

// value returns the entity as facts hold it.
func (e *entity) value() schema.Entity {
	if e.class == schema.Literal {
		return schema.Lit(e.name)
	}
	aliases := slices.Clone(e.aliases)
	slices.Sort(aliases)
	return schema.Entity{ID: e.key, Class: e.class, Name: e.name, Aliases: slices.Compact(aliases)}
}

// acts reports whether the entity can stand where a state is wanted: states,
// governments, and territories that govern themselves.
func (e *entity) acts() bool {
	return e.class == schema.State || e.class == schema.Organization || e.entry != nil && e.entry.CanAct()
}

// became reports whether the other state succeeded this one: Russia the Soviet
// Union.
func (e *entity) became(other *entity) bool {
	return e.entry != nil && other.entry != nil && slices.Contains(e.entry.Successors, other.entry.ID)
}

// fits reports whether the entity may fill a place of one of the classes.
func (e *entity) fits(classes []schema.Class) bool {
	if len(classes) == 0 {
		return true
	}
	for _, c := range classes {
		switch {
		case e.class.Is(c):
			return true
		case c == schema.Territory && e.class == schema.Place:
			return true
		case c == schema.State && e.class != schema.State:
			if e.class == schema.Territory && e.acts() {
				return true
			}
		case c == schema.Agent && e.acts():
			return true
		case c == schema.Territory && e.class == schema.State && e.entry != nil && e.entry.Kind == "dependency":
			return true
		}
	}
	return false
}

// registry holds the entities of one document.
type registry struct {
	byKey map[string]*entity
	order []*entity
}

func newRegistry() *registry { return &registry{byKey: map[string]*entity{}} }

// get returns the entity of the key, made by the function if it is new.
func (r *registry) get(key string, make func() *entity) *entity {
	if e := r.byKey[key]; e != nil {
		return e
	}
	e := make()
	e.key = key
	r.byKey[key] = e
	r.order = append(r.order, e)
	return e
}

// known returns the entity of a gazetteer entry.
func (r *registry) known(entry *gazetteer.Entry) *entity {
	return r.get(entry.ID, func() *entity {
		v := entry.Entity()
		return &entity{class: v.Class, kind: entry.Kind, name: v.Name, aliases: v.Aliases, entry: entry, named: true}
	})
}

// described returns the entity of the class that goes by the name.
func (r *registry) described(class schema.Class, name, kind string, aliases ...string) *entity {
	e := r.get(schema.EntityID(class, name), func() *entity {
		return &entity{class: class, name: name, kind: kind}
	})
	e.addName(aliases...)
	return e
}
