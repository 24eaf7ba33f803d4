package ask

import (
	"maps"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/schema"
)

// plan composes what the parser found into a plan; ok is false where the
// question's parts make none.
func (p *parser) plan() (*Plan, bool) {
	pl := &Plan{Kind: p.kind(), Want: Want{Time: schema.RoleDate, Extreme: p.extreme(), Source: p.form == asksSource}}
	switch p.form {
	case asksEvent:
		return pl, p.eventPlan(pl)
	case asksClause:
		return pl, p.clausePlan(pl)
	}
	if p.form == asksNumber && p.wanted != nil && p.wanted.unit != "" {
		pl.Want.Unit = p.wanted.unit
	}
	for _, c := range p.clauses {
		p.addPatterns(pl, c, p.form)
	}
	if w := p.wanted; w != nil && w.aside != nil && w.aside.clause != nil {
		p.frame(w.aside.clause)
		p.addPatterns(pl, w.aside.clause, asksThing)
	}
	p.leaveOut(pl)
	pl.Patterns = slices.DeleteFunc(pl.Patterns, func(weak Pattern) bool {
		return implied(weak, pl.Patterns)
	})
	if len(pl.Patterns) == 0 {
		if !p.infer(pl) && !p.dated(pl) {
			return pl, false
		}
	}
	if p.form == asksDate {
		pl.Want.Time = p.time
		if p.time == schema.RoleDate {
			for _, c := range p.clauses {
				if len(c.relations) > 0 && c.relations[0].Time == "until" {
					pl.Want.Time = schema.RoleUntil
				}
			}
		}
		return pl, true
	}
	if p.form == asksYesNo || p.form == asksSource {
		return pl, true
	}
	for _, pat := range pl.Patterns {
		for i := range pat.Atoms {
			if pat.Atoms[i].hasVar() {
				return pl, true
			}
		}
	}
	return pl, pl.Want.Unit != ""
}

// leaveOut turns what is denied beside something that is asked for into an
// exception: who claims a place and does not hold it are the claimants of whom no
// document says that they hold it.
func (p *parser) leaveOut(pl *Plan) {
	if p.form != asksThing && p.form != asksNumber {
		return
	}
	denies := func(pat Pattern) bool {
		return !slices.ContainsFunc(pat.Atoms, func(a Atom) bool {
			switch a.Predicate {
			case schema.Claims, schema.Administers, schema.PartyTo, schema.Seized:
				return !a.Negated || !a.hasVar()
			}
			return true
		})
	}
	if !slices.ContainsFunc(pl.Patterns, func(pat Pattern) bool { return !denies(pat) }) {
		return
	}
	for i := range pl.Patterns {
		if pat := &pl.Patterns[i]; denies(*pat) {
			pat.Except = true
			for k := range pat.Atoms {
				pat.Atoms[k].Negated = false
			}
		}
	}
	slices.SortStableFunc(pl.Patterns, func(a, b Pattern) int { // what is left out comes last
		switch {
		case a.Except == b.Except:
			return 0
		case a.Except:
			return 1
		}
		return -1
	})
}

// implied reports whether a pattern says nothing that another of the same
// predicate does not: "refusing, or have refused, to comply with …".
func implied(weak Pattern, all []Pattern) bool {
	if len(weak.Atoms) != 1 {
		return false
	}
	w := weak.Atoms[0]
	if len(w.Qualifiers)+len(w.When)+len(w.Mentioned) > 0 || !(w.Subject.Var && w.Object.IsZero() || w.Object.Var && w.Subject.IsZero()) {
		return false
	}
	return slices.ContainsFunc(all, func(o Pattern) bool {
		if len(o.Atoms) != 1 {
			return false
		}
		a := o.Atoms[0]
		return a.Predicate == w.Predicate && a.Negated == w.Negated && a.Subject.Var == w.Subject.Var && a.Object.Var == w.Object.Var &&
			(!a.Subject.IsZero() && !a.Subject.Var || !a.Object.IsZero() && !a.Object.Var || len(a.Qualifiers) > 0)
	})
}

// extreme returns "latest" or "earliest" where the question asks for that one.
func (p *parser) extreme() string {
	if p.form != asksThing && p.form != asksDate {
		return ""
	}
	for i, t := range p.toks {
		switch t.low {
		case "latest", "newest":
			return "latest"
		case "recent":
			if i > 0 && p.toks[i-1].low == "most" {
				return "latest"
			}
		case "earliest", "oldest":
			return "earliest"
		case "first", "last":
			if i > 0 && p.toks[i-1].low == "the" && i+1 < len(p.toks) && p.lex.types[p.toks[i+1].low] != nil {
				return map[string]string{"first": "earliest", "last": "latest"}[t.low]
			}
		}
	}
	return ""
}

// kind says what kind of answer the question's form asks for.
func (p *parser) kind() Kind {
	switch p.form {
	case asksYesNo:
		return YesNo
	case asksDate:
		return Date
	case asksNumber:
		return Number
	case asksPlace, asksCause, asksManner, asksCondition, asksSource:
		return One
	}
	if w := p.wanted; w != nil && w.head != nil && (w.wh == "which" || w.wh == "what") {
		low := p.toks[w.head.last-1].low
		if l := p.lex.lemma(low); l == low && w.num <= 1 && !strings.HasSuffix(low, "s") {
			return One
		}
	}
	return List
}

