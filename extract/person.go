package extract

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// person returns the person of the name: the one of the same last name that
// the document has spoken of, or a new one.
func (r *reader) person(name string) *entity {
	words := strings.Fields(name)
	last := schema.Fold(words[len(words)-1])
	if e := r.persons[last]; e != nil {
		if len(name) > len(e.name) {
			e.aliases = append(e.aliases, e.name)
			e.name = name
		} else {
			e.addName(name)
		}
		return e
	}
	e := r.ents.described(schema.Person, name, "")
	e.named = true
	e.addName(words[len(words)-1])
	r.persons[last] = e
	first := schema.Fold(words[0])
	if _, after, ok := strings.Cut(last, " "); ok && strings.Contains(words[len(words)-1], "-") {
		first = after // "Sisi", after "Abdel Fattah al-Sisi"
	}
	if len(words) > 1 && r.firsts[first] == nil {
		if r.firsts == nil {
			r.firsts = map[string]*entity{}
		}
		r.firsts[first] = e
	}
	return e
}

// personOf returns the person that the capitalized words [i, run) name, going
// by a title before them or by a last name spoken of before; nil if they name
// none.
func (r *reader) personOf(s *sentence, i, run int) *entity {
	name := s.text(r, i, run)
	if r.titleBefore(s, i) >= 0 {
		return r.person(name)
	}
	if r.persons[schema.Fold(s.texts[run-1])] != nil {
		return r.person(name)
	}
	if e := r.firsts[schema.Fold(name)]; e != nil && run == i+1 {
		e.addName(name) // "Yoon", after "President Yoon Suk Yeol"
		return e
	}
	// "his counterpart, Narendra Modi", "his successor, Alberto Fernandez", "Narendra Modi, the prime minister"
	if run-i >= 2 && i >= 2 && s.texts[i-1] == "," && (r.x.rules.In("person_title", s.Lower(i-2)) || s.Lower(i-2) == "successor" || s.Lower(i-2) == "predecessor") {
		return r.person(name)
	}
	if first, _ := r.postBefore(s, i); run-i >= 2 && i > 0 && first >= 0 {
		return r.person(name)
	}
	// "the two foreign ministers, Kurt Waldheim and Aldo Moro", "the mayor, Alexei Chaly,"
	if run-i >= 2 && i >= 3 && s.texts[i-1] == "," && r.titleBefore(s, i-1) >= 0 {
		return r.person(name)
	}
	if run-i >= 2 && run+1 < len(s.Tokens) && s.texts[run] == "," && s.Lower(run+1) == "who" {
		return r.person(name)
	}
	if run-i >= 2 && run+1 < len(s.Tokens) && s.texts[run] == "," {
		k := run + 1
		if first, _ := r.headOf(s, k); first >= 0 {
			return r.person(name)
		}
		for k < len(s.Tokens) && (s.Lower(k) == "the" || r.x.rules.In("office_word", s.Lower(k)) && k > run+1 && k+1 < len(s.Tokens) && r.officeAhead(s, k+1) || s.Lower(k) == "a" || s.Lower(k) == "former" || s.Lower(k) == "then" || s.Lower(k) == "self" || s.Lower(k) == "de" || s.Lower(k) == "facto" || s.Lower(k) == "acting" || s.Lower(k) == "interim" || isHyphenWord(s.texts[k]) || s.Tokens[k].Tag == "VBN" || isPossessive(s.texts[k]) || k+1 < len(s.texts) && capitalized(s.texts[k]) && isHyphenWord(s.texts[k+1]) || s.mentionFree(r, k)) {
			k++
		}
		if _, n := r.x.gaz.MatchOffice(s.texts[min(k, len(s.texts)-1):]); n > 0 {
			return r.person(name)
		}
	}
	return nil
}

// headOf returns the office that "the head of" or the like at token k or after a few
// words names with what it is of, as a token range, or -1: "the Moscow-installed head
// of the Kherson region", "the director general of the agency".
func (r *reader) headOf(s *sentence, k int) (first, last int) {
	if w := s.Lower(k); w != "the" && w != "a" && w != "an" && w != "head" {
		return -1, -1
	}
	for n := k; n < min(k+7, len(s.texts)-2); n++ {
		if s.texts[n] == "," || s.Tokens[n].POS == "AUX" || s.Tokens[n].POS == "ADP" {
			return -1, -1
		}
		switch s.Lower(n) {
		case "head", "chief", "director", "leader", "chair", "chairman", "chairwoman", "commander", "administrator", "mayor":
		default:
			continue
		}
		if s.Lower(n+1) != "of" {
			continue
		}
		first = n
		for first > k && (r.x.rules.In("office_word", s.Lower(first-1)) || s.Lower(first-1) == "deputy") && s.texts[first-1] == s.Lower(first-1) {
			first--
		}
		last = n + 2
		for last < len(s.texts) && s.texts[last] != "," && s.texts[last] != "." && !s.IsVerb(last) && s.Tokens[last].POS != "AUX" && s.Tokens[last].POS != "CCONJ" && s.Tokens[last].POS != "ADP" && last < n+9 {
			last++
		}
		return first, last
	}
	return -1, -1
}

// officeAhead reports whether an office stands at token k or after one more word that
// may belong to it: "central bank governor".
func (r *reader) officeAhead(s *sentence, k int) bool {
	for n := k; n < min(k+2, len(s.texts)); n++ {
		if _, found := r.x.gaz.MatchOffice(s.texts[n:]); found > 0 {
			return true
		}
	}
	return false
}

