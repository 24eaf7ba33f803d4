package extract

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/rule"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/schema"
)

// relate makes the facts of one rule that fits.
func (r *reader) relate(s *sentence, m *rule.Match) {
	for i := range m.Rule.Emit {
		e := &m.Rule.Emit[i]
		if slices.ContainsFunc(e.When, func(a string) bool { return len(m.Args[a].Entities) == 0 }) ||
			slices.ContainsFunc(e.Not, func(a string) bool { return len(m.Args[a].Entities) > 0 }) {
			continue
		}
		base := schema.Fact{Predicate: e.Predicate, Rule: m.Rule.ID, Confidence: m.Rule.Confidence}
		denied := s.Negated(m.Trigger, func(l string) bool { return r.x.rules.In("deny", l) })
		if denied && r.notUntil(s, m.Trigger) {
			denied = false
		}
		if e.Predicate == schema.PartOf && r.courtSays(s, m.Trigger) {
			continue // what a court says of whose it is is a judgment
		}
		if denied && e.Predicate == schema.Delimited && slices.Contains(s.Auxiliaries(m.Trigger), "had") {
			continue // "had not been demarcated when …": that was then
		}
		base.Negated = denied != e.Negate
		switch e.Polarity {
		case "denied":
			if !denied {
				continue
			}
			base.Negated = e.Negate
		case "affirmed":
			if denied {
				continue
			}
			base.Negated = e.Negate
		}
		if e.Dated != "" && (e.Dated == "yes") != r.dated(s, m.Trigger) || e.Future != "" && (e.Future == "yes") != toCome(s, m.Trigger) || !r.frameFact(s, m, e, &base) {
			continue
		}
		if e.Pair != "" {
			r.pairs(s, base, r.betweenThem(s, m, e))
			continue
		}
		subjects := r.argument(m, e.Subject)
		if e.Predicate == schema.Sanctions {
			r.sanctionedBesides(s, base, subjects, m.Args[e.Object].Tokens)
		}
		if e.Predicate == schema.PartyTo && len(subjects) == 2 {
			subjects = r.bothParties(s, m, e, subjects)
		}
		if what := m.Args[e.Object].Entities; e.Predicate == schema.PartyTo && len(subjects) == 1 && len(what) == 1 && s.IsVerb(m.Trigger) && s.Passive(m.Trigger) && len(s.Role(m.Trigger, frame.Agent)) == 0 {
			// "an agreement with Zambia, signed in 1998": by both
			if i := r.ents.byKey[what[0].ID]; i != nil && len(i.parties) == 2 && (i.parties[0].value().Same(subjects[0]) || i.parties[1].value().Same(subjects[0])) {
				subjects = []schema.Entity{i.parties[0].value(), i.parties[1].value()}
			}
		}
		for _, a := range subjects {
			for _, b := range r.argument(m, e.Object) {
				if i := r.ents.byKey[b.ID]; e.Predicate == schema.PartyTo && len(m.Args[e.Subject].Tokens) == 0 && i != nil && len(i.parties) > 1 && !((hasAct(&base, "ratified") || hasAct(&base, "signed") && s.IsVerb(m.Trigger) && s.Passive(m.Trigger)) && slices.Contains(i.parties, r.ents.byKey[a.ID])) {
					continue // no need to guess whose it is
				}
				if i := r.ents.byKey[b.ID]; e.Predicate == schema.PartyTo && i != nil && len(i.parties) > 1 && !i.named && hasAct(&base, "") && r.under(s, m.Args[e.Object].Tokens) && !slices.Contains(i.parties, r.ents.byKey[a.ID]) {
					continue // who does something under a treaty of others
				}
				if i := r.ents.byKey[b.ID]; hasAct(&base, "withdrew") && base.Predicate == schema.PartyTo && i != nil && len(i.parties) > 1 && !slices.Contains(i.parties, r.ents.byKey[a.ID]) {
					continue // others can only denounce it in words
				}
				if len(subjects) > 1 && !base.Predicate.Symmetric() && slices.ContainsFunc(subjects, b.Same) {
					continue // "A and B contest their limits": not each the other's
				}
				r.emit(s, base, a, b)
			}
		}
	}
}

// betweenThem returns whom talks are between, where the words say so of two and only
// then who takes part besides: "between A and B, with C, D and E".
func (r *reader) betweenThem(s *sentence, m *rule.Match, e *rule.Emission) []schema.Entity {
	all := m.Args[e.Pair].Entities
	if e.Predicate != schema.NegotiatesWith || len(all) < 3 {
		return all
	}
	for _, c := range m.Args[e.Pair].Tokens {
		if s.Case(c) != "between" {
			continue
		}
		var out []schema.Entity
		for _, x := range r.resolve(s, c, []schema.Class{schema.State, schema.Organization}) {
			out = append(out, x.value())
		}
		if len(out) >= 2 {
			return out
		}
	}
	return all
}

// under reports whether the first of the tokens is what something is done under.
func (r *reader) under(s *sentence, tokens []int) bool {
	return len(tokens) > 0 && s.Case(tokens[0]) == "under"
}

// sanctionedBesides makes the facts of those who are named apart from the people or
// bodies whom sanctions fall on: "added 12 people to the list, among them A and B".
func (r *reader) sanctionedBesides(s *sentence, f schema.Fact, who []schema.Entity, tokens []int) {
	for _, k := range tokens {
		if !isPlural(s, k) && s.Tokens[k].POS != "PROPN" {
			continue
		}
		for n := k + 1; n+2 < len(s.Tokens); n++ {
			if s.texts[n] != "," {
				continue
			}
			for _, p := range r.peopleAmong(s, n-1) {
				for _, w := range who {
					r.emit(s, f, w, p.value())
				}
			}
		}
	}
}

// bothParties returns the two parties that a treaty is known to have, where the words of
// the subject only say that it is both of them: "ratified by both parliaments".
func (r *reader) bothParties(s *sentence, m *rule.Match, e *rule.Emission, subjects []schema.Entity) []schema.Entity {
	who, what := m.Args[e.Subject].Tokens, m.Args[e.Object].Entities
	if len(who) != 1 || len(what) != 1 || s.mentionAt(who[0]) != nil || len(r.coordinated(s, who[0])) > 1 || r.number(s, who[0]) != 2 && s.Tokens[who[0]].POS != "PRON" {
		return subjects
	}
	if i := r.ents.byKey[what[0].ID]; i != nil && len(i.parties) == 2 {
		return []schema.Entity{i.parties[0].value(), i.parties[1].value()}
	}
	return subjects
}

