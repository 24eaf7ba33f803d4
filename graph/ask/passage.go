package ask

import (
	"cmp"
	"io/fs"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/extract/frame"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/nlp"
	"github.com/demarcgraph/demarc/schema"
)

// The second way to an answer: where the facts hold none, the documents' own
// sentences are compared with the question. It is made to withhold: a sentence
// counts only if it has the question's verb, or one that means the same, names
// whom the question names, and has most of its other words.

// Bounds on how much is read for one question.
const (
	maxDocuments = 64
	maxPassages  = 8
	maxFactsRead = 150 // per name, to find documents and instruments
	smallGraph   = 200 // documents; that many are read where no name leads to any
	maxPassage   = 1500
)

// passage is a sentence of a document that may answer.
type passage struct {
	doc        *schema.Document
	start, end int
	score      float64
	named      int // how many of the question's names it has
}

func (p *passage) text() string { return p.doc.Text[p.start:p.end] }

// reading is what the second layer makes of a question.
type reading struct {
	verbs    []*verb  // in the question's order
	role     string   // which role of the verb is asked for
	content  []string // lemmas of its other words
	names    []Name
	class    schema.Class // of what is asked for
	kind     string
	family   string
	speaker  bool // who says it is asked for
	unit     string
	time     schema.Role // of a date: since or until when
	when     []timex.Expr
	agent    []Name // who the question says does it
	denied   bool   // it asks for what is not so
	supposes bool   // it asks for what only might be
	many     bool   // several verbs, each with an answer of its own
}

// verb is a verb of the question and what may stand for it.
type verb struct {
	chunk int
	forms [][]string // lemmas of the words of each alternative

	nouns   []string // lemmas of nouns that name what the verb says
	objects []string // their roles that hold what the verb's object is
}

// search looks for the answer in the documents' sentences.
func (x *runner) search(ans *Answer, p *parser, parse func() (*nlp.Pipeline, error)) error {
	if k := p.calling(); k != nil {
		if err := x.called(ans, k, parse); err != nil || len(ans.Answers) > 0 {
			ans.Kind = p.kind()
			return err
		}
	}
	if p.keywords && p.form != asksDate {
		return nil
	}
	q := x.readQuestion(p)
	if q == nil {
		return nil
	}
	passages, err := x.passages(p, q)
	if err != nil || len(passages) == 0 {
		return err
	}
	pipeline, err := parse()
	if err != nil {
		return err
	}
	for _, ps := range passages {
		items, err := x.extract(p, q, ps, pipeline)
		if err != nil {
			return err
		}
		for _, it := range items {
			if q.class.Is(schema.Place) && (x.unnamed(it.Name) || !x.sorted(p, it)) {
				continue // "three islands" says not which
			}
			if !slices.ContainsFunc(ans.Answers, func(o Item) bool { return strings.EqualFold(bare(schema.Fold(o.Name)), bare(schema.Fold(it.Name))) }) {
				ans.Answers = append(ans.Answers, it)
			}
		}
		if len(items) > 0 && !q.many { // "abandoning, ending or pulling out of": several may tell
			break
		}
	}
	if best := passages[0]; q.role == "cause" && len(ans.Answers) == 0 && best.named == len(q.names) && !x.elsewhere(q, best, pipeline) {
		ans.Answers = append(ans.Answers, x.occasion(q, best)...)
	}
	if len(ans.Answers) > 0 {
		ans.Kind = p.kind()
		if len(ans.Answers) > 1 && ans.Kind == One {
			ans.Kind = List
		}
		ans.Plan = q.String()
		ans.SPARQL = ""
		x.say(ans)
	}
	return nil
}

// unnamed reports whether a phrase says how many places of some sort, but not which.
func (x *runner) unnamed(phrase string) bool {
	if x.generic(schema.Fold(phrase)) {
		return true
	}
	_, ok := numbered(phrase)
	return ok && strings.IndexFunc(phrase, unicode.IsUpper) < 0
}

// sorted reports whether a place found in a sentence is of the sort that the
// question asks for, where it asks for a particular one: "which towns".
func (x *runner) sorted(p *parser, it Item) bool {
	noun := p.particular()
	if noun == "" {
		return true
	}
	a := answer{value: schema.Entity{ID: it.Entity, Name: it.Name, Aliases: it.Aliases}}
	a.hits = []hit{{fact: schema.Fact{Evidence: it.Evidence}}}
	return x.ofSort(noun, a)
}

// String describes the search.
func (q *reading) String() string {
	var vs []string
	for _, v := range q.verbs {
		vs = append(vs, strings.Join(v.forms[0], " "))
	}
	var ns []string
	for _, n := range q.names {
		ns = append(ns, n.label())
	}
	s := "sentences with " + strings.Join(vs, " / ")
	if len(ns) > 0 {
		s += " naming " + strings.Join(ns, ", ")
	}
	return s + ": " + q.role
}

// readQuestion finds the question's verb, what is asked for and what must be
// there; nil where there is no verb to go by.
func (x *runner) readQuestion(p *parser) *reading {
	q := &reading{role: frame.Patient}
	switch p.form {
	case asksDate:
		q.role, q.time = "date", p.time
	case asksCause:
		q.role = "cause"
	case asksNumber:
		q.role = "quantity"
		if q.unit = p.counted(); q.unit == "" {
			return nil
		}
	case asksPlace:
		q.role = "place"
	case asksCondition:
		q.role = "condition"
	case asksSource:
		q.role, q.class = "source", schema.Agent
	case asksYesNo:
		q.role = "polarity"
	case asksThing:
	default:
		return nil
	}
	x.findVerbs(p, q)
	if len(q.verbs) == 0 && p.form == asksNumber && p.isCopular() {
		v := &verb{chunk: len(p.chunks)} // "how many … are there"
		for _, unit := range unitWords(q.unit) {
			v.forms = append(v.forms, []string{p.lex.lemma(unit)})
		}
		q.verbs = []*verb{v}
	}
	if p.form == asksDate && p.keywords {
		for i := range p.chunks {
			if deed := p.lex.words.Deeds[p.chunks[i].low]; p.kindAt(i) == kWord && deed != "" { // "entry date"
				v := &verb{chunk: i}
				for _, form := range append([]string{deed}, p.lex.synonyms[deed]...) {
					v.forms = append(v.forms, strings.Fields(form))
				}
				q.verbs = []*verb{v}
			}
		}
	}
	if len(q.verbs) == 0 && p.form == asksDate && (p.keywords || p.time == schema.RoleSince) {
		q.verbs = []*verb{{chunk: len(p.chunks), forms: [][]string{{"become"}}}} // "Sabah province since?"
	}
	if len(q.verbs) == 0 || p.form == asksYesNo && len(p.refs) < 2 && !p.anyone() {
		return nil // too little to go by
	}
	if p.form == asksThing {
		if !x.askedRole(p, q) {
			return nil
		}
	}
	passive := p.clauses[0].passive || p.isPassiveWord(q.verbs[0].chunk)
	for i := p.asked + 1; i < q.verbs[0].chunk; i++ {
		if p.kindAt(i) == kNeg {
			q.denied = true
		}
		if p.form == asksYesNo && p.kindAt(i) == kName || (p.form == asksDate || p.form == asksCause) && p.kindAt(i) == kName && !p.chunks[i].ref.adjective && !passive {
			q.agent = append(q.agent, p.chunks[i].ref.name())
		}
	}
	q.supposes = slices.ContainsFunc(p.toks, func(t token) bool { return slices.Contains(suppositions, t.low) })
	isVerb := func(i int) bool {
		return slices.ContainsFunc(q.verbs, func(v *verb) bool { return v.chunk == i })
	}
	for i := range p.chunks {
		c := &p.chunks[i]
		switch {
		case isVerb(i), p.form == asksCondition && p.hidden[i], p.wanted != nil && i >= p.wanted.first && i < p.wanted.first+2 && (c.kind == kType || c.kind == kUnit || c.kind == kWh):
		case c.kind == kName:
			q.names = append(q.names, c.ref.name())
		case c.kind == kDate:
			q.when = append(q.when, c.date)
		case c.kind == kWord || c.kind == kVerb || c.kind == kNoun || c.kind == kType || c.kind == kStatus || c.kind == kLight || c.kind == kOffice || c.kind == kUnit:
			for _, w := range p.content(*c) {
				if l := p.lex.lemma(w); !slices.Contains(q.content, l) && p.form != asksNumber || c.kind != kUnit && !slices.Contains(q.content, l) {
					q.content = append(q.content, l)
				}
			}
		}
	}
	if w := p.wanted; w != nil && (len(w.refs) > 0 || len(w.mods) > 0) && p.form == asksThing {
		drop := p.within(w)
		q.names = slices.DeleteFunc(q.names, func(n Name) bool {
			return slices.ContainsFunc(drop, func(d Name) bool { return d.Text == n.Text })
		})
	}
	return q
}

