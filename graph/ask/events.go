package ask

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// What happened, and what changed: no relation is asked for but all that has a
// date, in its order. The answer is composed from the dated facts that name
// everybody the question names.

// Events is what a question for events asks about.
type Events struct {
	Names   []Name // a fact, or the passage that proves it, must name each
	When    []When
	Changed bool     // also what later editions of a document tell otherwise
	Words   []string // content that facts must be about besides
}

// String returns the selection as "events of Chile, Peru in 1929".
func (e *Events) String() string {
	var b strings.Builder
	b.WriteString("events")
	if e.Changed {
		b.WriteString(" and changes")
	}
	for i := range e.Names {
		b.WriteString([]string{" of ", ", "}[min(i, 1)] + e.Names[i].label())
	}
	for _, w := range e.When {
		b.WriteString(" " + w.String())
	}
	if len(e.Words) > 0 {
		b.WriteString(" about " + strings.Join(e.Words, " "))
	}
	return b.String()
}

// maxEvents is the number of facts above which a question for events that
// names nobody is withheld: who reads a list that long should ask for a view.
const maxEvents = 20000

// eventPlan makes the plan of a question for events; ok is false where it
// says neither about whom nor when.
func (p *parser) eventPlan(pl *Plan) bool {
	ev := &Events{Changed: p.changed}
	lead := true // of the words that ask for events
	for i := range p.chunks {
		c := &p.chunks[i]
		if c.first >= p.leadEnd {
			lead = false
		}
		switch {
		case lead:
		case c.kind == kName:
			ev.Names = append(ev.Names, c.ref.name())
		case c.kind == kDate:
			ev.When = append(ev.When, when(c.date))
		case c.kind == kWord:
			ev.Words = append(ev.Words, p.content(*c)...)
		}
	}
	pl.Events = ev
	return len(ev.Names)+len(ev.When) > 0
}

// event is facts that tell one thing, merged where they differ in one side only.
type event struct {
	when              schema.Date
	how               string // "", "since" or "until"
	subjects, objects []schema.Entity
	facts             []schema.Fact
	told              string // of a change between editions, else ""
}

// events answers what happened.
func (x *runner) events(ans *Answer, ev *Events) error {
	facts, err := x.eventFacts(ev)
	if err != nil {
		return err
	}
	var found []event
	for _, f := range facts {
		if d, how, ok := ev.time(&f); ok {
			found = append(found, event{when: d, how: how, subjects: []schema.Entity{f.Subject}, objects: []schema.Entity{f.Object}, facts: []schema.Fact{f}})
		}
	}
	if ev.Changed && len(ev.Names) > 0 {
		told, err := x.editions(ev, facts)
		if err != nil {
			return err
		}
		found = append(found, told...)
	}
	found = mergeEvents(found, func(e *event) *[]schema.Entity { return &e.subjects })
	found = mergeEvents(found, func(e *event) *[]schema.Entity { return &e.objects })
	slices.SortStableFunc(found, func(a, b event) int { return a.when.Compare(b.when) })
	for i := range found {
		e := &found[i]
		if !x.ofAll(ev, e) {
			continue
		}
		text := e.String()
		it := Item{Name: e.when.String() + ": " + text, Aliases: []string{text}}
		if clause := undated(e.facts[0].Evidence[0].Text); clause != "" {
			it.Aliases = append(it.Aliases, clause)
		}
		var hits []hit
		for _, f := range e.facts {
			hits = append(hits, hit{fact: f})
		}
		x.prove(&it, hits)
		ans.Answers = append(ans.Answers, it)
	}
	x.say(ans)
	return nil
}

// eventFacts returns the facts that may tell of events: those about one of the
// named, or where nobody is named all.
func (x *runner) eventFacts(ev *Events) ([]schema.Fact, error) {
	base := schema.Filter{Docs: x.opts.Docs, AsOf: x.opts.AsOf, MinConfidence: x.opts.MinConfidence}
	filters := []schema.Filter{base}
	if len(ev.Names) > 0 {
		filters = nil
		seen := map[string]bool{}
		for _, n := range ev.Names {
			for _, e := range n.Entities {
				fam, err := x.family(e)
				if err != nil {
					return nil, err
				}
				for _, o := range append([]schema.Entity{e}, slices.Concat(fam.groups, fam.members)...) {
					if !seen[o.ID] {
						seen[o.ID] = true
						f := base
						f.About = o.ID
						filters = append(filters, f)
					}
				}
			}
		}
	}
	var facts []schema.Fact
	seen, followed := map[string]bool{}, map[string]bool{}
	for i := 0; i < len(filters); i++ {
		filter := filters[i]
		for f, err := range x.reader.Facts(x.ctx, filter) {
			if err != nil {
				return nil, err
			}
			if id := f.ID(); !seen[id] && !f.Negated && tells(f.Predicate) {
				seen[id] = true
				facts = append(facts, f)
			}
			// what becomes of a place under a treaty is told of the treaty
			if t := f.Subject; len(ev.Names) > 0 && f.Predicate == schema.Covers && !f.Negated && !followed[t.ID] {
				followed[t.ID] = true
				next := base
				next.About = t.ID
				filters = append(filters, next)
			}
			if len(ev.Names) == 0 && len(seen) > maxEvents {
				return nil, nil
			}
		}
	}
	schema.SortFacts(facts)
	return facts, x.ctx.Err()
}