// courtSays reports whether a court is who says the clause of verb i.
func (r *reader) courtSays(s *sentence, i int) bool {
	h := s.Head(i)
	if h < 0 || s.Rel(i) != "ccomp" {
		return false
	}
	for _, a := range s.Role(h, frame.Agent) {
		if len(r.resolve(s, a, []schema.Class{schema.Court})) > 0 {
			return true
		}
	}
	return false
}

// repeats reads who did the same as was told of another before, or did not: "Nauru
// followed suit", "Serbia does not, and neither do Russia and China", "so did Peru".
func (r *reader) repeats(s *sentence) {
	for i := range s.Tokens {
		var who []*entity
		negated := false
		switch {
		case i == 0 && s.not != nil:
			who, negated = []*entity{s.not}, true
		case s.Lemma(i) == "follow" && s.IsVerb(i) && slices.ContainsFunc(s.Dependents(i, "obj"), func(c int) bool { return s.Lower(c) == "suit" }),
			s.Lemma(i) == "do" && s.IsVerb(i) && !s.ToInfinitive(i) && (s.Lower(i+1) == "likewise" || s.Lower(i+1) == "so" || s.Lower(i+1) == "the" && s.Lower(i+2) == "same"):
			for _, c := range s.Role(i, frame.Agent) {
				who = append(who, r.resolve(s, c, []schema.Class{schema.State})...)
			}
		case s.Lemma(i) == "do" || s.Lemma(i) == "have" && s.Tokens[i].POS == "AUX":
			who, negated = r.elliptic(s, i)
		}
		if len(who) == 0 || len(r.facts) == 0 {
			continue
		}
		last := r.facts[len(r.facts)-1]
		for k := len(r.facts) - 1; k >= 0 && (!repeatable(last.Predicate) || last.Negated); k-- {
			last = r.facts[k]
		}
		if !repeatable(last.Predicate) || last.Negated || !r.justSaid(s, &last) {
			continue
		}
		var again []schema.Fact
		for _, f := range r.facts {
			if f.Predicate == last.Predicate && f.Rule == last.Rule && f.Subject.Same(last.Subject) && f.Negated == last.Negated && r.justSaid(s, &f) {
				again = append(again, f)
			}
		}
		for _, f := range again {
			f.Rule, f.Confidence, f.Time = "same.again", 0.75, schema.Time{}
			f.Negated = negated
			f.AttributedTo = schema.Entity{}
			for _, e := range who {
				r.emit(s, f, e.value(), f.Object)
			}
		}
	}
}

// repeatable tells the predicates that several do one after another.
func repeatable(p schema.Predicate) bool {
	switch p {
	case schema.Recognizes, schema.Claims, schema.Rejects, schema.PartyTo, schema.Sanctions:
		return true
	}
	return false
}

// justSaid reports whether a fact was found in this sentence or in the one before.
func (r *reader) justSaid(s *sentence, f *schema.Fact) bool {
	if len(f.Evidence) == 0 {
		return false
	}
	at := f.Evidence[0].Start
	if at == r.doc.Quote(s.start, s.end).Start {
		return true
	}
	return s.index > 0 && at == r.doc.Quote(r.sents[s.index-1].start, r.sents[s.index-1].end).Start
}

// elliptic returns the states of a clause whose verb is left out after the auxiliary at
// token i, "Serbia does not", "neither do Russia and China", and whether it denies.
func (r *reader) elliptic(s *sentence, i int) (who []*entity, negated bool) {
	next := i + 1
	if w := s.Lower(next); w == "not" || w == "n't" || w == "n’t" {
		negated = true
		next++
	}
	if first := s.Lower(i - 1); first == "neither" || first == "nor" || first == "so" || first == "as" {
		if s.Lower(next) == "the" {
			next++
		}
		m := s.mentionAt(next)
		if m == nil || m.ent.class != schema.State {
			return nil, false
		}
		for _, c := range r.coordinated(s, m.head) {
			who = append(who, r.resolveOne(s, c, []schema.Class{schema.State})...)
		}
		end := next
		for _, c := range r.coordinated(s, m.head) {
			end = max(end, c)
		}
		if end+1 < len(s.Tokens) && s.IsVerb(end+1) {
			return nil, false // "nor does Russia recognize"
		}
		return who, first != "so" && first != "as"
	}
	if end := next; negated && (end >= len(s.Tokens) || s.Tokens[end].POS == "PUNCT") {
		if m := s.mentionAt(i - 1); m != nil && m.ent.class == schema.State {
			return s.listed(m), true
		}
	}
	return nil, false
}

// notUntil reports whether verb i is denied only for the time before a date:
// "did not recognize Mongolia until 2002" tells that it did then.
func (r *reader) notUntil(s *sentence, i int) bool {
	past := slices.Contains(s.Auxiliaries(i), "did") || slices.Contains(s.Auxiliaries(i), "had") || slices.Contains(s.Auxiliaries(i), "was")
	return past && slices.ContainsFunc(r.timesAt(s, i), func(x timex.Expr) bool { return x.Relation == timex.Until })
}

// pairs makes the fact of every two of the entities. Of a boundary, they are
// its two sides.
func (r *reader) pairs(s *sentence, f schema.Fact, es []schema.Entity) {
	var sides []schema.Entity
	for _, e := range es {
		if b := r.ents.byKey[e.ID]; b != nil && b.class == schema.Boundary {
			var own []schema.Entity
			for _, p := range b.parties {
				own = append(own, p.value())
			}
			r.pairs(s, f, own)
			continue
		}
		sides = append(sides, e)
	}
	for a := range sides {
		for b := a + 1; b < len(sides); b++ {
			r.emit(s, f, sides[a], sides[b])
			if !f.Predicate.Symmetric() {
				r.emit(s, f, sides[b], sides[a]) // "accused each other"
			}
		}
	}
}