// mentionFree reports whether token k is a state's adjective, or its name before
// a possessive.
func (s *sentence) mentionFree(r *reader, k int) bool {
	readings, n := r.x.gaz.MatchTokens(s.texts[k : k+1])
	if n != 1 {
		return false
	}
	if _, n := r.x.gaz.MatchOffice(s.texts[min(k+1, len(s.texts)-1):]); n > 0 {
		return true // "the UK minister"
	}
	return readings[0].Usage == gazetteer.AsAdjective || k+1 < len(s.texts) && isPossessive(s.texts[k+1])
}

// titleBefore returns the first token of the office or title that ends right
// before token i, or -1.
func (r *reader) titleBefore(s *sentence, i int) int {
	for k := max(0, i-5); k < i; k++ {
		if r.officeNamed(s.texts[k:i]) != nil {
			return k
		}
	}
	// "Presidents Videla and Pinochet": the second shares the title
	if i >= 3 && (s.Lower(i-1) == "and") {
		if m := s.mentionAt(i - 2); m != nil && m.ent.class == schema.Person {
			if first := r.titleBefore(s, m.first); first >= 0 && strings.HasSuffix(s.Lower(m.first-1), "s") {
				return first
			}
			// "the prime ministers, Forbes Burnham and Jules Sedney"
			if k := m.first - 1; k > 1 && s.texts[k] == "," && strings.HasSuffix(s.Lower(k-1), "s") {
				if first := r.titleBefore(s, k); first >= 0 {
					return first
				}
			}
		}
		// "Foreign Ministers Lavrov of Russia and Kono of Japan"
		if of := s.mentionAt(i - 2); i >= 4 && of != nil && of.ent.acts() && s.Lower(of.first-1) == "of" {
			if m := s.mentionAt(of.first - 2); m != nil && m.ent.class == schema.Person {
				if first := r.titleBefore(s, m.first); first >= 0 && strings.HasSuffix(s.Lower(m.first-1), "s") {
					return first
				}
			}
		}
	}
	// "National Security Adviser Eduardo Año": an office that only its last word tells
	if i > 1 && r.x.rules.In("office_noun", s.Lower(i-1)) {
		k := i - 1
		for k > 0 && k > i-5 && (capitalized(s.texts[k-1]) || r.x.rules.In("office_word", s.Lower(k-1))) && s.mentionAt(k-1) == nil && s.Tokens[k-1].POS != "DET" {
			k--
		}
		if k < i-1 {
			return k
		}
	}
	if i > 0 && r.x.rules.In("person_title", s.Lower(i-1)) && (capitalized(s.texts[i-1]) || s.Lower(i-1) == "leader" || s.Lower(i-1) == "counterpart") {
		return i - 1
	}
	return -1
}

// titles finds who holds which office: "Russian President Vladimir Putin",
// "Vladimir Putin, the president of Russia".
func (r *reader) titles(s *sentence) {
	r.namedLater(s)
	defer r.unnamed(s)
	for _, m := range s.mentions {
		if m.ent.class != schema.Person {
			continue
		}
		r.counterpartOffice(s, m)
		first := r.titleBefore(s, m.first)
		last := m.first
		if first < 0 && m.first > 1 && s.texts[m.first-1] == "," {
			// "Moldova's president, Vladimir Voronin"
			first, last = r.titleBefore(s, m.first-1), m.first-1
		}
		if first < 0 {
			first, last = r.postBefore(s, m.first)
		}
		if first < 0 {
			first, last = r.titleAfter(s, m)
		}
		if first < 0 && m.last+1 < len(s.texts) && s.texts[m.last] == "," {
			if first, last = r.headOf(s, m.last+1); first >= 0 {
				r.heads(s, m, first, last)
				continue
			}
		}
		if first < 0 {
			continue
		}
		last = min(last, r.titleEnd(s, first, last))
		if o := r.officeNamed(s.texts[first:last]); o != nil && o.Title() {
			// "army chief Gen. X", "Gabon's leader, General X": the office stands before the rank
			end := first
			if end > 0 && s.texts[end-1] == "," {
				end--
			}
			if k := r.titleBefore(s, end); k >= 0 {
				first, last = k, end
			}
		}
		if o := r.officeNamed(s.texts[first:last]); o != nil && o.Title() {
			if f, l := r.titleAfter(s, m); f >= 0 {
				first, last = f, l // "Sir Mortimer Durand, foreign secretary of British India"
			}
		}
		if o := r.officeNamed(s.texts[first:last]); o != nil && last == first+1 && first > 0 && r.x.rules.In("office_word", s.Lower(first-1)) && s.texts[first-1] == s.Lower(first-1) && s.texts[first] == s.Lower(first) && r.x.rules.In("office_noun", s.Lower(first)) {
			for first > 0 && r.x.rules.In("office_word", s.Lower(first-1)) && s.texts[first-1] == s.Lower(first-1) {
				first-- // "trade commissioner", not any commissioner
			}
		}
		if o := r.officeNamed(s.texts[first:last]); o != nil && last == first+1 && (s.texts[first] == "Minister" || s.texts[first] == "Secretary" || s.texts[first] == "Commissioner") {
			// "Unification Minister Kim Yung-ho"
			for first > 0 && last-first < 4 && capitalized(s.texts[first-1]) && s.mentionAt(first-1) == nil && s.timeAt[first-1] < 0 && s.Tokens[first-1].POS != "DET" && s.Tokens[first-1].POS != "PRON" && s.Tokens[first-1].POS != "ADP" && !isPossessive(s.texts[first-1]) {
				first--
			}
		}
		title := strings.Join(s.texts[first:last], " ")
		office := r.officeNamed(s.texts[first:last])
		if office == nil && last-first > 1 && r.x.rules.In("office_noun", s.Lower(last-1)) {
			office = &gazetteer.Office{ID: schema.EntityID(schema.Office, title), Name: title}
		}
		if office == nil || office.Title() {
			continue
		}
		r.holds(s, m, office, first, last)
	}
}