// isPassiveWord reports whether the verb in a chunk, which the lexicon may not know,
// follows a form of "to be" as a participle: "were the islands separated".
func (p *parser) isPassiveWord(verb int) bool {
	if verb >= len(p.chunks) {
		return false
	}
	low := p.toks[p.chunks[verb].first].low
	return (strings.HasSuffix(low, "ed") || p.lex.past[low]) && p.afterBe(verb)
}

// counted returns the noun of which "how many" asks the number.
func (p *parser) counted() string {
	w := p.wanted
	switch {
	case w == nil:
		return ""
	case w.unit != "":
		return w.unit
	case w.head != nil && len(w.relations()) == 0:
		return p.lex.lemma(w.head.low)
	case w.head == nil && len(w.words) > 0:
		for _, word := range w.words { // the verb may have been taken for another noun
			if l := p.lex.lemma(word); l != word && strings.HasSuffix(word, "s") {
				return l
			}
		}
		return p.lex.lemma(w.words[len(w.words)-1])
	case w.head == nil && len(w.refs) > 0 && len(w.words) == 0 && w.last < len(p.chunks) && p.kindAt(w.last) == kWord:
		return p.lex.lemma(p.chunks[w.last].low) // "how many Vietnamese sailors"
	case w.head == nil && len(w.refs) > 0:
		if r := w.refs[len(w.refs)-1]; !r.adjective {
			ws := strings.Fields(r.text)
			return p.lex.lemma(strings.ToLower(ws[len(ws)-1]))
		}
	}
	return ""
}

// anyone reports whether the question is whether anybody at all does something:
// "has any country recognized …".
func (p *parser) anyone() bool {
	return slices.ContainsFunc(p.clauses[0].roles["agent"], func(n *node) bool { return n.indefinite })
}

// findVerbs collects the question's verbs.
func (x *runner) findVerbs(p *parser, q *reading) {
	wanted := func(i int) bool {
		return p.wanted != nil && i >= p.wanted.first && i < p.wanted.last && p.wanted.last-p.wanted.first < len(p.chunks)-2
	}
	seenVerb := false
	main := false // some verb stands outside of relative clauses
	for i := range p.chunks {
		main = main || p.kindAt(i) == kVerb && !p.hidden[i]
	}
	for i := range p.chunks {
		c := &p.chunks[i]
		if main && p.hidden[i] && p.form == asksThing {
			continue
		}
		if i <= p.asked && p.asked < p.contentEnd()-1 || p.form == asksCondition && p.hidden[i] || wanted(i) && c.kind != kVerb {
			continue
		}
		is := false
		switch c.kind {
		case kVerb, kStatus:
			is = p.kindAt(i-1) != kDet && !(p.kindAt(i-1) == kPrep && p.chunks[i-1].low != "to")
			if strings.HasSuffix(p.toks[c.first].low, "ing") && seenVerb && p.kindAt(i-1) != kAux && p.kindAt(i-1) != kComma && p.kindAt(i-1) != kOr && p.kindAt(i-1) != kAnd {
				is = false
			}
		case kLight:
			// "did the Kalapani issue resurface": the verb comes behind it
			is = !(slices.Contains(alsoNouns, c.light) && p.kindAt(i-1) == kName && p.afterAux(i) && p.kindAt(i+1) == kWord && !strings.HasSuffix(p.chunks[i+1].low, "ly") && i+2 >= p.contentEnd())
		case kWord:
			prev := p.kindAt(i - 1)
			low := p.toks[c.first].low
			_, idiom := p.lex.idioms.match(p.toks, c.first, len(p.toks))
			is = idiom > c.first || seenVerb && prev == kPrep && p.chunks[i-1].low == "to" || !seenVerb && !strings.HasSuffix(low, "ly") &&
				(prev == kName || prev == kWh || prev == kAux || prev == kPron && i >= 2 || prev == kNeg || prev == kUnit || prev == kType && (p.afterAux(i) || p.whType(i-1)) || prev == kNoun && p.afterAux(i) || prev == kOffice && p.afterAux(i) || prev == kWord && p.afterAux(i) || prev == kStop && p.afterAux(i)) &&
				p.kindAt(i+1) != kNoun && !(prev == kAux && p.kindAt(i+1) == kType) || !seenVerb && prev == kLight && i+1 >= p.contentEnd() && p.afterAux(i-1) && !(prev == kWh && p.chunks[i-1].low != "who" && p.chunks[i-1].low != "what")
		}
		if !is {
			continue
		}
		if seenVerb && !(len(q.verbs) == 1 && p.lex.saying[p.toks[p.chunks[q.verbs[0].chunk].first].low]) {
			switch {
			case p.joined(q.verbs[len(q.verbs)-1].chunk, i):
				q.many = true
			case p.kindAt(i-1) == kPrep && p.chunks[i-1].low == "to":
			default:
				continue
			}
		}
		seenVerb = true
		v := &verb{chunk: i, forms: x.alternatives(p, c)}
		x.nouns(p, c, v)
		if n := p.clauses[0].noun; c.kind == kLight && n != nil && n.head != nil {
			v.nouns = append(v.nouns, p.lex.lemma(p.toks[n.head.last-1].low)) // "give an opinion"
		}
		q.verbs = append(q.verbs, v)
	}
	if len(q.verbs) > 1 && p.lex.saying[p.toks[p.chunks[q.verbs[0].chunk].first].low] {
		first := q.verbs[0]
		if p.form == asksThing && (p.asked == first.chunk-1 || p.wanted != nil && p.wanted.last == first.chunk) {
			q.speaker = true
			q.verbs = q.verbs[:1]
			return
		}
		q.verbs = q.verbs[1:] // what is said is asked about
	} else if len(q.verbs) == 1 && p.lex.saying[p.toks[p.chunks[q.verbs[0].chunk].first].low] && p.form == asksThing && p.asked == q.verbs[0].chunk-1 && (p.kindAt(q.verbs[0].chunk) != kVerb || p.clauseAhead(q.verbs[0].chunk+1)) {
		q.speaker = true
	}
}

// clauseAhead reports whether a verb or auxiliary stands at chunk i or behind it: what
// is claimed is a clause then, no territory.
func (p *parser) clauseAhead(i int) bool {
	for ; i < len(p.chunks); i++ {
		if k := p.kindAt(i); k == kAux || k == kVerb {
			return true
		}
	}
	return false
}

// joined reports whether two verbs are coordinated.
func (p *parser) joined(a, b int) bool {
	for i := a + 1; i < b; i++ {
		switch p.kindAt(i) {
		case kComma, kAnd, kOr, kAux:
		default:
			return false
		}
	}
	return b > a+1
}

func (p *parser) afterAux(i int) bool {
	for k := i - 1; k > p.asked; k-- {
		switch p.kindAt(k) {
		case kAux:
			return true
		case kVerb, kLight, kStatus, kPrep:
			return false
		}
	}
	return false
}

// alternatives returns the verbs that may stand for the one in a chunk, itself
// first, each as lemmas.
func (x *runner) alternatives(p *parser, c *chunk) [][]string {
	var own []string
	for k := c.first; k < c.last; k++ {
		if p.toks[k].isWord() {
			own = append(own, p.toks[k].low)
		}
	}
	own[0] = p.lex.lemma(own[0])
	// a particle right behind belongs to it: "put off"
	if c.last-c.first == 1 && c.last < len(p.toks) && slices.Contains(particles, p.toks[c.last].low) {
		own = append(own, p.toks[c.last].low)
	}
	out := [][]string{own}
	add := func(s string) {
		ws := strings.Fields(s)
		ws[0] = p.lex.lemma(ws[0])
		if !slices.ContainsFunc(out, func(o []string) bool { return slices.Equal(o, ws) }) {
			out = append(out, ws)
		}
	}
	if last := own[len(own)-1]; len(own) == 2 && slices.Contains([]string{"on", "of", "to", "for", "with", "from", "in"}, last) {
		add(own[0])
	}
	for _, s := range p.lex.synonyms[strings.Join(own, " ")] {
		add(s)
	}
	return out
}

