package ask

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// runner runs one plan.
type runner struct {
	ctx    context.Context
	reader Reader
	opts   Options
	lex    *lexicon
	gaz    *gazetteer.Gazetteer

	groups      map[string]family
	instruments []schema.Entity
	read        map[schema.Class]bool
	boundaries  []schema.Entity
	spoken      map[string][]string // entity ID → folded expressions that stand for it
}

// hit is a fact that matches an atom, with what ?x stands for in it.
type hit struct {
	fact  schema.Fact
	atom  *Atom
	value schema.Entity // zero where the atom has no ?x
	loose bool          // a qualifier or time that the atom asks for stands in the passage only
	part  bool          // matches only by group membership
}

// family is what a territory belongs to and what belongs to it.
type family struct{ groups, members []schema.Entity }

// prepared is an atom whose terms have been looked up.
type prepared struct {
	*Atom
	ids map[*Term][]string // entity IDs that a bound term may be; absent where it must be compared by name

	parts []string // IDs of entities that are only part of the object
	wide  bool     // where the atom's situations may be named elsewhere in a document
}

// parts returns the entities that are named as parts of somewhere: "parts of the
// Spratly Islands".
func (x *runner) parts(names []Name) ([]string, error) {
	ids := []string{}
	for _, n := range names {
		for _, e := range n.Entities {
			if !e.Class.Is(schema.Place) {
				continue
			}
			for _, prefix := range []string{"parts of ", "parts of the ", "part of ", "part of the "} {
				found, err := x.reader.Lookup(x.ctx, prefix+e.Name)
				if err != nil {
					return nil, err
				}
				for _, f := range found {
					if !slices.Contains(ids, f.ID) {
						ids = append(ids, f.ID)
					}
				}
			}
		}
	}
	return ids, nil
}

// match returns the facts that match the atom. Denied says whether facts of
// the other polarity are wanted.
func (x *runner) match(a *Atom, denied bool) ([]hit, error) {
	p := &prepared{Atom: a, ids: map[*Term][]string{}}
	for t := range a.terms {
		if err := x.prepare(p, t); err != nil {
			return nil, err
		}
	}
	hits, err := x.exact(p, denied)
	if err == nil && len(hits) == 0 && len(a.Mentioned) > 0 { // a place may be told of once in a document
		p.wide = true
		hits, err = x.exact(p, denied)
	}
	if err == nil && len(hits) == 0 {
		hits, err = x.actedFor(p, denied)
	}
	if err == nil && len(hits) == 0 && inherits(a.Predicate) && !denied {
		hits, err = x.circumscribed(p)
	}
	if err == nil && len(hits) == 0 && a.Predicate == schema.Disputes && !a.Negated && !denied {
		return x.rivals(p)
	}
	if err != nil || !inherits(a.Predicate) {
		return hits, err
	}
	more, err := x.related(p, denied, hits)
	return append(hits, more...), err
}

// actsFor reports whether what a predicate says of a state may be told of who holds its
// offices: "Putin annexed".
func actsFor(p schema.Predicate) bool {
	switch p {
	case schema.MetWith, schema.HoldsOffice, schema.Said, schema.ParticipatesIn, schema.AlsoKnownAs, schema.PartOf:
		return false
	}
	return true
}

// actedFor returns the facts of the state whose office the person that the atom names
// holds, of documents that name that person.
func (x *runner) actedFor(p *prepared, denied bool) ([]hit, error) {
	if !actsFor(p.Predicate) {
		return nil, nil
	}
	for _, t := range []*Term{&p.Subject, &p.Object} {
		var states []string
		for _, n := range t.Names {
			for _, e := range n.Entities {
				if e.Class != schema.Person || t.Var {
					continue
				}
				of, err := x.states(e)
				if err != nil {
					return nil, err
				}
				states = append(states, of...)
			}
		}
		if len(states) == 0 {
			continue
		}
		saved := p.ids[t]
		p.ids[t] = states
		hits, err := x.exact(p, denied)
		if err == nil && len(hits) == 0 && len(p.Mentioned) > 0 {
			p.wide = true
			hits, err = x.exact(p, denied)
		}
		p.ids[t] = saved
		return slices.DeleteFunc(hits, func(h hit) bool { return !x.documentNames(&h.fact, t.Names) }), err
	}
	return nil, nil
}

// states returns the IDs of the states and bodies of which somebody holds an office.
func (x *runner) states(person schema.Entity) (ids []string, err error) {
	for f, err := range x.reader.Facts(x.ctx, schema.Filter{Subject: person.ID, Predicates: []schema.Predicate{schema.HoldsOffice}, Docs: x.opts.Docs}) {
		if err != nil {
			return nil, err
		}
		if of := f.Qualifier(schema.RoleOf); of.ID != "" && !f.Negated && !slices.Contains(ids, of.ID) {
			ids = append(ids, of.ID)
		}
	}
	return ids, x.ctx.Err()
}

// holders answers which officials did what only their states are told to have done:
// those who hold the office by the same documents. It returns nil for any other plan.
func (x *runner) holders(plan *Plan) ([]answer, error) {
	if len(plan.Patterns) != 2 || len(plan.Patterns[0].Atoms) != 1 || len(plan.Patterns[1].Atoms) != 1 || plan.Patterns[1].Except {
		return nil, nil
	}
	act, office := plan.Patterns[0].Atoms[0], plan.Patterns[1].Atoms[0]
	if !act.Subject.Var || !act.Subject.Class.Is(schema.Person) || !actsFor(act.Predicate) || office.Predicate != schema.HoldsOffice {
		return nil, nil
	}
	act.Subject.Class = schema.State
	hits, err := x.match(&act, false)
	if err != nil {
		return nil, err
	}
	var out []answer
	for _, h := range hits {
		held := office
		held.Qualifiers = []RoleTerm{{schema.RoleOf, Term{Names: []Name{{Text: h.value.Name, Entities: []schema.Entity{h.value}}}}}}
		who, err := x.match(&held, false)
		if err != nil {
			return nil, err
		}
		for _, w := range who {
			together := slices.ContainsFunc(w.fact.Evidence, func(ev schema.Evidence) bool {
				return slices.ContainsFunc(h.fact.Evidence, func(o schema.Evidence) bool { return o.Doc == ev.Doc })
			})
			if together && w.fact.Qualifier(schema.RoleStatus).Name != "former" {
				h.value = w.value
				out = x.add(x.add(out, w), h)
			}
		}
	}
	return out, nil
}

// circumscribed returns the facts of a place whose name there says more than that
// of the place asked about but means no other: "the US territory of Wake Island".
// They are looked for in the documents that name it.
func (x *runner) circumscribed(p *prepared) ([]hit, error) {
	slot := p.place()
	if slot.Var || slot.Sub != nil || len(slot.Names) == 0 || len(p.ids[slot]) == 0 {
		return nil, nil
	}
	var docs []string
	for _, id := range p.ids[slot] {
		n := 0
		for f, err := range x.reader.Facts(x.ctx, schema.Filter{About: id, Docs: x.opts.Docs}) {
			if err != nil {
				return nil, err
			}
			for _, ev := range f.Evidence {
				if !slices.Contains(docs, ev.Doc) && len(docs) < maxDocuments {
					docs = append(docs, ev.Doc)
				}
			}
			if n++; n > maxFactsRead {
				break
			}
		}
	}
	if len(docs) == 0 {
		return nil, nil
	}
	var hits []hit
	saved := p.ids[slot]
	defer func() { p.ids[slot] = saved }()
	for f, err := range x.reader.Facts(x.ctx, schema.Filter{Predicates: []schema.Predicate{p.Predicate}, Docs: docs, AsOf: x.opts.AsOf, MinConfidence: x.opts.MinConfidence}) {
		if err != nil {
			return nil, err
		}
		e := f.Object
		if slot == &p.Subject {
			e = f.Subject
		}
		if e.Class.Is(schema.Place) && e.Class != schema.Boundary && slices.ContainsFunc(slot.Names, func(n Name) bool { return x.circumscribes(e, n) }) {
			p.ids[slot] = []string{e.ID}
			hits = append(hits, x.test(p, f, false)...)
		}
	}
	return hits, x.ctx.Err()
}

