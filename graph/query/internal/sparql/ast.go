package sparql

import (
	"slices"

	"github.com/cayleygraph/quad"
)

// variable is a variable of a query, or a blank node of its patterns, which is
// a variable that cannot be asked for. Variables that a sub-query shares with
// the query around it have one slot.
type variable struct {
	name  string // without its ?
	blank bool
	outer *variable // that it stands for, outside the sub-query; nil if none
	slot  int       // in rows
}

// root is the outermost variable that v stands for.
func (v *variable) root() *variable {
	for v.outer != nil {
		v = v.outer
	}
	return v
}

// part is a place of a pattern: a variable or a term.
type part struct {
	v    *variable // nil for a term
	term quad.Value
}

// The forms of queries.
const (
	formSelect    = "SELECT"
	formAsk       = "ASK"
	formConstruct = "CONSTRUCT"
	formDescribe  = "DESCRIBE"
)

// query is a query or a sub-query.
type query struct {
	form       string
	distinct   bool // REDUCED too
	star       bool
	projection []projection
	where      node
	grouped    bool // by GROUP BY or by an aggregate
	groupBy    []projection
	aggregates []*aggregate
	having     []expr
	orderBy    []order
	limit      int // -1 for none
	offset     int
	values     *values   // at the end; nil if none
	template   []*triple // of CONSTRUCT
	described  []part
	from       []quad.Value
	fromNamed  []quad.Value
}

// projection is a column of a query, or a key of its groups.
type projection struct {
	v *variable // nil for a key without a name
	e expr      // nil for the variable itself
}

type order struct {
	e    expr
	desc bool
}

// node is a pattern.
type node interface{}

type (
	// join is all of parts together, in any order, with filters on the whole.
	join struct {
		parts   []node
		filters []expr
	}
	triple struct {
		s, p, o part
		path    path // instead of p; nil if none
	}
	// leftJoin is OPTIONAL.
	leftJoin struct {
		left, right node
		filters     []expr
	}
	union  struct{ parts []node }
	minus  struct{ left, right node }
	extend struct {
		child node
		v     *variable
		e     expr
	}
	filter struct {
		child   node
		filters []expr
	}
	values struct {
		vars []*variable
		rows [][]quad.Value // nil for UNDEF
	}
	inGraph struct {
		name  part
		child node
	}
	subSelect struct{ q *query }
	service   struct {
		silent bool
		child  node
	}
)

// path is a property path.
type path interface{}

type (
	link     struct{ iri quad.Value }
	inverse  struct{ p path }
	sequence struct{ left, right path }
	either   struct{ left, right path }
	// repeat is p?, p* and p+.
	repeat struct {
		p          path
		zero, more bool
	}
	// except is a negated property set; forward and backward say which of the
	// two directions it speaks of at all.
	except struct {
		forward, backward bool
		not, notBack      map[quad.Value]bool
	}
)

// expr is an expression.
type expr interface{}

type (
	varExpr   struct{ v *variable }
	constExpr struct{ term quad.Value }
	// call is a function of this language or, with an IRI as its name, another.
	call struct {
		name string // in upper case, or an IRI
		iri  bool
		args []expr
	}
	binary struct {
		op   string
		l, r expr
	}
	unary struct {
		op string
		e  expr
	}
	in struct {
		e    expr
		list []expr
		not  bool
	}
	exists struct {
		pattern node
		not     bool
	}
	// aggregate is worked out for a group before the expression it stands in,
	// which finds its value in the slot of v.
	aggregate struct {
		name      string
		distinct  bool
		e         expr // nil for COUNT(*)
		separator string
		v         *variable
	}
)

// sets are the variables of a pattern: those that it may bind, those that it
// always binds, and those that it looks at.
type sets struct{ all, certain, used map[*variable]bool }