// nouns adds the nouns that name what the verb says: "seized" and "the seizure
// of".
func (x *runner) nouns(p *parser, c *chunk, v *verb) {
	if len(c.verbs) == 0 {
		return
	}
	verb := c.verbs[0]
	switch verb.Predicate {
	case schema.Covers, schema.PartOf, schema.AlsoKnownAs, schema.HoldsOffice, schema.MetWith:
		return
	}
	for _, r := range p.lex.relations {
		if r.Predicate != verb.Predicate || r.Kind != nounKind {
			continue
		}
		for _, w := range r.Words {
			if !strings.Contains(w, " ") {
				v.nouns = append(v.nouns, p.lex.lemma(w))
			}
		}
		for _, role := range slices.Sorted(maps.Keys(r.Roles)) {
			if r.Roles[role] == verb.Roles[frame.Patient] && role != frame.Patient && role != frame.Agent {
				v.objects = append(v.objects, role)
			}
		}
	}
}

// alsoNouns are the light verbs that are as often nouns.
var alsoNouns = []string{"issue", "launch", "exercise", "stage", "claim"}

var particles = []string{"off", "up", "out", "back", "over", "down", "away"}

// askedRole decides which role of the verb is asked for, and of what class.
func (x *runner) askedRole(p *parser, q *reading) bool {
	w := p.wanted
	if w == nil {
		return false
	}
	t, _ := p.variable(w, "")
	q.class, q.kind, q.family = t.Class, t.Kind, t.Family
	v := q.verbs[0].chunk
	if q.speaker {
		q.role, q.class = frame.Agent, schema.Agent
		return true
	}
	be, do := false, false
	var between *node
	for i := w.last; i < v; i++ {
		switch p.kindAt(i) {
		case kAux:
			if slices.Contains(beForms, p.chunks[i].low) {
				be = true
			} else {
				do = true
			}
		case kName:
			if between == nil {
				between = &node{}
			}
			between.refs = append(between.refs, p.chunks[i].ref)
		case kType, kNoun, kOffice, kPron:
			if between == nil {
				between = &node{}
			}
		}
	}
	passive := be && (p.lex.past[p.toks[p.chunks[v].first].low] || strings.HasSuffix(p.toks[p.chunks[v].first].low, "ed"))
	fronted := ""
	if w.first > 0 && p.kindAt(w.first-1) == kPrep {
		fronted = p.chunks[w.first-1].low
	}
	last := p.contentEnd() - 1
	stranded := ""
	if last > v && p.kindAt(last) == kPrep {
		stranded = p.chunks[last].low
	}
	switch {
	case fronted == "in" && (slices.Contains(w.words, "favour") || slices.Contains(w.words, "favor")):
		q.role = "in favour of"
	case fronted != "":
		q.role = fronted
	case stranded != "" && between != nil && !slices.Contains(strings.Fields(p.low(v, v+1)), stranded):
		q.role = stranded
	case between == nil && passive:
		q.role = frame.Patient
	case between == nil:
		q.role = frame.Agent
	case do || be:
		q.role = frame.Patient
		if passive {
			q.role = "by"
		}
	}
	if between != nil && len(between.refs) > 0 && !passive {
		q.agent = p.within(between)
	}
	return true
}

// candidates yields the documents that may answer, as [runner.documents] names them. An
// error ends it.
func (x *runner) candidates(q *reading) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		ids, err := x.documents(q)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, id := range ids {
			doc, err := x.reader.Document(x.ctx, id)
			if !yield(doc, err) || err != nil {
				return
			}
			if err := x.ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// passages returns the sentences that come nearest to the question, best first.
func (x *runner) passages(p *parser, q *reading) ([]*passage, error) {
	var found []*passage
	for doc, err := range x.candidates(q) {
		if err != nil {
			return nil, err
		}
		var whole string // folded, made when needed
		for ps := range sentences(doc) {
			if x.rate(q, ps, &whole) {
				found = append(found, ps)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *passage) int { return cmp.Compare(b.score, a.score) })
	return distinct(found), nil
}

// distinct keeps the first sentences that are not nearly the same as one
// before: editions of a work repeat each other.
func distinct(found []*passage) []*passage {
	var kept []*passage
	var sets []map[string]bool
	for _, ps := range found {
		set := map[string]bool{}
		for _, w := range strings.Fields(schema.Fold(ps.text())) {
			set[w] = true
		}
		if slices.ContainsFunc(sets, func(o map[string]bool) bool {
			same := 0
			for w := range set {
				if o[w] {
					same++
				}
			}
			return same*10 >= 7*(len(set)+len(o)-same)
		}) {
			continue
		}
		kept, sets = append(kept, ps), append(sets, set)
		if len(kept) == maxPassages {
			break
		}
	}
	return kept
}

// documents returns the documents that the question's names lead to, those
// first where several meet and whose known passages have most of its words. Of
// a small graph it returns all.
func (x *runner) documents(q *reading) ([]string, error) {
	counts, words := map[string]int{}, map[string]int{}
	for _, n := range q.names {
		seen := map[string]bool{}
		for _, e := range n.Entities {
			k := 0
			for f, err := range x.reader.Facts(x.ctx, schema.Filter{About: e.ID, Docs: x.opts.Docs}) {
				if err != nil {
					return nil, err
				}
				for _, ev := range f.Evidence {
					words[ev.Doc] = max(words[ev.Doc], x.overlap(q.content, foldText(ev.Text)))
					if !seen[ev.Doc] {
						seen[ev.Doc] = true
						counts[ev.Doc]++
					}
				}
				if k++; k > maxFactsRead {
					break
				}
			}
		}
	}
	ids := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(words[b], words[a]))
	})
	if counter, ok := x.reader.(Counter); ok {
		n, err := counter.CountDocuments(x.ctx)
		if err != nil {
			return nil, err
		}
		if n > smallGraph {
			return ids[:min(len(ids), maxDocuments)], nil
		}
	}
	n := 0
	var rest []string
	for info, err := range x.reader.Documents(x.ctx) {
		if err != nil {
			return nil, err
		}
		if n++; n > smallGraph {
			return ids[:min(len(ids), maxDocuments)], nil
		}
		if info.DuplicateOf != "" {
			continue // another has its sentences
		}
		if counts[info.ID] == 0 && (len(x.opts.Docs) == 0 || slices.Contains(x.opts.Docs, info.ID)) {
			rest = append(rest, info.ID)
		}
	}
	return append(ids, rest...), nil
}

var sentenceEnd = regexp.MustCompile(`[.!?;]["”’)\]]*(?:\s|$)|\n\s*\n|\n`)

// abbreviated matches a text that ends in an abbreviation or an initial.
var abbreviated = regexp.MustCompile(`(?:^|[\s(])(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Prof|St|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|U\.S|U\.K|U\.N|sq|e\.g|i\.e)\.$`)

// sentences yields a document's sentences; a semicolon ends one too, since notes
// string their statements together by it.
func sentences(doc *schema.Document) iter.Seq[*passage] {
	return func(yield func(*passage) bool) {
		begin := doc.Body
		emit := func(start, end int) bool {
			for start < end && strings.ContainsRune(" \t\r\n", rune(doc.Text[start])) {
				start++
			}
			for end > start && strings.ContainsRune(" \t\r\n", rune(doc.Text[end-1])) {
				end--
			}
			return end-start < 4 || yield(&passage{doc: doc, start: start, end: end})
		}
		for _, m := range sentenceEnd.FindAllStringIndex(doc.Text[begin:], -1) {
			at, end := doc.Body+m[0], doc.Body+m[1]
			if at < begin {
				continue
			}
			if doc.Text[at] == '.' && abbreviated.MatchString(doc.Text[max(begin, at-12):at+1]) {
				continue
			}
			if doc.Text[at] == ';' {
				if !emit(begin, at) {
					return
				}
			} else if !emit(begin, end) {
				return
			}
			begin = end
		}
		emit(begin, len(doc.Text))
	}
}

