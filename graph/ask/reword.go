package ask

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// Some parts of a question say in many words what a relation, a name or an exception
// says in one. They are put plainly before the question is read, so that
// everything else has one form of them to understand.

// reword puts the question's roundabout parts plainly.
func (p *parser) reword() {
	for _, plainly := range []func() bool{p.unscoped, p.topical, p.filledIn, p.onlyOne, p.owning, p.repeated, p.pending, p.decided} {
		plainly()
	}
}

// replace puts a text in place of tokens [i, j).
func (p *parser) replace(i, j int, text string) bool {
	start, end := p.toks[i].start, p.toks[j-1].end
	if text == "" && end < len(p.text) && p.text[end] == ' ' {
		end++
	}
	p.text = strings.TrimSpace(p.text[:start] + text + p.text[end:])
	p.toks = tokenize(p.text)
	return true
}

// lowAt returns the token's lower-cased text, "" beyond the question's ends.
func (p *parser) lowAt(i int) string {
	if i < 0 || i >= len(p.toks) {
		return ""
	}
	return p.toks[i].low
}

// unscoped takes away that the documents are meant, which goes without saying: "named
// in these documents".
func (p *parser) unscoped() bool {
	for i := range p.toks {
		if p.toks[i].low != "in" && !(p.toks[i].low == "to" && p.lowAt(i-1) == "according") {
			continue
		}
		k := i + 1
		pointed := slices.Contains([]string{"these", "those", "our", "your"}, p.lowAt(k))
		if pointed || p.lowAt(k) == "the" || p.lowAt(k) == "all" {
			k++
		}
		noun := p.lowAt(k)
		if noun == "" || !slices.Contains(p.lex.words.Sources, p.lex.lemma(noun)) || !pointed && !strings.HasSuffix(noun, "s") {
			continue
		}
		first := i
		if low := p.lowAt(i - 1); low == "according" || slices.Contains(p.lex.words.Mentioned, low) {
			first--
		}
		if first == 0 && p.lowAt(k+1) == "," {
			k++
		}
		return p.replace(first, k+1, "")
	}
	return false
}

// topical puts what the question says first that it is about in place of the pronoun
// that stands for it: "Snake Island: what are its other names?".
func (p *parser) topical() bool {
	first, end := 0, -1
	for _, lead := range [][]string{{"as", "for"}, {"regarding"}, {"concerning"}, {"with", "regard", "to"}} {
		if len(p.toks) > len(lead) && !slices.ContainsFunc(p.toks[:len(lead)], func(t token) bool { return !slices.Contains(lead, t.low) }) {
			first = len(lead)
		}
	}
	for i := first + 1; i+1 < len(p.toks); i++ {
		if low := p.toks[i].low; low == ":" || first > 0 && low == "," {
			end = i
			break
		}
	}
	if end < 0 || !slices.Contains(whWords, p.lowAt(end+1)) && !slices.Contains(auxiliaries, p.lowAt(end+1)) {
		return false
	}
	topic := p.text[p.toks[first].start:p.toks[end-1].end]
	for i := end + 1; i < len(p.toks); i++ {
		switch low := p.toks[i].low; {
		case slices.Contains(possessives, low):
			topic += "'s"
		case low != "it" && low != "they" && low != "them":
			continue
		}
		p.replace(i, i+1, topic)
		return p.replace(0, end+1, "")
	}
	return false
}

// filledIn asks for what a statement leaves open at its end: "The capital of Chile
// is …?".
func (p *parser) filledIn() bool {
	n := len(p.toks)
	for n > 0 && (!p.toks[n-1].isWord() || strings.Trim(p.toks[n-1].text, "_") == "") {
		n--
	}
	if n < 4 || !slices.Contains(beForms, p.lowAt(n-1)) || slices.Contains(auxiliaries, p.lowAt(0)) ||
		slices.ContainsFunc(p.toks, func(t token) bool { return slices.Contains(whWords, t.low) }) {
		return false
	}
	be := p.toks[n-1].text
	p.text = "which " + be + " " + strings.TrimSpace(p.text[:p.toks[n-1].start])
	p.toks = tokenize(p.text)
	return true
}

// onlyOne asks who does something where the question asks for the only one to do it.
func (p *parser) onlyOne() bool {
	for i := range p.toks {
		if low := p.toks[i].low; low != "only" && low != "sole" || i > 4 || i+1 >= len(p.toks) {
			continue
		}
		_, end := p.lex.types.match(p.toks, i+1, len(p.toks))
		if end == i+1 || p.lowAt(end) != "to" || end+1 >= len(p.toks) {
			return false
		}
		noun := p.text[p.toks[i+1].start:p.toks[end-1].end]
		return p.replace(0, end+1, "which "+noun)
	}
	return false
}

// owning makes a claim of what somebody says of something that is theirs: "who says
// the islands are its own".
func (p *parser) owning() bool {
	n := len(p.toks)
	for i := range p.toks {
		verb := p.toks[i].low
		if l := p.lex.lemma(verb); !p.lex.saying[verb] && !slices.Contains(p.lex.words.Considering, l) {
			continue
		}
		for k := i + 2; k < n; k++ {
			_, end := p.lex.own.match(p.toks, k, n)
			be := p.lowAt(k - 1)
			joined := be == "as" || slices.Contains(beForms, be)
			if end == k || !joined && p.lex.saying[verb] {
				continue
			}
			from := k // "consider Sabah its own"
			if joined {
				from--
			}
			if low := p.lowAt(from - 1); low == "as" || low == "to" {
				from--
			}
			if p.lowAt(i+1) == "that" {
				i++
			}
			if from <= i+1 {
				continue
			}
			form := "claim"
			switch {
			case strings.HasSuffix(verb, "ing"):
				form = "claiming"
			case p.lex.past[verb]:
				form = "claimed"
			case strings.HasSuffix(verb, "s"):
				form = "claims"
			}
			first := i
			if p.lowAt(i) == "that" {
				first--
			}
			rest := p.text[p.toks[i+1].start:p.toks[from-1].end]
			return p.replace(first, end, form+" "+rest)
		}
	}
	return false
}

