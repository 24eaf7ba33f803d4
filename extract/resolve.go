package extract

import (
	"cmp"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// view is the rules' window on one sentence.
type view struct {
	r *reader
	s *sentence
}

// Resolve returns what the phrase headed by token i stands for.
func (v view) Resolve(i int, classes []schema.Class) []schema.Entity {
	var out []schema.Entity
	for _, e := range v.r.resolve(v.s, i, classes) {
		out = append(out, e.value())
	}
	return out
}

// Default returns what a rule's argument falls back on at its trigger i.
func (v view) Default(i int, kind string, classes []schema.Class) []schema.Entity {
	var es []*entity
	switch kind {
	case "country":
		if v.r.country != nil {
			es = []*entity{v.r.country}
		}
	case "parties":
		if v.s.Tokens[i].Rel == "csubj" {
			return nil // "leaders meeting in Brussels"
		}
		if v.s.IsVerb(i) && v.s.Passive(i) {
			// "the agreement, signed in 1998": by those whose it is
			for _, c := range v.s.Role(i, frame.Patient) {
				if of := v.r.resolve(v.s, c, []schema.Class{schema.Instrument}); len(of) == 1 && len(of[0].parties) == 2 {
					es = of[0].parties
				}
			}
		}
		if len(es) == 0 {
			es = v.s.parties(v.r.country, v.r.parties)
		}
		if len(es) == 0 {
			es = v.s.pair()
		}
		if main := v.r.mainParties(); len(main) == 2 && i <= 2 && v.s.Rel(i) == "nsubj" && v.r.definite(v.s, i) && v.r.undescribed(v.s, i) && v.r.namedLately(v.s, main) {
			es = main // "The quarrel goes back to when France drew the line"
		}
		if len(es) == 2 && (es[0].became(es[1]) || es[1].became(es[0])) {
			es = nil // nobody quarrels with his own past
		}
		if main := v.r.mainParties(); len(es) == 0 && len(main) == 2 && v.r.aboutThem(v.s, main) {
			es = main // whom the passage is about
		}
		if all := v.s.states(true); len(es) == 0 && len(all) == 2 && len(v.s.states(false)) < 2 {
			es = all // "the dispute over the Armenian occupation of lands in Azerbaijan"
		}
		if len(es) == 0 && !slices.ContainsFunc(v.s.mentions, func(m *mention) bool { return m.ent.class == schema.State && !v.s.setting(m) }) {
			es = v.r.pairBefore(v.s, 0)
		}
	case "heading":
		if es = v.r.parties; len(es) > 2 {
			es = nil // which of them it is about, nobody knows
		}
	case "deed":
		if v.r.deed != nil {
			es = []*entity{v.r.deed}
		}
	case "instrument":
		if e := v.r.lastOf(func(e *entity) bool {
			return e.class == schema.Instrument && !e.plural && v.r.x.rules.In("treaty_noun", e.head)
		}); e != nil && v.s.Tokens[i].Tag != "VB" && v.r.spokenLately(v.s, e.head) {
			es = []*entity{e} // the treaty that was spoken of last
		}
	case "opponent":
		if e := v.r.opponent(v.s, i); e != nil {
			es = []*entity{e}
		}
	case "place":
		if es = v.r.claimedBefore(v.s, i); len(es) > 0 {
			break
		}
		if v.r.country == nil && len(v.r.parties) == 0 {
			// what the passage is about
			for _, plural := range []bool{false, true} {
				es = slices.DeleteFunc(slices.Clone(v.r.placesBefore(v.s, i, plural)), isWater)
				if len(es) > 0 {
					break
				}
			}
			if v.s.IsVerb(i) && v.r.x.rules.In("find_verb", v.s.Lemma(i)) {
				// a court's case is what it is all about
				es = slices.DeleteFunc(es, func(e *entity) bool { return e.entry != nil && e.entry.Kind == "region" })
				if e := v.r.mainPlace(); e != nil {
					es = []*entity{e}
				}
			}
			if len(es) == 1 && v.r.count[es[0]] <= 1 && !slices.ContainsFunc(v.r.sents[v.s.index].mentions, func(m *mention) bool { return m.ent == es[0] }) {
				if e := v.r.mainPlace(); e != nil {
					es = []*entity{e} // what the document is about, and not what it named in passing
				}
			}
		}
		if e := v.r.place(); e != nil {
			es = []*entity{e}
		}
	}
	var out []schema.Entity
	for _, e := range es {
		if e.fits(classes) {
			out = append(out, e.value())
		}
	}
	return out
}

// claimedBefore returns what the owner of the claim at token i has been found to claim
// last: "Beijing claims most of the sea. … ruled that China's claims had no basis".
func (r *reader) claimedBefore(s *sentence, i int) []*entity {
	if s.Lemma(i) != "claim" || !s.IsNoun(i) {
		return nil
	}
	for _, o := range s.Role(i, frame.Owner) {
		if s.mentionAt(o) == nil || s.Rel(i) != "nsubj" && slices.ContainsFunc(r.sents[s.index].mentions, func(m *mention) bool { return m.ent.class == schema.Territory }) {
			continue
		}
		who := r.resolve(s, o, []schema.Class{schema.State})
		if len(who) != 1 {
			continue
		}
		for k := len(r.facts) - 1; k >= 0; k-- {
			if f := &r.facts[k]; f.Predicate == schema.Claims && f.Subject.ID == who[0].key && !f.Negated {
				if e := r.ents.byKey[f.Object.ID]; e != nil && e.class == schema.Territory {
					return []*entity{e}
				}
			}
		}
	}
	return nil
}

// parties returns who a clause is about that leaves one side or both out: the
// parties of the heading, unless it names another state.
func (s *sentence) parties(country *entity, heading []*entity) []*entity {
	others := s.states(false)
	if country == nil || len(others) != 1 || others[0] == country || slices.Contains(heading, others[0]) {
		return heading
	}
	return []*entity{country, others[0]}
}

// pair returns the states that the sentence names where they are just two.
func (s *sentence) pair() []*entity {
	if out := s.states(false); len(out) == 2 {
		return out
	}
	return nil
}

// states returns the states that the sentence names, with or without those in
// which something happened.
func (s *sentence) states(settings bool) []*entity {
	var out []*entity
	for _, m := range s.mentions {
		switch s.Case(m.head) {
		case "in", "at", "near", "from", "to":
			if !settings {
				continue // where it happened, not who did it
			}
		}
		if h := s.Head(m.head); s.Case(m.head) == "by" && h >= 0 {
			switch s.Lemma(h) {
			case "mediate", "broker", "host", "sponsor", "facilitate", "chair", "lead", "back", "patrol":
				continue // between others
			}
		}
		switch s.Lower(m.last) {
		case "peacekeepers", "mediators", "monitors", "observers", "mediation", "mediator", "envoy", "allies", "ally", "city", "town", "resort", "capital", "port", "village":
			continue // "the two U.S. allies", "in the Russian city of Kazan"
		}
		if m.ent.class == schema.State && m.ent.entry != nil && !m.aside && !slices.Contains(out, m.ent) {
			out = append(out, m.ent)
		}
	}
	return out
}

// mainPlace returns the territory that the document has named most, where it stands out,
// or nil.
func (r *reader) mainPlace() *entity {
	var best *entity
	first, second := 0, 0
	for _, e := range r.ents.order {
		if e.class != schema.Territory || e.entry == nil || isWater(e) {
			continue
		}
		switch n := r.count[e]; {
		case n > first:
			best, first, second = e, n, first
		case n > second:
			second = n
		}
	}
	if first < 2 || first == second {
		return nil
	}
	return best
}

// spokenLately reports whether this sentence or the one before has the noun.
func (r *reader) spokenLately(s *sentence, noun string) bool {
	for n := max(0, s.index-1); n <= s.index; n++ {
		o := r.sents[n]
		for k := range o.Tokens {
			if o.Lemma(k) == noun || o.Lower(k) == noun {
				return true
			}
		}
	}
	return false
}

// mainParties returns the two states that the document names most, where they
// stand out and have been named already.
func (r *reader) mainParties() []*entity {
	var first, second, third int
	var out [2]*entity
	for _, e := range r.ents.order {
		if e.class != schema.State || e.entry == nil {
			continue
		}
		switch n := r.total[e.entry]; {
		case n > first:
			first, second, third = n, first, second
			out[0], out[1] = e, out[0]
		case n > second:
			second, third = n, second
			out[1] = e
		case n > third:
			third = n
		}
	}
	if second < 3 || second <= third {
		return nil
	}
	return out[:]
}

// aboutThem reports whether the sentence names no other state than the entities as
// somebody who acts, and they were named lately.
func (r *reader) aboutThem(s *sentence, es []*entity) bool {
	return r.namedLately(s, es) && !slices.ContainsFunc(s.states(false), func(e *entity) bool { return !slices.Contains(es, e) })
}

// resolve returns the entities of one of the classes that the phrase headed by
// token i stands for, everything coordinated with it included.
//
// Phrases refer to each other, in circles too: how deep it goes and how much it
// does for one sentence are bounded.
func (r *reader) resolve(s *sentence, i int, classes []schema.Class) []*entity {
	if r.depth >= maxResolveDepth || s.work >= maxResolveWork {
		return nil
	}
	r.depth++
	s.work++
	defer func() { r.depth-- }()
	var out []*entity
	add := func(es []*entity) {
		for _, e := range es {
			if e.fits(classes) && !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	for _, k := range r.coordinated(s, i) {
		add(r.resolveOne(s, k, classes))
	}
	return out
}

const (
	maxResolveDepth = 8
	maxResolveWork  = 20_000
)

// coordinated returns the heads of what stands in one enumeration with i.
func (r *reader) coordinated(s *sentence, i int) []int {
	tree := s.Conjuncts(i)
	m := s.mentionAt(i)
	if m == nil || m.list < 0 || m.usage == gazetteer.AsAdjective {
		return tree
	}
	var out []int
	for _, n := range s.lists[m.list] {
		out = append(out, s.mentions[n].head)
	}
	for _, k := range tree {
		if c := s.mentionAt(k); c == nil || c.list != m.list {
			if !slices.Contains(out, k) && (c == nil || k > i) {
				out = append(out, k)
			}
		}
	}
	return out
}

func wants(classes []schema.Class, class schema.Class) bool {
	return len(classes) > 0 && slices.ContainsFunc(classes, func(c schema.Class) bool { return class.Is(c) })
}

// resolveOne resolves the phrase headed by i without what is coordinated with
// it. A phrase may still stand for several entities ("the two countries").
func (r *reader) resolveOne(s *sentence, i int, classes []schema.Class) []*entity {
	if m := s.mentionAt(i); m != nil {
		return r.resolveMention(s, m, classes)
	}
	if s.timeAt[i] >= 0 {
		return nil // "on Monday" is when, not about what
	}
	t := &s.Tokens[i]
	lower := s.Lower(i)
	if lower == "it" && wants(classes, schema.State) && slices.Contains(classes, schema.Court) && s.Rel(i) == "obj" {
		// "Japan also denounced it": what somebody did
		if e := r.opponent(s, i); e != nil && e.fits(classes) {
			return []*entity{e}
		}
	}
	if es, ok := r.pronoun(s, i, classes); ok {
		return es
	}
	if lower == "what" && wants(classes, schema.Territory) {
		// "lie in what Vietnam calls the Truong Sa archipelago"
		for _, c := range s.Dependents(i, "acl:relcl", "acl") {
			if naming[s.Lemma(c)] {
				for _, o := range s.Dependents(c, "obj", "xcomp") {
					if m := s.mentionAt(o); m != nil && m.ent.class.Is(schema.Place) {
						return r.resolveMention(s, m, classes)
					}
				}
			}
		}
	}
	if n := couple[lower]; n > 0 && slices.Contains(classes, schema.Territory) && r.definite(s, i) && r.undescribed(s, i) && len(s.Role(i, "of")) == 0 {
		if es := r.listOf(s, i, n); len(es) > 0 {
			return es // "annexed the pair"
		}
	}
	if lower == "two" && len(classes) == 1 && classes[0] == schema.Person {
		return r.peopleBefore(s, i) // "when the two met"
	}
	if t.POS == "NUM" || t.POS == "DET" || t.POS == "PRON" || t.POS == "ADJ" && !s.IsNoun(i) {
		// "one of the islands", "all of the Spratly Islands"
		for _, c := range s.Role(i, "of") {
			return r.resolve(s, c, classes)
		}
	}
	if wants(classes, schema.Territory) {
		if es := r.remainder(s, i); len(es) > 0 {
			return es
		}
	}
	if e := r.breakaway(s, i); e != nil && len(classes) > 0 {
		if e.fits(classes) {
			return []*entity{e}
		}
		return nil
	}
	if told := r.happening(s, i, classes); told != nil {
		return []*entity{told}
	}
	if s.IsVerb(i) {
		if len(classes) == 0 {
			return r.phrase(s, i)
		}
		return nil
	}
	in := r.x.rules.In
	if in("partitive", lower) {
		if e := r.place(); e != nil && isPlural(s, i) && len(s.Role(i, "of")) == 0 && wants(classes, schema.Territory) && s.Dependent(i, "nmod", "compound", "amod") < 0 {
			// "sections claimed by Chile" in the entry of a place
			return []*entity{r.ents.described(schema.Territory, lower+" of "+article(e.name)+e.name, "part", e.name, lower)}
		}
		for _, c := range s.Role(i, "of") {
			if es := r.partOf(s, i, c, classes); len(es) > 0 {
				return es
			}
			// "more than half of Belize"
			if es := r.partOf(s, i, c, []schema.Class{schema.State}); wants(classes, schema.Territory) && len(es) > 0 && es[0].class == schema.Territory {
				return es
			}
		}
	}
	switch {
	case wants(classes, schema.Instrument) && (in("instrument_noun", lower) || in("ruling_noun", lower) || lower == "plan" && slices.ContainsFunc(s.Dependents(i, "compound"), func(c int) bool {
		return in("treaty_noun", s.Lower(c)) || in("technical", s.Lower(c)) // "a six-point ceasefire plan"
	})):
		if es := r.namedOneByOne(s, i); len(es) > 1 {
			return es
		}
		if es := r.datedOneByOne(s, i); len(es) > 1 {
			return es
		}
		if e := r.instrument(s, i); e != nil {
			return []*entity{e}
		}
	case wants(classes, schema.Instrument) && in("paper_noun", lower):
		// "an 11-point text, the Argyle Declaration"
		for _, c := range s.Dependents(i, "appos") {
			if in("instrument_noun", s.Lower(c)) {
				return r.resolve(s, c, classes)
			}
		}
	case wants(classes, schema.Boundary) && (in("boundary_noun", lower) || lower == "line" && r.divides(s, i) || r.lineWith(s, i)):
		if es := r.boundaries(s, i); len(es) > 0 {
			return append(es, r.included(s, i)...)
		}
	case wants(classes, schema.Court) && (in("court_noun", lower) || in("judge_noun", lower) && slices.Contains(classes, schema.Court)) && !r.jointBody(s, i):
		return []*entity{r.court(s, i)}
	case wants(classes, schema.Boundary) && in("matter_noun", lower):
		if es := r.disputeTopic(s, i); len(es) > 0 {
			return es
		}
	}
	if slices.Contains(classes, schema.Person) {
		// "the Greek prime minister, Kyriakos Mitsotakis"
		for _, c := range s.Dependents(i, "appos") {
			if m := s.mentionAt(c); m != nil && m.ent.class == schema.Person {
				return []*entity{m.ent}
			}
		}
		if in("person_title", lower) && len(classes) == 1 {
			// "Iran's envoy to Kabul, Hassan Kazemi Qomi", whatever the tree makes of it
			for k := i + 1; k < min(i+5, len(s.Tokens)-1); k++ {
				if m := s.mentionAt(k + 1); s.texts[k] == "," && m != nil && m.ent.class == schema.Person {
					return []*entity{m.ent}
				}
				if s.Tokens[k].POS != "ADP" && s.Tokens[k].POS != "DET" && s.mentionAt(k) == nil {
					break
				}
			}
		}
		if len(classes) == 1 && isPlural(s, i) && (in("person_title", s.Lemma(i)) || in("people_noun", lower)) {
			if es := r.namedInOrder(s, i); len(es) > 1 {
				return es
			}
		}
		if len(classes) == 1 && in("people_noun", lower) && isPlural(s, i) && len(r.owners(s, i, []schema.Class{schema.State})) == 0 {
			return r.peopleBefore(s, i)
		}
	}
	// "rejected the charge": whoever made it
	if wants(classes, schema.State) && slices.Contains(classes, schema.Court) && in("charge_noun", lower) && r.someones(s, i) {
		if e := r.opponent(s, i); e != nil && e.fits(classes) {
			return []*entity{e}
		}
	}
	// "Article 2 provides": of the treaty that is being told of
	if wants(classes, schema.Instrument) && (lower == "article" || lower == "articles" || strings.HasPrefix(lower, "article ")) {
		if r.deed != nil {
			return []*entity{r.deed}
		}
		for k := i + 1; k < min(i+6, len(s.Tokens)); k++ {
			if h := s.Head(k); h >= 0 && (h == i || h == i+1) && s.Rel(k) == "nmod" && s.Case(k) == "of" || k > i+3 && s.Lower(i+2) == "of" && in("instrument_noun", s.Lower(k)) {
				return r.resolve(s, k, classes) // "Article 5 of the 1960 treaty"
			}
		}
		for _, e := range r.ents.order {
			if e.class == schema.Instrument {
				return []*entity{e}
			}
		}
	}
	if slices.Contains(classes, schema.Territory) && (lower == "state" || lower == "republic" || lower == "side") {
		// "the northeastern Indian state of Arunachal Pradesh", "the Syrian side of Mount Hermon"
		for _, c := range s.Role(i, "of") {
			if m := s.mentionAt(c); m != nil && m.ent.class.Is(schema.Place) && m.usage == gazetteer.AsName {
				if lower == "side" {
					return r.partOf(s, i, c, []schema.Class{schema.Territory})
				}
				return r.resolve(s, c, []schema.Class{schema.Territory})
			}
		}
	}
	if wants(classes, schema.Organization) || slices.Contains(classes, schema.Agent) {
		if e := r.organization(s, i, lower); e != nil {
			return []*entity{e}
		}
	}
	if isPlural(s, i) && len(classes) == 3 && slices.Contains(classes, schema.Person) && slices.Contains(classes, schema.Organization) && in("sanctioned_noun", lower) {
		if es := r.sanctioned(s, i); len(es) > 0 {
			if in("government_noun", lower) {
				es = append(es, r.owners(s, i, []schema.Class{schema.State})...) // on Russia's officials is on Russia
			}
			return es
		}
	}
	if wants(classes, schema.Person) || wants(classes, schema.State) || slices.Contains(classes, schema.Agent) {
		if es := r.polity(s, i, classes); len(es) > 0 {
			if slices.Contains(classes, schema.Person) && slices.Contains(classes, schema.Organization) {
				es = append(es, r.peopleAmong(s, i)...) // "Russian officials, among them A and B"
			}
			return es
		}
	}
	// "the annexation", which was told of before: of what
	if wants(classes, schema.Territory) && r.definite(s, i) && len(s.Role(i, "of")) == 0 {
		switch lower {
		case "annexation", "seizure", "incorporation":
			for k := len(r.facts) - 1; k >= 0; k-- {
				if f := &r.facts[k]; f.Predicate == schema.Seized && !f.Negated {
					if e := r.ents.byKey[f.Object.ID]; e != nil && e.fits(classes) {
						return []*entity{e}
					}
					break
				}
			}
		}
	}
	// "the island", "the emirate": a state that is one
	if wants(classes, schema.State) && !isPlural(s, i) && r.definite(s, i) && in("realm_noun", lower) && len(s.Role(i, "of")) == 0 && len(s.Dependents(i, "nmod:poss")) == 0 {
		if e := r.realm(s, i, lower); e != nil {
			return []*entity{e}
		}
	}
	if wants(classes, schema.Territory) && r.isLand(s.Sentence, i) && !in("boundary_noun", lower) {
		if es := r.territories(s, i); len(es) > 0 {
			o := r.sents[s.index]
			if e := es[0]; len(es) == 1 && e.named && r.definite(s, i) {
				if r.calledSo == nil {
					r.calledSo = map[string]*entity{}
				}
				r.calledSo[lower] = e
			}
			d := spoken{start: s.Tokens[i].Start, ents: es, plural: isPlural(s, i) && lower != "group", weak: !isPlural(s, i) && !r.definite(s, i)}
			if !(d.weak && in("polity_noun", lower)) && !slices.ContainsFunc(o.described, func(k spoken) bool { return k.start == d.start }) {
				o.described = append(o.described, d)
			}
			return es
		}
	}
	// "the dispute over the islands, now administered by Russia"
	if wants(classes, schema.Territory) && in("matter_noun", lower) {
		for _, p := range []string{"over", "of", "about", "on"} {
			for _, c := range s.Role(i, p) {
				if es := r.resolve(s, c, classes); len(es) > 0 {
					return es
				}
			}
		}
	}
	// "five places on the coast - the enclaves of Ceuta and Melilla"
	if wants(classes, schema.Territory) {
		for _, c := range s.Dependents(i, "appos") {
			if es := r.resolve(s, c, classes); c > i && len(es) > 0 {
				return es
			}
		}
	}
	if len(classes) == 0 {
		switch {
		case in("instrument_noun", lower):
			if e := r.instrument(s, i); e != nil {
				return []*entity{e}
			}
		case in("boundary_noun", lower):
			if es := r.boundaries(s, i); len(es) > 0 {
				return es
			}
		case r.isLand(s.Sentence, i) && r.definite(s, i):
			if es := r.pointsBack(s, i); len(es) > 0 {
				return es
			}
		}
		return r.phrase(s, i)
	}
	return nil
}

// namedInOrder returns the persons whose names follow the plural noun i and what they are
// of: "the foreign ministers of the two nations, A and B".
func (r *reader) namedInOrder(s *sentence, i int) []*entity {
	for k := i + 1; k < min(i+9, len(s.Tokens)-1); k++ {
		m := s.mentionAt(k)
		if next := s.mentionAt(k + 1); s.texts[k] == "," && next != nil && next.ent.class == schema.Person {
			return slices.DeleteFunc(s.listed(next), func(e *entity) bool { return e.class != schema.Person })
		}
		switch s.Tokens[k].POS {
		case "ADP", "DET", "NUM", "ADJ", "CCONJ":
		default:
			if s.texts[k] != "," && !(m != nil && m.ent.acts()) && !r.x.rules.In("polity_noun", s.Lower(k)) {
				return nil
			}
		}
	}
	return nil
}

// isLand reports whether token i is a common noun for land or water.
func (r *reader) isLand(s *frame.Sentence, i int) bool {
	in, lower := r.x.rules.In, s.Lower(i)
	if lower == "group" || lower == "groups" {
		for _, c := range s.Dependents(i, "amod", "compound") {
			if in("people_group", s.Lower(c)) {
				return false // "an armed group"
			}
		}
	}
	return in("territory_noun", lower) || in("territory_noun", s.Lemma(i)) && !in("polity_noun", lower)
}

// jointBody reports whether noun i is a commission of the parties themselves,
// which surveys and proposes but does not judge: "the joint boundary commission".
func (r *reader) jointBody(s *sentence, i int) bool {
	for k := r.premodifiers(s, i); k < i; k++ {
		switch s.Lower(k) {
		case "joint", "mixed", "bilateral", "technical":
			return true
		}
	}
	return false
}

// sanctioned returns the people or bodies that the plural noun i describes, with those
// of them that are named: "two executives of the company", "30 people, among them A".
func (r *reader) sanctioned(s *sentence, i int) []*entity {
	names := r.variants(s, i)
	if len(names) == 1 && strings.EqualFold(names[0], s.texts[i]) {
		return r.peopleAmong(s, i)
	}
	class := schema.Person
	switch s.Lower(i) {
	case "entities", "companies", "firms", "banks", "institutions", "vessels", "ships", "tankers", "exporters":
		class = schema.Organization
	}
	if first := r.nameFrom(s, i); first >= 2 && s.Tokens[first-1].POS == "CCONJ" {
		if m := s.mentionAt(first - 2); m != nil && m.usage == gazetteer.AsAdjective {
			names = []string{s.text(r, m.first, i+1)} // "Russian and Crimean officials"
		}
	}
	if n := s.Dependent(i, "nummod"); n >= 0 && n < i {
		names = append([]string{s.text(r, n, i+1)}, names...) // "twelve other officials"
	}
	e := r.ents.described(class, names[len(names)-1], s.Lower(i), names...)
	return append([]*entity{e}, r.peopleAmong(s, i)...)
}

// organization returns the organization spoken of last whose name ends in noun i, "the
// front" after "the Polisario Front", or that a word for many states stands for: "the
// 27-nation bloc".
func (r *reader) organization(s *sentence, i int, noun string) *entity {
	switch noun {
	case "bloc", "alliance", "front", "movement", "union", "council", "league", "party", "commission", "organization", "organisation", "community":
	default:
		return nil
	}
	if isPlural(s, i) || !r.definite(s, i) || len(s.Role(i, "of")) > 0 || len(s.Dependents(i, "nmod:poss")) > 0 {
		return nil
	}
	switch noun {
	case "bloc", "alliance":
		return r.before(s, i, func(e *entity) bool {
			return e.class == schema.Organization && e.entry != nil && (strings.HasSuffix(e.name, " Union") || strings.HasSuffix(e.name, " Organization") || strings.HasSuffix(e.name, " Community") || strings.HasSuffix(e.name, " Nations"))
		})
	}
	return r.before(s, i, func(e *entity) bool {
		return e.class == schema.Organization && e.named && strings.HasSuffix(strings.ToLower(e.name), " "+noun)
	})
}

// court resolves a noun for a court or those who sit on it: "the court",
// "judges at the International Court of Justice", "the U.N.'s top court".
func (r *reader) court(s *sentence, i int) *entity {
	for _, p := range []string{"of", "at", "on", "from"} {
		for _, c := range s.Role(i, p) {
			if m := s.mentionAt(c); m != nil && m.ent.class == schema.Court {
				return m.ent
			}
		}
	}
	for _, c := range s.Dependents(i, "amod") {
		switch s.Lower(c) {
		case "top", "highest", "principal", "supreme":
			for _, o := range s.Role(i, "owner") {
				if m := s.mentionAt(o); m != nil && m.ent.name == "United Nations" {
					if known := r.x.gaz.Lookup("International Court of Justice"); len(known) > 0 {
						return r.ents.known(known[0])
					}
				}
			}
		}
	}
	if r.definite(s, i) || r.x.rules.In("judge_noun", s.Lower(i)) && isPlural(s, i) {
		isCourt := func(e *entity) bool { return e.class == schema.Court }
		if e := cmp.Or(r.before(s, i, isCourt), r.lastOf(isCourt)); e != nil {
			return e
		}
	}
	name := r.bareName(s, i)
	if s.Lower(i+1) == "of" && i+2 < len(s.Tokens) && s.Tokens[i+2].Tag == "NN" && s.mentionAt(i+2) == nil {
		return r.ents.described(schema.Court, name+" of "+s.texts[i+2], s.Lower(i), name) // "a court of arbitration"
	}
	return r.ents.described(schema.Court, name, s.Lower(i))
}

// divides reports whether the line that noun i names is a boundary: one between states,
// or with one, that is agreed or marked.
func (r *reader) divides(s *sentence, i int) bool {
	h := s.Head(i)
	if h < 0 || !s.IsVerb(h) || !r.x.rules.In("delimit_verb", s.Lemma(h)) {
		return false
	}
	for _, p := range []string{"between", "with"} {
		for _, c := range s.Role(i, p) {
			if m := s.mentionAt(c); m != nil && m.ent.class == schema.State && (p == "between" || r.country != nil) {
				return true
			}
		}
	}
	return false
}

// remainder resolves "the rest", "the western half", "the southern part, X": of
// the place that was spoken of before, or what stands in apposition.
func (r *reader) remainder(s *sentence, i int) []*entity {
	switch s.Lower(i) {
	case "claim", "claims":
		return r.claimedBefore(s, i) // "ruled that Beijing's claims were unfounded"
	case "rest", "remainder", "half", "part", "third", "whole", "lot", "two-thirds", "quarter":
	case "north", "south", "east", "west":
		// "Turkish troops hold the north": of the country that it is about
		e := cmp.Or(r.country, r.voice)
		if m := r.islandBefore(s, i); m != nil {
			e = m // "Cyprus, where Turkey keeps troops in the north"
		}
		if e != nil && e.class == schema.State && (s.Rel(i) == "obj" || s.Tokens[i].Rel == "nsubj:pass" || s.Case(i) == "in") && r.definite(s, i) && len(s.Role(i, "of")) == 0 {
			side := s.Lower(i)
			return []*entity{r.ents.described(schema.Territory, side+" of "+e.name, "part", side, "the "+side, side+"ern "+e.name, side+"ern part of "+e.name)}
		}
		return nil
	case "cent", "percent", "%":
		// "60 per cent goes to Denmark": of what the passage is about
		if h := s.Head(i); h < 0 || s.Rel(i) != "nsubj" || len(s.Role(i, "of")) > 0 || s.Lemma(h) != "go" && s.Lemma(h) != "pass" && s.Lemma(h) != "belong" && s.Lemma(h) != "fall" {
			return nil
		}
		if whole := r.placesBefore(s, i, false); len(whole) == 1 && whole[0].named {
			first, _ := s.Span(i, nil)
			share := s.text(r, first, i+1)
			return []*entity{r.ents.described(schema.Territory, share+" of "+article(whole[0].name)+whole[0].name, "part", share)}
		}
		return nil
	default:
		return nil
	}
	if !r.definite(s, i) || len(s.Role(i, "of")) > 0 {
		return nil
	}
	for _, c := range s.Dependents(i, "appos") {
		if m := s.mentionAt(c); m != nil && m.ent.class == schema.Territory {
			return []*entity{m.ent}
		}
	}
	name := r.bareName(s, i)
	if w := s.Lower(i); w == "whole" || w == "lot" {
		return r.placesBefore(s, i, false)
	}
	if whole := r.placesBefore(s, i, false); len(whole) == 1 && whole[0].named {
		return []*entity{r.ents.described(schema.Territory, name+" of "+article(whole[0].name)+whole[0].name, "part", name, name+" of "+whole[0].name)}
	}
	return nil
}

// islandBefore returns the state that the sentence names before a clause with "where" or
// "whose" around token i.
func (r *reader) islandBefore(s *sentence, i int) *entity {
	for k := i; k > 0 && k > i-8; k-- {
		if w := s.Lower(k); w != "where" && w != "whose" {
			continue
		}
		for n := k - 1; n >= max(0, k-2); n-- {
			if m := s.mentionAt(n); m != nil && m.ent.class == schema.State && m.usage == gazetteer.AsName {
				return m.ent
			}
		}
	}
	return nil
}

// someones reports whether noun i names an act that is known already and whose
// it is not said: "the visit", "Wednesday's visit", "…, a step that".
func (r *reader) someones(s *sentence, i int) bool {
	dated := false
	for _, c := range s.Role(i, "owner") {
		if s.timeAt[c] < 0 {
			return false
		}
		dated = true
	}
	return dated || r.definite(s, i) || s.Rel(i) == "appos"
}

// realm returns the state spoken of last that noun i describes, where no place
// that it could stand for was spoken of since.
func (r *reader) realm(s *sentence, i int, noun string) *entity {
	for n := s.index; n >= 0 && n >= s.index-4; n-- {
		o := r.sents[n]
		for k := len(o.mentions) - 1; k >= 0; k-- {
			m := o.mentions[k]
			switch {
			case n == s.index && later(o, m, s, i):
			case m.ent.class == schema.State && m.ent.entry != nil && noun == "island":
				if r.x.rules.In("island_state", schema.Fold(m.ent.name)) {
					return m.ent
				}
			case m.ent.class == schema.State && m.ent.entry != nil:
				if slices.ContainsFunc(m.ent.aliases, func(a string) bool { return strings.Contains(strings.ToLower(a), noun) }) || r.x.rules.In("realm_state", schema.Fold(m.ent.name)) {
					return m.ent
				}
			case m.ent.class == schema.Territory && noun == "island" && (strings.HasSuffix(strings.ToLower(m.ent.name), "island") || m.ent.entry != nil && kindIs(m.ent, "islet")):
				return nil
			}
		}
	}
	for _, e := range []*entity{r.country, r.voice} {
		if noun == "island" && e != nil && r.x.rules.In("island_state", schema.Fold(e.name)) {
			return e // "the island" in a speech of Cyprus
		}
	}
	return nil
}

// resolveMention returns what a name stands for where one of the classes is
// wanted.
func (r *reader) resolveMention(s *sentence, m *mention, classes []schema.Class) []*entity {
	e := m.ent
	if e.class == schema.Thing {
		r.settle(s, m, classes)
		e = m.ent
	}
	// "Matthew and Hunter Islands" is two places under one name
	if e.entry != nil && strings.Contains(e.name, " and ") && e.class.Is(schema.Place) && wants(classes, schema.Territory) {
		if es := r.parts(e); len(es) > 1 {
			return es
		}
	}
	// what a leader does in office, the state does
	if e.class == schema.Person && !e.fits(classes) && wants(classes, schema.State) {
		if st := r.state(e); st != nil {
			return []*entity{st}
		}
		return nil
	}
	if wants(classes, schema.Territory) && e.class == schema.State {
		if part := r.region(s, m); part != nil {
			return []*entity{part}
		}
	}
	if m.usage == gazetteer.AsDemonym && len(classes) == 3 && slices.Contains(classes, schema.Person) && slices.Contains(classes, schema.Organization) && s.Dependent(m.head, "nummod") >= 0 {
		return []*entity{r.ents.described(schema.Person, s.text(r, s.Dependent(m.head, "nummod"), m.last), "people")} // "20 Russians"
	}
	// "captured Sukhumi": land is the city itself, not whom it speaks for
	if m.usage == gazetteer.AsMetonym && len(classes) > 0 && classes[0] == schema.Territory && e.class != schema.Place && m.list < 0 {
		city := r.ents.described(schema.Territory, s.text(r, m.first, m.last), "city")
		city.named = true
		return []*entity{city}
	}
	if wants(classes, schema.State) && m.usage == gazetteer.AsMetonym && s.Rel(m.head) == "compound" && (r.x.rules.In("treaty_noun", s.Lower(m.last)) || s.Lower(m.last) == "award" || s.Lower(m.last) == "arbitration") {
		return nil // "the Paris award", "the Algiers Agreement": where it was made
	}
	if then := r.then(m); then != nil && then.fits(classes) {
		r.touch(then)
		return []*entity{then}
	}
	// "the Japanese", "Moscow": whoever they speak for is already the entity
	if e.fits(classes) {
		r.touch(e)
		return []*entity{e}
	}
	// a capital city where land is wanted is the city itself: no entity for it
	return nil
}

// then returns the state of its time that a capital stands for in a document
// that names that state and not the one of today: "Prague" beside "Czechoslovakia".
func (r *reader) then(m *mention) *entity {
	if m.usage != gazetteer.AsMetonym || m.ent.entry == nil || m.ent.class != schema.State || m.ent.kind == "historical-state" {
		return nil
	}
	if r.byName == nil {
		r.byName = map[*entity]*entity{}
	}
	if e, known := r.byName[m.ent]; known {
		return e
	}
	var old *entity
	if !strings.Contains(r.doc.Text, m.ent.name) {
		for _, e := range r.ents.order {
			if e.class == schema.State && e.became(m.ent) && strings.Contains(r.doc.Text, e.name) {
				old = e
			}
		}
		if old == nil {
			return nil // it may yet be named
		}
	}
	r.byName[m.ent] = old
	return old
}

// region returns the part of a state that a point of the compass before its
// name singles out, "southern Somalia", or nil.
func (r *reader) region(s *sentence, m *mention) *entity {
	if m.usage != gazetteer.AsName {
		return nil
	}
	if e := r.beyond(s, m); e != nil {
		return e
	}
	if m.first == 0 {
		return nil
	}
	word := s.Lower(m.first - 1)
	switch {
	case compass(strings.TrimSuffix(word, "ern")), word == "central", word == "upper", word == "lower":
	default:
		return nil
	}
	e := r.ents.described(schema.Territory, s.texts[m.first-1]+" "+m.ent.name, "region")
	for _, a := range m.ent.aliases {
		e.addName(s.texts[m.first-1] + " " + a)
	}
	return e
}

// beyond returns the part of a state that lies on one side of a line, "Guyana west
// of the Essequibo River", or nil where the words after its name single out none.
func (r *reader) beyond(s *sentence, m *mention) *entity {
	o := r.sents[s.index]
	k := slices.IndexFunc(o.mentions, func(n *mention) bool { return n.ent == m.ent && o.Tokens[n.last-1].End == s.Tokens[m.last-1].End })
	if k < 0 {
		return nil
	}
	first, side := o.mentions[k].first, o.mentions[k].last
	if !compass(o.Lower(side)) || o.Lower(side+1) != "of" {
		return nil
	}
	last := side + 2
	if o.Lower(last) == "the" {
		last++
	}
	line := o.mentionAt(last)
	if line == nil {
		return nil
	}
	name := o.text(r, first, line.last)
	return r.ents.described(schema.Territory, name, "region", "all of "+name, m.ent.name+" "+o.Lower(side)+" of "+line.ent.name)
}

// parts returns the members that the gazetteer has for a group by definition, none
// where it does not know the place.
func (r *reader) parts(e *entity) []*entity {
	if e.entry == nil {
		return nil
	}
	var out []*entity
	for _, m := range r.x.gaz.All() {
		first, _, _ := strings.Cut(m.Name, " ")
		if slices.Contains(m.MemberOf, e.entry.ID) && strings.Contains(e.name, first) {
			out = append(out, r.ents.known(m))
		}
	}
	if len(out) == 0 {
		for _, part := range strings.Split(e.name, " and ") {
			if known := r.x.gaz.Lookup(part); len(known) > 0 && known[0].Place() {
				out = append(out, r.ents.known(known[0]))
			}
		}
	}
	return out
}

// state returns the state that a person leads or speaks for, as far as the
// document has told, or nil.
func (r *reader) state(p *entity) *entity {
	for i := len(r.facts) - 1; i >= 0; i-- {
		f := &r.facts[i]
		if f.Predicate == schema.HoldsOffice && f.Subject.ID == p.key && f.Qualifier(schema.RoleStatus).Name != "former" && r.speaksForState(f.Object) {
			if e := r.ents.byKey[f.Qualifier(schema.RoleOf).ID]; e != nil && e.acts() {
				return e
			}
		}
	}
	return r.acted[p]
}

// speaksForState reports whether the holder of an office acts for the state.
func (r *reader) speaksForState(office schema.Entity) bool {
	o := r.x.gaz.LookupOffice(office.Name)
	if o == nil {
		return false
	}
	switch o.Level {
	case "head-of-state", "head-of-government", "foreign-minister", "defense-minister", "deputy-head-of-government", "minister", "spokesperson",
		"deputy-foreign-minister", "deputy-minister", "ambassador", "leader":
		return true
	}
	return false
}

// settle decides what a name that nobody knows is, once a rule needs it to be
// something.
func (r *reader) settle(s *sentence, m *mention, classes []schema.Class) {
	name := s.text(r, m.first, m.last)
	switch {
	case wants(classes, schema.Territory):
		m.ent = r.ents.described(schema.Territory, name, "")
	case wants(classes, schema.Person) && strings.Contains(name, " "):
		m.ent = r.person(name)
	default:
		return
	}
	m.ent.named = true
}

// touch records that an entity was just mentioned.
func (r *reader) touch(e *entity) {
	if i := slices.Index(r.recent, e); i >= 0 {
		r.recent = slices.Delete(r.recent, i, i+1)
	}
	r.recent = append(r.recent, e)
}

// lastOf returns the entity mentioned last that passes, or nil.
func (r *reader) lastOf(pass func(*entity) bool) *entity {
	for i := len(r.recent) - 1; i >= 0; i-- {
		if pass(r.recent[i]) {
			return r.recent[i]
		}
	}
	return nil
}

// definite reports whether the noun i is marked as known already.
func (r *reader) definite(s *sentence, i int) bool {
	if s.Rel(i) == "compound" && s.Lower(i-1) == "the" {
		return true // "declared the treaty void": the article hangs on what is no noun
	}
	for _, c := range s.Children(i) {
		switch s.Lower(c) {
		case "such":
			if s.Tokens[c].Rel != "det:predet" {
				return true // but "such an agreement" is another one
			}
		case "the", "this", "that", "these", "those", "its", "their", "both", "said", "all":
			return true
		}
	}
	return false
}

// pronoun resolves pronouns and the like; ok is false where i is none.
func (r *reader) pronoun(s *sentence, i int, classes []schema.Class) (es []*entity, ok bool) {
	plural := false
	switch s.Lower(i) {
	case "it", "its", "itself", "he", "she", "his", "her", "him", "himself":
	case "they", "their", "them", "theirs", "themselves", "both", "all", "each", "these", "those":
		plural = true
	case "neither":
		if s.Tokens[i].Rel != "obl:agent" {
			return nil, false
		}
		plural = true
	case "two":
		if !r.definite(s, i) || s.IsNoun(i) {
			return nil, false
		}
		return r.pairBefore(s, i), true // "the frontier between the two"
	case "we", "our", "us", "my", "i":
		if e := r.speaker(s, i); e != nil { // "our territory", said by somebody
			if e.class == schema.Person {
				e = r.state(e)
			}
			if e != nil && e.fits(classes) {
				return []*entity{e}, true
			}
		}
		for _, e := range []*entity{r.country, r.voice} {
			if e != nil && e.fits(classes) {
				return []*entity{e}, true
			}
		}
		return nil, true
	case "which", "who", "that", "whose", "whom", "this":
	case frame.There:
		if !wants(classes, schema.Territory) {
			return nil, true
		}
		if es := r.placesBefore(s, i, false); len(es) > 0 {
			return es, true
		}
		return r.placesBefore(s, i, true), true
	default:
		return nil, false
	}
	if len(s.Role(i, "of")) > 0 {
		return nil, false
	}
	if len(classes) == 1 && classes[0] == schema.Court && !plural {
		if e := r.courtBefore(s, i); e != nil {
			return []*entity{e}, true
		}
		return nil, true
	}
	if wants(classes, schema.Instrument) && len(classes) == 1 {
		if slices.ContainsFunc(s.Conjuncts(i)[1:], func(c int) bool { m := s.mentionAt(c); return m != nil && m.ent.class == schema.State }) {
			return nil, true // "it and Dublin had settled"
		}
		if e := r.lastOf(func(e *entity) bool { return e.class == schema.Instrument }); e != nil && plural == (e.plural && plural) {
			return []*entity{e}, true
		}
		return nil, true
	}
	if wants(classes, schema.Person) && len(classes) == 1 {
		if plural {
			return r.peopleBefore(s, i), true
		}
		if e := r.before(s, i, func(e *entity) bool { return e.class == schema.Person }); e != nil {
			return []*entity{e}, true
		}
		return nil, true
	}
	if h := s.Head(i); s.Lower(i) == "it" && slices.Contains(classes, schema.State) && s.Rel(i) == "nsubj" && h >= 0 && s.Dependent(h, "cop") >= 0 {
		switch s.Lower(h) {
		case "colony", "protectorate", "republic", "kingdom", "dominion":
			// "Guyana says … when it was still a British colony"
			if e := r.subjectBefore(s, h, []schema.Class{schema.State}); e != nil && e.class == schema.State {
				return []*entity{e}, true
			}
		}
	}
	if e := r.freed(s, i); e != nil && e.fits(classes) {
		return []*entity{e}, true
	}
	if wants(classes, schema.Territory) {
		if slices.Contains(classes, schema.State) {
			// "says that it belongs to it": the second is who says so
			if e := r.sayer(s, i); e != nil {
				return []*entity{e}, true
			}
		}
		if l := r.placesBefore(s, i, plural); len(l) > 0 {
			return l, true
		}
		if e := r.place(); e != nil && e.fits(classes) && plural == isGroupKind(e) {
			return []*entity{e}, true
		}
		if !slices.Contains(classes, schema.State) {
			return nil, true
		}
	}
	switch s.Lower(i) {
	case "he", "she", "his", "her", "him", "himself":
		if p := r.before(s, i, func(e *entity) bool { return e.class == schema.Person }); p != nil && wants(classes, schema.State) {
			if p.fits(classes) {
				return []*entity{p}, true
			}
			if st := r.state(p); st != nil {
				return []*entity{st}, true
			}
		}
	case "its", "their":
		if e := r.robbed(s, i); e != nil && e.fits(classes) {
			return []*entity{e}, true
		}
		if e := r.blamed(s, i); e != nil && e.fits(classes) {
			return []*entity{e}, true
		}
	}
	if w := s.Lower(i); w == "they" || w == "them" {
		if es, others := r.forcesBefore(s, i); others {
			return es, true
		}
	}
	if plural {
		// "the Armenians …; they"
		o := r.sents[s.index]
		for k := len(o.mentions) - 1; k >= 0 && s.Lower(i) == "they"; k-- {
			if m := o.mentions[k]; !later(o, m, s, i) && m.ent.class == schema.State {
				if m.usage == gazetteer.AsDemonym && m.list < 0 {
					return []*entity{m.ent}, true
				}
				break
			}
		}
		return r.pairBefore(s, i), true
	}
	if h := s.Head(i); s.Lower(i) == "it" && h >= 0 && s.Rel(i) == "nsubj" && s.Rel(h) == "conj" && s.Head(h) >= 0 {
		// "In 2023 it summoned …, and it lodged …": the same
		if c := s.Dependent(s.Head(h), "nsubj"); c >= 0 && c < i && s.Lower(c) == "it" {
			return r.pronoun(s, c, classes)
		}
	}
	if s.Lower(i) == "it" && r.ofOrganization(s, i) && !wants(classes, schema.Organization) {
		return nil, true // "the front said that it was no longer bound"
	}
	if e := r.othersOwn(s, i, classes); e != nil {
		return []*entity{e}, true
	}
	// the subject of the sentence is the likeliest antecedent
	if e := r.subjectBefore(s, i, classes); e != nil {
		return []*entity{e}, true
	}
	if e := r.subjectLast(s, i, classes); e != nil {
		return []*entity{e}, true
	}
	if e := r.before(s, i, func(e *entity) bool { return e.class == schema.State && e.fits(classes) }); e != nil {
		return []*entity{e}, true
	}
	if e := r.lastOf(func(e *entity) bool { return e.fits(classes) && e.class == schema.State }); e != nil {
		return []*entity{e}, true
	}
	if r.country != nil && r.country.fits(classes) {
		return []*entity{r.country}, true
	}
	return nil, true
}

// freed returns whose independence "it" is where the sentence recognizes it after
// speaking of that: "Finland declared its independence, and Russia recognized it".
func (r *reader) freed(s *sentence, i int) *entity {
	h := s.Head(i)
	if s.Lower(i) != "it" || h < 0 || s.Rel(i) != "obj" {
		return nil
	}
	switch s.Lemma(h) {
	case "recognize", "recognise", "acknowledge", "accept":
	default:
		return nil
	}
	for k := i - 1; k >= 0; k-- {
		switch s.Lower(k) {
		case "independence", "statehood", "secession":
		default:
			continue
		}
		for _, o := range s.Role(k, frame.Owner) {
			if es := r.resolve(s, o, []schema.Class{schema.State}); len(es) == 1 {
				return es[0]
			}
		}
		for _, a := range s.Role(k, frame.Agent) {
			if es := r.resolve(s, a, []schema.Class{schema.State}); len(es) == 1 {
				return es[0]
			}
		}
		return nil
	}
	return nil
}

// ofOrganization reports whether pronoun i is the subject of what an organization says.
func (r *reader) ofOrganization(s *sentence, i int) bool {
	v := s.Head(i)
	if v < 0 || s.Rel(i) != "nsubj" || s.Rel(v) != "ccomp" || s.Head(v) < 0 {
		return false
	}
	for _, c := range s.Dependents(s.Head(v), "nsubj") {
		if m := s.mentionAt(c); m != nil {
			return m.ent.class == schema.Organization
		}
		if r.organization(s, c, s.Lower(c)) != nil {
			return true
		}
	}
	return false
}

// courtBefore returns the court that pronoun i is, where the sentence before is about
// one: "The court met again. In 2012 it confirmed …".
func (r *reader) courtBefore(s *sentence, i int) *entity {
	if s.Rel(i) != "nsubj" || s.index == 0 || s.index > len(r.sents) {
		return nil
	}
	o := r.sents[s.index-1]
	for k := range o.Tokens {
		if o.Rel(k) != "nsubj" || o.Rel(max(o.Head(k), 0)) != "root" {
			continue
		}
		if m := o.mentionAt(k); m != nil {
			if m.ent.class == schema.Court {
				return m.ent
			}
			return nil
		}
		if (r.x.rules.In("court_noun", o.Lower(k)) || r.x.rules.In("judge_noun", o.Lower(k))) && o.Lower(k) != "committee" {
			return r.court(o, k)
		}
	}
	return nil
}

// robbed returns who says that another takes "its" land, where token i is the pronoun:
// India in "India says China occupies part of its territory".
func (r *reader) robbed(s *sentence, i int) *entity {
	if h := s.Head(i); h < 0 || !r.x.rules.In("soil_noun", s.Lower(h)) {
		return nil
	}
	for k, n := i, 0; k >= 0 && n < 6; k, n = s.Head(k), n+1 {
		if !s.IsVerb(k) {
			continue
		}
		switch s.Lemma(k) {
		case "occupy", "seize", "annex", "invade", "hold", "control", "take", "violate", "enter", "attack":
		default:
			return nil
		}
		h := s.Head(k)
		if h < 0 || s.Rel(k) != "ccomp" || !r.x.rules.In("opine", s.Lemma(h)) {
			return nil
		}
		return r.stateSaying(s, h)
	}
	return nil
}

// stateSaying returns the state whose words verb i reports, or nil.
func (r *reader) stateSaying(s *sentence, i int) *entity {
	for _, e := range r.opiners(s, i) {
		if e.class == schema.State {
			return e
		}
	}
	return nil
}

// blamed returns whose doing it is that somebody is blamed for: Russia in
// "imposed sanctions on Russia over its annexation of Crimea". Token i is the
// pronoun.
func (r *reader) blamed(s *sentence, i int) *entity {
	noun := s.Head(i)
	if noun < 0 || s.Rel(i) != "nmod" {
		return nil
	}
	switch s.Case(noun) {
	case "over", "for", "after", "because of", "following", "due to":
	default:
		return nil
	}
	for k := i - 1; k >= 0 && k >= i-8; k-- {
		m := s.mentionAt(k)
		if m == nil || m.ent.class != schema.State || m.usage == gazetteer.AsAdjective || s.Rel(k) == "nsubj" {
			continue
		}
		for n := k - 1; n >= 0 && n >= k-6; n-- {
			if r.x.rules.In("blame", s.Lemma(n)) {
				return m.ent
			}
		}
		return nil
	}
	return nil
}

// othersOwn resolves "its" in "refuses to recognize its independence": not that
// of who refuses, but of the state or breakaway region spoken of before.
func (r *reader) othersOwn(s *sentence, i int, classes []schema.Class) *entity {
	h := s.Head(i)
	if h < 0 || s.Tokens[i].Rel != "nmod:poss" || s.Rel(h) != "obj" || s.Head(h) < 0 {
		return nil
	}
	switch s.Lemma(h) {
	case "independence", "sovereignty", "statehood", "secession", "claim":
	default:
		return nil
	}
	switch s.Lemma(s.Head(h)) {
	case "recognize", "recognise", "accept", "acknowledge", "reject", "dispute":
	default:
		return nil
	}
	var subject []*entity
	for _, a := range s.Role(s.Head(h), "agent") {
		subject = r.resolve(s, a, []schema.Class{schema.State})
	}
	return r.before(s, i, func(e *entity) bool { return e.acts() && e.fits(classes) && !slices.Contains(subject, e) })
}

// forcesBefore tells who "they" are where the sentence before is about several
// who are no states: those whose troops they are, or nobody that is known ("the
// rebels control the town; they"). It reports false where it is not.
func (r *reader) forcesBefore(s *sentence, i int) ([]*entity, bool) {
	// "Russian troops drove them out, and they still occupy"
	here := r.sents[s.index]
	for k := range here.Tokens {
		if here.Rel(k) == "nsubj" && here.Tokens[k].Tag == "NNS" && here.Tokens[k].Start < s.Tokens[i].Start && s.Lower(i) == "they" && r.x.rules.In("government_noun", here.Lower(k)) {
			if owners := r.owners(here, k, []schema.Class{schema.State}); len(owners) == 1 {
				return owners, true
			}
		}
	}
	if s.index == 0 || s.index >= len(r.sents) {
		return nil, false
	}
	o := r.sents[s.index-1]
	for k := range o.Tokens {
		if o.Rel(k) != "nsubj" || o.Tokens[k].Tag != "NNS" || o.mentionAt(k) != nil || r.x.rules.In("polity_noun", o.Lower(k)) {
			continue
		}
		owners := r.owners(o, k, []schema.Class{schema.State})
		if len(owners) == 1 && r.x.rules.In("government_noun", o.Lower(k)) {
			return owners, true
		}
		if len(owners) == 0 && !r.x.rules.In("government_noun", o.Lower(k)) {
			return nil, true
		}
	}
	return nil, false
}

// sayer returns the state that says what pronoun i is an object or possessor in,
// where the clause has another subject.
func (r *reader) sayer(s *sentence, i int) *entity {
	switch s.Rel(i) {
	case "obl", "nmod":
	default:
		return nil
	}
	for k, n := i, 0; k >= 0 && n < 6; k, n = s.Head(k), n+1 {
		h := s.Head(k)
		if h < 0 || s.Rel(k) != "ccomp" || !r.x.rules.In("opine", s.Lemma(h)) {
			continue
		}
		if c := s.Dependent(k, "nsubj"); c < 0 || c == i {
			return nil
		}
		return r.stateSaying(s, h)
	}
	return nil
}

// spoken is a description of places with what it stands for: "the two islets".
type spoken struct {
	start  int // of the noun, in bytes
	ents   []*entity
	plural bool
	weak   bool // "a base": spoken of in passing
}

// placesBefore returns the places that "it" or "they" are: of the names and
// descriptions of places before token i, the first of its own sentence, or else
// of the nearest one that has any; those that agree in number, and land rather
// than the sea that it lies in.
func (r *reader) placesBefore(s *sentence, i int, plural bool) []*entity {
	at := s.Tokens[min(i, len(s.Tokens)-1)].Start
	var fallback []*entity
	for n := s.index; n >= 0 && n >= s.index-6; n-- {
		var found []spoken
		o := r.sents[n]
		for _, m := range o.mentions {
			if m.aside || !m.ent.class.Is(schema.Place) || m.ent.class != schema.Territory && !plural || m.usage != gazetteer.AsName && !plural || o.Tokens[m.first].Start >= at {
				continue
			}
			if m.list >= 0 && plural {
				if o.mentions[o.lists[m.list][0]] == m {
					found = append(found, spoken{start: o.Tokens[m.first].Start, ents: o.listed(m), plural: true})
				}
				continue
			}
			found = append(found, spoken{start: o.Tokens[m.first].Start, ents: []*entity{m.ent}, plural: isGroupKind(m.ent)})
		}
		for _, d := range o.described {
			if d.start < at {
				found = append(found, d)
			}
		}
		slices.SortStableFunc(found, func(a, b spoken) int { return a.start - b.start })
		for _, weak := range []bool{false, true} {
			for _, d := range found {
				if d.plural == plural && d.weak == weak && !(len(d.ents) == 1 && isWater(d.ents[0])) {
					return d.ents
				}
			}
		}
		if fallback == nil && len(found) > 0 && n >= s.index-3 {
			fallback = found[len(found)-1].ents
			if !plural {
				fallback = found[0].ents[:1]
			}
		}
	}
	return fallback
}

// isWater reports whether a place is a sea, lake or river that other places lie
// in or on.
func isWater(e *entity) bool {
	if e.entry == nil {
		return false
	}
	switch e.entry.Kind {
	case "sea", "ocean", "gulf", "river", "strait", "bay", "lake":
		return true
	}
	return false
}

// subjectBefore returns the grammatical subject nearest above or before i that
// acts.
func (r *reader) subjectBefore(s *sentence, i int, classes []schema.Class) *entity {
	seen := map[int]bool{}
	for k := s.Head(i); k >= 0 && !seen[k]; k = s.Head(k) {
		seen[k] = true
		subjects := s.Dependents(k, "nsubj", "nsubj:pass")
		if len(subjects) == 0 && s.IsVerb(k) && !s.Accused(k) {
			subjects = s.Role(k, frame.Agent) // "ordered Uganda to pay for its occupation"
		}
		for _, c := range subjects {
			if c >= i {
				continue
			}
			if k == s.Head(i) && s.Rel(i) != "nmod" && s.Tokens[i].Rel != "nmod:poss" && s.IsVerb(k) {
				continue // "A leased the land to it": whoever "it" is, not A
			}
			if m := s.mentionAt(c); m != nil && m.ent.fits(classes) && m.ent.acts() && m.list < 0 && (m.ent.class != schema.Court || slices.Contains(classes, schema.Court)) {
				return m.ent
			}
			if s.mentionAt(c) == nil && s.IsNoun(c) {
				if es := r.polity(s, c, classes); len(es) == 1 {
					return es[0]
				}
			}
		}
	}
	return nil
}

// subjectLast returns who acts as the subject of the sentence before, where pronoun i
// begins this one: "Somaliland declared independence in 1991. It controls …".
func (r *reader) subjectLast(s *sentence, i int, classes []schema.Class) *entity {
	if s.index == 0 || s.index > len(r.sents) || s.Rel(i) != "nsubj" && s.Tokens[i].Rel != "nmod:poss" {
		return nil
	}
	here := r.sents[s.index]
	if slices.ContainsFunc(here.mentions, func(m *mention) bool { return m.ent.acts() && !later(here, m, s, i) }) {
		return nil
	}
	if e := r.sents[s.index-1].subject; e != nil && e.fits(classes) {
		return e
	}
	return nil
}

// mainActor returns who acts as the subject of the original sentence o, "it" resolved to
// whoever it was in the sentence before; nil where it is no state.
func (r *reader) mainActor(o *sentence) *entity {
	for k := range o.Tokens {
		if o.Rel(k) != "nsubj" || o.Head(k) < 0 || o.Rel(o.Head(k)) != "root" {
			continue
		}
		m := o.mentionAt(k)
		switch {
		case m != nil && m.usage == gazetteer.AsName && m.list < 0 && m.ent.acts() && m.ent.class != schema.Organization && m.ent.class != schema.Court:
			return m.ent
		case m == nil && o.Lower(k) == "it" && o.index > 0 && !slices.ContainsFunc(o.mentions, func(m *mention) bool { return m.ent.acts() && m.first < k }):
			return r.sents[o.index-1].subject
		}
		return nil
	}
	return nil
}

// before returns the entity mentioned nearest before token i of the sentence,
// or else in an earlier one.
func (r *reader) before(s *sentence, i int, pass func(*entity) bool) *entity {
	o := r.sents[s.index]
	for k := len(o.mentions) - 1; k >= 0; k-- {
		if m := o.mentions[k]; !m.aside && !later(o, m, s, i) && pass(m.ent) {
			return m.ent
		}
	}
	// an earlier sentence is about what it names first
	for n := s.index - 1; n >= 0 && n >= s.index-6; n-- {
		for _, m := range r.sents[n].mentions {
			if !m.aside && pass(m.ent) {
				return m.ent
			}
		}
	}
	return nil
}

// later reports whether a mention of the original sentence o does not come
// before token i of s, which may be only a part of it.
func later(o *sentence, m *mention, s *sentence, i int) bool {
	return i < len(s.Tokens) && o.Tokens[m.last-1].End > s.Tokens[i].Start
}

// listBefore returns the enumeration of places nearest before token i.
func (r *reader) listBefore(s *sentence, i int) []*entity {
	for n := s.index; n >= 0 && n >= s.index-3; n-- {
		prev := r.sents[n]
		for k := len(prev.mentions) - 1; k >= 0; k-- {
			m := prev.mentions[k]
			if m.aside || n == s.index && later(prev, m, s, i) || !m.ent.class.Is(schema.Place) || m.list < 0 && (m.ent.class != schema.Territory || isWater(m.ent)) {
				continue
			}
			return prev.listed(m)
		}
	}
	return nil
}

// couple holds the nouns that say how many belong together.
var couple = map[string]int{"pair": 2, "duo": 2, "trio": 3}

// listOf returns the n places that the document has listed together last before token i.
func (r *reader) listOf(s *sentence, i, n int) []*entity {
	for k := s.index; k >= 0 && k >= s.index-5; k-- {
		prev := r.sents[k]
		for j := len(prev.mentions) - 1; j >= 0; j-- {
			m := prev.mentions[j]
			if m.aside || k == s.index && later(prev, m, s, i) || m.ent.class != schema.Territory {
				continue
			}
			if l := prev.listed(m); len(l) == n && !slices.ContainsFunc(l, isWater) {
				return l
			}
			if m.ent.entry != nil && strings.Contains(m.ent.name, " and ") {
				if parts := r.parts(m.ent); len(parts) == n {
					return parts
				}
			}
		}
	}
	return nil
}

// peopleBefore returns the two or more persons that "they" or "the two leaders"
// are: those listed or named last, unless two states stand nearer.
func (r *reader) peopleBefore(s *sentence, i int) []*entity {
	var out []*entity
	for n := s.index; n >= 0 && n >= s.index-3; n-- {
		prev := r.sents[n]
		for k := len(prev.mentions) - 1; k >= 0; k-- {
			m := prev.mentions[k]
			switch {
			case n == s.index && later(prev, m, s, i):
			case m.ent.class == schema.State && m.list >= 0 && m.usage != gazetteer.AsAdjective:
				return nil
			case m.ent.class == schema.Person && m.list >= 0 && len(out) == 0:
				for _, e := range prev.listed(m) {
					if e.class == schema.Person && !slices.Contains(out, e) {
						out = append(out, e)
					}
				}
				return out
			case m.ent.class == schema.Person && !slices.Contains(out, m.ent):
				if out = append(out, m.ent); len(out) == 2 {
					return out
				}
			}
		}
	}
	return nil
}

// pairBefore returns the states that "they", "both" or "the two countries"
// are: the enumeration or the two states mentioned last.
func (r *reader) pairBefore(s *sentence, i int) []*entity {
	if len(r.parties) == 2 && r.hasPair(s, i) {
		return r.parties
	}
	if e := r.otherOf(s, i); e != nil {
		return []*entity{r.country, e}
	}
	if es := r.pairLast(s, i); es != nil {
		return es
	}
	var out []*entity
	var named []bool  // each by its name, not by an adjective or a person
	together := false // in one sentence
	first := -1
	for n := s.index; n >= 0 && n >= s.index-4 && len(out) < 2; n-- {
		prev := r.sents[n]
		for k := len(prev.mentions) - 1; k >= 0 && len(out) < 2; k-- {
			m := prev.mentions[k]
			if n == s.index && later(prev, m, s, i) {
				continue
			}
			if m.ent.class == schema.Person {
				if st := r.state(m.ent); st != nil && !slices.Contains(out, st) && (m.list < 0 || len(out) > 0) {
					out = append(out, st)
					named = append(named, false)
				}
				continue
			}
			if m.aside || prev.setting(m) || prev.between(m) || n < s.index && r.pastParties(prev, m) || m.usage == gazetteer.AsAdjective && m.ent.kind == "historical-state" || m.ent.class != schema.State || m.ent.entry == nil && !m.ent.named {
				continue
			}
			if m.list >= 0 && prev.hyphenated[m.list] && m.last < len(prev.Tokens) && prev.mentionAt(m.last) == nil && prev.IsNoun(m.last) {
				continue // "the joint UK-US base"
			}
			if m.list >= 0 && r.ofPact(prev, m) {
				if main := r.mainParties(); len(main) == 2 && !slices.Contains(main, m.ent) && r.namedLately(s, main) {
					continue // who made an old accord, not who is at odds
				}
			}
			if m.list >= 0 && len(out) == 0 {
				for _, e := range prev.listed(m) {
					if !slices.Contains(out, e) {
						out = append(out, e)
					}
				}
				if main := r.mainParties(); n == s.index && s.Tokens[min(i, len(s.Tokens)-1)].POS != "PRON" && len(main) == 2 && !slices.Contains(out, main[0]) && !slices.Contains(out, main[1]) && r.namedLately(s, main) {
					return main // "China and Brazil urged both sides"
				}
				return out
			}
			if !slices.Contains(out, m.ent) {
				out = append(out, m.ent)
				named = append(named, m.usage != gazetteer.AsAdjective)
				together = first == n
				first = n
			}
		}
	}
	if len(out) < 2 && len(r.parties) == 2 {
		return r.parties
	}
	if len(out) == 2 && !together && len(r.both) == 2 && s.index-r.bothAt <= 6 && slices.Contains(r.both, out[0]) != slices.Contains(r.both, out[1]) {
		return r.both // who "the two governments" were before
	}
	// rather the two that it is all about than one of them and one named in passing
	// ("Russian President X", "her envoy to Spain")
	if main := r.mainParties(); len(out) == 2 && len(main) == 2 && r.namedLately(s, main) {
		for k := range out {
			passing := !named[k] || 2*r.total[out[k].entry] <= min(r.total[main[0].entry], r.total[main[1].entry])
			if !slices.Contains(main, out[k]) && passing && slices.Contains(main, out[1-k]) {
				return main
			}
		}
	}
	slices.Reverse(out)
	return out
}

// ofPact reports whether a mention only tells between whom an instrument was made: "a 1935
// accord between France and Italy".
func (r *reader) ofPact(s *sentence, m *mention) bool {
	for _, n := range s.lists[m.list] {
		first := s.mentions[n].first
		if s.Lower(first-1) == "between" && r.x.rules.In("instrument_noun", s.Lower(first-2)) {
			return true
		}
	}
	return false
}

// actingPair returns the two states that are, or whose leaders are, the subject of the
// clause's main verb; nil where there are not two.
func (r *reader) actingPair(s *sentence) []*entity {
	for k := range s.Tokens {
		h := s.Head(k)
		if h < 0 || s.Rel(k) != "nsubj" && s.Tokens[k].Rel != "nsubj:pass" || s.Rel(h) != "root" {
			continue
		}
		if m := s.mentionAt(k); m == nil && !isPlural(s, k) && s.Lower(k) != "they" && s.Lower(k) != "both" || m != nil && m.list < 0 {
			return nil
		}
		if es := r.resolve(s, k, []schema.Class{schema.State}); len(es) == 2 && es[0].class == schema.State && es[1].class == schema.State {
			return es
		}
		return nil
	}
	return nil
}

// pairLast returns the two states that the sentence before told of as its subject, where
// this one names no other before token i: "Ali and Maduro met. … the two sides undertook".
func (r *reader) pairLast(s *sentence, i int) []*entity {
	if s.index == 0 || i >= len(s.Tokens) {
		return nil
	}
	here, es := r.sents[s.index], r.sents[s.index-1].acting
	for _, m := range here.mentions {
		if len(es) == 0 || !later(here, m, s, i) && (m.ent.class == schema.State || m.ent.class == schema.Person) && !here.setting(m) && !slices.Contains(es, m.ent) {
			return nil
		}
	}
	return es
}

// otherOf returns the one state besides the country whose entry the document is that is
// named before token i in the clause between semicolons around it: "the two sides" there
// are the country and that state. It is nil where none is or several are.
func (r *reader) otherOf(s *sentence, i int) *entity {
	if r.doc.Country == "" || r.country.class != schema.State || i >= len(s.Tokens) {
		return nil
	}
	o := r.sents[s.index]
	var found *entity
	for k := len(o.Tokens) - 1; k >= 0; k-- {
		if o.Tokens[k].Start >= s.Tokens[i].Start {
			continue
		}
		if o.texts[k] == ";" && !o.inParentheses(k) && found != nil {
			break
		}
		m := o.mentionAt(k)
		if m != nil && m.ent.class == schema.Court && found == nil {
			// "the Eritrea-Ethiopia Boundary Commission, set up by both governments"
			if es := r.statesIn(m.ent.name); len(es) == 2 && slices.Contains(es, r.country) {
				return es[1-slices.Index(es, r.country)]
			}
		}
		if m != nil && m.last < len(o.Tokens) && m.usage == gazetteer.AsMetonym && (r.x.rules.In("instrument_noun", o.Lower(m.last)) || r.x.rules.In("ruling_noun", o.Lower(m.last))) {
			continue // "the Algiers Agreement": where it was made
		}
		if m == nil || m.ent.class != schema.State || m.ent.entry == nil || m.ent == r.country || o.setting(m) || o.between(m) || m.ent.kind == "historical-state" || m.ent.became(r.country) || r.country.became(m.ent) {
			continue
		}
		if found != nil && found != m.ent {
			return nil
		}
		found = m.ent
	}
	return found
}

// pastParties reports whether a mention only says between whom a treaty is that another
// state speaks of: "Libya invaded the strip, invoking a 1935 accord between France and Italy".
func (r *reader) pastParties(s *sentence, m *mention) bool {
	if m.list < 0 || s.subject == nil || slices.Contains(s.listed(m), s.subject) {
		return false
	}
	k := s.mentions[s.lists[m.list][0]].first - 1
	if s.Lower(k) == "the" {
		k--
	}
	return k > 0 && s.Lower(k) == "between" && r.x.rules.In("treaty_noun", s.Lower(k-1))
}

// severalBefore returns the states that "the three countries" are: all that the nearest
// sentences named, where they are as many.
func (r *reader) severalBefore(s *sentence, i, number int) []*entity {
	var out []*entity
	for n := s.index; n >= 0 && n >= s.index-3; n-- {
		prev := r.sents[n]
		var here []*entity
		for _, m := range prev.mentions {
			if m.ent.class == schema.State && m.ent.entry != nil && !(n == s.index && later(prev, m, s, i)) && !prev.setting(m) && !slices.Contains(here, m.ent) {
				here = append(here, m.ent)
			}
		}
		for _, l := range prev.lists {
			if es := prev.listed(prev.mentions[l[0]]); len(es) == number && es[0].class == schema.State && n < s.index {
				return es
			}
		}
		for _, e := range here {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
		if len(out) >= number {
			break
		}
	}
	if len(out) != number {
		return nil
	}
	return out
}

// namedLately reports whether all of the entities were named in this sentence or
// the four before it.
func (r *reader) namedLately(s *sentence, es []*entity) bool {
	for _, e := range es {
		found := false
		for n := max(0, s.index-6); n <= s.index && !found; n++ {
			found = slices.ContainsFunc(r.sents[n].mentions, func(m *mention) bool { return m.ent == e })
		}
		if !found {
			return false
		}
	}
	return true
}

// setting reports whether a mention says where something happened, not who did
// it: "met in Singapore".
func (s *sentence) setting(m *mention) bool {
	if m.usage == gazetteer.AsMetonym && m.last < len(s.Tokens) && s.mentionAt(m.last) == nil && capitalized(s.texts[m.last]) && s.IsNoun(m.last) {
		return true // "the Algiers Agreement": where it was made
	}
	if m.usage == gazetteer.AsAdjective {
		return false
	}
	switch w := s.Lower(m.first - 1); w {
	case "in", "at", "near":
		return true
	case "the":
		return s.Lower(m.first-2) == "in"
	}
	return false
}

// between reports whether a mention only says who went between the parties:
// "U.S.-brokered".
func (s *sentence) between(m *mention) bool {
	if m.last+1 >= len(s.texts) || !isHyphenWord(s.texts[m.last]) {
		return false
	}
	switch s.Lower(m.last + 1) {
	case "brokered", "mediated", "backed", "sponsored", "led", "supervised", "monitored", "negotiated", "facilitated":
		return true
	}
	return false
}

// hasPair reports whether the heading's two parties are the only states that
// the sentence has named so far.
func (r *reader) hasPair(s *sentence, i int) bool {
	for _, m := range s.mentions {
		if m.last <= i && m.ent.class == schema.State && !slices.Contains(r.parties, m.ent) {
			return false
		}
	}
	return true
}

// polity resolves a noun that speaks or acts for a state: "the Japanese
// government", "Russia's troops", "officials from Kenya", "the two countries",
// "the ministry".
func (r *reader) polity(s *sentence, i int, classes []schema.Class) []*entity {
	in := r.x.rules.In
	lower := s.Lower(i)
	if es := r.contracting(s, i); len(es) > 0 {
		return es
	}
	if in("polity_noun", lower) && (s.Tokens[i].Tag == "NNS" || strings.HasSuffix(lower, "s")) {
		if n := r.number(s, i); n == 2 || lower == "sides" || lower == "parties" || lower == "neighbors" || lower == "neighbours" || lower == "countries" && r.definite(s, i) && n <= 2 {
			if es := r.owners(s, i, classes); len(es) == 0 && r.undescribed(s, i) {
				if pair := r.pairBefore(s, i); len(pair) >= 2 {
					r.both, r.bothAt = pair, s.index
					return pair
				}
			}
		}
		if e := r.oneAmong(s, i); e != nil && e.fits(classes) {
			return []*entity{e}
		}
	}
	if n := r.number(s, i); in("polity_noun", lower) && n > 2 && r.definite(s, i) && len(s.Role(i, "of")) == 0 {
		if es := r.severalBefore(s, i, n); len(es) > 0 {
			return es
		}
	}
	if (in("polity_noun", lower) || in("paired_noun", s.Lemma(i))) && r.undescribed(s, i) && slices.ContainsFunc(s.Dependents(i, "det"), func(c int) bool {
		w := s.Lower(c)
		return w == "neither" || w == "either" || w == "each" || w == "both" || w == "the" && isPlural(s, i) && in("paired_noun", s.Lemma(i)) && (len(r.parties) == 2 || r.number(s, i) == 2)
	}) {
		if pair := r.pairBefore(s, i); len(pair) >= 2 {
			return pair
		}
	}
	if lower == "claimants" {
		if es := r.claimants(); len(es) > 0 {
			return es
		}
	}
	if (lower == "commission" || lower == "committee") && len(r.parties) == 2 && slices.Contains(classes, schema.State) && r.ofTheLine(s, i) {
		return r.parties // "boundary commission continues discussions"
	}
	if in("company_noun", lower) {
		// "the national oil companies of China and Vietnam": one of each
		var out []*entity
		name := strings.TrimSuffix(r.bareName(s, i), s.texts[i]) + s.Lemma(i)
		for _, c := range s.Role(i, "of") {
			for _, st := range r.resolve(s, c, []schema.Class{schema.State}) {
				e := r.ents.described(schema.Organization, name+" of "+st.name, lower, st.name+"'s "+name)
				out = append(out, e)
			}
		}
		return out
	}
	if in("polity_noun", lower) && s.whichever(i) {
		return nil
	}
	if in("government_noun", lower) || in("government_noun", s.Lemma(i)) || in("polity_noun", lower) {
		if lower == "republics" && slices.ContainsFunc(s.Dependents(i, "amod"), func(c int) bool { return s.Lower(c) == "former" || s.Lower(c) == "ex" }) {
			return nil // "former Soviet republics" are not what they belonged to
		}
		if es := r.owners(s, i, classes); len(es) > 0 {
			return es
		}
		if es := r.amongThem(s, i); len(es) > 0 {
			return es
		}
		if in("polity_noun", lower) && strings.HasSuffix(lower, "s") && !r.definite(s, i) {
			// "several neighboring states": somebody, but nobody in particular
			if name := r.bareName(s, i); name != lower && !isNumber(name) {
				e := r.ents.described(schema.State, name, lower)
				e.plural = true
				return []*entity{e}
			}
			return nil
		}
		if h := s.Head(i); h >= 0 && !r.definite(s, i) && s.Rel(i) == "obj" && r.x.rules.In("dispatch", s.Lemma(h)) {
			// "sent a task force which recaptured the islands"
			for _, a := range s.Role(h, frame.Agent) {
				if es := r.resolve(s, a, []schema.Class{schema.State}); len(es) == 1 {
					return es
				}
			}
		}
		if in("troop_noun", lower) && !r.definite(s, i) && r.undescribed(s, i) {
			// "Israeli tanks crossed the fence and commandos took the hill"
			o := r.sents[s.index]
			for k := len(o.mentions) - 1; k >= 0; k-- {
				if m := o.mentions[k]; m.ent.class == schema.State && !later(o, m, s, i) && m.usage == gazetteer.AsAdjective && m.last < len(o.Tokens) && in("troop_noun", o.Lower(m.last)) {
					return []*entity{m.ent}
				}
			}
		}
		if in("government_noun", lower) && (r.definite(s, i) || bare[lower]) && (r.undescribed(s, i) || r.ofTheDay(s, i)) {
			// "the Nigerian Senate voted … because parliament had not ratified it"
			for _, m := range r.sents[s.index].mentions {
				if m.ent.class == schema.State && m.usage == gazetteer.AsAdjective && !later(r.sents[s.index], m, s, i) {
					return []*entity{m.ent}
				}
			}
			if es := r.calledBefore(s, i, classes); len(es) > 0 {
				return es
			}
			if home := r.home(); bare[lower] && len(home) > 0 {
				return home // "and parliament approved it", in a report from Cairo
			}
			if lower == "country" || lower == "nation" {
				// "X, the leader of Syria, said the country …"
				o := r.sents[s.index]
				for _, m := range o.mentions {
					if m.ent.class == schema.State && m.ent.entry != nil && m.usage != gazetteer.AsAdjective && m.first >= dateline(o) && !later(o, m, s, i) {
						return []*entity{m.ent}
					}
				}
				if e := r.before(s, i, func(e *entity) bool { return e.class == schema.State && e.entry != nil }); e != nil {
					return []*entity{e}
				}
			}
			// whose government the sentence before was about
			if e := r.before(s, 0, func(e *entity) bool { return e.class == schema.State && e.entry != nil }); e != nil {
				return []*entity{e}
			}
			if r.country != nil {
				return []*entity{r.country}
			}
		}
	}
	return nil
}

// oneAmong resolves the antecedent of "one of the states that recognize it": whoever is
// said to be one of them.
func (r *reader) oneAmong(s *sentence, i int) *entity {
	k := i - 1
	for k > 0 && i-k < 6 && s.Lower(k) != "of" {
		k--
	}
	if k < 2 || s.Lower(k) != "of" || s.Lower(k-1) != "one" || len(s.Dependents(i, "acl:relcl")) == 0 {
		return nil
	}
	for n := len(s.mentions) - 1; n >= 0; n-- {
		if m := s.mentions[n]; m.last < k && m.ent.class == schema.State && m.usage == gazetteer.AsName {
			return m.ent
		}
	}
	return nil
}

// lineWith reports whether noun i is a boundary by whom it is with or between: "the exact
// line with Rwanda", "maritime limits with Cambodia".
func (r *reader) lineWith(s *sentence, i int) bool {
	switch s.Lower(i) {
	case "line", "limit", "limits":
	default:
		return false
	}
	for _, p := range []string{"with", "between"} {
		for _, c := range s.Role(i, p) {
			if m := s.mentionAt(c); m != nil && m.ent.class == schema.State && s.Head(c) == i {
				return true
			}
		}
	}
	return false
}

// ofTheLine reports whether noun i is a body that two states have for their boundary.
func (r *reader) ofTheLine(s *sentence, i int) bool {
	for k := r.premodifiers(s, i); k < i; k++ {
		if r.x.rules.In("boundary_noun", s.Lower(k)) {
			return true
		}
	}
	return false
}

// calledBefore returns whose government the nearest sentence before says, of those
// that use the same noun and say it: "the Russian Foreign Ministry announced … The
// ministry said".
func (r *reader) calledBefore(s *sentence, i int, classes []schema.Class) []*entity {
	const near = 8
	for k := s.index - 1; k >= max(0, s.index-near); k-- {
		b := r.sents[k]
		for j := range b.Tokens {
			if b.Lower(j) != s.Lower(i) || !b.IsNoun(j) {
				continue
			}
			if es := r.owners(b, j, classes); len(es) > 0 {
				return es
			}
		}
	}
	return nil
}

// ofTheDay reports whether noun i is a government that only its colour or time
// tells from others of the same state: "the leftist Sandinista government", "the
// previous administration", "the military junta".
func (r *reader) ofTheDay(s *sentence, i int) bool {
	switch s.Lower(i) {
	case "government", "administration", "regime", "junta", "cabinet", "leadership", "parliament", "army", "military":
	default:
		return false
	}
	return !slices.ContainsFunc(s.Dependents(i, "amod", "compound", "nmod", "acl"), func(c int) bool {
		m := s.mentionAt(c)
		return m != nil && m.ent.class != schema.Thing || s.Rel(c) == "nmod" || s.Rel(c) == "acl"
	})
}

// breakaway returns the state that not all recognize that "the self-proclaimed
// state", "the breakaway republic" is: the one spoken of last.
func (r *reader) breakaway(s *sentence, i int) *entity {
	switch s.Lower(i) {
	case "state", "republic", "region", "territory", "entity", "province":
	default:
		return nil
	}
	if !r.definite(s, i) || len(s.Role(i, "of")) > 0 {
		return nil
	}
	switch word, _, _ := strings.Cut(strings.ToLower(r.bareName(s, i)), " "); word {
	case "self-proclaimed", "breakaway", "self-declared", "secessionist", "unrecognized", "unrecognised":
		return r.before(s, i, func(e *entity) bool { return e.entry != nil && e.entry.Kind == "partially-recognized-state" })
	}
	return nil
}

// whichever reports whether noun i is whatever a relative clause makes it: "the State
// in whose waters it lies", "the State in the territory of which it is found".
func (s *sentence) whichever(i int) bool {
	for k := i + 1; k < len(s.texts) && k < i+7; k++ {
		switch w := s.Lower(k); {
		case w == "whose":
			return true
		case w == "which":
			return s.Tokens[k-1].POS == "ADP"
		case s.Tokens[k].POS != "ADP" && s.Tokens[k].POS != "DET" && s.Tokens[k].POS != "ADJ" && s.Tokens[k].POS != "NOUN":
			return false
		}
	}
	return false
}

// amongThem returns the states that an indefinite plural names: "a dozen
// countries, among them Paraguay and Palau".
func (r *reader) amongThem(s *sentence, i int) []*entity {
	if es := r.sents[s.index].among[s.Tokens[i].End]; len(es) > 0 {
		return es
	}
	if !isPlural(s, i) || r.definite(s, i) {
		return nil
	}
	// "downstream states (Syria and Iraq)": parentheses are cut out of s
	o := r.sents[s.index]
	for k := range o.Tokens {
		if o.Tokens[k].End == s.Tokens[i].End && k+2 < len(o.Tokens) && o.texts[k+1] == "(" {
			if m := o.mentionAt(k + 2); m != nil && m.ent.class == schema.State && m.usage == gazetteer.AsName {
				return o.listed(m)
			}
		}
	}
	k := i + 1
	if k < len(s.Tokens) && s.texts[k] == "," {
		k++
	}
	switch s.Lower(k) {
	case "among":
		if s.Lower(k+1) != "them" {
			return nil
		}
		k += 2
	case "such":
		k += 2
	case "including", "notably", "like":
		k++
	default:
		return nil
	}
	m := s.mentionAt(k)
	if m == nil || m.ent.class != schema.State {
		return nil
	}
	return s.listed(m)
}

// peopleAmong returns the persons that are named after noun i as some of those it
// speaks of.
func (r *reader) peopleAmong(s *sentence, i int) []*entity {
	k := i + 1
	if k < len(s.Tokens) && s.texts[k] == "," {
		k++
	}
	switch w := s.Lower(k); {
	case w == "among" && s.Lower(k+1) == "them":
		k += 2
	case w == "including" || w == "notably" || w == ":":
		k++
	default:
		return nil
	}
	var out []*entity
	for ; k < len(s.Tokens) && !s.IsVerb(k) && s.texts[k] != "."; k++ {
		m := s.mentionAt(k)
		if m != nil && m.ent.class == schema.Thing && m.last-m.first > 1 && m.list >= 0 {
			r.settle(s, m, []schema.Class{schema.Person}) // people are what follows
		}
		if m != nil && m.ent.class == schema.Person && !slices.Contains(out, m.ent) {
			out = append(out, m.ent)
		}
	}
	return out
}

// bare are the bodies of a state that go without an article.
var bare = map[string]bool{"parliament": true, "congress": true, "lawmakers": true, "legislators": true, "deputies": true, "voters": true}

// opponent returns the state mentioned last that is not the subject of the
// clause around token i.
func (r *reader) opponent(s *sentence, i int) *entity {
	var subject []*entity
	from := i
	for _, c := range s.Dependents(i, "acl:relcl") {
		from = c // "a step that Pakistan called illegal"
	}
	for k, n := from, 0; k >= 0 && n < 4; k, n = s.Head(k), n+1 {
		if s.IsVerb(k) {
			for _, a := range s.Role(k, "agent") {
				subject = append(subject, r.resolve(s, a, []schema.Class{schema.State})...)
			}
			break
		}
	}
	other := func(e *entity) bool {
		return e.class == schema.State && e.entry != nil && !slices.Contains(subject, e)
	}
	switch s.Lower(i) {
	case "move", "decision", "announcement", "recognition":
		// "Syria denounced the move": what the report began with
		if lead := r.sents[0]; s.index > 0 && lead.subject != nil && other(lead.subject) && r.definite(s, i) {
			return lead.subject
		}
	}
	switch s.Lower(i) {
	case "annexation", "invasion", "occupation", "seizure":
		for k := len(r.facts) - 1; k >= 0; k-- {
			f := &r.facts[k]
			if f.Negated || f.Predicate != schema.Seized && f.Predicate != schema.Administers {
				continue
			}
			if e := r.ents.byKey[f.Subject.ID]; e != nil && other(e) {
				return e // whose doing it was told to be
			}
		}
	}
	if w := s.Lower(i); (w == "this" || w == "that") && r.spoke != nil && s.index > 0 {
		// "Israel argued that the border ran further west. Egypt disputed this"
		e := r.spoke
		if e.class == schema.Person {
			e = r.state(e)
		}
		if e != nil && other(e) && r.namedLately(s, []*entity{e}) {
			return e
		}
	}
	// whom another has just rejected: "Syria condemned Israel. Russia protested too"
	for k := len(r.facts) - 1; k >= 0 && k >= len(r.facts)-6; k-- {
		f := &r.facts[k]
		if s.index == 0 || f.Predicate != schema.Rejects || f.Negated || len(f.Evidence) == 0 || f.Evidence[0].Start != r.doc.Quote(r.sents[s.index-1].start, r.sents[s.index-1].end).Start {
			continue
		}
		if e := r.ents.byKey[f.Object.ID]; e != nil && other(e) {
			return e
		}
	}
	if r.doc.Country != "" && r.country.class == schema.State && other(r.country) {
		return r.country // whose entry it is
	}
	for _, m := range r.sents[s.index].mentions {
		if !later(r.sents[s.index], m, s, i) && other(m.ent) && m.usage == gazetteer.AsName && !r.sents[s.index].setting(m) {
			return m.ent // whoever the sentence began with
		}
	}
	if s.index > 0 {
		// whoever the sentence before was about
		for _, m := range r.sents[s.index-1].mentions {
			e := m.ent
			if e.class == schema.Person {
				e = r.state(e) // "Pashinyan said …"
			}
			if e != nil && other(e) && !r.sents[s.index-1].setting(m) {
				return e
			}
		}
	}
	// what everybody condemns is what the first sentence tells
	for _, m := range r.sents[0].mentions {
		if s.index > 1 && m.usage == gazetteer.AsName && other(m.ent) && !r.sents[0].setting(m) && m.first >= dateline(r.sents[0]) {
			return m.ent
		}
	}
	return r.lastOf(other)
}

// undescribed reports whether nothing but articles, numbers and the like
// narrows the noun down.
func (r *reader) undescribed(s *sentence, i int) bool {
	for _, c := range s.Children(i) {
		switch s.Rel(c) {
		case "amod":
			if s.timeAt[c] >= 0 {
				continue // "in 2009 the neighbours", whatever the tree makes of it
			}
			switch s.Lower(c) {
			case "two", "same", "latter", "former", "neighboring", "neighbouring", "bilateral", "rival", "respective", "warring":
			default:
				return false
			}
		case "compound":
			if m := s.mentionAt(c); m != nil && (m.ent.class == schema.Organization || m.ent.class == schema.State) && (s.Lower(i) == "allies" || s.Lower(i) == "members" || s.Lower(i) == "partners") {
				continue // "the two NATO allies"
			}
			return false
		case "nmod", "acl":
			return false
		}
	}
	return true
}

// owners returns the states in whose name a noun acts.
func (r *reader) owners(s *sentence, i int, classes []schema.Class) []*entity {
	var toks []int
	if w := s.Lower(i); w == "counterpart" || w == "counterparts" {
		toks = s.Dependents(i, "amod", "compound") // "his Russian counterpart": not his
	}
	toks = append(toks, s.Role(i, "owner")...)
	toks = append(toks, s.Role(i, "of")...)
	toks = append(toks, s.Role(i, "from")...)
	toks = append(toks, s.Dependents(i, "amod", "compound")...)
	if r.x.rules.In("government_noun", s.Lower(i)) {
		for _, c := range s.Dependents(i, "nmod") {
			if s.Case(c) == "in" { // "the Foreign Ministry in Beijing"
				toks = append(toks, c)
			}
		}
	}
	for _, c := range toks {
		if m := s.mentionAt(c); m != nil {
			if m.ent.acts() && m.ent.fits(classes) || m.ent.class == schema.State {
				if r.x.rules.In("polity_noun", s.Lower(i)) {
					return r.resolve(s, c, []schema.Class{schema.State, schema.Territory}) // a member of a league is not the league
				}
				return r.resolve(s, c, []schema.Class{schema.State, schema.Territory, schema.Organization})
			}
			continue
		}
		if s.Rel(c) == "nmod" || s.Tokens[c].POS == "PRON" {
			if es, ok := r.pronoun(s, c, []schema.Class{schema.State}); ok && len(es) > 0 {
				return es
			}
			if r.x.rules.In("government_noun", s.Lower(c)) {
				if es := r.owners(s, c, classes); len(es) > 0 {
					return es
				}
			}
			if r.x.rules.In("polity_noun", s.Lower(c)) && isPlural(s, c) && s.mentionAt(c) == nil {
				if es := r.polity(s, c, classes); len(es) >= 2 {
					return es // "officials of the two sides"
				}
			}
		}
	}
	// the tree may hide an adjective that stands right before the noun
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if m := s.mentionAt(k); m != nil {
			if m.ent.class == schema.State && (m.usage == gazetteer.AsAdjective || m.usage == gazetteer.AsDemonym) {
				return []*entity{m.ent}
			}
			break
		}
		if t := s.Tokens[k].POS; t != "ADJ" && t != "NOUN" && t != "PROPN" {
			break
		}
	}
	return nil
}

// number returns the cardinal that counts noun i, 0 if none does.
func (r *reader) number(s *sentence, i int) int {
	for _, c := range s.Dependents(i, "nummod", "det", "amod") {
		if n, ok := cardinals[s.Lower(c)]; ok {
			return n
		}
	}
	return 0
}

var cardinals = map[string]int{"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
	"2": 2, "3": 3, "4": 4, "5": 5, "6": 6}

// claimants returns who has been found to claim something so far.
func (r *reader) claimants() []*entity {
	var out []*entity
	for _, f := range r.facts {
		if f.Predicate == schema.Claims && !f.Negated {
			if e := r.ents.byKey[f.Subject.ID]; e != nil && e.class == schema.State && !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	return out
}

// happening makes an entity of what happened, was said or is laid down: its name is
// the document's own words, and it belongs to that document alone.
func (r *reader) happening(s *sentence, i int, classes []schema.Class) *entity {
	if len(classes) != 1 {
		return nil
	}
	class := classes[0]
	switch class {
	case schema.Event, schema.Statement, schema.Provision:
	default:
		return nil
	}
	es := r.phrase(s, i)
	if len(es) == 0 {
		return nil
	}
	name := es[0].name
	if class == schema.Event && s.IsVerb(i) {
		name = r.predicate(s, i)
	}
	return r.ents.get(strings.ToLower(string(class))+"/"+schema.Slug(r.doc.ID)+"-"+schema.Slug(shorten(name, 60)), func() *entity {
		return &entity{class: class, name: name, named: true}
	})
}

// predicate returns the words of a verb with its object: "took effect".
func (r *reader) predicate(s *sentence, i int) string {
	last := i + 1
	for _, c := range s.Dependents(i, "obj", "compound", "obl") {
		if c >= i && c < i+4 && (s.Rel(c) != "obl" || s.Case(c) == "into") {
			last = max(last, c+1)
		}
	}
	return s.text(r, i, last)
}

// shorten cuts a text after n bytes at a space.
func shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	if k := strings.LastIndexByte(text[:n], ' '); k > 0 {
		return text[:k]
	}
	return strings.ToValidUTF8(text[:n], "")
}

// phrase returns the words of the phrase headed by i as a literal.
func (r *reader) phrase(s *sentence, i int) []*entity {
	first, last := s.Span(i, func(c int) bool {
		switch s.Tokens[c].Rel {
		case "case", "mark", "cc", "acl:relcl", "parataxis", "punct":
			return s.Tokens[c].Rel != "punct" || c < i
		}
		return false
	})
	// when is not part of what
	for k := i + 1; k < last; k++ {
		if n := s.timeAt[k]; n >= 0 {
			last = max(i+1, s.times[n].First)
			break
		}
	}
	for first < last-1 && (s.Tokens[first].POS == "DET" || s.Tokens[first].POS == "PUNCT" || s.Tokens[first].POS == "ADP") {
		first++
	}
	for last > first+1 && s.Tokens[last-1].POS == "PUNCT" {
		last--
	}
	text := strings.TrimSpace(s.text(r, first, last))
	if text == "" {
		return nil
	}
	return []*entity{{class: schema.Literal, name: text}}
}