// rate scores a sentence against the question and reports whether it may
// answer. whole is the document folded, shared by its sentences.
func (x *runner) rate(q *reading, ps *passage, whole *string) bool {
	text := ps.text()
	if len(text) > maxPassage {
		return false
	}
	folded := " " + foldText(text) + " "
	words := strings.Fields(folded)
	lemmas := make(map[string]bool, len(words))
	for _, w := range words {
		lemmas[x.lex.lemma(w)] = true
	}
	if !slices.ContainsFunc(q.verbs, func(v *verb) bool { return v.in(lemmas) }) {
		return false
	}
	missing, meant := 0, 0
	for _, n := range q.names {
		if x.textNames(folded, n) || len(n.Entities) > 0 && n.Entities[0].Class == schema.Instrument && x.paraphrased(n.Text, lemmas) {
			ps.named++
			continue
		}
		if *whole == "" {
			*whole = " " + foldText(ps.doc.Title+" "+ps.doc.Country+" "+ps.doc.Text) + " "
		}
		if len(n.Entities) == 0 || !x.textNames(*whole, n) {
			return false
		}
		if n.Entities[0].Class.Is(schema.State) && both().MatchString(folded) {
			ps.named++ // "the two countries" are they
			meant++
			continue
		}
		if q.role == "date" && (!x.near(ps, n) && !x.generally(folded, n) || !q.verbs[0].exact(lemmas) && !x.detailed(q, lemmas) && !(x.near(ps, n) && x.complete(q, lemmas))) {
			return false // when something else happened to somebody else
		}
		missing++
	}
	if ps.named == 0 && missing > 0 && (q.role == "date" || q.role == "polarity") && x.ofOthers(q, ps) {
		return false
	}
	have := 0
	for _, l := range q.content {
		if lemmas[l] || x.derived(l, lemmas) || ps.named > 0 && x.akin(l, lemmas) {
			have++
		}
	}
	if missing > 0 && (ps.named == 0 || missing > 1) && !(len(q.names) == 1 && x.near(ps, q.names[0])) && (len(q.content) == 0 || have < len(q.content) || !q.verbs[0].exact(lemmas)) {
		return false
	}
	if have*2 < len(q.content) || len(q.names) == 0 && (have == 0 || have*3 < len(q.content)*2) {
		return false
	}
	ps.score = float64(ps.named) + float64(have)/float64(max(1, len(q.content))) - 0.5*float64(missing+meant)
	if q.verbs[0].exact(lemmas) {
		ps.score += 0.5
	}
	if q.role != "date" && slices.ContainsFunc(q.when, func(w timex.Expr) bool { return !x.ofYear(ps, w, yearsIn(folded)) }) {
		return false // it speaks of other years
	}
	for _, w := range q.when {
		if strings.Contains(folded, " "+w.Date.String()[:min(4, len(w.Date.String()))]+" ") {
			ps.score += 0.5
		}
	}
	return true
}

// generally reports whether a folded text, padded with spaces, speaks of a place by
// the sort of place that its name says it is: "the islands".
func (x *runner) generally(folded string, n Name) bool {
	ws := strings.Fields(schema.Fold(n.Text))
	sort := ws[len(ws)-1]
	return len(ws) > 1 && slices.ContainsFunc(x.lex.types[sort], func(ph phrase[*typeWord]) bool { return len(ph.words) == 1 && ph.values[0].Class == schema.Territory }) &&
		strings.Contains(folded, " the "+sort+" ")
}

// ofOthers reports whether a sentence names a state that the question does not name
// and its document is not about.
func (x *runner) ofOthers(q *reading, ps *passage) bool {
	named := map[string]bool{}
	for _, n := range q.names {
		for _, e := range n.Entities {
			named[e.ID] = true
		}
	}
	for _, e := range x.gaz.Lookup(ps.doc.Country) {
		named[e.ID] = true
	}
	for _, t := range tokenize(ps.text()) {
		if !t.capital() {
			continue
		}
		for _, e := range x.gaz.Lookup(t.text) {
			if e.Class == schema.State && !named[e.ID] {
				return true
			}
		}
	}
	return false
}

// detailed reports whether a sentence has the noun that the question's verb carries,
// and all other words of the question.
func (x *runner) detailed(q *reading, lemmas map[string]bool) bool {
	return len(q.content) > 1 && slices.ContainsFunc(q.verbs[0].nouns, func(n string) bool { return lemmas[n] }) &&
		!slices.ContainsFunc(q.content, func(l string) bool { return !lemmas[l] && !x.derived(l, lemmas) })
}

// complete reports whether a sentence has all the question's words besides its names and
// verb, of which there are some.
func (x *runner) complete(q *reading, lemmas map[string]bool) bool {
	return len(q.content) > 0 && !slices.ContainsFunc(q.content, func(l string) bool { return !lemmas[l] && !x.derived(l, lemmas) && !x.akin(l, lemmas) })
}

// ofYear reports whether a sentence, with the years that it gives, may speak of the
// time asked for: where it gives none, the sentence before it or its document does.
func (x *runner) ofYear(ps *passage, w timex.Expr, years []int) bool {
	if w.Relation != timex.On || w.Date.Precision < schema.PrecisionYear {
		return true
	}
	if len(years) == 0 {
		years = yearsIn(ps.doc.Text[max(ps.doc.Body, ps.start-300):ps.start])
		years = append(years, ps.doc.Date.Year)
	}
	return slices.Contains(years, w.Date.Year)
}

// paraphrased reports whether all content words of an instrument's name are
// there in some form: "the ICJ ruling" where the ICJ ruled.
func (x *runner) paraphrased(name string, lemmas map[string]bool) bool {
	for _, w := range strings.Fields(schema.Fold(name)) {
		if l := x.lex.lemma(w); !x.lex.stop[w] && !lemmas[l] && !x.derived(l, lemmas) && !lemmas[strings.TrimSuffix(l, "ing")] && !lemmas[stem(l)] && !lemmas[stem(l)+"e"] {
			return false
		}
	}
	return true
}

// near reports whether somebody is named in the sentence before.
func (x *runner) near(ps *passage, n Name) bool {
	from := max(ps.doc.Body, ps.start-300)
	for from > 0 && !utf8.RuneStart(ps.doc.Text[from]) {
		from--
	}
	return x.textNames(" "+foldText(ps.doc.Text[from:ps.start])+" ", n)
}

// distance returns how far from a place in a text one of the names stands.
func (x *runner) distance(text string, at int, names []Name) int {
	best := len(text)
	low := strings.ToLower(text)
	for _, n := range names {
		for _, s := range x.expressions(n) {
			for from := 0; s != ""; {
				k := strings.Index(low[from:], s)
				if k < 0 {
					break
				}
				best = min(best, abs(from+k-at))
				from += k + len(s)
			}
		}
	}
	return best
}

// derived reports whether a word of the same root is there: "demarcate" and
// "demarcation", "talk" and "talks".
func (x *runner) derived(l string, lemmas map[string]bool) bool {
	if len(l) < 5 {
		return false
	}
	root := l[:max(5, len(l)-3)]
	for w := range lemmas {
		if len(w) >= 5 && strings.HasPrefix(w, root) {
			return true
		}
	}
	return false
}

// akin reports whether another word for the same sort of thing is there: "border" and
// "frontier", "deal" and "agreement", "row" and "quarrel".
func (x *runner) akin(l string, lemmas map[string]bool) bool {
	if noun, ok := x.lex.triggers.of(l); ok {
		for _, r := range noun {
			if r.Kind == nounKind && slices.ContainsFunc(r.Words, func(w string) bool { return lemmas[w] }) {
				return true
			}
		}
	}
	for _, ph := range x.lex.types[l] {
		if len(ph.words) > 1 {
			continue
		}
		for _, ty := range ph.values {
			if ty.Class != schema.Boundary && ty.Class != schema.Instrument {
				continue
			}
			if slices.ContainsFunc(ty.Words, func(w string) bool { return lemmas[w] }) {
				return true
			}
		}
	}
	return false
}

