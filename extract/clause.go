package extract

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// News is written in sentences that interrupt themselves: "the treaty, signed
// in Sydney by A and B, settles …", "Taiwan, which claims the shoal, said …".
// What interrupts is read on its own, with the noun before it, and the rest
// without it.

// stretch is a run of tokens that is read as one clause, less those of
// [skip, resume).
type stretch struct{ first, last, skip, resume int }

// stretches cuts the original sentence into what is read clause by clause: its
// parts between semicolons, less the interruptions, which come after. Tokens
// of interruptions are marked in cut.
func (r *reader) stretches(o *sentence, cut []bool) (main, asides []stretch) {
	first := 0
	for i, w := range o.texts {
		if w == ";" && !o.inParentheses(i) && i > first {
			main = append(main, stretch{first: first, last: i})
			first = i + 1
		}
	}
	if first < len(o.texts) {
		main = append(main, stretch{first: first, last: len(o.texts)})
	}
	for _, m := range main {
		r.headed(o, m, cut)
		r.others(o, m, cut)
		r.copula(o, m, cut)
		r.beforeThat(o, m, cut)
		asides = append(asides, r.interruptions(o, m, cut)...)
	}
	return main, asides
}

// headed finds the heading that a stretch within a note begins with, "Thailand-Laos:",
// and cuts it: the stretch is about those parties.
func (r *reader) headed(o *sentence, in stretch, cut []bool) {
	if in.first == 0 || r.country == nil {
		return
	}
	m := o.mentionAt(in.first)
	if m == nil || m.first != in.first || m.list < 0 || !o.hyphenated[m.list] {
		return
	}
	ms := o.lists[m.list]
	end := o.mentions[ms[len(ms)-1]].last
	if end >= in.last || o.texts[end] != ":" || slices.ContainsFunc(ms, func(k int) bool {
		return o.mentions[k].ent.class != schema.State && o.mentions[k].ent.class != schema.Territory
	}) {
		return
	}
	for i := in.first; i <= end; i++ {
		cut[i] = true
	}
	if o.headings == nil {
		o.headings = map[int][]*entity{}
	}
	o.headings[in.first] = o.listed(m)
}

// others cuts what tells at the end of a clause who has not done the same, "ratified by
// Bangladesh but India has not", and keeps who it is for when the clause has been read.
func (r *reader) others(o *sentence, in stretch, cut []bool) {
	for i := in.first + 2; i+3 < len(o.Tokens) && i+3 < in.last+1; i++ {
		if w := o.Lower(i); w != "but" && w != "and" && w != "while" && w != "whereas" || cut[i] {
			continue
		}
		first := i + 1
		if o.Lower(first) == "the" {
			first++
		}
		m := o.mentionAt(first)
		if m == nil || m.ent.class != schema.State || m.usage == gazetteer.AsAdjective || m.last+1 >= len(o.Tokens) || o.Tokens[m.last].POS != "AUX" && o.Lemma(m.last) != "have" && o.Lemma(m.last) != "do" {
			continue
		}
		not := m.last + 1
		if w := o.Lower(not); w != "not" && w != "n't" && w != "n’t" {
			continue
		}
		if not+1 < in.last && o.Tokens[not+1].POS != "PUNCT" {
			continue
		}
		if o.abstained == nil {
			o.abstained = map[int]*entity{}
		}
		o.abstained[in.first] = m.ent
		for k := i; k <= not; k++ {
			cut[k] = true
		}
		return
	}
}

