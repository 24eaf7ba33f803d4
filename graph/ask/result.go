package ask

import (
	"cmp"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// answer runs the plan and fills in what it yields; it leaves the answers empty
// where the facts do not hold any.
func (x *runner) answer(ans *Answer, p *parser, plan *Plan) error {
	leftover := p.leftover(plan)
	switch {
	case plan.Events != nil:
		return x.events(ans, plan.Events)
	case plan.Want.Clause:
		return x.clauses(ans, plan)
	case plan.Kind == YesNo:
		return x.yesNo(ans, plan, leftover)
	case plan.Kind == Date:
		return x.dates(ans, plan, leftover)
	case plan.Want.Unit != "":
		return x.quantity(ans, plan, leftover)
	case plan.Want.Source:
		return x.sources(ans, plan)
	}
	answers, err := x.solve(plan)
	if err == nil && len(answers) == 0 {
		answers, err = x.holders(plan)
	}
	if err != nil {
		return err
	}
	answers = extremes(x.sift(answers, p, plan, leftover), plan.Want.Extreme)
	if plan.Kind == Number {
		return x.count(ans, p, answers)
	}
	for _, a := range answers {
		ans.Answers = append(ans.Answers, x.item(a))
	}
	x.say(ans)
	return nil
}

// hits yields the facts that match some atom of the plan, in the order of its
// patterns.
func (x *runner) hits(plan *Plan) iter.Seq2[hit, error] {
	return func(yield func(hit, error) bool) {
		for _, pat := range plan.Patterns {
			if pat.Except {
				continue
			}
			for i := range pat.Atoms {
				hits, err := x.match(&pat.Atoms[i], false)
				if err != nil {
					yield(hit{}, err)
					return
				}
				for _, h := range hits {
					if !yield(h, nil) {
						return
					}
				}
			}
		}
	}
}

// sources answers according to whom.
func (x *runner) sources(ans *Answer, plan *Plan) error {
	var answers []answer
	for h, err := range x.hits(plan) {
		if err != nil {
			return err
		}
		if h.value = h.fact.AttributedTo; !h.value.IsZero() {
			answers = x.add(answers, h)
		}
	}
	for _, a := range answers {
		it := x.item(a)
		it.Note = ""
		ans.Answers = append(ans.Answers, it)
	}
	x.say(ans)
	return nil
}

// extremes keeps the answers with the latest or the earliest date.
func extremes(answers []answer, which string) []answer {
	if which == "" {
		return answers
	}
	date := func(a answer) (best schema.Date) {
		for _, h := range a.hits {
			d := timeOf(&h.fact, schema.RoleDate)
			if ys := yearsIn(a.value.Name); len(ys) == 1 && !schema.Year(ys[0]).Covers(d) {
				d = schema.Year(ys[0]) // what bears a year is of that year, whenever it was ratified
			}
			if best.IsZero() || !d.IsZero() && (d.Compare(best) > 0) == (which == "latest") {
				best = d
			}
		}
		return best
	}
	var out []answer
	var best schema.Date
	for _, a := range answers {
		d := date(a)
		switch {
		case d.IsZero():
		case best.IsZero() || (d.First().Compare(best.First()) > 0) == (which == "latest") && d.First() != best.First():
			out, best = []answer{a}, d
		case d.First() == best.First():
			out = append(out, a)
		}
	}
	return out
}

// sift drops from the answers who the question itself names, what only past or
// promised facts say where the present is asked for, groups beside their
// members, and what fits the rest of the question worse than other answers.
func (x *runner) sift(answers []answer, p *parser, plan *Plan, leftover []string) []answer {
	named := map[string]bool{}
	ends := endsOf(plan)
	for _, r := range p.refs {
		if len(r.ents) > 0 && !r.adjective && (p.wanted == nil || !slices.Contains(p.wanted.refs, r)) && !slices.Contains(ends, r.text) {
			for _, e := range r.ents {
				named[e.ID] = true
			}
		}
	}
	var out []answer
	for _, a := range answers {
		if a.value.ID != "" && named[a.value.ID] || a.value.Name == "" || vague(a.value) {
			continue
		}
		a.hits = slices.DeleteFunc(a.hits, func(h hit) bool { return p.present && over(&h.fact) })
		if len(a.hits) > 0 {
			out = append(out, a)
		}
	}
	if said := func(a answer) bool {
		return slices.ContainsFunc(a.hits, func(h hit) bool { return !h.loose })
	}; slices.ContainsFunc(out, said) && asksStatus(plan) {
		out = slices.DeleteFunc(out, func(a answer) bool { return !said(a) })
	}
	out = x.precise(composed(x.ungroup(out)), p)
	if p.presentAsked() {
		past := func(a answer) bool {
			entry := x.gaz.ByID(a.value.ID)
			return entry != nil && !entry.Until.IsZero()
		}
		if slices.ContainsFunc(out, func(a answer) bool { return !past(a) }) {
			out = slices.DeleteFunc(out, past) // states that are no more hold nothing
		}
	}
	if len(leftover) == 0 || len(out) == 0 {
		return out
	}
	best, anchored := 0, anchored(plan)
	score := func(a answer) int {
		s := 0
		for _, h := range a.hits {
			s = max(s, x.overlap(leftover, foldText(passages(&h.fact))))
		}
		return s
	}
	for _, a := range out {
		best = max(best, score(a))
	}
	if best == 0 && (len(leftover) > 1 || !anchored) {
		return nil // the question says more than any of the facts
	}
	if !anchored {
		out = slices.DeleteFunc(out, func(a answer) bool { return score(a)*3 < len(leftover)*2 })
	}
	if plan.Kind == One {
		out = slices.DeleteFunc(out, func(a answer) bool { return score(a) < best })
	}
	return out
}

// presentAsked reports whether the question asks how things are, by its words or its
// verb's tense.
func (p *parser) presentAsked() bool {
	if p.present {
		return true
	}
	c := p.clauses[0]
	if c.verb < 0 || len(c.when) > 0 {
		return false
	}
	for i := c.a; i < c.verb; i++ {
		if p.kindAt(i) == kAux {
			return p.presentTense()
		}
	}
	return !p.lex.past[p.toks[p.chunks[c.verb].first].low]
}

// precise takes out those who are told by number or sort only, "six governments",
// "many other states", beside others who are named, and what is of another sort than the noun that is asked for
// where some are of that very sort: of "which reefs", the islands.
func (x *runner) precise(answers []answer, p *parser) []answer {
	counted := func(a answer) bool {
		return a.value.Class.Is(schema.Agent) && x.generic(schema.Fold(a.value.Name))
	}
	if slices.ContainsFunc(answers, func(a answer) bool { return !counted(a) }) {
		answers = slices.DeleteFunc(slices.Clone(answers), counted)
	}
	number := func(a answer) int {
		if n, ok := numbered(a.value.Name); ok && a.value.Class.Is(schema.Place) {
			return n
		}
		return 0
	}
	named := 0
	for _, a := range answers {
		if number(a) == 0 {
			named++
		}
	}
	answers = slices.DeleteFunc(slices.Clone(answers), func(a answer) bool { n := number(a); return n > 1 && n <= named }) // "four regions" are those
	noun := p.particular()
	if noun == "" {
		return answers
	}
	sort := func(a answer) bool { return x.ofSort(noun, a) }
	if !slices.ContainsFunc(answers, sort) {
		return answers
	}
	return slices.DeleteFunc(slices.Clone(answers), func(a answer) bool { return !sort(a) })
}

// particular returns the noun that the question asks for where it tells one sort of
// place from others: "which towns".
func (p *parser) particular() string {
	w := p.wanted
	if w == nil || w.head == nil || w.heads(schema.Territory) == nil || w.head.first+1 != w.head.last {
		return ""
	}
	switch noun := p.lex.lemma(w.head.low); noun {
	case "territory", "area", "region", "place", "land", "island", "part", "location", "piece", "possession", "spot", "feature", "zone", "sector", "water", "rock":
		return ""
	default:
		return noun
	}
}

// ofSort reports whether an answer is called by a noun, by the gazetteer, one of its
// names or a passage: "Lipulekh pass", "the hamlet of Yenga".
func (x *runner) ofSort(noun string, a answer) bool {
	if entry := x.gaz.ByID(a.value.ID); entry != nil && x.lex.lemma(entry.Kind) == noun {
		return true
	}
	var text strings.Builder
	for _, h := range a.hits {
		text.WriteString(passages(&h.fact))
	}
	words := strings.Fields(foldText(text.String()))
	for i, w := range words {
		words[i] = x.lex.lemma(w)
	}
	said := " " + strings.Join(words, " ") + " "
	return slices.ContainsFunc(append([]string{a.value.Name}, a.value.Aliases...), func(name string) bool {
		ws := strings.Fields(schema.Fold(name))
		for i, w := range ws {
			ws[i] = x.lex.lemma(w)
		}
		n := strings.Join(ws, " ")
		return slices.Contains(ws, noun) || strings.Contains(said, " "+n+" "+noun+" ") || strings.Contains(said, " "+noun+" of "+n+" ") || strings.Contains(said, " "+noun+" "+n+" ") || joinedTo(said, n, noun)
	})
}

// joinedTo reports whether a noun behind a list belongs to a name in it too: "the
// Musandam and Madha enclaves".
func joinedTo(said, name, noun string) bool {
	_, rest, ok := strings.Cut(said, " "+name+" ")
	if !ok {
		return false
	}
	and := false
	for i, w := range strings.Fields(rest) {
		switch {
		case i > 5:
			return false
		case w == "and":
			and = true
		case w == noun:
			return and
		}
	}
	return false
}

// composed takes out what is only told by what it includes, where that is an answer
// too: "lands, including the hamlet of Yenga".
func composed(answers []answer) []answer {
	return slices.DeleteFunc(slices.Clone(answers), func(a answer) bool {
		_, parts, ok := strings.Cut(schema.Fold(a.value.Name), " including ")
		return ok && slices.ContainsFunc(answers, func(o answer) bool {
			return strings.Contains(" "+parts+" ", " "+schema.Fold(o.value.Name)+" ")
		})
	})
}

// endsOf returns the names that only tell between whom an instrument is, whose
// parties are asked for: "who has ratified the treaty between Chile and Peru?".
func endsOf(plan *Plan) (ends []string) {
	for _, pat := range plan.Patterns {
		for i := range pat.Atoms {
			a := &pat.Atoms[i]
			if t := a.qualifier(schema.RoleFor); a.Predicate == schema.RuledOn && t != nil && t.Var {
				for _, m := range a.Mentioned { // "in the Chile-Peru case"
					for _, n := range m.Names {
						ends = append(ends, n.Text)
					}
				}
			}
			if a.Predicate == schema.PartyTo && a.Subject.Var {
				for _, n := range a.Object.Ends {
					if !slices.ContainsFunc(a.Object.With, func(w Name) bool { return w.Text == n.Text }) {
						ends = append(ends, n.Text)
					}
				}
			}
		}
	}
	return ends
}

func asksStatus(plan *Plan) bool {
	return slices.ContainsFunc(plan.Patterns, func(pat Pattern) bool {
		return slices.ContainsFunc(pat.Atoms, func(a Atom) bool { return a.qualifier(schema.RoleStatus) != nil })
	})
}

// anchored reports whether the plan says who or what the question is about.
func anchored(plan *Plan) bool {
	for _, pat := range plan.Patterns {
		for i := range pat.Atoms {
			a := &pat.Atoms[i]
			for t := range a.terms {
				if !t.Var && t.Exact == "" && (t.bound() || t.Sub != nil) {
					return true
				}
			}
		}
	}
	return false
}

// over reports whether a fact held once and no longer does.
func over(f *schema.Fact) bool {
	status := f.Qualifier(schema.RoleStatus).Name
	return !f.Time.Until.IsZero() || status == "former" || status == "dropped" || f.Predicate == schema.Seized
}

// vague reports whether an entity is nobody in particular.
func vague(e schema.Entity) bool {
	f := schema.Fold(e.Name)
	for _, prefix := range []string{"no ", "neither "} {
		if strings.HasPrefix(f, prefix) && e.Class.Is(schema.Agent) {
			return true
		}
	}
	switch f {
	case "claimants", "officials", "states", "countries", "the two countries", "both countries":
		return true
	}
	return false
}

// ungroup takes groups out where at least two of their members are answers too,
// and puts members in place of a group that has no name but its number: "the
// four islands".
func (x *runner) ungroup(answers []answer) []answer {
	has := func(id string) bool {
		return slices.ContainsFunc(answers, func(a answer) bool { return a.value.ID == id })
	}
	var out []answer
	for _, a := range answers {
		fam, err := x.family(a.value)
		if err != nil || len(fam.members) < 2 {
			out = append(out, a)
			continue
		}
		inside := 0
		for _, m := range fam.members {
			if has(m.ID) {
				inside++
			}
		}
		if inside >= 2 {
			continue
		}
		out = append(out, a)
	}
	return out
}

// item makes an item of an answer.
func (x *runner) item(a answer) Item {
	it := Item{Name: shortened(a.value.Name), Aliases: slices.Clone(a.value.Aliases), Entity: a.value.ID}
	if it.Name != a.value.Name {
		it.Aliases = append(it.Aliases, a.value.Name)
	}
	if it.Aliases == nil {
		it.Aliases = []string{}
	}
	for _, h := range a.hits {
		for _, v := range []schema.Entity{h.value} {
			if v.Name != it.Name && v.Name != "" && !slices.Contains(it.Aliases, v.Name) && x.sameThing(v, a.value) {
				it.Aliases = append(it.Aliases, v.Name)
			}
		}
	}
	slices.Sort(it.Aliases)
	x.prove(&it, a.hits)
	return it
}

// shortened cuts from the name of a place what tells how it came about rather than
// which it is: "triangle of land between two rivers in a historic dispute".
func shortened(name string) string {
	for _, mark := range []string{" in a historic ", " in a dispute ", " in a long", " based on ", " due to ", " because of "} {
		if short, _, ok := strings.Cut(name, mark); ok && short != "" {
			return short
		}
	}
	return name
}

// prove adds facts, evidence and the manner of speaking to an item.
func (x *runner) prove(it *Item, hits []hit) {
	notes := []string{}
	plain := false
	for _, h := range hits {
		if id := h.fact.ID(); !slices.Contains(it.Facts, id) {
			it.Facts = append(it.Facts, id)
			it.Evidence = append(it.Evidence, h.fact.Evidence...)
		}
		if n := manner(&h.fact); n == "" {
			plain = true
		} else if !slices.Contains(notes, n) {
			notes = append(notes, n)
		}
	}
	slices.Sort(it.Facts)
	it.Evidence = schema.SortEvidence(it.Evidence)
	if !plain {
		it.Note = strings.Join(notes, "; ")
	}
}

// manner says how a fact is put forward where it is not simply stated.
func manner(f *schema.Fact) string {
	var parts []string
	status := f.Qualifier(schema.RoleStatus).Name
	switch {
	case f.Negated:
		parts = append(parts, "denied")
	case status == "promised" || f.Modality == schema.Promised:
		parts = append(parts, "promised")
	case f.Modality == schema.Conditional:
		parts = append(parts, "conditional")
	case status == "planned" || f.Modality == schema.Planned:
		parts = append(parts, "planned")
	case f.Modality == schema.Alleged && f.AttributedTo.IsZero():
		parts = append(parts, "alleged")
	case status == "former" || status == "dropped" || status == "dormant" || status == "refused":
		parts = append(parts, status)
	}
	if !f.Time.Until.IsZero() && status != "former" {
		parts = append(parts, "until "+f.Time.Until.String())
	}
	if c := f.Qualifier(schema.RoleCondition).Name; c != "" {
		parts = append(parts, "on condition: "+c)
	}
	if !f.AttributedTo.IsZero() {
		parts = append(parts, "according to "+f.AttributedTo.Name)
	}
	return strings.Join(parts, ", ")
}

// dates answers when.
func (x *runner) dates(ans *Answer, plan *Plan, leftover []string) error {
	type dated struct {
		date  schema.Date
		hits  []hit
		score int
	}
	var found []dated
	for h, err := range x.hits(plan) {
		if err != nil {
			return err
		}
		d := timeOf(&h.fact, plan.Want.Time)
		if d.IsZero() || h.part && len(found) > 0 {
			continue
		}
		score := x.overlap(leftover, foldText(passages(&h.fact)))
		k := slices.IndexFunc(found, func(o dated) bool { return o.date.Covers(d) || d.Covers(o.date) })
		if k < 0 {
			found = append(found, dated{d, []hit{h}, score})
			continue
		}
		found[k].hits = append(found[k].hits, h)
		found[k].score = max(found[k].score, score)
		if found[k].date.Covers(d) {
			found[k].date = d // the finer one
		}
	}
	// an act that a fact names outweighs one that only its passage does
	if said := func(d dated) bool {
		return slices.ContainsFunc(d.hits, func(h hit) bool { return !h.loose })
	}; slices.ContainsFunc(found, said) {
		found = slices.DeleteFunc(found, func(d dated) bool { return !said(d) })
	}
	if len(found) == 0 {
		return x.nameDates(ans, plan)
	}
	best := 0
	for _, f := range found {
		best = max(best, f.score)
	}
	if best == 0 && len(leftover) > 1 {
		return nil
	}
	found = slices.DeleteFunc(found, func(f dated) bool { return f.score < best })
	slices.SortStableFunc(found, func(a, b dated) int { return a.date.Compare(b.date) })
	switch plan.Want.Extreme {
	case "latest":
		found = found[len(found)-1:]
	case "earliest":
		found = found[:1]
	}
	for _, f := range found {
		it := Item{Name: f.date.String(), Aliases: []string{}}
		x.prove(&it, f.hits)
		ans.Answers = append(ans.Answers, it)
	}
	x.say(ans)
	return nil
}

// nameDates answers when an instrument was made by the date in its own name: "June
// 2006 Greentree Agreement".
func (x *runner) nameDates(ans *Answer, plan *Plan) error {
	for _, pat := range plan.Patterns {
		for i := range pat.Atoms {
			a := &pat.Atoms[i]
			if act := a.qualifier(schema.RoleAct); a.Predicate != schema.PartyTo || act == nil || act.Exact != "signed" && act.Exact != "agreed" || !a.Subject.IsZero() {
				continue
			}
			for _, n := range a.Object.Names {
				for _, e := range n.Entities {
					if e.Class != schema.Instrument {
						continue
					}
					if err := x.nameDate(ans, e); err != nil {
						return err
					}
				}
			}
		}
	}
	x.say(ans)
	return nil
}

// nameDate adds the date in an instrument's name to the answers, proved by a
// passage that has it.
func (x *runner) nameDate(ans *Answer, e schema.Entity) error {
	for _, name := range append([]string{e.Name}, e.Aliases...) {
		toks := tokenize(name)
		nt := make([]nlp.Token, len(toks))
		for i, t := range toks {
			nt[i] = nlp.Token{Start: t.start, End: t.end, Text: t.text}
		}
		exprs := timex.Find(nt, schema.Date{})
		if len(exprs) != 1 || exprs[0].Date.IsZero() {
			continue
		}
		for f, err := range x.reader.Facts(x.ctx, schema.Filter{About: e.ID, Docs: x.opts.Docs}) {
			if err != nil {
				return err
			}
			if strings.Contains(" "+foldText(passages(&f))+" ", " "+schema.Fold(name)+" ") {
				it := Item{Name: exprs[0].Date.String(), Aliases: []string{}}
				x.prove(&it, []hit{{fact: f}})
				it.Note = ""
				ans.Answers = append(ans.Answers, it)
				return nil
			}
		}
	}
	return nil
}

// timeOf returns the fact's time that is asked for.
func timeOf(f *schema.Fact, role schema.Role) schema.Date {
	switch role {
	case schema.RoleSince:
		return cmp.Or(f.Time.Since, f.Time.Date)
	case schema.RoleUntil:
		return f.Time.Until
	}
	if d := cmp.Or(f.Time.Date, f.Time.Since); !d.IsZero() {
		return d
	}
	if f.Predicate == schema.PartyTo { // the instrument's own year
		if act := f.Qualifier(schema.RoleAct).Name; act == "" || act == "signed" || act == "agreed" || act == "concluded" {
			if ys := yearsIn(f.Object.Name); len(ys) == 1 {
				return schema.Year(ys[0])
			}
		}
	}
	return f.Time.Until
}

// yesNo answers whether something is so.
func (x *runner) yesNo(ans *Answer, plan *Plan, leftover []string) error {
	var yes, no []hit
	for i := range plan.Patterns {
		for j := range plan.Patterns[i].Atoms {
			a := &plan.Patterns[i].Atoms[j]
			hits, err := x.match(a, false)
			if err != nil {
				return err
			}
			for _, h := range hits {
				if undone(&h.fact) {
					no = append(no, h)
				} else {
					yes = append(yes, h)
				}
			}
			if hits, err = x.match(a, true); err != nil {
				return err
			}
			no = append(no, hits...)
			if t := a.qualifier(schema.RoleStatus); t != nil && t.Exact != "" {
				if hits, err = x.statusDenied(a, t.Exact); err != nil {
					return err
				}
				no = append(no, hits...)
			}
			if c, ok := contrary(a); ok {
				if hits, err = x.match(&c, false); err != nil {
					return err
				}
				no = append(no, hits...)
			}
		}
		if len(yes)+len(no) > 0 {
			break
		}
	}
	yes = ofEach(plan, yes)
	fit := func(hits []hit) []hit {
		return slices.DeleteFunc(hits, func(h hit) bool {
			return len(leftover) > 1 && x.overlap(leftover, foldText(passages(&h.fact))) == 0
		})
	}
	yes, no = fit(yes), fit(no)
	denied := slices.ContainsFunc(no, func(h hit) bool { return h.fact.Negated })
	switch {
	case len(yes) > 0 && len(no) > 0 && denied && later(no, yes):
		yes = nil
	case len(yes) > 0:
		no = nil
	}
	for _, side := range []struct {
		name string
		hits []hit
	}{{"yes", yes}, {"no", no}} {
		if len(side.hits) == 0 {
			continue
		}
		it := Item{Name: side.name, Aliases: []string{}}
		x.prove(&it, side.hits)
		if side.name == "no" && !denied {
			it.Note = cmp.Or(it.Note, "the documents say otherwise")
		} else {
			it.Note = ""
		}
		ans.Answers = append(ans.Answers, it)
	}
	x.say(ans)
	return nil
}

// ofEach returns the hits only where they tell of everybody whom the question joins
// by "and": that one of two has signed is no yes for both.
func ofEach(plan *Plan, hits []hit) []hit {
	for _, pat := range plan.Patterns {
		for i := range pat.Atoms {
			t := &pat.Atoms[i].Subject
			if !t.All || len(t.Names) < 2 || pat.Atoms[i].Predicate.Symmetric() {
				continue
			}
			if slices.ContainsFunc(t.Names, func(n Name) bool {
				return !slices.ContainsFunc(hits, func(h hit) bool {
					return slices.ContainsFunc(n.Entities, func(e schema.Entity) bool { return h.fact.Subject.ID == e.ID })
				})
			}) {
				return nil
			}
		}
	}
	return hits
}

// statusDenied returns the facts of which the passage denies the status that an
// atom asks for.
func (x *runner) statusDenied(a *Atom, status string) ([]hit, error) {
	plain := *a
	plain.Qualifiers = slices.DeleteFunc(slices.Clone(a.Qualifiers), func(q RoleTerm) bool { return q.Role == schema.RoleStatus })
	hits, err := x.match(&plain, false)
	return slices.DeleteFunc(hits, func(h hit) bool {
		folded := " " + foldText(passages(&h.fact)) + " "
		return !slices.ContainsFunc(x.statusForms(status), func(w string) bool { return deniedIn(folded, w) })
	}), err
}

// undone reports whether a fact speaks of what has not come about.
func undone(f *schema.Fact) bool {
	switch f.Qualifier(schema.RoleStatus).Name {
	case "promised", "planned", "refused", "pending", "partial", "dropped", "former":
		return true
	}
	return f.Modality == schema.Promised || f.Modality == schema.Planned || f.Modality == schema.Conditional
}

// later reports whether the first facts are at least as recent as the others,
// as far as their own dates tell.
func later(a, b []hit) bool {
	newest := func(hits []hit) (d schema.Date) {
		for _, h := range hits {
			if t := timeOf(&h.fact, schema.RoleDate); t.Compare(d) > 0 {
				d = t
			}
		}
		return d
	}
	return newest(a).Compare(newest(b)) >= 0 || newest(a).IsZero()
}

// contrary returns the atom whose facts answer no to another: who rejects does
// not recognize.
func contrary(a *Atom) (Atom, bool) {
	c := *a
	switch a.Predicate {
	case schema.Recognizes:
		c.Predicate = schema.Rejects
	case schema.Rejects:
		c.Predicate = schema.Recognizes
	default:
		return c, false
	}
	return c, true
}

// numbered returns the number that a name begins with: "twelve states".
func numbered(name string) (n int, ok bool) {
	toks := tokenize(name)
	if len(toks) < 2 {
		return 0, false
	}
	n, ok = toks[0].number()
	return n, ok && n > 1
}

// counts reports whether a numbered name counts what is asked for: "14 towns".
func (x *runner) counts(wanted *node, name string) bool {
	return wanted != nil && wanted.head != nil && x.overlap([]string{wanted.head.low}, schema.Fold(name)) > 0
}

// count answers how many.
func (x *runner) count(ans *Answer, p *parser, answers []answer) error {
	if len(answers) == 0 {
		return nil
	}
	n := len(answers)
	for _, a := range answers { // "twelve states" are not one
		said, ok := numbered(a.value.Name)
		if ok && (n == 1 || x.counts(p.wanted, a.value.Name)) {
			answers, n = []answer{a}, said
			break
		}
	}
	it := Item{Name: strconv.Itoa(n), Aliases: []string{}}
	var hits []hit
	var names []string
	for _, a := range answers {
		hits = append(hits, a.hits...)
		names = append(names, a.value.Name)
	}
	x.prove(&it, hits)
	it.Note = ""
	ans.Answers = append(ans.Answers, it)
	ans.Text = fmt.Sprintf("%d: %s.", n, join(names))
	return nil
}

var quantity = regexp.MustCompile(`(?i)\b(\d[\d,]*(?:\.\d+)?|(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?(?:two|three|four|five|six|seven|eight|nine)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-one|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b\s*(million|thousand|billion)?[\s-]*([a-z. "-]+)`)

// unitWords gives the spellings of a unit.
func unitWords(unit string) []string {
	switch unit {
	case "square kilometre", "square kilometer", "sq km", "square km":
		return []string{"square kilometre", "square kilometer", "sq km", "sq. km", "km2", "square km"}
	case "kilometre", "kilometer", "km":
		return []string{"kilometre", "kilometer", "km"}
	case "nautical mile", "nm":
		return []string{"nautical mile", "nm"}
	case "metre", "meter":
		return []string{"metre", "meter"}
	case "troop", "soldier":
		return []string{"troop", "soldier", "servicemen"}
	}
	return []string{unit}
}

// measure returns the number that stands before the unit in a text.
//
// Where there are several, near tells how far a place is from what the
// question is about; nil takes the first.
func measure(text, unit string, near func(at int) int) (number string, ok bool) {
	distance := 0
	for _, m := range quantity.FindAllStringSubmatchIndex(text, -1) {
		rest := strings.ReplaceAll(strings.ToLower(text[m[6]:m[7]]), "\"", " ")
		for _, u := range unitWords(unit) {
			if strings.HasPrefix(counted(rest), u) || strings.HasPrefix(strings.TrimSpace(rest), u) {
				n := strings.ReplaceAll(text[m[2]:m[3]], ",", "")
				if v, ok := spelled(strings.ToLower(n)); ok {
					n = strconv.Itoa(v)
				}
				if m[4] >= 0 {
					if f, err := strconv.ParseFloat(n, 64); err == nil {
						n = strconv.FormatFloat(f*map[string]float64{"thousand": 1e3, "million": 1e6, "billion": 1e9}[strings.ToLower(text[m[4]:m[5]])], 'f', -1, 64)
					}
				}
				d := 0
				if near != nil {
					d = near(m[1])
				}
				if !ok || d < distance {
					number, distance, ok = n, d, true
				}
				break
			}
		}
	}
	return number, ok
}

// spelled returns the value of a number below a hundred in digits or words.
func spelled(word string) (n int, ok bool) {
	tens, ones, both := strings.Cut(word, "-")
	for i, w := range [...]string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"} {
		if tens == w {
			n = 10 * (i + 2)
			if !both {
				return n, true
			}
			one, ok := (&token{text: ones, low: ones}).number()
			return n + one, ok
		}
	}
	return (&token{text: word, low: word}).number()
}