// addPatterns turns a clause into patterns.
func (p *parser) addPatterns(pl *Plan, c *clause, f form) {
	if w := p.wanted; w != nil && w.heads(schema.Office) != nil && w.office == nil && f == asksThing && !c.inner {
		// "what office does X hold"
		for _, role := range []string{"agent", "patient", "owner"} {
			for _, n := range c.roles[role] {
				if n.wh == "" && len(n.refs) > 0 {
					t, _ := p.term(n, slotSubject, &relation{})
					pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{{Predicate: schema.HoldsOffice, Subject: t, Object: Term{Var: true}}}})
					return
				}
			}
		}
	}
	if c.office != nil && len(c.relations) == 0 {
		if f != asksThing && f != asksYesNo && f != asksDate {
			return // "why did they expel the ambassador?" asks for no one's office
		}
		if f == asksThing && c.office != p.wanted && !p.keywords && !p.isCopular() && p.has(c) < 0 && c.verb < 0 && p.kindAt(p.asked+1) == kWord {
			return // "who pulled its ambassador out": another verb is asked about
		}
		if a, ok := p.officeAtom(c); ok {
			pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{a}})
		}
		return
	}
	var pats [][]Atom
	for _, r := range c.relations {
		atoms := p.atoms(c, r, f)
		if f == asksThing && (c.inner || p.wanted != nil) && slices.ContainsFunc(atoms, func(a Atom) bool {
			return !a.hasVar() && slices.ContainsFunc(a.Mentioned, func(t Term) bool { return t.Var })
		}) {
			continue // there is no slot for what is asked for
		}
		if len(pats) > 0 && len(atoms) != len(pats) {
			continue // joined names mean "both" in one reading only
		}
		for i, a := range atoms {
			if i >= len(pats) {
				pats = append(pats, nil)
			}
			pats[i] = append(pats[i], a)
		}
	}
	if n := len(pl.Patterns); c.or && n > 0 && len(pats) == 1 && f == asksThing { // "signed or ratified"
		pl.Patterns[n-1].Atoms = append(pl.Patterns[n-1].Atoms, pats[0]...)
		pats = nil
	}
	for _, atoms := range pats {
		pl.Patterns = append(pl.Patterns, Pattern{Atoms: atoms})
	}
	for i := range pl.Patterns {
		p.polarity(&pl.Patterns[i])
		adjudged(&pl.Patterns[i])
	}
	// "which claimants hold …": who is asked for is told by the noun too
	if w := p.wanted; w != nil && f == asksThing && !c.inner && c.noun != w && c.follows == nil && len(pats) > 0 && w.agent() {
		claimants := &clause{verb: -1, roles: map[string][]*node{}}
		p.carry(claimants, w)
		p.addPatterns(pl, claimants, f)
	}
	// what the noun asked for is besides: "which prime minister", "which Omani enclaves"
	if w := p.wanted; w != nil && f == asksThing && !c.inner && len(pats) > 0 {
		if w.office != nil && c.office == nil && (w.office.Level != leaderKind || len(p.within(w)) > 0) {
			a := Atom{Predicate: schema.HoldsOffice, Subject: Term{Var: true, Class: schema.Person}, Object: officeTerm(w.office)}
			if of := p.officeOf(w); of.bound() {
				a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleOf, of})
			}
			pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{a}})
		}
	}
}

// adjudged makes of what a court gave somebody also what it found to be theirs.
func adjudged(pat *Pattern) {
	court := func(t *Term) bool {
		return t != nil && len(t.Names) > 0 && !slices.ContainsFunc(t.Names, func(n Name) bool {
			return !slices.ContainsFunc(n.Entities, func(e schema.Entity) bool { return e.Class == schema.Court })
		})
	}
	for _, a := range pat.Atoms {
		if a.Predicate == schema.RuledOn {
			return
		}
	}
	for _, a := range pat.Atoms {
		from := a.qualifier(schema.RoleFrom)
		if a.Predicate != schema.TransferredTo || !court(from) || a.Object.IsZero() {
			continue
		}
		r := Atom{Predicate: schema.RuledOn, Negated: a.Negated, Subject: *from, Object: a.Subject, When: a.When, Mentioned: a.Mentioned}
		r.Qualifiers = []RoleTerm{{schema.RoleFor, a.Object}}
		pat.Atoms = append(pat.Atoms, r)
	}
}

// polarity makes of a denied recognition also a rejection, and the like.
func (p *parser) polarity(pat *Pattern) {
	if slices.ContainsFunc(pat.Atoms, func(a Atom) bool { return a.Predicate == schema.Rejects }) {
		return
	}
	for _, a := range pat.Atoms {
		if a.Predicate == schema.Recognizes && a.Negated {
			r := a
			r.Predicate, r.Negated = schema.Rejects, false
			pat.Atoms = append(pat.Atoms, r)
			return
		}
	}
}

