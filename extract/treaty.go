package extract

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// topicPrepositions lead from an instrument to what it is about.
var topicPrepositions = []string{"on", "about", "over", "regarding", "concerning", "for", "of", "including", "relating to"}

// treaties reads the noun phrases of instruments: who is party to them and what
// they cover, as "the 1973 maritime boundary agreement between A and B" says
// without any verb.
func (r *reader) treaties(s *sentence) {
	in := r.x.rules.In
	for i := range s.Tokens {
		lower := s.Lower(i)
		if !s.IsNoun(i) || !in("instrument_noun", lower) && !in("ruling_noun", lower) || s.Rel(i) == "compound" {
			continue
		}
		if m := s.mentionAt(i); m != nil {
			continue
		}
		if s.instruments[i] == nil && !r.deservesEntity(s, i) {
			continue
		}
		if s.read[i] {
			continue
		}
		s.read[i] = true
		es := r.namedOneByOne(s, i)
		if len(es) < 2 {
			es = r.datedOneByOne(s, i)
		}
		if len(es) < 2 {
			es = []*entity{r.instrument(s, i)}
		}
		for _, e := range es {
			r.instrumentParties(s, i, e)
			r.instrumentTopics(s, i, e)
		}
	}
}

// deservesEntity tells instruments that a phrase names or dates from words that
// only look like one ("the act", "a statement").
func (r *reader) deservesEntity(s *sentence, i int) bool {
	if capitalized(s.texts[i]) && i > 0 {
		return true
	}
	if r.x.rules.In("treaty_noun", s.Lemma(i)) {
		for _, p := range []string{"between", "with"} {
			for _, c := range s.Role(i, p) {
				if m := s.mentionAt(c); m != nil && m.ent.class == schema.State && s.Head(c) == i {
					return true
				}
			}
		}
		// "signed a convention", "under an agreement …": what the text goes on about
		if h := s.Head(i); h >= 0 && (s.Case(i) == "under" || s.Rel(i) == "obj" && s.IsVerb(h) && (s.Lemma(h) == "sign" || s.Lemma(h) == "ink" || s.Lemma(h) == "initial")) {
			return true
		}
	}
	first := r.premodifiers(s, i)
	if r.x.rules.In("treaty_noun", s.Lemma(i)) && s.Lower(i+1) == "of" && i+2 < len(s.Tokens) && s.timeAt[i+2] >= 0 {
		return true // "the Esguerra-Bárcenas treaty of 1928"
	}
	for k := first; k < i; k++ {
		if s.timeAt[k] >= 0 || r.x.rules.In("boundary_noun", s.Lower(k)) {
			return true
		}
	}
	return false
}

func (r *reader) instrumentParties(s *sentence, i int, e *entity) {
	if d := s.Dependent(i, "det"); d >= 0 && s.Lower(d) == "no" {
		return // "no agreement with Chile"
	}
	var parties []*entity
	states := []schema.Class{schema.State}
	for _, c := range s.Role(i, "between") {
		if c < i || s.Head(c) != i && !r.x.rules.In("treaty_noun", s.Lemma(i)) {
			continue // "a resolution on the border between A and B" is not theirs
		}
		es := r.resolve(s, c, states)
		if len(es) == 1 {
			// "between Khartoum and the Sudan People's Liberation Movement"
			es = r.resolve(s, c, []schema.Class{schema.State, schema.Organization})
		}
		parties = append(parties, es...)
	}
	if len(parties) == 0 {
		if with := s.Role(i, "with"); len(with) > 0 {
			for _, c := range with {
				parties = append(parties, r.resolve(s, c, states)...)
			}
			for _, c := range s.Dependents(i, "nmod:poss") {
				parties = append(parties, r.resolve(s, c, states)...)
			}
			h := s.Head(i)
			entry := r.doc.Country != "" && r.country.class == schema.State && len(parties) == 1 && parties[0] != r.country && r.x.rules.In("treaty_noun", s.Lemma(i))
			if len(parties) == 1 && len(s.Dependents(i, "nmod:poss")) == 0 && (h >= 0 && s.IsVerb(h) && s.Rel(i) != "nsubj" && !r.x.rules.In("blame", s.Lemma(h)) || entry && (h < 0 || s.Rel(i) == "nsubj")) {
				// "Cairo points to a 1959 treaty with Sudan"
				if e := r.counterpart(s, i, parties[0]); e != nil {
					parties = append(parties, e)
				}
			}
		} else {
			for _, c := range s.Dependents(i, "nmod:poss") {
				if es := r.resolve(s, c, states); len(es) >= 2 {
					parties = es
				}
			}
		}
	}
	// "an accord reestablishing ties between A and B"
	for _, v := range s.Dependents(i, "acl") {
		for _, c := range s.Role(v, frame.Patient) {
			for _, b := range s.Role(c, "between") {
				if es := r.resolve(s, b, states); len(parties) == 0 && len(es) >= 2 {
					parties = es
				}
			}
		}
	}
	if len(parties) == 0 && !r.x.rules.In("ruling_noun", s.Lower(i)) {
		first := r.premodifiers(s, i)
		for k := first; k < i; k++ {
			if m := s.mentionAt(k); m != nil && m.first == k && m.ent.class == schema.State && !doer(s, k) {
				parties = append(parties, m.ent)
			}
		}
		if len(parties) < 2 {
			parties = nil
		}
	}
	f := schema.Fact{Predicate: schema.PartyTo, Rule: "instrument.parties", Confidence: 0.8, Time: schema.Time{Date: e.date}}
	for _, p := range parties {
		if !slices.Contains(e.parties, p) {
			r.emit(s, f, p.value(), e.value())
		}
	}
}

