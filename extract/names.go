package extract

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/schema"
)

// names reads other names of places in parentheses and after slashes: "Falkland
// Islands (Islas Malvinas)", "Zmiyinyy/Serpilor (Snake) Island". It is a matter
// of punctuation, which trees do not show.
func (r *reader) names(s *sentence) {
	for _, m := range s.mentions {
		r.nameFor(s, m)
		bracket := m.last < len(s.Tokens) && s.texts[m.last] == "("
		if m.ent.class == schema.State && bracket && m.usage == gazetteer.AsName {
			r.shares(s, m)
		}
		if !m.ent.class.Is(schema.Place) && m.ent.class != schema.Thing {
			continue
		}
		r.slashed(s, m)
		if bracket && !r.claimedIn(s, m) {
			r.bracketed(s, r.isleIn(s, m), m.last+1)
		}
		r.theirName(s, m)
	}
	for i := 1; i+1 < len(s.Tokens); i++ {
		if s.texts[i] != "(" {
			continue
		}
		if m := r.landBefore(s, i); m != nil && r.oneName(s, i+1) {
			r.bracketed(s, m, i+1)
		}
	}
}

// oneName reports whether the parenthesis that opens before token i names one thing, or
// says who uses which name: no list of what belongs to a group.
func (r *reader) oneName(s *sentence, i int) bool {
	for k, first := i, i; k < len(s.Tokens); k++ {
		if s.texts[k] != ")" && !isSeparator(s.texts[k]) {
			continue
		}
		if by, _ := r.caller(s, first, k); by == nil && (s.texts[k] != ")" || first > i) {
			return false
		}
		if s.texts[k] == ")" {
			return true
		}
		first = k + 1
	}
	return false
}

// isleIn returns what stands before the parenthesis after m: the land that the text says
// lies in it where m is a water, "a small island in the Chobe River (Kasikili)", or m.
func (r *reader) isleIn(s *sentence, m *mention) *mention {
	k := m.first - 1
	if k > 0 && s.Lower(k) == "the" {
		k--
	}
	if k < 1 || !isWater(m.ent) || s.Lower(k) != "in" && s.Lower(k) != "off" {
		return m
	}
	if land := r.landBefore(s, k); land != nil {
		return &mention{first: land.first, last: m.last, head: land.head, list: -1,
			ent: r.ents.described(schema.Territory, s.text(r, land.first, m.last), s.Lower(k-1), land.ent.name)}
	}
	return m
}

// landBefore returns the land that a common noun right before token i names with the
// words before it, "twelve offshore islands", or nil.
func (r *reader) landBefore(s *sentence, i int) *mention {
	k := i - 1
	if s.mentionAt(k) != nil || !r.isLand(s.Sentence, k) || r.x.rules.In("water_noun", s.Lower(k)) {
		return nil
	}
	first := k
	for first > 0 && s.mentionAt(first-1) == nil && s.timeAt[first-1] < 0 && (s.Tokens[first-1].POS == "ADJ" || s.Tokens[first-1].POS == "NUM" || s.Tokens[first-1].POS == "NOUN") {
		first--
	}
	if first == k || capitalized(s.texts[k]) {
		return nil // "the island (Japanese since 1895)" has been named
	}
	e := r.ents.described(schema.Territory, s.text(r, first, i), s.Lower(k))
	e.plural = isPlural(s, k)
	return &mention{first: first, last: i, head: k, list: -1, ent: e, usage: gazetteer.AsName}
}

// theirName reads "Arunachal Pradesh, its "South Tibet"": what the state that the clause is
// about calls the place.
func (r *reader) theirName(s *sentence, m *mention) {
	k := m.last
	if k+3 >= len(s.Tokens) || s.texts[k] != "," || s.Lower(k+1) != "its" && s.Lower(k+1) != "their" || !isQuote(s.texts[k+2]) || !m.ent.class.Is(schema.Territory) {
		return
	}
	last := r.nameEnd(s, k+3, true)
	if last <= k+3 || last >= len(s.Tokens) || s.texts[last] != "," && !isQuote(s.texts[last]) {
		return
	}
	f := schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.theirs", Confidence: 0.85}
	if es, ok := r.pronoun(s, k+1, []schema.Class{schema.State}); ok && len(es) == 1 {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleBy, Value: es[0].value()}}
	}
	r.emit(s, f, m.ent.value(), schema.Lit(s.text(r, k+3, last)))
}

// caller returns the state whose people or language the tokens [first, last) end in,
// "Kasikili to Namibia", "Kardak in Turkish", and where the name before it ends. A
// language is a state's own only where the document speaks of that state.
func (r *reader) caller(s *sentence, first, last int) (*entity, int) {
	m := s.mentionAt(last - 1)
	if m == nil || m.ent.class != schema.State || m.last != last {
		return nil, last
	}
	k := m.first - 1
	if k > first && s.Lower(k) == "the" {
		k--
	}
	if k <= first {
		return nil, last
	}
	switch w := s.Lower(k); w {
	case "to", "for", "among":
	case "in":
		if m.usage == gazetteer.AsAdjective && m.ent != r.country && !slices.ContainsFunc(s.mentions, func(n *mention) bool { return n != m && n.ent == m.ent }) {
			return nil, k
		}
	default:
		return nil, last
	}
	return m.ent, k
}

// nameFor reads "Nansha, using the Chinese name for the Spratlys": the other name of the
// same place in the sentence is the one that is meant.
func (r *reader) nameFor(s *sentence, m *mention) {
	k := m.first - 1
	if k > 0 && s.Lower(k) == "the" {
		k--
	}
	if k < 2 || s.Lower(k) != "for" && s.Lower(k) != "of" || s.Lower(k-1) != "name" || !m.ent.class.Is(schema.Place) {
		return
	}
	who := s.mentionAt(k - 2)
	if who == nil && k >= 3 {
		who = s.mentionAt(k - 3) // "its official Chinese name", "Japan's name"
	}
	if who == nil || who.ent.class != schema.State {
		return
	}
	for _, n := range s.mentions {
		if name := s.text(r, n.first, n.last); n != m && n.ent == m.ent && schema.Fold(name) != schema.Fold(m.ent.name) {
			r.emit(s, schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.name-for", Confidence: 0.8,
				Qualifiers: []schema.Qualifier{{Role: schema.RoleBy, Value: who.ent.value()}}}, m.ent.value(), schema.Lit(name))
			return
		}
	}
}

