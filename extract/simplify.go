package extract

import (
	"slices"
	"strings"
	"unicode"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// A parser errs most on what names are made of: long lists of them, their
// parentheses, quotation marks and hyphens. All of that is known before
// parsing. So the sentence is parsed in a simpler form, in which each name and
// each list of names is one common word, and the names are put back into the
// tree that comes out.

// piece is a token of the simpler form: the tokens [first, last) of the
// original. A hidden piece is not parsed but hung on another one afterwards.
type piece struct {
	first, last int
	word        string // what the parser sees
	mention     *mention
	text        string // of a preposition of several words: the simple one it stands for
	hidden      bool
	lemma       string // where the word that the parser sees has another
	noun        bool   // it is a noun, although the parser sees a pronoun
	verb        bool   // it stands for the verb that the subject before it leaves out
	restored    bool   // the text leaves it out
	head        int    // of a hidden piece: index of the piece it hangs on
	rel         string // of a hidden piece
}

// simplify parses the simpler form of the original tokens [from, to), less
// what cut leaves out.
func (r *reader) simplify(o *sentence, from, to int, cut []bool) *sentence {
	pieces := r.pieces(o, from, to, cut)
	var words []string
	var visible []int // index among the words → index among the pieces
	for i := range pieces {
		if !pieces[i].hidden {
			visible = append(visible, i)
			words = append(words, pieces[i].word)
		}
	}
	if len(words) == 0 {
		return nil
	}
	parsed := r.x.annotate(words)
	mend(parsed.Tokens, func(i int) bool { return pieces[visible[i]].mention != nil },
		func(lemma string) bool { return lemma == "rule" || lemma == "decide" || r.x.rules.In("opine", lemma) },
		func(lemma string) bool {
			return r.x.rules.In("instrument_noun", lemma) || r.x.rules.In("matter_noun", lemma)
		})
	tokens := make([]nlp.Token, len(pieces))
	for n, i := range visible {
		t := parsed.Tokens[n]
		if t.Head >= 0 {
			t.Head = visible[t.Head]
		}
		tokens[i] = t
	}
	s := &sentence{start: o.start, end: o.end, index: o.index, instruments: map[int]*entity{}, spans: map[int][2]int{}, read: map[int]bool{}}
	s.at = slices.Repeat([]int{-1}, len(pieces))
	lists := map[int][]int{}
	for i, p := range pieces {
		t := &tokens[i]
		t.Start, t.End = o.Tokens[p.first].Start, o.Tokens[max(p.last-1, 0)].End
		if p.last == p.first { // a subject that the text leaves out
			t.End = t.Start
		}
		t.Text = r.doc.Text[t.Start:t.End]
		switch {
		case p.hidden && p.mention == nil:
			*t = o.Tokens[p.first]
			t.Head, t.Rel = p.head, p.rel
			if p.rel == "amod" && participle(o, p.first) {
				t.POS, t.Tag, t.Lemma = "VERB", "VBN", r.x.verb(t.Text)
			}
		case p.hidden:
			t.Head, t.Rel, t.POS, t.Tag = p.head, p.rel, "PROPN", "NNP"
		}
		if p.noun {
			tag := "NNS"
			if p.word == "he" {
				tag = "NN"
			}
			*t = nlp.Token{Start: t.Start, End: t.End, Text: t.Text, Lemma: o.Tokens[p.first].Lemma, Tag: tag, POS: "NOUN", Head: t.Head, Rel: t.Rel}
		}
		if p.text != "" {
			t.Text = p.text
			if !p.restored {
				t.Lemma = p.text
			}
		}
		if p.lemma != "" {
			t.Lemma = p.lemma
		}
		if verb := drawn[strings.ToLower(t.Text)]; verb != "" && t.POS == "ADJ" && t.Rel == "amod" {
			t.POS, t.Tag, t.Lemma = "VERB", "VBN", verb
		}
		if t.POS == "VERB" {
			t.Lemma = r.x.rules.Verb(t.Lemma)
		}
		if p.mention != nil {
			t.Lemma = t.Text
			if p.word == "its" || p.word == "their" {
				t.Rel = "nmod:poss"
			}
			if p.mention.usage != gazetteer.AsAdjective && t.POS != "ADJ" || p.hidden {
				t.POS = "PROPN"
			}
			m := *p.mention
			m.first, m.last, m.head = i, i+1, i
			if m.list >= 0 {
				lists[m.list] = append(lists[m.list], len(s.mentions))
			}
			s.at[i] = len(s.mentions)
			s.mentions = append(s.mentions, &m)
		}
	}
	for n := range o.lists {
		if ms := lists[n]; len(ms) > 0 {
			for _, k := range ms {
				s.mentions[k].list = len(s.lists)
			}
			s.lists = append(s.lists, ms)
		}
	}
	for i := range pieces {
		if pieces[i].verb && i > 0 {
			tokens[i-1].Head, tokens[i-1].Rel = i, "nsubj"
		}
	}
	for i := range tokens {
		// "turned down the request"
		if t := &tokens[i]; t.Head >= 0 && t.Head < i && (t.Rel == "compound:prt" || t.Rel == "advmod") {
			if verb := phrasal[tokens[t.Head].Lemma+" "+strings.ToLower(t.Text)]; verb != "" {
				tokens[t.Head].Lemma = verb
			}
		}
		// "take it up" is not to take it
		if t := &tokens[i]; t.Rel == "compound:prt" && t.Head >= 0 && tokens[t.Head].Lemma == "take" && strings.ToLower(t.Text) != "back" {
			tokens[t.Head].Lemma += " " + strings.ToLower(t.Text)
		}
		// "It regards the farms as": no expletive where nothing else is the subject
		if t := &tokens[i]; t.Rel == "expl" && t.Head >= 0 && !slices.ContainsFunc(tokens, func(k nlp.Token) bool {
			return k.Head == t.Head && (strings.HasPrefix(k.Rel, "nsubj") || strings.HasPrefix(k.Rel, "csubj") || k.Rel == "ccomp")
		}) {
			t.Rel = "nsubj"
		}
	}
	r.climb(s, tokens)
	s.Sentence = frame.New(tokens, func(lemma string) bool { return r.x.rules.In("support", lemma) })
	for _, t := range tokens {
		s.texts = append(s.texts, t.Text)
	}
	s.timeAt = slices.Repeat([]int{-1}, len(tokens))
	s.times = timex.FindAfter(tokens, r.doc.Date, o.told)
	for k, e := range s.times {
		for i := e.Core; i < e.Last; i++ {
			s.timeAt[i] = k
		}
	}
	return s
}

// climb hangs a relative clause about whose a place is on the land that it tells of,
// and not on the water or border that this lies at: "an outcrop at the mouth of the
// Mediterranean which Spain ceded to Britain", "claim Conejo Island in the Gulf of
// Fonseca, which is held by Honduras". What such land is called in apposition goes
// with it.
func (r *reader) climb(s *sentence, t []nlp.Token) {
	land := func(k int) bool {
		if m := s.mentionAt(k); m != nil {
			return m.ent.class == schema.Territory && !isWater(m.ent)
		}
		word := strings.ToLower(t[k].Text)
		return t[k].POS == "NOUN" && r.x.rules.In("territory_noun", word) && !r.x.rules.In("edge_noun", word)
	}
	water := func(k int) bool {
		m := s.mentionAt(k)
		return m == nil && r.x.rules.In("edge_noun", strings.ToLower(t[k].Text)) || m != nil && isWater(m.ent)
	}
	for i := range t {
		if h := t[i].Head; t[i].Rel == "appos" && h >= 0 && h < i && s.mentionAt(i) == nil && land(i) && water(h) {
			if m := s.ashore(t, h); m != nil {
				t[i].Head = m.head
			}
		}
	}
	for v := range t {
		h := t[v].Head
		if c := child(t, v, "nsubj"); t[v].Rel == "acl:relcl" && c > 0 && h != c-1 && h < c && (strings.EqualFold(t[c].Text, "which") || strings.EqualFold(t[c].Text, "who")) && r.x.rules.In("agentive", t[v].Lemma) {
			if m := s.mentionAt(c - 1); m != nil && m.ent.class == schema.State && m.usage == gazetteer.AsName && m.list < 0 {
				t[v].Head = c - 1 // "incidents at sea with South Korea which claims"
				continue
			}
		}
		if reduced := t[v].Rel == "acl" && v > 0 && t[v].Lemma == "claim" && v+1 < len(t) && strings.EqualFold(t[v+1].Text, "by"); t[v].Rel != "acl:relcl" && !reduced || h < 0 || !r.x.rules.In("agentive", t[v].Lemma) {
			continue
		}
		if !water(h) {
			continue
		}
		found := -1
		for k, n := t[h].Head, 0; k >= 0 && n < 5 && t[k].POS != "VERB"; k, n = t[k].Head, n+1 {
			if land(k) && (found < 0 || t[k].Rel == "appos") {
				found = k
			}
			if t[k].Rel == "appos" {
				break
			}
		}
		if m := s.ashore(t, h); found < 0 && m != nil {
			found = m.head
		}
		if found >= 0 {
			t[v].Head = found
		}
	}
}

// ashore returns the land that is named right before the water whose name or noun is at
// token k: "the Ambalat block of the Celebes Sea". It is nil without any.
func (s *sentence) ashore(t []nlp.Token, k int) *mention {
	if m := s.mentionAt(k); m != nil {
		k = m.first
	}
	for k--; k > 0 && (t[k].POS == "DET" || t[k].POS == "ADJ"); k-- {
	}
	if k < 1 || t[k].POS != "ADP" {
		return nil
	}
	if m := s.mentionAt(k - 1); m != nil && m.ent.class == schema.Territory && !isWater(m.ent) {
		return m
	}
	return nil
}

// pieces cuts the tokens [from, to) into the pieces of the simpler form.
func (r *reader) pieces(o *sentence, from, to int, cut []bool) []piece {
	var out []piece
	leader := map[int]int{} // list → its visible piece
	if r.unsaid(o, stretch{first: from, last: to}) {
		out = append(out, piece{first: from, last: from, word: "he", mention: &mention{ent: r.country, usage: gazetteer.AsName, list: -1}})
		if participle(o, from) && o.Lower(from+1) == "by" {
			out = append(out, piece{first: from, last: from, word: "is", text: "is"})
		}
	}
	for i := from; i < to; {
		m := o.mentionAt(i)
		if (r.opensWithDate(o, from, i) || r.opensWithSpan(o, from, i) || r.opensWithPact(o, from, i, to)) && len(out) > 0 && out[len(out)-1].last == i {
			// "In 1833 British marines landed": the comma keeps the date apart
			out = append(out, piece{first: i, last: i, word: ","})
		}
		if left := o.unsaid[i]; len(left) > 0 && !cut[i] && len(out) > 0 {
			if k := len(out) - 1; out[k].word == "," && out[k].mention == nil {
				out = out[:k]
			}
			for _, w := range left {
				out = append(out, piece{first: i, last: i, word: w, text: w, restored: true})
			}
		}
		switch {
		case cut[i], i < len(o.folded) && o.folded[i]:
			i++
			continue
		case len(out) == 0 && !strings.ContainsFunc(o.texts[i], func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }):
			i++ // bullets and the like
			continue
		case i+1 < to && o.Lower(i) == "de" && (o.Lower(i+1) == "facto" || o.Lower(i+1) == "jure"),
			i+2 < to && o.Lower(i) == "all" && o.Lower(i+1) == "of" && (o.Lower(i+2) == "the" || o.mentionAt(i+2) != nil):
			i += 2 // it changes nothing about who does what, but confuses the parser
			continue
		case pastName(o, i) > 0 && i+pastName(o, i) < to && o.mentionAt(i+pastName(o, i)) != nil:
			i += pastName(o, i) // "what was then British Guiana"
			continue
		case i+1 < to && approximate[o.Lower(i)] && (o.Tokens[i+1].POS == "NUM" || o.Lower(i+1) == "half" || i+2 < to && o.Lower(i+1) == "a" && r.x.rules.In("partitive", o.Lower(i+2))):
			i++
			continue
		case o.texts[i] == "-" && i > from && i+1 < to && o.Tokens[i-1].End < o.Tokens[i].Start && o.Tokens[i].End < o.Tokens[i+1].Start:
			out = append(out, piece{first: i, last: i + 1, word: "--"}) // a dash, not a hyphen
			i++
			continue
		case isQuote(o.texts[i]), i == to-1 && (o.texts[i] == ";" || o.texts[i] == ":"):
			i++
			continue
		case m == nil:
			if n := formula(o, i); n > 0 {
				if i+n < to && o.texts[i+n] == "," && len(out) > 0 && out[len(out)-1].word == "," && out[len(out)-1].mention == nil {
					out, n = out[:len(out)-1], n+1
				}
				i += n
				continue
			}
			if len(out) == 0 && o.Lower(i) == "article" && i+2 < to && isNumber(o.texts[i+1]) && o.mentionAt(i+1) == nil {
				out = append(out, piece{first: i, last: i + 2, word: "it", lemma: "article", noun: true}) // "Article 3 fixes the frontier"
				i += 2
				continue
			}
			if n := voided(o, i, to); n > 0 {
				out = append(out, piece{first: i, last: i + n, word: "rejects", lemma: "reject"})
				i += n
				continue
			}
			if n := exchanged(o, i); n > 0 && i+n <= to {
				out = append(out, piece{first: i, last: i + n, word: "agreement", lemma: strings.ToLower(r.doc.Text[o.Tokens[i].Start:o.Tokens[i+n-1].End])})
				i += n
				continue
			}
			if n := titles(o, i, to); n > 0 {
				out = append(out, piece{first: i, last: i + n, word: "claims", lemma: "claim"})
				i += n
				continue
			}
			if simple, n := r.longPreposition(o, i, to); n > 0 {
				out = append(out, piece{first: i, last: i + n, word: simple, text: simple})
				i += n
				continue
			}
			p := piece{first: i, last: i + 1, word: o.texts[i]}
			if fraction(o, i, to) {
				out = append(out, piece{first: i, last: i + 3, word: "half"}) // "two-thirds of the waters"
				i += 3
				continue
			}
			switch w := o.Lower(i); {
			case (w == "neighbouring" || w == "neighboring") && i+1 < to && o.mentionAt(i+1) != nil:
				i++ // "accused neighbouring Somalia": taken for a verb
				continue
			case w == "cede", (w == "transfer" || w == "assign" || w == "grant") && i > from && (o.Lower(i-1) == "government" || o.Lower(i-1) == "governments") && i+1 < to && o.Tokens[i+1].POS != "VERB":
				p.word, p.lemma = "give", w // "the Imperial Government transfer and assign": a plural verb, as treaties have it
			case w == "name" && i+1 < to && o.mentionAt(i+1) != nil && len(out) > 0 && strings.EqualFold(out[len(out)-1].word, "the"):
				out = out[:len(out)-1] // "the use of the name Macedonia"
				i++
				continue
			case w == "break" && i+2 < to && isHyphenWord(o.texts[i+1]) && o.Lower(i+2) == "away":
				if i+3 < to && o.mentionAt(i+3) == nil {
					out = append(out, piece{first: i, last: i + 3, word: "breakaway"})
				}
				i += 3 // before a name it changes nothing
				continue
			case (w == "persists" || w == "persist") && (i+1 >= to || o.Tokens[i+1].POS == "PUNCT"):
				p.word, p.lemma = "continue"+strings.TrimPrefix(w, "persist"), "persist" // taken for a noun
			case (w == "overlap" || w == "overlaps") && i+1 < to && o.mentionAt(i+1) != nil:
				p.word, p.lemma = "includes", "overlap" // "overlaps Argentine and British claims"
			case (w == "claim" || w == "claims") && (i > from && o.Lower(i-1) == "territorial" || w == "claim" && i == from && (o.Lower(i+1) == "to" || o.Lower(i+1) == "by")):
				p.word, p.lemma = "demand"+strings.TrimPrefix(w, "claim"), "claim" // never the verb
			case (w == "insists" || w == "insist") && i > from && i+1 < to && o.Lower(i+1) == "that":
				p.word, p.lemma = "argue"+strings.TrimPrefix(w, "insist"), "insist" // "the government insists that": taken for a noun
			case w == "incl." || w == "incl":
				p.word, p.text = "including", "including"
			case renounce[w] != "":
				p.word, p.lemma = renounce[w], "renounce"
			case plainVerb[w] != "":
				p.word, p.lemma = plainVerb[w], r.x.rules.Verb(w)
			case w == "both" && i+1 < to && o.mentionAt(i+1) != nil && o.mentionAt(i+1).list >= 0:
				i++ // "both Italy and Yugoslavia"
				continue
			case w == "ruling" && i+1 < to && (r.x.rules.In("government_noun", o.Lower(i+1)) || r.x.rules.In("organization_noun", o.Lower(i+1)) || o.Lower(i+1) == "coalition"):
				p.word, p.lemma = "military", w // an adjective: "its ruling generals"
			case w == "ruling" && i > from && (o.timeAt[i-1] >= 0 || o.mentionAt(i-1) != nil || o.Tokens[i-1].POS == "DET"):
				p.word, p.lemma = "decision", w // the noun, not the verb
			case w == "claim" && i > from && (r.x.rules.In("lay", o.Lemma(i-1)) || r.x.rules.In("support", o.Lemma(i-1)) && o.IsVerb(i-1) && (o.Lower(i+1) == "to" || o.Lower(i+1) == "over")):
				p.word, p.lemma = "title", w // "lays claim to", "maintains claim to": never the verb
			case (w == "continue" || w == "continues" || w == "continued") && i > from && i+1 >= to && (o.IsNoun(i-1) || o.mentionAt(i-1) != nil):
				p.word, p.lemma = "go"+map[string]string{"continue": "", "continues": "es", "continued": "ne"}[w], "continue" // taken for a noun
			case (w == "set" || w == "laid") && i > from && i+1 < to && (o.IsNoun(i-1) || r.x.rules.In("boundary_noun", o.Lower(i-1))) && (o.Lower(i+1) == "forth" || o.Lower(i+1) == "out" || o.Lower(i+1) == "down"):
				out = append(out, piece{first: i, last: i + 2, word: "defined", lemma: "set"}) // "the line set forth in the agreement"
				i += 2
				continue
			case w == "boundary" && i+1 < to && o.mentionAt(i+1) == nil && !o.IsNoun(i+1):
				p.word, p.lemma = "border", w // "the boundary set forth in": never an adjective
			case w == "pending" && i > from && i+1 < to && (o.IsNoun(i-1) || o.mentionAt(i-1) != nil) && o.Tokens[i+1].POS != "ADP":
				p.word, p.text = "until", "pending" // a preposition: "final alignment pending negotiations"
			case (w == "concerning" || w == "regarding" || w == "respecting") && i > from && i+1 < to && !o.IsVerb(i-1) && o.Tokens[i-1].POS != "AUX" && o.Tokens[i+1].POS != "PUNCT":
				p.word, p.text = "about", w // a preposition, never the verb
			case nounFor[w] != "" && r.nominal(o, i, from):
				p.word, p.lemma = nounFor[w], strings.TrimSuffix(w, "s")
			case w == "summit" && i+2 < to && o.Lower(i+1) == "of" && (o.mentionAt(i+2) != nil || o.mentionAt(min(i+3, to-1)) != nil) && r.namesPlace(o, i+2):
				p.word, p.lemma = "top", "top" // of a mountain: no meeting
			case o.Tokens[i].Tag == "VBG" && besides[w] && i+1 < to && o.IsNoun(i+1):
				p.word, p.lemma = "nearby", w // an adjective, whatever the tagger thinks
			case w == "back" && i+1 < to && o.mentionAt(i+1) != nil && len(out) > 0 && lastVerb(o, out) == len(out)-1:
				p.hidden, p.head, p.rel = true, len(out)-1, "advmod" // "give back Shikotan"
			case w == "back" && o.Tokens[i].POS == "ADV" && len(out) > 0 && out[len(out)-1].mention != nil && lastVerb(o, out) >= 0:
				p.hidden, p.head, p.rel = true, lastVerb(o, out), "advmod" // "asked for South Tyrol back": one name to the parser
			case verbFor[w] != "" && i > from && i+1 < to && (o.Lower(i-1) == "to" || o.Tokens[i-1].Tag == "MD") && (o.Lower(i+1) == "over" || o.Lower(i+1) == "back" || w != "hand" && (o.Tokens[i+1].POS == "DET" || o.Tokens[i+1].POS == "CCONJ")):
				p.word, p.lemma = verbFor[w], w
			case r.x.rules.In("aside_adverb", w) && i+1 < to && (o.IsVerb(i+1) || participle(o, i+1)):
				p.hidden, p.head, p.rel = true, -1, "advmod"
			}
			out = append(out, p)
			i++
			continue
		}
		last := min(m.last, to)
		p := piece{first: max(m.first, from), last: last, mention: m, word: r.placeholder(o, m)}
		if m.usage == gazetteer.AsAdjective && i > from && o.Lemma(i-1) == "be" && last < to && participle(o, last) && r.x.rules.In("agentive", r.x.verb(o.texts[last])) {
			p.hidden, p.head, p.rel = true, len(out)+1, "obl:agent" // "the heights are Israeli occupied"
			out = append(out, p)
			i = last
			continue
		}
		if m.usage == gazetteer.AsAdjective && last+1 < to && (i == from || o.Lower(i-1) != "the") && holding[o.Lower(last)] && o.mentionAt(last+1) != nil && o.mentionAt(last+1).ent.class.Is(schema.Place) {
			// "Venezuelan administered Los Monjes islands": the hyphen is left out
			p.hidden, p.head, p.rel = true, len(out)+1, "compound"
			out = append(out, p, piece{first: last, last: last + 1, word: o.texts[last], hidden: true, head: -1, rel: "amod"})
			i = last + 1
			continue
		}
		if n := andOthers(o, last, to); n > 0 && m.ent.class == schema.State {
			last = n // "the US and other states' recognition": whose else it is, nobody is told
		}
		owner := last < to && isPossessive(o.texts[last])
		if m.list >= 0 {
			if lead, ok := leader[m.list]; ok {
				// what joins it to the list before it goes too
				for len(out) > 0 && !out[len(out)-1].hidden && out[len(out)-1].mention == nil && isJoin(out[len(out)-1].word) && len(out)-1 > lead {
					out = out[:len(out)-1]
				}
				p.hidden, p.head, p.rel = true, lead, "conj"
			} else {
				leader[m.list] = len(out)
				if len(o.lists[m.list]) > 1 && m.usage != gazetteer.AsAdjective && !o.hyphenated[m.list] {
					p.word = pluralPlaceholder(m)
				}
			}
		}
		if n := o.mentionAt(min(last+1, len(o.Tokens)-1)); owner && !p.hidden && n != nil && n != m && n.ent.class.Is(schema.Place) && n.usage == gazetteer.AsName && last+1 < to {
			// "Malaysia's Sabah": whose a named place is does not change the clause
			p.hidden, p.head, p.rel = true, -1, "nmod:poss"
			out = append(out, p)
			i = last + 1
			continue
		}
		if gerund := owner && !p.hidden && last+2 < to && o.Tokens[last+1].Tag == "VBG" && o.Lower(last+2) != "of" && o.Tokens[last+2].POS != "ADP"; gerund {
			// "Pakistan's ceding the lands" parses as "him ceding the lands"
			p.word = "him"
			if m.list >= 0 && len(o.lists[m.list]) > 1 {
				p.word = "them"
			}
			last++
		} else if next := last + 1; owner && !p.hidden && (next >= to || o.mentionAt(next) == nil && (o.Tokens[next].POS == "ADP" || o.Tokens[next].POS == "PUNCT" && !isQuote(o.texts[next]) || o.Tokens[next].POS == "CCONJ")) {
			p.word = "him" // "recognized the islands as Vanuatu's under the pact"
			last++
		} else if owner {
			// "Tonga's 1972 claim" parses as "its claim"
			if p.hidden {
				out[p.head].word = "their"
			} else {
				for len(out) > 0 && strings.EqualFold(out[len(out)-1].word, "the") {
					out = out[:len(out)-1]
				}
				p.word = "its"
			}
			last++
		}
		if m.ent.class == schema.Person && !p.hidden {
			r.hideTitle(o, out, len(out))
		}
		receives := !p.hidden && !owner && p.mention.ent.class == schema.State && p.mention.usage == gazetteer.AsName && r.gives(out)
		out = append(out, p)
		i = last
		if !p.hidden && !owner && i+2 < to && !cut[i] && o.Lower(i) == "part" && o.Lower(i+1) == "of" && p.mention.ent.class.Is(schema.Place) {
			out = append(out, piece{first: i, last: i, word: "as", text: "as"}) // "making Crimea part of Russia"
		}
		if receives && i < to && !cut[i] && (o.Tokens[i].POS == "NUM" || o.mentionAt(i) == nil && r.x.rules.In("partitive", o.Lower(i)) && o.Lower(min(i+1, to-1)) == "of" || o.mentionAt(i) != nil && o.mentionAt(i).usage != gazetteer.AsAdjective && o.mentionAt(i).ent.class.Is(schema.Place)) {
			out = append(out, piece{first: i, last: i, word: "the"}) // "gave China 174 sq km": two objects, not one name
		}
		if p.mention != nil && !p.hidden && !owner && sideOf(p.mention) == 1 {
			if k := r.omittedVerb(o, from, i); k >= 0 {
				lemma := r.x.rules.Verb(o.Lemma(k))
				out = append(out, piece{first: i, last: i, word: o.texts[k], text: lemma, lemma: lemma, verb: true})
			}
		}
		// "UK-administered": the doer hangs on the participle
		if i+1 < to && isHyphenWord(o.texts[i]) && o.Tokens[i].Start == o.Tokens[i-1].End && participle(o, i+1) && !p.hidden {
			k := len(out) - 1
			out[k].hidden, out[k].head, out[k].rel = true, k+1, "compound"
			if host := r.compoundHost(o, i+2, to); host >= 0 {
				// the participle itself is known to modify the name that follows
				out = append(out, piece{first: i + 1, last: i + 2, word: o.texts[i+1], hidden: true, head: -1, rel: "amod"})
				i++
			}
			i++
		}
	}
	r.hideDays(o, out)
	heavyShift(o, out)
	r.subjects(o, out)
	return r.hangForward(o, out)
}