// dated reports whether the trigger tells of an act at a date, not of a
// condition that has lasted since.
func (r *reader) dated(s *sentence, i int) bool {
	if !strings.HasPrefix(s.Tokens[i].Tag, "VB") || s.Tokens[i].Tag == "VBZ" || s.Tokens[i].Tag == "VBP" {
		return false
	}
	for _, c := range s.Children(i) {
		switch s.Lower(c) {
		case "still":
			if c < i {
				return false // "occupied in 1945 and still held by Russia"
			}
		case "ever":
			if s.Lower(c+1) == "since" {
				return false // "recaptured it in February and has held it ever since"
			}
		case "morning", "evening", "night", "day", "dawn", "weekend":
			if d := s.Dependent(c, "det"); s.Tokens[i].Tag == "VBD" && d >= 0 && (s.Lower(d) == "that" || s.Lower(d) == "this") {
				return true // "occupied the reef that same morning"
			}
		}
	}
	if s.Tokens[i].Tag == "VBD" && len(s.Auxiliaries(i)) == 0 && r.advance(s, i) {
		return true
	}
	for _, x := range r.timesAt(s, i) {
		if x.Relation != timex.Since && x.Relation != timex.AsOf && x.Relation != timex.Within && x.Relation != timex.Until {
			return true
		}
	}
	return false
}

// advance reports whether verb i goes on telling what armed men did: "troops routed the
// army and occupied the town".
func (r *reader) advance(s *sentence, i int) bool {
	h := s.Head(i)
	if s.Rel(i) != "conj" || h < 0 || s.Tokens[h].Tag != "VBD" || s.Dependent(i, "nsubj", "nsubj:pass") >= 0 || s.Passive(h) {
		return false
	}
	return slices.ContainsFunc(s.Dependents(h, "nsubj"), func(c int) bool { return r.x.rules.In("troop_noun", s.Lower(c)) })
}

// toCome reports whether verb i tells of what is to come: "shall belong", "is to
// return".
func toCome(s *sentence, i int) bool {
	for _, aux := range s.Auxiliaries(i) {
		switch aux {
		case "will", "shall", "'ll", "’ll", "wo":
			return true
		}
	}
	return s.ToInfinitive(i)
}

// argument returns the entities of an argument, or the literal after "=".
func (r *reader) argument(m *rule.Match, name string) []schema.Entity {
	if lit, ok := strings.CutPrefix(name, "="); ok {
		return []schema.Entity{schema.Lit(lit)}
	}
	return m.Args[name].Entities
}

// emit adds one fact to what was found.
func (r *reader) emit(s *sentence, f schema.Fact, subject, object schema.Entity) {
	if subject.Same(object) {
		return
	}
	if subject.Class == schema.Court && (f.Predicate == schema.Administers || f.Predicate == schema.Claims || f.Predicate == schema.Seized) {
		return // "on which the court ruled"
	}
	if e := r.ents.byKey[object.ID]; f.Predicate == schema.PartyTo && e != nil && !e.named && r.x.rules.In("domestic_noun", e.head) && !(e.head == "map" && hasAct(&f, "signed")) {
		if len(e.parties) == 0 && hasAct(&f, "signed", "ratified") && f.Modality != schema.Planned && !f.Negated && subject.Class == schema.State {
			e.parties = append(e.parties, r.ents.byKey[subject.ID]) // whose law it is
		}
		return // nobody is party to a law
	}
	if e := r.ents.byKey[object.ID]; f.Predicate == schema.Rejects && e != nil && e.class == schema.Instrument && !e.named && len(e.parties) == 1 && r.x.rules.In("domestic_noun", e.head) {
		f.Qualifiers = append(slices.Clone(f.Qualifiers), schema.Qualifier{Role: schema.RoleAbout, Value: object})
		object = e.parties[0].value() // "condemned the proclamation": that of who signed it
	}
	if e := r.ents.byKey[object.ID]; f.Predicate == schema.Administers && e != nil && !e.named && e.entry == nil && f.Rule == "control.colony" && slices.ContainsFunc(strings.Fields(strings.ToLower(e.name)), func(w string) bool { return r.x.rules.In("colony_noun", w) }) {
		return // "the former French colony", whichever that is
	}
	if e := r.ents.byKey[object.ID]; f.Predicate == schema.PartyTo && e != nil && strings.HasPrefix(e.head, "finding") {
		return // nor to what others found out
	}
	own := !f.AttributedTo.IsZero() && r.voiced(object) || f.AttributedTo.IsZero() && r.speech && r.deed == nil && r.voice.value().Same(object)
	if f.Predicate == schema.PartOf && !f.Negated && own {
		// whoever says that something is part of him claims it
		f.Predicate, f.AttributedTo = schema.Claims, schema.Entity{}
		subject, object = object, subject
	}
	f.Subject, f.Object = subject, object
	f.Qualifiers = slices.DeleteFunc(slices.Clone(f.Qualifiers), func(q schema.Qualifier) bool {
		return q.Role == schema.RoleFrom && q.Value.Same(object) // nothing goes from one to itself
	})
	f.Evidence = []schema.Evidence{r.doc.Quote(s.start, s.end)}
	if f.Modality == "" {
		f.Modality = schema.Asserted
	}
	r.byDeed(&f, object, func(t schema.Entity) {
		r.emit(s, schema.Fact{Predicate: schema.Covers, Rule: f.Rule, Confidence: f.Confidence}, r.deed.value(), t)
	})
	if f.Predicate == schema.TransferredTo && !f.Negated {
		if under := f.Qualifier(schema.RoleUnder); under.Class == schema.Instrument {
			r.emit(s, schema.Fact{Predicate: schema.Covers, Rule: f.Rule, Confidence: f.Confidence, AttributedTo: f.AttributedTo}, under, subject)
			if e := r.ents.byKey[under.ID]; e != nil && e.court != nil {
				when := e.date
				if when.IsZero() && f.Modality == schema.Asserted {
					when = f.Time.Date // "awarded to Cambodia by a decision in 1962"
				}
				r.emit(s, schema.Fact{Predicate: schema.RuledOn, Rule: f.Rule, Confidence: f.Confidence, Time: schema.Time{Date: when},
					Qualifiers: []schema.Qualifier{{Role: schema.RoleFor, Value: object}}}, e.court.value(), subject)
			}
		}
	}
	if e := r.ents.byKey[subject.ID]; f.Predicate == schema.Covers && !f.Negated && e != nil && e.court != nil {
		// what a ruling concerns, its court has ruled on
		r.emit(s, schema.Fact{Predicate: schema.RuledOn, Rule: "instrument.court", Confidence: f.Confidence, Time: schema.Time{Date: e.date}}, e.court.value(), object)
	}
	r.facts = append(r.facts, f)
	r.gather(&f)
}