// claimedIn reads "asserts a claim in Antarctica (Queen Maud Land)": what stands
// in parentheses is what is claimed, not another name of where it lies.
func (r *reader) claimedIn(s *sentence, m *mention) bool {
	i := m.first - 1
	if i < 1 || s.Lower(i) != "in" || !r.x.rules.In("claim_noun", s.Lower(i-1)) {
		return false
	}
	who := r.country
	for _, n := range s.mentions {
		if n.last <= i && n.ent.class == schema.State {
			who = n.ent
		}
	}
	for _, a := range s.Role(i-1, frame.Agent) {
		if es := r.resolve(s, a, []schema.Class{schema.State}); len(es) == 1 {
			who = es[0]
		}
	}
	if who == nil || !who.fits([]schema.Class{schema.State}) {
		return true
	}
	for k := m.last + 1; k < len(s.Tokens) && s.texts[k] != ")"; k++ {
		if n := s.mentionAt(k); n != nil && n.first == k && (n.ent.class.Is(schema.Place) || n.ent.class == schema.Thing) {
			r.settle(s, n, []schema.Class{schema.Territory})
			r.emit(s, schema.Fact{Predicate: schema.Claims, Rule: "claim.parenthesis", Confidence: 0.8}, who.value(), n.ent.value())
		}
	}
	return true
}

// shares reads who holds which part: "under the administration of China (Aksai
// Chin), India (Jammu and Kashmir), and Pakistan (Azad Kashmir)", or claims which.
func (r *reader) shares(s *sentence, m *mention) {
	i := m.first
	if m.list >= 0 {
		i = s.mentions[s.lists[m.list][0]].first
	}
	for i > 0 && s.Tokens[i-1].POS == "DET" {
		i--
	}
	if i < 2 || s.Lower(i-1) != "of" && s.Lower(i-1) != "by" {
		return
	}
	f := schema.Fact{Predicate: schema.Administers, Rule: "control.share", Confidence: 0.8}
	switch w := s.Lemma(i - 2); {
	case w == "claim" && s.Lower(i-1) == "by":
		f.Predicate, f.Rule = schema.Claims, "claim.share"
	case !r.x.rules.In("control_noun", w) && !(s.Lower(i-1) == "by" && r.x.rules.In("note_verb", w) && w != "dispute" && w != "contest" && w != "reject" && w != "protest"):
		return
	}
	for k := m.last + 1; k < len(s.Tokens) && s.texts[k] != ")"; k++ {
		if n := s.mentionAt(k); n != nil && n.first == k && n.ent.class.Is(schema.Place) && n.usage == gazetteer.AsName {
			r.emit(s, f, m.ent.value(), n.ent.value())
		}
	}
}