// copula has a form of "be" read before the participle that a note leaves it out before:
// "sea boundary with Latvia [is] agreed in 1996", "dispute over the villages [is] dormant".
// What a line, a dispute or a place is said of cannot do it, so no active verb is
// taken for one.
func (r *reader) copula(o *sentence, in stretch, cut []bool) {
	if r.country == nil {
		return // notes do so; news has its verbs
	}
	i := in.first
	for i < in.last && cut[i] {
		i++
	}
	head, adverb := -1, -1
	for ; i < in.last; i++ {
		if cut[i] {
			continue
		}
		t := &o.Tokens[i]
		if m := o.mentionAt(i); m != nil {
			if adverb >= 0 || m.ent.class == schema.Person || head < 0 && m.usage != gazetteer.AsAdjective && m.ent.acts() && !(m.last < in.last && (isPossessive(o.texts[m.last]) || isHyphenWord(o.texts[m.last]))) && (i == 0 || o.Tokens[i-1].POS != "ADP" && !isHyphenWord(o.texts[i-1])) {
				return // somebody acts
			}
			if head < 0 && m.usage == gazetteer.AsName && m.ent.class.Is(schema.Place) && m.ent.class != schema.State && m.last < in.last && o.Tokens[m.last].POS != "NOUN" {
				head = m.last - 1
			}
			i = m.last - 1
			continue
		}
		if o.timeAt[i] >= 0 {
			if adverb >= 0 {
				return
			}
			continue
		}
		if o.texts[i] == "," && head >= 0 && adverb < 0 && o.Tokens[i+1].POS == "ADP" {
			// "the rocks, under guard since 1954, claimed"
			end := i + 2
			for end < in.last && o.texts[end] != "," {
				end++
			}
			if end+1 < in.last && !hasVerb(o, i+1, end, nil) {
				i = end
				continue
			}
		}
		happened := (t.Tag == "VBN" || t.Tag == "VBD") && r.x.rules.In("unaccusative", o.Lemma(i))
		predicate := happened || t.Tag == "VBN" || t.Tag == "VBD" && t.POS == "VERB" && strings.HasSuffix(o.Lower(i), "ed") || t.POS == "ADJ" && drawn[o.Lower(i)] != "" || predicative[o.Lower(i)]
		noun := nounFor[o.Lower(i)] != "" && r.nominal(o, i, in.first)
		switch {
		case predicate && head >= 0 && !noun:
			if plain := t.POS == "ADJ" || predicative[o.Lower(i)]; plain && (i+1 < in.last && (o.IsNoun(i+1) || o.mentionAt(i+1) != nil) || o.Tokens[i-1].POS == "ADP" || o.Tokens[i-1].POS == "DET") {
				continue // "the unresolved question"
			}
			if i+1 < in.last && t.POS != "ADJ" && !predicative[o.Lower(i)] && o.timeAt[i+1] < 0 {
				if p := o.Tokens[i+1].POS; p == "DET" || p == "NOUN" || p == "PROPN" || p == "PRON" || p == "ADJ" || p == "NUM" || o.mentionAt(i+1) != nil {
					return // it has an object, or stands before a noun
				}
			}
			if o.Lower(i+1) == "by" && !r.x.rules.In("boundary_noun", o.Lower(head)) || hasMain(o, i+1, in.last, cut) {
				return
			}
			plural := o.Tokens[head].Tag == "NNS" || o.Tokens[head].Tag == "NNPS" || nounFor[o.Lower(head)] != "" && strings.HasSuffix(o.Lower(head), "s")
			be := map[bool]string{false: "is", true: "are"}[plural]
			if happened {
				if o.mentionAt(head) != nil || o.Tokens[i-1].POS == "ADV" || !o.IsNoun(i-1) && o.mentionAt(i-1) == nil {
					return // a parser sees what "the island passed to" is
				}
				be = map[bool]string{false: "has", true: "have"}[plural] // "talks on the boundary resumed": no boundary is resumed
			}
			if adverb >= 0 {
				i = adverb
			}
			if o.unsaid[i] == nil {
				o.restore(i, be)
			}
			return
		case t.POS == "ADV" && head >= 0:
			if adverb < 0 {
				adverb = i
			}
			continue
		case t.POS == "NOUN" || noun || r.x.rules.In("boundary_noun", o.Lower(i)):
			if next := i + 1; head < 0 && (next >= in.last || o.Tokens[next].POS != "NOUN" && !isHyphenWord(o.texts[next]) && !isPossessive(o.texts[next])) {
				if w := o.Lower(i); !r.x.rules.In("boundary_noun", w) && !r.x.rules.In("territory_noun", w) && !r.x.rules.In("matter_noun", o.Lemma(i)) && !r.x.rules.In("partitive", w) && !r.x.rules.In("talks_noun", w) && !r.x.rules.In("treaty_noun", w) && w != "claim" && w != "claims" && w != "overlap" {
					return
				}
				head = i
			}
		case t.POS == "DET" || t.POS == "ADJ" || t.POS == "NUM" || t.POS == "ADP" || t.POS == "PROPN" || t.POS == "CCONJ" && i > in.first || t.Tag == "VBG" && (head < 0 || o.Tokens[i-1].POS == "ADP" || i == head+1) || isPossessive(o.texts[i]) || isHyphenWord(o.texts[i]) || isQuote(o.texts[i]):
		default:
			return
		}
		if adverb >= 0 {
			return
		}
	}
}

// predicative holds adjectives that tell what became of a line or a dispute.
var predicative = map[string]bool{"dormant": true, "unresolved": true, "unsettled": true, "undemarcated": true, "undelimited": true, "undefined": true, "indefinite": true,
	"unclear": true, "undetermined": true, "undecided": true, "unmarked": true, "unsurveyed": true, "unratified": true, "pending": true, "inactive": true}

// hasMain reports whether a finite verb follows that has no subject or conjunction of
// its own before it: the clause then has its verb.
func hasMain(o *sentence, first, last int, cut []bool) bool {
	for i := first; i < last; i++ {
		if cut[i] || o.mentionAt(i) != nil {
			continue
		}
		switch t := &o.Tokens[i]; {
		case t.Tag == "WDT" || t.Tag == "WP" || t.Tag == "WP$" || t.Tag == "WRB" || t.POS == "SCONJ":
			return false
		case o.texts[i] == "," || t.POS == "CCONJ" && (o.Lower(i) == "but" || o.Lower(i) == "and" && i+1 < last && (o.Tokens[i+1].POS == "DET" || o.mentionAt(i+1) != nil)):
			return false
		case t.POS == "AUX" || t.Tag == "VBZ" || t.Tag == "VBP" || t.Tag == "MD" || t.Tag == "VBD" && t.POS == "VERB" && !strings.HasSuffix(o.Lower(i), "ed"):
			return true
		}
	}
	return false
}

// beforeThat cuts what stands between commas before the clause of a verb of
// saying: "ruled in 2016, in a case brought by the Philippines, that …".
func (r *reader) beforeThat(o *sentence, in stretch, cut []bool) {
	commas := r.pauses(o, in, cut)
	for n := 0; n+1 < len(commas); n++ {
		open, end := commas[n], commas[n+1]
		if w := o.Lower(open + 1); o.Lower(end+1) != "that" || o.Tokens[open+1].POS != "ADP" && w != "citing" && w != "referring" {
			continue
		}
		for k := open - 1; k >= in.first && k >= open-7; k-- {
			if lemma := o.Lemma(k); o.IsVerb(k) && (lemma == "rule" || lemma == "decide" || r.x.rules.In("opine", lemma)) {
				for i := open; i <= end; i++ {
					cut[i] = true
				}
				break
			}
		}
	}
}

