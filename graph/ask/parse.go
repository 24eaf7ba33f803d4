package ask

import (
	"context"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/schema"
)

// parser reads one question. What it finds out:
type parser struct {
	ctx    context.Context
	reader Reader
	gaz    *gazetteer.Gazetteer
	lex    *lexicon
	spell  func() *speller

	text   string
	toks   []token
	refs   []*ref
	chunks []chunk
	hidden []bool // chunks that a relative clause has taken

	keywords bool // no sentence: "1956 declaration islands?"
	headed   bool // a noun and what is said of it: "islands claimed by Chile"
	form     form
	wanted   *node // the noun phrase asked for, if any
	wantAt   int   // the chunk where it begins, -1 if nowhere
	asked    int   // the chunk of the question word, -1 if none
	time     schema.Role
	clauses  []*clause
	asides   map[int]*aside // by the chunk of the noun they belong to
	present  bool           // asks how things are now
	changed  bool           // asks what has changed
	leadEnd  int            // the token behind the words that ask for events

	clauseSpeaker [2]int // chunks of who says or lays down the clause asked for
	clauseRest    int    // the chunk where what it is about begins
}

// form is what the question's shape asks for.
type form uint8

const (
	asksThing form = iota
	asksYesNo
	asksDate
	asksNumber
	asksPlace
	asksCause
	asksManner
	asksCondition
	asksSource // according to whom
	asksEvent  // what happened
	asksClause // what somebody says, what a treaty provides
)

// clause is a verb or relational noun with what goes with it.
type clause struct {
	a, b      int     // chunks, half-open
	inner     bool    // a relative clause: its gap is ?x
	follows   *clause // the clause whose subject it shares
	or        bool    // it is an alternative to that clause
	before    *clause // the clause that shares its subject and may have its object: "claim and hold Sabah"
	verb      int     // chunk, -1 if none
	relations []*relation
	noun      *node // the noun that carries the relation, if not the verb
	negated   bool
	status    string
	passive   bool
	roles     map[string][]*node
	when      []timex.Expr
	office    *node
}

// parse reads the question. It does not fail on what it does not understand:
// clauses is then empty.
func (p *parser) parse() error {
	p.toks = tokenize(p.text)
	p.reword()
	if p.loosened() {
		p.toks = tokenize(p.text)
	}
	if p.unfinished() {
		p.text += " whom"
		p.toks = tokenize(p.text)
	} else if p.headed = p.headline(); p.headed {
		p.toks = tokenize(p.text)
	}
	p.asked, p.wantAt = -1, -1
	if err := p.chunkUp(); err != nil {
		return err
	}
	p.hidden = make([]bool, len(p.chunks)+1)
	p.asides = map[int]*aside{}
	p.findForm()
	n := len(p.chunks)
	p.relatives()
	if p.wantAt >= 0 {
		if p.wantAt == p.asked && p.equated() && p.headAsked() >= 0 {
			p.hidden[p.asked], p.hidden[p.asked+1] = true, true
			p.wantAt = p.asked + 2
		}
		if p.wanted, _ = p.phrase(p.wantAt, n); p.wanted != nil && p.wanted.wh == "" {
			p.wanted.wh = "which"
		}
	}
	main := &clause{a: 0, b: n, verb: -1}
	p.clauses = append(p.clauses, main)
	p.split(main)
	for _, c := range p.clauses {
		p.frame(c)
	}
	p.choose()
	return nil
}

// choose asks which of several it is where the question offers them: "is it held by
// Chile or Peru?".
func (p *parser) choose() {
	if p.form != asksYesNo || len(p.clauses) > 1 || slices.ContainsFunc(p.toks, func(t token) bool { return t.low == "either" }) {
		return
	}
	c := p.clauses[0]
	for _, role := range roleOrder(c.roles) {
		for _, n := range c.roles[role] {
			if n.or && len(n.refs) > 1 && n.head == nil {
				n.wh, p.wanted, p.form = "which", n, asksThing
				return
			}
		}
	}
}