// heads makes the fact of an office that only names what it is at the head of: the
// tokens [first, last).
func (r *reader) heads(s *sentence, m *mention, first, last int) {
	title := s.text(r, first, last)
	of := first
	for s.Lower(of) != "of" {
		of++
	}
	office := r.ents.get(schema.EntityID(schema.Office, title), func() *entity {
		return &entity{class: schema.Office, name: title, aliases: []string{s.text(r, first, of)}, named: true}
	})
	f := schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.head", Confidence: 0.75, Qualifiers: []schema.Qualifier{{Role: schema.RoleStatus, Value: schema.Lit("current")}}}
	for k := of; k < last; k++ {
		if n := s.mentionAt(k); n != nil && (n.ent.acts() || n.ent.class.Is(schema.Place)) {
			f.Qualifiers = schema.SortQualifiers(append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOf, Value: n.ent.value()}))
			break
		}
	}
	r.emit(s, f, m.ent.value(), office.value())
}

// counterpartOffice reads "his Indian counterpart, Narendra Modi" and "her
// successor, Alberto Fernandez": who holds the office of whoever was spoken of
// before.
func (r *reader) counterpartOffice(s *sentence, m *mention) {
	k := m.first - 1
	if k >= 0 && s.texts[k] == "," {
		k--
	}
	if k < 1 {
		return
	}
	status := "current"
	switch s.Lower(k) {
	case "counterpart":
	case "successor", "predecessor":
		if s.Lower(k) == "predecessor" {
			status = "former"
		}
	default:
		return
	}
	var of *entity
	if m := s.mentionAt(k - 1); m != nil && m.ent.acts() {
		of = m.ent
	}
	var other *entity // whose counterpart: whom the sentence named last
	for _, n := range s.mentions {
		if n.ent.class == schema.Person && n.last <= k {
			other = n.ent
		}
	}
	if other == nil && of != nil && s.Lower(k) == "counterpart" {
		// "Kenya's president met his Somali counterpart, X"
		for i := range k {
			if office, n := r.x.gaz.MatchOffice(s.texts[i:k]); n > 0 && !office.Title() {
				r.emit(s, schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.counterpart", Confidence: 0.85,
					Qualifiers: schema.SortQualifiers([]schema.Qualifier{{Role: schema.RoleStatus, Value: schema.Lit(status)}, {Role: schema.RoleOf, Value: of.value()}})},
					m.ent.value(), officeValue(office))
				return
			}
		}
	}
	for i := len(r.facts) - 1; i >= 0; i-- {
		f := r.facts[i]
		if other != nil && f.Subject.ID != other.key {
			continue
		}
		if f.Predicate == schema.HoldsOffice && (s.Lower(k) == "successor" || f.Qualifier(schema.RoleStatus).Name == "current") && f.Subject.ID != m.ent.key {
			g := schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.counterpart", Confidence: 0.9,
				Qualifiers: []schema.Qualifier{{Role: schema.RoleStatus, Value: schema.Lit(status)}}}
			if same := r.ents.byKey[f.Qualifier(schema.RoleOf).ID]; s.Lower(k) != "counterpart" {
				of = same
			}
			if of != nil {
				g.Qualifiers = schema.SortQualifiers(append(g.Qualifiers, schema.Qualifier{Role: schema.RoleOf, Value: of.value()}))
			}
			r.emit(s, g, m.ent.value(), f.Object)
			return
		}
	}
}

// postBefore returns the office that stands before token i with the place that
// it is held in, as a token range, or -1: "Iran's envoy to Kabul, X".
func (r *reader) postBefore(s *sentence, i int) (first, last int) {
	// "the presidents of Guyana and Venezuela, Irfaan Ali and Nicolas Maduro"
	i = s.enumerationBefore(i, func(m *mention) bool { return m.ent.class == schema.Person })
	k := i
	if k > 0 && s.texts[k-1] == "," {
		k--
	}
	m := s.mentionAt(k - 1)
	switch {
	case m != nil && (m.ent.acts() || m.ent.class == schema.Court):
		k = s.enumerationBefore(m.first, func(n *mention) bool { return n.ent.acts() && n.usage != gazetteer.AsAdjective })
	case k > 0 && r.x.rules.In("court_noun", s.Lower(k-1)):
		k--
	case k > 0 && r.x.rules.In("polity_noun", s.Lower(k-1)):
		// "the foreign ministers of the two nations, A and B"
		for k--; k > 0 && (s.Tokens[k-1].POS == "NUM" || s.Tokens[k-1].POS == "ADJ"); k-- {
		}
	case m != nil && m.ent.class.Is(schema.Place):
		// "the mayor of the port city of Sevastopol, X"
		for k = m.first; k > 1 && k > m.first-6 && r.titleBefore(s, k-1) < 0; k-- {
			if t := s.Tokens[k-1].POS; t != "DET" && t != "ADJ" && t != "NOUN" && t != "ADP" {
				return -1, -1
			}
		}
	default:
		return -1, -1
	}
	if k > 0 && s.Lower(k-1) == "the" {
		k--
	}
	if k < 2 || s.texts[i-1] != "," && !(m != nil && m.last == i && m.ent.acts() && s.Lower(k-1) == "to") {
		return -1, -1 // or "Ambassador to Japan Rahm Emanuel"
	}
	switch s.Lower(k - 1) {
	case "to", "for", "in", "of":
	default:
		return -1, -1
	}
	return r.titleBefore(s, k-1), k - 1
}