func (r *reader) instrumentTopics(s *sentence, i int, e *entity) {
	covers := func(es []*entity) {
		for _, t := range es {
			if !slices.Contains(e.topics, t) && t.class != schema.State && t.kind != measured {
				e.topics = append(e.topics, t)
				r.emit(s, schema.Fact{Predicate: schema.Covers, Rule: "instrument.topic", Confidence: 0.8}, e.value(), t.value())
			}
		}
	}
	// what stands in the name itself is no topic, unless it is a known place
	inName := func(k int) bool { sp, ok := s.spans[i]; return ok && k > i && k < sp[1] }
	if sp, ok := s.spans[i]; ok {
		for k := i + 1; k < sp[1]; k++ {
			// a treaty "of" a place was signed there
			if m := s.mentionAt(k); m != nil && m.ent.entry != nil && m.ent.class == schema.Territory && !(k == i+2 && s.Lower(i+1) == "of") {
				covers([]*entity{m.ent})
			}
		}
	}
	// "a boundary delimitation treaty"
	first := r.premodifiers(s, i)
	line := -1
	for k := first; k < i; k++ {
		if r.x.rules.In("boundary_noun", s.Lower(k)) && line < 0 {
			line = k
		}
		if m := s.mentionAt(k); m != nil && m.ent.class == schema.Territory && !m.ent.acts() {
			covers([]*entity{m.ent})
			line = i
		}
	}
	// "the 2009 maritime accord"
	if maritime := slices.ContainsFunc(s.texts[first:i], func(w string) bool { return strings.EqualFold(w, "maritime") }); maritime && line < 0 && r.x.rules.In("treaty_noun", s.Lemma(i)) {
		if parties := r.partiesOf(s, i, i, e); len(parties) == 2 {
			covers([]*entity{r.boundary(parties[0], parties[1], "maritime")})
		}
	}
	if line >= 0 && line < i {
		if parties := r.partiesOf(s, i, line, e); len(parties) == 2 {
			for _, kind := range r.compoundKinds(s, first, i) {
				covers([]*entity{r.boundary(parties[0], parties[1], kind)})
			}
		}
	}
	for _, p := range topicPrepositions {
		for _, c := range s.Role(i, p) {
			if inName(c) {
				continue
			}
			if m := s.mentionAt(c); p == "of" && m != nil && m.ent.class == schema.Thing {
				continue // "the decision of Rockhopper Exploration"
			}
			covers(r.topicsOf(s, c))
		}
	}
	// "Estonia's borders under the 1920 treaty"
	h := s.Head(i)
	if m := s.mentionAt(h); m != nil && m.ent.class == schema.State && s.Rel(h) == "nmod" {
		h = s.Head(h) // "borders with Russia under"
	}
	if s.Case(i) == "under" && h >= 0 && s.Rel(i) == "nmod" && r.x.rules.In("boundary_noun", s.Lower(h)) {
		covers(r.boundaries(s, h))
	}
	for _, v := range r.doneUnder(s, i) {
		for _, c := range slices.Concat(s.Role(v, frame.Patient), s.Role(v, frame.Agent), s.Role(v, frame.Attribute)) {
			if m := s.mentionAt(c); m != nil && m.usage == gazetteer.AsName || m == nil && (r.x.rules.In("boundary_noun", s.Lower(c)) || len(s.Role(c, "of")) > 0 && r.isLand(s.Sentence, c)) {
				covers(r.resolve(s, c, topics))
			}
		}
	}
	// "an agreement to settle the border dispute", "a treaty delimiting …"
	for _, v := range r.aims(s, i) {
		for _, c := range s.Role(v, "patient") {
			covers(r.topicsOf(s, c))
		}
		// "an agreement acknowledging that the village belonged to Sierra Leone"
		for _, c := range s.Dependents(v, "ccomp", "acl") {
			for _, a := range append(s.Role(c, frame.Agent), s.Role(c, "attribute")...) {
				covers(r.topicsOf(s, a))
			}
		}
		// "an accord to survey in the islands", "a deal to withdraw from the border"
		for _, p := range []string{"in", "from", "along", "at", "across"} {
			for _, c := range s.Role(v, p) {
				covers(r.topicsOf(s, c))
			}
		}
	}
}