// place returns the term for the territory that an atom is about.
func (p *prepared) place() *Term {
	if p.Predicate == schema.TransferredTo || p.Predicate == schema.AlsoKnownAs {
		return &p.Subject
	}
	return &p.Object
}

// circumscribes reports whether an entity's name is another one with nothing but what
// sort of place it is and whose.
func (x *runner) circumscribes(e schema.Entity, n Name) bool {
	for _, o := range n.Entities {
		before, after, ok := strings.Cut(" "+schema.Fold(e.Name)+" ", " "+schema.Fold(o.Name)+" ")
		if !ok || o.ID == e.ID || before+after == "" {
			continue
		}
		other := slices.ContainsFunc(strings.Fields(before+" "+after), func(w string) bool {
			if x.lex.stop[w] {
				return false
			}
			for _, ph := range x.lex.types[w] {
				if len(ph.words) == 1 && ph.values[0].Class == schema.Territory && ph.values[0].Kind != "waters" {
					return false
				}
			}
			return len(x.gaz.Readings(w)) == 0
		})
		if !other {
			return true
		}
	}
	return false
}

// rivals reads a dispute that no document calls one out of who claims or holds
// the same territory, or rejects the other's claim.
func (x *runner) rivals(p *prepared) ([]hit, error) {
	over := p.qualifier(schema.RoleOver)
	a, b := &p.Subject, &p.Object
	if over == nil && !(a.bound() && b.bound()) && !(a.bound() && b.Var) {
		return nil, nil
	}
	var out []hit
	if over == nil || !over.Var {
		// who rejects whose claim
		for _, side := range [][2]*Term{{a, b}, {b, a}} {
			r := &prepared{Atom: &Atom{Predicate: schema.Rejects, Subject: *side[0], Object: *side[1], When: p.When, Mentioned: p.Mentioned}, ids: map[*Term][]string{}}
			if over != nil && over.bound() {
				r.Mentioned = append(slices.Clone(r.Mentioned), *over)
			}
			for t := range r.terms {
				if err := x.prepare(r, t); err != nil {
					return nil, err
				}
			}
			if r.Subject.bound() || r.Object.bound() || over != nil {
				hits, err := x.exact(r, false)
				if err != nil {
					return nil, err
				}
				out = append(out, hits...)
			}
		}
	}
	if over == nil || len(out) > 0 {
		return out, nil
	}
	// who claims or holds the same
	var held []answer
	for _, pred := range []schema.Predicate{schema.Claims, schema.Administers} {
		for _, side := range []Term{*a, *b} {
			if side.IsZero() || over.Var && side.Var {
				continue
			}
			object := *over
			if !over.Var && side.Var {
				side.Var, side.Class = true, cmp.Or(side.Class, schema.Agent)
			}
			hits, err := x.match(&Atom{Predicate: pred, Subject: side, Object: object, When: p.When, Mentioned: p.Mentioned}, false)
			if err != nil {
				return nil, err
			}
			for _, h := range hits {
				held = x.add(held, h)
			}
		}
	}
	for _, h := range held {
		subjects := map[string]bool{}
		for _, k := range h.hits {
			subjects[k.fact.Subject.Key()] = true
		}
		if over.Var && len(subjects) > 1 || !over.Var && len(held) > 1 {
			out = append(out, h.hits...)
		}
	}
	return out, nil
}

// inherits reports whether what is said of a group of islands holds of its
// members, and what is said of most members of the group.
func inherits(p schema.Predicate) bool {
	switch p {
	case schema.Claims, schema.Administers, schema.Seized, schema.TransferredTo, schema.AlsoKnownAs, schema.Covers:
		return true
	}
	return false
}

// prepare finds the entities that a term may be.
func (x *runner) prepare(p *prepared, t *Term) error {
	switch {
	case t.Sub != nil:
		hits, err := x.solve(t.Sub)
		if err != nil {
			return err
		}
		t.Names = nil
		for _, v := range hits {
			t.Names = append(t.Names, Name{Text: v.value.Name, Entities: []schema.Entity{v.value}})
			fam, err := x.family(v.value)
			if err != nil {
				return err
			}
			for _, e := range slices.Concat(fam.groups, fam.members) {
				t.Names = append(t.Names, Name{Text: e.Name, Entities: []schema.Entity{e}})
			}
		}
		p.ids[t] = idsOf(t.Names)
		t.All = false
	case len(t.Names) > 0:
		p.ids[t] = idsOf(t.Names)
		if t == &p.Object && (p.Predicate == schema.Claims || p.Predicate == schema.Administers) {
			parts, err := x.parts(t.Names)
			if err != nil {
				return err
			}
			p.parts = parts
		}
	case t.Class == schema.Instrument && t.bound() && !t.Var && !t.Any:
		found, err := x.describeInstrument(t, p.Atom)
		if err != nil {
			return err
		}
		p.ids[t] = found
	case len(t.Ends) > 0:
		found, err := x.describeBoundary(t)
		if err != nil {
			return err
		}
		if len(t.Ends) == 1 { // "Abyei's borders": what is said of Abyei may be meant
			found = append(found, idsOf(t.Ends)...)
		}
		p.ids[t] = found
	}
	return nil
}