// pastName returns how many tokens "what was then" and the like take at token i: they
// only say that the name after them is not today's.
func pastName(o *sentence, i int) int {
	if o.Lower(i) != "what" {
		return 0
	}
	switch o.Lower(i + 1) {
	case "was", "is", "were", "are", "became":
	default:
		return 0
	}
	switch o.Lower(i + 2) {
	case "then", "now", "today", "still", "once", "formerly":
		return 3
	}
	return 2
}

// fraction reports whether a share of a whole stands at token i: "two-thirds".
func fraction(o *sentence, i, to int) bool {
	if i+2 >= to || !isHyphenWord(o.texts[i+1]) || o.Tokens[i].End != o.Tokens[i+1].Start || o.Tokens[i+1].End != o.Tokens[i+2].Start {
		return false
	}
	if _, counts := cardinals[o.Lower(i)]; !counts && o.Lower(i) != "one" && o.Lower(i) != "nine" {
		return false
	}
	switch strings.TrimSuffix(o.Lower(i+2), "s") {
	case "half", "third", "quarter", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth":
		return true
	}
	return false
}

// lastVerb returns the last of the pieces that is a verb, or -1.
func lastVerb(o *sentence, out []piece) int {
	for k := len(out) - 1; k >= 0; k-- {
		if !out[k].hidden && out[k].mention == nil && o.Tokens[out[k].first].POS == "VERB" {
			return k
		}
	}
	return -1
}