// unfinished reports whether key words leave out who is asked for behind their
// last preposition: "Sabah claimed by".
func (p *parser) unfinished() bool {
	n := len(p.toks)
	for n > 0 && !p.toks[n-1].isWord() {
		n--
	}
	if n < 3 || slices.Contains(auxiliaries, p.toks[0].low) || slices.ContainsFunc(p.toks, func(t token) bool { return slices.Contains(whWords, t.low) }) {
		return false
	}
	switch p.toks[n-1].low {
	case "by", "to", "from", "with":
		p.text = p.text[:p.toks[n-1].end]
		return true
	}
	return false
}

// loosened turns "Chilean-held islands" into "islands held by Chilean", which says the
// same and reads like any other. It reports whether it did.
func (p *parser) loosened() bool {
	n := len(p.toks)
	for i := 0; i+3 < n; i++ {
		by, participle := &p.toks[i], &p.toks[i+2]
		if p.toks[i+1].low != "-" || !by.capital() || !p.lex.past[participle.low] || len(p.gaz.Readings(by.text)) == 0 {
			continue
		}
		_, end := p.lex.types.match(p.toks, i+3, n)
		if _, verb := p.lex.triggers.match(p.toks, i+2, n); end == i+3 || verb != i+3 {
			continue
		}
		and := ""
		if end < n && p.lex.past[p.toks[end].low] {
			and = " and"
		}
		p.text = p.text[:by.start] + p.text[p.toks[i+3].start:p.toks[end-1].end] + " " + participle.text + " by " + by.text + and + p.text[p.toks[end-1].end:]
		return true
	}
	return false
}

// headline completes key words that begin with a noun and what is said of it:
// "islands claimed by Chile", "states that both claim and hold Sabah". It reports
// whether it did.
func (p *parser) headline() bool {
	n := len(p.toks)
	i := 0
	for i < n && (p.toks[i].low == "all" || p.toks[i].low == "the") {
		i++
	}
	end := i
	if i < n {
		_, end = p.lex.types.match(p.toks, i, n)
		if end == i && i+1 < n && p.lex.past[p.toks[i].low] { // "disputed islands"
			_, end = p.lex.types.match(p.toks, i+1, n)
			if end == i+1 {
				end = i
			}
		}
	}
	if end == i || end+1 >= n || slices.ContainsFunc(p.toks[end+1:], func(t token) bool { return slices.Contains(whWords, t.low) }) {
		return false
	}
	head, next := &p.toks[end-1], &p.toks[end]
	_, verb := p.lex.triggers.match(p.toks, end, n)
	rest := p.text[next.start:]
	be := " is "
	if strings.HasSuffix(head.low, "s") {
		be = " are "
	}
	switch {
	case next.low == "that" || next.low == "which" || next.low == "who":
		rest = " " + p.text[p.toks[end+1].start:]
	case verb > end && strings.HasSuffix(next.low, "ing"):
		rest = be + rest
	case verb > end && p.lex.past[next.low] && slices.ContainsFunc(prepositions, func(ws []string) bool { return ws[0] == p.toks[min(verb, n-1)].low }):
		rest = be + rest
	default:
		return false
	}
	p.text = "which " + p.text[p.toks[i].start:head.end] + rest
	return true
}

// low returns the lower-cased words of chunks [a, b) joined by spaces.
func (p *parser) low(a, b int) string {
	var ws []string
	for i := a; i < b && i < len(p.chunks); i++ {
		if p.chunks[i].kind != kPunct {
			ws = append(ws, p.chunks[i].low)
		}
	}
	return strings.Join(ws, " ")
}