// slashed reads the alternatives of "Zmiyinyy/Serpilor (Snake) Island": each
// with what the last word says it is.
func (r *reader) slashed(s *sentence, m *mention) {
	if !strings.ContainsAny(s.text(r, m.first, m.last), "/(") || m.last-m.first < 3 {
		return
	}
	kind := s.texts[m.last-1]
	if !r.x.rules.In("name_noun", strings.ToLower(kind)) || strings.HasSuffix(kind, "s") && !capitalized(kind) {
		return // "the New and Kutari/Koetari rivers": each name has only a part of the words
	}
	names := r.alternatives(s, m, kind)
	var by []schema.Qualifier // "Kasikili (Sidudu to Botswana) Island"
	for i := m.first + 1; i+1 < m.last; i++ {
		if w := s.texts[i]; w != "to" && w != "in" || s.texts[i+2] != ")" {
			continue
		}
		if readings, n := r.x.gaz.MatchTokens(s.texts[i+1 : i+2]); n > 0 && readings[0].Entry.Class == schema.State {
			by = []schema.Qualifier{{Role: schema.RoleBy, Value: r.ents.known(readings[0].Entry).value()}}
		}
	}
	for k, n := range names {
		m.ent.addName(n)
		if k > 0 || m.ent.entry != nil && schema.Fold(m.ent.name) != schema.Fold(n) {
			if schema.Fold(n) != schema.Fold(m.ent.name) {
				r.emit(s, schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.slash", Confidence: 0.75, Qualifiers: by}, m.ent.value(), schema.Lit(n))
			}
		}
	}
}

// alternatives returns the names between the slashes and parentheses of a
// mention. The kind, its last word, belongs to each that does not tell its own.
func (r *reader) alternatives(s *sentence, m *mention, kind string) []string {
	var names []string
	for i := m.first; i < m.last-1; i++ {
		if !capitalized(s.texts[i]) {
			continue
		}
		first, own := i, false
		for ; i < m.last-1 && s.texts[i] != "/" && s.texts[i] != "(" && s.texts[i] != ")" && s.texts[i] != "to" && s.texts[i] != "in"; i++ {
			own = own || r.x.rules.In("name_prefix", s.Lower(i))
		}
		end := i
		for i < m.last-1 && (s.texts[end] == "to" || s.texts[end] == "in") && s.texts[i] != ")" {
			i++ // who calls it so
		}
		if name := s.text(r, first, end); own || !capitalized(kind) && strings.Contains(name, " ") {
			names = append(names, name)
		} else {
			names = append(names, name+" "+kind)
		}
	}
	return names
}

// bracketed reads the names between the parenthesis before token k and its
// end.
func (r *reader) bracketed(s *sentence, m *mention, k int) {
	end := k
	for end < len(s.Tokens) && s.texts[end] != ")" {
		end++
	}
	if end == len(s.Tokens) || end == k || end-k > 14 {
		return
	}
	if r.inParallel(s, m, k, end) {
		return
	}
	first := k
	for first < end {
		last := first
		for last < end && (!isSeparator(s.texts[last]) || last > first && s.mentionAt(last) != nil) {
			last++
		}
		if !r.otherName(s, m, first, last) {
			return
		}
		first = last + 1
	}
}

// inParallel reads "Kunashiri and Etorofu (Kunashir and Iturup in Russian)": as
// many names in parentheses as places before them, in the same order.
func (r *reader) inParallel(s *sentence, m *mention, k, end int) bool {
	if m.list < 0 {
		return false
	}
	var inside []*mention
	for _, n := range s.mentions {
		if n.first >= k && n.last <= end && sideOf(n) != 1 && n.usage == gazetteer.AsName {
			inside = append(inside, n)
		}
	}
	list := s.lists[m.list]
	if len(inside) < 2 || len(inside) != len(list) {
		return false
	}
	for i, n := range inside {
		place, name := s.mentions[list[i]].ent, s.text(r, n.first, n.last)
		if schema.Fold(name) != schema.Fold(place.name) {
			r.emit(s, schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.parenthesis", Confidence: 0.85}, place.value(), schema.Lit(name))
		}
	}
	return true
}

func isSeparator(w string) bool { return w == "/" || w == "," || w == ";" || w == "or" || w == "and" }

// otherName takes the tokens [first, last) in parentheses after m as a further
// name of it, if they are one.
// It reports whether there may be more of them.
func (r *reader) otherName(s *sentence, m *mention, first, last int) bool {
	for first < last && (!capitalized(s.texts[first]) || s.Lower(first) == "the") {
		// "(also known as X)", "(the X)"
		switch s.Lower(first) {
		case "also", "known", "called", "as", "or", "the", "formerly", "a.k.a.", "in", "\"", "“", "‘", "'":
			first++
			continue
		}
		break
	}
	if first >= last || !capitalized(s.texts[first]) {
		return false
	}
	by, last := r.caller(s, first, last)
	// "(UK-administered British Indian Ocean Territory)", "(Argentine: Malvinas)"
	for i := first; i < last; i++ {
		if n := s.mentionAt(i); n != nil && n.ent != m.ent {
			if n.ent.class.Is(schema.Place) && n.usage == gazetteer.AsName {
				if i == first || s.mentionAt(i-1) != nil || !capitalized(s.texts[i-1]) {
					first = i // not "Shan" of "Changbai Shan"
				}
				break
			}
			if n.ent.class == schema.State {
				if n.last >= last {
					return false // "(UK)", "(US)": whose it is, not what it is called
				}
				if n.last < last && (s.texts[n.last] == ":" || s.texts[n.last] == "-") {
					if s.texts[n.last] == ":" {
						by = n.ent
						first = n.last + 1
					}
				}
			}
		}
	}
	for i := first; i < last; i++ {
		if s.Tokens[i].POS == "VERB" && s.mentionAt(i) == nil || s.timeAt[i] >= 0 || s.Tokens[i].POS == "NUM" || s.texts[i] == ":" {
			return false
		}
	}
	name := strings.Trim(s.text(r, first, last), `"“”'‘’ `)
	if name == "" || schema.Fold(name) == schema.Fold(s.text(r, m.first, m.last)) || isUpperAbbreviation(name) {
		return true
	}
	f := schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.parenthesis", Confidence: 0.9}
	if by != nil {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleBy, Value: by.value()}}
	}
	if !strings.Contains(name, "/") { // what slashes part is read name by name
		r.emit(s, f, m.ent.value(), schema.Lit(name))
	}
	for i := first; i < last; i++ {
		if n := s.mentionAt(i); n != nil && n.ent.class.Is(schema.Place) {
			n.ent = m.ent // one place, by the text's own word
		}
	}
	return true
}

func isUpperAbbreviation(name string) bool {
	return len(name) <= 6 && name == strings.ToUpper(name) && !strings.Contains(name, " ")
}

// naming verbs say what something is called.
var naming = map[string]bool{"rename": true, "rechristen": true, "call": true, "know": true, "name": true, "term": true, "dub": true, "style": true, "designate": true, "refer": true, "title": true}

// called reads "known in Japan as the X and in Russia as the Y", "called X by
// A and Y by B", "which A calls X". Who uses which name is a matter of their
// order, so the words after the verb are read from left to right.
//
// It marks the tokens of a naming clause that is set off by a comma, which the
// rest of the sentence is parsed without.
func (r *reader) called(s *sentence) []bool {
	cut := make([]bool, len(s.Tokens))
	for _, m := range s.mentions {
		r.ownNameFor(s, m, cut)
	}
	for i := range s.Tokens {
		r.shownAs(s, i)
		if r.namesInOrder(s, i) {
			continue
		}
		switch {
		case !naming[s.Lemma(i)] || !s.IsVerb(i) || s.Lemma(i) == "designate" && !slices.Contains(s.texts[i:], "as"):
			continue
		case s.Tokens[i].Tag == "VBN" && i+1 < len(s.Tokens) && s.Tokens[i+1].POS == "NOUN":
			continue // "a hastily called referendum" names nothing
		case i >= 2 && isHyphenWord(s.texts[i-1]) && s.Lower(i-2) == "so":
			continue // "the so-called Republic" doubts a name, and gives none
		}
		if r.knownAs(s, i) {
			continue
		}
		r.asCalled(s, i)
		names := r.namesAfter(s, i)
		for _, name := range names {
			r.nameOf(s, i, name)
		}
		if n := len(names); n > 0 && s.Tokens[i].Tag == "VBN" && i > 0 && (s.texts[i-1] == "," || s.Lower(i-1) == "also") {
			last := names[n-1].end
			for last < len(s.Tokens) && (isQuote(s.texts[last]) || s.texts[last] == ",") {
				last++
			}
			for k := i; k < last; k++ {
				cut[k] = true
			}
		}
	}
	return cut
}