// interruptions finds the stretches between commas that a noun takes after it
// before its clause goes on, and relative clauses that end the clause.
func (r *reader) interruptions(o *sentence, in stretch, cut []bool) []stretch {
	var out []stretch
	commas := r.pauses(o, in, cut)
	for n := 0; n < len(commas); n++ {
		open := commas[n]
		if n+1 < len(commas) && reaffirms(o, open, commas[n+1]) {
			for k := open; k <= commas[n+1]; k++ {
				cut[k] = true
			}
			n++
			continue
		}
		if n+1 < len(commas) && r.members(o, open, commas[n+1]) {
			for k := open; k <= commas[n+1]; k++ {
				cut[k] = true
			}
			n++
			continue
		}
		if w := o.Lower(open + 1); n+1 < len(commas) && commas[n+1] <= open+7 && (w == "but" || w == "albeit" || w == "though" || w == "although") && !hasVerb(o, open+2, commas[n+1], nil) && !slices.ContainsFunc(o.mentions, func(m *mention) bool { return m.first > open && m.last <= commas[n+1] }) {
			// "a short, but not clearly delimited, boundary"
			for k := open; k <= commas[n+1]; k++ {
				cut[k] = true
			}
			n++
			continue
		}
		if n+1 < len(commas) && r.shared(o, in, open, commas[n+1]) {
			out = append(out, stretch{first: open + 2, last: in.last, skip: commas[n+1], resume: commas[n+1] + 1})
			for k := open; k <= commas[n+1]; k++ {
				cut[k] = true
			}
			n++
			continue
		}
		start := r.nounPhraseBefore(o, in.first, open, cut)
		if start < 0 || open+1 >= in.last || inSeries(o, start, open+1) || start > 1 && o.Lower(start-1) == "to" && o.Lower(start-2) == "according" {
			continue
		}
		relative := o.Lower(open+1) == "which" || o.Lower(open+1) == "who" || o.Lower(open+1) == "whose" || o.Lower(open+1) == "whom"
		participle := !relative && participial(o, open+1, in.last) && hasVerb(o, in.first, start, cut)
		if !relative && !participle && !r.opensAside(o, open+1, in.last) {
			continue
		}
		if start = r.landLying(o, in.first, start, open, cut); start < 0 {
			continue
		}
		end := -1 // the comma that closes it
		fronted := relative && o.Tokens[firstWord(o, in.first, cut)].POS == "ADP" && !hasVerb(o, in.first, open, cut)
		for _, c := range commas[n+1:] {
			if c+1 < in.last && (resumes(o, c+1) || relative && o.Lower(c+1) == "that" && r.reports(o, in.first, open) || fronted && r.beginsWithSubject(o, c+1, in.last) || relative && o.Lower(c+1) == "as" && r.takesAs(o, in.first, open) || participle && o.Tokens[c+1].POS == "ADP") {
				end = c // "awarded the island, known as X, to Singapore"
				break
			}
			if !relative && !participle {
				break
			}
		}
		if participle || end > 0 && o.Tokens[open+1].Tag == "VBD" {
			r.finiteAt(o, open)
		}
		if end > 0 && start > in.first+1 && o.Lower(start-1) == "and" && agreesPlural(o, end+1) {
			// "the bay and twelve islands, run by South Africa, were handed over": both
			if first := r.nounPhraseBefore(o, in.first, start-1, cut); first >= 0 && first == firstWord(o, in.first, cut) {
				start = first
				if o.Tokens[open+1].Tag == "VBN" {
					r.finiteAt(o, open)
				}
			}
		}
		whole := r.independent
		if deed, noun := r.deedBefore(o, in.first, start, open, cut); deed >= 0 {
			// what is signed is the treaty, whatever it is about or with
			start = deed
			whole = func(o *sentence, s stretch, open int) stretch {
				s.skip, s.resume = noun+1, open
				if w := o.Lower(open + 1); (w == "which" || w == "that") && resumes(o, open+2) {
					s.resume = open + 2
				}
				return s
			}
		}
		switch {
		case end > 0 && end-open > 2:
			out = append(out, whole(o, stretch{first: start, last: end}, open))
			for k := open; k <= end; k++ {
				cut[k] = true
			}
		case (relative || participle) && end < 0:
			last := in.last
			// the clause may go on after the relative one: ", and …", ", but …"
			for _, c := range commas[n+1:] {
				if w := o.Lower(c + 1); w == "and" || w == "but" || w == "while" || w == "although" || w == "after" || w == "because" {
					last = c
					break
				}
			}
			for last > open+1 && o.Tokens[last-1].POS == "PUNCT" && o.texts[last-1] != ")" {
				last--
			}
			out = append(out, whole(o, stretch{first: start, last: last}, open))
			for k := open; k < last; k++ {
				cut[k] = true
			}
		default:
			continue
		}
		for n+1 < len(commas) && cut[commas[n+1]] {
			n++
		}
	}
	return out
}