// findForm decides what shape of answer is asked for.
func (p *parser) findForm() {
	n := len(p.chunks)
	for n > 0 && (p.kindAt(n-1) == kPunct) {
		n--
	}
	for i := range p.chunks {
		if p.chunks[i].kind == kNow {
			p.present = true
		}
	}
	// "give me", "list", "tell me"
	i := 0
	imperative := false
	for i < n && slices.Contains([]string{"please", "give", "me", "list", "show", "tell", "name", "can", "you", "find", "i", "want", "to", "know", "would", "like"}, p.chunks[i].low) &&
		!(p.kindAt(i) == kAux && i == 0 && n > 1 && p.chunks[1].low != "you") && !(i == 0 && p.chunks[0].low == "to") { // "to whom"
		if p.chunks[i].low != "please" && p.kindAt(i) != kAux {
			imperative = true
		}
		p.hidden[i] = true
		i++
	}
	first := i
	// the question word: in front, or at the end of key words
	for k := first; k < n; k++ {
		if p.kindAt(k) != kWh {
			continue
		}
		front := true
		for j := first; j < k; j++ {
			if kd := p.kindAt(j); kd != kPrep && kd != kPunct && kd != kDet && kd != kStop {
				front = false
			}
		}
		if k > first+1 && p.kindAt(first) == kPrep && p.kindAt(k-1) == kComma {
			front = true // "apart from Chile, who …"
		}
		if first == 0 && p.kindAt(0) == kAux && k > 1 && k < n-1 && !imperative {
			continue // "did Chile accept what …": whether is asked
		}
		if front || !imperative && (k == n-1 || !p.relativeAt(k)) {
			p.asked = k
			break
		}
	}
	if p.asked < 0 {
		switch {
		case first < n && p.kindAt(first) == kAux && !imperative:
			p.form = asksYesNo
		case imperative:
			// the first noun phrase is what is asked for; "the names of" it adds nothing
			if strings.HasPrefix(p.low(first, n), "the names of ") || strings.HasPrefix(p.low(first, n), "names of ") {
				for first < n && p.chunks[first].low != "of" {
					p.hidden[first] = true
					first++
				}
				p.hidden[first] = true
				first++
			}
			p.wantAt = first
		default:
			p.keywords = true
			p.keywordForm(first, n)
		}
		return
	}
	k := p.asked
	low := p.low(k, n)
	before := p.low(first, k)
	has := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(s string) bool { return strings.HasPrefix(low+" ", s+" ") })
	}
	p.time = schema.RoleDate
	events, end := p.lex.events.match(p.toks, p.chunks[k].first, len(p.toks))
	switch {
	case len(events) > 0:
		p.form, p.leadEnd, p.changed = asksEvent, end, events[0] == "changed"
	case p.chunks[k].low == "when", has("what year", "which year", "what date", "which date", "what day", "which day", "what month", "which month", "what time", "which decade", "how long ago"):
		p.form = asksDate
		p.hidden[k] = true
		if p.chunks[k].low != "when" {
			p.hidden[k+1] = true
			if has("how long ago") {
				p.hidden[k+2] = true
			}
		}
		switch {
		case strings.HasSuffix(before, "since"):
			p.time = schema.RoleSince
		case strings.HasSuffix(before, "until"), strings.HasSuffix(before, "till"):
			p.time = schema.RoleUntil
		}
		for j := first; j < k; j++ {
			if p.kindAt(j) == kPrep || p.kindAt(j) == kStop {
				p.hidden[j] = true
			}
		}
	case p.measureAsked(k, n):
		p.form = asksNumber
	case has("how long"):
		p.form, p.time = asksDate, schema.RoleSince
		p.hidden[k], p.hidden[k+1] = true, true
	case has("why", "for what reason", "what caused", "what was the reason", "what is the reason", "what led", "what reason", "what prompted", "what made", "how come"):
		p.form = asksCause
	case p.conditionAsked(k) || p.asksBefore(k, n) || p.asksReturn(k, n):
		p.form = asksCondition
	case has("where"):
		p.form = asksPlace
		p.hidden[k] = true
	case has("how many", "how much"):
		p.form, p.wantAt = asksNumber, k
	case has("how"):
		p.form = asksManner
	case strings.HasSuffix(before, "according to"):
		p.form = asksSource
	case p.clauseAsked(k):
		p.form = asksClause
	default:
		p.wantAt = k
	}
	if p.form == asksCause || p.form == asksCondition || p.form == asksManner || p.form == asksEvent || p.form == asksClause || p.form == asksSource {
		p.hidden[k] = true
	}
}

