package ask

import (
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/extract/timex"
	"github.com/demarcgraph/demarc/schema"
)

// node is a noun phrase of the question.
type node struct {
	first, last int    // chunks, half-open
	prep        string // the preposition before it
	wh          string // "who", "which" … where it is what is asked for
	refs        []*ref // names that are its head, coordinated
	or          bool   // coordinated with "or"
	mods        []*ref // names before the head noun
	owner       *node  // whose it is
	head        *chunk // the head noun, nil for names
	office      *gazetteer.Office
	words       []string // other content words
	dates       []timex.Expr
	num         int
	pron        bool
	unit        string
	part        bool
	indefinite  bool   // "a ruling", "any state", "someone"
	besides     []*ref // whom "someone else" is not
	status      string
	pps         []*node
	aside       *aside // what a relative clause says of it
}

// heads reports whether the node's head noun may be of the class.
func (n *node) heads(class schema.Class) *typeWord {
	if n.head == nil {
		return nil
	}
	return n.head.isClass(class)
}

// relations returns the readings of the node's head noun as a relation.
func (n *node) relations() []*relation {
	if n.head == nil {
		return nil
	}
	return n.head.nouns
}

// agent reports whether the node's head noun is one for who does something:
// "claimants", "signatories".
func (n *node) agent() bool {
	rs := n.relations()
	return len(rs) > 0 && rs[0].Kind == agentKind
}

// accepts reports whether a prepositional phrase can belong to the node.
func (n *node) accepts(prep string) bool {
	for _, r := range n.relations() {
		if _, ok := r.Roles[prep]; ok {
			return true
		}
	}
	switch {
	case n.office != nil:
		return prep == "of" || prep == "for"
	case n.part:
		return prep == "of"
	case n.heads(schema.Boundary) != nil:
		return prep == "between" || prep == "of" || prep == "with" || prep == "in"
	case n.heads(schema.Instrument) != nil:
		return slices.Contains([]string{"on", "with", "between", "of", "for", "concerning", "regarding", "about", "in", "over"}, prep)
	case n.heads(schema.Territory) != nil:
		return slices.Contains([]string{"of", "in", "at", "near", "around", "off", "within", "between"}, prep)
	case n.head != nil || n.unit != "":
		return prep == "of" || prep == "in"
	case n.head == nil && len(n.refs) == 0 && len(n.words) > 0:
		return prep == "of"
	}
	return false
}

// phrase reads the noun phrase that begins at chunk i, with what depends on it,
// and returns where it ends; nil where there is none.
func (p *parser) phrase(i, end int) (*node, int) {
	n, next := p.simple(i, end)
	if n == nil {
		return nil, i
	}
	next = p.coordinate(n, next, end)
	for next < end && p.kindAt(next) == kPrep {
		prep := p.chunks[next].low
		if !n.accepts(prep) || p.hidden[next] {
			break
		}
		if p.kindAt(next+1) == kDate && next+1 < end {
			if n.heads(schema.Instrument) == nil {
				break
			}
			n.dates = append(n.dates, p.chunks[next+1].date)
			next += 2
			continue
		}
		if v := next + 1; v < end && p.kindAt(v) == kVerb && strings.HasSuffix(p.toks[p.chunks[v].first].low, "ing") {
			// "agreements on demarcating its border"
			n.words = append(n.words, p.content(p.chunks[v])...)
			next = v + 1
			if pp, after := p.phrase(next, end); pp != nil {
				pp.prep = prep
				n.pps = append(n.pps, pp)
				next = after
			}
			continue
		}
		pp, after := p.phrase(next+1, end)
		if pp == nil || pp.wh != "" {
			break
		}
		pp.prep = prep
		n.pps = append(n.pps, pp)
		next = after
	}
	n.last = next
	return n, next
}