// tells reports whether facts of a predicate tell of what happened or changed.
func tells(p schema.Predicate) bool {
	switch p {
	case schema.AlsoKnownAs, schema.PartOf, schema.Covers, schema.Said:
		return false
	}
	return true
}

// time returns the fact's date that the question asks for.
func (e *Events) time(f *schema.Fact) (d schema.Date, how string, ok bool) {
	admits := func(d schema.Date) bool {
		return !d.IsZero() && !slices.ContainsFunc(e.When, func(w When) bool { return !w.admits(d) })
	}
	switch {
	case admits(f.Time.Date):
		return f.Time.Date, "", true
	case admits(f.Time.Since):
		return f.Time.Since, "since", true
	case admits(f.Time.Until):
		return f.Time.Until, "until", true
	case f.Time.IsZero():
		d := timeOf(f, schema.RoleDate) // of the instrument's name
		return d, "", admits(d)
	}
	return schema.Date{}, "", false
}

// ofAll reports whether an event is about everybody of the question, and about
// what it says besides.
func (x *runner) ofAll(ev *Events, e *event) bool {
	var text strings.Builder
	for i := range e.facts {
		text.WriteString(passages(&e.facts[i]))
	}
	folded := foldText(text.String() + " " + e.String())
	if x.overlap(ev.Words, folded) < len(ev.Words) {
		return false
	}
	return !slices.ContainsFunc(ev.Names, func(n Name) bool {
		return !x.textNames(" "+folded+" ", n) && !slices.ContainsFunc(e.facts, func(f schema.Fact) bool { return x.involves(n, &f) })
	})
}

// involves reports whether a fact is about somebody, or a part or the whole of
// a place.
func (x *runner) involves(n Name, f *schema.Fact) bool {
	if x.named(n, f) {
		return true
	}
	return slices.ContainsFunc(n.Entities, func(e schema.Entity) bool {
		fam, err := x.family(e)
		return err == nil && slices.ContainsFunc(slices.Concat(fam.groups, fam.members), func(o schema.Entity) bool {
			return f.Subject.ID == o.ID || f.Object.ID == o.ID
		})
	})
}

// mergeEvents joins events that differ only on the side that side returns.
func mergeEvents(events []event, side func(*event) *[]schema.Entity) []event {
	var out []event
	at := map[string]int{}
	for _, e := range events {
		f := e.facts[0]
		own := side(&e)
		names := *own
		*own = nil
		key := fmt.Sprint(f.Predicate, f.Modality, f.AttributedTo.Key(), e.when, e.how, e.told, f.Qualifiers, keysOf(e.subjects), keysOf(e.objects))
		*own = names
		switch {
		case f.Predicate.Symmetric():
			key += f.ID() // its sides belong together
		case f.Predicate != schema.PartyTo:
			key += fmt.Sprint(f.Evidence[0]) // two may do the same one after the other
		}
		k, ok := at[key]
		if !ok {
			at[key] = len(out)
			out = append(out, e)
			continue
		}
		o := side(&out[k])
		for _, n := range names {
			if !slices.ContainsFunc(*o, func(have schema.Entity) bool { return have.Same(n) }) {
				*o = append(*o, n)
			}
		}
		out[k].facts = append(out[k].facts, e.facts...)
	}
	return out
}

func keysOf(es []schema.Entity) []string {
	var keys []string
	for _, e := range es {
		keys = append(keys, e.Key())
	}
	return keys
}

// pastTense is how an event's predicate reads.
var pastTense = map[schema.Predicate]string{
	schema.Claims: "claimed", schema.Administers: "administered", schema.Seized: "seized", schema.Disputes: "was in dispute with",
	schema.PartyTo: "became party to", schema.TransferredTo: "was transferred to", schema.HoldsOffice: "was", schema.NegotiatesWith: "negotiated with",
	schema.MetWith: "met", schema.Rejects: "rejected", schema.Recognizes: "recognized", schema.Sanctions: "imposed sanctions on",
	schema.RuledOn: "ruled on", schema.Delimited: "agreed its boundary with", schema.ParticipatesIn: "took part in", schema.Provides: "provided",
}