func idsOf(names []Name) []string {
	ids := []string{}
	for _, n := range names {
		for _, e := range n.Entities {
			if !slices.Contains(ids, e.ID) {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

// exact returns the facts whose slots are what the terms say.
func (x *runner) exact(p *prepared, denied bool) ([]hit, error) {
	var hits []hit
	seen := map[string]bool{}
	filters := x.filters(p)
	if loose(p.Predicate) && len(filters) > 0 && filters[0].About != "" {
		// what is rejected may be known by its wording only
		filters = append(filters, schema.Filter{Predicates: filters[0].Predicates, Docs: x.opts.Docs, AsOf: x.opts.AsOf, MinConfidence: x.opts.MinConfidence})
	}
	for _, f := range filters {
		scan := f.Subject == "" && f.Object == "" && f.About == ""
		if scan && len(filters) > 1 && len(hits) > 0 {
			break
		}
		n := 0
		for fact, err := range x.reader.Facts(x.ctx, f) {
			if err != nil {
				return nil, err
			}
			if n++; scan && (n > maxScan && p.vague() || n > maxScan/4 && len(filters) > 1) {
				break
			}
			id := fact.ID()
			if seen[id] {
				continue
			}
			seen[id] = true
			hits = append(hits, x.test(p, fact, denied)...)
		}
	}
	return hits, x.ctx.Err()
}

// maxScan bounds how many facts are compared with a description that no index
// leads to.
const maxScan = 2000

// vague reports whether some term of the atom is known by description only.
func (p *prepared) vague() bool {
	for t := range p.terms {
		if _, known := p.ids[t]; !known && !t.Var && len(t.Words) > 0 {
			return true
		}
	}
	return false
}

// filters are the look-ups that reach every fact the atom can match, by the
// term that says most.
func (x *runner) filters(p *prepared) []schema.Filter {
	base := schema.Filter{Predicates: []schema.Predicate{p.Predicate}, Docs: x.opts.Docs, AsOf: x.opts.AsOf, MinConfidence: x.opts.MinConfidence}
	by := func(ids []string, set func(*schema.Filter, string)) []schema.Filter {
		out := []schema.Filter{}
		for _, id := range ids {
			f := base
			set(&f, id)
			out = append(out, f)
		}
		return out
	}
	subject := func(f *schema.Filter, id string) { f.Subject = id }
	object := func(f *schema.Filter, id string) { f.Object = id }
	about := func(f *schema.Filter, id string) { f.About = id }
	if ids, ok := p.ids[&p.Object]; ok && !p.Object.Var && p.Object.Class != schema.Literal {
		if loose(p.Predicate) {
			if _, known := p.ids[&p.Subject]; !known || p.Subject.Var {
				return by(ids, about)
			}
		} else {
			return by(slices.Concat(ids, p.parts), object)
		}
	}
	if ids, ok := p.ids[&p.Subject]; ok && !p.Subject.Var {
		return by(ids, subject)
	}
	for i := range p.Qualifiers {
		if ids, ok := p.ids[&p.Qualifiers[i].Term]; ok && !p.Qualifiers[i].Term.Var && len(ids) > 0 {
			switch p.Qualifiers[i].Role {
			case schema.RoleBy, schema.RoleOf, schema.RoleFrom, schema.RoleUnder, schema.RoleOver:
				return by(ids, about)
			}
		}
	}
	return []schema.Filter{base}
}

// loose reports whether extractors may name the object of a predicate in
// several fair ways ("Tonga", "the Minerva Reefs"), so that it is compared
// with the whole fact.
func loose(p schema.Predicate) bool { return p == schema.Rejects || p == schema.Recognizes }

// test returns the hits that a fact makes: none, one, or for a symmetric
// predicate two.
func (x *runner) test(p *prepared, f schema.Fact, denied bool) []hit {
	if f.Negated != (p.Negated != denied) {
		return nil
	}
	orders := [][2]schema.Entity{{f.Subject, f.Object}}
	if p.Predicate.Symmetric() {
		orders = append(orders, [2]schema.Entity{f.Object, f.Subject})
	}
	var hits []hit
	for _, o := range orders {
		if !x.is(p, &p.Subject, o[0], &f) || !x.is(p, &p.Object, o[1], &f) {
			continue
		}
		values, ok := x.qualified(p, &f)
		if !ok || !x.inTime(p.Atom, &f) || !x.mentions(p, &f) {
			continue
		}
		switch {
		case p.Subject.Var:
			values = []schema.Entity{o[0]}
		case p.Object.Var:
			values = []schema.Entity{o[1]}
		}
		if len(values) == 0 {
			values = []schema.Entity{{}}
		}
		for _, v := range values {
			hits = append(hits, hit{fact: f, atom: p.Atom, value: v, loose: !x.qualifierSays(p.Atom, &f) || len(p.When) > 0 && f.Time.IsZero()})
		}
		if !p.Subject.Var && !p.Object.Var {
			break
		}
	}
	return hits
}

// is reports whether an entity of a fact is what the term says.
func (x *runner) is(p *prepared, t *Term, e schema.Entity, f *schema.Fact) bool {
	if t.Exact != "" {
		return x.sameText(t.Exact, e)
	}
	if len(t.Besides) > 0 && slices.Contains(idsOf(t.Besides), e.ID) {
		return false
	}
	if ids, ok := p.ids[t]; ok && !(t.Var && len(t.Names) == 0) {
		if slices.Contains(ids, e.Key()) {
			return !t.Part || f.Qualifier(schema.RoleExtent).Name != ""
		}
		if t == &p.Object && slices.Contains(p.parts, e.ID) {
			return true
		}
		if t.Class == schema.Literal { // the very name, not whoever it belongs to
			return slices.ContainsFunc(t.Names, func(n Name) bool {
				return x.nameIn(Name{Text: n.Text}, e)
			})
		}
		if e.Class == schema.Literal {
			return slices.ContainsFunc(t.Names, func(n Name) bool { return x.nameIn(n, e) })
		}
		if base, ok := partOf(e); ok && e.Class.Is(schema.Place) {
			return slices.ContainsFunc(t.Names, func(n Name) bool { return x.nameFolded(n, base) })
		}
		if loose(p.Predicate) && t == &p.Object {
			return x.structurally(t.Names, f, len(p.Mentioned) > 0)
		}
		return slices.ContainsFunc(t.Names, func(n Name) bool { return len(n.Entities) == 0 && x.nameIn(n, e) })
	}
	if len(t.Words) > 0 && !t.Var {
		return x.described(t, e, f)
	}
	return x.ofClass(t, e, f)
}

// partOf returns what an entity such as "parts of the Spratly Islands" is part
// of, folded.
func partOf(e schema.Entity) (string, bool) {
	f := schema.Fold(e.Name)
	for _, prefix := range []string{"parts of ", "part of ", "a part of ", "some of ", "portions of ", "portion of ", "portions of "} {
		if rest, ok := strings.CutPrefix(f, prefix); ok {
			return strings.TrimPrefix(rest, "the "), true
		}
	}
	return "", false
}

// nameIn reports whether the entity goes by the name.
func (x *runner) nameIn(n Name, e schema.Entity) bool {
	for _, a := range append([]string{e.Name}, e.Aliases...) {
		if x.nameFolded(n, schema.Fold(a)) {
			return true
		}
	}
	return false
}

func (x *runner) nameFolded(n Name, folded string) bool {
	same := func(s string) bool { return alike(s, folded) }
	if same(n.Text) {
		return true
	}
	return slices.ContainsFunc(n.Entities, func(e schema.Entity) bool {
		return same(e.Name) || slices.ContainsFunc(e.Aliases, same)
	})
}

// alike reports whether two names differ in words that come and go only: "the
// Spratlys", "Spratly Islands".
func alike(a, b string) bool { return singular(bare(schema.Fold(a))) == singular(bare(schema.Fold(b))) }

// singular takes the plural's ending from a folded name, where it is long
// enough to tell.
func singular(folded string) string {
	if s, ok := strings.CutSuffix(folded, "s"); ok && len(s) > 4 && !strings.HasSuffix(s, "s") {
		return s
	}
	return folded
}

// bare drops the words that come and go in names.
func bare(folded string) string {
	ws := strings.Fields(folded)
	kept := ws[:0]
	for _, w := range ws {
		switch w {
		case "the", "of", "a", "an", "island", "islands", "isle", "isles", "islet", "islets", "group", "archipelago":
			continue
		}
		kept = append(kept, w)
	}
	if len(kept) == 0 {
		return folded
	}
	return strings.Join(kept, " ")
}

func (x *runner) sameText(want string, e schema.Entity) bool {
	w := schema.Fold(want)
	if e.Class == schema.Office && x.sameOffice(want, e.Name) {
		return true
	}
	return slices.ContainsFunc(append([]string{e.Name}, e.Aliases...), func(s string) bool {
		f := schema.Fold(s)
		return f == w || strings.HasPrefix(f, w+" of ") || strings.HasSuffix(f, " "+w)
	})
}

// sameOffice reports whether a name is one for an office, if only without whose it is:
// "foreign policy chief" for the EU's High Representative.
func (x *runner) sameOffice(office, name string) bool {
	if o := x.gaz.LookupOffice(name); o != nil {
		return o.Name == office
	}
	if !strings.Contains(name, " ") {
		return false
	}
	o := x.gaz.LookupOffice(office)
	return o != nil && slices.ContainsFunc(o.Aliases, func(a string) bool { return strings.HasSuffix(schema.Fold(a), " "+schema.Fold(name)) })
}

// described reports whether a description without names may mean the entity:
// most of its words are in one of the entity's names, or all of them in the
// passage.
func (x *runner) described(t *Term, e schema.Entity, f *schema.Fact) bool {
	if t.Class != "" && !x.ofClass(&Term{Class: t.Class}, e, f) {
		return false
	}
	best := 0
	for _, a := range append([]string{e.Name}, e.Aliases...) {
		best = max(best, x.overlap(t.Words, schema.Fold(a)))
	}
	if best*2 >= len(t.Words) && best > 0 {
		return true
	}
	return !t.Any && x.overlap(t.Words, foldText(passages(f))) == len(t.Words)
}

func passages(f *schema.Fact) string {
	var b strings.Builder
	for _, ev := range f.Evidence {
		b.WriteString(ev.Text)
		b.WriteByte(' ')
	}
	return b.String()
}

// foldText folds running text: possessive endings are no part of a name.
func foldText(s string) string { return schema.Fold(possessive.Replace(s + " ")) }

var possessive = strings.NewReplacer("'s ", " ", "’s ", " ", "s' ", "s ", "s’ ", "s ")

// overlap counts how many of the words occur in a folded text, forms of one
// word counting as the same.
func (x *runner) overlap(words []string, folded string) int {
	have := map[string]bool{}
	for _, w := range strings.Fields(folded) {
		have[x.lex.lemma(w)] = true
	}
	n := 0
	for _, w := range words {
		if l := x.lex.lemma(schema.Fold(w)); have[l] || x.derived(l, have) {
			n++
		}
	}
	return n
}

// ofClass reports whether the entity may be of the term's class and kind.
func (x *runner) ofClass(t *Term, e schema.Entity, f *schema.Fact) bool {
	if e.IsZero() {
		return false
	}
	switch t.Class {
	case "", schema.Thing:
		return true
	case schema.State:
		if e.Class.Is(schema.Person) || e.Class == schema.Court || e.Class == schema.Literal {
			return false
		}
		if e.Class.Is(schema.Organization) || !x.within(t.Region, e) {
			return false
		}
		return e.Class.Is(schema.Agent) || e.Class == schema.Territory && f.Subject.Same(e) || x.canAct(e)
	case schema.Agent:
		if !x.within(t.Region, e) {
			return false
		}
		return e.Class.Is(schema.Agent) || x.canAct(e) || f.Predicate != schema.AlsoKnownAs && f.Subject.Same(e) && e.Class == schema.Territory
	case schema.Court:
		return e.Class == schema.Court || e.Class.Is(schema.Organization)
	case schema.Organization:
		return e.Class.Is(schema.Organization) || e.Class == schema.Agent
	case schema.Territory:
		if !e.Class.Is(schema.Place) && !(e.Class == schema.Thing) || e.Class == schema.Boundary {
			return false
		}
	case schema.Place:
		return e.Class.Is(schema.Place) || e.Class == schema.Literal
	case schema.Boundary:
		if entry := x.gaz.ByID(e.ID); e.Class != schema.Boundary && (entry == nil || entry.Kind != "line" && entry.Kind != "maritime-line") {
			return false
		}
	case schema.Instrument:
		if e.Class != schema.Instrument {
			return false
		}
		return t.Family == "" || familyOf(x.lex, e) == "" || t.Family == "treaty" && t.Kind == "" || sameFamily(t.Family, familyOf(x.lex, e))
	default:
		if !e.Class.Is(t.Class) {
			return false
		}
	}
	return x.ofKind(t.Kind, e)
}

// within reports whether a state lies in a part of the world, any if "".
func (x *runner) within(region string, e schema.Entity) bool {
	if region == "" {
		return true
	}
	entry := x.gaz.ByID(e.ID)
	if entry == nil {
		return false
	}
	code, err := strconv.Atoi(entry.COW)
	return err == nil && slices.ContainsFunc(x.lex.words.Regions[region], func(r [2]int) bool { return r[0] <= code && code <= r[1] })
}

func (x *runner) canAct(e schema.Entity) bool {
	entry := x.gaz.ByID(e.ID)
	return entry != nil && entry.CanAct()
}

// ofKind reports whether nothing in the entity's name says that it is not of
// the kind.
func (x *runner) ofKind(kind string, e schema.Entity) bool {
	for _, ty := range x.lex.kinds[kind] {
		for _, w := range ty.Not {
			if strings.Contains(" "+schema.Fold(e.Name)+" ", " "+w+" ") {
				return false
			}
		}
	}
	if kind == leaderKind {
		o := x.gaz.LookupOffice(e.Name)
		return o != nil && slices.Contains(leaderLevels, o.Level)
	}
	if kind == "island" {
		if entry := x.gaz.ByID(e.ID); entry != nil && slices.Contains(notIslands, entry.Kind) {
			return false
		}
	}
	return true
}

// notIslands are the gazetteer's kinds of places that are certainly no islands.
var notIslands = []string{"peninsula", "river", "sea", "strait", "gulf", "bay", "lake", "mountain", "pass", "valley", "city", "town", "village", "continent", "waters", "exclave", "enclave", "corridor", "province"}

// qualified reports whether the fact's qualifiers are what the atom says, and
// what ?x stands for among them.
func (x *runner) qualified(p *prepared, f *schema.Fact) (values []schema.Entity, ok bool) {
	for i := range p.Qualifiers {
		q := &p.Qualifiers[i]
		t := &q.Term
		if q.Role == schema.RoleWith && t.Var { // the other parties of the same instrument
			continue
		}
		var have []schema.Entity
		for _, fq := range f.Qualifiers {
			if fq.Role == q.Role {
				have = append(have, fq.Value)
			}
		}
		switch {
		case t.Var:
			for _, e := range have {
				if e.Class == schema.Literal || x.ofClass(t, e, f) {
					values = append(values, e)
				}
			}
			if len(values) == 0 {
				return nil, false
			}
		case t.Exact != "":
			if !x.saysExactly(q.Role, t.Exact, have, f) {
				return nil, false
			}
		case t.bound():
			if slices.ContainsFunc(have, func(e schema.Entity) bool { return x.is(p, t, e, f) }) {
				continue
			}
			if p.Predicate == schema.AlsoKnownAs && q.Role == schema.RoleBy && len(have) == 0 && p.Object.Var {
				return nil, false // whose name for it this is, the passage does not tell
			}
			if q.Role == schema.RoleFrom && slices.ContainsFunc(t.Names, func(n Name) bool { return x.nameIn(n, f.Object) }) {
				return nil, false // who receives it does not give it
			}
			if q.Role == schema.RoleFrom && len(have) == 0 && p.hasVar() && x.before(t, f) {
				continue
			}
			// the qualifier may be missing: the passage must do
			if len(t.Names) > 0 && !x.anyNamed(t, f) || len(t.Names) == 0 && len(t.Words) > 0 && x.overlap(t.Words, foldText(passages(f)))*2 < len(t.Words) {
				return nil, false
			}
			if len(have) > 0 && q.Role != schema.RoleAbout && q.Role != schema.RoleOver && q.Role != schema.RoleUnder {
				return nil, false
			}
		case t.Class != "" && len(have) > 0:
			if !slices.ContainsFunc(have, func(e schema.Entity) bool { return x.ofClass(t, e, f) || e.Class == schema.Literal }) {
				return nil, false
			}
		}
	}
	return values, true
}

// before reports whether somebody is named shortly before the passages that
// prove a fact: who gave a territory away is often told there.
func (x *runner) before(t *Term, f *schema.Fact) bool {
	return len(t.Names) > 0 && slices.ContainsFunc(f.Evidence, func(ev schema.Evidence) bool {
		doc, err := x.reader.Document(x.ctx, ev.Doc)
		return err == nil && slices.ContainsFunc(t.Names, func(n Name) bool {
			return x.near(&passage{doc: doc, start: ev.Start, end: ev.End}, n)
		})
	})
}

// structurally reports whether the fact's object or one of its qualifiers names
// one of somebodies. A fact about all states counts only where claims are asked about,
// which says what besides the state is rejected.
func (x *runner) structurally(names []Name, f *schema.Fact, claims bool) bool {
	about := []schema.Entity{f.Object}
	for _, q := range f.Qualifiers {
		about = append(about, q.Value)
	}
	if claims && slices.ContainsFunc(names, func(n Name) bool { return everybody(n, f) }) {
		return true
	}
	return slices.ContainsFunc(about, func(e schema.Entity) bool {
		folded := " " + foldText(strings.Join(append([]string{e.Name}, e.Aliases...), " ")) + " "
		return slices.ContainsFunc(names, func(n Name) bool {
			return slices.ContainsFunc(n.Entities, func(o schema.Entity) bool { return o.ID == e.Key() }) || x.textNames(folded, n)
		})
	})
}

// qualifierSays reports whether the fact's own qualifiers give the act and the
// status that the atom asks for.
func (x *runner) qualifierSays(a *Atom, f *schema.Fact) bool {
	for _, role := range []schema.Role{schema.RoleAct, schema.RoleStatus} {
		if t := a.qualifier(role); t != nil && t.Exact != "" && !x.sameText(t.Exact, f.Qualifier(role)) {
			return false
		}
	}
	return true
}

// acts are the words by which a passage shows an act.
var acts = map[string][]string{
	"signed":   {"sign", "signed", "signing", "signature", "initialled", "concluded", "conclude", "reached", "agreed", "agreement"},
	"ratified": {"ratify", "ratified", "ratification", "ratifying", "heeded", "approved"},
	"agreed":   {},
	"withdrew": {"withdraw", "withdrew", "withdrawn", "withdrawal", "pulled", "quit", "abandoned", "abandoning", "renounced"},
}

// saysExactly reports whether a status or act is the one asked for, by the
// qualifier or, where the fact has none, by its passage.
func (x *runner) saysExactly(role schema.Role, want string, have []schema.Entity, f *schema.Fact) bool {
	for _, e := range have {
		if x.sameText(want, e) {
			return true
		}
	}
	folded := " " + foldText(passages(f)) + " "
	says := func(ws []string) bool {
		return slices.ContainsFunc(ws, func(w string) bool { return strings.Contains(folded, " "+w+" ") && !deniedIn(folded, w) })
	}
	switch role {
	case schema.RoleAct:
		if want == "agreed" {
			return !slices.ContainsFunc(have, func(e schema.Entity) bool { return e.Name == "withdrew" })
		}
		if want == "signed" && slices.ContainsFunc(have, func(e schema.Entity) bool { return e.Name == "agreed" || e.Name == "concluded" }) {
			return true
		}
		if (want == "ratified" || want == "withdrew") && len(have) > 0 || slices.ContainsFunc(have, func(e schema.Entity) bool { return e.Name == "withdrew" }) {
			return false // the fact is about another act
		}
		if f.Negated && len(have) > 0 {
			return want == "signed" && !slices.ContainsFunc(have, func(e schema.Entity) bool { return e.Name == "ratified" })
		}
		return says(acts[want])
	case schema.RoleStatus:
		switch want {
		case "current":
			return len(have) == 0 && f.Time.Until.IsZero()
		case "done":
			return len(have) == 0
		}
		return len(have) == 0 && says(x.statusForms(want))
	}
	return len(have) == 0
}

// statusForms returns the words by which a passage shows a status.
func (x *runner) statusForms(status string) (forms []string) {
	for _, w := range x.lex.words.Status[status] {
		if !strings.Contains(w, " ") {
			forms = append(forms, x.lex.verbForms(w)...)
		}
	}
	return forms
}

// deniedIn reports whether a folded text, padded with spaces, denies a word
// wherever it has it: "has not dropped its claim".
func deniedIn(folded, word string) bool {
	found := false
	for rest := folded; ; {
		before, after, ok := strings.Cut(rest, " "+word+" ")
		if !ok {
			return found
		}
		ws := strings.Fields(before)
		if !slices.ContainsFunc(ws[max(0, len(ws)-3):], func(w string) bool { return w == "not" || w == "never" || w == "t" || w == "no" }) {
			return false
		}
		found, rest = true, " "+after
	}
}

// inTime reports whether the fact's time is within the atom's bounds. A fact
// without a time passes where its passage, or the name of its instrument,
// gives the year.
func (x *runner) inTime(a *Atom, f *schema.Fact) bool {
	for _, w := range a.When {
		var dates []schema.Date
		for _, d := range []schema.Date{f.Time.Date, f.Time.Since, f.Time.Until} {
			if !d.IsZero() {
				dates = append(dates, d)
			}
		}
		if len(dates) == 0 {
			text := foldText(passages(f)) + " " + schema.Fold(f.Object.Name)
			if w.Op == "in" && w.End.IsZero() && (strings.Contains(" "+text+" ", " "+w.Date.String()[:min(4, len(w.Date.String()))]+" ") || x.reported(f, w)) {
				continue
			}
			if w.Op == "since" && strings.Contains(" "+text+" ", " since "+schema.Fold(w.Date.String())+" ") {
				continue
			}
			return false
		}
		if !slices.ContainsFunc(dates, func(d schema.Date) bool { return w.admits(d) }) && !(w.Op == "in" && w.End.IsZero() && lasting(f) && f.Time.Date.IsZero() && f.Time.Holds(w.Date)) {
			return false
		}
	}
	return true
}

// reported reports whether a meeting or talks without a date, in a passage that
// gives no year, are news of a document of the time asked for, or an office is held
// as it was written.
func (x *runner) reported(f *schema.Fact, w When) bool {
	switch f.Predicate {
	case schema.HoldsOffice:
		if f.Qualifier(schema.RoleStatus).Name != "current" {
			return false
		}
	case schema.MetWith, schema.NegotiatesWith:
		if len(yearsIn(passages(f))) > 0 {
			return false
		}
	default:
		return false
	}
	return slices.ContainsFunc(f.Evidence, func(ev schema.Evidence) bool {
		doc, err := x.reader.Document(x.ctx, ev.Doc)
		return err == nil && (doc.Country == "" || f.Predicate == schema.HoldsOffice) && !doc.Date.IsZero() && w.Date.Precision < schema.PrecisionDay && w.Date.Covers(doc.Date)
	})
}

// lasting reports whether a fact holds between its dates and not only at them. Of who
// held an office until a year, nothing tells for how long.
func lasting(f *schema.Fact) bool {
	return f.Predicate == schema.Claims || f.Predicate == schema.Administers || f.Predicate == schema.HoldsOffice && !f.Time.Since.IsZero()
}

func (w When) admits(d schema.Date) bool {
	switch w.Op {
	case "since":
		return d.Last().Compare(w.Date.First()) >= 0
	case "after":
		return d.First().Compare(w.Date.Last()) > 0
	case "by":
		return d.First().Compare(w.Date.Last()) <= 0
	case "before", "until":
		return d.First().Compare(w.Date.First()) < 0
	default:
		if !w.End.IsZero() {
			return d.Last().Compare(w.Date.First()) >= 0 && d.First().Compare(w.End.Last()) <= 0
		}
		return w.Date.Covers(d) || d.Covers(w.Date)
	}
}

// mentions reports whether the fact or its passages name all that the atom
// says they must.
func (x *runner) mentions(p *prepared, f *schema.Fact) bool {
	a, terms := p.Atom, p.Atom.Mentioned
	if len(a.Said) > 0 && x.overlap(a.Said, foldText(passages(f))) == 0 {
		return false
	}
	if loose(a.Predicate) && len(a.Object.Names) > 0 {
		if !x.anyNamed(&a.Object, f) {
			return false
		}
	}
	for i := range terms {
		t := &terms[i]
		if len(t.Names) > 0 && !x.anyNamed(t, f) && !(p.wide && t.Situates && x.documentNames(f, t.Names)) {
			return false
		}
		if len(t.Ends) > 0 {
			for _, n := range t.Ends {
				if !x.named(n, f) {
					return false
				}
			}
		}
	}
	return true
}

// documentNames reports whether a document that tells a fact names one of somebodies.
func (x *runner) documentNames(f *schema.Fact, names []Name) bool {
	var docs []string
	for _, ev := range f.Evidence {
		docs = append(docs, ev.Doc)
	}
	return x.documentsName(docs, names)
}

func (x *runner) anyNamed(t *Term, f *schema.Fact) bool {
	if t.All {
		return !slices.ContainsFunc(t.Names, func(n Name) bool { return !x.named(n, f) })
	}
	return slices.ContainsFunc(t.Names, func(n Name) bool { return x.named(n, f) })
}

// named reports whether a fact or its passages name somebody.
func (x *runner) named(n Name, f *schema.Fact) bool {
	if slices.ContainsFunc(n.Entities, func(e schema.Entity) bool { return f.Mentions(e.ID) }) || everybody(n, f) {
		return true
	}
	return x.textNames(" "+foldText(passages(f))+" ", n)
}

// everybody reports whether a fact is about all states, and so about the named
// one too: "does not recognize the claims of any other states".
func everybody(n Name, f *schema.Fact) bool {
	if !slices.ContainsFunc(n.Entities, func(e schema.Entity) bool { return e.Class.Is(schema.State) }) || len(n.Entities) > 0 && f.Subject.ID == n.Entities[0].ID {
		return false
	}
	for _, sort := range []string{"states", "countries", "nations"} {
		for _, all := range []string{"other ", "any ", "any other ", "all ", "all other "} {
			if schema.Fold(f.Object.Name) == all+sort {
				return true
			}
		}
	}
	return false
}

// textNames reports whether a folded text, padded with spaces, names somebody
// by any expression.
func (x *runner) textNames(folded string, n Name) bool {
	return slices.ContainsFunc(x.expressions(n), func(s string) bool { return s != "" && strings.Contains(folded, " "+s+" ") })
}

// expressions returns everything that may stand for a name in a text, folded:
// its own names, adjectives, demonyms and metonyms.
func (x *runner) expressions(n Name) []string {
	out := []string{schema.Fold(n.Text)}
	if b := bare(out[0]); len(b) > 3 && !x.generic(b) {
		out = append(out, b)
	}
	if long, ok := x.lex.words.Abbreviations[n.Text]; ok {
		out = append(out, schema.Fold(long))
	}
	for _, e := range n.Entities {
		if cached, ok := x.spoken[e.ID]; ok {
			out = append(out, cached...)
			continue
		}
		var own []string
		add := func(list ...string) {
			for _, s := range list {
				own = append(own, schema.Fold(s))
				if b := bare(schema.Fold(s)); len(b) > 3 {
					own = append(own, b)
				}
			}
		}
		add(e.Name)
		add(e.Aliases...)
		if entry := x.gaz.ByID(e.ID); entry != nil {
			add(entry.Adjectives...)
			add(entry.Demonyms...)
			add(entry.Metonyms...)
			for _, m := range entry.Names {
				add(m.Text)
			}
		}
		slices.Sort(own)
		own = slices.DeleteFunc(slices.Compact(own), x.generic)
		x.spoken[e.ID] = own
		out = append(out, own...)
	}
	return out
}

// generic reports whether a folded expression holds no word that tells one
// thing of its kind from another: "boundary", "four islands".
func (x *runner) generic(folded string) bool {
	for _, w := range strings.Fields(folded) {
		_, known := x.lex.lemmas[w]
		_, num := (&token{text: w, low: w}).number()
		if !known && !num && !x.lex.stop[w] {
			return false
		}
	}
	return true
}

// related returns what is said of the groups that a territory belongs to, where
// nothing is said of itself, and what is said of most members of a group.
func (x *runner) related(p *prepared, denied bool, exact []hit) ([]hit, error) {
	slot := p.place()
	if slot.Var || len(p.ids[slot]) == 0 || slot.Sub != nil {
		return nil, nil
	}
	var out []hit
	for _, id := range p.ids[slot] {
		fam, err := x.family(schema.Entity{ID: id})
		if err != nil {
			return nil, err
		}
		if len(exact) == 0 && len(fam.groups) > 0 {
			hits, err := x.instead(p, slot, fam.groups, denied)
			if err != nil {
				return nil, err
			}
			out = append(out, hits...)
		}
		if p.Predicate == schema.AlsoKnownAs || len(fam.members) < 2 {
			continue
		}
		hits, err := x.instead(p, slot, fam.members, denied)
		if err != nil {
			return nil, err
		}
		out = append(out, x.most(hits, slot == &p.Object, len(fam.members), len(exact) == 0)...)
	}
	for i := range out {
		out[i].part = true
	}
	return out, nil
}

// most keeps the hits whose answer at least half of the members share.
func (x *runner) most(hits []hit, objects bool, members int, any bool) []hit {
	of := map[string]map[string]bool{}
	key := func(h hit) string { return h.value.Key() }
	for _, h := range hits {
		if of[key(h)] == nil {
			of[key(h)] = map[string]bool{}
		}
		m := h.fact.Subject.Key()
		if objects {
			m = h.fact.Object.Key()
		}
		of[key(h)][m] = true
	}
	return slices.DeleteFunc(hits, func(h hit) bool {
		n := len(of[key(h)])
		return n*2 < members && !any
	})
}

// instead matches the atom with other entities in one of its slots.
func (x *runner) instead(p *prepared, slot *Term, ents []schema.Entity, denied bool) ([]hit, error) {
	saved := p.ids[slot]
	defer func() { p.ids[slot] = saved }()
	ids := []string{}
	for _, e := range ents {
		ids = append(ids, e.ID)
	}
	p.ids[slot] = ids
	return x.exact(p, denied)
}

// family returns the island groups that a territory belongs to and the members
// it has.
func (x *runner) family(e schema.Entity) (family, error) {
	if fam, ok := x.groups[e.ID]; ok {
		return fam, nil
	}
	var fam family
	if e.Class != "" && !e.Class.Is(schema.Place) || strings.HasPrefix(e.ID, "state/") {
		return fam, nil
	}
	partOf := []schema.Predicate{schema.PartOf}
	for _, filter := range []schema.Filter{{Subject: e.ID, Predicates: partOf}, {Object: e.ID, Predicates: partOf}} {
		for fact, err := range x.reader.Facts(x.ctx, filter) {
			if err != nil {
				return fam, err
			}
			switch {
			case fact.Negated || !fact.AttributedTo.IsZero() || !fact.Object.Collective():
			case fact.Subject.ID == e.ID:
				fam.groups = append(fam.groups, fact.Object)
			case fact.Subject.Class.Is(schema.Place):
				fam.members = append(fam.members, fact.Subject)
			}
		}
	}
	if len(fam.groups)+len(fam.members) == 0 {
		fam = x.defined(e.ID)
	}
	x.groups[e.ID] = fam
	return fam, nil
}

// defined returns the family of an island or group that no document tells of but
// the gazetteer does.
func (x *runner) defined(id string) (fam family) {
	const group = "island-group"
	entry := x.gaz.ByID(id)
	if entry == nil {
		return fam
	}
	for _, m := range entry.MemberOf {
		if g := x.gaz.ByID(m); g != nil && g.Kind == group {
			fam.groups = append(fam.groups, g.Entity())
		}
	}
	if entry.Kind == group {
		for _, m := range x.gaz.All() {
			if slices.Contains(m.MemberOf, id) {
				fam.members = append(fam.members, m.Entity())
			}
		}
	}
	return fam
}

// instrumentFamilies are the kinds of instruments by the words in their names.
func familyOf(lex *lexicon, e schema.Entity) string {
	ws := strings.Fields(schema.Fold(e.Name))
	for i := len(ws) - 1; i >= 0; i-- {
		for _, ph := range lex.types[ws[i]] {
			if len(ph.words) != 1 {
				continue
			}
			for _, ty := range ph.values {
				if ty.Class == schema.Instrument {
					return ty.Family
				}
			}
		}
	}
	return ""
}

func sameFamily(a, b string) bool {
	return a == b || a == "" || b == "" || a == "treaty" && b == "declaration" || a == "declaration" && b == "treaty"
}

// describeInstrument returns the instruments that fit a description best: of
// those that its words and names lead to, or where none of them fits, of all.
func (x *runner) describeInstrument(t *Term, a *Atom) ([]string, error) {
	want := slices.DeleteFunc(slices.Clone(t.Words), func(w string) bool {
		return x.lex.stop[w] || slices.ContainsFunc(x.lex.types[w], func(ph phrase[*typeWord]) bool {
			return len(ph.words) == 1 && ph.values[0].Class == schema.Instrument // the family says it
		})
	})
	if len(want) == 0 && len(t.Ends) == 0 && t.Date.IsZero() && !t.Many {
		all, err := x.entities(schema.Instrument)
		alike := 0
		for _, e := range all {
			if f := familyOf(x.lex, e); f == t.Family {
				alike++
			}
		}
		if err != nil || alike > maxAlike {
			return []string{}, err // "the treaty" may be any of them
		}
	}
	some, err := x.likely(t, a)
	if err != nil {
		return nil, err
	}
	if len(some) > manyInstruments/2 {
		some = x.fewer(t, want, some)
	}
	if ids := x.fittest(t, want, some); len(ids) > 0 && !t.Many {
		return ids, x.ctx.Err()
	}
	all, err := x.entities(schema.Instrument)
	if err != nil {
		return nil, err
	}
	if len(all) > manyInstruments {
		all = x.fewer(t, want, all)
	}
	return x.fittest(t, want, all), x.ctx.Err()
}

// fewer returns the instruments whose names go best with a description: not every
// instrument's facts can be read.
func (x *runner) fewer(t *Term, want []string, all []schema.Entity) []schema.Entity {
	scores := map[string]int{}
	for _, e := range all {
		names := strings.Join(append([]string{e.Name}, e.Aliases...), " ")
		scores[e.ID] = 2 * x.overlap(want, schema.Fold(names))
		if !t.Date.IsZero() && slices.Contains(yearsIn(names), t.Date.Year) {
			scores[e.ID]++
		}
	}
	best := slices.Clone(all)
	slices.SortStableFunc(best, func(a, b schema.Entity) int { return cmp.Compare(scores[b.ID], scores[a.ID]) })
	return best[:min(len(best), fewInstruments)]
}

// fittest returns the instruments that fit a description best, or where it is
// in the plural, all that fit.
func (x *runner) fittest(t *Term, want []string, all []schema.Entity) []string {
	type scored struct {
		id    string
		score float64
	}
	var found []scored
	for _, e := range all {
		s, ok := x.fits(t, want, e)
		if ok {
			found = append(found, scored{e.ID, s})
		}
	}
	if len(found) == 0 {
		return []string{}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	best := found[0].score
	ids := []string{}
	for _, f := range found {
		if f.score >= best-0.1 || t.Many {
			ids = append(ids, f.id)
		}
	}
	return ids
}

// manyInstruments is the number above which not every instrument's facts are
// read to compare it with a description, fewInstruments of how many they then are.
const (
	manyInstruments = 200
	fewInstruments  = 40

	maxAlike           = 3  // that a description of no content may be meant for
	maxInstrumentFacts = 50 // that are read of each
)

// likely returns the instruments that a description leads to without going
// through all: by its words as a name, and by what those it names, and the
// atom's other side, have signed or are covered by.
func (x *runner) likely(t *Term, a *Atom) ([]schema.Entity, error) {
	var out []schema.Entity
	add := func(e schema.Entity) {
		if e.Class == schema.Instrument && !slices.ContainsFunc(out, func(o schema.Entity) bool { return o.ID == e.ID }) {
			out = append(out, e)
		}
	}
	phrases := []string{strings.Join(t.Words, " ")}
	if n := len(t.Words); n > 0 && !t.Date.IsZero() {
		year := t.Date.String()[:4]
		phrases = append(phrases, year+" "+phrases[0], year+" "+t.Words[n-1])
	}
	for _, phrase := range phrases {
		found, err := x.reader.Lookup(x.ctx, phrase)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			add(e)
		}
	}
	names := slices.Clone(t.Ends)
	for side := range a.terms {
		if side != t && !side.Var {
			names = append(names, side.Names...)
		}
	}
	for _, id := range idsOf(names) {
		n := 0
		filter := schema.Filter{About: id, Predicates: []schema.Predicate{schema.PartyTo, schema.Covers}, Docs: x.opts.Docs}
		for f, err := range x.reader.Facts(x.ctx, filter) {
			if err != nil {
				return nil, err
			}
			add(f.Subject)
			add(f.Object)
			if n++; n > maxFactsRead {
				break
			}
		}
	}
	return out, x.ctx.Err()
}

// fits scores how well an instrument fits a description; ok is false where it
// cannot be the one.
func (x *runner) fits(t *Term, want []string, e schema.Entity) (score float64, ok bool) {
	names := append([]string{e.Name}, e.Aliases...)
	if f := familyOf(x.lex, e); f != "" && !sameFamily(t.Family, f) {
		return 0, false
	}
	nameScore := 0.0
	for _, n := range names {
		nameScore = max(nameScore, float64(x.overlap(want, schema.Fold(n))))
	}
	var text strings.Builder
	dates := []schema.Date{}
	years := yearsIn(strings.Join(names, " "))
	parties, facts := 0, 0
	var docs []string
	for f, err := range x.reader.Facts(x.ctx, schema.Filter{About: e.ID}) {
		if err != nil {
			return 0, false
		}
		if facts++; facts > maxInstrumentFacts {
			break // they repeat one another
		}
		text.WriteString(passages(&f))
		text.WriteByte(' ')
		for _, ev := range f.Evidence {
			if !slices.Contains(docs, ev.Doc) {
				docs = append(docs, ev.Doc)
			}
		}
		if f.Predicate == schema.PartyTo || f.Predicate == schema.Rejects {
			dates = append(dates, f.Time.Date)
		}
	}
	folded := " " + foldText(text.String()) + " "
	if !t.Date.IsZero() {
		year := t.Date.Year
		switch {
		case slices.Contains(years, year):
			score += 2
		case len(years) > 0:
			return 0, false
		case slices.ContainsFunc(dates, func(d schema.Date) bool { return d.Year == year }):
			score += 2
		case strings.Contains(folded, " "+t.Date.String()[:4]+" "):
			score++
		case t.Family == "ruling" && x.generic(schema.Fold(e.Name)) && x.documentsGive(docs, year):
			score += 0.5 // "the award", whose year stands elsewhere
		default:
			return 0, false
		}
	}
	for _, n := range t.Ends {
		if x.textNames(folded, n) || x.textNames(" "+schema.Fold(strings.Join(names, " "))+" ", n) {
			parties++
			score += 1.5
		}
	}
	if len(t.Ends) > 0 && parties == 0 && !x.documentsName(docs, t.Ends) {
		return 0, false
	}
	inText := float64(x.overlap(want, folded))
	score += nameScore + 0.5*max(0, inText-nameScore)
	if len(want) > 1 && nameScore+inText < 1 || facts == 0 {
		return 0, false
	}
	// most of what describes it must be found somewhere
	if len(want) >= 3 && max(nameScore, inText)*2 < float64(len(want)) {
		return 0, false
	}
	return score, len(want) == 0 || nameScore > 0 || inText > 0 || !t.Date.IsZero() && score >= 2
}

// documentsName reports whether one of the documents names one of somebodies.
func (x *runner) documentsName(docs []string, names []Name) bool {
	for _, id := range docs {
		doc, err := x.reader.Document(x.ctx, id)
		if err != nil {
			continue
		}
		folded := " " + foldText(doc.Title+" "+doc.Country+" "+doc.Text) + " "
		if slices.ContainsFunc(names, func(n Name) bool { return x.textNames(folded, n) }) {
			return true
		}
	}
	return false
}

// documentsGive reports whether one of the documents gives a year.
func (x *runner) documentsGive(docs []string, year int) bool {
	return slices.ContainsFunc(docs, func(id string) bool {
		doc, err := x.reader.Document(x.ctx, id)
		return err == nil && slices.Contains(yearsIn(doc.Text), year)
	})
}

func yearsIn(s string) []int {
	var out []int
	for _, w := range strings.Fields(schema.Fold(s)) {
		if len(w) == 4 && w >= "1500" && w <= "2199" {
			n := 0
			for _, c := range w {
				if c < '0' || c > '9' {
					n = 0
					break
				}
				n = n*10 + int(c-'0')
			}
			if n > 0 {
				out = append(out, n)
			}
		}
	}
	return out
}

// describeBoundary returns the boundaries between the term's ends.
func (x *runner) describeBoundary(t *Term) ([]string, error) {
	all, err := x.entities(schema.Boundary)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, e := range all {
		folded := " " + schema.Fold(strings.Join(append([]string{e.Name}, e.Aliases...), " ")) + " "
		if slices.ContainsFunc(t.Ends, func(n Name) bool { return !x.textNames(folded, n) }) {
			continue
		}
		if slices.Contains(t.Words, "maritime") && !strings.Contains(folded, " maritime ") || slices.Contains(t.Words, "land") && strings.Contains(" "+schema.Fold(e.Name)+" ", " maritime ") {
			continue
		}
		ids = append(ids, e.ID)
	}
	return ids, nil
}

// entities returns the graph's entities of a class; they are read once.
func (x *runner) entities(class schema.Class) ([]schema.Entity, error) {
	list := &x.instruments
	if class == schema.Boundary {
		list = &x.boundaries
	}
	if x.read[class] {
		return *list, nil
	}
	for e, err := range x.reader.Entities(x.ctx, class) {
		if err != nil {
			return nil, err
		}
		*list = append(*list, e)
	}
	x.read[class] = true
	return *list, nil
}

// answer is a value of ?x with the hits that give it.
type answer struct {
	value schema.Entity
	hits  []hit
}

// solve returns the values of ?x for which every pattern holds.
func (x *runner) solve(p *Plan) ([]answer, error) {
	var result []answer
	first := true
	for i := range p.Patterns {
		var answers []answer
		varless := true
		var of []hit
		for j := range p.Patterns[i].Atoms {
			a := &p.Patterns[i].Atoms[j]
			if a.hasVar() {
				varless = false
			}
			hits, err := x.match(a, false)
			if err != nil {
				return nil, err
			}
			if w := a.qualifier(schema.RoleWith); w != nil && w.Var {
				if hits, err = x.coparties(a); err != nil {
					return nil, err
				}
			}
			of = append(of, hits...)
		}
		for _, h := range outweighed(of) {
			answers = x.add(answers, h)
		}
		if len(answers) == 0 && len(p.Patterns[i].Atoms) == 1 {
			var err error
			if answers, err = x.outstanding(&p.Patterns[i].Atoms[0]); err != nil {
				return nil, err
			}
		}
		switch {
		case varless:
			continue
		case p.Patterns[i].Except:
			result = slices.DeleteFunc(result, func(a answer) bool {
				return slices.ContainsFunc(answers, func(o answer) bool { return x.sameThing(a.value, o.value) })
			})
			continue
		case len(answers) == 0:
			return nil, nil
		}
		if first {
			result, first = answers, false
			continue
		}
		result = x.intersect(result, answers)
	}
	return result, nil
}

// outstanding returns who of those that signed an instrument is told by no document to
// have ratified it, where one tells that somebody else has; none for any other question.
func (x *runner) outstanding(a *Atom) ([]answer, error) {
	act := a.qualifier(schema.RoleAct)
	if a.Predicate != schema.PartyTo || !a.Negated || !a.Subject.Var || act == nil || act.Exact != "ratified" || !a.Object.bound() {
		return nil, nil
	}
	by := func(act string) (answers []answer, err error) {
		b := *a
		b.Negated = false
		b.Qualifiers = []RoleTerm{{schema.RoleAct, Term{Exact: act}}}
		hits, err := x.match(&b, false)
		for _, h := range hits {
			if !h.loose {
				answers = x.add(answers, h)
			}
		}
		return answers, err
	}
	ratified, err := by("ratified")
	if err != nil || len(ratified) == 0 {
		return nil, err
	}
	signed, err := by("signed")
	return slices.DeleteFunc(signed, func(s answer) bool {
		return slices.ContainsFunc(ratified, func(r answer) bool { return x.sameThing(r.value, s.value) })
	}), err
}

// outweighed drops the loose hits of an atom beside another atom of the pattern
// that facts match in full: who "occupied" a place in 1982 is who seized it then,
// not who is said beside the year to hold it.
func outweighed(hits []hit) []hit {
	full := map[*Atom]bool{}
	for _, h := range hits {
		if !h.loose {
			full[h.atom] = true
		}
	}
	if len(full) == 0 {
		return hits
	}
	return slices.DeleteFunc(hits, func(h hit) bool { return h.loose && !full[h.atom] })
}

// add joins a hit to the answer that it gives.
func (x *runner) add(answers []answer, h hit) []answer {
	for i := range answers {
		if x.sameThing(answers[i].value, h.value) {
			answers[i].hits = append(answers[i].hits, h)
			return answers
		}
	}
	return append(answers, answer{h.value, []hit{h}})
}

func (x *runner) intersect(a, b []answer) []answer {
	var out []answer
	for _, l := range a {
		for _, r := range b {
			if x.sameThing(l.value, r.value) {
				l.hits = append(slices.Clone(l.hits), r.hits...)
				out = append(out, l)
				break
			}
		}
	}
	return out
}

// sameThing reports whether two values are one entity, or literals or
// entities of one class that share their name but for generic words.
func (x *runner) sameThing(a, b schema.Entity) bool {
	if a.Key() == b.Key() {
		return true
	}
	if a.Class != b.Class && a.Class != schema.Literal && b.Class != schema.Literal {
		return false
	}
	if x.gaz.ByID(a.ID) != nil && x.gaz.ByID(b.ID) != nil {
		return false
	}
	has := func(e schema.Entity, name string) bool {
		return slices.ContainsFunc(e.Aliases, func(s string) bool { return alike(s, name) })
	}
	return alike(a.Name, b.Name) || has(a, b.Name) || has(b, a.Name)
}

// concerns returns the documents in which what is told of an instrument names
// somebody.
func (x *runner) concerns(id string, t *Term) (docs []string, err error) {
	n := 0
	for f, err := range x.reader.Facts(x.ctx, schema.Filter{About: id, Docs: x.opts.Docs}) {
		if err != nil {
			return nil, err
		}
		if x.anyNamed(t, &f) {
			for _, ev := range f.Evidence {
				docs = append(docs, ev.Doc)
			}
		}
		if n++; n > maxInstrumentFacts {
			break
		}
	}
	return docs, x.ctx.Err()
}

// coparties returns the other parties to the instruments that an atom speaks
// of.
func (x *runner) coparties(a *Atom) ([]hit, error) {
	p := &prepared{Atom: a, ids: map[*Term][]string{}}
	for t := range a.terms {
		if err := x.prepare(p, t); err != nil {
			return nil, err
		}
	}
	var out []hit
	ids := p.ids[&a.Object]
	var docs []string
	if a.Subject.bound() { // of the instruments, those that the subject is party to
		plain := *a
		plain.Qualifiers = slices.DeleteFunc(slices.Clone(a.Qualifiers), func(q RoleTerm) bool { return q.Role == schema.RoleWith })
		of, err := x.match(&plain, false)
		if err != nil {
			return nil, err
		}
		described := ids
		ids = nil
		for _, id := range described {
			about, err := x.concerns(id, &a.Subject)
			if err != nil {
				return nil, err
			}
			if len(about) > 0 {
				ids, docs = append(ids, id), append(docs, about...)
			}
		}
		for _, h := range of {
			if !slices.Contains(ids, h.fact.Object.ID) {
				ids = append(ids, h.fact.Object.ID)
			}
			for _, ev := range h.fact.Evidence {
				docs = append(docs, ev.Doc)
			}
		}
	}
	told := func(f *schema.Fact) bool { // "the 2009 treaty" is another one elsewhere
		return !a.Subject.bound() || slices.ContainsFunc(f.Evidence, func(ev schema.Evidence) bool { return slices.Contains(docs, ev.Doc) })
	}
	for _, id := range ids {
		for f, err := range x.reader.Facts(x.ctx, schema.Filter{Object: id, Predicates: []schema.Predicate{schema.PartyTo}, Docs: x.opts.Docs}) {
			if err != nil {
				return nil, err
			}
			if !f.Negated && told(&f) && !slices.Contains(p.ids[&a.Subject], f.Subject.ID) && x.ofClass(a.qualifier(schema.RoleWith), f.Subject, &f) && x.inTime(a, &f) {
				out = append(out, hit{fact: f, atom: a, value: f.Subject})
			}
		}
	}
	return out, x.ctx.Err()
}