// atoms makes the atoms of one reading of a clause: one, or several that must
// all hold where names are joined by "and".
func (p *parser) atoms(c *clause, r *relation, f form) []Atom {
	a := Atom{Predicate: r.Predicate, Negated: c.negated && f != asksYesNo, Said: r.Said}
	var parties []Term
	slotted, situating := false, false
	put := func(slot string, t Term, mentions []Term) {
		a.Mentioned = append(a.Mentioned, mentions...)
		switch slot {
		case slotSubject:
			if a.Subject.IsZero() {
				a.Subject = t
			} else {
				a.Mentioned = append(a.Mentioned, t)
			}
		case slotObject:
			if a.Object.IsZero() {
				a.Object = t
			} else {
				a.Mentioned = append(a.Mentioned, t)
			}
		case slotParty:
			if len(t.Names) > 1 && !t.Var {
				for _, n := range t.Names {
					parties = append(parties, Term{Names: []Name{n}})
				}
			} else {
				parties = append(parties, t)
			}
		case slotBoundary:
			if len(t.Ends) > 0 {
				for _, e := range t.Ends {
					parties = append(parties, Term{Names: []Name{e}})
				}
			} else if t.Var {
				parties = append(parties, t)
			} else if len(t.Names) > 0 {
				a.Mentioned = append(a.Mentioned, t)
			}
		case slotMentioned:
			if t.Var {
				a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleWith, t})
			} else if t.bound() {
				t.Situates = situating && r.Predicate == schema.PartyTo
				a.Mentioned = append(a.Mentioned, t)
			}
		case slotAny:
			if len(t.Names) > 0 && slices.ContainsFunc(t.Names[0].Entities, func(e schema.Entity) bool { return e.Class.Is(schema.Place) }) && a.Subject.IsZero() {
				a.Subject = t
			} else {
				a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleBy, t})
			}
		default:
			a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.Role(slot), t})
		}
	}
	if r.Predicate == schema.Delimited && r.Kind == verbKind && !p.boundaryIn(c) {
		return nil // "settled the dispute" is another matter
	}
	for _, role := range roleOrder(c.roles) {
		if slices.Contains(exceptions, role) {
			continue // whom the question names is no answer to it
		}
		slot, ok := r.Roles[role]
		situating = role == "on" || role == "in" || role == "over" || role == "about"
		if role == "self" {
			slot, ok = slotSubject, true
		}
		for _, n := range c.roles[role] {
			if n.empty() && n.wh == "" && !n.pron {
				continue
			}
			if r.Predicate == schema.AlsoKnownAs && n.wh != "" && slices.ContainsFunc(n.relations(), func(o *relation) bool { return o.Predicate == r.Predicate }) {
				put(slotObject, Term{Var: true}, nil) // "by what name"
				slotted = true
				continue
			}
			if slot == slotParty && r.Predicate == schema.MetWith && n.office != nil && n.wh == "" {
				for _, name := range p.within(n) { // "the presidents of Chile and Peru met"
					put(slot, holder(n.office, []Name{name}), nil)
					slotted = true
				}
				continue
			}
			if slot == string(schema.RoleOver) && role == "patient" && slices.ContainsFunc(n.relations(), func(o *relation) bool { return o.Predicate == schema.Claims }) {
				return nil // "contests the claim" tells who rejects it
			}
			t, mentions := p.term(n, slot, r)
			if f == asksManner && r.Predicate == schema.Covers && slot == slotSubject && !isInstrument(&t) {
				a.Mentioned, slotted = append(a.Mentioned, t), true // who settles it: by what is asked
				continue
			}
			if ty := n.heads(schema.Instrument); ty != nil && slot == string(schema.RoleFrom) && n.wh == "" && len(t.Names) == 0 {
				t, mentions = Term{}, nil // "what did the award give to …"
				p.describe(&t, n, ty)
			}
			if !ok {
				if t.Var {
					slot := p.freeSlot(&a, r)
					put(slot, t, mentions)
				} else if t.bound() && role != "second" && role != "topic" || len(t.Names) > 0 {
					a.Mentioned = append(a.Mentioned, t)
					a.Mentioned = append(a.Mentioned, mentions...)
				}
				continue
			}
			if slot == string(schema.RoleOf) && (!t.Var && len(t.Names) == 0 || t.Var && t.Class.Is(schema.Territory)) {
				return nil // "leads the marches", "territory that Chile runs": no office of anybody
			}
			slotted = true
			if slot == string(schema.RoleFrom) && isInstrument(&t) {
				slot = string(schema.RoleUnder) // "which treaty ceded …": not who gave but by what
			}
			put(slot, t, mentions)
			if n.part && len(n.pps) > 0 {
				continue
			}
			for _, d := range n.dates {
				if n.heads(schema.Instrument) == nil {
					a.When = append(a.When, when(d))
				}
			}
		}
	}
	if c.noun != nil && c.noun.wh != "" && r.Kind != agentKind {
		// "which claims …", "what disputes does X have": the noun is asked for;
		// its counterpart answers
		t := Term{Var: true}
		switch {
		case r.Predicate == schema.AlsoKnownAs:
			if a.Object.IsZero() {
				put(slotObject, t, nil)
			}
		case r.Predicate.Symmetric():
			if len(parties) < 2 {
				parties = append(parties, t)
			} else if over := matterOf(r.Predicate); over != "" && !a.hasVar() {
				a.Qualifiers = append(a.Qualifiers, RoleTerm{over, t})
			}
		case a.Object.IsZero():
			put(slotObject, t, nil)
		case a.Subject.IsZero():
			put(slotSubject, t, nil)
		}
	}
	slices.SortStableFunc(parties, func(x, y Term) int { // who is asked for comes last
		switch {
		case x.Var == y.Var:
			return 0
		case x.Var:
			return 1
		}
		return -1
	})
	if k := len(parties) - 1; k > 1 && parties[k].Var { // "who quarrels with both Chile and Peru"
		var out []Atom
		for _, t := range parties[:k] {
			b := a
			b.Subject, b.Object = t, parties[k]
			for _, e := range c.when {
				b.When = append(slices.Clone(b.When), when(e))
			}
			out = append(out, b)
		}
		return out
	}
	for i, t := range parties {
		switch i {
		case 0:
			a.Subject = t
		case 1:
			a.Object = t
		default:
			a.Mentioned = append(a.Mentioned, t)
		}
	}
	if !slotted && !a.hasVar() && f != asksDate && len(parties) == 0 {
		return nil
	}
	if a.Predicate == schema.HoldsOffice && r.Kind == verbKind && r.Time == "" && a.Object.IsZero() && a.qualifier(schema.RoleOf) == nil {
		return nil // "leads the marches": no office of anybody
	}
	for _, role := range slices.Sorted(maps.Keys(r.With)) {
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.Role(role), Term{Exact: r.With[role]}})
	}
	if c.status != "" && c.status != "begun" && takes(r.Predicate, schema.RoleStatus) {
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleStatus, Term{Exact: c.status}})
	}
	for _, e := range c.when {
		a.When = append(a.When, when(e))
	}
	p.special(&a, c, r, f)
	return p.spread(a, f)
}