// measureAsked recognizes "how long is the border in kilometres", whose unit is behind
// what it asks about, and hides its words.
func (p *parser) measureAsked(k, n int) bool {
	if p.chunks[k].low != "how" || !slices.Contains([]string{"long", "wide", "far", "deep", "high", "big", "large", "many"}, p.low(k+1, k+2)) {
		return false
	}
	last := n - 1
	if p.kindAt(last) != kUnit || p.kindAt(last-1) != kPrep || p.chunks[last-1].low != "in" {
		return false
	}
	p.wanted = &node{first: last, last: last + 1, wh: "how many", unit: p.chunks[last].unit}
	p.hidden[k], p.hidden[k+1] = true, true
	return true
}

// conditionAsked recognizes "under which conditions" and hides it.
func (p *parser) conditionAsked(k int) bool {
	if k+1 >= len(p.chunks) {
		return false
	}
	switch p.chunks[k+1].low {
	case "condition", "conditions", "precondition", "preconditions", "circumstances":
	default:
		return false
	}
	p.hidden[k+1] = true
	if k > 0 && p.kindAt(k-1) == kPrep {
		p.hidden[k-1] = true
	}
	return true
}

// asksReturn recognizes "in exchange for what", "what did … get in return for" and
// hides it: what somebody has for something is the condition of it.
func (p *parser) asksReturn(k, n int) bool {
	if p.chunks[k].low == "what" && k > 0 && (p.chunks[k-1].low == "in exchange for" || p.chunks[k-1].low == "in return for") {
		p.hidden[k-1] = true
		return true
	}
	return false
}

// asksBefore recognizes "what has to come first before …", "what must happen
// before …": it asks for a condition of what follows.
func (p *parser) asksBefore(k, n int) bool {
	if p.chunks[k].low != "what" {
		return false
	}
	low := p.low(k, n)
	for _, lead := range []string{"what has to ", "what must ", "what needs to ", "what should ", "what would have to ", "what will have to ", "what is needed ", "what is required "} {
		if !strings.HasPrefix(low, lead) {
			continue
		}
		for j := k + 1; j < n; j++ {
			if w := p.chunks[j].low; w == "before" || w == "for" || w == "if" {
				for i := k; i <= j; i++ {
					p.hidden[i] = true
				}
				return true
			}
		}
	}
	return false
}

// keywordForm reads what key words ask for: "X signed when?" has a question
// word and does not come here; "date of X" does.
func (p *parser) keywordForm(first, n int) {
	for i := first; i < n; i++ {
		switch p.chunks[i].low {
		case "date", "year", "when":
			p.form, p.time = asksDate, schema.RoleDate
			p.hidden[i] = true
			return
		case "since":
			if i == n-1 {
				p.form, p.time = asksDate, schema.RoleSince
				p.hidden[i] = true
				return
			}
		}
	}
	// the first type word that no name takes up is what is asked for
	for i := n - 1; i >= first; i-- {
		c := &p.chunks[i]
		if p.named(i, first) {
			continue
		}
		if c.kind == kType && c.isClass(schema.Instrument) == nil || c.kind == kOffice || c.kind == kNoun && slices.ContainsFunc(c.nouns, func(r *relation) bool { return r.Kind == agentKind }) {
			p.wanted = &node{first: i, last: i + 1, wh: "which", head: c, office: c.office}
			return
		}
	}
}

// named reports whether chunk i only tells of what the noun before an "of" is asked for:
// "names of the island".
func (p *parser) named(i, first int) bool {
	for k := i - 1; k > first; k-- {
		switch p.kindAt(k) {
		case kPrep:
			return p.chunks[k].low == "of" && p.kindAt(k-1) == kNoun
		case kVerb, kAux, kComma:
			return false
		}
	}
	return false
}

// relativeAt reports whether the wh-word in chunk k begins a relative clause:
// it follows a noun.
func (p *parser) relativeAt(k int) bool {
	switch p.kindAt(k - 1) {
	case kName, kType, kNoun, kOffice, kWord, kUnit:
		return p.chunks[k].low != "what" && p.chunks[k].low != "when" && p.chunks[k].low != "how"
	case kComma, kPrep:
		return k >= 2 && p.relativeAfter(k-2)
	}
	return false
}