// namesInOrder reads "under the names of Umaenupne and Leka": as many names as places
// before them, in the same order. It reports whether token i is the noun of such names.
func (r *reader) namesInOrder(s *sentence, i int) bool {
	if s.Lower(i) != "names" || s.Lower(i-1) != "the" || s.Lower(i-2) != "under" && s.Lower(i-2) != "by" {
		return false
	}
	var names []string
	first := i + 1
	if s.Lower(first) == "of" {
		first++
	}
	for k := first; k < len(s.Tokens); {
		if isQuote(s.texts[k]) || isSeparator(s.Lower(k)) {
			k++
			continue
		}
		last := r.nameEnd(s, k, true)
		if last <= k {
			break
		}
		names = append(names, s.text(r, k, last))
		k = last
	}
	if len(names) < 2 {
		return false
	}
	var places []*entity
	for _, l := range s.lists {
		if m := s.mentions[l[0]]; len(l) == len(names) && m.first < i && m.ent.class == schema.Territory {
			places = s.listed(m)
		}
	}
	if len(places) != len(names) {
		if places = r.placesBefore(s, i, true); len(places) == 1 && places[0].entry != nil {
			places = r.parts(places[0]) // "Matthew and Hunter Islands"
		}
	}
	if len(places) != len(names) {
		return true
	}
	f := schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.order", Confidence: 0.8}
	if by := s.stateBefore(i); by != nil {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleBy, Value: by.value()}}
	}
	for n, e := range places {
		if schema.Fold(e.name) != schema.Fold(names[n]) {
			r.emit(s, f, e.value(), schema.Lit(names[n]))
		}
	}
	return true
}

// stateBefore returns the state that the sentence names last before token i, or nil.
func (s *sentence) stateBefore(i int) *entity {
	for k := len(s.mentions) - 1; k >= 0; k-- {
		if m := s.mentions[k]; m.first < i && m.ent.class == schema.State && m.usage != gazetteer.AsAdjective {
			return m.ent
		}
	}
	return nil
}

// showing verbs tell under which name somebody has a place: "runs it as the X".
var showing = map[string]bool{"run": true, "administer": true, "govern": true, "rule": true, "show": true, "mark": true, "depict": true, "label": true, "list": true, "group": true,
	"incorporate": true, "organize": true, "organise": true, "hold": true, "treat": true, "claim": true, "constitute": true}

// shownAs reads "shown on Venezuelan maps as Guayana Esequiba", "administers the islands
// under the name of X".
func (r *reader) shownAs(s *sentence, i int) {
	if !showing[s.Lemma(i)] || !s.IsVerb(i) || s.mentionAt(i) != nil {
		return
	}
	k, bare := i+1, true
	for ; k < min(i+13, len(s.Tokens)); k++ {
		w := s.Lower(k)
		if w == "as" {
			break
		}
		if w == "name" && k+1 < len(s.Tokens) && s.Lower(k-1) == "the" && (s.Lower(k-2) == "under" || s.Lower(k-2) == "by") {
			if s.Lower(k+1) == "of" {
				k++
			}
			bare = false
			break
		}
		if w == ";" || s.IsVerb(k) && s.mentionAt(k) == nil {
			return
		}
	}
	first := k + 1
	for first < len(s.Tokens) && (isQuote(s.texts[first]) || bare && s.Lower(first) == "the") {
		first++
	}
	last := r.nameEnd(s, first, true)
	if first >= len(s.Tokens) || last <= first || k >= i+13 || s.Tokens[i].POS == "NOUN" {
		return
	}
	if m := s.mentionAt(first); m != nil && !m.ent.class.Is(schema.Place) && m.ent.class != schema.Thing || last < len(s.Tokens) && (s.IsNoun(last) || isPossessive(s.texts[last]) || isHyphenWord(s.texts[last])) {
		return // "as Malaysian territory", "as Fiji's"
	}
	name := given{first: first, last: last, end: last}
	for n := i + 1; n < k; n++ {
		if m := s.mentionAt(n); m != nil && m.ent.class == schema.State && m.usage == gazetteer.AsAdjective && m.last < len(s.Tokens) && strings.HasPrefix(s.Lower(m.last), "map") {
			name.by = []*entity{m.ent}
		}
	}
	for _, a := range s.Role(i, frame.Agent) {
		if es := r.resolve(s, a, []schema.Class{schema.State}); len(name.by) == 0 && len(es) == 1 {
			name.by = es
		}
	}
	r.nameOf(s, i, name)
}

// ownNameFor reads "Peking says that the Nansha, its name for the Spratlys, belong to
// it": what the subject calls a place. It cuts the aside.
func (r *reader) ownNameFor(s *sentence, m *mention, cut []bool) {
	k := m.last
	if k+4 >= len(s.Tokens) || s.texts[k] != "," || s.Lower(k+1) != "its" && s.Lower(k+1) != "their" || !m.ent.class.Is(schema.Place) && m.ent.class != schema.Thing {
		return
	}
	n := k + 2
	if s.Lower(n) == "own" {
		n++
	}
	if s.Lower(n) != "name" || s.Lower(n+1) != "for" {
		return
	}
	n += 2
	if s.Lower(n) == "the" {
		n++
	}
	place, who := s.mentionAt(n), r.mainActor(s)
	if place == nil || !place.ent.class.Is(schema.Place) {
		return
	}
	f := schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.name-for", Confidence: 0.85}
	if who != nil {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleBy, Value: who.value()}}
	}
	r.emit(s, f, place.ent.value(), schema.Lit(s.text(r, m.first, m.last)))
	m.ent = place.ent
	last := place.last
	if last < len(s.Tokens) && s.texts[last] == "," {
		last++
	}
	for i := k; i < last; i++ {
		cut[i] = true
	}
}