// matterOf returns the role of what two parties have to do with one another
// about, "" where a predicate has none.
func matterOf(p schema.Predicate) schema.Role {
	for _, role := range []schema.Role{schema.RoleOver, schema.RoleAbout} {
		if takes(p, role) {
			return role
		}
	}
	return ""
}

// isInstrument reports whether the term is a treaty, ruling or the like.
func isInstrument(t *Term) bool {
	if len(t.Names) == 0 {
		return t.Class == schema.Instrument
	}
	return !slices.ContainsFunc(t.Names, func(n Name) bool {
		return !slices.ContainsFunc(n.Entities, func(e schema.Entity) bool { return e.Class == schema.Instrument })
	})
}

// boundaryIn reports whether the clause's object is a boundary, or not said.
func (p *parser) boundaryIn(c *clause) bool {
	ns := c.roles["patient"]
	return len(ns) == 0 || slices.ContainsFunc(ns, func(n *node) bool {
		return n.heads(schema.Boundary) != nil || n.wh != "" || slices.ContainsFunc(n.relations(), func(r *relation) bool { return r.Predicate == schema.Delimited })
	})
}

// roleOrder lists the roles of a clause, the plain ones first.
func roleOrder(roles map[string][]*node) []string {
	out := []string{}
	for _, r := range []string{"self", "agent", "patient", "owner", "recipient"} {
		if len(roles[r]) > 0 {
			out = append(out, r)
		}
	}
	for _, r := range slices.Sorted(maps.Keys(roles)) {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

func takes(p schema.Predicate, role schema.Role) bool {
	info, _ := p.Info()
	return slices.Contains(info.Roles, role)
}

// freeSlot is where what is asked for goes when its role has no slot.
func (p *parser) freeSlot(a *Atom, r *relation) string {
	if r.Predicate.Symmetric() {
		return slotParty
	}
	switch {
	case a.Object.IsZero() && !a.Subject.IsZero():
		return slotObject
	case a.Subject.IsZero():
		return slotSubject
	}
	return slotMentioned
}

// special adds what only the question's form says.
func (p *parser) special(a *Atom, c *clause, r *relation, f form) {
	x := Term{Var: true}
	switch f {
	case asksCause:
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleCause, x})
	case asksCondition:
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleCondition, x})
	case asksPlace:
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RolePlace, x})
	case asksManner:
		x.Class, x.Kind = schema.Instrument, ""
		switch {
		case a.Predicate == schema.Covers && a.Subject.IsZero():
			a.Subject = x
		case takes(a.Predicate, schema.RoleUnder) && a.qualifier(schema.RoleUnder) == nil:
			a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleUnder, x})
		}
	}
	if a.Predicate == schema.HoldsOffice && a.Object.IsZero() && r.Time == "" && a.qualifier(schema.RoleOf) != nil { // "who leads Japan"
		a.Object = Term{Class: schema.Office, Kind: leaderKind}
		if c.verb >= 0 && p.presentAsked() {
			a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleStatus, Term{Exact: "current"}})
		}
	}
	if a.Predicate == schema.ParticipatesIn && c.noun != nil { // "the referendum"
		a.Said = []string{p.lex.lemma(p.toks[c.noun.head.last-1].low)}
	}
	// "on which document did they agree": under which instrument
	if a.Predicate == schema.AlsoKnownAs && f == asksThing && !a.hasVar() && a.Object.IsZero() {
		a.Object = x
	}
	if a.Predicate == schema.AlsoKnownAs && c.inner && a.Object.Var && len(a.Subject.Names) > 0 {
		a.Subject, a.Object = a.Object, a.Subject // "the islets that Tokyo calls Takeshima"
	}
	if a.Predicate == schema.AlsoKnownAs {
		if len(a.Object.Names) > 0 {
			a.Object.Class = schema.Literal
		}
	}
}

