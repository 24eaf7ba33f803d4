package extract

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// premodifiers returns the first token of the noun phrase headed by i, leaving
// out articles, possessors and whatever else does not belong to a name.
func (r *reader) premodifiers(s *sentence, i int) int {
	first := i
	for k := i - 1; k >= 0; k-- {
		t := &s.Tokens[k]
		switch {
		case s.Tokens[k].Rel == "nmod:poss" || s.Lower(k) == "including" || s.Rel(k) == "case" || s.Rel(k) == "mark":
			return first
		case t.POS == "DET" || t.POS == "PRON" || t.POS == "ADP" || t.POS == "VERB" && t.Tag != "VBN" && t.Tag != "VBG",
			t.POS == "AUX", t.POS == "SCONJ", t.POS == "CCONJ", t.POS == "ADV" && s.texts[k] != "approximately", t.POS == "PART", t.POS == "PUNCT" && !r.inWord(s, k):
			return first
		}
		if m := s.mentionAt(k); !r.within(s, k, i) && !(m != nil && m.ent.class.Is(schema.Territory) && k+1 == first && s.Head(k) == s.Head(i)) {
			return first
		}
		first = k
	}
	return first
}

// inWord reports whether punctuation stands inside a word: "peace-treaty".
func (r *reader) inWord(s *sentence, k int) bool {
	return k > 0 && k+1 < len(s.Tokens) && s.Tokens[k-1].End == s.Tokens[k].Start && s.Tokens[k].End == s.Tokens[k+1].Start &&
		(s.texts[k] == "-" || s.texts[k] == "/" || s.texts[k] == "–")
}

// within reports whether token k hangs below token i.
func (r *reader) within(s *sentence, k, i int) bool {
	for n := 0; k >= 0 && n < 8; n++ {
		if k == i {
			return true
		}
		k = s.Head(k)
	}
	return false
}

// nameFrom returns the first token of the name that the noun phrase headed by i
// gives: who does what to it is none of that, "Congolese-administered triangle".
func (r *reader) nameFrom(s *sentence, i int) int {
	first := r.premodifiers(s, i)
	for k := first; k+1 < i; k++ {
		if s.Tokens[k+1].Tag == "VBN" && s.mentionAt(k) != nil && doer(s, k) {
			first = k + 2
		}
	}
	return first
}

// bareName returns the words of the noun phrase headed by i without articles,
// possessors and what follows the noun.
func (r *reader) bareName(s *sentence, i int) string {
	return s.text(r, r.nameFrom(s, i), i+1)
}

// variants returns the wordings by which a description may be cited: the noun
// with its premodifiers, then with each prepositional phrase that follows.
func (r *reader) variants(s *sentence, i int) []string {
	first := r.nameFrom(s, i)
	names := []string{s.text(r, first, i+1)}
	last := i + 1
	for _, c := range s.Dependents(i, "nmod") {
		if c < i || s.Tokens[c].Rel == "nmod:poss" {
			continue
		}
		if !r.locates(s, c) {
			break
		}
		f, l := s.Span(c, func(k int) bool {
			switch s.Rel(k) {
			case "conj":
				// "islands in the Yalu and Tumen rivers"
				a, b := s.mentionAt(c), s.mentionAt(k)
				return a == nil || b == nil || a.list < 0 || a.list != b.list
			case "nmod", "obl":
				return k != c && !r.locates(s, k)
			case "acl", "parataxis", "appos":
				return true
			case "punct":
				return k > c
			}
			return false
		})
		if f != last || l <= last {
			break
		}
		last = l
		names = append(names, s.text(r, first, last))
	}
	return names
}

// partOf resolves "parts of X", "all of X", "sovereignty over X": i is the
// partitive, inner what it is part of.
func (r *reader) partOf(s *sentence, i, inner int, classes []schema.Class) []*entity {
	es := r.resolve(s, inner, classes)
	switch w := s.Lower(i); w {
	case "part", "parts", "portion", "portions", "section", "sections", "some", "half", "most", "third", "quarter", "fifth", "sixth", "eighth", "tenth", "slice", "piece", "pieces", "stretch", "stretches", "segment", "segments", "side":
	default:
		if !strings.Contains(w, "-") { // "two-thirds"
			return es
		}
	}
	if wants(classes, schema.Boundary) && !wants(classes, schema.Territory) {
		return es
	}
	var out []*entity
	for _, e := range es {
		if e.class == schema.Boundary {
			out = append(out, e) // "settled some parts of their boundary"
			continue
		}
		if !e.class.Is(schema.Place) && e.class != schema.State {
			continue
		}
		quantity := s.Lower(i)
		if s.Tokens[i].POS == "NOUN" {
			quantity = r.bareName(s, i)
		}
		p := r.ents.described(schema.Territory, quantity+" of "+article(e.name)+e.name, "part")
		for _, a := range append([]string{e.name}, e.aliases...) {
			p.addName(quantity + " of " + a)
		}
		p.whole = e
		out = append(out, p)
	}
	return out
}

// article returns "the " where the name of a place takes it in running text.
func article(name string) string {
	last := name[strings.LastIndexByte(name, ' ')+1:]
	switch strings.ToLower(last) {
	case "islands", "sea", "river", "rocks", "triangle", "peninsula", "strip", "reefs", "territories", "ocean", "strait", "archipelago", "shelf", "heights":
		return "the "
	}
	return ""
}

// territories resolves a common noun for land or water, with what "including"
// adds to it.
func (r *reader) territories(s *sentence, i int) []*entity {
	var es []*entity
	for _, e := range r.territory(s, i) {
		if known := r.same[e.key]; known != nil {
			e = known
		}
		if isPlural(s, i) && e.entry != nil && strings.Contains(e.name, " and ") {
			if parts := r.parts(e); len(parts) > 1 {
				es = append(es, parts...) // "Ceuta and Melilla, the two towns"
				continue
			}
		}
		es = append(es, e)
	}
	return append(es, r.included(s, i)...)
}

// included returns the places that "including" adds to noun i.
func (r *reader) included(s *sentence, i int) []*entity {
	var out []*entity
	for _, c := range s.Dependents(i, "nmod", "obl") {
		if s.Case(c) == "including" {
			out = append(out, r.resolve(s, c, []schema.Class{schema.Territory})...)
		}
	}
	// "other islets nearby, among them Europa"
	for k := i + 1; k < min(i+4, len(s.Tokens)-2) && len(out) == 0; k++ {
		if s.texts[k] != "," || s.Lower(k+1) != "among" || s.Lower(k+2) != "them" {
			continue
		}
		if m := s.mentionAt(k + 3); m != nil && m.ent.class == schema.Territory {
			for _, n := range r.coordinated(s, m.head) {
				out = append(out, r.resolveOne(s, n, []schema.Class{schema.Territory})...)
			}
		}
	}
	return out
}