// enumerationBefore returns where the names begin that "and" and commas join to what begins
// at token i, i itself where none does; each must pass.
func (s *sentence) enumerationBefore(i int, pass func(*mention) bool) int {
	for {
		k := i
		if k > 0 && s.Lower(k-1) == "the" {
			k--
		}
		from := k
		if k > 0 && s.Lower(k-1) == "and" {
			k--
		}
		if k > 0 && s.texts[k-1] == "," {
			k--
		}
		m := s.mentionAt(k - 1)
		if k == from || m == nil || m.last != k || !pass(m) {
			return i
		}
		i = m.first
	}
}

// shareOf returns the state among those listed from mention of on whose office the person
// m holds where as many persons follow in the same order: "the presidents of Guyana and
// Venezuela, Irfaan Ali and Nicolas Maduro".
func (s *sentence) shareOf(of, m *mention) *entity {
	states := s.listed(of)
	if n := s.personsBetween(of.last, m); len(states) > 1 && n < len(states) && states[n].acts() {
		return states[n]
	}
	return of.ent
}

// personsBetween returns how many persons are named from token i on before mention m.
func (s *sentence) personsBetween(i int, m *mention) int {
	n := 0
	for _, o := range s.mentions {
		if o.first >= i && o.first < m.first && o.ent.class == schema.Person {
			n++
		}
	}
	return n
}

// officeNamed returns the office that the words name as a whole, in the plural
// too, or nil.
func (r *reader) officeNamed(words []string) *gazetteer.Office {
	for _, form := range [][]string{words, singular(words)} {
		if office, n := r.x.gaz.MatchOffice(form); office != nil && n == len(words) {
			return office
		}
	}
	return nil
}

// singular returns the words with the last in the singular: "foreign
// ministers".
func singular(words []string) []string {
	last := words[len(words)-1]
	if len(last) < 5 || !strings.HasSuffix(last, "s") || strings.HasSuffix(last, "ss") {
		return words
	}
	out := append([]string(nil), words...)
	out[len(out)-1] = strings.TrimSuffix(last, "s")
	return out
}

// titleEnd returns where the title that begins at first ends: before the first
// person that shares it.
func (r *reader) titleEnd(s *sentence, first, last int) int {
	for k := first; k < last; k++ {
		if m := s.mentionAt(k); m != nil && m.ent.class == schema.Person {
			if k > first && s.texts[k-1] == "," {
				k-- // "the prime ministers, A and B"
			}
			return k
		}
	}
	return last
}

// titleAfter returns the office in apposition after a person, as a token
// range, or -1.
func (r *reader) titleAfter(s *sentence, m *mention) (first, last int) {
	k := m.last
	if k+1 >= len(s.Tokens) || s.texts[k] != "," {
		return -1, -1
	}
	for k++; k < len(s.Tokens) && k < m.last+7; k++ {
		if _, n := r.x.gaz.MatchOffice(s.texts[k:]); n > 0 {
			return k, k + n
		}
		if r.x.rules.In("office_noun", s.Lower(k)) && k > m.last+1 {
			first := k
			for first > m.last+1 && r.x.rules.In("office_word", s.Lower(first-1)) {
				first--
			}
			if first < k {
				return first, k + 1
			}
		}
		if s.Tokens[k].POS == "VERB" && s.Tokens[k].Tag != "VBN" || s.Tokens[k].POS == "AUX" || s.texts[k] == "," {
			break
		}
	}
	return -1, -1
}

func (r *reader) holds(s *sentence, m *mention, office *gazetteer.Office, first, last int) {
	f := schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.title", Confidence: 0.9}
	status, then := "current", false
	for k := max(0, first-3); k < first; k++ {
		switch s.Lower(k) {
		case "late", "then":
			status, then = "former", true
		case "former", "ex", "previous":
			status = "former"
		}
	}
	var of *entity
	if last < len(s.Tokens) && s.Lower(last) == "of" {
		for k := last + 1; k < min(last+4, len(s.Tokens)) && of == nil; k++ {
			if n := s.mentionAt(k); n != nil && n.ent.acts() {
				of = n.ent
				if n.first < m.first {
					of = s.shareOf(n, m)
				}
			} else if n == nil && r.x.rules.In("polity_noun", s.Lower(k)) && k < m.first {
				// "the foreign ministers of the two nations, A and B"
				if es := r.resolve(s, k, []schema.Class{schema.State}); len(es) > 1 {
					if n := s.personsBetween(k, m); n < len(es) {
						of = es[n]
					}
				}
			}
		}
	}
	// "Foreign Minister Subandrio of Indonesia"
	if m.last+1 < len(s.Tokens) && s.Lower(m.last) == "of" && of == nil {
		for k := m.last + 1; k < min(m.last+3, len(s.Tokens)); k++ {
			if n := s.mentionAt(k); n != nil && n.ent.acts() {
				of = n.ent
			}
		}
	}
	ofNone := false // it is somebody's, and that is no state known
	if last < len(s.Tokens) && s.Lower(last) == "of" && of == nil {
		of, ofNone = r.seat(s, last+1)
	}
	for k := last - 1; k >= 0 && k >= first-4 && of == nil; k-- {
		if n := s.mentionAt(k); n != nil {
			switch {
			case n.ent.acts():
				of = n.ent
			case isPossessive(s.texts[n.last]) && n.ent.class == schema.Territory && !isWater(n.ent):
				of = n.ent // "Crimea's prime minister"
			}
			if o := s.mentionAt(n.first - 2); of != nil && of.class == schema.Organization && n.first >= 2 && isPossessive(s.texts[n.first-1]) && o != nil && o.ent.class == schema.State {
				of = o.ent // "Britain's U.N. ambassador"
			}
			break
		}
		if k >= first {
			// "U.S. Secretary of State": the title names whose it is
			if readings, _ := r.x.gaz.MatchTokens(s.texts[k:last]); len(readings) > 0 && readings[0].Entry.CanAct() && readings[0].Usage == gazetteer.AsName {
				of = r.ents.known(readings[0].Entry)
			}
			continue
		}
		if isPossessive(s.texts[k]) && k > 0 && r.x.rules.In("court_noun", s.Lower(k-1)) {
			of = r.court(s, k-1) // "the court's president"
			break
		}
		if s.texts[k] == "," || s.IsVerb(k) {
			break
		}
	}
	if main := r.mainParties(); of == nil && len(main) == 2 && m.list >= 0 && len(s.lists[m.list]) == 2 && strings.HasSuffix(s.Lower(last-1), "s") {
		// "Prime Ministers A and B": one of each, in whatever order
		of = main[slices.Index(s.lists[m.list], slices.Index(s.mentions, m))]
	}
	if of == nil && !ofNone && ofState(office) {
		of = r.nearestState(s, first, office)
	}
	if of != nil {
		f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOf, Value: of.value()})
		if then && r.speaksForState(schema.Entity{Name: office.Name}) {
			r.acted[m.ent] = of // "then-Prime Minister X signed": in office
		}
	}
	f.Qualifiers = schema.SortQualifiers(append(f.Qualifiers, schema.Qualifier{Role: schema.RoleStatus, Value: schema.Lit(status)}))
	r.emit(s, f, m.ent.value(), officeValue(office))
}