// spread makes of "both A and B" one atom each, where something else is asked
// for: an answer must be right for both.
func (p *parser) spread(a Atom, f form) []Atom {
	if slices.ContainsFunc(p.toks, func(t token) bool { return t.low == "each" || t.low == "respectively" }) {
		for t := range a.terms {
			t.All = false // what either does answers
		}
		return []Atom{a}
	}
	if f == asksDate || f == asksYesNo || a.Predicate.Symmetric() || a.Predicate == schema.AlsoKnownAs || !a.hasVar() {
		return []Atom{a}
	}
	for t := range a.terms {
		if t.All && len(t.Names) > 1 && !t.Var {
			names := t.Names
			var out []Atom
			for _, n := range names {
				t.Names, t.All = []Name{n}, false
				b := a
				b.Qualifiers = slices.Clone(a.Qualifiers)
				b.Mentioned = slices.Clone(a.Mentioned)
				out = append(out, b)
			}
			if len(a.Mentioned) > 0 || slices.ContainsFunc(a.Qualifiers, func(q RoleTerm) bool { return q.Term.All }) {
				// joined names beyond subject and object only narrow
				t.Names = names
				return []Atom{a}
			}
			return out
		}
	}
	return []Atom{a}
}

func when(e timex.Expr) When {
	w := When{Op: "in", Date: e.Date}
	switch e.Relation {
	case timex.Since:
		w.Op = "since"
	case timex.After:
		w.Op = "after"
	case timex.Until:
		w.Op = "until"
	case timex.Before:
		w.Op = "before"
	case timex.By:
		w.Op = "by"
	case timex.Within:
		w.End = e.End
	}
	return w
}

// term makes a term of a noun phrase, and terms for what the proof must also
// name.
func (p *parser) term(n *node, slot string, r *relation) (Term, []Term) {
	t := Term{Part: n.part, All: !n.or && len(n.refs) > 1}
	var mentions []Term
	if n.part && len(n.pps) > 0 && n.wh == "" { // "parts of the Spratlys"
		inner, more := p.term(n.pps[0], slot, r)
		inner.Part = true
		return inner, more
	}
	if n.wh != "" {
		return p.variable(n, slot)
	}
	if n.pron && n.indefinite {
		t.Class = schema.Agent
		for _, r := range n.besides {
			t.Besides = append(t.Besides, r.name())
		}
		return t, nil
	}
	if inner := n.apposed(); inner != nil {
		return p.term(inner, slot, r)
	}
	if names := p.within(n); n.head == nil && len(n.refs) == 0 && len(n.words) == 1 && len(names) > 0 && len(n.pps) == 0 && slices.Contains(p.lex.words.Institutions, n.words[0]) {
		t.Names = names // "Chile's parliament" acts for Chile
		return t, nil
	}
	instrument := n.heads(schema.Instrument)
	takesInstrument := slot == slotObject && (r.Predicate == schema.PartyTo || r.Predicate == schema.Rejects || r.Predicate == schema.Recognizes) ||
		slot == slotSubject && (r.Predicate == schema.Covers || r.Predicate == schema.ParticipatesIn) || slot == "under" || slot == slotMentioned
	switch {
	case len(n.refs) > 0 && n.head == nil:
		for _, rf := range n.refs {
			t.Names = append(t.Names, rf.name())
		}
	case n.indefinite && n.heads(schema.State) != nil && len(n.mods) > 0:
		t.Names = p.within(n) // "any Afghan government"
	case n.indefinite && n.head != nil && n.owner == nil && (instrument == nil || len(n.mods)+len(n.pps)+len(n.dates) == 0) && slot != slotMentioned:
		t.Class = schema.Agent
		if ty := n.head.typ(); ty != nil {
			t.Class, t.Kind, t.Family = ty.Class, ty.Kind, ty.Family
			if instrument != nil { // "a peace treaty" is not any
				words := p.content(*n.head)
				t.Words, t.Any = words[:max(0, len(words)-1)], true
			}
		}
	case instrument != nil && n.owner != nil && n.owner.indefinite && (takesInstrument || len(n.relations()) == 0):
		t.Class, t.Kind, t.Family = schema.Instrument, instrument.Kind, instrument.Family
	case instrument != nil && (takesInstrument || len(n.relations()) == 0):
		p.describe(&t, n, instrument)
	case len(n.relations()) > 0:
		// "X's claim to Y": either may be what the fact is about, the proof names both
		names := p.within(n)
		t.Names = names
		if (r.Predicate == schema.Covers || r.Predicate == schema.RuledOn) && slices.ContainsFunc(n.relations(), func(o *relation) bool { return o.Predicate == schema.Disputes }) {
			t.Names = p.disputed(n) // a treaty or ruling about a dispute is about what it is over
			for _, m := range names {
				mentions = append(mentions, Term{Names: []Name{m}})
			}
			break
		}
		for _, m := range names {
			mentions = append(mentions, Term{Names: []Name{m}})
		}
		if len(names) < 2 {
			mentions = nil
		}
		if n.heads(schema.Boundary) != nil {
			t.Ends = names
		}
	case n.heads(schema.Boundary) != nil:
		t.Class = schema.Boundary
		t.Ends = p.within(n)
		t.Words = slices.DeleteFunc(append(slices.Clone(n.words), p.content(*n.head)...), func(w string) bool { return w != "maritime" && w != "sea" && w != "land" })
	case n.office != nil:
		if slot == slotParty && r.Predicate != schema.MetWith {
			t.Names = p.within(n) // who holds an office speaks for the state
			break
		}
		t.Class = schema.Office
		t.Words = append(t.Words, strings.ToLower(n.office.Name))
		for _, m := range p.within(n) {
			mentions = append(mentions, Term{Names: []Name{m}})
		}
	case n.head != nil && n.head.typ() != nil:
		ty := n.head.typ()
		t.Class, t.Kind = ty.Class, ty.Kind
		names := p.within(n)
		distinct := slices.DeleteFunc(slices.Clone(n.words), func(w string) bool { return p.lex.past[w] || p.lex.stop[w] })
		if len(names)+len(distinct) > 0 {
			t.Words = append(distinct, p.content(*n.head)...)
			for _, m := range names {
				t.Words = append(t.Words, strings.Fields(schema.Fold(m.Text))...)
			}
			for _, m := range names {
				mentions = append(mentions, Term{Names: []Name{m}})
			}
		}
		if n.aside != nil && n.aside.clause != nil {
			p.frame(n.aside.clause)
			sub := &Plan{Kind: List}
			asked := p.wanted
			p.wanted = &node{first: n.first, last: n.last, wh: "which", head: n.head} // there
			p.addPatterns(sub, n.aside.clause, asksThing)
			p.wanted = asked
			if len(sub.Patterns) > 0 {
				t.Sub = sub
			}
		}
	case len(n.words) > 0:
		t.Words = slices.Clone(n.words)
		for _, m := range p.within(n) {
			mentions = append(mentions, Term{Names: []Name{m}})
		}
	default:
		t.Names = p.within(n)
	}
	return t, mentions
}

