package ask

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// What somebody said and what a treaty provides: the answer is no name but a
// clause, as the document words it.

// The keys of "clauses" in words.yaml.
const (
	clauseSaid       = "said"
	clauseProvides   = "provides"
	clauseProvisions = "provisions"
	clauseRules      = "rules"
)

// clauseAsked recognizes "what did X say about Y", "what does the treaty
// provide" and "what are the terms of the treaty", whose question word is in
// chunk k, and notes where who says it stands and where the rest begins.
func (p *parser) clauseAsked(k int) bool {
	if p.chunks[k].low != "what" || p.kindAt(k+1) != kAux {
		return false
	}
	end := p.contentEnd()
	if slices.Contains(beForms, p.chunks[k+1].low) { // "what are the terms of"
		v := k + 2
		for v < end && p.kindAt(v) == kDet {
			v++
		}
		kinds, last := p.clauseWord(v, end)
		if !slices.Contains(kinds, clauseProvisions) || p.chunks[min(last, end-1)].low != "of" {
			return false
		}
		p.clauseSpeaker, p.clauseRest = [2]int{last + 1, end}, end
		return true
	}
	for v := k + 3; v < end; v++ {
		kinds, last := p.clauseWord(v, end)
		if len(kinds) == 0 || slices.Contains(kinds, clauseProvisions) {
			if p.kindAt(v) == kVerb {
				return false // another verb is asked about
			}
			continue
		}
		if only := len(kinds) == 1 && kinds[0] == clauseRules; only && !p.courtIn(k+2, v) {
			return false // who else holds or finds something is another question
		} else if i := p.toDo(last, end); only && i > 0 {
			p.hidden[i], p.hidden[i+1] = true, true // "order Chile to do"
		} else if joined := p.chunks[last-1].last-p.chunks[last-1].first > 1; !(only && joined) && last < end && p.kindAt(last) != kPrep && p.kindAt(last) != kDate { // "rule on the border"
			return false // "say it was abandoning": what is said is asked about
		}
		p.clauseSpeaker, p.clauseRest = [2]int{k + 2, v}, last
		return true
	}
	return false
}

// toDo returns the chunk among [a, b) where "to do" begins, 0 if there is none.
func (p *parser) toDo(a, b int) int {
	for i := a; i+1 < b; i++ {
		if p.chunks[i].low == "to" && p.chunks[i+1].low == "do" {
			return i
		}
	}
	return 0
}

// courtIn reports whether a court is named in chunks [a, b).
func (p *parser) courtIn(a, b int) bool {
	for i := a; i < b; i++ {
		c := &p.chunks[i]
		if c.isClass(schema.Court) != nil || c.kind == kName && slices.ContainsFunc(c.ref.ents, func(e schema.Entity) bool { return e.Class == schema.Court }) {
			return true
		}
	}
	return false
}

// clauseWord returns what sort of clause the word in chunk v asks for, and the
// chunk behind it.
func (p *parser) clauseWord(v, end int) (kinds []string, last int) {
	if v >= end {
		return nil, v
	}
	kinds, tok := p.lex.clauses.match(p.toks, p.chunks[v].first, p.chunks[end-1].last)
	for last = v; last < end && p.chunks[last].first < tok; {
		last++
	}
	return kinds, last
}