func (p *parser) relativeAfter(k int) bool {
	switch p.kindAt(k) {
	case kName, kType, kNoun, kOffice:
		return true
	}
	return false
}

// relatives finds relative clauses and notes, at the noun before each, what is
// said of it. The main clause does not see them.
func (p *parser) relatives() {
	n := len(p.chunks)
	for k := 1; k < n; k++ {
		if p.hidden[k] || k == p.asked {
			continue
		}
		c := &p.chunks[k]
		begin, end := -1, -1
		switch {
		case (c.kind == kWh && c.low != "what" && c.low != "how" && c.low != "when" || c.low == "that") && p.nounBefore(k):
			begin, end = k+1, p.clauseEnd(k+1)
		case (c.low == "that" || c.low == "which") && p.asked >= 0 && p.kindAt(k-1) == kVerb && (p.kindAt(k+1) == kName || p.kindAt(k+1) == kAux) && p.headAsked() >= 0 && p.asides[p.headAsked()] == nil:
			// "what does Spain hold | that Morocco claims"
			begin, end = k+1, p.clauseEnd(k+1)
		case (c.kind == kName || c.kind == kPron && !slices.Contains(possessives, c.low)) && p.contact(k):
			begin, end = k, p.clauseEnd(k)
		case c.kind == kVerb && p.reduced(k):
			begin, end = k, p.reducedEnd(k)
		}
		if begin < 0 {
			continue
		}
		x := &aside{}
		at := k - 1
		for p.kindAt(at) == kComma || p.kindAt(at) == kPrep {
			at--
		}
		if p.kindAt(at) == kVerb {
			at = p.headAsked()
		}
		if p.chunks[at].isClass(schema.Instrument) != nil && at != p.headAsked() || !p.hasRelation(begin, end) {
			// it helps to tell which one is meant
			for i := begin; i < end; i++ {
				switch c := &p.chunks[i]; c.kind {
				case kName:
					x.refs = append(x.refs, c.ref)
				case kDate:
					x.dates = append(x.dates, c.date)
				default:
					x.words = append(x.words, p.content(*c)...)
				}
			}
		} else {
			x.clause = &clause{a: begin, b: end, verb: -1, inner: true}
		}
		p.asides[at] = x
		for i := k; i < end; i++ {
			p.hidden[i] = true
		}
		k = end - 1
	}
}

// equated reports whether "what is" or "which is" leads to the noun that is
// asked for.
func (p *parser) equated() bool {
	w := p.chunks[p.asked].low
	return (w == "what" || w == "which") && p.kindAt(p.asked+1) == kAux && slices.Contains(beForms, p.chunks[p.asked+1].low)
}

// headAsked returns the chunk of the noun that is asked for, -1 if there is
// none: "which territory …".
func (p *parser) headAsked() int {
	for i := p.asked + 1; p.asked >= 0 && i < len(p.chunks); i++ {
		if i == p.asked+1 && p.equated() {
			continue // "which is the latest treaty …"
		}
		switch p.kindAt(i) {
		case kType:
			return i
		case kDet:
			if p.kindAt(i-1) == kWord {
				return -1 // "what is blocking the treaty"
			}
		case kNum, kWord, kStop:
		default:
			return -1
		}
	}
	return -1
}

// aside is what a relative clause says of a noun.
type aside struct {
	clause *clause
	words  []string
	refs   []*ref
	dates  []timex.Expr
}

func (p *parser) hasRelation(a, b int) bool {
	for i := a; i < b; i++ {
		if k := p.chunks[i].kind; k == kVerb || k == kNoun {
			return true
		}
	}
	return false
}

func (p *parser) nounBefore(k int) bool {
	j := k - 1
	if p.kindAt(j) == kPrep || p.kindAt(j) == kComma {
		j--
	}
	switch p.kindAt(j) {
	case kType, kNoun, kOffice:
		return true
	case kName:
		return p.chunks[k].kind == kWh
	}
	return false
}