// deedBefore returns where the phrase of the treaty begins that what follows the comma at
// open tells the signing of, and its noun, where other names stand between: "agreement
// with Bosnia on the port, signed in 1998". It returns -1 where that is not so.
func (r *reader) deedBefore(o *sentence, from, start, open int, cut []bool) (first, noun int) {
	verb := open + 1
	for verb < len(o.Tokens) && (!o.IsVerb(verb) || o.Tokens[verb].POS == "AUX") && verb < open+9 && o.texts[verb] != "," {
		verb++
	}
	if verb >= len(o.Tokens) || !o.IsVerb(verb) {
		return -1, -1
	}
	switch o.Lemma(verb) {
	case "sign", "conclude", "initial", "ink", "ratify", "denounce", "negotiate":
	default:
		return -1, -1
	}
	for k := open - 1; k >= from && k > open-14; k-- {
		if cut[k] || o.texts[k] == "," || o.IsVerb(k) && o.mentionAt(k) == nil {
			return -1, -1
		}
		if r.x.rules.In("treaty_noun", o.Lower(k)) && o.mentionAt(k) == nil {
			if k >= start && o.Lower(k+1) != "with" && o.Lower(k+1) != "on" {
				return -1, -1 // it is what the comma follows anyway
			}
			end := k + 1
			for capitalized(o.texts[k]) && end+1 < open && o.Lower(end) == "of" && capitalized(o.texts[end+1]) {
				end += 2 // "Treaty of Jeddah"
			}
			if first = r.nounPhraseBefore(o, from, k+1, cut); first < 0 || end >= open {
				return -1, -1
			}
			return first, end - 1
		}
	}
	return -1, -1
}

// shared reports whether two clauses share the object that follows the second, which
// stands between the commas: "Sudan claims, but Egypt administers, the triangle"
// (right node raising).
func (r *reader) shared(o *sentence, in stretch, open, end int) bool {
	if w := o.Lower(open + 1); w != "but" && w != "and" && w != "while" || end+1 >= in.last {
		return false
	}
	verb := func(i int) bool {
		return o.mentionAt(i) == nil && (r.x.rules.In("agentive", o.Lemma(i)) || r.x.rules.In("note_verb", r.x.rules.Verb(strings.TrimSuffix(o.Lower(i), "s"))))
	}
	first := open + 2
	if o.Lower(first) == "the" {
		first++
	}
	m, object := o.mentionAt(first), o.mentionAt(end+1)
	if m == nil || m.ent.class != schema.State || !verb(open-1) || !verb(end-1) {
		return false
	}
	return object != nil && object.ent.class.Is(schema.Place) || o.Tokens[end+1].POS == "DET"
}

// agreesPlural reports whether the verb at token i has a subject in the plural.
func agreesPlural(o *sentence, i int) bool {
	w := o.Lower(i)
	return w == "are" || w == "were" || w == "have"
}

// finiteAt has the participle after the comma at open read with a form of "be", as
// what the noun before it is the subject of.
func (r *reader) finiteAt(o *sentence, open int) {
	i := open + 1
	if o.Tokens[i].POS == "ADV" {
		return
	}
	be := "is"
	if o.Tokens[open-1].Tag == "NNS" || o.Tokens[open-1].Tag == "NNPS" {
		be = "are"
	}
	o.restore(i, be)
}

// restore has words that the text leaves out be read before token i.
func (s *sentence) restore(i int, words ...string) {
	if s.unsaid == nil {
		s.unsaid = map[int][]string{}
	}
	s.unsaid[i] = words
}

// regapped finds a conjunct that leaves its verb out but has a subject of its own:
// "A should go to X and B to Y", "A went to X, B to Y". It has the verb be read again, and returns the
// tokens from the first subject up to the second.
func (r *reader) regapped(o *sentence, in stretch, cut []bool) (gap, bool) {
	state := func(i int) *mention {
		if m := o.mentionAt(i); i < in.last && m != nil && m.ent.class == schema.State && m.usage == gazetteer.AsName {
			return m
		}
		return nil
	}
	for v := in.first + 1; v+2 < in.last; v++ {
		a := state(v + 2)
		if o.Lower(v+1) != "to" || a == nil || a.list >= 0 || cut[v] || o.mentionAt(v) != nil || !o.IsVerb(v) || o.Lower(a.last) != "and" && o.Lower(a.last) != "," {
			continue
		}
		to, land := a.last+1, false
		for ; to+1 < in.last && o.Lower(to) != "to"; to++ {
			m := o.mentionAt(to)
			if o.IsVerb(to) && m == nil || o.texts[to] == "," || m != nil && m.ent.class == schema.State && m.usage == gazetteer.AsName {
				to = in.last
				break
			}
			land = land || m != nil && m.ent.class.Is(schema.Place) || r.isLand(o.Sentence, to) || r.x.rules.In("partitive", o.Lower(to))
		}
		if to+1 >= in.last || !land || state(to+1) == nil {
			continue
		}
		first := v
		for first > in.first && (o.Tokens[first-1].POS == "AUX" || o.Tokens[first-1].Tag == "MD") {
			first--
		}
		subject := r.nounPhraseBefore(o, in.first, first, cut)
		if subject < 0 || first == v && o.Tokens[v].Tag == "VBN" {
			continue
		}
		var words []string
		for k := first; k <= v; k++ {
			words = append(words, o.Lower(k))
		}
		o.restore(to, words...)
		return gap{verb: subject, and: a.last, last: in.last}, true
	}
	return gap{}, false
}

// reaffirms reports whether what stands between two commas only says again when a copula
// holds: "is, and will always be, part of Malaysia".
func reaffirms(o *sentence, open, end int) bool {
	if w := o.Lower(open + 1); end-open < 3 || end-open > 7 || w != "and" && w != "or" || open == 0 || o.Lemma(open-1) != "be" {
		return false
	}
	switch o.Lower(end - 1) {
	case "be", "been", "remain", "was", "were", "is":
		return true
	}
	return false
}

