package sparql

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"
)

// Vocabulary that the language itself knows.
const (
	rdfNS    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	rdfType  = quad.IRI(rdfNS + "type")
	rdfFirst = quad.IRI(rdfNS + "first")
	rdfRest  = quad.IRI(rdfNS + "rest")
	rdfNil   = quad.IRI(rdfNS + "nil")
)

// deepest is how deep patterns and expressions may be nested, so that no text
// can exhaust the stack.
const deepest = 500

// Query is a parsed query. It is not safe for concurrent use.
type Query struct {
	c *compiled
}

// compiled is a query ready to run.
type compiled struct {
	q     *query
	slots int
	vars  []*variable // by slot
	known map[node]*sets

	computed map[*variable]bool // columns that expressions give their values
	unknown  string             // a function that the query calls and nobody has defined
}

// Parse reads a query. prefixes are those it may use without declaring them;
// inverses are properties that no graph holds, by whose triples those of another
// are meant the other way round. A fault in the text is a [*SyntaxError].
func Parse(text string, prefixes map[string]string, inverses map[quad.IRI]quad.IRI) (parsed *Query, err error) {
	text, err = unescape(text)
	if err != nil {
		return nil, &SyntaxError{Line: 1, Column: 1, Message: err.Error()}
	}
	p := &parser{lexer: lexer{text: text}, prefixes: map[string]string{}, inverses: inverses, blanks: map[string]int{}}
	for prefix, iri := range prefixes {
		p.prefixes[prefix] = iri
	}
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case *SyntaxError:
			parsed, err = nil, fault
		default:
			panic(fault)
		}
	}()
	p.advance()
	p.scope = &scope{vars: map[string]*variable{}}
	q := p.query()
	c := &compiled{q: q, known: map[node]*sets{}, computed: map[*variable]bool{}, unknown: p.unknown}
	for _, v := range p.all {
		if v.outer == nil {
			v.slot = len(c.vars)
			c.vars = append(c.vars, v)
		}
	}
	for _, v := range p.all {
		v.slot = v.root().slot
	}
	c.slots = len(c.vars)
	c.prepare(q)
	return &Query{c}, nil
}

// scope is the variables of a query or sub-query by their names.
type scope struct {
	vars       map[string]*variable
	aggregates *[]*aggregate // where expressions put theirs; nil where none may stand
	inside     bool          // an aggregate
}

type parser struct {
	lexer
	tok      token
	prefixes map[string]string
	inverses map[quad.IRI]quad.IRI
	base     *url.URL
	scope    *scope
	all      []*variable
	fresh    int            // names for variables that have none
	blanks   map[string]int // the basic graph pattern of each blank node label
	pattern  int            // the number of the present one
	template bool           // blank nodes are those of a template
	depth    int
	unknown  string // a function that nobody has defined
}

func (p *parser) advance() { p.tok = p.next() }

func (p *parser) failHere(format string, args ...any) { p.fail(p.tok.pos, format, args...) }

// found describes the present token for an error.
func (p *parser) found() string {
	if p.tok.kind == tokEnd {
		return "the query ends"
	}
	return fmt.Sprintf("%q stands", p.text[p.tok.pos:p.tok.end])
}

func (p *parser) is(punct string) bool { return p.tok.kind == tokPunct && p.tok.text == punct }

func (p *parser) accept(punct string) bool {
	if !p.is(punct) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) want(punct string) {
	if !p.accept(punct) {
		p.failHere("%q is wanted where %s", punct, p.found())
	}
}

func (p *parser) isWord(word string) bool {
	return p.tok.kind == tokWord && strings.EqualFold(p.tok.text, word)
}

func (p *parser) word(word string) bool {
	if !p.isWord(word) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) wantWord(word string) {
	if !p.word(word) {
		p.failHere("%s is wanted where %s", word, p.found())
	}
}