// contact reports whether a relative clause without a pronoun begins at chunk
// k: "the islands | Japan claims", "the islands | they are at odds over".
func (p *parser) contact(k int) bool {
	if p.kindAt(k-1) != kType || p.keywords || p.headed && k-1 == p.headAsked() || p.kindAt(k-2) == kHyphen {
		return false
	}
	if p.chunks[k-1].isClass(schema.Office) != nil {
		return false
	}
	for i := k + 1; i < len(p.chunks) && i < k+6; i++ {
		switch p.kindAt(i) {
		case kVerb:
			return true
		case kAux, kNeg, kName, kAnd, kComma, kStop, kNow:
			continue
		}
		return false
	}
	return false
}

// clauseEnd returns where the relative clause that begins at k ends: at the
// auxiliary that begins the main clause after its verb, or at the end.
func (p *parser) clauseEnd(k int) int {
	n := len(p.chunks)
	seen := false
	for i := k; i < n; i++ {
		switch p.kindAt(i) {
		case kVerb, kNoun:
			if seen && p.kindAt(i) == kVerb && p.kindAt(i-1) == kComma {
				return i
			}
			seen = true
		case kLight:
			seen = true
		case kAux:
			if seen && p.kindAt(i-1) != kAnd && p.kindAt(i-1) != kOr && p.kindAt(i-1) != kAux && (p.kindAt(i+1) == kName || p.kindAt(i+1) == kDet || p.kindAt(i+1) == kVerb || p.kindAt(i+1) == kAux) {
				return i
			}
		case kPunct:
			if i == n-1 {
				return i
			}
		}
	}
	return n
}

// reduced reports whether the participle in chunk k modifies the noun before
// it, the main verb being elsewhere: "the islands claimed by Japan".
func (p *parser) reduced(k int) bool {
	if !p.lex.past[p.toks[p.chunks[k].first].low] || p.kindAt(k-1) != kType && p.kindAt(k-1) != kNoun {
		return false
	}
	other := false
	for i := range p.chunks {
		if i < k-1 && p.kindAt(i) == kVerb && !p.hidden[i] && p.asked >= 0 && i > p.asked {
			other = true
		}
		if i > k && p.kindAt(i) == kAux {
			for j := i; j < len(p.chunks); j++ {
				if p.kindAt(j) == kVerb || p.kindAt(j) == kNoun || p.kindAt(j) == kType {
					return true
				}
			}
		}
	}
	return other && (p.kindAt(k+1) == kPrep)
}

func (p *parser) reducedEnd(k int) int {
	for i := k + 1; i < len(p.chunks); i++ {
		if p.kindAt(i) == kAux || p.kindAt(i) == kPunct && i == len(p.chunks)-1 {
			return i
		}
		if p.kindAt(i) == kVerb && p.kindAt(i-1) != kAnd && p.kindAt(i-1) != kOr {
			return i
		}
	}
	return len(p.chunks)
}

// split divides verbs that share a subject: "claimed by Morocco but
// administered by Spain".
func (p *parser) split(c *clause) {
	seen := false
	for i := c.a; i < c.b; i++ {
		if p.hidden[i] {
			continue
		}
		if p.kindAt(i) != kVerb {
			continue
		}
		if !seen {
			seen = true
			continue
		}
		j := i - 1
		for j > c.a && (p.kindAt(j) == kAux || p.kindAt(j) == kNeg || p.kindAt(j) == kStop || p.kindAt(j) == kNow) {
			j--
		}
		for k := j; k > c.a && k > j-3 && (p.kindAt(k) == kName || p.kindAt(k) == kDet); k-- {
			if before := p.kindAt(k - 1); (before == kOr || before == kAnd && p.kindAt(k-2) == kVerb) && p.wantAt >= 0 {
				j = k - 1 // "… India controls but Nepal claims"
				break
			}
		}
		if p.kindAt(j) != kAnd && p.kindAt(j) != kOr {
			continue
		}
		rest := &clause{a: j + 1, b: c.b, verb: -1, follows: c, or: p.chunks[j].low == "or"}
		c.b, c.before = j, rest
		p.clauses = append(p.clauses, rest)
		p.split(rest)
		return
	}
}