// frameFact fills in what the grammar around the trigger says: modality, who
// says so, when, and the qualifiers of the emission. It reports false where
// the words do not amount to a statement.
func (r *reader) frameFact(s *sentence, m *rule.Match, e *rule.Emission, f *schema.Fact) bool {
	f.Modality = e.Modality
	if f.Modality == "" {
		var ok bool
		if f.Modality, ok = r.modality(s, m.Trigger, f.Predicate); !ok {
			return false
		}
	}
	r.voices = r.speakers(s, m.Trigger)
	if e.Says != "" {
		r.voices = nil
		for _, v := range m.Args[e.Says].Entities {
			if known := r.ents.byKey[v.ID]; known != nil {
				r.voices = append(r.voices, known)
			}
		}
	}
	if e.Own && !slices.ContainsFunc(r.argument(m, e.Subject), func(who schema.Entity) bool {
		return r.voiced(who) || r.speech && r.deed == nil && len(r.voices) == 0 && r.voice.value().Same(who)
	}) {
		return false
	}
	if len(r.voices) > 0 {
		speaker := r.voices[0]
		if speaker.class == schema.Instrument && f.Predicate == schema.TransferredTo {
			f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleUnder, Value: speaker.value()})
		} else if !r.ownAct(s, m.Trigger, f.Predicate, r.argument(m, e.Subject)) {
			f.AttributedTo = speaker.value()
		}
	}
	f.Time = r.timeOf(s, m, e, f.Predicate)
	for role, name := range e.Qualifiers {
		for _, v := range r.argument(m, name) {
			f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: role, Value: v})
		}
	}
	if f.Predicate == schema.TransferredTo {
		if !hasRole(f, schema.RoleUnder) {
			if e := r.underInstrument(s, m.Trigger); e != nil {
				f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleUnder, Value: e.value()})
			}
		}
		status := "done"
		if f.Modality != schema.Asserted {
			status = "promised"
		}
		if f.Negated {
			status = "refused"
		}
		if !hasRole(f, schema.RoleStatus) {
			f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleStatus, Value: schema.Lit(status)})
		}
	}
	if f.Predicate == schema.RuledOn && f.Time.IsZero() && !f.Negated {
		f.Time.Date = r.ruled // "It held that": in the judgment that was told of
	}
	if f.Predicate == schema.Delimited && f.Time.IsZero() && f.Modality == schema.Asserted {
		// "the 1980 treaty delineates the boundary": when it was made
		if e := r.underInstrument(s, m.Trigger); e != nil {
			f.Time.Date = e.date
		}
	}
	if h := s.Head(m.Trigger); f.Predicate == schema.Delimited && s.IsVerb(m.Trigger) && h >= 0 && s.Rel(m.Trigger) == "xcomp" && f.Modality == schema.Asserted && !f.Negated {
		switch s.Lemma(h) {
		case "begin", "start", "commence", "continue", "resume":
			f.Qualifiers = []schema.Qualifier{{Role: schema.RoleStatus, Value: schema.Lit("partial")}} // "began marking their boundary"
		}
	}
	if f.Predicate == schema.Delimited && r.stillTo(s, m.Trigger) {
		// "has yet to demarcate the boundary": agreed, but not on the ground
		f.Negated, f.Modality = false, schema.Planned
	}
	if f.Predicate == schema.Disputes && !hasRole(f, schema.RoleOver) && s.IsVerb(m.Trigger) && (s.Lemma(m.Trigger) == "dispute" || s.Lemma(m.Trigger) == "contest") {
		for _, c := range s.Role(m.Trigger, frame.Patient) {
			if known := s.mentionAt(c); known == nil {
				for _, topic := range r.phrase(s, c) {
					f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOver, Value: topic.value()})
				}
			}
		}
	}
	if f.Predicate == schema.Disputes && !hasRole(f, schema.RoleOver) && s.IsNoun(m.Trigger) {
		// "a dispute over fishing rights": what is no place is told in its own words
		for _, c := range slices.Concat(s.Role(m.Trigger, "over"), s.Role(m.Trigger, "concerning"), s.Role(m.Trigger, "regarding"), s.Role(m.Trigger, "<in")) {
			if m := s.mentionAt(c); m != nil && m.ent.acts() {
				continue
			}
			for _, topic := range r.phrase(s, c) {
				f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOver, Value: topic.value()})
			}
			break
		}
	}
	if f.Predicate == schema.Delimited && f.Modality != schema.Asserted {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleStatus, Value: schema.Lit("pending")}}
	}
	if f.Predicate == schema.NegotiatesWith && !hasRole(f, schema.RoleStatus) {
		status := "held"
		switch {
		case f.Modality != schema.Asserted:
			status = "planned"
		case r.underWay(s, m.Trigger):
			status = "ongoing"
		}
		f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleStatus, Value: schema.Lit(status)})
	}
	if info, _ := f.Predicate.Info(); slices.Contains(info.Roles, schema.RoleCause) {
		for _, cause := range r.causes(s, m.Trigger) {
			f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleCause, Value: cause.value()})
		}
	}
	f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
	return true
}

// underWay reports whether verb i, or the verb whose object noun i is, tells of what
// goes on now: "are negotiating", "are holding talks".
func (r *reader) underWay(s *sentence, i int) bool {
	if h := s.Head(i); !s.IsVerb(i) && h >= 0 && s.Rel(i) == "obj" {
		i = h
	}
	aux := s.Auxiliaries(i)
	return s.IsVerb(i) && s.Tokens[i].Tag == "VBG" && (slices.Contains(aux, "is") || slices.Contains(aux, "are"))
}

// stillTo reports whether verb i tells what has yet to be done on the ground: "has
// yet to map and demarcate".
func (r *reader) stillTo(s *sentence, i int) bool {
	switch s.Lemma(i) {
	case "demarcate", "survey", "mark", "map":
	default:
		return false
	}
	for k, n := i, 0; k >= 0 && n < 4; k, n = s.Head(k), n+1 {
		if slices.ContainsFunc(s.Children(k), func(c int) bool { return s.Lower(c) == "yet" }) {
			return true
		}
		if s.Rel(k) != "conj" && s.Rel(k) != "xcomp" {
			break
		}
	}
	return false
}