// in reports whether the verb or one that may stand for it is among lemmas.
func (v *verb) in(lemmas map[string]bool) bool {
	return slices.ContainsFunc(v.forms, func(f []string) bool { return has(f, lemmas) }) ||
		slices.ContainsFunc(v.nouns, func(n string) bool { return lemmas[n] })
}

func (v *verb) exact(lemmas map[string]bool) bool { return has(v.forms[0], lemmas) }

func has(form []string, lemmas map[string]bool) bool {
	for i, w := range form {
		if !lemmas[w] && !(i > 0 && lemmas[stem(w)]) {
			return false
		}
	}
	return true
}

// extract reads the answer out of a sentence.
func (x *runner) extract(p *parser, q *reading, ps *passage, pipeline *nlp.Pipeline) ([]Item, error) {
	text := ps.text()
	switch q.role {
	case "cause":
		if s, e, ok := behind(causeMark(), text); ok && !x.elsewhere(q, ps, pipeline) {
			it := x.quoted(ps, s, e)
			if m := causeMark().FindStringIndex(text); m[0] > 0 {
				it.Aliases = append(it.Aliases, text[m[0]:e]) // with the words that mark it as the reason
			}
			return []Item{it}, nil
		}
		return nil, nil
	case "condition":
		s, e, ok := behind(conditionMark(), text)
		if !ok && toCome().MatchString(text) {
			s, e, ok = behind(orderMark(), text)
		}
		if ok {
			return []Item{x.quoted(ps, s, e)}, nil
		}
		return nil, nil
	case "quantity":
		if n, ok := measure(text, q.unit, func(at int) int { return x.distance(text, at, q.names) }); ok {
			it := x.quoted(ps, 0, 0)
			it.Name = n
			return []Item{it}, nil
		}
		return nil, nil
	}
	doc, err := pipeline.Parse(x.ctx, text)
	if err != nil {
		return nil, err
	}
	if q.role == "source" {
		return x.speakers(q, ps, doc), nil
	}
	var items []Item
	for _, v := range q.verbs {
		for _, sent := range doc.Sentences {
			fs := frame.New(sent.Tokens, func(lemma string) bool { return x.lex.light[lemma] != "" })
			for i := range sent.Tokens {
				form := v.at(x.lex, sent.Tokens, i)
				if form == nil {
					continue
				}
				if q.speaker && !slices.Equal(form, v.forms[0]) && (fs.Passive(i) || len(fs.Role(i, frame.Clause)) == 0) {
					continue // "claimed by Chile" tells of no saying
				}
				if it, ok := x.filler(q, ps, fs, sent.Tokens, i, v.roles(q.role, form, fs.IsNoun(i)), form); ok {
					items = append(items, it...)
					if !q.many {
						break
					}
				}
			}
		}
		if len(items) > 0 && !q.many {
			break
		}
	}
	return items, nil
}

// speakers returns who a sentence is put in the mouth of: "according to …", or
// the subject of a verb of saying.
func (x *runner) speakers(q *reading, ps *passage, doc *nlp.Doc) []Item {
	var items []Item
	for _, sent := range doc.Sentences {
		toks := sent.Tokens
		fs := frame.New(toks, func(lemma string) bool { return x.lex.light[lemma] != "" })
		var heads []int
		for i := range toks {
			switch {
			case i > 0 && strings.EqualFold(toks[i].Text, "to") && strings.EqualFold(toks[i-1].Text, "according") && toks[i-1].Head > i:
				heads = append(heads, fs.Conjuncts(toks[i-1].Head)...)
			case x.lex.saying[strings.ToLower(toks[i].Text)] && fs.IsVerb(i):
				heads = append(heads, fs.Role(i, frame.Agent)...)
			}
		}
		for _, h := range heads {
			if it, ok := x.asItem(q, ps, fs, toks, h); ok {
				items = append(items, it)
			}
		}
	}
	return items
}

// roles are those of a verb or noun in which what is asked for may stand: the
// object of "pull out of" follows "of", that of "the seizure of" too.
func (v *verb) roles(role string, form []string, noun bool) []string {
	last := form[len(form)-1]
	switch {
	case role == "in favour of":
		return []string{"in favour of", "in favor of", "favor of", "favour of", "for"}
	case role != frame.Patient:
		return []string{role}
	case noun:
		return v.objects
	case len(form) > 1 && slices.Contains([]string{"of", "from", "on", "for", "to", "with", "at"}, last):
		return []string{strings.Join(form[1:], " "), last, frame.Patient}
	}
	return []string{role}
}

// at returns the alternative of the verb that stands at token i, or nil.
func (v *verb) at(lex *lexicon, toks []nlp.Token, i int) []string {
	low := strings.ToLower(toks[i].Text)
	if strings.HasPrefix(toks[i].Tag, "NN") && !strings.HasSuffix(low, "ing") {
		if k := slices.Index(v.nouns, lex.lemma(low)); k >= 0 {
			return v.nouns[k : k+1]
		}
		return nil
	}
	for _, form := range v.forms {
		if lex.lemma(low) != form[0] && strings.ToLower(toks[i].Lemma) != form[0] {
			continue
		}
		ok := true
		k := i + 1
		for _, w := range form[1:] {
			found := false
			for ; k < len(toks) && k < i+6; k++ {
				if l := strings.ToLower(toks[k].Text); l == w || lex.lemma(l) == w {
					found = true
					break
				}
			}
			if !found {
				ok = false
				break
			}
		}
		if ok {
			return form
		}
	}
	return nil
}

// filler returns what stands in the role that is asked for.
func (x *runner) filler(q *reading, ps *passage, fs *frame.Sentence, toks []nlp.Token, i int, roles, form []string) ([]Item, bool) {
	if q.role == "polarity" {
		return x.polarity(q, ps, fs, toks, i)
	}
	denied := fs.Negated(i, func(lemma string) bool { return lemma == "refuse" || lemma == "fail" }) || yetTo(toks, i)
	if denied && !q.denied || !q.supposes && supposed(fs, i) {
		return nil, false
	}
	if x.byAnother(q, ps, fs, toks, i) || q.role == frame.Agent && !q.speaker && x.toAnother(q, ps, fs, toks, i, form) {
		return nil, false
	}
	if q.role == "date" {
		if denied != q.denied {
			return nil, false
		}
		return x.dateBeside(q, ps, toks, i)
	}
	var heads []int
	for _, role := range roles {
		found := fs.Role(i, role)
		if subjects := fs.Dependents(i, "nsubj"); role == frame.Agent && len(subjects) > 1 && !fs.Passive(i) {
			slices.SortStableFunc(subjects, func(a, b int) int { return abs(a-i) - abs(b-i) })
			found = subjects[:1] // parsers give a verb the subject of its quotation too
		}
		if len(found) == 0 && role != frame.Agent && role != frame.Patient {
			// parsers err most in attaching prepositions: take the one right behind
			reach := i + 3
			if role == "with" {
				reach = i + 12 // "signed agreements on their border with Chile": whose it is
			}
			for j := i + 1; j < len(toks) && j < reach && len(found) == 0; j++ {
				if strings.EqualFold(toks[j].Text, role) && toks[j].Head > j && (j < i+3 || toks[toks[j].Head].POS == "PROPN") {
					found = []int{toks[j].Head}
				}
			}
		}
		if role == "with" && len(found) == 1 {
			if items := x.series(q, ps, toks[found[0]].Start); len(items) > 1 {
				return items, true
			}
		}
		for _, h := range found {
			heads = append(heads, fs.Conjuncts(h)...)
		}
		if len(heads) > 0 {
			break
		}
	}
	if len(heads) == 0 && q.role == "with" && len(q.agent) > 0 { // "Chile and Peru dispute …"
		for _, a := range fs.Role(i, frame.Agent) {
			if all := fs.Conjuncts(a); len(all) > 1 {
				heads = append(heads, all...)
			}
		}
	}
	if (denied || slices.ContainsFunc(heads, func(h int) bool { return neither(toks, h) })) != q.denied {
		return nil, false
	}
	if q.role == "in favour of" {
		for k := range toks {
			if l := strings.ToLower(toks[k].Text); l == "favor" || l == "favour" {
				heads = append(heads, fs.Role(k, "of")...)
			}
		}
	}
	if len(heads) == 0 && q.role == "place" {
		if heads = fs.Role(i, "at"); len(heads) == 0 { // it says more than "in"
			heads = fs.Role(i, "in")
		}
		if h := toks[i].Head; h >= 0 && fs.Rel(i) == "acl" && slices.ContainsFunc(fs.Dependents(i, "advmod"), func(w int) bool { return fs.Lower(w) == "where" }) {
			heads = append([]int{h}, heads...) // "in Lima, where they met"
		}
	}
	var items []Item
	for _, h := range heads {
		if it, ok := x.asItem(q, ps, fs, toks, h); ok {
			items = append(items, it)
		}
	}
	return items, len(items) > 0
}