var actTense = map[string]string{"signed": "signed", "ratified": "ratified", "agreed": "agreed to", "concluded": "concluded", "withdrew": "withdrew from"}

// String returns the event as a clause: "Chile and Peru signed the Treaty of
// Lima".
func (e *event) String() string {
	f := &e.facts[0]
	verb := pastTense[f.Predicate]
	if v, ok := actTense[f.Qualifier(schema.RoleAct).Name]; ok && f.Predicate == schema.PartyTo {
		verb = v
	}
	if len(e.subjects) > 1 {
		if rest, ok := strings.CutPrefix(verb, "was "); ok {
			verb = "were " + rest
		}
	}
	s := namesOf(e.subjects) + " " + verb + " " + namesOf(e.objects)
	for _, q := range f.Qualifiers {
		switch q.Role {
		case schema.RoleAct, schema.RoleStatus, schema.RoleCondition: // the verb, or the note, says it
		case schema.RolePlace:
			s += " in " + q.Value.Name
		default:
			s += " " + string(q.Role) + " " + q.Value.Name
		}
	}
	switch status := f.Qualifier(schema.RoleStatus).Name; status {
	case "ended", "suspended", "resumed", "stalled", "ongoing", "partial", "pending", "renewed": // [manner] says the others
		s += ", " + status
	}
	if e.how != "" {
		s += ", " + e.how + " then"
	}
	return cmp.Or(e.told, s)
}

// undated returns a sentence without its dates, as a clause that tells what
// happened then; "" where the dates stand amid it.
func undated(sentence string) string {
	toks := tokenize(sentence)
	nt := make([]nlp.Token, len(toks))
	for i, t := range toks {
		nt[i] = nlp.Token{Start: t.start, End: t.end, Text: t.text}
	}
	start, end := 0, len(sentence)
	for _, e := range timex.Find(nt, schema.Date{}) {
		switch rest := strings.Trim(sentence[toks[e.Last-1].end:], " .;"); {
		case e.First == 0:
			start = toks[e.Last-1].end
		case rest == "":
			end = toks[e.First].start
		default:
			return ""
		}
	}
	return strings.Trim(sentence[start:max(start, end)], " ,.;")
}

func namesOf(es []schema.Entity) string {
	var names []string
	for _, e := range es {
		names = append(names, e.Name)
	}
	return join(names)
}

// editions returns what documents of one series, the notes on one country of
// one title, tell first or no longer within the time asked for.
func (x *runner) editions(ev *Events, facts []schema.Fact) ([]event, error) {
	docs := map[string]schema.DocumentInfo{}
	series := map[string][]schema.DocumentInfo{}
	for d, err := range x.reader.Documents(x.ctx) {
		if err != nil {
			return nil, err
		}
		if d.Country != "" && !d.Date.IsZero() {
			docs[d.ID] = d
			key := d.Country + "\n" + d.Title
			series[key] = append(series[key], d)
		}
	}
	inside := func(d schema.Date) bool {
		return !slices.ContainsFunc(ev.When, func(w When) bool { return !w.admits(d) })
	}
	var out []event
	for _, f := range facts {
		if _, _, dated := ev.time(&f); dated || !f.Time.Date.IsZero() {
			continue // told above, or an act: it stays done whoever tells it
		}
		var first, last schema.DocumentInfo
		one := ""
		for _, e := range f.Evidence {
			d, ok := docs[e.Doc]
			key := d.Country + "\n" + d.Title
			if !ok || one != "" && one != key {
				one = ""
				break // told elsewhere too
			}
			one = key
			if first.ID == "" || d.Date.Compare(first.Date) < 0 {
				first = d
			}
			if last.ID == "" || d.Date.Compare(last.Date) > 0 {
				last = d
			}
		}
		if one == "" {
			continue
		}
		e := event{subjects: []schema.Entity{f.Subject}, objects: []schema.Entity{f.Object}, facts: []schema.Fact{f}}
		earlier := slices.ContainsFunc(series[one], func(d schema.DocumentInfo) bool { return d.Date.Compare(first.Date) < 0 })
		var next schema.DocumentInfo // the first that no longer tells it
		for _, d := range series[one] {
			if d.Date.Compare(last.Date) > 0 && (next.ID == "" || d.Date.Compare(next.Date) < 0) {
				next = d
			}
		}
		switch {
		case earlier && inside(first.Date):
			e.when, e.told = first.Date, "first told: "+told(&f)
		case next.ID != "" && inside(next.Date):
			e.when, e.told = next.Date, "no longer told: "+told(&f)
		default:
			continue
		}
		out = append(out, e)
	}
	return out, nil
}