// judgments remembers when the judgment was given that the document tells of:
// "on 9 October 1998 the tribunal rendered its award".
func (r *reader) judgments(s *sentence) {
	for i := range s.Tokens {
		if !r.x.rules.In("ruling_noun", s.Lower(i)) || !s.IsNoun(i) {
			continue
		}
		if h := s.Head(i); h >= 0 && s.IsVerb(h) && (s.Rel(i) == "obj" || s.Tokens[i].Rel == "nsubj:pass") {
			switch s.Lemma(h) {
			case "render", "deliver", "issue", "give", "hand", "pronounce", "make", "announce":
				for _, x := range r.timesAt(s, h) {
					if x.Relation == timex.On {
						r.ruled = x.Date
					}
				}
			}
		}
	}
}

// causes returns what the clause around token i gives as its cause, in the
// document's words.
func (r *reader) causes(s *sentence, i int) []*entity {
	for k, n := i, 0; k >= 0 && n < 5; k, n = s.Head(k), n+1 {
		for _, role := range []string{"due to", "because of", "owing to", "in response to", "as a result of"} {
			for _, c := range s.Role(k, role) {
				return r.phrase(s, c)
			}
		}
		if s.Rel(k) == "ccomp" || s.Rel(k) == "parataxis" {
			break
		}
	}
	return nil
}

// underInstrument returns the treaty or judgment by which what stands at token
// i is done: the one whose relative clause it is in, or that the clause above
// is about.
func (r *reader) underInstrument(s *sentence, i int) *entity {
	instrument := []schema.Class{schema.Instrument}
	for k, n := i, 0; k >= 0 && n < 5; k, n = s.Head(k), n+1 {
		if s.IsVerb(k) {
			for _, role := range []string{"under", "by", "through", "per", frame.Agent} {
				for _, c := range s.Role(k, role) {
					if s.Tokens[c].POS == "PRON" && role == frame.Agent {
						continue // "says it inherited the islands"
					}
					if es := r.resolve(s, c, instrument); len(es) == 1 {
						return es[0]
					}
				}
			}
		}
		for _, c := range s.Dependents(k, "advcl") {
			// "handed back, as foreseen in the accord"
			if m := s.Dependent(c, "mark"); m < 0 || s.Lower(m) != "as" || s.Tokens[c].Tag != "VBN" {
				continue
			}
			for _, role := range []string{"in", "by", "under"} {
				for _, n := range s.Role(c, role) {
					if es := r.resolve(s, n, instrument); len(es) == 1 {
						return es[0]
					}
				}
			}
		}
		if h := s.Head(k); h >= 0 && s.Rel(k) == "acl" && s.IsNoun(h) && s.mentionAt(h) == nil && s.Tokens[k].Tag != "VBG" {
			if es := r.resolve(s, h, instrument); len(es) == 1 {
				return es[0]
			}
		}
	}
	return nil
}

func hasRole(f *schema.Fact, role schema.Role) bool {
	return slices.ContainsFunc(f.Qualifiers, func(q schema.Qualifier) bool { return q.Role == role })
}

// irrealis predicates are stated of what is to be as well as of what is.
func irrealis(p schema.Predicate) bool {
	switch p {
	case schema.TransferredTo, schema.NegotiatesWith, schema.MetWith, schema.Delimited, schema.PartyTo, schema.Provides, schema.ParticipatesIn, schema.Covers:
		return true
	}
	return false
}