// knownAs reads "Greenlanders know Hans Island as Tartupaluk": the place stands
// between the verb and its name.
func (r *reader) knownAs(s *sentence, i int) bool {
	if lemma := s.Lemma(i); s.Passive(i) || lemma != "know" && lemma != "refer" && lemma != "designate" {
		return false
	}
	k := i + 1
	for k < len(s.Tokens) && (s.Lower(k) == "the" || s.Lower(k) == "to") {
		k++
	}
	m := s.mentionAt(k)
	if m == nil || !m.ent.class.Is(schema.Place) || m.list >= 0 || s.Lower(m.last) != "as" {
		return false
	}
	first := m.last + 1
	for first < len(s.Tokens) && isOpening(s.texts[first]) {
		first++
	}
	last := r.nameEnd(s, first, first > m.last+1)
	if last <= first {
		return false
	}
	f := schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.known-as", Confidence: 0.85}
	if by := s.mentionAt(i - 1); by != nil && by.ent.acts() {
		f.Qualifiers = []schema.Qualifier{{Role: schema.RoleBy, Value: by.ent.value()}}
	}
	r.emit(s, f, m.ent.value(), schema.Lit(s.text(r, first, last)))
	return true
}

// asCalled reads "Huangyan Island, as Beijing calls the shoal": the name comes
// first.
func (r *reader) asCalled(s *sentence, i int) {
	by, name := s.mentionAt(i-1), (*mention)(nil)
	if i >= 3 && s.Lower(i-1) == "it" && s.Lower(i-2) == "as" {
		// "replied that the Nansha Islands, as it calls the Spratlys"
		if es, ok := r.pronoun(s, i-1, []schema.Class{schema.State}); ok && len(es) == 1 {
			by = &mention{first: i - 1, last: i, ent: es[0]}
		}
	}
	if by == nil || !by.ent.acts() || by.first < 2 {
		return
	}
	as := by.first - 1
	if s.Lower(as) == "the" {
		as-- // "or Kardak as the Turks call them"
	}
	if s.Lower(as) != "as" {
		return
	}
	k := as - 1
	for k >= 0 && (s.texts[k] == "," || isQuote(s.texts[k])) {
		k--
	}
	if k < 0 {
		return
	}
	if name = s.mentionAt(k); name == nil || !name.ent.class.Is(schema.Place) && name.ent.class != schema.Thing {
		return
	}
	text := s.text(r, name.first, name.last)
	subject := name.ent
	for _, c := range s.Role(i, "patient") {
		if es := r.named(s, c); len(es) == 1 {
			subject = es[0]
		}
	}
	if schema.Fold(subject.name) == schema.Fold(text) || !subject.class.Is(schema.Place) {
		return
	}
	r.emit(s, schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.as-called", Confidence: 0.85,
		Qualifiers: []schema.Qualifier{{Role: schema.RoleBy, Value: by.ent.value()}}}, subject.value(), schema.Lit(text))
}

// given is a name that a naming verb gives.
type given struct {
	first, last int
	end         int // of what is said of it, "in Japan" included
	by          []*entity
	subject     *mention // what it is the name of where that is said anew: "and Iturup as Etorofu"
}

func (r *reader) namesAfter(s *sentence, verb int) (out []given) {
	var pending []*entity // "in Japan", waiting for "as X"
	if m := s.mentionAt(max(verb-1, 0)); !s.Passive(verb) && m != nil && m.ent.acts() && m.last == verb {
		pending = []*entity{m.ent}
	} else if !s.Passive(verb) {
		for _, a := range s.Role(verb, "agent") {
			pending = r.resolve(s, a, []schema.Class{schema.State})
		}
	}
	active := len(pending) > 0
	if m := s.mentionAt(1); !active && m != nil && m.ent.acts() && s.Lower(0) == "in" && m.last < len(s.Tokens) && s.texts[m.last] == "," {
		defer func() { // "In Japan, Kunashir is known as Kunashiri"
			for i := range out {
				if len(out[i].by) == 0 {
					out[i].by = []*entity{m.ent}
				}
			}
		}()
	}
	var subject *mention
	for k := verb + 1; k < len(s.Tokens); {
		w := s.Lower(k)
		switch {
		case w == ";" || w == "." || w == ")" || w == "which" || w == "who" || w == "while" || w == "where":
			return out
		case s.IsVerb(k) && s.Tokens[k].POS == "VERB" && !naming[s.Lemma(k)], s.Tokens[k].POS == "AUX" && len(out) > 0:
			return out
		case naming[s.Lemma(k)] && s.IsVerb(k):
			// the next verb has names of its own
			return out
		case w == "by" || w == "in" || w == "to" || w == "among":
			n := k + 1
			for n < len(s.Tokens) && (s.Lower(n) == "the" || s.Lower(n) == "both") {
				n++
			}
			m := s.mentionAt(n)
			if w == "by" && (m == nil || !m.ent.acts()) && n < len(s.Tokens) && capitalized(s.texts[n]) {
				// "called Tartupaluk by the Inuit": no name, but who uses one
				k = r.properRun(s, n)
				if len(out) > 0 && k > n && len(out[len(out)-1].by) == 0 {
					user := &entity{class: schema.Literal, name: s.text(r, n, k)}
					out[len(out)-1].by, out[len(out)-1].end = []*entity{user}, k
				}
				k = max(k, n+1)
				continue
			}
			if m == nil || !m.ent.acts() {
				k++
				if w == "in" && n < len(s.Tokens) && capitalized(s.texts[n]) {
					k = n + 1 // "called Tunb as Sughra in Arabic": a language
					if len(out) > 0 {
						out[len(out)-1].end = k
					}
				}
				continue
			}
			by := r.resolve(s, m.head, []schema.Class{schema.State})
			if len(by) == 0 {
				by = []*entity{m.ent}
			}
			k = m.last
			if m.list >= 0 {
				k = s.mentions[s.lists[m.list][len(s.lists[m.list])-1]].last
			}
			if len(out) > 0 && len(out[len(out)-1].by) == 0 && s.Lower(k) != "as" {
				out[len(out)-1].by, out[len(out)-1].end = by, k
			} else {
				pending = by
			}
			continue
		}
		first := k
		for first < len(s.Tokens) && isOpening(s.texts[first]) {
			first++
		}
		if last := r.nameEnd(s, first, first > k); last > first {
			if m := s.mentionAt(first); m != nil && len(out) > 0 && s.Lower(last) == "as" && m.ent.class.Is(schema.Place) {
				subject, k = m, last+1
				continue
			}
			out = append(out, given{first: first, last: last, end: last, by: pending, subject: subject})
			k = last
			if by, n := r.otherCaller(s, k); active && n > k {
				pending, k = []*entity{by}, n
				continue
			}
			if active && s.Lower(k) != "or" {
				return out // what follows is the clause going on
			}
			if !active {
				pending = nil
			}
			continue
		}
		k++
	}
	return out
}