// clausePlan makes the plan of a question for a clause; ok is false where
// nobody is known to say it.
func (p *parser) clausePlan(pl *Plan) bool {
	n, _ := p.phrase(p.clauseSpeaker[0], p.clauseSpeaker[1])
	if n == nil {
		return false
	}
	a := Atom{Predicate: schema.Said, Object: Term{Var: true, Class: schema.Statement}}
	a.Subject, a.Mentioned = p.term(n, slotSubject, &relation{Predicate: schema.Covers})
	if isInstrument(&a.Subject) {
		a.Predicate, a.Object.Class = schema.Provides, schema.Provision
		a.Mentioned = nil // they describe the instrument
	}
	if a.Predicate == schema.Said && len(a.Subject.Names) == 0 {
		// "the Georgian foreign ministry", "the president of Kenya"
		a.Subject, a.Mentioned = Term{Names: p.within(n)}, nil
		if n.office != nil {
			a.Subject = holder(n.office, a.Subject.Names)
		}
	}
	if !a.Subject.bound() && a.Subject.Class != schema.Court {
		return false
	}
	for i := p.clauseRest; i < len(p.chunks); i++ {
		if p.hidden[i] {
			continue
		}
		switch c := &p.chunks[i]; c.kind {
		case kName:
			a.Mentioned = append(a.Mentioned, Term{Names: []Name{c.ref.name()}})
		case kDate:
			a.When = append(a.When, when(c.date))
		case kWord, kNoun, kType, kVerb:
			pl.Want.About = append(pl.Want.About, p.content(*c)...)
		}
	}
	pl.Want.Clause = true
	pl.Patterns = []Pattern{{Atoms: []Atom{a}}}
	return true
}

// clauses answers what was said or is provided: with the statements and
// provisions of the graph, or else with the facts that somebody is cited for
// and the transfers under the instrument.
func (x *runner) clauses(ans *Answer, plan *Plan) error {
	answers, err := x.solve(plan)
	if err != nil {
		return err
	}
	answers = x.about(answers, plan.Want.About)
	if len(answers) == 0 {
		if answers, err = x.implied(&plan.Patterns[0].Atoms[0]); err != nil {
			return err
		}
		answers = x.about(answers, plan.Want.About)
	}
	if len(answers) == 0 && plan.Patterns[0].Atoms[0].Predicate == schema.Said && !x.opts.FactsOnly {
		return x.wordings(ans, &plan.Patterns[0].Atoms[0], plan.Want.About)
	}
	for _, a := range answers {
		it := x.item(a)
		if rest, ok := cutFold(it.Name, "that "); ok {
			it.Name = rest
		}
		ans.Answers = append(ans.Answers, it)
	}
	x.say(ans)
	return nil
}

// wordings answers what was said or decided from the sentences of the documents: what a
// court found, behind the verb, or what somebody is quoted with.
func (x *runner) wordings(ans *Answer, a *Atom, about []string) error {
	court := a.Subject.Class == schema.Court || slices.ContainsFunc(a.Subject.Names, func(n Name) bool {
		return slices.ContainsFunc(n.Entities, func(e schema.Entity) bool { return e.Class == schema.Court })
	})
	q := &reading{names: slices.Clone(a.Subject.Names), content: about}
	var topics []Name
	for i := range a.Mentioned {
		topics = append(topics, a.Mentioned[i].Names...)
	}
	q.names = append(q.names, topics...)
	for doc, err := range x.candidates(q) {
		if err != nil {
			return err
		}
		for ps := range sentences(doc) {
			text := ps.text()
			folded := " " + foldText(text) + " "
			if len(text) > maxPassage || !x.speaks(a, folded, court) || slices.ContainsFunc(topics, func(n Name) bool { return !x.textNames(folded, n) && !x.generally(folded, n) && !x.near(ps, n) }) ||
				x.overlap(about, folded)*3 < len(about)*2 || slices.ContainsFunc(a.When, func(w When) bool { return w.End.IsZero() && !slices.Contains(yearsIn(folded), w.Date.Year) }) {
				continue
			}
			s, e, ok := 0, 0, false
			if court {
				if s, e, ok = behind(foundMark(), text); !ok {
					s, e, ok = behind(orderedMark(), text)
				}
			} else if m := quotedMark().FindStringSubmatchIndex(text); m != nil {
				s, e, ok = m[2], m[3], x.says(text)
			}
			if !ok {
				continue
			}
			it := x.quoted(ps, s, e)
			if short, _, more := strings.Cut(it.Name, ", "); more && len(strings.Fields(short)) > 2 {
				it.Aliases = append(it.Aliases, short) // without what is added to it
			}
			if !slices.ContainsFunc(ans.Answers, func(o Item) bool { return strings.EqualFold(o.Name, it.Name) }) {
				ans.Answers = append(ans.Answers, it)
			}
		}
		if len(ans.Answers) > 0 {
			break // other documents say it in other words
		}
	}
	if len(ans.Answers) > 0 {
		ans.Plan, ans.SPARQL = "sentences with what "+a.Subject.String()+" said", ""
	}
	x.say(ans)
	return x.ctx.Err()
}