// modality reads auxiliaries and the verbs above the trigger. ok is false
// where the words only imagine the fact.
func (r *reader) modality(s *sentence, i int, p schema.Predicate) (schema.Modality, bool) {
	// "an agreement to define", "aimed at signing": not done by being named
	if p == schema.Seized && s.Infinitive(i) && r.x.rules.In("dispatch", s.Lemma(s.Head(i))) {
		i = s.Head(i) // "sent troops to invade": as done as the sending
	}
	if s.Infinitive(i) && p == schema.MetWith && r.x.rules.In("travel", s.Lemma(s.Head(i))) {
		return schema.Planned, true // "flew to Nairobi to meet"
	}
	if s.Infinitive(i) && p == schema.Claims && r.x.rules.In("resort", s.Lemma(s.Head(i))) {
		return schema.Asserted, true // "resorting to the court to claim": whoever does has claimed it
	}
	if s.Infinitive(i) && r.x.rules.In("fulfil", s.Lemma(s.Head(i))) {
		i = s.Head(i) // "heeded the admonition to ratify"
	}
	if h := s.Head(i); p == schema.TransferredTo && s.Infinitive(i) && s.Rel(i) == "acl" && r.x.rules.In("treaty_noun", s.Lemma(h)) {
		return schema.Promised, true // "signed an agreement to transfer"
	}
	if s.Infinitive(i) && (!irrealis(p) || p != schema.NegotiatesWith && p != schema.Covers && !r.x.rules.In("intend", s.Lemma(s.Head(i)))) || s.Purpose(i) && p != schema.Covers && !((p == schema.Delimited || p == schema.NegotiatesWith) && s.Rel(i) == "advcl" && r.x.rules.In("intend", s.Lemma(s.Head(i)))) {
		return "", false
	}
	if r.presupposed(s, i, p) {
		return schema.Asserted, true
	}
	said := (p == schema.Recognizes || p == schema.Rejects) && r.x.rules.In("accept", s.Lemma(i)) || p == schema.Claims && r.x.rules.In("abandon", s.Lemma(i))
	if said && s.IsVerb(i) && s.Negated(i, nil) {
		if aux := s.Auxiliaries(i); slices.Contains(aux, "will") || slices.Contains(aux, "would") || slices.Contains(aux, "wo") || slices.ContainsFunc(aux, func(a string) bool { return a == "can" || a == "could" || a == "ca" }) {
			return schema.Asserted, true // "will never recognize", "will never give up its claim" are said now
		}
	}
	// "a request for talks", "preventing any discussion": there were none
	if h := s.Head(i); h >= 0 && s.IsNoun(i) && irrealis(p) {
		switch c := s.Case(i); {
		case c == "pending":
			return schema.Planned, true
		case s.Rel(i) == "nmod" && (c == "for" || c == "of" || c == "to") && r.x.rules.In("proposal", s.Lemma(h)),
			s.Rel(i) == "obj" && r.x.rules.In("hinder", s.Lemma(h)):
			return "", false
		}
	}
	if h := s.Head(i); h >= 0 && s.IsNoun(i) && s.Rel(i) == "obl" && irrealis(p) && s.IsVerb(h) {
		switch c := s.Case(i); {
		case c == "for" && r.x.rules.In("intend", s.Lemma(h)):
			return "", false // "asked for a meeting"
		case c == "to" || c == "into":
			for _, aux := range s.Auxiliaries(h) {
				if aux == "will" || aux == "would" {
					return schema.Planned, true // "will take their row to talks"
				}
			}
		}
	}
	for k, n := i, 0; k >= 0 && n < 10; n++ {
		for _, aux := range s.Auxiliaries(k) {
			if isBe(aux) && s.ToInfinitive(k) {
				aux = "shall" // "is to be handed over"
			}
			switch aux {
			case "will", "shall", "would", "'ll", "wo":
				if p == schema.Administers && aux != "would" && r.x.rules.In("keep", s.Lemma(k)) {
					continue // whoever will retain it has it
				}
				if !irrealis(p) && (aux == "would" || k != i) {
					return "", false
				}
				if p == schema.TransferredTo || p == schema.Provides {
					return schema.Promised, true
				}
				return schema.Planned, irrealis(p)
			case "may", "might", "could", "should", "can", "must":
				if !irrealis(p) && p != schema.Rejects {
					return "", false
				}
				return schema.Conditional, true
			}
		}
		if s.IsVerb(k) {
			for _, c := range s.Dependents(k, "mark") {
				switch s.Lower(c) {
				case "if", "unless", "whether":
					return schema.Conditional, irrealis(p)
				}
			}
		}
		h := s.Head(k)
		if h < 0 {
			break
		}
		rel := s.Rel(k)
		if (rel == "xcomp" || rel == "ccomp" || rel == "obj") && r.x.rules.In("imagine", s.Lemma(h)) || p == schema.PartyTo && rel == "xcomp" && r.x.rules.In("attempt", s.Lemma(h)) {
			return "", false
		}
		if rel == "acl" && k != i && s.ToInfinitive(k) && !s.Ranked(k) && s.IsNoun(h) && !irrealis(p) {
			return "", false // "the right to make a claim"
		}
		if m := s.Dependent(k, "mark"); (rel == "advcl" || rel == "parataxis") && m >= 0 && s.Lower(m) == "once" {
			if r.x.rules.In("intend", s.Lemma(h)) {
				return schema.Planned, irrealis(p)
			}
			k = h // "offered to return them once a treaty was concluded"
			continue
		}
		if rel == "xcomp" && (p == schema.PartyTo || p == schema.TransferredTo) && s.Dependent(h, "obj", "iobj") >= 0 {
			switch s.Lemma(h) {
			case "urge", "press", "exhort", "encourage", "pressure", "implore", "invite":
				return "", false // what others want of somebody
			}
		}
		switch {
		case (rel == "xcomp" || (s.ToInfinitive(k) || k == i && s.Purpose(k)) && (rel == "advcl" || rel == "acl")) && r.x.rules.In("intend", s.Lemma(h)), rel == "ccomp" && r.x.rules.In("intend", s.Lemma(h)) && !r.x.rules.In("opine", s.Lemma(h)):
			if !irrealis(p) {
				return "", false
			}
			if p == schema.TransferredTo {
				return schema.Promised, true
			}
			return schema.Planned, true
		case rel == "nsubj" && k == i && s.IsNoun(k) && s.IsVerb(h) && (p == schema.NegotiatesWith || p == schema.MetWith):
			k = h // "talks were to open"
			continue
		case rel == "obl" && s.IsNoun(k) && r.x.rules.In("occur", s.Lemma(h)) && (s.Infinitive(h) || s.Rel(h) == "xcomp"):
			if s.Infinitive(h) && !irrealis(p) {
				return "", false // "to bring it under its control"
			}
			k = h
			continue
		case rel == "xcomp", rel == "obj", rel == "nsubj:pass", rel == "conj" && s.IsVerb(h) && s.Dependent(k, "nsubj", "nsubj:pass", "aux") < 0:
			k = h
			continue
		}
		break
	}
	for _, c := range s.Children(i) {
		switch s.Lower(c) {
		case "alleged", "allegedly", "reportedly", "supposed", "supposedly", "purported", "purportedly":
			if s.Lower(c) != "reportedly" {
				return schema.Alleged, true
			}
		}
	}
	return schema.Asserted, true
}

// presupposed reports whether noun i names something that is there whatever the
// clause says of it: "would take the dispute to court", "may drop its claim",
// "agreed to settle a dispute".
func (r *reader) presupposed(s *sentence, i int, p schema.Predicate) bool {
	switch p {
	case schema.Disputes, schema.Claims, schema.Seized, schema.Administers:
	default:
		return false
	}
	if !s.IsNoun(i) || s.IsVerb(i) {
		return false
	}
	for _, c := range s.Dependents(i, "amod") {
		if r.x.rules.In("unreal", s.Lower(c)) {
			return false
		}
	}
	if r.definite(s, i) || len(s.Dependents(i, "nmod:poss")) > 0 {
		return true
	}
	h := s.Head(i)
	if h >= 0 && s.IsNoun(h) && s.Rel(i) == "nmod" && s.Case(i) == "of" {
		switch s.Lemma(h) {
		case "year", "decade", "century", "month", "week", "day":
			h = s.Head(h) // "to end four decades of conflict"
		}
	}
	return h >= 0 && s.IsVerb(h) && !s.Negated(i, nil) && r.x.rules.In("presuppose", s.Lemma(h))
}

func isBe(w string) bool { return w == "is" || w == "are" || w == "was" || w == "were" }

// speakers are the classes of those who can be quoted.
var speakers = []schema.Class{schema.State, schema.Person, schema.Organization, schema.Court, schema.Instrument}

// ownAct reports whether the words that report a fact are that fact: whoever
// says that something is his has claimed it, and that there is a dispute goes
// without saying where one speaks of "the dispute".
func (r *reader) ownAct(s *sentence, i int, p schema.Predicate, subject []schema.Entity) bool {
	switch p {
	case schema.Claims, schema.Rejects, schema.Recognizes:
		return slices.ContainsFunc(subject, r.voiced)
	case schema.Disputes:
		return r.presupposed(s, i, p)
	}
	return false
}

