package ask

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// frame finds a clause's relation and who plays which part in it.
func (p *parser) frame(c *clause) {
	c.roles = map[string][]*node{}
	c.verb = p.mainVerb(c)
	for i := c.a; i < c.b; i++ {
		if p.kindAt(i) == kNeg && (!p.hidden[i] || c.inner) {
			c.negated = true
		}
		if p.kindAt(i) == kDet && p.chunks[i].low == "no" {
			c.negated = true
		}
	}
	split := c.verb
	if split < 0 {
		split = c.b
	}
	left := p.nodes(c, c.a, split)
	var right []*node
	end := split
	if c.verb >= 0 {
		if k := len(left) - 1; k >= 0 && left[k].empty() && left[k].prep == "to" && left[k].last == c.verb {
			left = left[:k] // "agreed to transfer"
		}
		right = p.nodes(c, c.verb+1, c.b)
		if next := c.before; next != nil && len(right) == 0 && !p.isPassive(c) {
			if v := p.mainVerb(next); v >= 0 && !slices.ContainsFunc(left, func(n *node) bool { return n.wh != "" && len(left) > 1 }) {
				right = p.nodes(next, v+1, next.b)
			}
		}
		end = c.b
		c.passive = p.isPassive(c)
		if s := p.chunks[c.verb].status; s != "" {
			c.status = s
		}
	}
	// the clause's noun: "hold talks", "impose sanctions", "is party to"
	var carrier *node
	if p.settledBy(c, left) {
		// "which accord ended the quarrel": not who quarrels is asked for
	} else if c.verb < 0 || len(p.chunks[c.verb].verbs) == 0 || p.chunks[c.verb].light != "" || p.chunks[c.verb].status != "" {
		for _, n := range slices.Concat(right, left) {
			if n == p.wanted && n.agent() && c.verb >= 0 && len(p.chunks[c.verb].verbs) > 0 {
				continue // "which claimants hold …": the verb is asked about
			}
			if len(n.relations()) > 0 && (n.prep == "" || c.verb < 0 || len(p.chunks[c.verb].verbs) == 0) && (n.heads(schema.Instrument) == nil || len(p.chunks[max(c.verb, 0)].verbs) == 0) {
				carrier = n
				break
			}
		}
	}
	// "issued a ruling on", "launched an invasion of": the verb's own relation
	// is that of its object
	if carrier == nil && c.verb >= 0 && len(p.chunks[c.verb].verbs) > 0 && !p.settledBy(c, left) {
		for _, n := range right {
			if n.prep == "" && len(n.relations()) > 0 && n.relations()[0].Predicate == p.chunks[c.verb].verbs[0].Predicate {
				carrier = n
				break
			}
		}
		for _, n := range slices.Concat(left, right) { // "targeted by Tokyo's sanctions"
			if carrier == nil && n.prep == "by" && c.passive && len(n.relations()) > 0 && n.relations()[0].Predicate == p.chunks[c.verb].verbs[0].Predicate {
				carrier = n
			}
		}
	}
	out := func(n *node) bool { return n == carrier }
	beside := len(left)
	if carrier != nil {
		if k := slices.Index(left, carrier); k >= 0 {
			beside = k
		}
	}
	left, right = slices.DeleteFunc(left, out), slices.DeleteFunc(right, out)
	if carrier != nil && c.verb < 0 && p.copular(c, carrier) {
		p.equate(c, left, carrier, min(beside, len(left)))
		p.carry(c, carrier)
		return
	}
	if c.verb < 0 && carrier == nil {
		if at := p.has(c); at >= 0 {
			left, right = p.owned(left, at)
		}
	}
	p.assign(c, left, right, end)
	switch {
	case carrier != nil:
		p.carry(c, carrier)
	case c.verb >= 0 && len(p.chunks[c.verb].verbs) > 0:
		c.relations = p.chunks[c.verb].verbs
		if c.status == p.chunks[c.verb].status {
			c.status = "" // "give up" a place is no status of anything
		}
	}
	if len(c.relations) == 0 && c.verb < 0 {
		p.belongs(c)
	}
	if len(c.relations) == 0 && (c.verb >= 0 && p.chunks[c.verb].light != "" || c.verb < 0 && p.has(c) >= 0) {
		p.carried(c, slices.Concat(left, right))
	}
	if len(c.relations) == 0 || c.verb >= 0 && p.chunks[c.verb].light != "" {
		for _, n := range slices.Concat(left, right) {
			if n.office != nil && len(c.relations) == 0 {
				c.office = n
			}
		}
	}
}

