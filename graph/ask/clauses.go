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
		if last < end && p.kindAt(last) != kPrep && p.kindAt(last) != kDate {
			return false // "say it was abandoning": what is said is asked about
		}
		p.clauseSpeaker, p.clauseRest = [2]int{k + 2, v}, last
		return true
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
	if !a.Subject.bound() {
		return false
	}
	for i := p.clauseRest; i < len(p.chunks); i++ {
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