// otherCaller reads "and the Turks" before a name in "which the Greeks call Imia
// and the Turks Kardak": who, and the token after it, or i where there is none.
func (r *reader) otherCaller(s *sentence, i int) (*entity, int) {
	k := i
	if s.Lower(k) == "," {
		k++
	}
	if w := s.Lower(k); w != "and" && w != "but" && w != "while" {
		return nil, i
	}
	k++
	if s.Lower(k) == "the" {
		k++
	}
	m := s.mentionAt(k)
	if m == nil || !m.ent.acts() || m.last >= len(s.Tokens) || !isOpening(s.texts[m.last]) && !capitalized(s.texts[m.last]) {
		return nil, i
	}
	return m.ent, m.last
}

func isOpening(w string) bool {
	switch strings.ToLower(w) {
	case "\"", "“", "‘", "'", "``", "the", "as":
		return true
	}
	return false
}

// nameEnd returns the end of the name that begins at token k: a capitalized
// run, or what stands in quotation marks.
func (r *reader) nameEnd(s *sentence, k int, opened bool) int {
	if k >= len(s.Tokens) || !capitalized(s.texts[k]) {
		return k
	}
	if m := s.mentionAt(k); m != nil {
		if m.ent.class == schema.State && m.usage != gazetteer.AsName || m.ent.class == schema.Person {
			return k
		}
		if m.ent.class == schema.State {
			return k
		}
		return m.last
	}
	return r.properRun(s, k)
}

func (r *reader) nameOf(s *sentence, verb int, name given) {
	var subjects []*entity
	if name.subject != nil {
		subjects = []*entity{name.subject.ent}
	} else if m := s.mentionAt(verb - 2); verb >= 2 && s.texts[verb-1] == "(" && m != nil && m.ent.class == schema.Territory {
		// "Lesser Tunb (called Tunb as Sughra in Arabic)": the name right before
		name.subject, subjects = m, []*entity{m.ent}
	}
	for _, p := range s.Role(verb, "patient") {
		if name.subject != nil {
			break
		}
		if p >= name.first && p < name.last {
			continue
		}
		subjects = r.named(s, p)
	}
	if len(subjects) == 0 && (s.Passive(verb) || relativeBefore(s, verb)) {
		if m := r.placeBefore(s, verb); m != nil && !(s.texts[max(verb-1, 0)] == "(" && isWater(m.ent)) {
			subjects = r.named(s, m.head)
		}
	}
	if len(subjects) == 0 {
		// "Beijing calls the state Zangnan"
		for _, p := range s.Role(verb, "patient") {
			if r.x.rules.In("territory_noun", s.Lower(p)) || s.Lower(p) == "it" {
				if e := r.before(s, verb, func(e *entity) bool { return e.class == schema.Territory }); e != nil {
					subjects = []*entity{e}
				}
			}
		}
	}
	text := strings.Trim(s.text(r, name.first, name.last), `"“”'‘’,. `)
	if text == "" {
		return
	}
	if m := s.mentionAt(name.first); m != nil && m.ent.entry != nil && m.ent.class == schema.Territory && len(subjects) == 1 && subjects[0].whole != nil && subjects[0].whole != m.ent {
		// "a slice of the territory, known as Aksai Chin"
		r.same[subjects[0].key] = m.ent
		r.emit(s, schema.Fact{Predicate: schema.PartOf, Rule: "name.part", Confidence: 0.8}, m.ent.value(), subjects[0].whole.value())
		return
	}
	// a name that the gazetteer knows as another name of a place says itself of
	// which, whatever "it" may be
	if m := s.mentionAt(name.first); m != nil && m.first == name.first && m.ent.entry != nil && m.ent.class == schema.Territory &&
		r.otherNameThan(m.ent, text) && len(subjects) < 2 && (len(subjects) == 0 || !subjects[0].plural) {
		if len(subjects) == 1 && !subjects[0].named {
			r.same[subjects[0].key] = m.ent // "the islets, known as the Senkaku"
		}
		subjects = []*entity{m.ent}
	}
	var subject *entity
	switch len(subjects) {
	case 0:
		return
	case 1:
		subject = subjects[0]
	default:
		subject = r.groupOf(s, subjects, verb)
	}
	if schema.Fold(subject.name) == schema.Fold(text) {
		return
	}
	f := schema.Fact{Predicate: schema.AlsoKnownAs, Rule: "name.called", Confidence: 0.8}
	for _, b := range name.by {
		f.Qualifiers = append(f.Qualifiers, schema.Qualifier{Role: schema.RoleBy, Value: b.value()})
	}
	f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
	r.emit(s, f, subject.value(), schema.Lit(text))
}

// relativeBefore reports whether a relative pronoun opens the clause of verb i:
// "which Manila calls Ayungin".
func relativeBefore(s *sentence, i int) bool {
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		if w := s.Lower(k); w == "which" || w == "that" || w == "what" {
			return true
		}
	}
	return false
}

// otherNameThan reports whether the text is a name of the place that differs
// from the usual one by more than its spelling.
func (r *reader) otherNameThan(e *entity, text string) bool {
	if schema.Fold(e.name) == schema.Fold(text) {
		return false
	}
	for _, m := range r.x.gaz.Readings(text) {
		if m.Entry == e.entry && m.Kind == gazetteer.Spelling {
			return false
		}
	}
	return true
}

