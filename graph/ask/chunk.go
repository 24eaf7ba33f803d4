package ask

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// chunk is a run of tokens that plays one part in the question.
type chunk struct {
	kind        chunkKind
	first, last int // tokens, half-open
	low         string

	ref    *ref
	verbs  []*relation // readings as a verb
	nouns  []*relation // readings as a noun
	types  []*typeWord
	office *gazetteer.Office
	date   timex.Expr
	status string
	light  string
	unit   string
	num    int
}

type chunkKind uint8

const (
	kWord chunkKind = iota // content that the lexicon does not know
	kName
	kDate
	kWh
	kAux
	kPrep
	kAnd
	kOr
	kComma
	kPoss
	kNeg
	kPron
	kDet
	kNum
	kVerb
	kNoun
	kType
	kOffice
	kStatus
	kLight
	kUnit
	kNow
	kHyphen
	kStop
	kPunct
)

var (
	auxiliaries = strings.Fields("is are was were be been being am do does did has have had having will would shall should can could may might must 're 've 'll")
	beForms     = strings.Fields("is are was were be been being am 're")
	// prepositions that join a noun phrase; the longer ones first
	prepositions = [][]string{
		{"in", "favour", "of"}, {"in", "favor", "of"}, {"in", "exchange", "for"}, {"in", "return", "for"}, {"with", "respect", "to"}, {"on", "top", "of"},
		{"apart", "from"}, {"aside", "from"}, {"other", "than"}, {"except", "for"}, {"not", "counting"}, {"not", "including"}, {"leaving", "aside"}, {"with", "the", "exception", "of"}, {"excluding"}, {"besides"}, {"except"}, {"because", "of"}, {"due", "to"}, {"according", "to"}, {"out", "of"},
		{"of"}, {"to"}, {"from"}, {"over"}, {"about"}, {"with"}, {"between"}, {"under"}, {"for"}, {"in"}, {"on"}, {"against"}, {"by"},
		{"at"}, {"as"}, {"into"}, {"near"}, {"around"}, {"among"}, {"regarding"}, {"concerning"}, {"upon"}, {"through"}, {"during"}, {"along"}, {"off"}, {"via"}, {"per"}, {"within"}, {"inside"}, {"outside"}, {"toward"}, {"towards"}, {"after"}, {"before"},
	}
	exceptions  = []string{"not counting", "not including", "leaving aside", "with the exception of", "excluding", "apart from", "aside from", "other than", "except for", "except", "besides"}
	pronouns    = strings.Fields("it they them he she him we us you i everyone anybody anyone someone somebody others")
	indefinites = strings.Fields("anybody anyone someone somebody others")
	possessives = strings.Fields("its their his her our your my")
	determiners = strings.Fields("a an the this these those some any each every all both such no another other")
	negatives   = strings.Fields("not n't never neither nor without")
	whWords     = strings.Fields("who whom whose what which when where why how")
)

// chunks annotates the question's tokens.
func (p *parser) chunkUp() error {
	nt := make([]nlp.Token, len(p.toks))
	for i, t := range p.toks {
		nt[i] = nlp.Token{Start: t.start, End: t.end, Text: t.text}
	}
	exprs := timex.Find(nt, schema.Date{}) // nobody says when: "May" may be anything
	dated := make([]bool, len(p.toks))
	for _, e := range exprs {
		for k := e.Core; k < e.Last; k++ {
			dated[k] = true
		}
	}
	n := names{ctx: p.ctx, reader: p.reader, gaz: p.gaz, lex: p.lex, known: p.spell, text: p.text, toks: p.toks}
	offices := p.offices(dated)
	refs, err := n.find(func(i int) bool { return dated[i] || offices[i].office != nil || offices[i].inside })
	if err != nil {
		return err
	}
	p.refs = refs
	for i := 0; i < len(p.toks); {
		c := p.chunkAt(i, exprs, refs, offices)
		p.chunks = append(p.chunks, c)
		i = c.last
	}
	p.disambiguate()
	return nil
}

type officeAt struct {
	office *gazetteer.Office
	last   int
	inside bool
}

// offices finds offices and titles, also in the plural.
func (p *parser) offices(dated []bool) []officeAt {
	out := make([]officeAt, len(p.toks)+1)
	words := make([]string, len(p.toks))
	for i, t := range p.toks {
		words[i] = t.low
		if s, ok := strings.CutSuffix(t.low, "s"); ok && p.gaz.LookupOffice(t.low) == nil && len(s) > 3 {
			words[i] = s
		}
	}
	for i := 0; i < len(words); i++ {
		if dated[i] || !p.toks[i].isWord() {
			continue
		}
		o, n := p.gaz.MatchOffice(words[i:])
		if o == nil || p.lex.types[p.toks[i].low] != nil && n == 1 || p.lex.stop[p.toks[i].low] {
			continue
		}
		out[i] = officeAt{office: o, last: i + n}
		for k := i + 1; k < i+n; k++ {
			out[k].inside = true
		}
		i += n - 1
	}
	return out
}