// seat returns of what an office is that "of" before token i follows, where that is no
// state: "mayor of the port city of Sevastopol", "the president of the court". It
// reports whether it is of something that no name is known of.
func (r *reader) seat(s *sentence, i int) (of *entity, none bool) {
	for k := i; k < min(i+8, len(s.Tokens)); k++ {
		if n := s.mentionAt(k); n != nil {
			if n.usage == gazetteer.AsName && (n.ent.acts() || n.ent.class == schema.Territory && !isWater(n.ent)) {
				return n.ent, false
			}
			continue
		}
		switch lower := s.Lower(k); {
		case r.x.rules.In("court_noun", lower):
			return r.court(s, k), false
		case r.x.rules.In("polity_noun", lower):
			return nil, false // "the president of the country"
		case s.texts[k] == "," || s.IsVerb(k) && s.Tokens[k].Tag != "VBN":
			return nil, k > i
		}
	}
	return nil, true
}

// ofState reports whether an office is a state's where the text does not say whose:
// not a secretary-general's, a judge's, a mayor's.
func ofState(o *gazetteer.Office) bool {
	switch o.Level {
	case "body-head", "body-official", "judge", "local-head", "regional-head", "party-leader", "legislator":
		return false
	}
	return true
}

// nearestState returns the state whose office it most likely is where the text
// does not say: the state that the sentence names before token i, else the
// document's country, else the one it speaks of most; but none whose office of
// that level another person holds.
func (r *reader) nearestState(s *sentence, i int, office *gazetteer.Office) *entity {
	taken := map[string]bool{}
	for _, f := range r.facts {
		if f.Predicate == schema.HoldsOffice && f.Qualifier(schema.RoleStatus).Name == "current" && headLevel(r.x.gaz, f.Object) && headLevel(r.x.gaz, schema.Entity{Name: office.Name}) {
			taken[f.Qualifier(schema.RoleOf).ID] = true
		}
	}
	for _, m := range s.mentions {
		if m.ent.class == schema.State && s.visited(m) {
			taken[m.ent.key] = true // nobody visits his own
		}
	}
	if r.doc.Country != "" && r.country.class == schema.State {
		if !taken[r.country.key] {
			return r.country // its entry calls its own president the president
		}
		if e := r.otherOf(s, i); e != nil && !taken[e.key] {
			return e // "Presidents A and B": the other is of the other state
		}
		return nil
	}
	for _, m := range s.mentions {
		if m.last <= i && m.ent.class == schema.State && !taken[m.ent.key] {
			return m.ent
		}
	}
	if r.country != nil {
		return r.country
	}
	// whose news it is, then whom the passage is about; but not who is named
	// here for another's office
	main := r.mainParties()
	if home := r.home(); len(home) > 0 && (len(main) == 0 || slices.Contains(main, home[0])) {
		main = append(home, main...)
	}
	for _, e := range main {
		if !taken[e.key] && !slices.ContainsFunc(s.mentions, func(m *mention) bool { return m.ent == e }) {
			return e
		}
	}
	// the subject of the sentence before, which comes first in it
	if s.index > 0 {
		before := r.sents[s.index-1]
		for _, m := range before.mentions {
			if m.first >= dateline(before) && m.ent.class == schema.State && m.ent.entry != nil && !taken[m.ent.key] {
				return m.ent
			}
		}
	}
	var best *entity
	for _, e := range r.ents.order {
		if e.class == schema.State && e.entry != nil && !taken[e.key] && r.count[e] > 0 && (best == nil || r.count[e] > r.count[best]) {
			best = e
		}
	}
	return best
}

// visited reports whether a mention names where somebody travelled: "made his first
// visit to Athens", "arrived in Tokyo".
func (s *sentence) visited(m *mention) bool {
	switch w := s.Lower(m.first - 1); w {
	case "to", "in":
		switch s.Lemma(m.first - 2) {
		case "visit", "trip", "journey":
			return w == "to"
		case "arrive", "land":
			return w == "in"
		case "travel", "fly":
			return w == "to"
		}
	}
	return false
}