// named resolves what is called something.
func (r *reader) named(s *sentence, i int) []*entity {
	return r.resolve(s, i, []schema.Class{schema.Territory, schema.Boundary})
}

// placeBefore returns the place mentioned last before token i.
func (r *reader) placeBefore(s *sentence, i int) *mention {
	for k := len(s.mentions) - 1; k >= 0; k-- {
		if m := s.mentions[k]; m.last <= i && m.ent.class.Is(schema.Place) {
			return m
		}
	}
	return nil
}

// groupOf makes one group of several places that share a name. It is called by
// the words that list them.
func (r *reader) groupOf(s *sentence, members []*entity, verb int) *entity {
	first, last := len(s.Tokens), 0
	for _, m := range s.mentions {
		if m.last <= verb && containsEntity(members, m.ent) {
			first, last = min(first, m.first), max(last, m.last)
		}
	}
	if last <= first {
		return members[0]
	}
	name := s.text(r, first, last)
	if first >= 2 && s.Lower(first-1) == "of" && s.IsNoun(first-2) {
		name = s.text(r, first-2, last)
	}
	g := r.ents.described(schema.Territory, name, "group")
	g.plural = true
	g.members = members
	r.touch(g)
	return g
}

func containsEntity(es []*entity, e *entity) bool {
	for _, x := range es {
		if x == e {
			return true
		}
	}
	return false
}

// belongings reads whose part a place is by the words before it: "Malaysia's
// Sabah State", "the US territory of Wake Island", and the members of a group
// that is spelled out.
func (r *reader) belongings(s *sentence) {
	for i := range s.Tokens {
		if s.mentionAt(i) == nil && s.IsNoun(i) && isPlural(s, i) && r.isLand(s.Sentence, i) {
			r.oneOf(s, i) // "set foot on Kunashir, one of four islands"
		}
	}
	f := schema.Fact{Predicate: schema.PartOf, Rule: "place.owner", Confidence: 0.9}
	for _, m := range s.mentions {
		if !m.ent.class.Is(schema.Place) || m.usage != gazetteer.AsName || m.ent.entry != nil && m.ent.entry.Kind == "maritime-line" {
			continue
		}
		for _, whole := range r.superlative(s, m) {
			r.emit(s, schema.Fact{Predicate: schema.PartOf, Rule: "place.among", Confidence: 0.8}, m.ent.value(), whole.value())
		}
		for _, c := range s.Dependents(m.head, "nmod:poss") {
			if o := s.mentionAt(c); o != nil && o.ent.acts() && o.last <= m.first {
				r.emit(s, f, m.ent.value(), o.ent.value())
			}
		}
		// "the Javakheti region of Georgia"
		k := m.last
		kind := strings.ToLower(s.texts[k-1][strings.LastIndexByte(s.texts[k-1], ' ')+1:])
		if !provincial[kind] && provincial[s.Lower(k)] {
			kind, k = s.Lower(k), k+1
		}
		if s.Lower(k) == "of" && s.Lower(k+1) == "the" {
			k++
		}
		if o := s.mentionAt(k + 1); o != nil && (s.Lower(k) == "of" || s.Lower(k) == "the") && o.usage == gazetteer.AsName && o.list < 0 &&
			(provincial[kind] && o.ent.class == schema.State || (provincial[kind] || kind == "area" || kind == "sector") && o.ent.class == schema.Territory && !isWater(o.ent)) {
			r.emit(s, f, m.ent.value(), o.ent.value())
		}
		if o := r.stateApposed(s, m.last); o != nil {
			r.emit(s, f, m.ent.value(), o.value())
		}
		// "territory of Wake Island"
		if k := m.first - 1; k >= 2 && s.Lower(k) == "of" {
			members := []*entity{m.ent}
			if isPlural(s, k-1) {
				if m.list >= 0 {
					members = s.listed(m)
				} else if parts := r.parts(m.ent); len(parts) > 1 {
					members = parts // "Ceuta and Melilla"
				}
			}
			switch s.Lemma(k - 1) {
			case "territory", "island", "islet", "province", "region", "district", "state", "republic", "enclave", "exclave", "peninsula", "oblast", "county", "prefecture", "town", "city", "village", "commune", "department", "colony", "possession":
				for k > 3 && s.Tokens[k-2].POS != "PROPN" && (s.Tokens[k-2].POS == "ADJ" || s.Tokens[k-2].POS == "NOUN") && s.mentionAt(k-2) == nil {
					k-- // "Georgia's breakaway province of Abkhazia"
				}
				if o := s.mentionAt(k - 2); o != nil && o.ent.acts() && m.ent.class == schema.Place {
					continue // "in the Russian city of Kazan": where something happened
				} else if o != nil && o.ent.acts() {
					for _, e := range members {
						r.emit(s, f, e.value(), o.ent.value())
					}
				} else if o := s.mentionAt(max(k-3, 0)); o != nil && o.ent.acts() && (s.texts[k-2] == "'s" || s.texts[k-2] == "’s") {
					r.emit(s, f, m.ent.value(), o.ent.value())
				}
			}
		}
	}
	for _, e := range r.recent {
		for _, member := range e.members {
			if e.plural && e.kind != "group" && !r.told[member.key+" "+e.key] {
				r.told[member.key+" "+e.key] = true
				r.emit(s, schema.Fact{Predicate: schema.PartOf, Rule: "group.members", Confidence: 0.6}, member.value(), e.value())
			}
		}
	}
}

