package ask

import (
	"fmt"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Plan is what a question asks for: which values of ?x, or which time, make
// all of its patterns hold. It prints itself in words and as SPARQL.
type Plan struct {
	Kind     Kind
	Want     Want
	Patterns []Pattern
	Events   *Events // of a question for what happened, which has no patterns
}

// Want says what of the matching facts is the answer.
type Want struct {
	Time    schema.Role // RoleDate, RoleSince or RoleUntil for dates, else ""
	Unit    string      // what a number is measured in, else ""
	Extreme string      // "latest" or "earliest": only the answers with that date
	Source  bool        // who says so is the answer
	Clause  bool        // what is said or provided, in the document's words
	About   []string    // of a clause: the words that it is about
}

// Pattern holds where one of its atoms does.
type Pattern struct {
	Atoms  []Atom
	Except bool // of the answers, those for which it holds are left out; stands behind the others
}

// Atom selects facts of one predicate.
type Atom struct {
	Predicate       schema.Predicate
	Negated         bool
	Subject, Object Term
	Qualifiers      []RoleTerm
	When            []When
	Mentioned       []Term   // what the passage that proves the fact must also name
	Said            []string // words of which it must hold one, in some form
}

// RoleTerm is what a fact's qualifier must be.
type RoleTerm struct {
	Role schema.Role
	Term Term
}

// When bounds a fact's time.
type When struct {
	Op   string // "in", "since", "until", "before", "after"
	Date schema.Date
	End  schema.Date // of "in" a span
}

// Term is what stands in a slot of an atom. The zero value is anything.
type Term struct {
	Var      bool         // ?x, what is asked for
	Class    schema.Class // "" for any
	Kind     string       // narrower than the class: "island"
	Names    []Name       // who or what; alternatives unless All
	All      bool         // the fact must hold of each name
	Words    []string     // of a description that names nothing
	Ends     []Name       // of a boundary: the states or territories on its sides
	With     []Name       // of an instrument: those of its ends with whom somebody else has it
	Exact    string       // a literal: a status, an act
	Part     bool         // only part of it
	Family   string       // of an instrument: treaty, declaration, law, ruling
	Date     schema.Date  // that the description gives
	Any      bool         // the description is of no one in particular: "a peace treaty"
	Many     bool         // the description fits any number of them
	Situates bool         // it only tells where, and may stand elsewhere in a document
	Besides  []Name       // it is none of these
	Region   string       // of a state: the part of the world it lies in
	Sub      *Plan        // a question of its own, whose answers the term stands for
}

// Name is a name in the question and the entities that it may stand for.
type Name struct {
	Text     string
	Entities []schema.Entity
}

// IsZero reports whether the term is anything at all.
func (t *Term) IsZero() bool {
	return !t.Var && t.Class == "" && !t.bound()
}

// bound reports whether the term says who or what it is.
func (t *Term) bound() bool {
	return len(t.Names) > 0 || len(t.Words) > 0 || len(t.Ends) > 0 || t.Exact != "" || !t.Date.IsZero()
}

// String returns the plan in words, on one line.
func (p *Plan) String() string {
	var b strings.Builder
	switch {
	case p.Events != nil:
		b.WriteString("list " + p.Events.String())
	case p.Kind == YesNo:
		b.WriteString("yes or no: ")
	case p.Kind == Date:
		b.WriteString("date ")
		if p.Want.Time != schema.RoleDate {
			b.WriteString(string(p.Want.Time) + " ")
		}
		b.WriteString("where ")
	case p.Want.Unit != "":
		b.WriteString("number of " + p.Want.Unit + " where ")
	case p.Kind == Number:
		b.WriteString("number of ?x where ")
	case p.Kind == One && !p.Want.Source:
		b.WriteString("one ?x where ")
	case p.Want.Source:
		b.WriteString("who says that ")
	default:
		b.WriteString("list ?x where ")
	}
	for i, pat := range p.Patterns {
		switch {
		case pat.Except:
			b.WriteString(" except ")
		case i > 0:
			b.WriteString(" and ")
		}
		for j := range pat.Atoms {
			if j > 0 {
				b.WriteString(" or ")
			}
			b.WriteString(pat.Atoms[j].String())
		}
	}
	if len(p.Want.About) > 0 {
		b.WriteString(" about " + strings.Join(p.Want.About, " "))
	}
	if p.Want.Extreme != "" {
		b.WriteString(", the " + p.Want.Extreme)
	}
	return b.String()
}

// String returns the atom as predicate(subject, object; qualifiers).
func (a *Atom) String() string {
	var b strings.Builder
	if a.Negated {
		b.WriteString("not ")
	}
	fmt.Fprintf(&b, "%s(%s, %s", a.Predicate, &a.Subject, &a.Object)
	for _, q := range a.Qualifiers {
		fmt.Fprintf(&b, "; %s %s", q.Role, &q.Term)
	}
	b.WriteString(")")
	for _, w := range a.When {
		b.WriteString(" " + w.String())
	}
	if len(a.Mentioned) > 0 {
		b.WriteString(" about ")
		for i := range a.Mentioned {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(a.Mentioned[i].String())
		}
	}
	if len(a.Said) > 0 {
		b.WriteString(" saying " + strings.Join(a.Said, ", "))
	}
	return b.String()
}

// String returns the bound as "in 1963", "in 1960 to 1969", "since 1954".
func (w When) String() string {
	s := w.Op + " " + w.Date.String()
	if !w.End.IsZero() {
		s += " to " + w.End.String()
	}
	return s
}

// String returns the term: "?x:Territory island", "Japan", "Chile / Peru".
func (t *Term) String() string {
	var parts []string
	switch {
	case t.Exact != "":
		return t.Exact
	case len(t.Names) > 0:
		names := make([]string, len(t.Names))
		for i, n := range t.Names {
			names[i] = n.label()
		}
		sep := " / "
		if t.All {
			sep = " and "
		}
		s := strings.Join(names, sep)
		if t.Part {
			s = "part of " + s
		}
		if t.Class == schema.Literal {
			s = `"` + t.Names[0].Text + `"`
		}
		parts = append(parts, s)
	case len(t.Ends) > 0:
		names := make([]string, len(t.Ends))
		for i, n := range t.Ends {
			names[i] = n.label()
		}
		parts = append(parts, "boundary of "+strings.Join(names, ", "))
	}
	if t.Var {
		s := "?x"
		if t.Class != "" {
			s += ":" + string(t.Class)
		}
		if t.Kind != "" && !strings.EqualFold(t.Kind, string(t.Class)) {
			s += " " + t.Kind
		}
		if t.Region != "" {
			s += " in " + t.Region
		}
		return strings.Join(append([]string{s}, parts...), " = ")
	}
	if len(t.Words) > 0 {
		parts = append(parts, "the "+string(t.Class)+" of "+strings.Join(t.Words, " "))
	}
	if !t.Date.IsZero() {
		parts = append(parts, "of "+t.Date.String())
	}
	if len(parts) > 0 {
		return strings.Join(parts, " ")
	}
	if t.Class != "" {
		s := ":" + string(t.Class)
		if t.Kind != "" && !strings.EqualFold(t.Kind, string(t.Class)) {
			s += " " + t.Kind
		}
		if len(t.Besides) > 0 {
			names := make([]string, len(t.Besides))
			for i := range t.Besides {
				names[i] = t.Besides[i].label()
			}
			s += " other than " + strings.Join(names, ", ")
		}
		if t.Sub != nil {
			s += " (" + t.Sub.String() + ")"
		}
		return s
	}
	return "any"
}

// label is the entity's name where there is one reading, else the text.
func (n *Name) label() string {
	if len(n.Entities) == 0 {
		return n.Text
	}
	return n.Entities[0].Name
}

// terms yields every term of the atom, for reading and changing.
func (a *Atom) terms(yield func(*Term) bool) {
	if !yield(&a.Subject) || !yield(&a.Object) {
		return
	}
	for i := range a.Qualifiers {
		if !yield(&a.Qualifiers[i].Term) {
			return
		}
	}
	for i := range a.Mentioned {
		if !yield(&a.Mentioned[i]) {
			return
		}
	}
}

// hasVar reports whether ?x stands in a slot or qualifier of the atom.
func (a *Atom) hasVar() bool {
	return a.Subject.Var || a.Object.Var || slices.ContainsFunc(a.Qualifiers, func(q RoleTerm) bool { return q.Term.Var })
}

// qualifier returns the atom's term for a role, or nil.
func (a *Atom) qualifier(role schema.Role) *Term {
	if i := slices.IndexFunc(a.Qualifiers, func(q RoleTerm) bool { return q.Role == role }); i >= 0 {
		return &a.Qualifiers[i].Term
	}
	return nil
}