// gives reports whether the last of the pieces is a verb of giving.
func (r *reader) gives(out []piece) bool {
	for k := len(out) - 1; k >= 0; k-- {
		if p := &out[k]; strings.EqualFold(p.word, "the") {
			continue
		} else {
			return p.mention == nil && !p.hidden && r.x.rules.In("give_form", strings.ToLower(p.word))
		}
	}
	return false
}

// opensWithDate reports whether a date, with its preposition, takes the tokens
// from the clause's beginning to token i, and the subject follows at once.
func (r *reader) opensWithDate(o *sentence, from, i int) bool {
	if i < from+2 || o.timeAt[i-1] < 0 || o.timeAt[i] >= 0 || i+1 >= len(o.Tokens) {
		return false
	}
	x := o.times[o.timeAt[i-1]]
	if x.First != from || x.Core == x.First || x.Last != i || r.attributive(o, x.Core) {
		return false
	}
	if m := o.mentionAt(i); m != nil {
		return m.usage == gazetteer.AsAdjective
	}
	return false
}

// opensWithPact reports whether the tokens from the clause's beginning to token i tell
// under which instrument something is done, and the subject follows at once: "by the
// Treaty of Tarawa the United States gave up".
func (r *reader) opensWithPact(o *sentence, from, i, to int) bool {
	if i < from+2 || o.Tokens[from].POS != "ADP" || o.mentionAt(i) == nil && o.Tokens[i].POS != "DET" || o.Tokens[i-1].POS == "ADP" || o.Tokens[i-1].POS == "DET" || o.Tokens[i-1].POS == "CCONJ" || o.Tokens[i-1].POS == "ADJ" {
		return false
	}
	switch o.Lower(from) {
	case "under", "by", "in", "through", "with":
	default:
		return false
	}
	pact := false
	for k := from + 1; k < i; k++ {
		if w := o.Lower(k); r.x.rules.In("instrument_noun", w) {
			pact = true
		} else if o.texts[k] == "," || o.Tokens[k].POS == "CCONJ" || o.IsVerb(k) && o.mentionAt(k) == nil || k > from+10 {
			return false
		}
	}
	if r.x.rules.In("instrument_noun", o.Lower(i-1)) && o.Tokens[i].POS != "DET" {
		return false // "in the 1898 treaty Spain ceded": parsers see that
	}
	return pact && r.beginsWithSubject(o, i, to)
}