// settledBy reports whether the clause asks what, or which instrument, settled or covers
// something: its verb then tells more than the noun behind it.
func (p *parser) settledBy(c *clause, left []*node) bool {
	if c.verb < 0 || len(left) != 1 || left[0].prep != "" || !(left[0].wh == "what" && left[0].head == nil || left[0].wh != "" && left[0].heads(schema.Instrument) != nil) {
		return false
	}
	return p.chunks[c.verb].status != "" && slices.ContainsFunc(p.chunks[c.verb].verbs, func(r *relation) bool { return r.Predicate == schema.Covers })
}

// has returns the chunk of "have" where that is the clause's only verb, else -1.
func (p *parser) has(c *clause) int {
	at := -1
	for i := c.a; i < c.b; i++ {
		if p.kindAt(i) != kAux || p.hidden[i] {
			continue
		}
		switch p.chunks[i].low {
		case "has", "have", "had":
			at = i
		case "do", "does", "did":
		default:
			return -1
		}
	}
	return at
}

// owned divides the noun phrases around "have", in chunk at, into who has and what.
func (p *parser) owned(nodes []*node, at int) (left, right []*node) {
	subject := slices.ContainsFunc(nodes, func(n *node) bool { return n.first < at && n.prep == "" && n.wh == "" })
	for _, n := range nodes {
		if n.first < at || !subject && n.prep == "" {
			left = append(left, n)
			subject = subject || n.first > at
			continue
		}
		right = append(right, n)
	}
	return left, right
}

// carried finds what a light verb says of an object that is no relation itself:
// "have a treaty with".
func (p *parser) carried(c *clause, nodes []*node) {
	for _, r := range p.lex.relations {
		if r.Carries != "" && slices.ContainsFunc(nodes, func(n *node) bool { return n.heads(r.Carries) != nil }) {
			c.relations = append(c.relations, r)
		}
	}
}

// copular reports whether a form of "to be" stands before the noun that
// carries the relation: "who is the owner of", "is under French rule".
func (p *parser) copular(c *clause, n *node) bool {
	for i := n.first - 1; i >= c.a; i-- {
		if p.kindAt(i) == kAux {
			return slices.Contains(beForms, p.chunks[i].low)
		}
	}
	return false
}

// equate assigns the phrases of "X is the NOUN of Y" and "X is under the NOUN".
func (p *parser) equate(c *clause, nodes []*node, carrier *node, before int) {
	stranded := "" // "what is the dispute about": it is not the noun that is asked for
	if last := p.contentEnd() - 1; last > carrier.first && p.kindAt(last) == kPrep && !p.hidden[last] {
		stranded = p.chunks[last].low
	}
	for i, n := range nodes {
		switch {
		case n.empty():
		case n.wh != "" && stranded != "" && n.prep == "":
			c.roles[stranded] = append(c.roles[stranded], n)
		case n.prep != "":
			p.prepositional(c, n)
		case carrier.prep != "" && i < before:
			c.roles["patient"] = append(c.roles["patient"], n)
		case n.wh != "" && n.head == nil && len(n.words) == 0 && i < before:
			carrier.wh = n.wh // it is the noun that is asked for
		case carrier.relations()[0].Kind == agentKind && i < before:
			c.roles["self"] = append(c.roles["self"], n)
		default:
			c.roles["agent"] = append(c.roles["agent"], n)
		}
	}
}