// doneUnder returns the verbs that tell what instrument i has come to pass: "under an
// accord of 1971 Abu Musa has been shared", "handed the islands back, as foreseen in the
// agreement", "the treaty under which Svalbard is Norwegian".
func (r *reader) doneUnder(s *sentence, i int) []int {
	var out []int
	h := s.Head(i)
	switch at := s.Case(i); {
	case h < 0 || !s.IsVerb(h):
	case at == "under" || at == "in accordance with" || at == "in line with" || at == "pursuant to":
		out = append(out, h)
	case (at == "in" || at == "by" || at == "under") && h > 0 && s.Lower(h-1) == "as" && s.Head(h) >= 0 && r.x.rules.In("foresee", s.Lemma(h)):
		out = append(out, s.Head(h))
	}
	for _, v := range s.Dependents(i, "acl") {
		if s.Tokens[v].Rel != "acl:relcl" {
			continue
		}
		for k := i + 1; k < min(v, i+6); k++ {
			if w := s.Lower(k); s.Lower(k+1) != "which" || w != "under" && w != "by" && w != "in" && w != "through" {
				continue
			}
			out = append(out, v)
			out = append(out, s.Dependents(v, "xcomp")...) // "in which they undertook to mark the boundary"
			break
		}
	}
	return slices.DeleteFunc(out, func(v int) bool { return s.Negated(v, nil) })
}

// topics are what instruments and judgments can be about.
var topics = []schema.Class{schema.Territory, schema.Boundary}

// aims returns the verbs that tell what instrument i is to do: "a treaty
// delimiting …", "signed an agreement on Tuesday to divide …".
func (r *reader) aims(s *sentence, i int) []int {
	var out []int
	for _, v := range s.Dependents(i, "acl") {
		if s.Tokens[v].Tag != "VBN" && s.Tokens[v].Rel != "acl:relcl" {
			out = append(out, v)
		}
	}
	h := s.Head(i)
	if h < 0 || !s.IsVerb(h) || s.Rel(i) != "obj" && s.Tokens[i].Rel != "nsubj:pass" || !r.x.rules.In("treaty_verb", s.Lemma(h)) {
		return out
	}
	for _, v := range s.Dependents(h, "advcl", "xcomp") {
		if said := s.Tokens[v].Tag == "VBG" && s.Dependent(v, "mark") < 0; v > i && said && s.Dependent(v, "nsubj", "nsubj:pass") < 0 {
			switch s.Lemma(v) {
			case "acknowledge", "recognize", "recognise", "confirm", "declare", "affirm", "settle", "delimit", "fix", "define", "establish":
				out = append(out, v) // "signed the declaration, acknowledging that the islands belong to Vanuatu"
				continue
			}
		}
		if v > i && s.Dependent(v, "nsubj", "nsubj:pass") < 0 && (s.ToInfinitive(v) || s.Tokens[v].Tag == "VBG" && s.Dependent(v, "mark") < 0 && s.texts[v-1] != ",") {
			out = append(out, v)
		}
	}
	return out
}