// members reads ", the United States among them," and ", China included,": who is among
// those that the noun before the first comma names.
func (r *reader) members(o *sentence, open, end int) bool {
	last := end - 1
	switch {
	case o.Lower(last) == "included":
	case o.Lower(last) == "them" && o.Lower(last-1) == "among":
		last--
	default:
		return false
	}
	var es []*entity
	for k := open + 1; k < last; k++ {
		m := o.mentionAt(k)
		if w := o.Lower(k); m == nil && w != "the" && w != "and" && w != "," {
			return false
		}
		if m != nil && m.first == k {
			if m.ent.class != schema.State {
				return false
			}
			es = append(es, m.ent)
			m.aside = true
		}
	}
	if len(es) == 0 || open == 0 {
		return false
	}
	if o.among == nil {
		o.among = map[int][]*entity{}
	}
	o.among[o.Tokens[open-1].End] = es
	return true
}

// reports reports whether a verb of saying stands between two tokens.
func (r *reader) reports(o *sentence, from, to int) bool {
	for k := from; k < to; k++ {
		if o.IsVerb(k) && r.x.rules.In("opine", o.Lemma(k)) {
			return true
		}
	}
	return false
}

// firstWord returns the first token from i on that is not cut.
func firstWord(o *sentence, i int, cut []bool) int {
	for i+1 < len(o.Tokens) && (cut[i] || isQuote(o.texts[i])) {
		i++
	}
	return i
}

// beginsWithSubject reports whether a noun phrase stands at token i with its finite verb
// right after it: "Under the pact, which …, Mauritius will take over".
func (r *reader) beginsWithSubject(o *sentence, i, last int) bool {
	nouns := 0
	for ; i < last; i++ {
		m := o.mentionAt(i)
		switch t := &o.Tokens[i]; {
		case m != nil:
			i, nouns = m.last-1, nouns+1
		case nouns > 0 && resumes(o, i):
			return true
		case t.POS == "NOUN" || t.POS == "PROPN" || t.POS == "PRON":
			nouns++
		case t.POS == "DET" || t.POS == "ADJ" || t.POS == "NUM" || o.Lower(i) == "of" || isPossessive(o.texts[i]):
		default:
			return false
		}
	}
	return false
}

// takesAs reports whether a verb between two tokens may go on with "as" behind
// an interruption: "regards the area, which …, as its own".
func (r *reader) takesAs(o *sentence, from, to int) bool {
	for k := from; k < to; k++ {
		if o.IsVerb(k) && r.x.rules.In("agentive", o.Lemma(k)) {
			return true
		}
	}
	return false
}

// independent makes a main clause of a noun phrase and the relative clause after
// the comma at open whose subject is the pronoun: "Taiwan, which also claims
// them" is read as "Taiwan also claims them".
func (r *reader) independent(o *sentence, in stretch, open int) stretch {
	if w := o.Lower(open + 1); w != "which" && w != "who" {
		return in
	}
	verb := open + 2
	for verb < in.last && (o.Tokens[verb].POS == "ADV" || o.Lower(verb) == "both" || o.Lower(verb) == "all") {
		verb++
	}
	if verb >= in.last || !resumes(o, verb) {
		return in
	}
	m := o.mentionAt(open - 1)
	if t := &o.Tokens[verb]; m == nil && t.POS != "AUX" && t.Tag != "MD" {
		return in // without the pronoun, "the declaration states" may be two nouns
	}
	in.skip, in.resume = open, open+2
	// the phrase may end in a name that agrees with the verb better than its
	// first noun does: "miles off Taiwan, which claims"
	if m == nil || m.list >= 0 || m.first <= in.first {
		return in
	}
	switch acts := m.ent.acts() && m.usage == gazetteer.AsName; {
	case acts && r.x.rules.In("agentive", o.Lemma(verb)), acts && o.Lower(verb) == "has" && r.x.rules.In("agentive", o.Lemma(nextVerb(o, verb+1))),
		acts && o.Lower(m.first-1) == "of" && o.Tokens[verb].Tag == "VBD" && !r.common(o.Lower(m.first-2)),
		acts && o.Lower(m.first-1) == "the" && o.Lower(m.first-2) == "of" && o.Tokens[verb].Tag == "VBD" && !r.common(o.Lower(m.first-3)):
		in.first = m.first // "in the hands of the Front, which proclaimed"
	case strings.HasSuffix(o.Lower(verb), "s") && o.Tokens[verb].Tag == "VBZ" && !isGroupKind(m.ent):
		for k := in.first; k < m.first; k++ {
			if o.Tokens[k].Tag == "NNS" && o.IsNoun(k) {
				in.first = m.first
				break
			}
			if o.IsNoun(k) {
				break
			}
		}
	}
	return in
}

// nextVerb returns the first verb from token i on, adverbs apart, or -1.
func nextVerb(o *sentence, i int) int {
	for i < len(o.Tokens) && o.Tokens[i].POS == "ADV" {
		i++
	}
	if i < len(o.Tokens) && o.IsVerb(i) {
		return i
	}
	return -1
}