// series returns whom a passage lists from a place on, each perhaps with a year: "Egypt
// in 2003, Lebanon in 2007, and Israel", which parsers lose.
func (x *runner) series(q *reading, ps *passage, at int) (items []Item) {
	for _, name := range listComma().Split(yearBehind().ReplaceAllString(ps.text()[at:], ""), -1) {
		e, ok := x.knownIn(strings.Trim(name, " .;"), q, true)
		if !ok {
			break
		}
		if x.asked(q, e) {
			continue
		}
		it := x.quoted(ps, 0, 0)
		it.Name, it.Aliases, it.Entity = e.Name, append(it.Aliases, e.Aliases...), e.ID
		items = append(items, it)
	}
	return items
}

var yearBehind = lazily(`\s+in\s+(?:[A-Z][a-z]+\s+)?\d{4}\b`)

// byAnother reports whether a sentence says that somebody else does what the
// question asks of its agent.
func (x *runner) byAnother(q *reading, ps *passage, fs *frame.Sentence, toks []nlp.Token, i int) bool {
	if len(q.agent) == 0 || q.role == frame.Agent || fs.Passive(i) {
		return false
	}
	asked := func(c int) bool {
		said := " " + foldText(nounPhrase(ps, toks, fs, c)) + " "
		return slices.ContainsFunc(q.agent, func(n Name) bool { return x.textNames(said, n) })
	}
	if slices.ContainsFunc(append(fs.Role(i, "to"), fs.Role(i, frame.Recipient)...), asked) {
		return true // who receives it does not give it
	}
	named := false
	if slices.ContainsFunc(fs.Dependents(i, "nsubj"), asked) {
		return false // parsers take a dateline for a subject too
	}
	for _, a := range fs.Role(i, frame.Agent) {
		if toks[a].POS != "PROPN" || dated(toks, a) || slices.ContainsFunc(fs.Dependents(i, "nsubj"), func(c int) bool { return toks[c].POS == "PRON" }) {
			continue
		}
		if named = true; !slices.ContainsFunc(fs.Conjuncts(a), asked) {
			return true
		}
	}
	if !named && fs.IsVerb(i) && (fs.ToInfinitive(i) || toks[i].Tag == "VBG") {
		if by := controller(fs, toks, i); by >= 0 {
			return !slices.ContainsFunc(fs.Conjuncts(by), asked) // "Bolivia persists with its claims to regain …"
		}
	}
	return false
}

// toAnother reports whether a sentence says of something else what the question asks
// of those it names: a noun with none of them in its phrase, "alignment with
// Australian claims", or a verb with another named object.
func (x *runner) toAnother(q *reading, ps *passage, fs *frame.Sentence, toks []nlp.Token, i int, form []string) bool {
	if len(q.names) == 0 {
		return false
	}
	names := func(s string) bool {
		said := " " + foldText(s) + " "
		return slices.ContainsFunc(q.names, func(n Name) bool { return x.textNames(said, n) })
	}
	if strings.HasPrefix(toks[i].Tag, "NN") && len(form) == 1 && fs.IsNoun(i) {
		first, last := span(toks, fs, i, true)
		return !names(ps.text()[toks[first].Start:toks[last-1].End])
	}
	objects := fs.Role(i, frame.Patient)
	if len(objects) == 0 || toks[objects[0]].POS != "PROPN" {
		return false
	}
	first, last := span(toks, fs, objects[0], true)
	if names(ps.text()[toks[first].Start:toks[last-1].End]) {
		return false
	}
	return !slices.ContainsFunc(fs.Conjuncts(objects[0]), func(c int) bool { return names(nounPhrase(ps, toks, fs, c)) })
}

// controller returns the named subject of the verb that an infinitive or participle
// hangs on, -1 where there is none.
func controller(fs *frame.Sentence, toks []nlp.Token, i int) int {
	for k, n := toks[i].Head, 0; k >= 0 && n < 8; k, n = toks[k].Head, n+1 {
		if s := fs.Dependent(k, "nsubj"); s >= 0 {
			if toks[s].POS == "PROPN" {
				return s
			}
			return -1
		}
	}
	return -1
}

// suppositions are the auxiliaries of what only might be.
var suppositions = []string{"would", "could", "might", "may", "should"}

// supposed reports whether a sentence says of a verb only that it might be so.
func supposed(fs *frame.Sentence, i int) bool {
	if slices.ContainsFunc(fs.Auxiliaries(i), func(aux string) bool { return slices.Contains(suppositions, aux) }) {
		return true
	}
	mark := fs.Dependent(i, "mark")
	return mark >= 0 && slices.Contains([]string{"if", "unless", "whether"}, fs.Lower(mark))
}

// polarity answers whether: a sentence that names everybody the question names
// and says or denies of them what it asks. What only may be or is to be is no
// answer.
func (x *runner) polarity(q *reading, ps *passage, fs *frame.Sentence, toks []nlp.Token, i int) ([]Item, bool) {
	if ps.named < len(q.names) || strings.HasPrefix(toks[i].Tag, "NN") {
		return nil, false
	}
	agents := fs.Role(i, frame.Agent)
	if len(agents) == 0 {
		return nil, false
	}
	if len(q.agent) == 0 { // "does any state …": only that none does can be read off
		if !slices.ContainsFunc(agents, func(a int) bool { return neither(toks, a) }) {
			return nil, false
		}
	}
	said := " "
	for _, a := range agents {
		for _, c := range fs.Conjuncts(a) {
			said += foldText(nounPhrase(ps, toks, fs, c)) + " "
		}
	}
	for _, n := range q.agent {
		if !x.textNames(said, n) {
			return nil, false
		}
	}
	for _, aux := range fs.Auxiliaries(i) {
		if slices.Contains([]string{"will", "would", "may", "might", "could", "should", "can", "must", "to"}, aux) {
			return nil, false
		}
	}
	it := x.quoted(ps, 0, 0)
	it.Name = "yes"
	denies := func(lemma string) bool { return lemma == "refuse" || lemma == "fail" || lemma == "decline" }
	if fs.Negated(i, denies) || slices.ContainsFunc(agents, func(a int) bool { return neither(toks, a) }) || yetTo(toks, i) {
		it.Name = "no"
	} else if m := fs.Dependent(i, "mark"); m >= 0 || fs.Rel(i) == "xcomp" || fs.Rel(i) == "ccomp" {
		return nil, false // reported, wished for or conditional
	}
	return []Item{it}, true
}

// yetTo reports whether a verb is still to come: "has yet to ratify".
func yetTo(toks []nlp.Token, i int) bool {
	return i > 1 && strings.EqualFold(toks[i-2].Text, "yet") && strings.EqualFold(toks[i-1].Text, "to") || i > 2 && strings.EqualFold(toks[i-3].Text, "yet")
}

// neither reports whether a noun phrase is denied as a whole: "neither Egypt
// nor Sudan", "no state".
func neither(toks []nlp.Token, h int) bool {
	for k := max(0, h-3); k < h; k++ {
		switch strings.ToLower(toks[k].Text) {
		case "neither", "nor", "no", "none":
			return true
		}
	}
	return false
}