func (p *parser) chunkAt(i int, exprs []timex.Expr, refs []*ref, offices []officeAt) chunk {
	t := &p.toks[i]
	c := chunk{kind: kWord, first: i, last: i + 1, low: t.low}
	for _, e := range exprs {
		if e.Core == i {
			c.kind, c.date, c.last = kDate, e, e.Last
			return c
		}
	}
	for _, r := range refs {
		if r.first == i {
			c.kind, c.ref, c.last = kName, r, r.last
			return c
		}
	}
	if o := offices[i]; o.office != nil {
		c.kind, c.office, c.last = kOffice, o.office, o.last
		return c
	}
	if t.low == "'s" {
		c.kind = kPoss
		return c
	}
	if !t.isWord() {
		switch t.low {
		case ",":
			c.kind = kComma
		case "'", "’":
			c.kind = kPunct
			if i > 0 && strings.HasSuffix(p.toks[i-1].low, "s") && p.toks[i-1].end == t.start {
				c.kind = kPoss
			}
		case "-", "–", "/":
			c.kind = kHyphen
		default:
			c.kind = kPunct
		}
		return c
	}
	for _, ws := range prepositions {
		if len(ws) > 1 && ws[0] == "not" && p.reads(i, ws) {
			c.kind, c.last, c.low = kPrep, i+len(ws), strings.Join(ws, " ")
			return c
		}
	}
	switch {
	case slices.Contains(whWords, t.low):
		c.kind = kWh
		return c
	case slices.Contains(negatives, t.low):
		c.kind = kNeg
		return c
	}
	if _, end := p.lex.idioms.match(p.toks, i, len(p.toks)); end > i {
		c.last, c.low = end, p.lex.lemma(t.low)+" "+p.toks[end-1].low
		return c
	}
	p.lexical(i, &c)
	if _, end := p.lex.denying.match(p.toks, i, len(p.toks)); end >= c.last && end > i {
		return chunk{kind: kNeg, first: i, last: end, low: strings.ToLower(p.text[t.start:p.toks[end-1].end])}
	}
	if c.kind != kWord {
		return c
	}
	for _, ws := range prepositions {
		if p.reads(i, ws) {
			c.kind, c.last, c.low = kPrep, i+len(ws), strings.Join(ws, " ")
			return c
		}
	}
	_, isNum := t.number()
	switch {
	case slices.Contains(auxiliaries, t.low):
		c.kind = kAux
	case t.low == "and":
		c.kind = kAnd
	case t.low == "or" || t.low == "but":
		c.kind = kOr
	case slices.Contains(possessives, t.low), slices.Contains(pronouns, t.low) && t.low != "one":
		c.kind = kPron
	case slices.Contains(determiners, t.low):
		c.kind = kDet
	case isNum:
		c.kind = kNum
		c.num, _ = t.number()
	case p.lex.stop[t.low]:
		c.kind = kStop
	}
	return c
}

// reads reports whether the tokens from i on are the words.
func (p *parser) reads(i int, ws []string) bool {
	return i+len(ws) <= len(p.toks) && slices.EqualFunc(ws, p.toks[i:i+len(ws)], func(w string, t token) bool { return w == t.low })
}