// pauses returns the commas of a stretch that set clauses off: not those of
// lists, dates, numbers, parentheses and what is cut already.
func (r *reader) pauses(o *sentence, in stretch, cut []bool) []int {
	var out []int
	for i := in.first + 1; i < in.last-1; i++ {
		if o.texts[i] != "," || cut[i] || o.inParentheses(i) || o.timeAt[i] >= 0 {
			continue
		}
		if a, b := o.mentionAt(i-1), o.mentionAt(i+1); a != nil && b != nil && a.list >= 0 && a.list == b.list {
			continue
		}
		if a := o.mentionAt(i - 1); a != nil && a.list >= 0 && i+2 < in.last {
			// ", and C" or ", the C"
			if b := o.mentionAt(i + 2); b != nil && b.list == a.list {
				continue
			}
			if i+3 < in.last {
				if b := o.mentionAt(i + 3); b != nil && b.list == a.list {
					continue
				}
			}
		}
		out = append(out, i)
	}
	return out
}

// nounPhraseBefore returns where the noun phrase that ends before token i
// begins, or -1 where none does.
func (r *reader) nounPhraseBefore(o *sentence, from, i int, cut []bool) int {
	k := i - 1
	if k < from || cut[k] && o.texts[k] != ")" {
		return -1
	}
	for k > from && cut[k] {
		k--
	}
	if n := o.timeAt[k]; n >= 0 && o.times[n].First > from+1 {
		k = o.times[n].First - 1 // "the agreement of June 30, 1965, which"
		if o.Tokens[k].POS == "ADP" {
			k--
		}
	}
	m := o.mentionAt(k)
	if m == nil && o.Tokens[k].POS != "NOUN" && o.Tokens[k].POS != "PROPN" || o.timeAt[k] >= 0 {
		return -1
	}
	start := k
	if m != nil {
		start = m.first
		if m.list >= 0 {
			start = o.mentions[o.lists[m.list][0]].first
		}
	}
	// back over what belongs to the noun, "of" phrases included
	for start > from {
		t := &o.Tokens[start-1]
		p := o.mentionAt(start - 1)
		switch {
		case p != nil && p.first >= from:
			start = p.first
			continue
		case t.POS == "ADJ" || t.POS == "NOUN" || t.POS == "PROPN" || t.POS == "NUM" || t.POS == "DET" || t.Tag == "PRP$" || isPossessive(o.texts[start-1]) || o.Lower(start-1) == "of":
			start--
			continue
		case start-1 > from && compass(o.Lower(start-1)) && o.Lower(start) == "of":
			start-- // "the lands east of the river, which"
			continue
		case start-2 >= from && (o.Lower(start-1) == "between" || o.Lower(start-1) == "at" || o.Lower(start-1) == "around") && o.mentionAt(start-2) == nil && r.isLand(o.Sentence, start-2):
			start -= 2 // "the land between the rivers, held by France"
			continue
		}
		break
	}
	return start
}

// landLying returns where the noun phrase begins that a clause after the comma at open
// tells of: the one that begins at start or, where that is a water and the clause says
// who claims or holds what it tells of, the land that lies there: "Conejo Island in the
// Gulf of Fonseca, which is held by Honduras". Of a sea that somebody claims in part or
// in whole, the sea stays meant: "which China claims almost entirely".
func (r *reader) landLying(o *sentence, from, start, open int, cut []bool) int {
	m := o.mentionAt(open - 1)
	if m == nil || !isWater(m.ent) {
		return start
	}
	land := o.ashore(o.Tokens, open-1)
	if land == nil || land.first < from {
		return start
	}
	v := open + 1
	for v < len(o.Tokens) && o.texts[v] != "," && (!o.IsVerb(v) || o.Tokens[v].POS == "AUX") {
		v++
	}
	if v >= len(o.Tokens) || !o.IsVerb(v) || !r.x.rules.In("agentive", o.Lemma(v)) || v+1 < len(o.Tokens) && r.x.rules.In("extent", o.Lower(v+1)) || o.Lower(open+2) == "most" || o.Lower(open+2) == "all" {
		return start
	}
	return r.nounPhraseBefore(o, from, land.last, cut)
}

// opensAside reports whether a participle or an apposition begins at token i.
func (r *reader) opensAside(o *sentence, i, last int) bool {
	t := &o.Tokens[i]
	if t.Tag == "VBN" && o.mentionAt(i) == nil && i+1 < last || t.Tag == "VBD" && participial(o, i, last) {
		return true
	}
	if (t.POS == "ADV" || t.POS == "ADJ") && i+1 < last && o.Tokens[i+1].Tag == "VBN" {
		return true
	}
	w := o.Lower(i)
	return w == "a" || w == "an" || w == "the" || w == "its" || w == "their" || w == "one" || w == "part" || w == "including" || w == "like" || w == "some" || w == "about" || w == "roughly"
}

// inSeries reports whether the participle at token i goes on with what the one
// before it began: "occupied by China, claimed by Vietnam". The noun that
// begins at token start is then only who did the first.
func inSeries(o *sentence, start, i int) bool {
	if start > 0 && o.Lower(start-1) == "the" {
		start--
	}
	for o.Tokens[i].POS == "ADV" && i+1 < len(o.Tokens) {
		i++
	}
	return start >= 2 && o.Lower(start-1) == "by" && o.Tokens[start-2].Tag == "VBN" && o.Tokens[i].Tag == "VBN"
}

// participial reports whether a past participle stands at token i with a phrase
// after it, so that it tells more of the noun before: ", ceded to Chile in 1884".
func participial(o *sentence, i, last int) bool {
	if o.Tokens[i].POS == "ADV" {
		i++
	}
	if i+1 >= last || o.mentionAt(i) != nil {
		return false
	}
	tag := o.Tokens[i].Tag
	return (tag == "VBN" || tag == "VBD") && (o.Tokens[i+1].POS == "ADP" || o.Tokens[i+1].POS == "ADV")
}