// territory resolves a common noun for land or water: a description of its own,
// or one that points back.
func (r *reader) territory(s *sentence, i int) []*entity {
	lower := s.Lower(i)
	// "Lipulekh pass, an area controlled by India", "Eritrea, a former colony"
	if es := r.apposed(s, i); len(es) > 0 {
		return es
	}
	first := r.premodifiers(s, i)
	for first > 2 && (s.Tokens[first-1].POS == "ADJ" || s.Tokens[first-1].POS == "NUM" || s.Tokens[first-1].Tag == "VBN" || doer(s, first-1)) {
		first-- // "a former Italian colony", "the two Spanish-held towns"
	}
	if first >= 2 && s.Tokens[first-1].POS == "DET" && s.texts[first-2] == "," {
		m := s.mentionAt(first - 3)
		if m != nil && isWater(m.ent) && !r.x.rules.In("edge_noun", lower) {
			if land := s.ashore(s.Tokens, m.head); land != nil {
				m = land // "Abu Musa in the Persian Gulf, an island"
			}
		}
		if first >= 3 && m != nil && (m.ent.class.Is(schema.Place) || m.ent.class == schema.State && m.usage == gazetteer.AsName && (lower == "colony" || lower == "protectorate" || lower == "province" || lower == "possession")) {
			if m.list < 0 || isPlural(s, i) { // "Ceuta and Melilla, the two towns"
				return s.listed(m)
			}
		}
	}
	// "the fertile al-Fashaga area"
	for _, c := range s.Dependents(i, "compound") {
		if m := s.mentionAt(c); c == i-1 && m != nil && m.ent.class.Is(schema.Territory) && m.ent.entry != nil && m.usage == gazetteer.AsName && (lower == "area" || lower == "region" || lower == "territory" || lower == "zone") {
			return []*entity{m.ent}
		}
	}
	// "the two port cities on the coast", after "Ceuta and Melilla"
	if n := r.number(s, i); n >= 2 && isPlural(s, i) && r.definite(s, i) {
		if l := r.listBefore(s, i); len(l) == n {
			return l
		}
		if l := r.listOf(s, i, n); n > 2 && len(l) == n && r.unmodified(s, i) && len(s.Role(i, "of")) == 0 {
			return l
		}
	}
	if e := r.oneOf(s, i); e != nil {
		return []*entity{e}
	}
	// "the biggest atoll, Diego Garcia"
	if !isPlural(s, i) {
		for _, c := range s.Dependents(i, "appos") {
			if m := s.mentionAt(c); m != nil && m.list < 0 && m.ent.class.Is(schema.Place) && m.usage == gazetteer.AsName && c > i {
				return []*entity{m.ent}
			}
		}
	}
	// "the islands of A, B and C", "the area of Kashmir"
	if inner := s.Role(i, "of"); len(inner) > 0 {
		var named []*entity
		for _, c := range inner {
			for _, k := range r.coordinated(s, c) {
				m := s.mentionAt(k)
				if m != nil && m.ent.class == schema.Thing && (isPlural(s, i) || r.identical(s, i) && r.x.rules.In("whole_noun", lower)) {
					r.settle(s, m, []schema.Class{schema.Territory}) // "the villages of A and B"
				}
				if m != nil && m.ent.class.Is(schema.Place) {
					named = append(named, r.resolveMention(s, m, []schema.Class{schema.Territory})...)
				}
				if m == nil && k > c && r.isLand(s.Sentence, k) && len(named) > 0 {
					named = append(named, r.territories(s, k)...) // "the enclaves of A and B and the rocks off its coast"
				}
			}
		}
		if len(named) == 1 && openWater(named[0]) && !r.x.rules.In("water_noun", lower) && lower != "area" && lower != "region" {
			named = nil // "a triangle of the Indian Ocean", "islands of the Aegean"
		}
		if len(named) > 0 && (isPlural(s, i) || r.identical(s, i) && (len(named) == 1 || r.x.rules.In("whole_noun", lower))) && !r.quantified(s, i) {
			return named
		}
	}
	if es := r.following(s, i); len(es) > 0 {
		return es
	}
	// "the four islands - A, B, C and D"
	if es := r.enumerated(s, i); len(es) > 0 {
		return es
	}
	// "the treeless island" after "Machias Seal Island"
	if e := r.sameKind(s, i); e != nil {
		return []*entity{e}
	}
	if e := r.ownSoil(s, i); e != nil {
		return []*entity{e}
	}
	if s.Lower(i-1) == "both" && isPlural(s, i) {
		if es := r.bothPlaces(s, i); len(es) == 2 {
			return es
		}
	}
	if r.definite(s, i) && !slices.ContainsFunc(s.Dependents(i, "nmod"), func(c int) bool { return r.locates(s, c) }) {
		if es := r.pointsBack(s, i); len(es) > 0 {
			return es
		}
	}
	names := r.variants(s, i)
	name := names[0]
	if len(names) > 1 {
		name = names[len(names)-1]
	}
	if name == lower && r.deed != nil && r.definite(s, i) {
		// "all the territory now possessed by His Majesty in America": only its
		// clause says which
		if c := s.Dependent(i, "acl"); c > i {
			if _, last := s.Span(c, func(int) bool { return false }); last > i && last-i < 24 {
				return []*entity{r.ents.described(schema.Territory, s.text(r, i, last), lower, lower)}
			}
		}
	}
	if name == lower && !r.quantified(s, i) {
		if e := r.placedByClause(s, i); e != nil {
			return []*entity{e}
		}
		if e := r.toldByClause(s, i); e != nil {
			return []*entity{e}
		}
		// bare "waters", "territory": whose?
		if owner := r.ownerName(s, i); owner != "" {
			return []*entity{r.ents.described(schema.Territory, owner+" "+lower, lower)}
		}
		for _, c := range s.Dependents(i, "nmod:poss") { // "lost its coast"
			if es, ok := r.pronoun(s, c, []schema.Class{schema.State}); ok && len(es) == 1 {
				e := r.ents.described(schema.Territory, es[0].name+"'s "+lower, lower)
				if adjective := r.adjectiveOf(es[0]); adjective != "" {
					e.addName(adjective + " " + lower)
				}
				return []*entity{e}
			}
		}
		if h := s.Head(i); h >= 0 && s.Case(i) == "including" {
			// "the South China Sea, including areas claimed by Vietnam"
			if whole := r.resolve(s, h, []schema.Class{schema.Territory}); len(whole) == 1 && whole[0].named {
				return []*entity{r.ents.described(schema.Territory, lower+" of "+article(whole[0].name)+whole[0].name, lower)}
			}
		}
		return nil
	}
	if owner := r.ownerName(s, i); owner != "" {
		e := r.ents.described(schema.Territory, owner+" "+name, lower, names...)
		return []*entity{e}
	}
	e := r.ents.described(schema.Territory, name, lower, names...)
	return []*entity{e}
}

// toldByClause describes the bare noun i by the relative clause that says which land or
// water is meant: "waters from which Luanda pumps oil".
func (r *reader) toldByClause(s *sentence, i int) *entity {
	if r.definite(s, i) || s.Case(i) == "in" {
		return nil
	}
	for _, c := range s.Dependents(i, "acl") {
		if s.Tokens[c].Rel != "acl:relcl" || i+2 >= len(s.Tokens) || s.Lower(i+2) != "which" || s.Tokens[i+1].POS != "ADP" {
			continue
		}
		if _, last := s.Span(i, func(int) bool { return false }); last > c && last-i < 14 {
			return r.ents.described(schema.Territory, s.text(r, i, last), s.Lower(i), s.Lower(i))
		}
	}
	return nil
}