// voiced reports whether the state is among those in whose words the document
// reports what is being read, itself or by a person who speaks for it.
func (r *reader) voiced(state schema.Entity) bool {
	return slices.ContainsFunc(r.voices, func(e *entity) bool {
		if e.class == schema.Person {
			if e = r.state(e); e == nil {
				return false
			}
		}
		return e.value().Same(state)
	})
}

// speaker returns the first of the speakers of what stands at token i, or nil
// where the document says it itself.
func (r *reader) speaker(s *sentence, i int) *entity {
	if es := r.speakers(s, i); len(es) > 0 {
		return es[0]
	}
	return nil
}

// speakers returns in whose words the document reports what stands at token i,
// none where it says so itself.
func (r *reader) speakers(s *sentence, i int) []*entity {
	if es := r.reporters(s, i); len(es) > 0 {
		return es
	}
	if e := r.sents[s.index].quoted; e != nil {
		if speaker := e; r.speech {
			if e.class == schema.Person {
				speaker = r.state(e)
			}
			if speaker == r.voice {
				return nil // the document is its statement, quotation marks and all
			}
		}
		return []*entity{e}
	}
	return nil
}

// reporters returns the speakers that the sentence itself names.
func (r *reader) reporters(s *sentence, i int) []*entity {
	for k, n := i, 0; k >= 0 && n < 14; n++ {
		for _, c := range s.Dependents(k, "obl", "nmod") {
			if s.Case(c) == "according to" {
				if es := r.resolve(s, c, speakers); len(es) > 0 {
					return es
				}
			}
		}
		h := s.Head(k)
		// "…, the ministry said" hangs below what was said
		for _, c := range s.Dependents(k, "parataxis") {
			if r.x.rules.In("opine", s.Lemma(c)) && s.Dependent(c, "ccomp", "obj") < 0 {
				if es := r.opiners(s, c); len(es) > 0 {
					return es
				}
			}
		}
		if h < 0 || s.Tokens[k].Rel == "acl:relcl" {
			break // a relative clause is the writer's own aside
		}
		switch s.Rel(k) {
		case "ccomp", "parataxis":
			if r.x.rules.In("opine", s.Lemma(h)) && h != i {
				if es := r.opiners(s, h); len(es) > 0 && s.Rel(k) == "ccomp" {
					return es
				}
			}
		case "advcl", "acl", "xcomp", "obl":
			if s.Accused(k) && s.Lemma(h) != "accuse" {
				h = s.Head(h) // "accused troops of seizing"
			}
			if h >= 0 && (s.Lemma(h) == "accuse" || s.Lemma(h) == "accusation") {
				if es := r.opiners(s, h); len(es) > 0 {
					return es
				}
			}
		}
		k = h
	}
	return nil
}

// opiners returns who says what the verb reports.
func (r *reader) opiners(s *sentence, verb int) []*entity {
	for _, a := range s.Role(verb, "agent") {
		if es := r.resolve(s, a, speakers); len(es) > 0 {
			return es
		}
	}
	return nil
}

// timeOf returns when a fact holds: by the expressions of time that hang on
// its trigger or on the verbs that carry it, in the way its predicate takes.
func (r *reader) timeOf(s *sentence, m *rule.Match, e *rule.Emission, p schema.Predicate) schema.Time {
	if info, _ := p.Info(); e.Time == "none" || !slices.ContainsFunc(info.Roles, func(role schema.Role) bool {
		return role == schema.RoleDate || role == schema.RoleSince || role == schema.RoleUntil
	}) {
		return schema.Time{}
	}
	var t schema.Time
	want := e.Time
	if want == "" {
		want = timeOfPredicate(p)
	}
	for _, x := range r.timesAt(s, m.Trigger) {
		// "said on Monday that it claims": that it was said then says nothing of since when
		if want == "since" && (r.reported(s, m.Trigger, x) || x.Relation == timex.On && (p == schema.Disputes || r.present(s, m.Trigger))) {
			continue
		}
		merge(&t, x)
	}
	if t.IsZero() {
		return t
	}
	switch want {
	case "since":
		// "claimed by Madagascar in 1976": so since then, as far as told
		if t.Since.IsZero() && t.Until.IsZero() {
			t.Since = t.Date
		}
		t.Date = schema.Date{}
	case "until":
		if t.Until.IsZero() {
			t.Until = t.Date
		}
		t.Date, t.Since = schema.Date{}, schema.Date{}
	default:
		if t.Date.IsZero() {
			t.Date = t.Since
			if t.Date.IsZero() {
				t.Date = t.Until
			}
		}
		t.Since, t.Until = schema.Date{}, schema.Date{}
	}
	return t
}

// present reports whether verb i speaks of what is so now: "is today
// administered", "claims".
func (r *reader) present(s *sentence, i int) bool {
	switch s.Tokens[i].Tag {
	case "VBZ", "VBP":
		return true
	}
	return slices.ContainsFunc(s.Auxiliaries(i), func(a string) bool { return a == "is" || a == "are" }) ||
		slices.ContainsFunc(s.Children(i), func(c int) bool { return s.Lower(c) == "today" || s.Lower(c) == "now" || s.Lower(c) == "currently" })
}

// reported reports whether an expression of time dates a verb of saying above
// token i.
func (r *reader) reported(s *sentence, i int, x timex.Expr) bool {
	for k, n := i, 0; k >= 0 && n < 8; k, n = s.Head(k), n+1 {
		if rel := s.Rel(k); (rel == "ccomp" || rel == "parataxis") && s.Head(k) >= 0 {
			return r.dates(s, x, s.Head(k))
		}
	}
	return false
}

func timeOfPredicate(p schema.Predicate) string {
	switch p {
	case schema.Claims, schema.Administers, schema.HoldsOffice:
		return "since"
	case schema.PartOf, schema.AlsoKnownAs, schema.Covers, schema.Disputes:
		return "since"
	}
	return "date"
}

func merge(t *schema.Time, x timex.Expr) {
	u := x.Time()
	if t.Date.IsZero() {
		t.Date = u.Date
	}
	if t.Since.IsZero() {
		t.Since = u.Since
	}
	if t.Until.IsZero() {
		t.Until = u.Until
	}
}