// belongs recognizes "what is X part of" and "whose territory is X", whose words
// are too plain to be a relation elsewhere.
func (p *parser) belongs(c *clause) {
	n := p.contentEnd()
	w := p.wanted
	if w == nil {
		return
	}
	whose := w.wh == "whose" && p.kindAt(w.last) == kAux && slices.Contains(beForms, p.chunks[w.last].low)
	if whose {
		w = &node{first: w.first, last: w.last, wh: "who"} // not the territory is asked for
	} else if !strings.HasSuffix(p.low(c.a, n), " part of") {
		return
	}
	for _, r := range p.lex.relations {
		if r.Predicate == schema.PartOf && slices.Contains(r.Words, "be part of") {
			c.relations = []*relation{r}
		}
	}
	c.roles = map[string][]*node{"patient": {w}}
	for i := w.last; i < n; i++ {
		if p.kindAt(i) == kName {
			c.roles["agent"] = []*node{{first: i, last: i + 1, refs: []*ref{p.chunks[i].ref}}}
		}
	}
}

// mainVerb returns the chunk of the clause's verb: one of the lexicon's
// relations, else one that carries or qualifies a noun; -1 if there is none.
func (p *parser) mainVerb(c *clause) int {
	found := -1
	for i := c.a; i < c.b; i++ {
		if p.hidden[i] && !c.inner {
			continue
		}
		switch p.kindAt(i) {
		case kVerb:
			if p.gerundComplement(i, c) {
				continue
			}
			return p.infinitive(i, c)
		case kStatus, kLight:
			if found < 0 && p.kindAt(i-1) != kDet && p.kindAt(i-1) != kPoss {
				found = i
			}
		}
	}
	return found
}

// infinitive returns the verb that the one in chunk i leads to: "agreed to transfer"
// is about a transfer; else i.
func (p *parser) infinitive(i int, c *clause) int {
	v := i + 1
	if p.toks[p.chunks[i].last-1].low != "to" {
		if p.kindAt(v) != kPrep || p.chunks[v].low != "to" {
			return i
		}
		v++
	}
	if v < c.b && p.kindAt(v) == kVerb && !p.hidden[v] {
		if low := p.toks[p.chunks[v].first].low; p.lex.lemma(low) == low {
			return v
		}
	}
	return i
}

// gerundComplement reports whether the -ing form in chunk i stands in a
// prepositional phrase or as a noun: "agreements on demarcating its border".
func (p *parser) gerundComplement(i int, c *clause) bool {
	low := p.toks[p.chunks[i].first].low
	if !strings.HasSuffix(low, "ing") {
		return false
	}
	return p.kindAt(i-1) == kPrep && i > c.a
}

// isPassive reports whether the clause's verb is in the passive.
func (p *parser) isPassive(c *clause) bool {
	if !p.lex.past[p.toks[p.chunks[c.verb].first].low] {
		return false
	}
	reduced := true
	for i := c.verb - 1; i >= c.a; i-- {
		if p.kindAt(i) == kVerb {
			break
		}
		if p.kindAt(i) != kAux {
			continue
		}
		if slices.Contains(beForms, p.chunks[i].low) {
			return true
		}
		reduced = false
	}
	if c.follows != nil && c.follows.passive && reduced {
		return true
	}
	if !reduced {
		return false
	}
	// a participle without auxiliary: "claimed by", "signed when?"
	if c.verb+1 < len(p.chunks) && p.chunks[c.verb+1].low == "by" {
		return true
	}
	return c.inner && c.verb == c.a || p.asked > c.verb && p.form == asksDate || p.keywords && c.verb > c.a && (c.verb+1 >= p.contentEnd() || p.kindAt(c.verb+1) == kPrep && p.chunks[c.verb+1].low != "in" && p.wanted != nil && p.wanted.last <= c.verb)
}

func (p *parser) contentEnd() int {
	n := len(p.chunks)
	for n > 0 && p.kindAt(n-1) == kPunct {
		n--
	}
	return n
}