// home returns the state of the dateline, if the document has one and it is
// spoken of.
func (r *reader) home() []*entity {
	o := r.sents[0]
	n := dateline(o)
	for _, m := range o.mentions {
		if m.last <= n && m.ent.class == schema.State && r.count[m.ent] > 1 {
			return []*entity{m.ent}
		}
	}
	return nil
}

// officeValue is an office of the gazetteer as facts name it.
func officeValue(o *gazetteer.Office) schema.Entity {
	return schema.Entity{ID: o.ID, Class: schema.Office, Name: o.Name, Aliases: o.Aliases}
}

// headLevel reports whether the office leads a state or its government.
func headLevel(g *gazetteer.Gazetteer, office schema.Entity) bool {
	o := g.LookupOffice(office.Name)
	return o != nil && (o.Level == "head-of-state" || o.Level == "head-of-government")
}

// careers reads what verbs say of offices: who became what, who left when.
func (r *reader) careers(s *sentence) {
	for i := range s.Tokens {
		if s.IsNoun(i) && s.Dependent(i, "cop") >= 0 {
			r.was(s, i)
		}
		if !s.IsVerb(i) {
			continue
		}
		lemma := s.Lemma(i)
		switch {
		case (lemma == "replace" || lemma == "succeed") && r.succeeds(s, i):
		case lemma == "lead" || lemma == "head":
			r.leads(s, i)
		case lemma == "step" && s.Lower(i+1) != "down":
		case r.x.rules.In("leave_office", lemma):
			r.leaves(s, i)
		case r.x.rules.In("enter_office", lemma), lemma == "take" || lemma == "assume" || lemma == "come":
			r.enters(s, i)
		}
	}
}

// leads reads "Ersin Tatar, who leads the breakaway north": of what state or territory.
func (r *reader) leads(s *sentence, i int) {
	office := r.x.gaz.LookupOffice("Leader")
	tag := s.Tokens[i].Tag
	if office == nil || s.Passive(i) || tag != "VBZ" && tag != "VBD" || s.Negated(i, nil) {
		return
	}
	status := "current"
	if tag == "VBD" {
		status = "former"
	}
	for _, c := range s.Role(i, frame.Patient) {
		m := s.mentionAt(c)
		if m == nil || !m.ent.acts() {
			continue
		}
		for _, a := range s.Role(i, frame.Agent) {
			for _, p := range r.resolve(s, a, []schema.Class{schema.Person}) {
				r.emit(s, schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.leads", Confidence: 0.75, Qualifiers: schema.SortQualifiers([]schema.Qualifier{
					{Role: schema.RoleOf, Value: m.ent.value()}, {Role: schema.RoleStatus, Value: schema.Lit(status)}})},
					p.value(), officeValue(office))
			}
		}
	}
}

// succeeds reads "replaces Fernando Chui as chief executive": who holds the office and
// who held it before. It reports false where the words are not of an office.
func (r *reader) succeeds(s *sentence, i int) bool {
	for k := i + 1; k < min(i+10, len(s.Tokens)-1); k++ {
		if s.Lower(k) != "as" {
			continue
		}
		office, n := r.x.gaz.MatchOffice(s.texts[k+1:])
		if n == 0 || office.Title() {
			return false
		}
		of := r.nearestState(s, k, office)
		for _, side := range []struct{ role, status string }{{frame.Agent, "current"}, {frame.Patient, "former"}} {
			for _, c := range s.Role(i, side.role) {
				for _, p := range r.resolve(s, c, []schema.Class{schema.Person}) {
					f := schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.succeeds", Confidence: 0.8,
						Qualifiers: []schema.Qualifier{{Role: schema.RoleStatus, Value: schema.Lit(side.status)}}}
					if of != nil {
						f.Qualifiers = schema.SortQualifiers(append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOf, Value: of.value()}))
					}
					r.emit(s, f, p.value(), officeValue(office))
				}
			}
		}
		return true
	}
	// "who succeeded Hailemariam Desalegn in April": in the office that is known of him
	for _, c := range s.Role(i, frame.Agent) {
		for _, p := range r.resolve(s, c, []schema.Class{schema.Person}) {
			for k := len(r.facts) - 1; k >= 0; k-- {
				g := r.facts[k]
				if g.Predicate != schema.HoldsOffice || g.Subject.ID != p.key || s.Passive(i) {
					continue
				}
				for _, before := range s.Role(i, frame.Patient) {
					for _, q := range r.resolve(s, before, []schema.Class{schema.Person}) {
						f := schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.succeeds", Confidence: 0.8, Qualifiers: []schema.Qualifier{{Role: schema.RoleStatus, Value: schema.Lit("former")}}}
						if of := r.ents.byKey[g.Qualifier(schema.RoleOf).ID]; of != nil {
							f.Qualifiers = schema.SortQualifiers(append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOf, Value: of.value()}))
						}
						r.emit(s, f, q.value(), g.Object)
						for _, x := range r.timesAt(s, i) {
							if since := &r.facts[k].Time.Since; since.IsZero() {
								*since = x.Date
							}
						}
						return true
					}
				}
			}
		}
	}
	return false
}

// holder returns the person that the verb at token i is about: its object in
// the passive, or else its subject.
func (r *reader) holder(s *sentence, i int) *entity {
	for _, role := range []string{"patient", "agent"} {
		for _, c := range s.Role(i, role) {
			if es := r.resolve(s, c, []schema.Class{schema.Person}); len(es) == 1 {
				return es[0]
			}
		}
	}
	return nil
}