// sets works out, once for each pattern, the sets of n. A filter's variables
// are used but not bound.
func (c *compiled) sets(n node) *sets {
	if s, ok := c.known[n]; ok {
		return s
	}
	s := &sets{map[*variable]bool{}, map[*variable]bool{}, map[*variable]bool{}}
	c.known[n] = s
	bind := func(v *variable, certain bool) {
		v = v.root()
		s.all[v], s.used[v] = true, true
		if certain {
			s.certain[v] = true
		}
	}
	take := func(child node, certain bool) {
		t := c.sets(child)
		for v := range t.all {
			s.all[v] = true
		}
		for v := range t.used {
			s.used[v] = true
		}
		if certain {
			for v := range t.certain {
				s.certain[v] = true
			}
		}
	}
	use := func(exprs ...expr) {
		for _, e := range exprs {
			c.exprVars(e, s.used)
		}
	}
	switch n := n.(type) {
	case *join:
		for _, p := range n.parts {
			take(p, true)
		}
		use(n.filters...)
	case *triple:
		for _, p := range []part{n.s, n.p, n.o} {
			if p.v != nil {
				bind(p.v, true)
			}
		}
	case *leftJoin:
		take(n.left, true)
		take(n.right, false)
		use(n.filters...)
	case *union:
		for i, p := range n.parts {
			take(p, false)
			for v := range c.sets(p).certain {
				if i == 0 {
					s.certain[v] = true
				}
			}
			for v := range s.certain {
				if !c.sets(p).certain[v] {
					delete(s.certain, v)
				}
			}
		}
	case *minus:
		take(n.left, true)
		for v := range c.sets(n.right).used {
			s.used[v] = true
		}
	case *extend:
		take(n.child, true)
		bind(n.v, false)
		use(n.e)
	case *filter:
		take(n.child, true)
		use(n.filters...)
	case *values:
		for i, v := range n.vars {
			certain := len(n.rows) > 0
			for _, row := range n.rows {
				certain = certain && row[i] != nil
			}
			bind(v, certain)
		}
	case *inGraph:
		take(n.child, true)
		if n.name.v != nil {
			bind(n.name.v, true)
		}
	case *service:
		take(n.child, false)
	case *subSelect:
		inner := c.sets(n.q.where)
		for _, p := range n.q.projection {
			bind(p.v, p.e == nil && !n.q.grouped && inner.certain[p.v.root()])
		}
	}
	return s
}

// exprVars adds to set the variables that e looks at.
func (c *compiled) exprVars(e expr, set map[*variable]bool) {
	switch e := e.(type) {
	case *varExpr:
		set[e.v.root()] = true
	case *call:
		for _, a := range e.args {
			c.exprVars(a, set)
		}
	case *binary:
		c.exprVars(e.l, set)
		c.exprVars(e.r, set)
	case *unary:
		c.exprVars(e.e, set)
	case *in:
		c.exprVars(e.e, set)
		for _, a := range e.list {
			c.exprVars(a, set)
		}
	case *exists:
		for v := range c.sets(e.pattern).used {
			set[v] = true
		}
	case *aggregate:
		set[e.v.root()] = true
	}
}

// hasExists reports whether e looks into the graph.
func hasExists(e expr) bool {
	any := func(list ...expr) bool {
		for _, a := range list {
			if hasExists(a) {
				return true
			}
		}
		return false
	}
	switch e := e.(type) {
	case *exists:
		return true
	case *call:
		return any(e.args...)
	case *binary:
		return any(e.l, e.r)
	case *unary:
		return any(e.e)
	case *in:
		return any(e.e) || any(e.list...)
	}
	return false
}

// volatile reports whether e may differ from one solution to the next that
// binds the same.
func volatile(e expr) bool {
	switch e := e.(type) {
	case *call:
		switch e.name {
		case "RAND", "UUID", "STRUUID", "BNODE":
			return true
		}
		return slices.ContainsFunc(e.args, volatile)
	case *binary:
		return volatile(e.l) || volatile(e.r)
	case *unary:
		return volatile(e.e)
	case *in:
		return volatile(e.e) || slices.ContainsFunc(e.list, volatile)
	case *aggregate:
		return e.e != nil && volatile(e.e)
	}
	return false
}