// asItem makes an item of the noun phrase that token h heads, if it may be
// what is asked for.
func (x *runner) asItem(q *reading, ps *passage, fs *frame.Sentence, toks []nlp.Token, h int) (Item, bool) {
	if toks[h].POS == "PRON" && toks[h].Text != "US" || toks[h].Tag == "WP" || toks[h].Tag == "WDT" || toks[h].POS == "ADV" || dated(toks, h) {
		return Item{}, false
	}
	if _, known := x.knownIn(toks[h].Text, q, true); toks[h].POS == "VERB" && !known {
		return Item{}, false
	}
	for _, a := range append([]int{h}, fs.Dependents(h, "appos", "flat")...) {
		for _, full := range []bool{true, false} {
			first, last := span(toks, fs, a, full)
			s, e := toks[first].Start, toks[last-1].End
			ent, ok := x.knownIn(ps.text()[s:e], q, full && a == h)
			if !ok {
				continue
			}
			it := x.quoted(ps, s, e)
			if q.role == "place" && !x.nameIn(Name{Text: it.Name}, ent) {
				return it, true // a capital, not the state that it stands for
			}
			it.Name, it.Aliases, it.Entity = ent.Name, slices.Clone(ent.Aliases), ent.ID
			if it.Aliases == nil {
				it.Aliases = []string{}
			}
			return it, !x.asked(q, ent)
		}
	}
	if q.class == schema.Person || q.class == schema.State || q.class == schema.Court {
		// a name that nobody knows may still be one
		court := q.class == schema.Court && slices.ContainsFunc(x.lex.types[strings.ToLower(toks[h].Text)], func(ph phrase[*typeWord]) bool { return ph.values[0].Class == schema.Court })
		if toks[h].POS != "PROPN" && !court || q.class == schema.State {
			return Item{}, false
		}
	}
	if toks[h].POS == "ADJ" || (q.class == schema.Territory || q.role == "place") && toks[h].POS == "NOUN" && !x.landed(q, ps.text()[toks[h].Start:toks[h].End]) {
		return Item{}, false
	}
	if q.class.Is(schema.Agent) && toks[h].POS == "NOUN" && x.thing(toks[h].Text) {
		return Item{}, false // an agreement signs nothing
	}
	first, last := span(toks, fs, h, q.class == "" || q.class == schema.Instrument)
	if q.class == schema.Agent && first+1 == last && x.lex.types[strings.ToLower(toks[h].Text)] != nil {
		first, last = span(toks, fs, h, true) // "the Ministry of Foreign Affairs of Chile"
	}
	s, e := toks[first].Start, wordEnd(ps.text(), toks[last-1].End)
	it := x.quoted(ps, s, e)
	if q.role == "place" {
		short, _, _ := strings.Cut(it.Name, " in ") // where it lies besides
		it.Aliases = append(it.Aliases, short)
		if sort, name, ok := strings.Cut(short, " of "); ok && !strings.Contains(sort, " ") {
			it.Aliases = append(it.Aliases, name) // "airport of Argyle"
		}
	}
	if last > first+1 && q.class == schema.Agent && x.lex.types[strings.ToLower(toks[h].Text)] != nil {
		if ent, ok := x.knownIn(ps.text()[s:e], &reading{class: schema.State}, false); ok {
			it.Aliases = append(slices.Clone(ent.Aliases), ent.Name) // whom it speaks for
		}
	}
	if first > 0 && strings.EqualFold(toks[first-1].Text, "the") && strings.HasPrefix(ps.text()[toks[first-1].Start:], toks[first-1].Text+" ") {
		it.Name = "the " + it.Name
	}
	name, full, ok := x.antecedent(ps, it.Name)
	if it.Name = name; ok {
		it.Aliases = append(it.Aliases, it.Name)
		it.Name = full
	}
	if q.class == schema.Agent && !strings.ContainsFunc(it.Name, unicode.IsUpper) || !x.ofKind(q.kind, schema.Entity{Name: it.Name}) {
		return Item{}, false
	}
	return it, true
}

// landed reports whether a noun is for some place, or the very one asked for.
func (x *runner) landed(q *reading, noun string) bool {
	low := x.lex.lemma(strings.ToLower(noun))
	for _, w := range []string{strings.ToLower(noun), low} {
		for _, ph := range x.lex.types[w] {
			if len(ph.words) == 1 && slices.ContainsFunc(ph.values, func(ty *typeWord) bool { return ty.Class.Is(schema.Place) }) {
				return true
			}
		}
	}
	return slices.Contains(q.content, low)
}

// thing reports whether a noun is for what is nobody: a treaty, a place.
func (x *runner) thing(noun string) bool {
	for _, ph := range x.lex.types[strings.ToLower(noun)] {
		if len(ph.words) == 1 {
			return !slices.ContainsFunc(ph.values, func(ty *typeWord) bool { return ty.Class.Is(schema.Agent) || ty.Class == schema.Agent })
		}
	}
	return false
}

// wordEnd returns where a word that goes on behind a hyphen ends: "Crans-Montana".
func wordEnd(text string, end int) int {
	for end+1 < len(text) && text[end] == '-' && letterAt(text, end+1) {
		for end++; end < len(text) && letterAt(text, end); {
			_, n := utf8.DecodeRuneInString(text[end:])
			end += n
		}
	}
	return end
}

func (x *runner) asked(q *reading, e schema.Entity) bool {
	return slices.ContainsFunc(q.names, func(n Name) bool {
		return slices.ContainsFunc(n.Entities, func(o schema.Entity) bool { return o.ID == e.ID })
	})
}

// knownIn returns the entity of the wanted class that a noun phrase names, the
// longest name first and from its end: "Indian Prime Minister Narendra Modi".
func (x *runner) knownIn(text string, q *reading, whole bool) (schema.Entity, bool) {
	toks := tokenize(text)
	lookup := names{ctx: x.ctx, reader: x.reader, gaz: x.gaz, lex: x.lex, text: text, toks: toks}
	for size := len(toks); size > 0; size-- {
		for from := len(toks) - size; from >= 0; from-- {
			if !toks[from].capital() {
				continue
			}
			if x.generic(schema.Fold(text[toks[from].start:toks[from+size-1].end])) {
				continue // "Treaty" says not which
			}
			ents, adjective, err := lookup.lookup(text[toks[from].start:toks[from+size-1].end])
			if err != nil || adjective && size < len(toks) {
				continue
			}
			for _, e := range ents {
				switch {
				case q.class == "" || e.Class.Is(q.class):
				case q.class == schema.State && x.canAct(e):
				default:
					continue
				}
				if (q.class == "" || whole) && size < len(toks)-articles(toks) {
					continue // only part of the phrase
				}
				return e, true
			}
		}
	}
	return schema.Entity{}, false
}

// articles is 1 where a phrase begins with an article, else 0.
func articles(toks []token) int {
	if len(toks) > 0 && (toks[0].low == "the" || toks[0].low == "a" || toks[0].low == "an") {
		return 1
	}
	return 0
}

// antecedent resolves "the ministry" to the capitalized phrase before it in
// the document that ends in the same noun. rest is the phrase without article.
func (x *runner) antecedent(ps *passage, phrase string) (rest, full string, ok bool) {
	rest, ok = cutFold(phrase, "the ")
	if !ok || strings.ContainsAny(rest, " ") {
		return rest, "", false
	}
	noun := strings.ToUpper(rest[:1]) + rest[1:]
	re, err := regexp.Compile(`((?:[A-Z][\w.’'-]*\s+)+)` + regexp.QuoteMeta(noun) + `\b`)
	if err != nil {
		return rest, "", false
	}
	ms := re.FindAllString(ps.doc.Text[:ps.start], -1)
	if len(ms) == 0 {
		return rest, "", false
	}
	full = strings.Join(strings.Fields(ms[len(ms)-1]), " ")
	if f, ok := cutFold(full, "the "); ok {
		full = f
	}
	return rest, full, true
}

// quoted makes an item of bytes [s, e) of a passage, proved by the passage.
func (x *runner) quoted(ps *passage, s, e int) Item {
	name := strings.Trim(strings.Join(strings.Fields(ps.text()[s:e]), " "), "\"“”‘’, ")
	aliases := []string{}
	for _, p := range possessives {
		if rest, ok := cutFold(name, p+" "); ok {
			aliases = append(aliases, name)
			name = strings.Trim(rest, "\"“”‘’, ")
		}
	}
	return Item{Name: name, Aliases: aliases, Evidence: []schema.Evidence{ps.doc.Quote(ps.start, ps.end)}}
}

func nounPhrase(ps *passage, toks []nlp.Token, fs *frame.Sentence, h int) string {
	first, last := span(toks, fs, h, false)
	return ps.text()[toks[first].Start:toks[last-1].End]
}