// timesAt returns the expressions of time that belong to what token i says:
// those that hang on it, or on a verb or noun between it and its clause.
func (r *reader) timesAt(s *sentence, i int) []timex.Expr {
	if len(s.times) == 0 {
		return nil
	}
	var own []timex.Expr
	for k, n := i, 0; k >= 0 && n < 8; n++ {
		for _, x := range s.times {
			if r.dates(s, x, k) || k == i && r.timeHost(s, x) == i && !s.IsVerb(i) {
				own = append(own, x)
			}
		}
		if len(own) > 0 {
			return own
		}
		h := s.Head(k)
		if h < 0 {
			break
		}
		switch s.Rel(k) {
		case "obj", "obl", "nsubj":
			if c := s.Case(k); k == i && s.Rel(k) == "obl" && (c == "in" || c == "since" || c == "during" || c == "after") {
				// "was split in an invasion in 1974"
				for _, x := range s.times {
					if x.First > k && r.timeHost(s, x) == h {
						own = append(own, x)
					}
				}
				if len(own) > 0 {
					return own
				}
			}
			if s.IsNoun(k) && s.IsVerb(h) && !r.x.rules.In("support", s.Lemma(h)) && !r.x.rules.In("occur", s.Lemma(h)) {
				return nil // "the claim was upheld in 2012": that dates the upholding
			}
			if s.Rel(k) == "obj" && slices.ContainsFunc(s.Dependents(k, "nmod:poss"), func(c int) bool { return s.Tokens[c].POS != "PRON" }) && s.Dependent(h, "nsubj") >= 0 {
				return nil // "the tribunal rejected China's claim in 2016": another did
			}
			k = h
		case "advcl", "acl":
			if x, ok := r.since(s, k); ok {
				return []timex.Expr{x}
			}
			if s.Rel(k) == "acl" {
				return nil
			}
			if m := s.Dependent(k, "mark"); m >= 0 && s.Lower(m) == "as" && s.Tokens[k].Tag == "VBN" {
				return nil // "in April Japan described the islands as occupied"
			}
			if m := s.Dependent(k, "mark"); m >= 0 && s.Dependent(k, "nsubj", "nsubj:pass") >= 0 && (s.Lower(m) == "after" || s.Lower(m) == "before" || s.Lower(m) == "because") {
				return nil // "recalled its envoy on Tuesday after Ethiopia signed": not when it signed
			}
			k = h
		case "xcomp", "nmod", "ccomp", "appos":
			k = h
		case "conj":
			// a date before the first verb holds for what is coordinated with it
			for _, x := range s.times {
				if r.timeHost(s, x) == h && x.First < h {
					own = append(own, x)
				}
			}
			if len(own) > 0 {
				return own
			}
			if s.IsVerb(k) && s.Dependent(k, "nsubj", "nsubj:pass") >= 0 {
				return nil
			}
			k = h
		case "parataxis":
			return nil
		case "amod":
			return nil
		default:
			k = h
		}
	}
	return nil
}

// since returns the date that a clause with "when" tells more of: "until 1972, when they
// were returned". Token k is the clause's verb.
func (r *reader) since(s *sentence, k int) (timex.Expr, bool) {
	w := s.Dependent(k, "advmod", "mark")
	if w < 2 || s.Lower(w) != "when" || s.Tokens[w-1].Text != "," || s.timeAt[w-2] < 0 {
		return timex.Expr{}, false
	}
	x := s.times[s.timeAt[w-2]]
	x.Relation = timex.On
	return x, !x.Date.IsZero()
}

// dates reports whether an expression of time tells when what stands at token k
// is or was. A phrase such as "in 2018" often hangs on a noun of the clause but
// dates its verb; a bare year before a noun only names it.
func (r *reader) dates(s *sentence, x timex.Expr, k int) bool {
	host := r.timeHost(s, x)
	if host == k {
		return !r.attributed(s, x, host)
	}
	if x.First == x.Core || host >= 0 && s.Lower(x.First) == "of" && r.x.rules.In("instrument_noun", s.Lower(host)) {
		return false // "the statement of 9 November 2020"
	}
	for n := 0; host >= 0 && n < 6; n++ {
		if s.IsVerb(host) && s.Tokens[host].POS != "NOUN" {
			return host == k
		}
		if r.attributed(s, x, host) {
			return false
		}
		host = s.Head(host)
		if host == k {
			return true
		}
	}
	return false
}

// attributed reports whether the date is part of the name of the noun it hangs on.
func (r *reader) attributed(s *sentence, x timex.Expr, host int) bool {
	return host >= 0 && x.First == x.Core && x.Core < host && s.IsNoun(host)
}

// timeHost returns the verb or noun that an expression of time dates.
func (r *reader) timeHost(s *sentence, x timex.Expr) int {
	top := x.Core
	for k := x.Core; k < x.Last; k++ {
		if h := s.Head(k); h < x.First || h >= x.Last {
			top = k
			break
		}
	}
	host := s.Head(top)
	// "met in Munich in December": a name has no date, what happens there has
	for n := 0; host >= 0 && s.mentionAt(host) != nil && n < 4; n++ {
		host = s.Head(host)
	}
	return host
}

// gather lets entities learn from facts: other names of a group, parties and
// topics of an instrument.
func (r *reader) gather(f *schema.Fact) {
	if f.Negated || !f.AttributedTo.IsZero() {
		return
	}
	s, o := r.ents.byKey[f.Subject.ID], r.ents.byKey[f.Object.ID]
	switch f.Predicate {
	case schema.AlsoKnownAs:
		if s != nil {
			s.addName(f.Object.Name)
		}
	case schema.PartyTo:
		if s != nil && o != nil && !slices.Contains(o.parties, s) {
			o.parties = append(o.parties, s)
		}
		if o != nil && o.date.IsZero() && !f.Time.Date.IsZero() && hasAct(f, "signed", "") {
			o.date = f.Time.Date
			y := schema.Year(o.date.Year).String()
			o.addName(y+" "+o.name, y+" "+o.head)
		}
	}
}

func hasAct(f *schema.Fact, acts ...string) bool {
	return slices.Contains(acts, f.Qualifier(schema.RoleAct).Name)
}