// repeated takes away a verb that only says another time what one before it does:
// "claims, or has it claimed".
func (p *parser) repeated() bool {
	for i := 2; i+2 < len(p.toks); i++ {
		if p.toks[i].low != "or" && p.toks[i].low != "and" || !slices.Contains(auxiliaries, p.lowAt(i+1)) {
			continue
		}
		k := i + 2
		for k < len(p.toks) && (slices.Contains(pronouns, p.toks[k].low) || p.lex.stop[p.toks[k].low]) {
			k++
		}
		if k >= len(p.toks) || !p.toks[k].isWord() {
			continue
		}
		lemma := p.lex.lemma(p.toks[k].low)
		if !slices.ContainsFunc(p.toks[:i], func(t token) bool { return p.lex.lemma(t.low) == lemma }) {
			continue
		}
		if p.lowAt(i-1) == "," {
			i--
		}
		return p.replace(i, k+1, "")
	}
	return false
}

// pending makes a denial of what is still waited for: "waiting for one side to ratify
// it", "awaiting ratification", "unratified".
func (p *parser) pending() bool {
	for i := range p.toks {
		low := p.toks[i].low
		if rest, ok := strings.CutPrefix(low, "un"); ok && p.lex.past[rest] && len(p.lex.triggers[rest]) > 0 && i > 0 {
			not := "not "
			if slices.Contains(beForms, p.lowAt(i-1)) || p.lowAt(i-1) == "remain" || p.lowAt(i-1) == "remains" {
				i--
				not = "have not been "
			} else if _, end := p.lex.types.match(p.toks, i+1, len(p.toks)); end > i+1 {
				noun := p.text[p.toks[i+1].start:p.toks[end-1].end]
				return p.replace(i, end, noun+" not "+rest)
			}
			k := slices.IndexFunc(p.toks[i:], func(t token) bool { return t.low == low }) + i
			return p.replace(i, k+1, not+rest)
		}
		first := i
		for first > 0 && (p.lowAt(first-1) == "still" || slices.Contains(beForms, p.lowAt(first-1))) {
			first--
		}
		switch p.lex.lemma(low) {
		case "await":
			if i+1 >= len(p.toks) {
				return false
			}
			noun, ok := p.lex.triggers.of(p.lowAt(i + 1))
			if !ok || noun[0].Kind != nounKind {
				continue
			}
			if done := p.participleOf(noun[0]); done != "" {
				return p.replace(first, i+2, "have not been "+done)
			}
		case "wait":
			if p.lowAt(i+1) != "for" {
				continue
			}
			k := i + 2
			for k < len(p.toks) && p.toks[k].low != "to" {
				k++
			}
			if k+1 >= len(p.toks) || k == i+2 {
				continue
			}
			verbs, ok := p.lex.triggers.of(p.lowAt(k + 1))
			if !ok {
				continue
			}
			end := k + 2
			if low := p.lowAt(end); low == "them" || low == "it" {
				end++
			}
			by := " by " + p.text[p.toks[i+2].start:p.toks[k-1].end]
			if _, known := p.lex.lemmas[p.toks[k-1].low]; known && !p.toks[k-1].capital() {
				by = "" // "one side" says not who
			}
			return p.replace(first, end, "have not been "+p.participle(verbs[0].Words, p.lowAt(k+1))+by)
		}
	}
	return false
}

// participleOf returns the participle of the verb that says what a noun does:
// "ratification", ratified; "" where there is none.
func (p *parser) participleOf(noun *relation) string {
	for _, r := range p.lex.relations {
		if r.Kind == verbKind && r.Predicate == noun.Predicate && r.With["act"] == noun.With["act"] {
			return p.participle(r.Words, r.Words[0])
		}
	}
	return ""
}

// participle returns the past participle of a verb among words, or the verb itself.
func (p *parser) participle(words []string, verb string) string {
	for _, form := range p.lex.verbForms(verb) {
		if p.lex.past[form] && strings.HasPrefix(form, verb[:1]) && slices.Contains(words, verb) {
			return form
		}
	}
	return verb
}

// decided makes a ruling of "what the court decided", where it is what is asked
// about rather than for.
func (p *parser) decided() bool {
	for i := 1; i+2 < len(p.toks); i++ {
		if p.toks[i].low != "what" || slices.Contains(auxiliaries, p.lowAt(i+1)) {
			continue
		}
		for k := i + 2; k < min(len(p.toks), i+8); k++ {
			kinds, end := p.lex.clauses.match(p.toks, k, len(p.toks))
			if !slices.Contains(kinds, clauseRules) {
				continue
			}
			who := p.text[p.toks[i+1].start:p.toks[k-1].end]
			bare, _ := cutFold(who, "the ")
			court := len(p.lex.types[strings.ToLower(bare)]) > 0
			for _, e := range p.gaz.Lookup(bare) {
				court = court || e.Class == schema.Court
			}
			if !court {
				return false
			}
			return p.replace(i, end, "the ruling of "+who)
		}
	}
	return false
}