// counted returns what is counted behind a number without the first word, where
// that may say what sort it is: "Vietnamese refugees".
func counted(rest string) string {
	sort, noun, _ := strings.Cut(strings.TrimSpace(rest), " ")
	switch sort {
	case "and", "or", "of", "to", "in", "by", "at", "for", "with", "from", "on":
		return ""
	}
	return noun
}

// quantity answers how much, in a unit: the number that the matching facts'
// entities or passages give in it.
func (x *runner) quantity(ans *Answer, plan *Plan, leftover []string) error {
	for h, err := range x.hits(plan) {
		if err != nil {
			return err
		}
		texts := []string{h.fact.Subject.Name, h.fact.Object.Name, h.fact.Qualifier(schema.RoleExtent).Name, passages(&h.fact)}
		for _, text := range texts {
			n, ok := measure(text, plan.Want.Unit, nil)
			if !ok || slices.ContainsFunc(ans.Answers, func(it Item) bool { return it.Name == n }) {
				continue
			}
			it := Item{Name: n, Aliases: []string{}}
			x.prove(&it, []hit{h})
			ans.Answers = append(ans.Answers, it)
			break
		}
	}
	x.say(ans)
	return nil
}

// leftover returns the content words of the question that the plan does not
// speak of.
func (p *parser) leftover(plan *Plan) []string {
	used := map[string]bool{"favour": true, "favor": true, "case": true} // "in whose favour", "in the … case": of the grammar
	for _, pat := range plan.Patterns {
		for i := range pat.Atoms {
			for t := range pat.Atoms[i].terms {
				for _, w := range t.Words {
					used[w] = true
				}
			}
		}
	}
	var out []string
	for i := range p.chunks {
		c := &p.chunks[i]
		if c.kind == kWord && !used[c.low] && !p.lex.stop[c.low] && !slices.Contains(out, c.low) {
			out = append(out, c.low)
		}
	}
	return out
}