// nodes reads the noun phrases of chunks [a, b), those that a preposition
// introduces with it, and notes dates on the clause.
func (p *parser) nodes(c *clause, a, b int) []*node {
	var out []*node
	prep := ""
	verbless := func(n *node) bool { // words that name nobody
		return n.wh == "" && len(n.refs) == 0 && n.head == nil && n.unit == "" && !n.pron && n.office == nil && n.owner == nil
	}
	for i := a; i < b; {
		if p.hidden[i] && !c.inner {
			i++
			continue
		}
		ch := &p.chunks[i]
		switch ch.kind {
		case kPrep:
			if prep != "" && (len(out) > 0 || a > c.a) {
				out = append(out, &node{first: i - 1, last: i, prep: prep}) // stranded
			}
			prep = ch.low
			i++
			continue
		case kDate:
			if n, _ := p.phraseIn(c, i, b); n == nil || !p.nominalAhead(i+1, b) {
				c.when = append(c.when, ch.date)
				prep = ""
				i++
				continue
			}
		case kAnd, kOr, kComma, kAux, kNeg, kNow, kPunct, kStatus, kLight, kHyphen, kPoss:
			if ch.kind == kAux || ch.kind == kPunct {
				if prep != "" {
					out = append(out, &node{first: i - 1, last: i, prep: prep})
					prep = ""
				}
			}
			if ch.kind != kStatus && ch.kind != kHyphen || !p.nominalAhead(i+1, b) {
				if ch.kind == kStatus && c.status == "" && c.verb != i {
					c.status = ch.status
				}
				i++
				continue
			}
		case kWh:
			if i != p.asked && !c.inner { // of a relative clause that says nothing
				i++
				continue
			}
		case kVerb:
			if prep == "" && !p.lex.past[p.toks[ch.first].low] {
				i++
				continue
			}
		}
		n, next := p.phraseIn(c, i, b)
		if n == nil || next <= i {
			i++
			continue
		}
		if w := p.wanted; w != nil && w.first == n.first && !p.keywords {
			n = w
		}
		n.prep = prep
		prep = ""
		i = next
		if verbless(n) && !slices.ContainsFunc(n.pps, func(pp *node) bool { return len(p.within(pp)) > 0 }) {
			continue
		}
		out = append(out, n)
	}
	if prep != "" {
		out = append(out, &node{first: b - 1, last: b, prep: prep})
	}
	return out
}

// phraseIn is phrase for a clause that may itself be hidden from the main one.
func (p *parser) phraseIn(c *clause, i, b int) (*node, int) {
	if !c.inner {
		return p.phrase(i, b)
	}
	hidden := p.hidden
	p.hidden = make([]bool, len(hidden))
	defer func() { p.hidden = hidden }()
	return p.phrase(i, b)
}

// empty reports whether the node is only a stranded preposition.
func (n *node) empty() bool {
	return n.wh == "" && len(n.refs) == 0 && n.head == nil && n.unit == "" && len(n.words) == 0 && !n.pron && n.office == nil && n.owner == nil
}

// assign gives the noun phrases around the verb their roles.
func (p *parser) assign(c *clause, left, right []*node, end int) {
	subject, object := "agent", "patient"
	if c.passive {
		subject, object = "patient", "second"
	}
	add := func(role string, n *node) { c.roles[role] = append(c.roles[role], n) }
	gap := (*node)(nil)
	if c.inner {
		gap = &node{wh: "that"}
	}
	var stranded []string
	bare := []*node{}
	for _, n := range left {
		switch {
		case n.empty() && n.prep != "":
			stranded = append(stranded, n.prep)
		case n.prep != "" && !(n.prep == "of" && n.wh == ""):
			p.prepositional(c, n)
		default:
			bare = append(bare, n)
		}
	}
	switch {
	case len(bare) == 0:
	case len(bare) == 1:
		add(subject, bare[0])
	default:
		// the one asked for has moved to the front
		last := bare[len(bare)-1]
		for _, n := range bare[:len(bare)-1] {
			if n.wh != "" {
				gap = n
			}
		}
		if last.wh != "" && gap == nil {
			add(subject, last)
			for _, n := range bare[:len(bare)-1] {
				add("topic", n)
			}
		} else {
			add(subject, last)
			if gap == nil && p.keywords {
				add(object, bare[0])
			}
		}
	}
	if f := c.follows; f != nil && len(c.roles[subject]) == 0 && gap == nil {
		if a := f.roles["agent"]; !c.passive && !f.passive && len(a) > 0 && a[0].wh == "" && !slices.ContainsFunc(right, func(n *node) bool { return n.prep == "" }) {
			add(subject, a[0]) // "which islands did Chile seize and keep"
		} else if g := f.shared(); g != nil {
			gap = g
		}
	}
	first := true
	for _, n := range right {
		switch {
		case n.empty() && n.prep != "":
			stranded = append(stranded, n.prep)
		case n.prep != "":
			p.prepositional(c, n)
		case first && c.passive && c.verb >= 0 && len(c.roles["patient"]) > 0 && p.hasRecipient(c.verb):
			// "who was awarded the island": the subject received it
			c.roles["recipient"] = append(c.roles["recipient"], c.roles["patient"]...)
			c.roles["patient"] = []*node{n}
			first = false
		case first && c.passive && c.verb >= 0 && len(c.roles["patient"]) == 0 && gap == nil:
			add("patient", n)
			first = false
		case first:
			add(object, n)
			first = false
		default:
			add("second", n)
		}
	}
	if c.follows != nil && gap == nil && len(c.roles[object]) == 0 && len(stranded) == 0 && len(c.roles[subject]) > 0 {
		if g := c.follows.shared(); g != nil && g.wh != "" {
			gap = g // "India controls but Nepal claims"
		}
	}
	if gap != nil {
		switch {
		case len(stranded) > 0:
			gap.prep = stranded[len(stranded)-1]
			add(gap.prep, gap)
		case len(c.roles[subject]) == 0:
			add(subject, gap)
		case !c.passive && len(c.roles["patient"]) == 0:
			add("patient", gap)
		case c.passive && len(c.roles["agent"]) == 0 && gap.wh == "who":
			add("agent", gap)
		default:
			add("second", gap)
		}
	}
}