// leaves ends the offices of a person who resigned, stepped down or was ousted.
func (r *reader) leaves(s *sentence, i int) {
	p := r.holder(s, i)
	if p == nil || s.Negated(i, nil) {
		return
	}
	if _, real := r.modality(s, i, schema.HoldsOffice); !real {
		return
	}
	var until schema.Date
	for _, x := range r.timesAt(s, i) {
		until = x.Date
	}
	for k := range r.facts {
		f := &r.facts[k]
		if f.Predicate != schema.HoldsOffice || f.Subject.ID != p.key {
			continue
		}
		if f.Time.Until.IsZero() {
			f.Time.Until = until
		}
		for q := range f.Qualifiers {
			if f.Qualifiers[q].Role == schema.RoleStatus {
				f.Qualifiers[q].Value = schema.Lit("former")
			}
		}
		f.Evidence = schema.SortEvidence(append(f.Evidence, r.doc.Quote(s.start, s.end)))
	}
}

// enters reads "became president in 2000", "was elected Prime Minister".
func (r *reader) enters(s *sentence, i int) {
	p := r.holder(s, i)
	if s.Negated(i, nil) {
		return
	}
	if _, real := r.modality(s, i, schema.HoldsOffice); !real {
		return
	}
	if m := s.mentionAt(i + 1); m != nil && (m.ent.class == schema.Thing || m.ent.class == schema.Person) && m.last < len(s.texts) {
		// "elected Lai Ching-te president"
		at := m.last
		if s.Lower(at) == "as" {
			at++
		}
		if office, n := r.x.gaz.MatchOffice(s.texts[min(at, len(s.texts)-1):]); n > 0 && !office.Title() {
			if m.ent.class == schema.Thing {
				m.ent = r.person(s.text(r, m.first, m.last))
			}
			p = m.ent
		}
	}
	if p == nil {
		return
	}
	r.takes(s, i, p)
	for k := i + 1; k < min(i+7, len(s.Tokens)); k++ {
		if m := s.mentionAt(k); s.IsVerb(k) || m != nil && m.ent.class == schema.Person && m.ent != p {
			return // that is another clause
		}
		office, n := r.x.gaz.MatchOffice(s.texts[k:])
		if n == 0 || office.Title() {
			continue
		}
		f := schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.entered", Confidence: 0.8}
		for _, x := range r.timesAt(s, i) {
			f.Time.Since = x.Date
		}
		var of *entity
		for _, m := range s.mentions {
			if m.ent.acts() && (m.last == k || m.first > k && m.first <= k+n+2 && s.Lower(k+n) == "of") {
				of = m.ent
			}
		}
		if of == nil {
			of = r.nearestState(s, k, office)
		}
		if of != nil {
			f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOf, Value: of.value()})
		}
		r.emit(s, f, p.value(), officeValue(office))
		return
	}
}

// takes dates the office of person p by a verb that only says that it began:
// "who took office in April", "was sworn in last week".
func (r *reader) takes(s *sentence, i int, p *entity) {
	switch s.Lemma(i) {
	case "take", "assume", "come":
		if w := s.Lower(i + 1); w != "office" && w != "power" && !(w == "to" && s.Lower(i+2) == "power") {
			return
		}
	case "swear", "inaugurate", "elect", "reelect":
	default:
		return
	}
	for _, x := range r.timesAt(s, i) {
		for k := range r.facts {
			if f := &r.facts[k]; f.Predicate == schema.HoldsOffice && f.Subject.ID == p.key && f.Time.Since.IsZero() {
				f.Time.Since = x.Date
			}
		}
	}
}

// was reads "X is president of Y", "who was prime minister from 2004 to 2008":
// i is the noun of the office.
func (r *reader) was(s *sentence, i int) {
	first := r.titleBefore(s, i+1)
	if first < 0 || s.Negated(i, nil) {
		return
	}
	office := r.officeNamed(s.texts[first : i+1])
	if office == nil || office.Title() {
		return
	}
	status := "current"
	switch cop := s.Dependent(i, "cop"); {
	case s.Lower(cop) == "was" || s.Lower(cop) == "been" && slices.Contains(s.Auxiliaries(i), "had"):
		status = "former"
	case s.Lower(cop) != "is" && s.Lower(cop) != "been":
		return
	}
	for _, c := range s.Role(i, "attribute") {
		m := s.mentionAt(c)
		if m == nil || m.ent.class != schema.Person && m.ent.class != schema.Thing {
			continue
		}
		for _, p := range r.resolve(s, c, []schema.Class{schema.Person}) {
			f := schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.was", Confidence: 0.8}
			for _, x := range r.timesAt(s, i) {
				merge(&f.Time, x)
			}
			f.Time.Date = schema.Date{}
			var of *entity
			for _, m := range s.mentions {
				if m.ent.acts() && (m.last == first || m.first > i && m.first <= i+3 && s.Lower(i+1) == "of") {
					of = m.ent
				}
			}
			if of == nil {
				of = r.nearestState(s, first, office)
			}
			if of != nil {
				f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleOf, Value: of.value()})
			}
			f.Qualifiers = schema.SortQualifiers(append(f.Qualifiers, schema.Qualifier{Role: schema.RoleStatus, Value: schema.Lit(status)}))
			r.emit(s, f, p.value(), officeValue(office))
		}
	}
}

// post is an office that a sentence spoke of without saying who holds it.
type post struct {
	office *gazetteer.Office
	of     *entity
	index  int // of the sentence
}

// unnamed notes the offices of states whose holders the sentence does not
// name: "its foreign minister said", "the presidents of Peru and Ecuador".
func (r *reader) unnamed(s *sentence) {
	for i := 0; i < len(s.texts); i++ {
		for n := min(4, len(s.texts)-i); n > 0; n-- {
			office := r.officeNamed(s.texts[i : i+n])
			if office == nil || !r.speaksForState(schema.Entity{Name: office.Name}) {
				continue
			}
			for _, of := range r.postOf(s, i, i+n) {
				r.posts = append(r.posts, post{office, of, s.index})
			}
			i += n - 1
			break
		}
	}
}