// simple reads a noun phrase without coordination and prepositional phrases.
func (p *parser) simple(i, end int) (*node, int) {
	n := &node{first: i}
	var names []*ref
	k := i
	closed := false // an adjective phrase cannot follow the head
loop:
	for k < end && !p.hidden[k] {
		c := &p.chunks[k]
		switch c.kind {
		case kWh:
			if k != i || c.low == "when" || c.low == "where" || c.low == "why" {
				break loop
			}
			if c.low == "how" {
				if k+1 < end && (p.chunks[k+1].low == "many" || p.chunks[k+1].low == "much") {
					n.wh = "how many"
					k += 2
					continue
				}
				break loop
			}
			n.wh = c.low
			k++
			if c.low == "who" || c.low == "whom" || c.low == "what" && p.kindAt(k) == kWord && !p.nominalAhead(k, end) && !p.auxAhead(k, end) {
				break loop
			}
			// "which of the islands"
			if k+2 < end && p.chunks[k].low == "of" && (p.kindAt(k+1) == kDet || p.kindAt(k+1) == kPron) {
				k++
			}
			continue
		case kDet:
			if closed || len(names) > 0 && n.owner == nil && k > i && p.kindAt(k-1) == kName {
				break loop
			}
			if k == i && (c.low == "a" || c.low == "an" || c.low == "any" || c.low == "no") {
				n.indefinite = true
			}
		case kStop:
			if closed || len(names) > 0 {
				break loop
			}
		case kNum:
			if closed || len(names) > 0 {
				break loop
			}
			n.num = c.num
		case kNow:
			if closed || c.low == "still" || c.low == "now" || k == i || !p.nominalAhead(k+1, end) {
				break loop
			}
		case kPron:
			if slices.Contains(possessives, c.low) {
				if closed {
					break loop
				}
				n.owner = &node{first: k, last: k + 1, pron: true, refs: p.antecedents(k, c.low)}
			} else {
				if k != i {
					break loop
				}
				n.pron = true
				if n.refs = p.antecedents(k, c.low); slices.Contains(indefinites, c.low) {
					n.indefinite, n.besides, n.refs = true, n.refs, nil
					if k+1 < end && p.chunks[k+1].low == "else" {
						k++
					}
				}
				k++
				break loop
			}
		case kDate:
			if closed || !p.nominalAhead(k+1, end) {
				break loop
			}
			n.dates = append(n.dates, c.date)
		case kStatus:
			if !p.nominalAhead(k+1, end) || closed {
				break loop
			}
			n.status = c.status
		case kName:
			if closed && !p.keywords {
				break loop
			}
			names = append(names, c.ref)
			if k+1 < end && p.kindAt(k+1) == kPoss {
				owner := &node{first: i, last: k + 1, refs: names[len(names)-1:], mods: names[:len(names)-1]}
				n.owner, names = owner, nil
				k++
			} else if k+2 < end && p.kindAt(k+1) == kHyphen && p.kindAt(k+2) == kName {
				k++
			} else if !p.nominalAhead(k+1, end) {
				k++
				break loop
			}
		case kOffice:
			if closed && n.office == nil {
				break loop
			}
			n.office, n.head, closed = c.office, c, true
			if k+1 < end && p.kindAt(k+1) == kName && !p.keywords { // a title
				n.office, n.head, closed = nil, nil, false
				names = nil
			}
		case kType, kNoun, kUnit:
			if closed && (n.head != nil && n.head.low != c.low || n.unit != "") && !p.nominalCompound(n, c) {
				break loop
			}
			if n.head != nil {
				n.words = append(n.words, p.content(*n.head)...)
			}
			if n.unit != "" && c.kind != kUnit {
				n.unit = ""
			}
			if c.kind == kUnit {
				n.unit = c.unit
			} else {
				n.head = c
			}
			closed = true
			if len(c.types) > 0 && p.lex.partial[c.low] {
				n.part = true
			}
			if k+1 < end && p.kindAt(k+1) == kPoss {
				n.mods, n.last = names, k+1
				owner := *n
				n = &node{first: i, owner: &owner, wh: owner.wh}
				owner.wh = ""
				n.owner = &owner
				names, closed = nil, false
				k++
			}
		case kHyphen:
			if k == i {
				break loop
			}
		case kWord:
			if closed {
				break loop
			}
			if k > i && p.kindAt(k-1) == kName && !p.nominalAhead(k, end) && n.owner == nil {
				break loop
			}
			n.words = append(n.words, c.low)
		case kVerb:
			// a participle as adjective: "the disputed islands"
			if closed || !p.lex.past[p.toks[c.first].low] || !p.nominalAhead(k+1, end) || len(names) > 0 || n.wh != "" || k > 0 && p.kindAt(k-1) == kAux {
				break loop
			}
			n.words = append(n.words, c.low)
		case kPoss:
			break loop
		default:
			break loop
		}
		if x := p.asides[k]; x != nil {
			n.aside = x
			n.words = append(n.words, x.words...)
			n.dates = append(n.dates, x.dates...)
			n.mods = append(n.mods, x.refs...)
			k++
			for k < end && p.hidden[k] {
				k++
			}
			break
		}
		k++
	}
	if n.head == nil && n.unit == "" && n.office == nil {
		n.refs = append(n.refs, names...)
		if len(names) > 1 && !p.keywords {
			n.mods, n.refs = names[:len(names)-1], names[len(names)-1:]
		}
	} else {
		n.mods = append(n.mods, names...)
	}
	n.last = k
	if n.wh == "" && len(n.refs) == 0 && n.head == nil && n.unit == "" && len(n.words) == 0 && !n.pron && n.office == nil && n.owner == nil {
		return nil, i
	}
	return n, k
}