// lexical finds the longest phrase of the lexicon at token i.
func (p *parser) lexical(i int, c *chunk) {
	end := len(p.toks)
	rels, rl := p.lex.triggers.match(p.toks, i, end)
	types, tl := p.lex.types.match(p.toks, i, end)
	status, sl := p.lex.status.match(p.toks, i, end)
	units, ul := p.lex.units.match(p.toks, i, end)
	now, nl := p.lex.now.match(p.toks, i, end)
	low := p.toks[i].low
	if rl <= i+1 && p.fronted(i) != "" {
		if with, ok := p.lex.triggers.of(low, p.fronted(i)); ok {
			rels, rl = with, i+1 // "to which state does it belong"
		}
	}
	if rl == i+2 && i > 0 && strings.HasSuffix(low, "ing") && !slices.Contains(auxiliaries, p.toks[i-1].low) && !slices.Contains(whWords, p.toks[i-1].low) {
		if one, ok := p.lex.triggers.of(low); ok && slices.ContainsFunc(one, func(r *relation) bool { return r.Kind == nounKind }) {
			rels, rl = one, i+1 // "the ICJ ruling on": a noun with its preposition
		}
	}
	longest := max(rl, tl, sl, ul, nl)
	if longest == i || slices.Contains(auxiliaries, low) && longest == i+1 {
		if v, ok := p.lex.light[low]; ok && !slices.Contains(auxiliaries, low) {
			c.kind, c.light = kLight, v
		}
		return
	}
	c.last = longest
	c.low = strings.ToLower(p.text[p.toks[i].start:p.toks[longest-1].end])
	if nl == longest && now != nil {
		c.kind = kNow
		return
	}
	if rl == longest {
		for _, r := range rels {
			if r.Kind == verbKind {
				c.verbs = append(c.verbs, r)
			} else {
				c.nouns = append(c.nouns, r)
			}
		}
	}
	if tl == longest {
		c.types = types
	}
	if sl == longest && len(status) > 0 {
		c.status = status[0]
	}
	if ul == longest && len(units) > 0 {
		c.unit = units[0]
	}
	if longest == i+1 {
		c.light = p.lex.light[low]
	}
	switch {
	case c.unit != "" && c.types == nil:
		c.kind = kUnit
	case c.types != nil && c.verbs == nil && c.nouns == nil:
		c.kind = kType
	case c.verbs != nil && c.nouns == nil && c.types == nil:
		c.kind = kVerb
	case c.verbs != nil:
		c.kind = kVerb // until the words around it say otherwise
	case c.nouns != nil:
		c.kind = kNoun
	case c.status != "":
		c.kind = kStatus
	}
}

// fronted returns the preposition that stands in front of the question word, "" if
// none does or token i is not behind both.
func (p *parser) fronted(i int) string {
	if i < 3 || !slices.Contains(whWords, p.toks[1].low) {
		return ""
	}
	switch low := p.toks[0].low; low {
	case "to", "from", "for", "with", "on", "over", "of":
		return low
	}
	return ""
}

// disambiguate decides which words that may be verb or noun are nouns, and
// which participles stand before a noun as adjectives do.
func (p *parser) disambiguate() {
	for i := range p.chunks {
		c := &p.chunks[i]
		if c.kind == kType && p.actsOn(i) {
			c.kind = kWord // "does Chile base its claim": a verb
		}
		if c.kind != kVerb {
			continue
		}
		if c.low == "got" && p.afterHave(i) {
			c.kind = kStop // "has got a claim to"
			continue
		}
		prev, next := p.kindAt(i-1), p.kindAt(i+1)
		nominal := p.inNounPhrase(i) || prev == kDet || prev == kPoss || prev == kNum || prev == kHyphen && (c.nouns != nil || c.types != nil) ||
			prev == kPrep && p.chunks[i-1].low != "to" || prev == kPron && slices.Contains(possessives, p.chunks[i-1].low) ||
			prev == kName && p.chunks[i-1].ref.adjective || prev == kLight || prev == kType && i >= 2 && p.kindAt(i-2) != kWh && !p.whType(i-1) ||
			prev == kWord && next != kName && next != kDet && !p.endsVerbPhrase(i-1) || prev == kDate && c.first > 0 ||
			prev == kWh && (next == kAux || p.chunks[i-1].low == "whose") || prev == kName && p.kindAt(i-2) == kHyphen && p.kindAt(i-3) == kName || prev == kName && strings.HasSuffix(c.low, "ing") && c.nouns != nil && (next == kPrep || next == kPunct) && !p.afterBe(i)
		switch {
		case nominal && (p.awaited(i) || p.shared(i)):
		case (c.nouns != nil || c.types != nil) && nominal && !p.inflectedVerb(i):
			if c.nouns != nil {
				c.kind = kNoun
			} else {
				c.kind = kType
			}
		case c.nouns == nil && p.lex.past[p.toks[c.first].low] && (prev == kDet || prev == kNum || prev == kPrep || prev == kPoss || prev == kPron) &&
			(next == kType || next == kNoun):
			c.kind = kWord
		}
	}
}

// actsOn reports whether the noun in chunk i, in its plain form, is the verb of a "do"
// before it: its subject stands in front of it and its object begins behind it.
func (p *parser) actsOn(i int) bool {
	low := p.toks[p.chunks[i].first].low
	if p.lex.lemma(low) != low || p.kindAt(i-1) != kName || p.chunks[i-1].ref.adjective {
		return false
	}
	if k := p.kindAt(i + 1); k != kDet && !(k == kPron && slices.Contains(possessives, p.chunks[i+1].low)) {
		return false
	}
	for k := i - 2; k >= 0; k-- {
		if p.kindAt(k) == kAux {
			return slices.Contains([]string{"do", "does", "did"}, p.chunks[k].low)
		}
		if p.kindAt(k) != kDet && p.kindAt(k) != kName {
			return false
		}
	}
	return false
}