// hasVerb reports whether a finite verb stands among the tokens [first, last)
// that are not cut.
func hasVerb(o *sentence, first, last int, cut []bool) bool {
	for i := first; i < last; i++ {
		if t := &o.Tokens[i]; (cut == nil || !cut[i]) && o.mentionAt(i) == nil && (plainVerb[o.Lower(i)] != "" || t.POS == "AUX" || t.Tag == "VBZ" || t.Tag == "VBP" || t.Tag == "VBD" || t.Tag == "MD") {
			return true
		}
	}
	return false
}

// resumes reports whether the clause goes on with its verb at token i.
func resumes(o *sentence, i int) bool {
	for i < len(o.Tokens) && (o.Tokens[i].POS == "ADV" || isQuote(o.texts[i]) || o.timeAt[i] >= 0 || o.Tokens[i].POS == "ADP" && i+1 < len(o.Tokens) && o.timeAt[i+1] >= 0) {
		i++ // "…, on Thursday signed"
	}
	if i >= len(o.Tokens) {
		return false
	}
	t := &o.Tokens[i]
	switch t.Tag {
	case "VBZ", "VBP", "MD", "VBD":
		return o.mentionAt(i) == nil
	case "NNS":
		// ", regards it as": taken for a noun
		return i > 0 && o.texts[i-1] == "," && i+1 < len(o.Tokens) && o.Tokens[i+1].POS == "PRON" && t.POS == "NOUN" && o.texts[i] == o.Lower(i)
	}
	return t.POS == "AUX"
}

// unsaid reports whether the stretch begins with a finite verb whose subject is
// the document's country, as notes do: "claims X", "does not recognize Y".
func (r *reader) unsaid(o *sentence, in stretch) bool {
	if r.country == nil || len(o.Tokens) <= in.first {
		return false
	}
	i := in.first
	for i < in.last && (o.Tokens[i].POS == "ADV" || o.Tokens[i].POS == "CCONJ" || isQuote(o.texts[i])) {
		i++
	}
	if i+1 >= in.last || o.mentionAt(i) != nil {
		return false
	}
	if nounFor[o.Lower(i)] != "" && r.nominal(o, i, in.first) {
		return false // "talks on the dam are ongoing"
	}
	switch tag := o.Tokens[i].Tag; tag {
	case "VBN", "VBD":
		if o.Lower(i+1) == "by" {
			// "occupied by China" in the entry of a place
			return r.country.class != schema.State && r.country.class.Is(schema.Place)
		}
		// "took over the enclave in 1974", "accepted the line"
		if r.country.class != schema.State || i > in.first {
			return false
		}
		next := &o.Tokens[i+1]
		if m := o.mentionAt(i + 1); m == nil && next.POS != "DET" && !(tag == "VBD" && (next.POS == "ADP" || next.POS == "ADV" || next.POS == "PART") && r.x.rules.In("agentive", o.Lemma(i))) || m != nil && m.usage == gazetteer.AsAdjective {
			return false
		}
		return true
	case "VBZ", "VBP", "MD":
	case "NNS":
		// "claims Navassa Island", "claims and administers the reef": taggers want a subject
		if lower := o.Lower(i); !r.x.rules.In("note_verb", o.Lemma(i)) || !strings.HasSuffix(lower, "s") {
			return false
		}
		next := o.Lower(i + 1)
		if o.mentionAt(i+1) == nil && next != "the" && next != "all" && next != "some" && next != "part" && next != "parts" && next != "sovereignty" && !r.x.rules.In("territory_noun", next) && o.Tokens[i+1].POS != "NUM" &&
			!(next == "and" && i+2 < in.last && r.x.rules.In("note_verb", o.Lemma(i+2))) {
			return false
		}
	default:
		return false
	}
	switch o.Lower(i + 1) {
	case "to", "by", "of", "over", "are", "were", "is", "was", "remain", "remains", "between", "with", "continue", "have":
		return false
	}
	return r.country.fits([]schema.Class{schema.State})
}

// dateline returns how many tokens the place and source take that open a news
// report: "MANILA, Philippines (staff) —".
func dateline(o *sentence) int {
	if o.index > 0 || len(o.texts) == 0 {
		return 0
	}
	first := o.texts[0]
	if len(first) < 2 || first != strings.ToUpper(first) || !capitalized(first) {
		return 0
	}
	for i := 1; i < min(14, len(o.texts)); i++ {
		switch o.texts[i] {
		case "—", "–", "-", "--":
			if o.Tokens[i].Start > o.Tokens[i-1].End { // not a hyphen
				return i + 1
			}
		case ":":
			if isNumber(o.texts[i-1]) && len(o.texts[i-1]) == 4 { // "CAIRO, June 24, 2017:"
				return i + 1
			}
		}
	}
	return 0
}

// gap is a conjunct without a verb of its own: in "awarded A to Bahrain and B to
// Qatar" it is all from "and" to last, and its verb is "awarded".
type gap struct{ verb, and, last int }