// bothPlaces returns the two places that the clause between semicolons around noun i, or
// its document so far, spoke of last: "the 1851 treaty disposed of both areas".
func (r *reader) bothPlaces(s *sentence, i int) []*entity {
	var out []*entity
	for k := len(r.recent) - 1; k >= 0 && len(out) < 2; k-- {
		if e := r.recent[k]; e.class == schema.Territory && !isWater(e) && !e.plural && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// placedByClause describes noun i by where it lies, told in the clause after it:
// "area claimed by France between the Litani and the Marouini".
func (r *reader) placedByClause(s *sentence, i int) *entity {
	if i+2 >= len(s.Tokens) || s.Tokens[i+1].Tag != "VBN" || s.Lower(i+2) != "by" || r.definite(s, i) {
		return nil
	}
	for k := i + 3; k+1 < len(s.Tokens); k++ {
		switch s.Lower(k) {
		case "between", "near", "along", "around":
			end := k + 1
			for end < len(s.Tokens) && (s.mentionAt(end) != nil || s.Lower(end) == "the" || s.Lower(end) == "and") {
				end++
			}
			if end > k+1 && s.mentionAt(end-1) != nil {
				lower := s.Lower(i)
				where := s.text(r, k, end)
				return r.ents.described(schema.Territory, lower+" "+where, lower, lower)
			}
		}
		if s.IsVerb(k) {
			break
		}
	}
	return nil
}

// openWater reports whether a place is a sea or an ocean.
func openWater(e *entity) bool {
	return e.entry != nil && (e.entry.Kind == "sea" || e.entry.Kind == "ocean" || e.entry.Kind == "gulf")
}

// apposed returns the places that the plural noun i describes once more, where only a
// number stands before it: "Matthew and Hunter, two uninhabited volcanic islands".
func (r *reader) apposed(s *sentence, i int) []*entity {
	first := r.premodifiers(s, i)
	if !isPlural(s, i) || first < 2 || s.Tokens[first].POS != "NUM" || s.texts[first-1] != "," {
		return nil
	}
	m := s.mentionAt(first - 2)
	if m == nil || !m.ent.class.Is(schema.Place) || m.usage != gazetteer.AsName {
		return nil
	}
	n := r.number(s, i)
	if m.list < 0 && m.ent.entry != nil && strings.Contains(m.ent.name, " and ") {
		if parts := r.parts(m.ent); len(parts) == n {
			return parts
		}
	}
	if es := s.listed(m); len(es) == n {
		return es
	}
	return nil
}

// oneOf returns the place that the plural noun i is said of in "Abu Musa, one of
// three islands claimed by both": what holds of them all holds of it.
func (r *reader) oneOf(s *sentence, i int) *entity {
	if !isPlural(s, i) {
		return nil
	}
	k := i - 1
	for k > 0 && k > i-6 && s.Lower(k) != "of" {
		k--
	}
	if k < 3 || s.Lower(k) != "of" || s.Lower(k-1) != "one" || s.texts[k-2] != "," {
		return nil
	}
	m := s.mentionAt(k - 3)
	if m == nil || !m.ent.class.Is(schema.Place) || m.list >= 0 {
		return nil
	}
	first := k + 1
	if s.Lower(first) == "the" {
		first++
	}
	group := r.ents.described(schema.Territory, s.text(r, first, i+1), s.Lower(i))
	group.plural = true
	if !slices.Contains(group.members, m.ent) {
		group.members = append(group.members, m.ent)
	}
	r.touch(group)
	return m.ent
}

// ownSoil resolves "its territory", "their land": that of the state they are.
func (r *reader) ownSoil(s *sentence, i int) *entity {
	lower := s.Lower(i)
	if !r.x.rules.In("soil_noun", lower) || !r.unmodified(s, i) {
		return nil
	}
	for _, c := range s.Dependents(i, "nmod:poss") {
		if s.Tokens[c].POS != "PRON" || s.mentionAt(c) != nil {
			continue
		}
		es, ok := r.pronoun(s, c, []schema.Class{schema.State})
		if !ok || len(es) != 1 {
			return nil
		}
		e := r.ents.described(schema.Territory, es[0].name+"'s "+lower, lower, lower+" of "+es[0].name)
		if m := r.adjectiveOf(es[0]); m != "" {
			e.addName(m + " " + lower)
		}
		return e
	}
	return nil
}

// locates reports whether the nominal c after a noun tells which place is meant,
// and not from whom or when.
func (r *reader) locates(s *sentence, c int) bool {
	if s.Tokens[c].Rel == "nmod:poss" || s.timeAt[c] >= 0 || r.x.rules.In("event_noun", s.Lemma(c)) || r.x.rules.In("instrument_noun", s.Lower(c)) {
		return false
	}
	if h := s.Head(c); s.Case(c) == "between" && h >= 0 {
		switch v := s.Head(h); {
		case v >= 0 && (s.Lemma(v) == "divide" || s.Lemma(v) == "split" || s.Lemma(v) == "partition" || s.Lemma(v) == "share"):
			return false // "divide its colony between Morocco and Mauritania"
		}
	}
	switch s.Case(c) {
	case "from", "to", "since", "until", "during", "after", "before", "by", "with", "under", "as", "for", "despite", "without", "against":
		return false
	}
	return true
}

// ownerName returns the possessor of noun i as it is written, possessive
// pronouns resolved to nothing.
func (r *reader) ownerName(s *sentence, i int) string {
	for _, c := range s.Dependents(i, "nmod:poss") {
		if s.Tokens[c].POS == "PRON" {
			continue
		}
		first, last := s.Span(c, func(k int) bool { return s.Rel(k) == "det" })
		return s.text(r, first, last)
	}
	return ""
}

// unmodified reports whether no adjective or noun before it narrows noun i down.
func (r *reader) unmodified(s *sentence, i int) bool {
	return len(s.Dependents(i, "amod", "compound")) == 0
}

// identical reports whether "the N of NAME" is what is named: nothing before the
// noun narrows it down, or only words that describe it, as in "the high plateau
// of Aksai Chin".
func (r *reader) identical(s *sentence, i int) bool {
	if r.unmodified(s, i) {
		return true
	}
	if !r.x.rules.In("whole_noun", s.Lower(i)) {
		return false
	}
	for _, c := range s.Dependents(i, "amod", "compound") {
		if s.mentionAt(c) != nil || capitalized(s.texts[c]) {
			return false
		}
	}
	return true
}

func (r *reader) quantified(s *sentence, i int) bool {
	return s.Dependent(i, "nummod") >= 0
}

func isPlural(s *sentence, i int) bool {
	if w := s.Lower(i); w == "people" || len(w) > 3 && strings.HasSuffix(w, "men") && s.Tokens[i].POS == "NOUN" && w != "specimen" && w != "regimen" {
		return true // "three businessmen", whatever the tagger makes of it
	}
	return s.Tokens[i].Tag == "NNS" || s.Tokens[i].Tag == "NNPS" || s.Lower(i) == "group"
}

// enumerated returns the group that a plural noun introduces with its members
// listed after a dash, colon or comma, or in parentheses.
// A group that the document has spoken of before stands for itself, any other
// for its members.
func (r *reader) enumerated(s *sentence, i int) []*entity {
	if !isPlural(s, i) {
		return nil
	}
	k := i + 1
	if k+3 < len(s.Tokens) && (s.Lower(k) == "on" || s.Lower(k) == "in" || s.Lower(k) == "off") {
		// "two bases on Cyprus, A and B"
		n := k + 1
		if s.Lower(n) == "the" {
			n++
		}
		if m := s.mentionAt(n); m != nil && m.list < 0 && m.last < len(s.Tokens) && s.texts[m.last] == "," && r.quantified(s, i) {
			k = m.last
		}
	}
	if k >= len(s.Tokens) {
		return nil
	}
	comma := s.texts[k] == ","
	if n := namely(s, k); n > k {
		k, comma = n-1, false
	}
	switch {
	case comma, s.texts[k] == "—", s.texts[k] == "–", s.texts[k] == "-", s.texts[k] == "--", s.texts[k] == ":", s.texts[k] == "(", namely(s, i+1) > i+1:
		k++
	default:
		return nil
	}
	for k < len(s.Tokens) && (s.Lower(k) == "the" || s.Lower(k) == "namely") {
		k++
	}
	m := s.mentionAt(k)
	if m != nil && m.list < 0 && m.ent.entry != nil && strings.Contains(m.ent.name, " and ") && m.ent.class.Is(schema.Place) && r.number(s, i) == 2 {
		return r.parts(m.ent)
	}
	if m == nil || m.list < 0 || m.first != k || !m.ent.class.Is(schema.Place) && !(m.ent.class == schema.State && namely(s, i+1) > i+1) || s.mentions[s.lists[m.list][0]] != m {
		return nil
	}
	if comma && !r.quantified(s, i) {
		return nil
	}
	members := s.listed(m)
	group := r.groupNamed(s, i)
	if group == nil {
		return members
	}
	for _, e := range members {
		if e != group && !slices.Contains(group.members, e) {
			group.members = append(group.members, e)
		}
	}
	group.plural = true
	r.touch(group)
	return []*entity{group}
}

// namely returns the token after "namely" or "that is" that follows noun phrase token k
// after a comma, what locates the noun apart, or k.
func namely(s *sentence, k int) int {
	for n := k; n < min(k+5, len(s.Tokens)-3); n++ {
		if s.texts[n] != "," {
			if s.IsVerb(n) {
				return k
			}
			continue
		}
		n++
		switch {
		case s.Lower(n) == "namely", s.Lower(n) == "viz.", s.Lower(n) == "viz":
			n++
		case s.Lower(n) == "that" && s.Lower(n+1) == "is", s.Lower(n) == "to" && s.Lower(n+1) == "wit":
			n += 2
		default:
			return k
		}
		if s.texts[n] == "," || s.texts[n] == ":" {
			n++
		}
		return n
	}
	return k
}

// following returns what "the following territories:" announces: the places that
// are named up to the end of the clause, or their parts.
func (r *reader) following(s *sentence, i int) []*entity {
	if !isPlural(s, i) || i < 1 || s.Lower(i-1) != "following" {
		return nil
	}
	o := r.sents[s.index]
	var out []*entity
	open := false
	for k := 0; k < len(o.Tokens); k++ {
		if !open {
			open = o.Tokens[k].Start >= s.Tokens[i].End && o.texts[k] == ":"
			continue
		}
		m := o.mentionAt(k)
		switch {
		case o.texts[k] == ";" && m == nil && len(out) > 0 && o.Lower(k+1) == "and":
			return out
		case m == nil || m.first != k || m.usage != gazetteer.AsName || !m.ent.class.Is(schema.Territory) && m.ent.class != schema.Thing || o.Lower(k-1) == "in" || o.Lower(k-1) == "near":
			continue
		}
		if m.ent.class == schema.Thing {
			r.settle(o, m, []schema.Class{schema.Territory})
		}
		e := m.ent
		// "the southern portion of the province of Fengtien"
		for n := k - 1; n >= k-6 && n > 0 && (o.Lower(n) == "of" || o.Lower(n) == "the" || o.IsNoun(n)); n-- {
			if w := o.Lower(n); w == "part" || w == "portion" || w == "half" {
				first := n
				if o.Tokens[n-1].POS == "ADJ" {
					first--
				}
				e = r.ents.described(schema.Territory, o.text(r, first, m.last), "part", o.text(r, first, n+1)+" of "+m.ent.name)
				break
			}
		}
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// groupNamed returns the group mentioned before whose description fits noun i.
func (r *reader) groupNamed(s *sentence, i int) *entity {
	key := schema.EntityID(schema.Territory, r.bareName(s, i))
	if e := r.ents.byKey[key]; e != nil {
		return e
	}
	n := r.number(s, i)
	return r.lastOf(func(e *entity) bool {
		return e.class == schema.Territory && e.plural && !e.named && e.kind == s.Lower(i) && (n == 0 || strings.Contains(e.name, s.texts[i-1]))
	})
}

// sameKind resolves a definite singular noun with adjectives that only describe
// to a place of that kind named shortly before.
func (r *reader) sameKind(s *sentence, i int) *entity {
	lower := s.Lower(i)
	if isPlural(s, i) && lower != "group" || !r.definite(s, i) || !r.describedOnly(s, i) {
		return nil
	}
	e := r.before(s, i, func(e *entity) bool {
		return e.class == schema.Territory && e.named && !e.plural && strings.HasSuffix(strings.ToLower(e.name), " "+lower)
	})
	if e == nil && s.Dependent(i, "amod", "compound") >= 0 {
		e = r.before(s, i, func(e *entity) bool { return e.class == schema.Territory && e.entry != nil && kindIs(e, lower) })
	}
	return e
}

// describedOnly reports whether what stands before noun i, and behind it, only tells
// more of what it is: "the windswept archipelago", "the Black Sea peninsula".
func (r *reader) describedOnly(s *sentence, i int) bool {
	if s.Dependent(i, "nmod", "nummod", "acl") >= 0 {
		return false
	}
	for _, c := range s.Dependents(i, "amod", "compound") {
		if m := s.mentionAt(c); m != nil {
			if !isWater(m.ent) && m.ent.class != schema.Place {
				return false
			}
			continue
		}
		if s.texts[c] != s.Lower(c) || r.x.rules.In("selecting", s.Lower(c)) || s.Tokens[c].POS == "NUM" {
			return false
		}
	}
	return true
}

// kindIs reports whether a known place is of the kind that a noun names.
func kindIs(e *entity, noun string) bool {
	switch noun {
	case "archipelago", "chain", "group":
		return e.entry.Kind == "island-group"
	case "territory", "region", "area", "enclave":
		return e.entry.Kind == "region" || e.entry.Kind == "enclave" || e.entry.Kind == noun
	case "islet", "rock", "outcrop", "isle":
		return e.entry.Kind == "islet" || e.entry.Kind == "rock" || e.entry.Kind == "island" || e.entry.Kind == "reef"
	case "town", "city", "village":
		return e.entry.Kind == "town" || e.entry.Kind == "city" || e.entry.Kind == "village"
	}
	return e.entry.Kind == noun
}

// pointsBack resolves "the islands", "these lands", "the disputed territory".
func (r *reader) pointsBack(s *sentence, i int) []*entity {
	lower := s.Lower(i)
	for _, c := range s.Dependents(i, "amod", "compound", "acl") {
		if c > i {
			if s.texts[max(c-1, 0)] == "," || s.Tokens[c].Rel == "acl:relcl" {
				continue // it tells more of what is known already
			}
			return nil
		}
		switch s.Lower(c) {
		case "disputed", "contested", "same", "entire", "whole", "said", "smaller", "two", "four", "three", "claimed", "occupied":
		case "sq", "sq.", "square", "km", "km2", "km²", "mile", "kilometre", "kilometer", "metre", "meter", "hectare", "acre":
			// "the 114,000 sq km strip": how large it is
		default:
			if !isPlural(s, i) || !r.describedOnly(s, i) {
				return nil
			}
			if e := r.before(s, i, isGroupKind); e == nil || len(r.listBefore(s, i)) > 1 {
				return nil // "the uninhabited islets"
			}
		}
	}
	if isPlural(s, i) {
		n := r.number(s, i)
		if n == 0 { // "the farms" after "the Shebaa Farms"
			if e := r.before(s, i, func(e *entity) bool {
				return e.class == schema.Territory && e.named && strings.HasSuffix(strings.ToLower(e.name), " "+lower)
			}); e != nil {
				return []*entity{e}
			}
		}
		if e := r.lastOf(func(e *entity) bool {
			if pair := e.class == schema.Territory && e.entry != nil && strings.Contains(e.name, " and "); pair && (n == 0 || n == 2) {
				return true // "Tiran and Sanafir"
			}
			return e.class == schema.Territory && e.plural && (n == 0 || n == len(e.members) || len(e.members) == 0 && strings.HasPrefix(e.name, s.texts[i-1]))
		}); e != nil {
			return []*entity{e}
		}
		if l := r.listBefore(s, i); len(l) > 1 && (n == 0 || n == len(l) || n > len(l) && slices.ContainsFunc(l, isGroupKind)) {
			return l
		}
		if e := r.before(s, i, func(e *entity) bool { return isGroupKind(e) }); e != nil && n == 0 {
			return []*entity{e}
		}
		if e := r.before(s, i, func(e *entity) bool {
			return isGroupKind(e) && len(e.members) == 0 && strings.HasSuffix(strings.ToLower(e.name), " "+lower)
		}); e != nil {
			return []*entity{e} // "the two reefs" after "the Minerva Reefs"
		}
		if e := r.place(); e != nil && isGroupKind(e) && n == 0 {
			return []*entity{e}
		}
		if e := r.describedAs(s, i, lower); e != nil && n == 0 {
			return []*entity{e} // "the islets" after "a pair of rocky islets"
		}
		return nil
	}
	switch lower {
	case "point", "tip", "top", "corner", "patch", "stretch", "mile", "square":
		return nil // of what, the next words say
	}
	switch lower {
	case "base", "port", "fort", "dam", "bridge", "temple", "zone", "field", "block", "corridor", "canal":
		if e := r.describedAs(s, i, lower); e != nil {
			return []*entity{e}
		}
		if e := r.introduced(s, i, lower); e != nil {
			return []*entity{e}
		}
	}
	if lower == "waterway" || lower == "waters" {
		if e := r.before(s, i, func(e *entity) bool { return e.class == schema.Territory && isWater(e) }); e != nil {
			return []*entity{e}
		}
	}
	if lower == "chain" || lower == "group" || lower == "archipelago" {
		if e := r.before(s, i, isGroupKind); e != nil {
			return []*entity{e}
		}
		if e := r.lastOf(func(e *entity) bool { return e.class == schema.Territory && e.plural }); e != nil {
			return []*entity{e}
		}
		return nil
	}
	if lower == "sea" || lower == "gulf" || lower == "strait" {
		if e := r.sea(s, i, lower); e != nil {
			return []*entity{e}
		}
	}
	// "the plateau", "the shoal": what is one by its name or kind
	if e := r.before(s, i, func(e *entity) bool {
		return e.class == schema.Territory && !e.plural && (e.kind == lower || strings.HasSuffix(strings.ToLower(e.name), " "+lower) ||
			slices.ContainsFunc(e.aliases, func(a string) bool { return strings.HasSuffix(strings.ToLower(a), " "+lower) }))
	}); e != nil {
		return []*entity{e}
	}
	if e := r.calledSo[lower]; e != nil && r.count[e] > 1 && r.unmodified(s, i) {
		return []*entity{e} // what the document has called so before
	}
	if e := r.before(s, i, func(e *entity) bool {
		return e.class == schema.Territory && !e.plural && !isGroupKind(e) && (e.entry == nil || e.entry.Kind != "sea" && e.entry.Kind != "ocean" && e.entry.Kind != "river" || e.entry.Kind == lower)
	}); e != nil {
		return []*entity{e}
	}
	if e := r.place(); e != nil && !isGroupKind(e) && (e.kind == lower || strings.HasSuffix(strings.ToLower(e.name), " "+lower) || lower == "territory" || lower == "area") {
		return []*entity{e}
	}
	return nil
}

// describedAs returns what was described by noun i before, and not named: "the base"
// after "a military base on Diego Garcia".
func (r *reader) describedAs(s *sentence, i int, noun string) *entity {
	at := s.Tokens[i].Start
	for n := s.index; n >= 0 && n >= s.index-6; n-- {
		for k := len(r.sents[n].described) - 1; k >= 0; k-- {
			d := r.sents[n].described[k]
			if len(d.ents) == 1 && d.start < at && d.ents[0].kind == noun && !d.ents[0].named && d.ents[0].entry == nil {
				return d.ents[0]
			}
		}
	}
	return nil
}

// introduced returns what the sentence before spoke of for the first time by noun i: "a
// 200-mile protection zone".
func (r *reader) introduced(s *sentence, i int, noun string) *entity {
	if s.index == 0 {
		return nil
	}
	o := r.sents[s.index-1]
	for k := range o.Tokens {
		if o.Lower(k) != noun || !o.IsNoun(k) {
			continue
		}
		if d := o.Dependent(k, "det"); d >= 0 && (o.Lower(d) == "a" || o.Lower(d) == "an") {
			if name := r.bareName(o, k); !strings.EqualFold(name, noun) {
				return r.ents.described(schema.Territory, name, noun, noun)
			}
		}
	}
	return nil
}

// place returns the place whose entry the document is, or nil.
func (r *reader) place() *entity {
	for _, e := range r.parties {
		if e.class.Is(schema.Place) && !e.acts() {
			return e
		}
	}
	if e := r.country; e != nil && e.class.Is(schema.Place) && e.class != schema.State {
		return e
	}
	return nil
}

// sea resolves "the sea" after "the Caspian seabed".
func (r *reader) sea(s *sentence, i int, noun string) *entity {
	if e := r.before(s, i, func(e *entity) bool { return e.class == schema.Territory && isWater(e) && e.entry.Kind == noun }); e != nil {
		return e
	}
	e := r.before(s, i, func(e *entity) bool { return e.class == schema.Territory && e.entry != nil })
	if e == nil {
		return nil
	}
	first, _, _ := strings.Cut(e.name, " ")
	if known := r.x.gaz.Lookup(first + " " + noun); len(known) == 1 {
		return r.ents.known(known[0])
	}
	return nil
}

func isGroupKind(e *entity) bool {
	if e.class != schema.Territory {
		return false
	}
	if e.entry != nil && e.entry.Kind == "island-group" {
		return true
	}
	last := strings.ToLower(e.name[strings.LastIndexByte(e.name, ' ')+1:])
	switch last {
	case "islands", "reefs", "rocks", "islets", "territories", "kurils", "shoals", "heights", "archipelago", "keys", "cays":
		return true
	}
	return e.plural
}

// boundaries resolves a noun for a line between two territories.
func (r *reader) boundaries(s *sentence, i int) []*entity {
	kinds := r.boundaryKinds(s, i)
	var out []*entity
	if one, others := r.bordersWith(s, i); one != nil {
		for _, other := range others {
			for _, kind := range kinds {
				out = append(out, r.boundary(one, other, kind))
			}
		}
		return out
	}
	if pairs := r.hyphenatedPairs(s, i); len(pairs) > 1 {
		for _, p := range pairs {
			out = append(out, r.boundary(p[0], p[1], kinds[0]))
		}
		return out
	}
	parties := r.boundaryParties(s, i)
	bare := (s.Lower(i) == "demarcation" || s.Lower(i) == "delimitation") && len(s.Dependents(i, "nmod", "amod", "compound")) == 0
	if len(parties) < 2 || bare {
		if e := r.lastOf(func(e *entity) bool { return e.class == schema.Boundary && slices.Contains(kinds, e.kind) }); e != nil && (r.definite(s, i) || bare && r.spokenLately(s, "boundary")) {
			return []*entity{e}
		}
		if es := s.parties(r.country, r.parties); len(es) == 2 {
			parties = es
		} else if main := r.mainParties(); len(parties) == 0 && len(main) == 2 && r.definite(s, i) && r.namedLately(s, main) {
			parties = main // "the land frontier": theirs whom it is all about
		}
	}
	if len(parties) < 2 {
		return nil
	}
	for _, kind := range kinds {
		if len(parties) > 2 {
			out = append(out, r.jointBoundary(parties, kind))
			continue
		}
		out = append(out, r.boundary(parties[0], parties[1], kind))
	}
	return out
}

// hyphenatedPairs returns whose boundaries the plural noun i names by pairs: "the
// Chad-Niger and Niger-Nigeria boundaries".
func (r *reader) hyphenatedPairs(s *sentence, i int) [][]*entity {
	if !isPlural(s, i) {
		return nil
	}
	o := r.sents[s.index]
	end := slices.IndexFunc(o.Tokens, func(t nlp.Token) bool { return t.End == s.Tokens[i].End })
	var out [][]*entity
	for k := end - 1; k >= 0; k-- {
		m := o.mentionAt(k)
		switch {
		case m != nil && m.list >= 0 && o.hyphenated[m.list] && len(o.lists[m.list]) == 2 && m.ent.class == schema.State:
			if es := o.listed(m); len(es) == 2 {
				out = append([][]*entity{es}, out...)
			}
			k = o.mentions[o.lists[m.list][0]].first
			continue
		case m == nil && (o.Lower(k) == "and" || o.texts[k] == "," || o.Lower(k) == "land" || o.Lower(k) == "maritime"):
			continue
		}
		break
	}
	return out
}

// boundaryKinds tells land boundaries, the kind "", from "maritime" ones; "land
// and maritime borders" is both.
func (r *reader) boundaryKinds(s *sentence, i int) []string {
	land, sea := false, false
	for _, c := range append(s.Dependents(i, "amod", "compound", "conj", "nmod"), i-1, i-2, i-3) {
		if s.mentionAt(c) != nil {
			continue // "the boundary from the Red Sea"
		}
		word := s.Lower(c)
		switch word[strings.LastIndexByte(word, ' ')+1:] {
		case "maritime", "sea", "seabed", "ocean", "shelf", "eez":
			sea = true
		case "land":
			land = true
		}
		if c >= i-3 && c < i || c < 0 {
			continue
		}
		for _, k := range s.Dependents(c, "conj") {
			switch s.Lower(k) {
			case "maritime", "sea":
				sea = true
			}
		}
	}
	switch {
	case land && sea:
		return []string{"", "maritime"}
	case sea:
		return []string{"maritime"}
	}
	return []string{""}
}

// boundary returns the boundary of two states, whichever is named first.
func (r *reader) boundary(a, b *entity, kind string) *entity {
	first, second := a, b
	if second.key < first.key {
		first, second = second, first
	}
	slug := schema.Slug(first.name + " " + second.name)
	word := ""
	if kind != "" {
		slug += "-" + kind
		word = kind + " "
	}
	e := r.ents.get("boundary/"+slug, func() *entity {
		e := &entity{class: schema.Boundary, kind: kind, name: a.name + "-" + b.name + " " + word + "boundary", named: true, parties: []*entity{a, b}}
		if x, y := r.inText(a), r.inText(b); x != a.name || y != b.name {
			// "the Burma-Bangladesh boundary", where the text says Burma
			for _, noun := range []string{"boundary", "border"} {
				e.addName(x+"-"+y+" "+word+noun, y+"-"+x+" "+word+noun, word+noun+" between "+x+" and "+y)
			}
		}
		for _, p := range [][2]*entity{{a, b}, {b, a}} {
			for _, noun := range []string{"boundary", "border"} {
				e.addName(p[0].name+"-"+p[1].name+" "+word+noun, word+noun+" between "+p[0].name+" and "+p[1].name)
				if kind == "" {
					e.addName(p[0].name + "-" + p[1].name + " land " + noun)
				}
			}
		}
		return e
	})
	r.touch(e)
	return e
}

// inText returns the name by which the document calls a state: one of its other names
// where its usual one does not occur.
func (r *reader) inText(e *entity) string {
	if e.entry == nil || strings.Contains(r.doc.Text, e.name) {
		return e.name
	}
	for _, a := range e.entry.Names {
		if len(a.Text) > 3 && a.Kind != gazetteer.Abbreviation && strings.Contains(r.doc.Text, a.Text) {
			return a.Text
		}
	}
	return e.name
}

// jointBoundary returns the boundary of more than two states.
func (r *reader) jointBoundary(parties []*entity, kind string) *entity {
	var names []string
	for _, p := range parties {
		names = append(names, p.name)
	}
	word := ""
	if kind != "" {
		word = kind + " "
	}
	e := r.ents.described(schema.Boundary, strings.Join(names, "-")+" "+word+"boundary", kind, strings.Join(names, "-")+" "+word+"border")
	e.parties, e.named = parties, true
	return e
}

// boundaryParties finds whose boundary noun i is: "the A-B boundary", "the
// boundary between A and B", "A's boundary with B", "their boundary".
func (r *reader) boundaryParties(s *sentence, i int) []*entity {
	var out []*entity
	add := func(es []*entity) {
		for _, e := range es {
			if e.acts() && e.class != schema.Organization && e.class != schema.Court && !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	states := []schema.Class{schema.State}
	for _, c := range s.Role(i, "between") {
		add(r.resolve(s, c, states))
	}
	if len(out) >= 2 {
		return out
	}
	// names and adjectives joined before the noun
	first := r.premodifiers(s, i)
	for k := first; k < i; k++ {
		if m := s.mentionAt(k); m != nil && m.first == k && m.ent.acts() && !doer(s, k) {
			add([]*entity{m.ent})
		}
	}
	if len(out) >= 2 {
		return out
	}
	for _, c := range s.Dependents(i, "nmod:poss", "conj") {
		if s.Rel(c) == "conj" && c > i {
			continue
		}
		add(r.resolve(s, c, states))
	}
	if len(out) >= 2 {
		return out
	}
	for _, c := range s.Role(i, "with") {
		add(r.resolve(s, c, states))
	}
	if len(out) >= 2 {
		return out
	}
	if len(out) == 1 {
		if e := r.counterpart(s, i, out[0]); e != nil {
			return []*entity{e, out[0]}
		}
		return out
	}
	if es := r.settlers(s, i); len(es) == 2 {
		return es
	}
	if es := r.clauseParties(s, i); len(es) >= 2 {
		return es
	}
	return nil
}

// doer reports whether token k only says who did what the participle after it
// names: "U.S.-brokered".
func doer(s *sentence, k int) bool {
	return k+1 < len(s.Tokens) && s.Head(k) == k+1 && s.Rel(k) == "compound" && participle(s, k+1)
}

// bordersWith returns the one state and the several others of "its boundaries
// with Latvia and Lithuania", or nil.
func (r *reader) bordersWith(s *sentence, i int) (one *entity, others []*entity) {
	if len(s.Role(i, "between")) > 0 {
		return nil, nil
	}
	for _, c := range s.Role(i, "with") {
		others = append(others, r.resolve(s, c, []schema.Class{schema.State})...)
	}
	if len(others) < 2 {
		return nil, nil
	}
	for _, c := range s.Role(i, frame.Owner) {
		for _, e := range r.resolve(s, c, []schema.Class{schema.State}) {
			if !slices.Contains(others, e) {
				return e, others
			}
		}
	}
	if e := r.counterpart(s, i, others[0]); e != nil && !slices.Contains(others, e) {
		return e, others
	}
	return nil, nil
}

// counterpart returns the other side where only one is named: the subject of
// the clause, or the document's country.
func (r *reader) counterpart(s *sentence, i int, one *entity) *entity {
	for k, n := s.Head(i), 0; k >= 0 && n < 8; k, n = s.Head(k), n+1 {
		if !s.IsVerb(k) {
			continue
		}
		if s.Passive(k) && r.doc.Country != "" {
			continue // "ratification of its treaty with Chile was denounced by Peru"
		}
		for _, a := range s.Role(k, "agent") {
			for _, e := range r.resolve(s, a, []schema.Class{schema.State}) {
				if e != one {
					return e
				}
			}
		}
	}
	if r.country != nil && r.country != one {
		return r.country
	}
	if len(r.parties) == 2 && slices.Contains(r.parties, one) {
		if r.parties[0] == one {
			return r.parties[1]
		}
		return r.parties[0]
	}
	return nil
}

// settlers returns the two parties of the treaty that settles the boundary i:
// "the accord also settles the maritime boundary".
func (r *reader) settlers(s *sentence, i int) []*entity {
	h := s.Head(i)
	if h < 0 || !s.IsVerb(h) || s.Rel(i) != "obj" {
		return nil
	}
	for _, a := range s.Role(h, "agent") {
		if !r.x.rules.In("treaty_noun", s.Lemma(a)) {
			continue
		}
		es := r.resolve(s, a, []schema.Class{schema.Instrument})
		if len(es) == 1 {
			r.instrumentParties(s, a, es[0]) // "the treaty with Yemen fixes the boundary"
		}
		if len(es) == 1 && len(es[0].parties) == 2 {
			if len(r.parties) == 2 && !slices.Contains(r.parties, es[0].parties[0]) && !slices.Contains(r.parties, es[0].parties[1]) {
				return r.parties // the line that others drew for their colonies
			}
			return es[0].parties
		}
	}
	return nil
}

// clauseParties returns the two states that act in the clause around i, or
// else the two that the sentence or heading names.
func (r *reader) clauseParties(s *sentence, i int) []*entity {
	for k, n := s.Head(i), 0; k >= 0 && n < 8; k, n = s.Head(k), n+1 {
		if !s.IsVerb(k) {
			continue
		}
		for _, role := range []string{"agent", "patient", "between", "with"} {
			for _, a := range s.Role(k, role) {
				if a == i {
					continue
				}
				if es := r.resolve(s, a, []schema.Class{schema.State}); len(es) >= 2 {
					return es
				}
			}
		}
	}
	if len(r.parties) == 2 {
		return r.parties
	}
	if main := r.mainParties(); len(main) == 2 && r.namedLately(s, main) && slices.ContainsFunc(s.mentions, func(m *mention) bool { return slices.Contains(main, m.ent) }) &&
		!slices.ContainsFunc(s.mentions, func(m *mention) bool {
			return m.ent.class == schema.State && m.usage != gazetteer.AsAdjective && !m.aside && !slices.Contains(main, m.ent)
		}) {
		return main
	}
	var named []*entity
	for _, m := range s.mentions {
		if m.ent.class == schema.State && !m.aside && !slices.Contains(named, m.ent) && !doer(s, m.head) {
			named = append(named, m.ent)
		}
	}
	if len(named) == 2 {
		return named
	}
	return nil
}

// instrument resolves a noun for a treaty, law or judgment to one that the
// document has spoken of, or else to a new one made of its phrase.
func (r *reader) instrument(s *sentence, i int) *entity {
	if e, ok := s.instruments[i]; ok {
		return e
	}
	first := r.premodifiers(s, i)
	last := i + 1
	// "Treaty of Tokehega", "Declaration on the Conduct of Parties": a name goes
	// on through capitalized words
	if capitalized(s.texts[i]) {
		for k := i + 1; k < len(s.Tokens); k++ {
			w := s.texts[k]
			if strings.Contains(r.doc.Text[s.Tokens[k-1].End:s.Tokens[k].Start], "(") {
				break // "under the Treaty of Lima (1929) Tacna came back"
			}
			if capitalized(w) && s.timeAt[k] < 0 || k == i+1 && s.timeAt[k] < 0 && isNumber(w) {
				last = k + 1
				continue
			}
			if w == "the" && capitalized(s.texts[k-1]) {
				w = "" // "by the Treaty of Tarawa the United States gave up": the clause begins
			}
			if w == "in" && last == i+1 {
				w = "" // "the Antarctic Treaty in Washington": where it was signed
			}
			switch w {
			case "with", "between", "to":
				if m := s.mentionAt(k + 1); m == nil || m.ent.class != schema.State {
					continue
				}
				// "the Treaty of Zgorzelec with Poland": with whom is no part of its name
			case "of", "on", "the", "in", "and", "for", "concerning", "de", "against":
				continue
			}
			break
		}
		if last > i+1 && (s.Lower(i+1) == "between" || s.Lower(i+1) == "with" || s.Lower(i+1) == "and" || s.Lower(i+1) == "to") {
			last = i + 1
		}
	}
	// the year may precede or follow: "2002 ruling", "Treaty of 1928"
	var date schema.Date
	core := first
	for core < i && (s.timeAt[core] >= 0 || s.texts[core] == ",") {
		core++
	}
	for k := first; k < i; k++ {
		if n := s.timeAt[k]; n >= 0 && s.times[n].Relation != timex.Within {
			date = s.times[n].Date
		}
	}
	if first > 0 && s.timeAt[first-1] >= 0 && first == core {
		if e := s.times[s.timeAt[first-1]]; e.Last == first && e.Core == e.First {
			date = e.Date
		}
	}
	if date.IsZero() && last+1 < len(s.Tokens) && s.Lower(last) == "of" && s.timeAt[last+1] >= 0 {
		date = s.times[s.timeAt[last+1]].Date
	}
	if y := bracketedYear().FindStringSubmatch(r.doc.Text[s.Tokens[last-1].End:min(s.Tokens[last-1].End+8, len(r.doc.Text))]); date.IsZero() && y != nil {
		date = schema.Year(atoi(y[1])) // "the Treaty of Lima (1929)"
	}
	if w := s.Lower(i + 1); last == i+1 && w == "of" && fixedNames[s.Lower(i)+" of "+s.Lower(i+2)] {
		last = i + 3
	}
	name := s.text(r, core, last)
	s.spans[i] = [2]int{first, last}
	head := s.Lower(i)
	singular := s.Lemma(i)
	described := core < i || last > i+1 || !date.IsZero()
	if r.isDeed(s, i, name, described) {
		return r.noteInstrument(s, i, r.deed)
	}
	if owner := r.instrumentOwner(s, i); owner != nil && !described {
		e := r.ents.described(schema.Instrument, owner.name+" "+name, "", owner.name+"'s "+name)
		if m := r.adjectiveOf(owner); m != "" {
			e.addName(m + " " + name)
		}
		e.parties, e.head = []*entity{owner}, singular
		return r.noteInstrument(s, i, e)
	}
	if !described || r.definite(s, i) && date.IsZero() {
		// "the treaty", "the agreement": one spoken of before
		later := func(e *entity) bool {
			for k, o := range s.instruments {
				if k > i && o == e {
					return true
				}
			}
			return false
		}
		if e := r.lastOf(func(e *entity) bool {
			return !later(e) && e.class == schema.Instrument && (!described && e.head == singular && !e.plural || schema.Fold(e.name) == schema.Fold(name) || slices.ContainsFunc(e.aliases, func(a string) bool { return schema.Fold(a) == schema.Fold(name) }))
		}); e != nil && r.definite(s, i) {
			return r.noteInstrument(s, i, e)
		}
		if !described && r.definite(s, i) {
			kin := func(e *entity) bool {
				return e.class == schema.Instrument && sameKind(e.head, singular) && !later(e)
			}
			if e := r.lastOf(func(e *entity) bool { return kin(e) && !r.old(e) }); e != nil {
				return r.noteInstrument(s, i, e)
			}
			if e := r.lastOf(kin); e != nil {
				return r.noteInstrument(s, i, e)
			}
		}
	}
	full := name
	if !date.IsZero() && !strings.Contains(name, schema.Year(date.Year).String()) {
		full = dateWords(date) + " " + name
	}
	key := full
	if !described {
		// several bare "agreements" of one document are not one
		key = full + " " + r.doc.ID
	}
	e := r.ents.get(schema.EntityID(schema.Instrument, key), func() *entity {
		return &entity{class: schema.Instrument, name: full, head: singular}
	})
	if whole := r.withTopic(s, i, core, last); whole != "" {
		e.addName(whole)
	}
	e.date = date
	e.plural = s.Tokens[i].Tag == "NNS" && !capitalized(s.texts[i])
	e.named = capitalized(s.texts[i]) && described
	e.addName(name)
	if !date.IsZero() {
		y := schema.Year(date.Year).String()
		e.addName(y+" "+name, y+" "+head, head+" of "+y)
		if last > i+1 {
			e.addName(name + " (" + y + ")")
		}
	}
	if core < i {
		e.addName(s.text(r, i-1, i+1))
		if inWordAt := i - 2; inWordAt > core && r.inWord(s, inWordAt) {
			e.addName(s.text(r, i-3, i+1))
		}
	}
	return r.noteInstrument(s, i, e)
}

// bracketedYear finds the year in parentheses right after the name of an instrument.
var bracketedYear = lazy(`^\s?\((1[5-9]\d\d|20\d\d)\)`)

// withTopic returns the name of an instrument with the phrase after it that says what it
// is about or with whom: "treaty of peace and friendship", "agreement on historic waters".
func (r *reader) withTopic(s *sentence, i, core, last int) string {
	for _, c := range s.Dependents(i, "nmod") {
		switch s.Case(c) {
		case "of", "on", "with", "concerning", "about", "over":
		default:
			continue
		}
		f, l := s.Span(c, func(k int) bool {
			switch s.Rel(k) {
			case "acl", "parataxis", "appos":
				return true
			case "nmod", "obl":
				return s.timeAt[k] >= 0
			}
			return false
		})
		if f == last && l > f && s.timeAt[c] < 0 && l-f < 9 {
			return s.text(r, core, l)
		}
	}
	return ""
}

// old reports whether an instrument was history already when the document was
// written: "the pact" of a news item is the one that is new.
func (r *reader) old(e *entity) bool {
	return !e.date.IsZero() && !r.doc.Date.IsZero() && e.date.Year < r.doc.Date.Year-2
}

// namedOneByOne tells the treaties apart that "the treaties of Aigun and Peking" names
// in one phrase.
func (r *reader) namedOneByOne(s *sentence, i int) []*entity {
	if t := s.Tokens[i].Tag; t != "NNS" && t != "NNPS" || s.Lower(i+1) != "of" {
		return nil
	}
	var out []*entity
	for k := i + 2; k < len(s.Tokens); k++ {
		w := s.texts[k]
		switch {
		case s.timeAt[k] >= 0:
			return nil
		case w == "," || w == "and" || s.Lower(k) == "the":
			continue
		case !capitalized(w):
			k = len(s.Tokens)
			continue
		}
		last := k + 1
		for last < len(s.Tokens) && capitalized(s.texts[last]) && s.timeAt[last] < 0 && s.mentionAt(last) == s.mentionAt(k) {
			last++
		}
		head := s.Lemma(i)
		kind := strings.ToUpper(head[:1]) + head[1:]
		e := r.ents.described(schema.Instrument, kind+" of "+s.text(r, k, last), "")
		e.head, e.named = head, true
		out = append(out, e)
		k = last - 1
	}
	if len(out) < 2 {
		return nil
	}
	for _, e := range out {
		r.touch(e)
	}
	return out
}

// datedOneByOne tells the treaties apart that "treaties were signed in 2009 and
// 2014" speaks of in one word: one for each date.
func (r *reader) datedOneByOne(s *sentence, i int) []*entity {
	if s.Tokens[i].Tag != "NNS" || capitalized(s.texts[i]) {
		return nil
	}
	verb := s.Head(i)
	if verb < 0 || !s.IsVerb(verb) || s.Rel(i) != "nsubj" && s.Rel(i) != "obj" {
		verb = -1
		for _, c := range s.Dependents(i, "acl") {
			if s.Lemma(c) == "sign" || s.Lemma(c) == "conclude" || s.Lemma(c) == "reach" {
				verb = c // "treaties which they signed in 1952 and 1954"
			}
		}
		if verb < 0 {
			return nil
		}
	}
	var dates []schema.Date
	for _, x := range s.times {
		host := r.timeHost(s, x)
		if host >= 0 && s.timeAt[host] >= 0 {
			host = r.timeHost(s, s.times[s.timeAt[host]])
		}
		if host == verb && x.Relation == timex.On {
			dates = append(dates, x.Date)
		}
	}
	if len(dates) < 2 {
		return nil
	}
	var out []*entity
	for _, d := range dates {
		name := schema.Year(d.Year).String() + " " + s.Lemma(i)
		e := r.ents.described(schema.Instrument, name, "")
		e.head, e.date = s.Lemma(i), d
		out = append(out, e)
	}
	return out
}

func (r *reader) noteInstrument(s *sentence, i int, e *entity) *entity {
	if e.court == nil {
		e.court = r.courtOf(s, i)
	}
	r.touch(e)
	s.instruments[i] = e
	return e
}

// instrumentOwner returns whose law or constitution it is.
func (r *reader) instrumentOwner(s *sentence, i int) *entity {
	switch s.Lemma(i) {
	case "constitution", "law", "decree", "charter", "map", "statute", "amendment":
	default:
		return nil
	}
	for _, c := range s.Dependents(i, "nmod:poss", "amod", "compound") {
		if es := r.resolveOne(s, c, []schema.Class{schema.State}); len(es) == 1 {
			return es[0]
		}
	}
	return nil
}

// adjectiveOf returns a state's adjective, as in "Argentine constitution".
func (r *reader) adjectiveOf(e *entity) string {
	if e.entry != nil && len(e.entry.Adjectives) > 0 {
		return e.entry.Adjectives[0]
	}
	return ""
}

// sameKind reports whether one noun can point back to an instrument introduced
// by another: "the accord" after "an agreement", but not after "a ruling".
func sameKind(head, noun string) bool {
	family := func(w string) int {
		switch w {
		case "treaty", "agreement", "accord", "pact", "convention", "protocol", "deal", "memorandum", "arrangement", "document", "declaration":
			return 1
		case "ruling", "judgment", "judgement", "award", "decision", "verdict", "opinion":
			return 2
		case "constitution", "law", "act", "decree", "charter", "statute":
			return 3
		}
		return 0
	}
	return family(head) != 0 && family(head) == family(noun)
}

func dateWords(d schema.Date) string {
	if d.Precision == schema.PrecisionMonth {
		return monthNames[d.Month-1] + " " + schema.Year(d.Year).String()
	}
	return schema.Year(d.Year).String()
}

var monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