// enter counts the depth of nesting; leave undoes it.
func (p *parser) enter() {
	if p.depth++; p.depth > deepest {
		p.failHere("the query is nested more than %d deep", deepest)
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) variable(name string) *variable {
	v := p.scope.vars[name]
	if v == nil {
		v = p.newVariable(name)
		p.scope.vars[name] = v
	}
	return v
}

func (p *parser) newVariable(name string) *variable {
	v := &variable{name: name}
	p.all = append(p.all, v)
	return v
}

// hidden is a variable that no query can name.
func (p *parser) hidden() *variable {
	p.fresh++
	v := p.newVariable(fmt.Sprintf(" %d", p.fresh))
	v.blank = true
	return v
}

func (p *parser) wantVar() *variable {
	if p.tok.kind != tokVar {
		p.failHere("a variable is wanted where %s", p.found())
	}
	v := p.variable(p.tok.text)
	p.advance()
	return v
}

// query reads a whole query.
func (p *parser) query() *query {
	for {
		if p.word("BASE") {
			base, err := url.Parse(p.iri())
			if err != nil {
				p.failHere("the base is no IRI: %v", err)
			}
			p.base = base
		} else if p.word("PREFIX") {
			if p.tok.kind != tokName || p.tok.local != "" {
				p.failHere("a prefix with its colon is wanted where %s", p.found())
			}
			name := p.tok.text
			p.advance()
			if p.tok.kind != tokIRI {
				p.failHere("an IRI in < > is wanted where %s", p.found())
			}
			p.prefixes[name] = p.iri()
		} else {
			break
		}
	}
	q := &query{limit: -1}
	switch {
	case p.isWord(formSelect):
		p.selectQuery(q, true)
	case p.word(formAsk):
		q.form = formAsk
		p.dataset(q)
		p.where(q)
		p.modifiers(q)
	case p.word(formDescribe):
		q.form = formDescribe
		if !p.accept("*") {
			for p.tok.kind == tokVar || p.tok.kind == tokIRI || p.tok.kind == tokName {
				q.described = append(q.described, p.varOrIRI())
			}
			if len(q.described) == 0 {
				p.failHere("what to describe is wanted where %s: *, variables or IRIs", p.found())
			}
		} else {
			q.star = true
		}
		p.dataset(q)
		q.where = &join{}
		if p.isWord("WHERE") || p.is("{") {
			p.where(q)
		}
		p.modifiers(q)
		if q.star {
			for _, v := range visible(q.where, nil) {
				q.described = append(q.described, part{v: v})
			}
		}
	case p.word(formConstruct):
		q.form = formConstruct
		p.construct(q)
		p.modifiers(q)
	default:
		p.failHere("SELECT, ASK, CONSTRUCT or DESCRIBE is wanted where %s", p.found())
	}
	if p.tok.kind != tokEnd {
		p.failHere("the query should end where %s", p.found())
	}
	return q
}

func (p *parser) construct(q *query) {
	if p.is("{") {
		p.template = true
		q.template = p.templateTriples()
		p.template = false
		p.blanks = map[string]int{}
		p.scope.vars = withoutBlanks(p.scope.vars)
		p.dataset(q)
		p.where(q)
		return
	}
	p.dataset(q)
	p.wantWord("WHERE")
	p.pattern++
	q.template = p.templateTriples()
	j := &join{}
	for _, t := range q.template {
		j.parts = append(j.parts, t)
	}
	q.where = j
}

// withoutBlanks drops the blank nodes of a template, which are others than
// those of the pattern.
func withoutBlanks(vars map[string]*variable) map[string]*variable {
	kept := map[string]*variable{}
	for name, v := range vars {
		if !v.blank {
			kept[name] = v
		}
	}
	return kept
}

// templateTriples reads triples without paths in braces.
func (p *parser) templateTriples() []*triple {
	p.want("{")
	var triples []*triple
	for !p.is("}") {
		triples = append(triples, p.sameSubject(false)...)
		if !p.accept(".") {
			break
		}
	}
	p.want("}")
	return triples
}

func (p *parser) dataset(q *query) {
	for p.word("FROM") {
		if p.word("NAMED") {
			q.fromNamed = append(q.fromNamed, quad.IRI(p.iri()))
		} else {
			q.from = append(q.from, quad.IRI(p.iri()))
		}
	}
}

// selectQuery reads SELECT and what follows; a dataset only at the top.
func (p *parser) selectQuery(q *query, top bool) {
	p.wantWord(formSelect)
	q.form = formSelect
	if p.word("DISTINCT") || p.word("REDUCED") {
		q.distinct = true
	}
	p.scope.aggregates = &q.aggregates
	start := p.tok.pos
	if p.accept("*") {
		q.star = true
	} else {
		for {
			if p.tok.kind == tokVar {
				q.projection = append(q.projection, projection{v: p.wantVar()})
			} else if p.accept("(") {
				e := p.expression()
				p.wantWord("AS")
				pos := p.tok.pos
				v := p.wantVar()
				for _, other := range q.projection {
					if other.v == v {
						p.fail(pos, "?%s is selected already", v.name)
					}
				}
				p.want(")")
				q.projection = append(q.projection, projection{v, e})
			} else {
				break
			}
		}
		if len(q.projection) == 0 {
			p.failHere("what to select is wanted where %s: * or variables", p.found())
		}
	}
	p.scope.aggregates = nil
	if top {
		p.dataset(q)
	}
	p.where(q)
	p.modifiers(q)
	p.checkSelect(q, start)
}

// checkSelect refuses columns that have no one value, and fills in those of *.
func (p *parser) checkSelect(q *query, pos int) {
	if q.star {
		if q.grouped {
			p.fail(pos, "SELECT * cannot stand with groups: name the variables")
		}
		vars := visible(q.where, nil)
		if q.values != nil {
			vars = visible(q.values, vars)
		}
		for _, v := range vars {
			q.projection = append(q.projection, projection{v: v})
		}
		return
	}
	inScope := visible(q.where, nil)
	keys := map[*variable]bool{}
	for _, k := range q.groupBy {
		if v, ok := k.e.(*varExpr); ok {
			keys[v.v] = true
		}
		if k.v != nil {
			keys[k.v] = true
		}
	}
	for _, c := range q.projection {
		if c.e != nil && slices.Contains(inScope, c.v) {
			p.fail(pos, "?%s has a value already, so that no expression can be selected as it", c.v.name)
		}
		if !q.grouped {
			continue
		}
		if c.e == nil && !keys[c.v] {
			p.fail(pos, "?%s has many values in a group: group by it or aggregate it", c.v.name)
		}
		for _, v := range looseVars(c.e, nil) {
			if !keys[v] {
				p.fail(pos, "?%s has many values in a group: group by it or aggregate it", v.name)
			}
		}
		if c.e != nil {
			keys[c.v] = true // later columns may use it
		}
	}
}

// looseVars appends the variables of e that stand outside of aggregates and
// patterns.
func looseVars(e expr, vars []*variable) []*variable {
	switch e := e.(type) {
	case *varExpr:
		vars = append(vars, e.v)
	case *call:
		for _, a := range e.args {
			vars = looseVars(a, vars)
		}
	case *binary:
		vars = looseVars(e.r, looseVars(e.l, vars))
	case *unary:
		vars = looseVars(e.e, vars)
	case *in:
		vars = looseVars(e.e, vars)
		for _, a := range e.list {
			vars = looseVars(a, vars)
		}
	}
	return vars
}

// visible appends the variables that n may bind and a query can name, in the
// order in which they appear.
func visible(n node, vars []*variable) []*variable {
	add := func(v *variable) {
		if v != nil && !v.blank && !slices.Contains(vars, v) {
			vars = append(vars, v)
		}
	}
	switch n := n.(type) {
	case *join:
		for _, c := range n.parts {
			vars = visible(c, vars)
		}
	case *triple:
		add(n.s.v)
		add(n.p.v)
		add(n.o.v)
	case *leftJoin:
		vars = visible(n.right, visible(n.left, vars))
	case *union:
		for _, c := range n.parts {
			vars = visible(c, vars)
		}
	case *minus:
		vars = visible(n.left, vars)
	case *extend:
		vars = visible(n.child, vars)
		add(n.v)
	case *filter:
		vars = visible(n.child, vars)
	case *values:
		for _, v := range n.vars {
			add(v)
		}
	case *inGraph:
		add(n.name.v)
		vars = visible(n.child, vars)
	case *service:
		vars = visible(n.child, vars)
	case *subSelect:
		for _, c := range n.q.projection {
			add(c.v.outer)
		}
	}
	return vars
}

func (p *parser) where(q *query) {
	p.word("WHERE")
	q.where = p.group()
}

// modifiers reads what comes after a pattern.
func (p *parser) modifiers(q *query) {
	if p.word("GROUP") {
		p.wantWord("BY")
		q.grouped = true
		for {
			if p.tok.kind == tokVar {
				q.groupBy = append(q.groupBy, projection{e: &varExpr{p.wantVar()}})
			} else if p.accept("(") {
				k := projection{e: p.expression()}
				if p.word("AS") {
					pos := p.tok.pos
					k.v = p.wantVar()
					if slices.Contains(visible(q.where, nil), k.v) {
						p.fail(pos, "?%s has a value already", k.v.name)
					}
				}
				p.want(")")
				q.groupBy = append(q.groupBy, k)
			} else if p.startsCall() {
				q.groupBy = append(q.groupBy, projection{e: p.constraint()})
			} else {
				break
			}
		}
		if len(q.groupBy) == 0 {
			p.failHere("what to group by is wanted where %s", p.found())
		}
	}
	p.scope.aggregates = &q.aggregates
	if p.word("HAVING") {
		for p.is("(") || p.startsCall() {
			q.having = append(q.having, p.constraint())
		}
		if len(q.having) == 0 {
			p.failHere("a condition is wanted where %s", p.found())
		}
		q.grouped = true
	}
	if p.word("ORDER") {
		p.wantWord("BY")
		for {
			switch {
			case p.isWord("ASC"), p.isWord("DESC"):
				desc := p.isWord("DESC")
				p.advance()
				p.want("(")
				q.orderBy = append(q.orderBy, order{p.expression(), desc})
				p.want(")")
				continue
			case p.tok.kind == tokVar:
				q.orderBy = append(q.orderBy, order{e: &varExpr{p.wantVar()}})
				continue
			case p.is("(") || p.startsCall():
				q.orderBy = append(q.orderBy, order{e: p.constraint()})
				continue
			}
			break
		}
		if len(q.orderBy) == 0 {
			p.failHere("what to order by is wanted where %s", p.found())
		}
	}
	p.scope.aggregates = nil
	limit, offset := false, false
	for {
		if !limit && p.word("LIMIT") {
			limit, q.limit = true, p.integer()
		} else if !offset && p.word("OFFSET") {
			offset, q.offset = true, p.integer()
		} else {
			break
		}
	}
	q.grouped = q.grouped || len(q.aggregates) > 0
	if p.word("VALUES") {
		q.values = p.values()
	}
}

func (p *parser) integer() int {
	n, err := strconv.Atoi(p.tok.text)
	if p.tok.kind != tokInteger || err != nil {
		p.failHere("a whole number is wanted where %s", p.found())
	}
	p.advance()
	return n
}

func (p *parser) values() *values {
	n := &values{}
	single := !p.is("(")
	if single {
		n.vars = []*variable{p.wantVar()}
	} else {
		p.advance()
		for !p.is(")") {
			pos := p.tok.pos
			v := p.wantVar()
			if slices.Contains(n.vars, v) {
				p.fail(pos, "?%s stands twice", v.name)
			}
			n.vars = append(n.vars, v)
		}
		p.advance()
	}
	p.want("{")
	for !p.is("}") {
		var row []quad.Value
		pos := p.tok.pos
		if single {
			row = append(row, p.dataValue())
		} else {
			p.want("(")
			for !p.is(")") {
				row = append(row, p.dataValue())
			}
			p.advance()
		}
		if len(row) != len(n.vars) {
			p.fail(pos, "the row has %d values for %d variables", len(row), len(n.vars))
		}
		n.rows = append(n.rows, row)
	}
	p.advance()
	return n
}

func (p *parser) dataValue() quad.Value {
	if p.word("UNDEF") {
		return nil
	}
	if p.tok.kind == tokBlank || p.is("[") || p.is("(") {
		p.failHere("blank nodes are no data")
	}
	t := p.term()
	if t.v != nil {
		p.failHere("a variable is no data")
	}
	return t.term
}

// group reads a pattern in braces.
func (p *parser) group() node {
	p.enter()
	defer p.leave()
	p.want("{")
	p.pattern++
	defer func() { p.pattern++ }()
	if p.isWord(formSelect) {
		n := p.subQuery()
		p.want("}")
		return &join{parts: []node{n}}
	}
	var g node = &join{}
	var filters []expr
	// into adds a pattern to the group's join, which begins anew after what is
	// no join.
	into := func(n node) {
		j, ok := g.(*join)
		if !ok {
			j = &join{parts: []node{g}}
			g = j
		}
		if inner, ok := n.(*join); ok && len(inner.filters) == 0 {
			j.parts = append(j.parts, inner.parts...)
		} else {
			j.parts = append(j.parts, n)
		}
	}
	triplesMayFollow := true
	for !p.is("}") {
		triples := false
		switch {
		case p.word("OPTIONAL"):
			right := p.group()
			opt := &leftJoin{left: g, right: right}
			if f, ok := right.(*filter); ok {
				opt.right, opt.filters = f.child, f.filters
			} else if j, ok := right.(*join); ok {
				opt.right, opt.filters = &join{parts: j.parts}, j.filters
			}
			g = opt
			p.pattern++
		case p.word("MINUS"):
			g = &minus{g, p.group()}
			p.pattern++
		case p.word("FILTER"):
			filters = append(filters, p.constraint())
		case p.word("BIND"):
			p.want("(")
			e := p.expression()
			p.wantWord("AS")
			pos := p.tok.pos
			v := p.wantVar()
			if slices.Contains(visible(g, nil), v) {
				p.fail(pos, "?%s has a value already where BIND would give it one", v.name)
			}
			p.want(")")
			g = &extend{g, v, e}
			p.pattern++
		case p.word("VALUES"):
			into(p.values())
			p.pattern++
		case p.word("GRAPH"):
			name := p.varOrIRI()
			into(&inGraph{name, p.group()})
		case p.word("SERVICE"):
			silent := p.word("SILENT")
			p.varOrIRI()
			into(&service{silent, p.group()})
		case p.is("{"):
			n := p.group()
			if p.isWord("UNION") {
				u := &union{parts: []node{n}}
				for p.word("UNION") {
					u.parts = append(u.parts, p.group())
				}
				n = u
			}
			into(n)
		default:
			if !triplesMayFollow {
				p.failHere("a dot is wanted before the next triple, where %s", p.found())
			}
			for _, t := range p.sameSubject(true) {
				into(t)
			}
			triples = true
		}
		dot := p.accept(".")
		triplesMayFollow = dot || !triples
	}
	p.advance()
	if len(filters) == 0 {
		return g
	}
	if j, ok := g.(*join); ok {
		j.filters = append(j.filters, filters...)
		return j
	}
	return &filter{g, filters}
}

// subQuery reads a SELECT in a pattern. It shares the variables that it
// selects with the query around it.
func (p *parser) subQuery() node {
	outer := p.scope
	p.scope = &scope{vars: map[string]*variable{}}
	q := &query{limit: -1}
	p.selectQuery(q, false)
	p.scope = outer
	for _, c := range q.projection {
		if c.v.outer == nil {
			c.v.outer = p.variable(c.v.name)
		}
	}
	return &subSelect{q}
}

// sameSubject reads a subject with its properties.
func (p *parser) sameSubject(paths bool) []*triple {
	var triples []*triple
	if p.is("[") || p.is("(") {
		s, compound := p.compound(&triples, paths)
		p.properties(s, &triples, paths, !compound)
		return triples
	}
	p.properties(p.term(), &triples, paths, true)
	return triples
}

// properties reads a list of properties with their objects. It may be empty
// unless required.
func (p *parser) properties(s part, triples *[]*triple, paths, required bool) {
	for {
		var verb part
		var via path
		back := false // the property of one triple the other way round
		switch {
		case p.tok.kind == tokVar:
			verb = part{v: p.wantVar()}
		case paths && (p.isWord("a") || p.tok.kind == tokIRI || p.tok.kind == tokName || p.is("(") || p.is("^") || p.is("!")):
			via = p.path()
			if i, ok := via.(*inverse); ok {
				if _, back = i.p.(*link); back {
					via = i.p
				}
			}
			if l, ok := via.(*link); ok {
				verb, via = part{term: l.iri}, nil
			}
		case p.tok.kind == tokWord && p.tok.text == "a":
			p.advance()
			verb = part{term: rdfType}
		case p.tok.kind == tokIRI || p.tok.kind == tokName:
			verb = part{term: quad.IRI(p.iri())}
		default:
			if required {
				p.failHere("a property is wanted where %s", p.found())
			}
			return
		}
		required = false
		for {
			o := p.object(triples, paths)
			if back {
				*triples = append(*triples, &triple{s: o, p: verb, o: s})
			} else {
				*triples = append(*triples, &triple{s: s, p: verb, o: o, path: via})
			}
			if !p.accept(",") {
				break
			}
		}
		if !p.is(";") {
			return
		}
		for p.accept(";") {
		}
	}
}

func (p *parser) object(triples *[]*triple, paths bool) part {
	if p.is("[") || p.is("(") {
		o, _ := p.compound(triples, paths)
		return o
	}
	return p.term()
}

// compound reads a node in brackets or a list in parentheses; described says
// whether it has properties of its own, so that none need follow.
func (p *parser) compound(triples *[]*triple, paths bool) (n part, described bool) {
	p.enter()
	defer p.leave()
	if p.accept("[") {
		n = part{v: p.hidden()}
		if p.accept("]") {
			return n, false
		}
		p.properties(n, triples, paths, true)
		p.want("]")
		return n, true
	}
	p.want("(")
	if p.accept(")") {
		return part{term: rdfNil}, false
	}
	head := part{v: p.hidden()}
	for n = head; ; {
		*triples = append(*triples, &triple{s: n, p: part{term: rdfFirst}, o: p.object(triples, paths)})
		rest := part{term: rdfNil}
		if !p.is(")") {
			rest = part{v: p.hidden()}
		}
		*triples = append(*triples, &triple{s: n, p: part{term: rdfRest}, o: rest})
		if p.accept(")") {
			return head, true
		}
		n = rest
	}
}

func (p *parser) varOrIRI() part {
	if p.tok.kind == tokVar {
		return part{v: p.wantVar()}
	}
	return part{term: quad.IRI(p.iri())}
}

// iri reads an IRI or a prefixed name.
func (p *parser) iri() string {
	t := p.tok
	switch t.kind {
	case tokIRI:
		p.advance()
		return p.resolve(t)
	case tokName:
		ns, ok := p.prefixes[t.text]
		if !ok {
			p.failHere("the prefix of %s:%s is not declared: add PREFIX %s: <…>", t.text, t.local, t.text)
		}
		p.advance()
		return ns + t.local
	}
	p.failHere("an IRI is wanted where %s", p.found())
	return ""
}

// resolve makes an IRI absolute.
func (p *parser) resolve(t token) string {
	if p.base == nil {
		return t.text
	}
	ref, err := url.Parse(t.text)
	if err != nil || ref.IsAbs() {
		return t.text // what is no URL is no relative reference
	}
	if t.text == "" {
		b := *p.base
		b.Fragment = ""
		return b.String()
	}
	return p.base.ResolveReference(ref).String()
}

// term reads a variable or a term.
func (p *parser) term() part {
	t := p.tok
	switch t.kind {
	case tokVar:
		return part{v: p.wantVar()}
	case tokIRI, tokName:
		return part{term: quad.IRI(p.iri())}
	case tokBlank:
		p.advance()
		if was, ok := p.blanks[t.text]; ok && was != p.pattern && !p.template {
			p.fail(t.pos, "the blank node _:%s stands in two patterns: use a variable", t.text)
		}
		p.blanks[t.text] = p.pattern
		v := p.variable("_:" + t.text)
		v.blank = true
		return part{v: v}
	case tokString:
		return part{term: p.literal()}
	case tokInteger, tokDecimal, tokDouble:
		p.advance()
		return part{term: numeral(t, "")}
	case tokWord:
		if p.isWord("true") || p.isWord("false") {
			p.advance()
			return part{term: boolean(strings.EqualFold(t.text, "true"))}
		}
	case tokPunct:
		if t.text == "+" || t.text == "-" {
			p.advance()
			n := p.tok
			if n.pos == t.end && (n.kind == tokInteger || n.kind == tokDecimal || n.kind == tokDouble) {
				p.advance()
				return part{term: numeral(n, t.text)}
			}
		}
	}
	p.fail(t.pos, "a variable, an IRI or a literal is wanted where %s", p.found())
	return part{}
}

func numeral(t token, sign string) quad.Value {
	types := map[kind]string{tokInteger: xsdInteger, tokDecimal: xsdDecimal, tokDouble: xsdDouble}
	return typed(sign+t.text, types[t.kind])
}

func (p *parser) literal() quad.Value {
	text := p.tok.text
	p.advance()
	if p.tok.kind == tokLang {
		tag := p.tok.text
		p.advance()
		return quad.LangString{Value: quad.String(text), Lang: tag}
	}
	if p.accept("^^") {
		return typed(text, p.iri())
	}
	return quad.String(text)
}

// path reads a property path.
func (p *parser) path() path {
	p.enter()
	defer p.leave()
	left := p.pathSequence()
	for p.accept("|") {
		left = &either{left, p.pathSequence()}
	}
	return left
}

func (p *parser) pathSequence() path {
	left := p.pathStep()
	for p.accept("/") {
		left = &sequence{left, p.pathStep()}
	}
	return left
}

func (p *parser) pathStep() path {
	if p.accept("^") {
		return &inverse{p.pathElement()}
	}
	return p.pathElement()
}

func (p *parser) pathElement() path {
	var step path
	switch {
	case p.accept("("):
		step = p.path()
		p.want(")")
	case p.accept("!"):
		step = p.pathExcept()
	default:
		iri := p.pathIRI()
		if step = (&link{iri}); p.inverses[iri.(quad.IRI)] != "" {
			step = &inverse{&link{p.inverses[iri.(quad.IRI)]}}
		}
	}
	switch {
	case p.accept("*"):
		return &repeat{step, true, true}
	case p.accept("+"):
		return &repeat{step, false, true}
	case p.accept("?"):
		return &repeat{step, true, false}
	}
	return step
}

func (p *parser) pathIRI() quad.Value {
	if p.tok.kind == tokWord && p.tok.text == "a" {
		p.advance()
		return rdfType
	}
	return quad.IRI(p.iri())
}

func (p *parser) pathExcept() path {
	e := &except{not: map[quad.Value]bool{}, notBack: map[quad.Value]bool{}}
	one := func() {
		if p.accept("^") {
			e.backward = true
			e.notBack[p.pathIRI()] = true
			return
		}
		e.forward = true
		e.not[p.pathIRI()] = true
	}
	if !p.accept("(") {
		one()
		return e
	}
	if p.accept(")") {
		e.forward = true
		return e
	}
	for one(); p.accept("|"); one() {
	}
	p.want(")")
	return e
}

// startsCall reports whether a function call may begin here.
func (p *parser) startsCall() bool {
	if p.tok.kind == tokIRI || p.tok.kind == tokName {
		return true
	}
	if p.tok.kind != tokWord {
		return false
	}
	name := strings.ToUpper(p.tok.text)
	return isFunction(name) || isAggregate(name) || name == "EXISTS" || name == "NOT"
}

// constraint reads what FILTER, HAVING and the like take: an expression in
// parentheses or a call.
func (p *parser) constraint() expr {
	if p.accept("(") {
		e := p.expression()
		p.want(")")
		return e
	}
	if !p.startsCall() {
		p.failHere("a condition is wanted where %s: put it in parentheses", p.found())
	}
	named := p.tok.kind == tokIRI || p.tok.kind == tokName
	e := p.primary()
	if _, isTerm := e.(*constExpr); isTerm && named {
		p.failHere("the arguments of a function are wanted where %s", p.found())
	}
	return e
}

func (p *parser) expression() expr {
	p.enter()
	defer p.leave()
	left := p.conjunction()
	for p.accept("||") {
		left = &binary{"||", left, p.conjunction()}
	}
	return left
}

func (p *parser) conjunction() expr {
	left := p.relation()
	for p.accept("&&") {
		left = &binary{"&&", left, p.relation()}
	}
	return left
}

func (p *parser) relation() expr {
	left := p.sum()
	if p.tok.kind == tokPunct {
		switch op := p.tok.text; op {
		case "=", "!=", "<", ">", "<=", ">=":
			p.advance()
			return &binary{op, left, p.sum()}
		}
	}
	if p.word("IN") {
		return &in{e: left, list: p.arguments()}
	}
	if p.isWord("NOT") {
		p.advance()
		p.wantWord("IN")
		return &in{e: left, list: p.arguments(), not: true}
	}
	return left
}

func (p *parser) arguments() []expr {
	p.want("(")
	var list []expr
	if p.accept(")") {
		return list
	}
	for {
		list = append(list, p.expression())
		if !p.accept(",") {
			p.want(")")
			return list
		}
	}
}

func (p *parser) sum() expr {
	left := p.product()
	for p.is("+") || p.is("-") {
		op := p.tok.text
		p.advance()
		left = &binary{op, left, p.product()}
	}
	return left
}

func (p *parser) product() expr {
	left := p.sign()
	for p.is("*") || p.is("/") {
		op := p.tok.text
		p.advance()
		left = &binary{op, left, p.sign()}
	}
	return left
}

func (p *parser) sign() expr {
	p.enter()
	defer p.leave()
	if p.is("!") {
		p.advance()
		return &unary{"!", p.sign()}
	}
	if p.is("-") || p.is("+") {
		op := p.tok
		p.advance()
		if n := p.tok; n.pos == op.end && (n.kind == tokInteger || n.kind == tokDecimal || n.kind == tokDouble) {
			p.advance()
			return &constExpr{numeral(n, op.text)}
		}
		return &unary{op.text, p.primary()}
	}
	return p.primary()
}

func (p *parser) primary() expr {
	t := p.tok
	switch t.kind {
	case tokVar:
		return &varExpr{p.wantVar()}
	case tokString, tokInteger, tokDecimal, tokDouble:
		return &constExpr{p.term().term}
	case tokIRI, tokName:
		iri := p.iri()
		if !p.is("(") {
			return &constExpr{quad.IRI(iri)}
		}
		p.advance()
		p.word("DISTINCT") // of aggregates that others define
		c := &call{name: iri, iri: true}
		if !p.accept(")") {
			for {
				c.args = append(c.args, p.expression())
				if !p.accept(",") {
					break
				}
			}
			p.want(")")
		}
		if !knownCast(iri) {
			p.unknown = iri
		} else if len(c.args) != 1 {
			p.fail(t.pos, "<%s> takes one argument", iri)
		}
		return c
	case tokWord:
		return p.wordExpression()
	case tokPunct:
		if p.accept("(") {
			e := p.expression()
			p.want(")")
			return e
		}
	}
	p.failHere("an expression is wanted where %s", p.found())
	return nil
}

func (p *parser) wordExpression() expr {
	t := p.tok
	name := strings.ToUpper(t.text)
	switch name {
	case "TRUE", "FALSE":
		p.advance()
		return &constExpr{boolean(name == "TRUE")}
	case "NOT":
		p.advance()
		p.wantWord("EXISTS")
		return &exists{p.filterPattern(), true}
	case "EXISTS":
		p.advance()
		return &exists{p.filterPattern(), false}
	}
	if isAggregate(name) {
		return p.aggregate(name)
	}
	if !isFunction(name) {
		p.failHere("an expression is wanted where %s", p.found())
	}
	p.advance()
	c := &call{name: name, args: p.arguments()}
	if name == "URI" {
		c.name = "IRI"
	}
	if c.name == "IRI" && p.base != nil { // which the function's results are relative to
		c.args = append(c.args, &constExpr{quad.IRI(p.base.String())})
	}
	least, most := arity(name)
	if n := len(c.args); c.name != "IRI" && (n < least || n > most) || c.name == "IRI" && n == 0 {
		p.fail(t.pos, "%s takes another number of arguments than %d", name, n)
	}
	if name == "BOUND" {
		if _, ok := c.args[0].(*varExpr); !ok {
			p.fail(t.pos, "BOUND takes a variable")
		}
	}
	return c
}

// filterPattern reads the pattern of EXISTS, which no aggregate may stand in.
func (p *parser) filterPattern() node {
	before, pattern := *p.scope, p.pattern
	p.scope.aggregates = nil
	n := p.group()
	p.scope.aggregates, p.scope.inside = before.aggregates, before.inside
	p.pattern = pattern
	return n
}

func (p *parser) aggregate(name string) expr {
	t := p.tok
	p.advance()
	if p.scope.inside {
		p.fail(t.pos, "%s stands inside another aggregate", name)
	}
	if p.scope.aggregates == nil {
		p.fail(t.pos, "%s can stand in SELECT, HAVING and ORDER BY only", name)
	}
	p.want("(")
	p.scope.inside = true
	a := &aggregate{name: name, separator: " ", distinct: p.word("DISTINCT")}
	if name != "COUNT" || !p.accept("*") {
		a.e = p.expression()
	}
	if name == "GROUP_CONCAT" && p.accept(";") {
		p.wantWord("SEPARATOR")
		p.want("=")
		if p.tok.kind != tokString {
			p.failHere("a string is wanted where %s", p.found())
		}
		a.separator = p.tok.text
		p.advance()
	}
	p.want(")")
	p.scope.inside = false
	a.v = p.hidden()
	*p.scope.aggregates = append(*p.scope.aggregates, a)
	return a
}

// prepare pushes filters to where their variables have values, and works out
// the sets of their variables.
func (c *compiled) prepare(q *query) {
	q.where = c.rewrite(q.where)
	c.sets(q.where)
	for _, list := range [][]projection{q.projection, q.groupBy} {
		for _, p := range list {
			if p.e != nil && p.v != nil {
				c.computed[p.v.root()] = true
			}
			c.prepareExpr(p.e)
		}
	}
	for _, a := range q.aggregates {
		c.prepareExpr(a.e)
	}
	for _, e := range q.having {
		c.prepareExpr(e)
	}
	for _, o := range q.orderBy {
		c.prepareExpr(o.e)
	}
}

func (c *compiled) prepareExpr(e expr) {
	switch e := e.(type) {
	case *exists:
		e.pattern = c.rewrite(e.pattern)
		c.sets(e.pattern)
	case *call:
		for _, a := range e.args {
			c.prepareExpr(a)
		}
	case *binary:
		c.prepareExpr(e.l)
		c.prepareExpr(e.r)
	case *unary:
		c.prepareExpr(e.e)
	case *in:
		c.prepareExpr(e.e)
		for _, a := range e.list {
			c.prepareExpr(a)
		}
	}
}

func (c *compiled) rewrite(n node) node {
	each := func(filters []expr) {
		for _, f := range filters {
			c.prepareExpr(f)
		}
	}
	switch n := n.(type) {
	case *join:
		each(n.filters)
		for i := range n.parts {
			n.parts[i] = c.rewrite(n.parts[i])
		}
	case *leftJoin:
		each(n.filters)
		n.left, n.right = c.rewrite(n.left), c.rewrite(n.right)
	case *union:
		for i := range n.parts {
			n.parts[i] = c.rewrite(n.parts[i])
		}
	case *minus:
		n.left, n.right = c.rewrite(n.left), c.rewrite(n.right)
	case *extend:
		c.prepareExpr(n.e)
		n.child = c.rewrite(n.child)
	case *inGraph:
		n.child = c.rewrite(n.child)
	case *service:
		n.child = c.rewrite(n.child)
	case *subSelect:
		c.prepare(n.q)
	case *filter:
		each(n.filters)
		n.child = c.rewrite(n.child)
		var rest []expr
		for _, f := range n.filters {
			if !c.push(n.child, f) {
				rest = append(rest, f)
			}
		}
		c.known = map[node]*sets{} // used sets have changed
		if len(rest) == 0 {
			return n.child
		}
		n.filters = rest
	}
	return n
}

// push moves a filter into a pattern where that changes nothing.
func (c *compiled) push(n node, f expr) bool {
	if hasExists(f) {
		return false
	}
	fits := func(n node) bool {
		vars := map[*variable]bool{}
		c.exprVars(f, vars)
		return subset(vars, c.sets(n).certain)
	}
	switch n := n.(type) {
	case *join:
		if fits(n) {
			n.filters = append(n.filters, f)
			return true
		}
	case *leftJoin:
		return fits(n.left) && c.push(n.left, f)
	case *minus:
		return fits(n.left) && c.push(n.left, f)
	case *extend:
		return fits(n.child) && c.push(n.child, f)
	}
	return false
}

func subset(a, b map[*variable]bool) bool {
	for v := range a {
		if !b[v] {
			return false
		}
	}
	return true
}

// errService is the error of a query that asks another service.
var errService = &UnsupportedError{"the query asks another service with SERVICE: demarc reads its own graph only; use SERVICE SILENT to go on without it"}