// postOf returns the states whose office the tokens [first, last) are, where
// nobody is named with it.
func (r *reader) postOf(s *sentence, first, last int) []*entity {
	for k := last; k < min(last+3, len(s.texts)); k++ {
		if m := s.mentionAt(k); m != nil && (m.ent.class == schema.Person || m.ent.class == schema.Thing) {
			return nil
		}
	}
	if first > 0 {
		k := first - 1
		if isPossessive(s.texts[k]) {
			k--
		}
		if m := s.mentionAt(k); m != nil && m.ent.class == schema.State {
			return []*entity{m.ent}
		}
		if s.Lower(k) == "its" {
			for _, m := range s.mentions {
				if m.last <= k && m.ent.class == schema.State {
					return []*entity{m.ent}
				}
			}
		}
	}
	if last+1 < len(s.texts) && s.Lower(last) == "of" {
		if s.Lower(last+1) == "the" {
			last++
		}
		if m := s.mentionAt(last + 1); m != nil && m.ent.class == schema.State {
			return s.listed(m)
		}
	}
	return nil
}

// says reports whether a mention is the subject of the sentence's verb of saying.
func (r *reader) says(s *sentence, m *mention) bool {
	h := s.Head(m.head)
	return h >= 0 && s.Rel(m.head) == "nsubj" && s.Rel(h) == "root" && h == m.last && r.x.rules.In("say", s.Lemma(h))
}

// counterpartOf returns the state of the counterpart that a mention names: "his Vietnamese
// counterpart, Nguyen Tan Dung".
func (r *reader) counterpartOf(s *sentence, m *mention) *entity {
	k := m.first - 1
	if k > 0 && s.texts[k] == "," {
		k--
	}
	if k < 1 || s.Lower(k) != "counterpart" || m.ent.class != schema.Person && m.ent.class != schema.Thing {
		return nil
	}
	if st := s.mentionAt(k - 1); st != nil && st.ent.class == schema.State {
		return st.ent
	}
	return nil
}

// inOffice reports whether the document has told of an office of the person.
func (r *reader) inOffice(p *entity) bool {
	return slices.ContainsFunc(r.facts, func(f schema.Fact) bool { return f.Predicate == schema.HoldsOffice && f.Subject.ID == p.key })
}

// pastRelative returns the token after the clause with "who" that begins with the comma
// at token k, or k.
func (r *reader) pastRelative(s *sentence, k int) int {
	if k+1 >= len(s.texts) || s.texts[k] != "," || s.Lower(k+1) != "who" {
		return k
	}
	for n := k + 2; n+1 < len(s.texts); n++ {
		if s.texts[n] == "," {
			return n + 1
		}
	}
	return k
}

// namedLater gives the offices of the sentence before to those whom this one
// names without a title: "its foreign minister said. Retno Marsudi told
// reporters …", "the presidents of Peru and Ecuador signed … Alberto Fujimori
// and Jamil Mahuad embraced".
func (r *reader) namedLater(s *sentence) {
	var open []post
	for _, p := range r.posts {
		if p.index == s.index-1 {
			open = append(open, p)
		}
	}
	if len(open) == 0 {
		return
	}
	var names []*mention
	for _, m := range s.mentions {
		if (m.ent.class == schema.Thing || m.ent.class == schema.Person && !r.inOffice(m.ent) && r.titleBefore(s, m.first) < 0) && m.last-m.first >= 2 && m.last-m.first <= 4 && (m.first == 0 || r.says(s, m) || m.list >= 0 && len(names) > 0 || isPossessive(s.texts[m.first-1])) {
			names = append(names, m)
		}
	}
	bind := func(m *mention, p post) {
		m.ent = r.person(s.text(r, m.first, m.last))
		r.emit(s, schema.Fact{Predicate: schema.HoldsOffice, Rule: "office.named-later", Confidence: 0.75, Qualifiers: schema.SortQualifiers([]schema.Qualifier{
			{Role: schema.RoleOf, Value: p.of.value()}, {Role: schema.RoleStatus, Value: schema.Lit("current")}})},
			m.ent.value(), officeValue(p.office))
	}
	if len(open) == 2 {
		// "Hun Sen and his Vietnamese counterpart, Nguyen Tan Dung"
		for _, m := range s.mentions {
			st := r.counterpartOf(s, m)
			for k, p := range open {
				if st == nil || p.of != st {
					continue
				}
				bind(m, p)
				for _, n := range names {
					if n != m && n.last <= m.first {
						bind(n, open[1-k])
						break
					}
				}
				return
			}
		}
	}
	done := false
	for _, m := range names {
		// "Hugh Todd of Guyana", "Venezuela's Yvan Gil"
		var of *mention
		if m.last+1 < len(s.texts) && s.Lower(m.last) == "of" {
			of = s.mentionAt(m.last + 1)
		} else if m.first >= 2 && isPossessive(s.texts[m.first-1]) {
			of = s.mentionAt(m.first - 2)
		}
		for _, p := range open {
			if of != nil && of.ent == p.of {
				bind(m, p)
				done = true
				break
			}
		}
	}
	if done || len(names) != len(open) {
		return
	}
	// those who speak or act in their place
	if k := r.pastRelative(s, names[len(names)-1].last); len(open) == 1 && (k >= len(s.texts) || !s.IsVerb(k) || !r.x.rules.In("say", s.Lemma(k))) || len(open) > 1 && names[0].list < 0 {
		return
	}
	for k, m := range names {
		bind(m, open[k])
	}
}