// span returns the tokens of a noun phrase: what stands before the head, and
// with full also the prepositional phrases behind it, but no clauses.
func span(toks []nlp.Token, fs *frame.Sentence, h int, full bool) (first, last int) {
	first, last = fs.Span(h, func(c int) bool {
		switch fs.Rel(c) {
		case "punct", "acl", "advcl", "appos", "cc", "conj", "parataxis", "nsubj", "cop", "case", "mark", "ccomp", "dep", "discourse":
			return toks[c].Head == h || fs.Rel(c) != "case" && fs.Rel(c) != "cc" && fs.Rel(c) != "conj" && fs.Rel(c) != "punct" && fs.Rel(c) != "mark"
		case "nmod", "obl":
			return !full && toks[c].Rel != "nmod:poss" && toks[c].Head == h && c > h
		}
		return false
	})
	// parsers lose words before a head: take what belongs there by its tag
	for first > 0 && first <= h && toks[first].Tag != "DT" && toks[first].Tag != "PRP$" {
		t := &toks[first-1]
		switch {
		case strings.HasPrefix(t.Tag, "JJ"), strings.HasPrefix(t.Tag, "NN"), t.Tag == "POS", t.Tag == "HYPH" && first-1 > 0, t.Tag == "CD", t.Tag == "PRP$", t.Tag == "VBN", t.Tag == "VBD" && first-2 >= 0 && toks[first-2].Tag == "POS":
			first--
			continue
		}
		break
	}
	for last < len(toks) && last == h+1 && toks[h].POS == "PROPN" && toks[last].POS == "PROPN" {
		last++
	}
	for first < h && (toks[first].Tag == "DT" || toks[first].POS == "PUNCT" || toks[first].Tag == "IN") {
		first++
	}
	for last > h+1 && toks[last-1].POS == "PUNCT" {
		last--
	}
	return first, last
}

// elsewhere reports whether a sentence tells of somebody else all that the
// question's verbs say.
func (x *runner) elsewhere(q *reading, ps *passage, pipeline *nlp.Pipeline) bool {
	if len(q.agent) == 0 {
		return false
	}
	doc, err := pipeline.Parse(x.ctx, ps.text())
	if err != nil {
		return true
	}
	others := false
	for _, sent := range doc.Sentences {
		fs := frame.New(sent.Tokens, func(lemma string) bool { return x.lex.light[lemma] != "" })
		for i := range sent.Tokens {
			if slices.ContainsFunc(q.verbs, func(v *verb) bool { return v.at(x.lex, sent.Tokens, i) != nil }) {
				if !x.byAnother(q, ps, fs, sent.Tokens, i) {
					return false
				}
				others = true
			}
		}
	}
	return others
}

// occasion returns what a sentence tells as the occasion or purpose of what it says,
// where it gives no reason outright: "recalled its ambassador after …".
func (x *runner) occasion(q *reading, ps *passage) []Item {
	text := ps.text()
	for _, m := range occasionMark().FindAllStringSubmatchIndex(text, -1) {
		said := map[string]bool{}
		for _, w := range strings.Fields(foldText(text[:m[0]])) {
			said[x.lex.lemma(w)] = true
		}
		if !slices.ContainsFunc(q.verbs, func(v *verb) bool { return v.in(said) }) {
			continue // it goes with something else
		}
		if s, e, ok := behind(occasionMark(), text[m[0]:]); ok {
			if strings.EqualFold(text[m[0]:m[0]+2], "to") {
				s = 0 // a purpose is told with its verb
			}
			return []Item{x.quoted(ps, m[0]+s, m[0]+e)}
		}
	}
	return nil
}

// What introduces a reason and a condition, and what ends them: compiled when first
// asked for, since commands that ask nothing would wait for it too.
var (
	causeMark     = lazily(`(?i)\b(because of|because|due to|owing to|as a result of|in response to|on account of|thanks to|in protest at|in protest against|in retaliation for|citing|out of concern over|on the grounds that|for fear that|for fear of)\s+`)
	occasionMark  = lazily(`(?i)(?:\b(?:angered (?:at|by)|alarmed (?:at|by)|over|after|amid|in order to)\s+|\bto\s+(?:stop|prevent|keep|protest|avoid|force|protect|secure|deter|punish)\b\s*)`)
	conditionMark = lazily(`(?i)\b(on condition that|on the condition that|provided that|provided|unless|as long as|only if|only when|only after|only once|if|in exchange for|in return for)\s+`)
	orderMark     = lazily(`(?i)\b(once|as soon as|following|after)\s+`) // a condition of what is to come, else only its time
	toCome        = lazily(`(?i)\b(?:will|would|shall|can|could|must|may|might|is to|are to)\b`)
	both          = lazily(` (?:the two|both) (?:countries|states|sides|neighbou?rs|governments|nations|capitals) `)
	clauseEnd     = lazily(`[.;!?]["”’)]*\s*$|,\s+(?:while|but|and|although|as|with|which|who|so)\b|,\s+(?:\S+\s+){1,4}(?:said|says|announced|added|warned)[.\s]*$|["”]|;\s|\s(?:while|although)\s`)
)

// lazily returns an expression that is compiled when it is first used.
func lazily(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// behind returns the place of the clause behind the first mark in a text.
func behind(mark *regexp.Regexp, text string) (start, end int, ok bool) {
	m := mark.FindStringSubmatchIndex(text)
	if m == nil {
		return 0, 0, false
	}
	start, end = m[1], len(text)
	if e := clauseEnd().FindStringIndex(text[start:]); e != nil {
		end = start + e[0]
	}
	if m[0] == 0 { // the clause stands before what depends on it
		if k := strings.Index(text[start:end], ", "); k > 0 {
			end = start + k
		}
	}
	for end > start && strings.ContainsRune(" .,;", rune(text[end-1])) {
		end--
	}
	return start, end, end > start+len("of")
}

// dateBeside returns the date that goes with the verb at token i: the nearest
// in the same sentence.
func (x *runner) dateBeside(q *reading, ps *passage, toks []nlp.Token, i int) ([]Item, bool) {
	best, distance := -1, 1<<30
	exprs := timex.Find(toks, ps.doc.Date)
	for k, e := range exprs {
		if e.Date.IsZero() || e.Relation != timex.Within && (e.Relation == timex.Until) != (q.time == schema.RoleUntil) {
			continue // until when is not when
		}
		d := abs(e.Core - i)
		if governs(toks, i, e) {
			d = 0
		} else if strings.HasPrefix(toks[i].Tag, "NN") && d > 4 {
			continue // a date elsewhere goes with something else
		} else if v := governor(toks, e); v >= 0 && v < i && e.Core < i {
			d += 10 // "brought the case in 2013 after it was seized": of the verb before
		}
		if d < distance {
			best, distance = k, d
		}
	}
	if best < 0 || distance > 25 {
		return nil, false
	}
	it := x.quoted(ps, 0, 0)
	date := exprs[best].Date
	if q.time == schema.RoleUntil && exprs[best].Relation == timex.Within {
		date = exprs[best].End
	}
	it.Name = date.String()
	return []Item{it}, true
}

// dated reports whether a token belongs to an expression of time.
func dated(toks []nlp.Token, i int) bool {
	return slices.ContainsFunc(timex.Find(toks, schema.Year(2000)), func(e timex.Expr) bool { return e.Core <= i && i < e.Last })
}

// governor returns the nearest verb that a date depends on, -1 if none.
func governor(toks []nlp.Token, e timex.Expr) int {
	for k, n := e.Core, 0; k >= 0 && n < 8; k, n = toks[k].Head, n+1 {
		if k != e.Core && toks[k].POS == "VERB" {
			return k
		}
	}
	return -1
}

// governs reports whether a date depends on the verb at token i, no other verb
// coming between.
func governs(toks []nlp.Token, i int, e timex.Expr) bool {
	for k, n := e.Core, 0; k >= 0 && n < 8; k, n = toks[k].Head, n+1 {
		if k == i {
			return true
		}
		if k != e.Core && toks[k].POS == "VERB" {
			return false
		}
	}
	return false
}

// pipelineOf returns the parser of a data folder, read on first use.
func pipelineOf(fsys fs.FS) (*nlp.Pipeline, error) {
	models, err := fs.Sub(fsys, "models")
	if err != nil {
		return nil, err
	}
	return nlp.Load(models)
}