// disputed returns the names of what a dispute is over.
func (p *parser) disputed(n *node) []Name {
	var out []Name
	for _, pp := range n.pps {
		switch pp.prep {
		case "over", "about", "on":
			out = append(out, p.within(pp)...)
		}
	}
	return out
}

// apposed returns the name in "the hamlet of Yenga", "the island of Shikotan",
// which is the same place; nil in "the islands of Japan".
func (n *node) apposed() *node {
	if len(n.pps) != 1 || len(n.mods)+len(n.dates) > 0 || n.owner != nil || n.indefinite || n.part || n.office != nil ||
		n.head != nil && n.heads(schema.Territory) == nil || n.head == nil && (len(n.words) != 1 || len(n.refs) > 0) {
		return nil
	}
	pp := n.pps[0]
	some := pp.prep == "in" && n.head != nil && n.heads(schema.Territory).Kind == "land" // "land in Antarctica"
	if pp.prep != "of" && !some || len(pp.refs) == 0 || pp.head != nil || len(pp.pps) > 0 {
		return nil
	}
	for _, r := range pp.refs {
		if r.adjective || !slices.ContainsFunc(r.ents, func(e schema.Entity) bool { return e.Class.Is(schema.Place) }) ||
			slices.ContainsFunc(r.ents, func(e schema.Entity) bool { return e.Class.Is(schema.Agent) }) {
			return nil
		}
	}
	return pp
}

// describe fills in the description of an instrument.
func (p *parser) describe(t *Term, n *node, ty *typeWord) {
	t.Class, t.Kind, t.Family = schema.Instrument, ty.Kind, ty.Family
	low := p.toks[n.head.last-1].low
	t.Many = strings.HasSuffix(low, "s") && p.lex.lemma(low) != low
	t.Words = append(slices.Clone(n.words), p.content(*n.head)...)
	for _, d := range n.dates {
		t.Date = d.Date
	}
	t.Names = nil
	t.Ends = append(t.Ends, p.within(n)...)
	var below func(*node)
	below = func(pp *node) {
		t.Words = append(t.Words, pp.words...)
		if pp.head != nil {
			t.Words = append(t.Words, p.content(*pp.head)...)
		}
		for _, q := range pp.pps {
			below(q)
		}
	}
	for _, pp := range n.pps {
		below(pp)
		if pp.prep == "with" {
			t.With = append(t.With, p.within(pp)...)
		}
	}
}

// within returns every name in a noun phrase.
func (p *parser) within(n *node) []Name {
	var out []Name
	add := func(rs []*ref) {
		for _, r := range rs {
			if !slices.ContainsFunc(out, func(o Name) bool { return o.Text == r.text }) {
				out = append(out, r.name())
			}
		}
	}
	add(n.refs)
	add(n.mods)
	if n.owner != nil {
		for _, o := range p.within(n.owner) {
			if !slices.ContainsFunc(out, func(k Name) bool { return k.Text == o.Text }) {
				out = append(out, o)
			}
		}
	}
	for _, pp := range n.pps {
		for _, o := range p.within(pp) {
			if !slices.ContainsFunc(out, func(k Name) bool { return k.Text == o.Text }) {
				out = append(out, o)
			}
		}
	}
	return out
}