// auxAhead reports whether an auxiliary follows a run of words, so that they
// belong to what is asked for: "what trade status did …".
func (p *parser) auxAhead(k, end int) bool {
	for k < end && p.kindAt(k) == kWord {
		k++
	}
	return k < end && p.kindAt(k) == kAux
}

// nominalCompound reports whether a noun goes on after the head: "peace treaty
// talks", "border dispute".
func (p *parser) nominalCompound(n *node, c *chunk) bool {
	return n.head != nil && n.head.last == c.first || n.head != nil && n.head.last+1 == c.first && p.toks[n.head.last].low == "-"
}

// nominalAhead reports whether a head noun or name follows, before anything
// that ends a noun phrase.
func (p *parser) nominalAhead(k, end int) bool {
	for ; k < end; k++ {
		switch p.chunks[k].kind {
		case kType, kNoun, kUnit, kOffice:
			return true
		case kName:
			return true
		case kWord:
			if strings.HasSuffix(p.chunks[k].low, "ly") {
				return false
			}
			continue
		case kHyphen, kNum, kDate, kDet:
			continue
		}
		return false
	}
	return false
}

// coordinate adds the names that "and", "or" and commas join to the node.
func (p *parser) coordinate(n *node, next, end int) int {
	for next < end && !p.hidden[next] {
		k := next
		joined := false
		for k < end && (p.kindAt(k) == kComma || p.kindAt(k) == kAnd || p.kindAt(k) == kOr && p.chunks[k].low == "or") {
			joined = true
			if p.kindAt(k) == kOr {
				n.or = true
			}
			k++
		}
		if !joined || k >= end {
			return next
		}
		if p.kindAt(k) == kPrep && p.kindAt(k-1) == kOr && n.first > 0 && p.kindAt(n.first-1) == kPrep && p.chunks[n.first-1].low == p.chunks[k].low {
			k++ // "by Chile or by Peru"
		}
		other, after := p.simple(k, end)
		if other == nil || other.wh != "" {
			return next
		}
		if p.kindAt(after) == kVerb || p.kindAt(after) == kAux && k-next == 1 && p.kindAt(next) == kComma {
			// "…, X claims": another clause, unless a list ends before its verb
			if len(n.refs) == 0 || len(other.refs) == 0 || p.kindAt(next) == kComma && k-next == 1 && len(n.refs) == 1 && p.kindAt(after) == kAux {
				return next
			}
		}
		switch {
		case len(n.refs) > 0 && len(other.refs) > 0 && n.head == nil && other.head == nil:
			n.refs = append(n.refs, other.refs...)
		case n.head != nil && other.head != nil && n.wh != "" && n.head.typ() != nil && other.head.typ() != nil:
			// "which states and territories": the first decides
		case len(n.refs) > 0 && other.head != nil && len(other.mods) > 0 && n.head == nil:
			// "Chad-Niger and Niger-Nigeria boundaries" and the like
			n.mods, n.refs, n.head = append(n.refs, other.mods...), nil, other.head
		default:
			return next
		}
		next = after
		n.last = after
	}
	return next
}

// antecedents returns who a pronoun stands for: for "they" the agents named
// before it, for "it" and "he" the one nearest before.
func (p *parser) antecedents(k int, pron string) []*ref {
	var before []*ref
	for i := 0; i < k; i++ {
		if c := &p.chunks[i]; c.kind == kName && !c.ref.adjective {
			before = append(before, c.ref)
		}
	}
	if len(before) == 0 {
		for i := k; i < len(p.chunks); i++ {
			if c := &p.chunks[i]; c.kind == kName {
				return []*ref{c.ref}
			}
		}
		return nil
	}
	if pron == "they" || pron == "their" || pron == "them" {
		return before
	}
	return before[len(before)-1:]
}

// content returns the lower-cased content words of a chunk.
func (p *parser) content(c chunk) []string {
	var out []string
	for k := c.first; k < c.last; k++ {
		if t := &p.toks[k]; t.isWord() && !p.lex.stop[t.low] {
			out = append(out, t.low)
		}
	}
	return out
}