// gapped finds a conjunct that leaves its verb out (gapping; Huddleston and
// Pullum 2002, ch. 15 §4.2): the same preposition before another state. Trees do
// not show which verb it goes with.
func (r *reader) gapped(o *sentence, in stretch, cut []bool) (gap, bool) {
	state := func(i int) *mention {
		if i < in.last && o.Lower(i) == "the" {
			i++
		}
		if m := o.mentionAt(i); i < in.last && m != nil && m.first == i && m.ent.class == schema.State && m.usage == gazetteer.AsName {
			return m
		}
		return nil
	}
	pastDate := func(i int) int {
		if i+1 < in.last && o.Tokens[i].POS == "ADP" && o.timeAt[i+1] >= 0 {
			i++
		}
		for i < in.last && o.timeAt[i] >= 0 {
			i++
		}
		return i
	}
	for i := in.first + 1; i < in.last; i++ {
		word := o.Lower(i)
		if word != "to" && word != "by" || cut[i] {
			continue
		}
		a := state(i + 1)
		if a == nil || a.list >= 0 {
			continue
		}
		g := gap{verb: i - 1, and: pastDate(a.last)}
		k := g.and
		if k < in.last && o.texts[k] == "," {
			k++
		}
		if k >= in.last || o.Lower(k) != "and" && o.Lower(k) != "but" {
			continue
		}
		places := 0
		for k++; k < in.last && (o.Lower(k) != word || state(k+1) == nil); k++ {
			m := o.mentionAt(k)
			switch {
			case m != nil && (m.ent.class.Is(schema.Place) || m.ent.class == schema.Thing):
				places++
			case o.IsVerb(k) || o.texts[k] == "," && places == 0 || m != nil:
				k = in.last
			}
		}
		if k >= in.last || (word == "to") != (places > 0) {
			continue
		}
		for g.verb > in.first && (!o.IsVerb(g.verb) || o.mentionAt(g.verb) != nil) {
			g.verb--
		}
		if !o.IsVerb(g.verb) || word == "to" && g.verb == i-1 {
			continue // "A was given to X and B to Y": the subject changes too
		}
		g.last = pastDate(state(k + 1).last)
		return g, true
	}
	return gap{}, false
}

// conjunctEnd returns the end of the conjunct of a gap: its state.
func (s *sentence) conjunctEnd(g gap) int {
	for k := g.and; k < g.last; k++ {
		if m := s.mentionAt(k + 1); s.unsaid[k] != nil && m != nil {
			return m.last
		}
	}
	return g.last
}

// without returns cut with the tokens [first, last) added.
func without(cut []bool, first, last int) []bool {
	out := slices.Clone(cut)
	for i := first; i < last; i++ {
		out[i] = true
	}
	return out
}

// articleMark returns how many tokens at the start of a sentence only number it: as
// an article, "Article 3.", or as an item, "2." and "(b)".
func articleMark(o *sentence) int {
	i := 0
	switch o.Lower(0) {
	case "article", "art", "art.", "section", "clause", "paragraph":
		i++
		if i < len(o.texts) && o.texts[i] == "." {
			i++
		}
	case "(":
		i++
	}
	if i+2 >= len(o.texts) || !capitalized(o.texts[i+2]) {
		return 0 // "Article 1 confirms", "(b) the rest"
	}
	number := isNumber(o.texts[i]) || strings.Trim(strings.ToLower(o.texts[i]), "ivxlc") == ""
	switch o.texts[i+1] {
	case ")":
		number = number || len(o.texts[i]) == 1
	case ".":
		number = number && (i > 0 || isNumber(o.texts[i])) // "C. Columbus" is no third item
	case ":", "–", "—":
	default:
		return 0
	}
	if !number || len(o.texts[i]) > 4 {
		return 0
	}
	return i + 2
}

// clauses turns the original sentence into those that are read: its clauses in
// simpler form, each interruption, and each parenthesis that is a clause, with
// what it stands after as its subject.
func (r *reader) clauses(o *sentence, named []bool) []*sentence {
	cut := slices.Clone(named)
	for i := range max(dateline(o), o.heading, articleMark(o)) {
		cut[i] = true
	}
	pars := parentheses(o)
	for _, p := range pars {
		for i := p.first - 1; i <= p.last && i < len(cut); i++ {
			cut[i] = true
		}
	}
	inside := slices.Clone(cut)
	main, asides := r.stretches(o, cut)
	var out []*sentence
	read := func(from, to int) {
		for _, a := range asides {
			if a.first < from || a.first >= to {
				continue
			}
			left := inside
			if a.resume > a.skip {
				left = without(inside, a.skip, a.resume)
			}
			if s := r.simplify(o, a.first, a.last, left); s != nil {
				out = append(out, s)
			}
		}
	}
	for _, m := range main {
		g, gapped := r.gapped(o, m, cut)
		if gapped {
			if s := r.simplify(o, m.first, g.last, without(cut, g.verb+1, g.and+1)); s != nil {
				out = append(out, s)
			}
			cut = without(cut, g.and, g.last)
		}
		if g, ok := r.regapped(o, m, cut); ok {
			if s := r.simplify(o, m.first, g.last, without(cut, g.verb, g.and+1)); s != nil {
				out = append(out, s)
			}
			cut = without(cut, g.and, o.conjunctEnd(g))
		}
		n := len(out)
		if s := r.simplify(o, m.first, m.last, cut); s != nil {
			out = append(out, s)
		}
		read(m.first, m.last) // before the next one, which may point back to it
		if n < len(out) {
			out[n].about, out[n].not = o.headings[m.first], o.abstained[m.first]
		}
	}
	for _, p := range pars {
		if s := r.aside(o, p, named); s != nil {
			out = append(out, s)
		}
	}
	return out
}