// speaks reports whether a folded sentence, padded with spaces, names who is asked for;
// a court may be called that.
func (x *runner) speaks(a *Atom, folded string, court bool) bool {
	if slices.ContainsFunc(a.Subject.Names, func(n Name) bool { return x.textNames(folded, n) || x.surname(folded, n) }) {
		return true
	}
	return court && slices.ContainsFunc([]string{" court ", " tribunal ", " judges "}, func(s string) bool { return strings.Contains(folded, s) })
}

// surname reports whether a folded sentence has the last name of a person.
func (x *runner) surname(folded string, n Name) bool {
	ws := strings.Fields(schema.Fold(n.Text))
	return len(ws) > 1 && len(n.Entities) > 0 && n.Entities[0].Class == schema.Person && strings.Contains(folded, " "+ws[len(ws)-1]+" ")
}

// says reports whether a sentence has a verb of saying.
func (x *runner) says(text string) bool {
	return slices.ContainsFunc(tokenize(text), func(t token) bool { return x.lex.saying[t.low] || t.low == "wrote" })
}

// What introduces a court's findings and orders, and what somebody is quoted with.
var (
	foundMark   = lazily(`(?i)\b(?:ruled|found|held|decided|concluded|determined|judged|confirmed|opinion|ruling|judgment|finding|decision)\b[^.;]{0,60}?\bthat\s+`)
	orderedMark = lazily(`(?i)\b(?:ordered|instructed|directed)\s+[^.;]{1,60}?\s+to\s+`)
	quotedMark  = lazily(`["“]([^"”]{12,}?)[,.]?["”]`)
)

// about keeps the answers whose words or passage have most of the words.
func (x *runner) about(answers []answer, words []string) []answer {
	return slices.DeleteFunc(answers, func(a answer) bool {
		var text strings.Builder
		text.WriteString(a.value.Name)
		for _, h := range a.hits {
			text.WriteString(" " + passages(&h.fact))
		}
		return x.overlap(words, foldText(text.String()))*3 < len(words)*2
	})
}

// implied returns the facts that somebody is cited for, or the transfers under
// an instrument, each told as a clause.
func (x *runner) implied(a *Atom) ([]answer, error) {
	p := &prepared{Atom: a, ids: map[*Term][]string{}}
	for t := range a.terms {
		if err := x.prepare(p, t); err != nil {
			return nil, err
		}
	}
	var out []answer
	for _, id := range p.ids[&a.Subject] {
		filter := schema.Filter{About: id, Docs: x.opts.Docs, AsOf: x.opts.AsOf, MinConfidence: x.opts.MinConfidence}
		for f, err := range x.reader.Facts(x.ctx, filter) {
			if err != nil {
				return nil, err
			}
			by := f.AttributedTo
			if a.Predicate == schema.Provides {
				by = schema.Entity{}
				if f.Predicate == schema.TransferredTo {
					by = f.Qualifier(schema.RoleUnder)
				}
			}
			if by.Key() != id || f.Predicate == schema.Said || !x.inTime(a, &f) || !x.mentions(p, &f) {
				continue
			}
			out = x.add(out, hit{fact: f, value: schema.Lit(told(&f))})
		}
	}
	return out, x.ctx.Err()
}

// told returns a fact as a clause: "Venezuela claims Essequibo".
func told(f *schema.Fact) string {
	info, _ := f.Predicate.Info()
	s := f.Subject.Name + " " + info.Label + " " + f.Object.Name
	if f.Negated {
		return "it is not so that " + s
	}
	return s
}