// nearest returns the facts that come nearest to an unanswered question: those
// about what it names, first where several names meet.
func (x *runner) nearest(p *parser) ([]schema.Fact, error) {
	const most = 5
	type scored struct {
		fact  schema.Fact
		score int
	}
	var found []scored
	seen := map[string]int{}
	for _, r := range p.refs {
		for _, e := range r.ents {
			n := 0
			for f, err := range x.reader.Facts(x.ctx, schema.Filter{About: e.ID, Docs: x.opts.Docs}) {
				if err != nil {
					return nil, err
				}
				if k, ok := seen[f.ID()]; ok {
					found[k].score += 2
				} else {
					seen[f.ID()] = len(found)
					s := 0
					if f.Subject.ID == e.ID || f.Object.ID == e.ID {
						s = 1
					}
					found = append(found, scored{f, s})
				}
				if n++; n > 200 { // enough to choose from
					break
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return b.score - a.score })
	var out []schema.Fact
	for _, s := range found[:min(most, len(found))] {
		out = append(out, s.fact)
	}
	return out, x.ctx.Err()
}

func join(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// say puts the answers into a sentence.
func (x *runner) say(ans *Answer) {
	var parts []string
	for _, it := range ans.Answers {
		s := it.Name
		if it.Note != "" {
			s += " (" + it.Note + ")"
		}
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		return
	}
	switch {
	case ans.Kind == YesNo && len(parts) == 2:
		ans.Text = "The documents disagree: some say yes, some no."
	case ans.Kind == YesNo:
		ans.Text = strings.ToUpper(parts[0][:1]) + parts[0][1:] + "."
	case ans.Kind == Date && len(parts) > 1:
		ans.Text = "The documents give several dates: " + join(parts) + "."
	default:
		ans.Text = join(parts) + "."
	}
}

// notSaid is the text of an answer that is withheld.
func notSaid(ans *Answer) string {
	if ans.Plan == "" {
		return "The documents do not say, or the question was not understood."
	}
	return "The documents do not say."
}