// topicsOf resolves what an instrument or judgment is about: a place or
// boundary, or what lies behind "sovereignty over", "the use of" and the like.
func (r *reader) topicsOf(s *sentence, c int) []*entity {
	if es := r.resolve(s, c, topics); len(es) > 0 {
		return es
	}
	in := r.x.rules.In
	if es := r.disputeTopic(s, c); len(es) > 0 {
		return es
	}
	if !in("boundary_noun", s.Lemma(c)) && !in("topic_noun", s.Lower(c)) && !in("matter_noun", s.Lemma(c)) {
		return nil
	}
	var out []*entity
	for _, d := range s.Dependents(c, "nmod:poss") {
		if s.Tokens[d].POS == "PRON" {
			out = append(out, r.resolve(s, d, topics)...) // "a convention on its status"
		}
	}
	for _, p := range []string{"over", "of", "to", "in", "on", "around", "along", "through", "across"} {
		for _, d := range s.Role(c, p) {
			if d > c {
				out = append(out, r.topicsOf(s, d)...)
			}
		}
	}
	return out
}

// courtOf returns the court whose ruling noun i is, or nil.
func (r *reader) courtOf(s *sentence, i int) *entity {
	if !r.x.rules.In("ruling_noun", s.Lower(i)) {
		return nil
	}
	for _, c := range s.Dependents(i, "compound", "nmod:poss", "amod") {
		if m := s.mentionAt(c); m != nil && m.ent.class == schema.Court {
			return m.ent
		}
	}
	for k := r.premodifiers(s, i); k < i; k++ {
		if m := s.mentionAt(k); m != nil && m.ent.class == schema.Court {
			return m.ent
		}
	}
	for _, role := range []string{"of", "by", "from"} {
		for _, c := range s.Role(i, role) {
			if m := s.mentionAt(c); m != nil && m.ent.class == schema.Court {
				return m.ent
			}
			if m := s.mentionAt(c); m == nil && r.x.rules.In("court_noun", s.Lower(c)) && s.Lower(c) != "committee" {
				return r.court(s, c)
			}
		}
	}
	return nil
}

// compoundKinds tells which boundaries the words before an instrument name.
func (r *reader) compoundKinds(s *sentence, first, i int) []string {
	for k := first; k < i; k++ {
		switch s.Lower(k) {
		case "maritime", "sea", "seabed", "shelf":
			return []string{"maritime"}
		}
	}
	if slices.ContainsFunc(s.Role(i, "at"), func(c int) bool { return s.Lower(c) == "sea" }) {
		return []string{"maritime"} // "a boundary agreement at sea"
	}
	return []string{""}
}

// partiesOf returns the two states whose boundary an instrument is about.
func (r *reader) partiesOf(s *sentence, i, noun int, e *entity) []*entity {
	if len(e.parties) == 2 {
		return e.parties
	}
	if ps := r.boundaryParties(s, i); len(ps) == 2 {
		return ps
	}
	if ps := r.boundaryParties(s, noun); len(ps) == 2 {
		return ps
	}
	if len(r.parties) == 2 {
		return r.parties
	}
	return nil
}

// disputeTopic returns what "the border dispute" or "a maritime dispute between
// A and B" is about.
func (r *reader) disputeTopic(s *sentence, i int) []*entity {
	if !r.x.rules.In("matter_noun", s.Lemma(i)) {
		return nil
	}
	for k := r.premodifiers(s, i); k < i; k++ {
		sea := s.Lower(k) == "maritime" || s.Lower(k) == "sea"
		if !sea && !r.x.rules.In("boundary_noun", s.Lower(k)) {
			continue
		}
		if ps := r.boundaryParties(s, i); len(ps) == 2 {
			kind := ""
			if sea {
				kind = "maritime"
			}
			return []*entity{r.boundary(ps[0], ps[1], kind)}
		}
	}
	return nil
}