// stateApposed returns whose province or the like what stands before the comma at token k
// is said to be: "Sabah, the Malaysian state in Borneo".
func (r *reader) stateApposed(s *sentence, k int) *entity {
	if k+3 >= len(s.Tokens) || s.texts[k] != "," {
		return nil
	}
	switch s.Lower(k + 1) {
	case "the", "a", "an":
	default:
		return nil
	}
	var whose *entity
	for n := k + 2; n < min(k+6, len(s.Tokens)); n++ {
		if m := s.mentionAt(n); m != nil && m.ent.class == schema.State && m.usage == gazetteer.AsAdjective && whose == nil {
			whose = m.ent
			continue
		}
		if w := s.Lower(n); s.IsNoun(n) {
			if provincial[w] || w == "dependency" {
				return whose
			}
			return nil
		}
		if s.Tokens[n].POS != "ADJ" || s.mentionAt(n) != nil {
			return nil
		}
	}
	return nil
}

// superlative returns the group that a place is the largest, smallest or the like of:
// "Diego Garcia, the largest of the islands".
func (r *reader) superlative(s *sentence, m *mention) []*entity {
	k := m.last
	if k+4 >= len(s.Tokens) || s.texts[k] != "," || s.Lower(k+1) != "the" {
		return nil
	}
	adjective := s.Lower(k + 2)
	if !strings.HasSuffix(adjective, "est") && !strings.HasSuffix(adjective, "ernmost") {
		return nil
	}
	of := k + 3
	if w := s.Lower(of); w != "of" && w != "in" && w != "among" {
		return nil
	}
	for n := of + 1; n < min(of+6, len(s.Tokens)); n++ {
		if g := s.mentionAt(n); g != nil {
			if isGroupKind(g.ent) && g.ent != m.ent {
				return []*entity{g.ent}
			}
			return nil
		}
		if s.IsNoun(n) && isPlural(s, n) && r.isLand(s.Sentence, n) {
			es := r.resolve(s, n, []schema.Class{schema.Territory})
			if len(es) == 1 && es[0] != m.ent && isGroupKind(es[0]) {
				return es
			}
			return nil
		}
	}
	return nil
}

// provincial holds the nouns for the parts that a state is divided into.
var provincial = map[string]bool{"region": true, "province": true, "district": true, "state": true, "oblast": true, "county": true, "prefecture": true,
	"department": true, "governorate": true, "canton": true, "municipality": true, "territory": true, "enclave": true, "exclave": true}

// lasting reads how long a place is somebody's, "has been Danish since 1920", "is now
// Namibian": whoever has it for a time holds it.
func (r *reader) lasting(s *sentence, at int, f *schema.Fact) bool {
	if f.Negated || r.speaker(s, at) != nil {
		return false
	}
	holds := false
	for _, c := range append(s.Dependents(at, "advmod"), at-1) {
		holds = holds || s.Lower(c) == "now" || s.Lower(c) == "still"
	}
	for _, c := range s.Dependents(at, "obl", "nmod") {
		if w := s.Case(c); w == "since" || w == "until" {
			holds = true
		}
	}
	if holds {
		f.Predicate, f.Rule = schema.Administers, "administer.adjective"
	}
	return holds
}

// theirs reads "each of the three says that all of it is theirs": whoever says so
// claims it.
func (r *reader) theirs(s *sentence) {
	for i := range s.Tokens {
		switch s.Lower(i) {
		case "theirs", "ours", "hers", "his", "mine":
		default:
			continue
		}
		if s.Dependent(i, "cop") < 0 || s.Negated(i, nil) {
			continue
		}
		for _, e := range r.speakers(s, i) {
			if e.class == schema.Person {
				e = r.state(e)
			}
			if e == nil || e.class != schema.State {
				continue
			}
			for _, c := range s.Role(i, "attribute") {
				for _, place := range r.resolve(s, c, []schema.Class{schema.Territory}) {
					r.emit(s, schema.Fact{Predicate: schema.Claims, Rule: "claim.theirs", Confidence: 0.85}, e.value(), place.value())
				}
			}
		}
	}
}

// predicated reads what is said of places by whose they are called: "Madrid
// maintains that it has been Spanish since 1668", "the islands are Chinese
// territory". Said by that state it is a claim, said by nobody in particular it
// tells whose part the place is.
func (r *reader) predicated(s *sentence) {
	r.theirs(s)
	for _, m := range s.mentions {
		if m.ent.class != schema.State {
			continue
		}
		at := m.head // what is predicated: the adjective, or the noun it modifies
		switch h := s.Head(m.head); {
		case m.usage == gazetteer.AsAdjective && s.Dependent(at, "cop") >= 0:
		case h >= 0 && s.Dependent(h, "cop") >= 0 && s.Rel(m.head) != "nsubj" && r.x.rules.In("soil_noun", s.Lower(h)):
			at = h
		case m.usage == gazetteer.AsAdjective && h >= 0 && (s.Rel(at) == "xcomp" || s.Rel(at) == "obj") && (s.Lemma(h) == "remain" || s.Lemma(h) == "stay"):
		default:
			continue
		}
		f := schema.Fact{Predicate: schema.PartOf, Rule: "place.adjective", Confidence: 0.7}
		f.Negated = s.Negated(at, nil)
		g := f
		lasting := r.lasting(s, at, &g)
		if speaker := r.speaker(s, at); speaker != nil {
			if speaker != m.ent && (speaker.class != schema.Person || r.state(speaker) != m.ent) {
				continue
			}
			f.Predicate, f.Rule, f.Confidence = schema.Claims, "claim.adjective", 0.9
			for _, x := range r.timesAt(s, at) {
				if x.Relation == timex.Since {
					f.Time.Since = x.Date
				}
			}
		}
		subjects := s.Role(at, frame.Attribute)
		if h := s.Head(at); h >= 0 && (s.Lemma(h) == "remain" || s.Lemma(h) == "stay") && s.Dependent(at, "cop") < 0 {
			subjects = s.Role(h, frame.Agent)
		}
		for _, c := range subjects {
			for _, e := range r.resolve(s, c, []schema.Class{schema.Territory}) {
				if f.Predicate == schema.Claims {
					r.emit(s, f, m.ent.value(), e.value())
					continue
				}
				r.emit(s, f, e.value(), m.ent.value())
				if lasting {
					r.emit(s, g, m.ent.value(), e.value())
				}
			}
		}
	}
}