// hasRecipient reports whether a verb tells who received what.
func (p *parser) hasRecipient(verb int) bool {
	return slices.ContainsFunc(p.chunks[verb].verbs, func(r *relation) bool { return r.Roles["recipient"] != "" })
}

// shared is the node that a following verb has as its subject too.
func (c *clause) shared() *node {
	for _, role := range []string{"agent", "patient", "second"} {
		for _, n := range c.roles[role] {
			if n.wh != "" {
				return n
			}
		}
	}
	for _, role := range []string{"agent", "patient"} {
		if ns := c.roles[role]; len(ns) > 0 {
			return ns[0]
		}
	}
	return nil
}

func (p *parser) prepositional(c *clause, n *node) {
	role := n.prep
	if role == "in" && (slices.Contains(n.words, "favour") || slices.Contains(n.words, "favor")) {
		role = "in favour of"
	}
	if role == "by" && c.passive {
		role = "agent"
	}
	c.roles[role] = append(c.roles[role], n)
}

// compounded returns what stands before a noun for who does something where it tells
// of an instrument by more than a name; nil otherwise.
func (p *parser) compounded(n *node) *node {
	if !n.agent() || len(n.words) == 0 {
		return nil
	}
	for i := n.first; i < len(p.chunks); i++ {
		if &p.chunks[i] == n.head {
			of, end := p.phrase(n.first, i)
			if of == nil || end != i || of.heads(schema.Instrument) == nil {
				return nil
			}
			of.wh = ""
			return of
		}
	}
	return nil
}

// carry makes a noun the clause's relation: its own arguments join those of
// the verb that carries it.
func (p *parser) carry(c *clause, n *node) {
	c.relations, c.noun = n.relations(), n
	for role, ns := range c.roles {
		c.roles[role] = slices.DeleteFunc(ns, func(o *node) bool { return o == n })
	}
	if n.owner != nil {
		c.roles["owner"] = append(c.roles["owner"], n.owner)
	}
	if of := p.compounded(n); of != nil {
		c.roles["owner"] = append(c.roles["owner"], of) // "Lima Convention signatories"
	} else {
		for _, m := range n.mods {
			c.roles["owner"] = append(c.roles["owner"], &node{refs: []*ref{m}})
		}
	}
	for _, pp := range n.pps {
		c.roles[pp.prep] = append(c.roles[pp.prep], pp)
	}
	c.when = append(c.when, n.dates...)
	if n.status != "" {
		c.status = n.status
	}
	if (n.wh != "" || p.keywords) && len(c.relations) > 0 && c.relations[0].Kind == agentKind {
		// "who are the claimants", "which claimants": the noun is who is asked for
		c.roles["self"] = append(c.roles["self"], &node{wh: "who", head: n.head})
	}
}