// opensWithSpan reports whether the tokens before token i, from the clause's
// beginning or a comma on, tell for how long: "for more than two years Ethiopia".
func (r *reader) opensWithSpan(o *sentence, from, i int) bool {
	if i < from+3 || o.mentionAt(i) == nil {
		return false
	}
	switch o.Lower(i - 1) {
	case "years", "decades", "centuries", "months", "weeks", "century", "decade":
	default:
		return false
	}
	for k := i - 2; k >= from && k >= i-7; k-- {
		if w := o.Lower(k); w == "for" || w == "during" || w == "after" {
			return k == from || o.texts[k-1] == ","
		}
	}
	return false
}

// conveying verbs take what they hand over after to whom, where it is long.
var conveying = map[string]string{"cede": "give", "cedes": "gives", "ceded": "gave", "transfer": "give", "transfers": "gives", "assign": "give", "assigns": "gives",
	"convey": "give", "conveys": "gives", "grant": "give", "grants": "gives", "sells": "gives", "sell": "give", "surrender": "give", "surrenders": "gives", "restore": "give", "restores": "gives",
	"return": "give", "returns": "gives", "retrocedes": "gives", "retrocede": "give", "renounce": "give", "renounces": "gives", "renounced": "gave", "relinquishes": "gives", "relinquish": "give", "yields": "gives"}

// heavyShift undoes the order in which treaties put a long object last: "cedes
// to Japan, with the consent of China, the lease of Port Arthur" is parsed as
// "gives them the lease of Port Arthur".
func heavyShift(o *sentence, out []piece) {
	for v := 0; v+2 < len(out); v++ {
		word := conveying[o.Lower(out[v].first)]
		if word == "" || out[v].hidden || out[v].mention != nil || out[v].last != out[v].first+1 {
			continue
		}
		to := v + 1
		if w := strings.ToLower(out[to].word); out[to].hidden || w != "to" && w != "for" {
			continue
		}
		j := to + 1
		for j < len(out) && j < to+7 && (out[j].mention == nil || out[j].mention.ent.class != schema.State || out[j].hidden) && out[j].word != "," {
			j++
		}
		if j >= len(out)-1 || out[j].mention == nil || out[j].mention.usage != gazetteer.AsName || out[j].word == "its" {
			continue
		}
		k := j + 1
		for k < len(out) && out[k].hidden {
			k++
		}
		if k < len(out) && out[k].word == "," && k+1 < len(out) && !beginsPhrase(o, &out[k+1]) {
			n := k + 1
			for n < len(out) && n < k+16 && out[n].word != "," {
				n++
			}
			if n >= len(out) || out[n].word != "," {
				continue
			}
			for ; k <= n; k++ {
				if !out[k].hidden {
					out[k].hidden, out[k].head, out[k].rel = true, j, "dep"
				}
			}
		}
		if k >= len(out) || !beginsPhrase(o, &out[k]) {
			continue
		}
		out[v].lemma = conveyed(o.Lower(out[v].first))
		out[v].word, out[j].word = word, "them" // what parsers are surest of
		for n := to; n < j; n++ {
			out[n].hidden, out[n].head, out[n].rel = true, j, "dep"
		}
	}
}