// afterHave reports whether "has" or "have" is the auxiliary before chunk i and what
// is had stands behind it.
func (p *parser) afterHave(i int) bool {
	for k := i - 1; k >= 0; k-- {
		if p.kindAt(k) == kAux {
			return (p.chunks[k].low == "has" || p.chunks[k].low == "have") && p.kindAt(i+1) == kDet
		}
	}
	return false
}

// shared reports whether the word in chunk i, in its plain form, says what two do
// alike, or the first of two things that somebody does: "do Chile and Peru both
// claim …", "who both claims and …".
func (p *parser) shared(i int) bool {
	if p.kindAt(i-1) != kDet || p.chunks[i-1].low != "both" {
		return false
	}
	if p.kindAt(i+1) == kAnd && p.kindAt(i+2) == kVerb {
		return true
	}
	low := p.toks[p.chunks[i].first].low
	return p.lex.lemma(low) == low && (p.kindAt(i-2) == kName || p.kindAt(i-2) == kType)
}

// awaited reports whether the word in chunk i, in its plain form, is the only one
// that can be the verb of a "do" before it: "did the boundary commission award …".
func (p *parser) awaited(i int) bool {
	if low := p.toks[p.chunks[i].first].low; p.lex.lemma(low) != low || p.kindAt(i-1) == kDet || p.kindAt(i-1) == kPoss {
		return false
	}
	for k := i + 1; k < len(p.chunks); k++ {
		switch p.kindAt(k) {
		case kVerb, kLight, kStatus:
			return false
		case kWord:
			if k == i+1 {
				return false
			}
		}
	}
	for k := i - 1; k >= 0; k-- {
		switch p.kindAt(k) {
		case kAux:
			return p.chunks[k].low == "did" || p.chunks[k].low == "does" || p.chunks[k].low == "do"
		case kVerb, kLight, kStatus, kPrep, kWh:
			return false
		}
	}
	return false
}

// afterBe reports whether a form of "to be" stands before chunk i.
func (p *parser) afterBe(i int) bool {
	for k := i - 1; k >= 0; k-- {
		if p.kindAt(k) == kAux {
			return slices.Contains(beForms, p.chunks[k].low)
		}
	}
	return false
}

// inNounPhrase reports whether only modifiers stand between chunk i and an
// article or owner before it: "a dormant claim", "their long-running dispute".
func (p *parser) inNounPhrase(i int) bool {
	for k := i - 1; k >= 0; k-- {
		switch p.kindAt(k) {
		case kWord, kStatus, kNum, kHyphen:
			continue
		case kDet, kPoss:
			return k < i-1
		case kPron:
			return k < i-1 && slices.Contains(possessives, p.chunks[k].low)
		}
		return false
	}
	return false
}

// inflectedVerb reports whether chunk i has a form that only a verb has and
// stands where a verb may: "is claimed", not "the ruling".
func (p *parser) inflectedVerb(i int) bool {
	low := p.toks[p.chunks[i].first].low
	return strings.HasSuffix(low, "ed") && p.chunks[i].first+1 == p.chunks[i].last && p.kindAt(i-1) != kDet
}

// whType reports whether the type word in chunk i is what the question asks
// for: "which countries …".
func (p *parser) whType(i int) bool {
	for k := i - 1; k >= 0; k-- {
		switch p.chunks[k].kind {
		case kWh:
			return true
		case kNum, kDet, kWord, kName, kPoss, kType, kHyphen, kStop:
			continue
		}
		return false
	}
	return false
}

// endsVerbPhrase reports whether the word in chunk i stands right behind an
// auxiliary or name, where a verb or adverb would.
func (p *parser) endsVerbPhrase(i int) bool {
	return strings.HasSuffix(p.chunks[i].low, "ly") || p.kindAt(i-1) == kAux || p.kindAt(i-1) == kName && !p.chunks[i-1].ref.adjective
}

func (p *parser) kindAt(i int) chunkKind {
	if i < 0 || i >= len(p.chunks) {
		return kPunct
	}
	return p.chunks[i].kind
}

// typ returns the first reading of the chunk as a type word, or nil.
func (c *chunk) typ() *typeWord {
	if len(c.types) > 0 {
		return c.types[0]
	}
	return nil
}

// isClass reports whether one of the type words is of the class.
func (c *chunk) isClass(class schema.Class) *typeWord {
	for _, t := range c.types {
		if t.Class.Is(class) {
			return t
		}
	}
	return nil
}