func (r *ref) name() Name { return Name{Text: r.text, Entities: r.ents} }

// variable makes the term of what is asked for.
func (p *parser) variable(n *node, slot string) (Term, []Term) {
	t := Term{Var: true}
	var mentions []Term
	if n.wh == "that" && n.head == nil {
		if w := p.wanted; w != nil {
			n = w
		} else {
			return t, nil
		}
	}
	switch {
	case n.office != nil:
		t.Class = schema.Person
	case n.owner != nil && n.owner.head != nil && n.owner.head.typ() != nil && n.head != nil && n.head.typ() != nil && n.head.typ().Class != schema.Instrument && n.owner.head.typ().Class == schema.State:
		t.Class = schema.Agent // "which countries' companies": either names it
	case n.head != nil && n.head.typ() != nil && len(n.relations()) == 0:
		ty := n.head.typ()
		t.Class, t.Kind, t.Family = ty.Class, ty.Kind, ty.Family
		if slot == slotParty && t.Kind == "state" {
			t.Class = schema.State
		}
	case n.heads(schema.Instrument) != nil:
		ty := n.heads(schema.Instrument) // "which award": a ruling, though the word tells of one too
		t.Class, t.Kind, t.Family = ty.Class, ty.Kind, ty.Family
	case n.wh == "who" || n.wh == "whom" || n.wh == "whose":
		t.Class = schema.Agent
	}
	if n.part {
		t.Part = true
	}
	if n.agent() {
		t.Class = schema.Agent
		return t, nil // whose claimants they are is a pattern of its own
	}
	if n.head != nil || len(n.mods) > 0 {
		for _, m := range p.within(n) {
			if region := p.region(m); region != "" && t.Class.Is(schema.Agent) {
				t.Region = region
				continue
			}
			mentions = append(mentions, Term{Names: []Name{m}, Situates: p.situates(n, m)})
		}
	} else if len(n.refs) > 0 {
		for _, r := range n.refs {
			t.Names = append(t.Names, r.name())
		}
	}
	return t, mentions
}

// region returns the part of the world that a name stands for, "" if it does not.
func (p *parser) region(m Name) string {
	for _, e := range m.Entities {
		if _, ok := p.lex.words.Regions[strings.TrimSuffix(e.Name, "s")]; ok {
			return strings.TrimSuffix(e.Name, "s") // "the Americas"
		}
	}
	return ""
}

// situates reports whether a name only tells where what is asked for lies: "islands
// in the Gulf of Fonseca".
func (p *parser) situates(n *node, m Name) bool {
	if slices.ContainsFunc(n.mods, func(r *ref) bool { return r.adjective && r.text == m.Text }) {
		return true // "South African provinces"
	}
	return slices.ContainsFunc(n.pps, func(pp *node) bool {
		switch pp.prep {
		case "in", "at", "near", "around", "off", "within":
			return slices.ContainsFunc(p.within(pp), func(o Name) bool { return o.Text == m.Text }) && slices.ContainsFunc(m.Entities, func(e schema.Entity) bool { return e.Class.Is(schema.Place) })
		}
		return false
	})
}

// officeAtom makes the atom of "who is prime minister of Japan".
func (p *parser) officeAtom(c *clause) (Atom, bool) {
	n := c.office
	a := Atom{Predicate: schema.HoldsOffice, Subject: Term{Var: true, Class: schema.Person}, Object: officeTerm(n.office)}
	of := p.officeOf(n)
	person := func(e schema.Entity) bool { return e.Class == schema.Person }
	if len(of.Names) == 1 && slices.ContainsFunc(of.Names[0].Entities, person) { // "is X president"
		a.Subject, of = Term{Names: of.Names}, Term{}
	}
	for _, o := range c.roles["of"] {
		if o.wh != "" && !of.bound() {
			of, _ = p.variable(o, "of")
		}
	}
	for _, role := range []string{"agent", "patient", "topic", "second"} {
		for _, o := range c.roles[role] {
			if o == n {
				continue
			}
			if len(o.refs) > 0 && !of.bound() && !slices.ContainsFunc(o.refs[0].ents, func(e schema.Entity) bool { return e.Class == schema.Person }) {
				of, _ = p.term(o, "of", nil)
			} else if len(o.refs) > 0 {
				a.Subject, _ = p.term(o, slotSubject, &relation{})
			}
		}
	}
	if of.bound() || of.Var {
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleOf, of})
	}
	status := n.status
	if status == "" && c.status != "" {
		status = c.status
	}
	low := " " + strings.ToLower(p.text) + " "
	switch {
	case status == "former" && strings.Contains(low, "present"), strings.Contains(low, " past"), strings.Contains(low, " all "):
	case status == "former" || status == "current":
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleStatus, Term{Exact: status}})
	case p.wanted != nil && (p.presentTense() || p.keywords) && len(c.when) == 0:
		a.Qualifiers = append(a.Qualifiers, RoleTerm{schema.RoleStatus, Term{Exact: "current"}})
	}
	for _, e := range c.when {
		a.When = append(a.When, when(e))
	}
	return a, true
}