// conveyed returns the lemma of a conveying verb's form.
func conveyed(form string) string {
	for _, ending := range []string{"", "s", "d"} {
		if base := strings.TrimSuffix(form, ending); conveying[base] == "give" {
			return base
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(form, "s"), "d")
}

// beginsPhrase reports whether a noun phrase begins with a piece.
func beginsPhrase(o *sentence, p *piece) bool {
	if p.mention != nil {
		return p.mention.usage == gazetteer.AsName && p.mention.ent.class != schema.State && p.mention.ent.class != schema.Person && p.word != "its"
	}
	if p.lemma == "claim" {
		return true
	}
	switch o.Tokens[p.first].POS {
	case "DET":
		return true
	case "ADJ":
		return o.Tokens[p.first].Tag != "JJR"
	}
	return false
}

// tenure holds the words before a title that say whether somebody holds it yet or still.
var tenure = map[string]bool{"former": true, "acting": true, "interim": true, "caretaker": true, "outgoing": true, "incoming": true, "then": true, "late": true}

// weekdays, and the parts of a day that follow one.
var weekdays = map[string]bool{"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true}
var dayParts = map[string]bool{"night": true, "morning": true, "afternoon": true, "evening": true}

// hideDays hangs the day that news is full of on its verb: "signed treaties
// Wednesday night that …", "ruled on Monday that …".
func (r *reader) hideDays(o *sentence, out []piece) {
	for i := range out {
		p := &out[i]
		if p.hidden || p.mention != nil || !weekdays[o.Lower(p.first)] || o.timeAt[p.first] < 0 {
			continue
		}
		first, last := i, i+1
		if i > 0 && strings.EqualFold(out[i-1].word, "on") && !out[i-1].hidden {
			first--
		} else if i == 0 || out[i-1].mention == nil && o.Tokens[out[i-1].first].POS != "VERB" && o.Tokens[out[i-1].first].POS != "NOUN" {
			continue // "last Monday", "by Monday"
		}
		if last < len(out) && dayParts[strings.ToLower(out[last].word)] {
			last++
		}
		if x := o.times[o.timeAt[p.first]]; x.Core < p.first || x.Last > out[last-1].last {
			continue // part of a longer date
		}
		verb := -1
		if last < len(out) {
			next := &o.Tokens[out[last].first]
			switch {
			case out[last].mention == nil && (next.POS == "NOUN" || next.POS == "PROPN" || next.POS == "CCONJ" || isPossessive(next.Text)):
				continue // "Monday talks"
			case out[last].mention == nil && next.POS == "VERB" && finite(o, out, last):
				verb = last
			}
		}
		for k := first - 1; k >= 0 && verb < 0; k-- {
			if !out[k].hidden && out[k].mention == nil && o.Tokens[out[k].first].POS == "VERB" {
				verb = k
			}
		}
		if verb < 0 {
			continue
		}
		for k := first; k < last; k++ {
			out[k].hidden, out[k].head, out[k].rel = true, i, "nmod"
		}
		out[i].head, out[i].rel = verb, "obl"
		if first < i {
			out[first].rel = "case"
		}
	}
}

// hideTitle hangs the title before a person, and the state's adjective before
// that, on the person: piece k, which comes next.
func (r *reader) hideTitle(o *sentence, out []piece, k int) {
	if k == 0 {
		return
	}
	first := r.titleBefore(o, out[k-1].last)
	if first < 0 {
		return
	}
	for i := k - 1; i >= 0 && (out[i].first >= first || out[i].mention != nil && r.nationality(o, out, i) && out[i].last == first || tenure[strings.ToLower(out[i].word)] && out[i].last >= first-1); i-- {
		if out[i].hidden {
			continue
		}
		rel := "compound"
		if out[i].mention != nil {
			rel = "amod"
		}
		out[i].hidden, out[i].head, out[i].rel = true, k, rel
	}
	// "Serbia's President Aleksandar Vučić"
	for i := k - 1; i >= 0; i-- {
		if out[i].word == "its" && out[i].mention != nil && !out[i].hidden && out[i].last >= first {
			out[i].hidden, out[i].head, out[i].rel = true, k, "nmod:poss"
		}
		if !out[i].hidden {
			break
		}
	}
}

// plainVerb gives past forms that the parser does not know for verbs one that it
// does.
var plainVerb = map[string]string{"advocate": "demand", "advocates": "demands", "rebuff": "reject", "rebuffs": "rejects", "overran": "captured", "retook": "captured", "stole": "took", "redrew": "changed", "forsook": "left"}

// renounce is a verb that taggers take for a noun.
var renounce = map[string]string{"renounce": "abandon", "renounces": "abandons", "renounced": "abandoned", "renouncing": "abandoning"}

// omittedVerb returns the verb that the clause leaves out after the state that ends
// before token i: "India holds two thirds and Pakistan the rest". It is -1 where
// none is.
func (r *reader) omittedVerb(o *sentence, from, i int) int {
	if i+1 >= len(o.Tokens) || o.Lower(i) != "the" {
		return -1
	}
	switch o.Lower(i + 1) {
	case "rest", "remainder", "other", "others":
	default:
		return -1
	}
	for k := from; k < i; k++ {
		if o.IsVerb(k) && o.mentionAt(k) == nil && r.x.rules.In("agentive", o.Lemma(k)) {
			return k
		}
	}
	return -1
}

// nationality reports whether piece i, right before a title, says whose it is:
// an adjective, or a name used like one ("U.S. Vice President").
func (r *reader) nationality(o *sentence, out []piece, i int) bool {
	m := out[i].mention
	if m.usage == gazetteer.AsAdjective {
		return true
	}
	return m.usage == gazetteer.AsName && m.ent.acts() && m.list < 0 && (i == 0 || o.Tokens[out[i-1].first].POS != "ADP")
}

// phrasal gives verbs with a particle the one word that says the same.
var phrasal = map[string]string{"turn down": "reject", "vote down": "reject", "strike down": "reject", "rule out": "reject", "call off": "cancel", "sign away": "cede",
	"give away": "cede", "sell off": "sell", "carve up": "divide", "share out": "divide", "put off": "postpone", "win back": "regain", "get back": "regain",
	"turn over": "transfer", "make over": "transfer", "sign over": "transfer", "throw out": "reject"}

// subjects lets the parser see pronouns where names and "the two countries"
// stand before their verb: no participle can be mistaken for a modifier of
// "they".
func (r *reader) subjects(o *sentence, out []piece) {
	for i := range out {
		p := &out[i]
		if p.hidden || p.word == "its" || p.word == "their" {
			continue
		}
		object := false // "talks between them stalled"
		if k := leftOf(out, i); k >= 0 && o.Tokens[out[k].first].POS == "ADP" && !subordinator[strings.ToLower(out[k].word)] {
			object = true
		}
		next := i + 1
		for next < len(out) {
			switch t := &o.Tokens[out[next].first]; {
			case out[next].hidden, out[next].mention == nil && t.POS == "ADV", o.timeAt[out[next].first] >= 0,
				t.POS == "ADP" && next+1 < len(out) && o.timeAt[out[next+1].first] >= 0: // "the court in May 2010 ruled"
				next++
				continue
			}
			break
		}
		states := p.mention == nil && strings.HasSuffix(p.word, "s") && r.x.rules.In("polity_noun", strings.ToLower(p.word))
		if next >= len(out) || out[next].mention != nil || !finite(o, out, next) && !((states || strings.EqualFold(p.word, "both")) && next == i+1 && r.x.rules.In("note_verb", o.Lower(out[next].first))) {
			continue
		}
		before := i > 0 && (o.Tokens[out[i-1].first].POS == "ADJ" || o.Tokens[out[i-1].first].POS == "NOUN" || isHyphenWord(out[i-1].word))
		switch {
		case p.mention != nil && !before && p.mention.usage != gazetteer.AsAdjective && sideOf(p.mention) == 1:
			// an article would be left hanging
			if i > 0 && out[i-1].mention == nil && strings.EqualFold(out[i-1].word, "the") {
				out[i-1].hidden, out[i-1].head, out[i-1].rel = true, i, "det"
			}
			if p.word == "countries" && object {
				p.word = "them"
			} else if p.word == "countries" {
				p.word = "they"
			} else if p.word == "China" || p.word == "NATO" {
				p.word = "he" // "it" might be an expletive
				if object {
					p.word = "him"
				}
			}
		case p.mention == nil && r.mainSubject(o, out, i, next):
			// "A tribunal ruled in 2016 that": taken for what was ruled
			for k := i - 1; k >= 0 && r.premodifies(o, out, k); k-- {
				if out[k].hidden {
					continue
				}
				rel := "amod"
				switch t := &o.Tokens[out[k].first]; {
				case t.POS == "DET":
					rel = "det"
				case t.POS == "NUM":
					rel = "nummod"
				case t.POS == "NOUN":
					rel = "compound"
				}
				out[k].hidden, out[k].head, out[k].rel = true, i, rel
			}
			p.word, p.noun = "he", true
			if o.Tokens[p.first].Tag == "NNS" {
				p.word = "they"
			}
		case p.mention == nil && r.x.rules.In("judge_noun", strings.ToLower(p.word)) && strings.HasSuffix(p.word, "s") && (i == 0 || strings.EqualFold(out[i-1].word, "the")):
			if i > 0 {
				out[i-1].hidden, out[i-1].head, out[i-1].rel = true, i, "det"
			}
			p.word, p.noun = "they", true
			if object {
				p.word = "them"
			}
		case p.mention == nil && strings.EqualFold(p.word, "both") && next == i+1 && (i == 0 || out[i-1].word == "," || o.timeAt[out[i-1].first] >= 0 || o.Tokens[out[i-1].first].POS == "CCONJ" || o.Tokens[out[i-1].first].POS == "SCONJ"):
			p.word = "they" // "Both reject the treaty": no noun
		case p.mention == nil && r.x.rules.In("polity_noun", strings.ToLower(p.word)) && i > 0 && isBoth(out[i-1].word):
			out[i-1].hidden, out[i-1].head, out[i-1].rel = true, i, "nummod"
			if i > 1 && strings.EqualFold(out[i-2].word, "the") {
				out[i-2].hidden, out[i-2].head, out[i-2].rel = true, i, "det"
			}
			p.word, p.noun = "they", true
			if object {
				p.word = "them"
			}
		case states && !object:
			// "many neighboring states reject": taggers read that as a noun
			for k := i - 1; k >= max(0, i-3) && out[k].mention == nil && !out[k].hidden; k-- {
				rel := "amod"
				switch t := &o.Tokens[out[k].first]; t.POS {
				case "DET":
					rel = "det"
				case "ADJ", "NUM":
				default:
					if t.Tag != "VBG" && t.POS != "NOUN" {
						rel = ""
					}
				}
				if rel == "" {
					break
				}
				out[k].hidden, out[k].head, out[k].rel = true, i, rel
			}
			p.word, p.noun = "they", true
		}
	}
}

// premodifies reports whether piece k can stand between the beginning of a clause
// and the noun that is its subject.
func (r *reader) premodifies(o *sentence, out []piece, k int) bool {
	p := &out[k]
	if p.hidden && p.mention == nil {
		return p.rel == "amod" || p.rel == "det" || p.rel == "nummod" || p.rel == "compound"
	}
	if p.mention != nil {
		return p.mention.usage == gazetteer.AsAdjective
	}
	t := &o.Tokens[p.first]
	if o.timeAt[p.first] >= 0 {
		return t.POS == "NUM" && k > 0 && o.Tokens[out[k-1].first].POS == "DET" // "the 1984 treaty"
	}
	return p.last == p.first+1 && p.word == o.texts[p.first] && (t.POS == "DET" || t.POS == "ADJ" || t.POS == "NUM" || t.POS == "NOUN")
}

// mainSubject reports whether piece i is a noun for who or what acts in the news,
// at the beginning of a clause, and the past form at piece next its verb and not a
// participle: no other verb follows that could be.
func (r *reader) mainSubject(o *sentence, out []piece, i, next int) bool {
	in := r.x.rules.In
	t, noun := &o.Tokens[out[i].first], strings.ToLower(out[i].word)
	if next != i+1 || t.POS != "NOUN" || o.timeAt[out[i].first] >= 0 || !in("court_noun", noun) && !in("government_noun", noun) && !in("treaty_noun", o.Lemma(out[i].first)) {
		return false
	}
	verb := &o.Tokens[out[next].first]
	if verb.Tag != "VBD" && verb.Tag != "VBN" || in("treaty_verb", r.x.rules.Verb(strings.ToLower(verb.Lemma))) && in("treaty_noun", o.Lemma(out[i].first)) {
		return false
	}
	k := i - 1
	for k >= 0 && r.premodifies(o, out, k) {
		k--
	}
	if k >= 0 {
		before := &o.Tokens[out[k].first]
		if k > 0 && before.POS == "CCONJ" && (o.Tokens[out[k-1].first].POS == "ADJ" || out[k-1].mention != nil && out[k-1].mention.usage == gazetteer.AsAdjective) {
			return false // "British and French paratroopers"
		}
		if out[k].mention != nil || before.POS != "CCONJ" && before.POS != "SCONJ" && before.Text != "," && o.timeAt[out[k].first] < 0 && before.Tag != "WRB" && !(before.Tag == "IN" && before.Lemma == "that") {
			return false
		}
	}
	for k = next + 1; k < len(out); k++ {
		if out[k].hidden || out[k].mention != nil {
			continue
		}
		switch t := &o.Tokens[out[k].first]; {
		case t.POS == "SCONJ" || t.POS == "CCONJ" || t.Text == "," || t.Tag == "WDT" || t.Tag == "WP" || t.Tag == "WRB" || strings.EqualFold(t.Text, "that"):
			return true
		case t.Tag == "VBD" || t.Tag == "VBZ" || t.Tag == "VBP" || t.Tag == "MD" || t.POS == "AUX":
			return false
		}
	}
	return true
}

// subordinator holds the words that taggers take for prepositions before a
// clause.
var subordinator = map[string]bool{"after": true, "before": true, "since": true, "until": true, "as": true, "because": true, "while": true, "than": true, "that": true, "whereby": true, "once": true, "although": true}

// leftOf returns the visible piece before piece i, articles apart, or -1.
func leftOf(out []piece, i int) int {
	for k := i - 1; k >= 0; k-- {
		if !out[k].hidden && !strings.EqualFold(out[k].word, "the") {
			return k
		}
	}
	return -1
}

func isBoth(w string) bool { return strings.EqualFold(w, "two") || strings.EqualFold(w, "both") }

// finite reports whether the piece is a verb form that a subject can stand
// before, and not a participle with its doer after it.
func finite(o *sentence, out []piece, i int) bool {
	t := &o.Tokens[out[i].first]
	switch strings.ToLower(t.Text) {
	case "sanctions", "talks", "disputes", "troops", "forces", "attacks", "threats":
		if i+1 < len(out) && o.Tokens[out[i+1].first].POS == "ADP" {
			return false // "European Union sanctions against Turkey"
		}
	}
	switch {
	case t.Tag == "MD", t.POS == "AUX", t.Tag == "VBZ", t.Tag == "VBP":
		return true
	case t.Tag == "VBD", t.Tag == "VBN":
		if i+1 < len(out) {
			next := o.Lower(out[i+1].first)
			if next == "by" && i+2 < len(out) && o.Tokens[out[i+2].first].POS == "NUM" {
				return true // "ruled by 15 votes to one"
			}
			return next != "by" && next != "since"
		}
	}
	return false
}

// longPrepositions are prepositions of several words with the simple ones that
// say the same.
var longPrepositions = []struct {
	words  []string
	simple string
}{
	{[]string{"on", "and", "off"}, "on"}, {[]string{"in", "and", "around"}, "in"}, {[]string{"in", "favor", "of"}, "for"}, {[]string{"in", "favour", "of"}, "for"}, {[]string{"in", "accordance", "with"}, "under"},
	{[]string{"with", "respect", "to"}, "on"}, {[]string{"with", "regard", "to"}, "on"}, {[]string{"in", "regard", "to"}, "on"},
	{[]string{"by", "virtue", "of"}, "under"}, {[]string{"on", "the", "basis", "of"}, "under"}, {[]string{"pursuant", "to"}, "under"},
	{[]string{"under", "the", "terms", "of"}, "under"}, {[]string{"as", "part", "of"}, "under"}, {[]string{"in", "conformity", "with"}, "under"},
	{[]string{"in", "keeping", "with"}, "under"}, {[]string{"in", "line", "with"}, "under"},
	{[]string{"together", "with"}, frame.Alongside}, {[]string{"along", "with"}, frame.Alongside}, {[]string{"jointly", "with"}, frame.Alongside},
	{[]string{"in", "common", "with"}, frame.Alongside},
	{[]string{"in", "connection", "with"}, "over"}, {[]string{"on", "the", "subject", "of"}, "about"}, {[]string{"in", "relation", "to"}, "on"},
}

// formulas only part a verb from what belongs to it: "in whole or in part", and
// what treaties are fond of.
var formulas = [][]string{
	{"in", "whole", "or", "in", "part"}, {"in", "whole", "or", "part"}, {"in", "part", "or", "in", "whole"}, {"wholly", "or", "partly"},
	{"in", "perpetuity", "and", "full", "sovereignty"}, {"in", "full", "property", "and", "sovereignty"}, {"in", "full", "sovereignty"}, {"in", "perpetuity"},
	{"for", "ever"}, {"forever"}, {"without", "reserve"}, {"for", "all", "time"}, {"from", "this", "day"}, {"on", "its", "part"}, {"on", "her", "part"}, {"on", "his", "part"},
	{"for", "its", "part"}, {"for", "their", "part"}, {"by", "this", "convention"}, {"by", "this", "treaty"}, {"by", "the", "present", "treaty"}, {"by", "the", "present", "convention"},
	{"hereby"}, {"likewise"}, {"in", "whole"}, {"in", "part"}, {"in", "full"}, {"in", "its", "entirety"}, {"in", "their", "entirety"}, {"by", "contrast"}, {"in", "turn"}, {"in", "particular"},
}

// formula returns how many tokens a formula takes at token i, or 0.
func formula(o *sentence, i int) int {
	for _, words := range formulas {
		if i+len(words) <= len(o.texts) && slices.EqualFunc(words, o.texts[i:i+len(words)], strings.EqualFold) {
			if n := i + len(words); words[0] == "in" && len(words) == 2 && n < len(o.texts) && o.Lower(n) == "of" {
				continue // "in part of the sea"
			}
			return len(words)
		}
	}
	return 0
}

// voided returns how many tokens "considers null and void" takes at token i before what
// is so considered, or 0: together they are one verb.
func voided(o *sentence, i, to int) int {
	if !o.IsVerb(i) {
		return 0
	}
	switch o.Lemma(i) {
	case "consider", "declare", "regard", "deem", "hold", "pronounce", "call":
	default:
		return 0
	}
	k := i + 1
	if o.Lower(k) == "as" {
		k++
	}
	switch {
	case o.Lower(k) == "null" && o.Lower(k+1) == "and" && o.Lower(k+2) == "void":
		k += 3
	case o.Lower(k) == "void", o.Lower(k) == "invalid":
		k++
	default:
		return 0
	}
	if k >= to || o.Tokens[k].POS != "DET" && o.mentionAt(k) == nil {
		return 0
	}
	return k - i
}

// exchanged returns how many tokens "exchange of notes" takes at token i: it is
// one word for a treaty.
func exchanged(o *sentence, i int) int {
	if w := o.Lower(i); w != "exchange" && w != "exchanges" || o.Lower(i+1) != "of" {
		return 0
	}
	switch o.Lower(i + 2) {
	case "notes", "letters":
		return 3
	}
	return 0
}

// titleWords are what treaties name in a row to leave nothing out.
var titleWords = map[string]bool{"right": true, "rights": true, "title": true, "titles": true, "claim": true, "claims": true, "interest": true,
	"interests": true, "pretension": true, "pretensions": true, "sovereignty": true, "dominion": true}

// titles returns how many tokens a row like "right, title and claim" takes at
// token i, or 0: taggers see an adjective and a verb in it.
func titles(o *sentence, i, to int) int {
	n, words := 0, 0
	for k := i; k < to && titleWords[o.Lower(k)]; {
		n, words = k+1-i, words+1
		k++
		for k < to && (o.texts[k] == "," || o.Lower(k) == "and" || o.Lower(k) == "or") {
			k++
		}
	}
	if words < 2 {
		return 0
	}
	return n
}

// longPreposition returns the simple form of the preposition of several words
// that begins at token i, and how many tokens it takes.
func (r *reader) longPreposition(o *sentence, i, to int) (string, int) {
	for _, p := range longPrepositions {
		n := len(p.words)
		if i+n < to && slices.EqualFunc(p.words, o.texts[i:i+n], strings.EqualFold) && (p.words[0] != "as" || r.x.rules.In("instrument_noun", o.Lower(i+n+1))) {
			return p.simple, n
		}
	}
	if i+2 < to && o.Lower(i+1) == "of" && compass(o.Lower(i)) && (i == 0 || o.Tokens[i-1].POS != "DET") {
		return "near", 2 // "the area west of the river"
	}
	return "", 0
}

// compass reports whether a word is a point of the compass: "north", "south-east".
func compass(w string) bool {
	switch w = strings.ReplaceAll(w, "-", ""); w {
	case "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest":
		return true
	}
	return false
}

// approximate holds the words before a number that taggers take for prepositions.
var approximate = map[string]bool{"about": true, "around": true, "roughly": true, "approximately": true, "nearly": true, "almost": true, "some": true, "over": true}

// namesPlace reports whether the name of a place stands at token i, an article apart.
func (r *reader) namesPlace(o *sentence, i int) bool {
	if o.Lower(i) == "the" {
		i++
	}
	m := o.mentionAt(i)
	return m != nil && m.ent.class.Is(schema.Territory)
}

// besides holds the participles that only say where something lies.
var besides = map[string]bool{"surrounding": true, "neighboring": true, "neighbouring": true, "adjoining": true, "bordering": true, "outlying": true}

// verbFor gives verbs that taggers take for nouns a stand-in that is only a
// verb, where a particle or an object follows.
var verbFor = map[string]string{"hand": "give", "map": "draw", "chart": "draw"}

// nounFor gives words that are verbs as well a stand-in that is only a noun.
var nounFor = map[string]string{"dispute": "disagreement", "disputes": "disagreements", "talks": "negotiations", "row": "disagreement"}

// nominal reports whether the word at token i is a noun by the words around it.
func (r *reader) nominal(o *sentence, i, from int) bool {
	if i+1 < len(o.Tokens) {
		switch o.Lower(i + 1) {
		case "between", "with", "over", "about", "on", "is", "are", "was", "were", "has", "have", "had", "will", "continue", "remain", "resumed", "stalled":
			return true
		}
	}
	if i > from {
		p := o.Tokens[i-1].POS
		return p == "DET" || p == "ADJ" || p == "ADP" || r.x.rules.In("technical", o.Lower(i-1)) || isPossessive(o.texts[i-1])
	}
	return false
}

// compoundHost returns the name that a compound participle before token i
// modifies, or -1.
func (r *reader) compoundHost(o *sentence, i, to int) int {
	for k := i; k < min(i+4, to); k++ {
		if m := o.mentionAt(k); m != nil && m.usage == gazetteer.AsName || m == nil && r.brokered(o, k) {
			return k
		}
		if o.Tokens[k].POS != "ADJ" && o.Tokens[k].POS != "NOUN" && !capitalized(o.texts[k]) {
			return -1
		}
	}
	return -1
}

// brokered reports whether the noun at token i is land or what states bring about with
// each other, so that a compound participle before it modifies it: "US-brokered deal".
func (r *reader) brokered(o *sentence, i int) bool {
	w := o.Lower(i)
	return r.isLand(o.Sentence, i) || r.x.rules.In("treaty_noun", w) || r.x.rules.In("talks_noun", w)
}

// hangForward finds the noun for hidden pieces that modify what follows, and
// hides years that do ("the 2002 ruling") and the first of "land and maritime".
func (r *reader) hangForward(o *sentence, out []piece) []piece {
	for i := range out {
		p := &out[i]
		switch {
		case p.hidden && p.head < 0 && p.rel == "advmod":
			p.head = i + 1
			for p.head < len(out) && out[p.head].hidden {
				p.head++
			}
			if p.head == len(out) {
				p.hidden, p.head = false, 0
			}
		case p.hidden && p.head < 0:
			for k := i + 1; k < len(out) && p.head < 0; k++ {
				if m := out[k].mention; !out[k].hidden && (m != nil && m.usage == gazetteer.AsName || m == nil && p.rel == "amod" && r.brokered(o, out[k].first)) {
					p.head = k
				}
			}
			if p.head < 0 {
				p.hidden = false
			}
		case !p.hidden && p.word == "of" && i > 0 && i+1 < len(out) && fixedNames[strings.ToLower(out[i-1].word)+" of "+strings.ToLower(out[i+1].word)]:
			p.hidden, p.head, p.rel = true, i+1, "case"
			out[i+1].hidden, out[i+1].head, out[i+1].rel = true, i-1, "flat"
		case p.mention == nil && o.timeAt[p.first] >= 0 && o.times[o.timeAt[p.first]].Relation != timex.Within && r.attributive(o, p.first):
			if k := r.nounAhead(o, out, i+1); k >= 0 {
				// every word of the date goes with it
				for n := i; n < len(out) && out[n].first < o.times[o.timeAt[p.first]].Last; n++ {
					out[n].hidden, out[n].head, out[n].rel = true, k, "nummod"
				}
			}
		case !p.hidden && p.mention == nil && r.x.rules.In("technical", strings.ToLower(p.word)) && r.compoundEnd(o, out, i) > i:
			p.hidden, p.head, p.rel = true, r.compoundEnd(o, out, i), "compound"
		case (p.word == "land" || p.word == "maritime") && i+3 < len(out) && (out[i+1].word == "and" || out[i+1].word == "or") &&
			(out[i+2].word == "maritime" || out[i+2].word == "land" || out[i+2].word == "sea"):
			p.hidden, p.head, p.rel = true, i+3, "amod"
			out[i+1].hidden, out[i+1].head, out[i+1].rel = true, i+3, "cc"
		}
	}
	return out
}

// fixedNames are kinds of instrument of more than one word.
var fixedNames = map[string]bool{"memorandum of understanding": true, "memoranda of understanding": true, "exchange of letters": true, "exchange of notes": true,
	"code of conduct": true, "declaration of principles": true, "statement of intent": true, "letter of intent": true}

// compoundEnd returns the noun that the compound at piece i ends in where it
// is one that rules know ("maritime boundary delimitation treaty"), or -1.
func (r *reader) compoundEnd(o *sentence, out []piece, i int) int {
	in := r.x.rules.In
	for k := i + 1; k < len(out); k++ {
		w := strings.ToLower(out[k].word)
		switch {
		case out[k].mention != nil:
			return -1
		case in("technical", w) && r.compoundEnd(o, out, k) > k:
			return r.compoundEnd(o, out, k)
		case in("instrument_noun", w), in("boundary_noun", w), in("ruling_noun", w), in("matter_noun", w), in("talks_noun", w), in("claim_noun", w), in("sanction_noun", w):
			return k
		case isHyphenWord(w):
			continue
		}
		return -1
	}
	return -1
}

// attributive reports whether the date at token i stands before a noun that it
// modifies, not on its own after a preposition.
func (r *reader) attributive(o *sentence, i int) bool {
	x := o.times[o.timeAt[i]]
	if x.Core != i || x.Last >= len(o.Tokens) {
		return false
	}
	next := x.Last
	if x.First != x.Core {
		// "by the 2002 decision", not "in 2002 the court decided"
		for k := next; k < min(next+7, len(o.Tokens)); k++ {
			w := o.Lower(k)
			if r.x.rules.In("instrument_noun", w) || r.x.rules.In("ruling_noun", w) {
				return true
			}
			if p := o.Tokens[k].POS; p != "NOUN" && p != "PROPN" && p != "ADJ" && !isPossessive(w) && o.mentionAt(k) == nil {
				return false
			}
		}
		return false
	}
	return o.texts[next] != "," && (o.Tokens[next].POS == "NOUN" || o.Tokens[next].POS == "ADJ" || o.Tokens[next].POS == "PROPN" || capitalized(o.texts[next]) && o.Tokens[next].POS != "VERB")
}

// nounAhead returns the first piece from k on that ends a noun phrase: the last
// noun before something else.
func (r *reader) nounAhead(o *sentence, out []piece, k int) int {
	last := -1
	for ; k < len(out); k++ {
		if out[k].first == out[k].last && out[k].word == "," {
			return last
		}
		t := o.Tokens[out[k].first]
		if o.timeAt[out[k].first] >= 0 || isHyphenWord(out[k].word) {
			continue
		}
		if out[k].hidden {
			continue
		}
		if m := out[k].mention; m != nil && last >= 0 && out[last].mention == nil && m.usage == gazetteer.AsName && (r.x.rules.In("instrument_noun", out[last].word) || r.x.rules.In("ruling_noun", out[last].word)) {
			return last // "in the 1898 treaty Spain ceded …"
		}
		if out[k].word == "decision" {
			t.POS = "NOUN" // "ruling", whatever the tagger thinks
		}
		switch t.POS {
		case "NOUN", "PROPN":
			last = k
		case "ADJ":
		default:
			if out[k].mention == nil && !(t.POS == "VERB" && (t.Tag == "VBN" || t.Tag == "VBG") && last < 0) {
				return last
			}
			if out[k].mention != nil {
				last = k
			}
		}
	}
	return last
}

// andOthers returns where "and several other states" ends after token i, if a
// possessive follows, or 0.
func andOthers(o *sentence, i, to int) int {
	if i+3 >= to || o.Lower(i) != "and" {
		return 0
	}
	for k := i + 1; k < min(i+4, to-1); k++ {
		switch o.Lower(k) {
		case "other", "several", "many", "most", "some", "a", "few":
			continue
		case "states", "countries", "nations", "powers", "governments":
			if k > i+1 && isPossessive(o.texts[k+1]) {
				return k + 1
			}
		}
		break
	}
	return 0
}

func isPossessive(w string) bool { return w == "'s" || w == "’s" || w == "'" || w == "’" }

func isQuote(w string) bool {
	switch w {
	case `"`, "“", "”", "``", "''", "‘", "«", "»":
		return true
	}
	return false
}

func isHyphenWord(w string) bool { return w == "-" || w == "–" || w == "‑" }

func isJoin(w string) bool {
	switch strings.ToLower(w) {
	case ",", "and", "or", "the", "&", "as", "well", "along", "together", "with", "of", "island", "islands", "both", "nor", "plus", "-", "–", "/":
		return true
	}
	return false
}

// participle reports whether token i is a past participle, whatever the tagger
// made of it in a hyphenated word.
func participle(o *sentence, i int) bool {
	w := o.Lower(i)
	return strings.HasSuffix(w, "ed") || w == "held" || w == "run" || w == "led" || w == "built"
}

// placeholder returns a common word of the kind of a name, in its number.
func (r *reader) placeholder(o *sentence, m *mention) string {
	last := o.texts[m.last-1]
	switch {
	case m.usage == gazetteer.AsAdjective:
		return o.texts[m.last-1]
	case m.ent.class == schema.State:
		if m.last-m.first == 1 && m.usage == gazetteer.AsDemonym {
			return last
		}
		return "China"
	case m.ent.class == schema.Court, m.ent.class == schema.Organization:
		return "NATO"
	case m.ent.class == schema.Person:
		return "Bush"
	case m.ent.kind == measured:
		return "land"
	case m.ent.class.Is(schema.Place):
		if isGroupKind(m.ent) || strings.HasSuffix(strings.ToLower(last), "islands") {
			return "Islands"
		}
		if strings.HasSuffix(last, "bed") {
			return "sea" // "seabed" looks like a participle
		}
		if strings.ToLower(last) == last {
			return last
		}
		return "Iraq"
	}
	return last
}

func pluralPlaceholder(m *mention) string {
	switch {
	case m.ent.class.Is(schema.Place):
		return "islands"
	case m.ent.class == schema.Person:
		return "leaders"
	}
	return "countries"
}

// parenthesis is a stretch of the sentence that is set off and read on its own.
type parenthesis struct{ first, last int } // the tokens between the marks

// parentheses finds the outermost parentheses.
func parentheses(o *sentence) []parenthesis {
	var out []parenthesis
	depth, open := 0, 0
	for i, w := range o.texts {
		switch w {
		case "(", "[":
			if depth == 0 {
				open = i
			}
			depth++
		case ")", "]":
			if depth > 0 {
				depth--
				if depth == 0 {
					out = append(out, parenthesis{open + 1, i})
				}
			}
		}
	}
	return out
}

// aside reads "(all administered by France)", "(part of X)": a participle or
// noun said of the names before the parenthesis.
func (r *reader) aside(o *sentence, p parenthesis, named []bool) *sentence {
	if r.isClause(o, p) {
		return r.simplify(o, p.first, p.last, named)
	}
	k := p.first
	whole := false
	for k < p.last && (o.Lower(k) == "all" || o.Lower(k) == "both" || o.Lower(k) == "now" || o.Lower(k) == "currently" || o.Lower(k) == "still") {
		whole = whole || o.Lower(k) == "all" || o.Lower(k) == "both"
		k++
	}
	if p.last-k < 2 || p.first < 2 {
		return nil
	}
	var subject *mention
	for i := p.first - 2; i >= 0 && i >= p.first-3 && subject == nil; i-- {
		subject = o.mentionAt(i)
	}
	if subject == nil || !subject.ent.class.Is(schema.Place) {
		return nil
	}
	verb := participle(o, k) || o.Lower(k) == "part" || o.Lower(k) == "known"
	if m := o.mentionAt(k); m != nil && m.last+1 < p.last && isHyphenWord(o.texts[m.last]) && participle(o, m.last+1) {
		verb = true
	}
	if !verb {
		return nil
	}
	cut := slices.Clone(named)
	s := r.simplify(o, k, p.last, cut)
	if s == nil {
		return nil
	}
	return s.prefixed(subject, whole, o)
}

// holding are the participles that tell who has a place.
var holding = map[string]bool{"administered": true, "occupied": true, "controlled": true, "held": true, "claimed": true, "governed": true, "ruled": true}

// drawn gives the verb of participles that taggers take for adjectives.
var drawn = map[string]string{"demarcated": "demarcate", "delimited": "delimit", "delineated": "delineate",
	"unresolved": "unresolved", "unsettled": "unsettled", "undemarcated": "undemarcated", "undelimited": "undelimited", "undefined": "undefined"}

// isClause reports whether a parenthesis is a sentence of its own: "(A and B have
// signed an agreement)".
func (r *reader) isClause(o *sentence, p parenthesis) bool {
	k := p.first
	if k < p.last && o.Lower(k) == "the" {
		k++
	}
	m := o.mentionAt(k)
	if m == nil || m.ent.class != schema.State || m.usage != gazetteer.AsName {
		return false
	}
	for _, n := range o.mentions {
		if n.list >= 0 && n.list == m.list && n.last <= p.last {
			k = n.last
		}
	}
	return resumes(o, max(k, m.last))
}

// prefixed hangs the participle or noun that s begins with on a subject before
// it.
func (s *sentence) prefixed(subject *mention, whole bool, o *sentence) *sentence {
	var members []*mention
	if whole && subject.list >= 0 {
		for _, n := range o.lists[subject.list] {
			members = append(members, o.mentions[n])
		}
	} else {
		members = []*mention{subject}
	}
	n := len(members)
	tokens := make([]nlp.Token, 0, n+len(s.Tokens))
	root := 0
	for i, t := range s.Tokens {
		if t.Head < 0 {
			root = i
		}
	}
	out := &sentence{start: s.start, end: s.end, index: s.index, instruments: map[int]*entity{}, spans: map[int][2]int{}, read: map[int]bool{}}
	for i, m := range members {
		tokens = append(tokens, nlp.Token{Start: o.Tokens[m.first].Start, End: o.Tokens[m.last-1].End, Text: o.texts[m.last-1],
			Lemma: o.texts[m.last-1], Tag: "NNP", POS: "PROPN", Head: 0, Rel: "conj"})
		c := *m
		c.first, c.last, c.head, c.list = i, i+1, i, 0
		out.mentions = append(out.mentions, &c)
	}
	tokens[0].Head, tokens[0].Rel = -1, "root"
	out.lists = [][]int{{}}
	for i := range members {
		out.lists[0] = append(out.lists[0], i)
	}
	for i, t := range s.Tokens {
		if t.Head < 0 {
			t.Head = 0
			t.Rel = "acl"
			if t.POS == "NOUN" || t.POS == "PROPN" {
				t.Rel = "appos"
			}
		} else {
			t.Head += n
		}
		if i == root && participle(s, i) && t.POS != "NOUN" {
			t.POS, t.Tag = "VERB", "VBN"
		}
		tokens = append(tokens, t)
	}
	for _, m := range s.mentions {
		c := *m
		c.first, c.last, c.head = c.first+n, c.last+n, c.head+n
		if c.list >= 0 {
			c.list++
		}
		out.mentions = append(out.mentions, &c)
	}
	for _, l := range s.lists {
		shifted := make([]int, len(l))
		for i, k := range l {
			shifted[i] = k + n
		}
		out.lists = append(out.lists, shifted)
	}
	out.Sentence = frame.New(tokens, nil)
	out.at = slices.Repeat([]int{-1}, len(tokens))
	for k, m := range out.mentions {
		for i := m.first; i < m.last; i++ {
			out.at[i] = k
		}
	}
	for _, t := range tokens {
		out.texts = append(out.texts, t.Text)
	}
	out.timeAt = append(slices.Repeat([]int{-1}, n), s.timeAt...)
	for _, e := range s.times {
		e.First, e.Core, e.Last = e.First+n, e.Core+n, e.Last+n
		out.times = append(out.times, e)
	}
	return out
}