// leaderKind is the kind of office that whoever leads a state holds, leaderLevels how
// high the gazetteer has those.
const leaderKind = "leader"

var leaderLevels = []string{"head-of-state", "head-of-government", "leader"}

// officeTerm makes the term of an office; "leader" is any that leads a state.
func officeTerm(o *gazetteer.Office) Term {
	if o.Level == leaderKind {
		return Term{Class: schema.Office, Kind: leaderKind}
	}
	return Term{Class: schema.Office, Exact: o.Name}
}

// holder makes the term of whoever holds an office of one of somebodies.
func holder(office *gazetteer.Office, of []Name) Term {
	a := Atom{Predicate: schema.HoldsOffice, Subject: Term{Var: true, Class: schema.Person}, Object: officeTerm(office)}
	a.Qualifiers = []RoleTerm{{schema.RoleOf, Term{Names: of}}}
	return Term{Names: of, Sub: &Plan{Kind: List, Patterns: []Pattern{{Atoms: []Atom{a}}}}}
}

func (p *parser) presentTense() bool {
	for i := range p.chunks {
		if p.kindAt(i) == kAux {
			return slices.Contains([]string{"is", "are", "'s", "'re", "do", "does"}, p.chunks[i].low)
		}
		if p.kindAt(i) == kPoss && p.kindAt(i-1) == kWh { // "who's"
			return true
		}
	}
	return true
}

func (p *parser) officeOf(n *node) Term {
	return Term{Names: p.within(n)}
}

// infer composes a plan from names and types alone, where no word tells the
// relation: an instrument and a territory make it "covers", and so on.
func (p *parser) infer(pl *Plan) bool {
	w := p.wanted
	if w == nil || w.head == nil || w.head.typ() == nil {
		return false
	}
	ty := w.head.typ()
	x := Term{Var: true, Class: ty.Class, Kind: ty.Kind}
	if ty.Class == schema.Instrument { // "the latest agreement between Chile and Peru"
		for _, n := range p.within(w) {
			pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{
				{Predicate: schema.PartyTo, Subject: Term{Names: []Name{n}}, Object: x}, {Predicate: schema.Covers, Subject: x, Object: Term{Names: []Name{n}}}}})
		}
		if len(pl.Patterns) > 0 {
			return true
		}
	}
	rest := p.others(w)
	if len(rest) == 0 {
		return false
	}
	other := rest[0]
	t, _ := p.term(other, slotSubject, &relation{Predicate: schema.Covers})
	instrument := t.Class == schema.Instrument || len(t.Names) > 0 && len(t.Names[0].Entities) > 0 && t.Names[0].Entities[0].Class == schema.Instrument
	switch {
	case instrument && (ty.Class == schema.Territory || ty.Class == schema.Boundary):
		pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{{Predicate: schema.Covers, Subject: t, Object: x}}})
	case instrument && ty.Class.Is(schema.Agent):
		pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{{Predicate: schema.PartyTo, Subject: x, Object: t}}})
	case ty.Class == schema.Instrument && len(t.Names) > 0:
		pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{
			{Predicate: schema.Covers, Subject: x, Object: t}, {Predicate: schema.PartyTo, Subject: t, Object: x}}})
	case ty.Class == schema.Territory && len(t.Names) > 0:
		pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{{Predicate: schema.PartOf, Subject: x, Object: t}}})
	default:
		return false
	}
	return p.keywords || instrument
}

// dated composes the plan of key words that ask when an instrument was made: "Lima
// pact - when?".
func (p *parser) dated(pl *Plan) bool {
	c := p.clauses[0]
	if p.form != asksDate || c.verb >= 0 {
		return false
	}
	for _, n := range p.nodes(c, c.a, c.b) {
		named := len(n.refs) > 0 && len(n.refs[0].ents) > 0 && n.refs[0].ents[0].Class == schema.Instrument
		if n.heads(schema.Instrument) == nil && !named {
			continue
		}
		for _, r := range p.lex.relations {
			if r.Carries == schema.Instrument {
				t, _ := p.term(n, slotObject, r)
				pl.Patterns = append(pl.Patterns, Pattern{Atoms: []Atom{{Predicate: r.Predicate, Object: t, Qualifiers: []RoleTerm{{schema.RoleAct, Term{Exact: "signed"}}}}}})
				return true
			}
		}
	}
	return false
}

// others returns the noun phrases of the question besides what is asked for.
func (p *parser) others(w *node) []*node {
	var out []*node
	c := &clause{a: 0, b: len(p.chunks), verb: -1}
	for _, n := range p.nodes(c, 0, len(p.chunks)) {
		if n.first != w.first && !(n.first <= w.first && w.first < n.last && len(n.refs) == 0 && len(n.mods) == 0 && n.head == w.head && len(n.words) == 0 && len(n.dates) == 0) {
			if n.head == w.head && n.head != nil {
				n = p.without(n, w)
				if n == nil {
					continue
				}
			}
			out = append(out, n)
		}
	}
	return out
}

// without takes the head noun, which is what is asked for, away from a phrase
// of key words: "1956 declaration islands" leaves "1956 declaration".
func (p *parser) without(n, w *node) *node {
	m, _ := p.phrase(n.first, w.first)
	return m
}
