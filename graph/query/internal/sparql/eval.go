// Package sparql is SPARQL 1.1 Query: a parser, and an evaluator that streams
// solutions from the indexes of a graph.
//
// A pattern is evaluated by calling a function with each of its solutions, the
// values of the variables standing in one row that is changed in place. Joins
// look up the next pattern with what the ones before have bound, the most
// selective first; a pattern that may not see those values (a sub-query, an
// OPTIONAL that shares variables with its surroundings) is evaluated once, kept
// and hashed.
package sparql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// Graph is what a query reads: a [store.Snapshot].
type Graph interface {
	Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error]
	Count(ctx context.Context, p store.Pattern) (int64, error)
	Labels(ctx context.Context) iter.Seq2[quad.Value, error]
}

// Options are the settings of [Query.Run].
type Options struct {
	// Default and Named are the dataset: the labels of the quads that make the
	// default graph, and of the named graphs. Where both are nil the query's own
	// clauses FROM and FROM NAMED say so, and without those the default graph is
	// all quads and every label a named graph.
	Default, Named []quad.Value
	// Rows is the number of rows after which to stop, none if negative.
	Rows int
	// Memory is the number of bytes that the query may keep, about; none if 0.
	Memory int64
}

// ErrMemory is the error of a query that keeps more than [Options.Memory].
var ErrMemory = errors.New("the query needs too much memory")

// The forms of results.
const (
	Bindings = "bindings"
	Boolean  = "boolean"
	Triples  = "triples"
)

// Result is the answer to a query. Unbound values are nil.
type Result struct {
	Form    string
	Columns []string
	Rows    [][]quad.Value
}

// row has the value of each variable by slot, nil where it has none.
type row []quad.Value

// active is the graph that patterns are matched with: the default graph, a
// named one, or the one that a variable is bound to, or will be.
type active struct {
	label quad.Value
	v     *variable
}

// run is the state of a query that runs.
type run struct {
	*compiled
	ctx      context.Context
	g        Graph
	opts     Options
	steps    uint
	memory   int64
	now      time.Time
	blanks   int                     // blank nodes made
	counts   map[store.Pattern]int64 // of patterns of one constant
	orders   map[string][]step       // of joins, by what is bound
	regexps  map[regexpKey]regexpOrError
	joinIDs  map[*join]int
	optional map[*leftJoin]bool    // whether the right side sees the left one
	texts    map[string]quad.Value // the blank nodes of texts, by solution
	labels   []quad.Value          // the named graphs, once asked for
	haveName bool
}

// errDone ends an evaluation that has yielded enough.
var errDone = errors.New("done")

// Run evaluates the query. Errors are those of g, of ctx as [context.Cause] has
// them, and [ErrMemory].
func (q *Query) Run(ctx context.Context, g Graph, opts Options) (*Result, error) {
	if q.c.unknown != "" {
		return nil, fmt.Errorf("there is no function <%s>", q.c.unknown)
	}
	x := &run{
		compiled: q.c, ctx: ctx, g: g, opts: opts, now: time.Now(),
		counts: map[store.Pattern]int64{}, orders: map[string][]step{},
		regexps: map[regexpKey]regexpOrError{}, joinIDs: map[*join]int{}, optional: map[*leftJoin]bool{},
	}
	top := q.c.q
	if opts.Default == nil && opts.Named == nil && (top.from != nil || top.fromNamed != nil) {
		x.opts.Default, x.opts.Named = top.from, top.fromNamed
		if x.opts.Default == nil {
			x.opts.Default = []quad.Value{}
		}
		if x.opts.Named == nil {
			x.opts.Named = []quad.Value{}
		}
	}
	res, err := x.result(top)
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	return res, nil
}

func (x *run) result(q *query) (*Result, error) {
	res := &Result{Form: Bindings, Columns: []string{}, Rows: [][]quad.Value{}}
	full := func() bool { return x.opts.Rows >= 0 && len(res.Rows) >= x.opts.Rows }
	seen := map[[3]quad.Value]bool{}
	addTriple := func(s, p, o quad.Value) error {
		key := [3]quad.Value{s, p, o}
		if seen[key] {
			return nil
		}
		seen[key] = true
		res.Rows = append(res.Rows, key[:])
		if full() {
			return errDone
		}
		return x.keep(3)
	}
	var err error
	switch q.form {
	case formSelect:
		for _, c := range q.projection {
			res.Columns = append(res.Columns, c.v.name)
		}
		if full() {
			break
		}
		err = x.solve(q, x.empty(), active{}, func(r row) error {
			out := make([]quad.Value, len(q.projection))
			for i, c := range q.projection {
				out[i] = r[c.v.slot]
			}
			res.Rows = append(res.Rows, out)
			if full() {
				return errDone
			}
			return x.keep(len(out))
		})
	case formAsk:
		res.Form, res.Columns = Boolean, []string{"ask"}
		found := false
		err = x.solve(q, x.empty(), active{}, func(row) error {
			found = true
			return errDone
		})
		res.Rows = append(res.Rows, []quad.Value{boolean(found)})
	case formConstruct:
		res.Form, res.Columns = Triples, []string{"subject", "predicate", "object"}
		err = x.solve(q, x.empty(), active{}, func(r row) error {
			fresh := map[*variable]quad.Value{}
			value := func(p part) quad.Value {
				switch {
				case p.v == nil:
					return p.term
				case !p.v.blank:
					return r[p.v.slot]
				case fresh[p.v] == nil:
					fresh[p.v] = x.newBlank()
				}
				return fresh[p.v]
			}
			for _, t := range q.template {
				s, p, o := value(t.s), value(t.p), value(t.o)
				_, isIRI := p.(quad.IRI)
				if s == nil || o == nil || !isIRI || isLiteral(s) {
					continue
				}
				if err := addTriple(s, p, o); err != nil {
					return err
				}
			}
			return nil
		})
	case formDescribe:
		res.Form, res.Columns = Triples, []string{"subject", "predicate", "object"}
		described := map[quad.Value]bool{}
		var describe func(t quad.Value) error
		describe = func(t quad.Value) error {
			if t == nil || isLiteral(t) || described[t] {
				return nil
			}
			described[t] = true
			var blanks []quad.Value
			err := x.match(active{}, store.Pattern{Subject: t}, func(m quad.Quad) error {
				if _, ok := m.Object.(quad.BNode); ok {
					blanks = append(blanks, m.Object)
				}
				return addTriple(m.Subject, m.Predicate, m.Object)
			})
			for _, b := range blanks {
				if err == nil {
					err = describe(b)
				}
			}
			return err
		}
		var constants bool
		for _, p := range q.described {
			if p.v == nil && err == nil {
				err = describe(p.term)
			}
			constants = constants || p.v != nil
		}
		if constants && err == nil {
			err = x.solve(q, x.empty(), active{}, func(r row) error {
				for _, p := range q.described {
					if p.v != nil {
						if err := describe(r[p.v.slot]); err != nil {
							return err
						}
					}
				}
				return nil
			})
		}
	}
	if err == errDone {
		err = nil
	}
	return res, err
}

func (x *run) empty() row { return make(row, x.slots) }

func (x *run) newBlank() quad.Value {
	x.blanks++
	return quad.BNode(fmt.Sprintf("q%d", x.blanks))
}

// tick notices every so often that the query is to stop.
func (x *run) tick() error {
	if x.steps++; x.steps&0x7f == 0 && x.ctx.Err() != nil {
		return context.Cause(x.ctx)
	}
	return nil
}

// keep accounts for a row of n values that stays in memory.
func (x *run) keep(n int) error {
	x.memory += int64(64 + 32*n)
	if x.opts.Memory > 0 && x.memory > x.opts.Memory {
		return ErrMemory
	}
	return x.tick()
}

// match calls do with the triples of a graph that match p, each once.
func (x *run) match(a active, p store.Pattern, do func(quad.Quad) error) error {
	if isLiteral(p.Subject) {
		return nil
	}
	if _, ok := p.Predicate.(quad.IRI); p.Predicate != nil && !ok {
		return nil
	}
	p.Label = a.label
	labels := x.opts.Default
	if a.label != nil || a.v != nil {
		labels = nil
	}
	if labels != nil && len(labels) == 0 {
		return nil
	}
	if len(labels) == 1 {
		p.Label, labels = labels[0], nil
	}
	err := x.matchOne(p, labels, a.v != nil, do)
	if b, ok := p.Object.(quad.TypedString); ok && err == nil && b.Type == xsdBoolean {
		p.Object = quad.Bool(b.Value == "true")
		err = x.matchOne(p, labels, a.v != nil, do)
	}
	return err
}

func (x *run) matchOne(p store.Pattern, labels []quad.Value, labelled bool, do func(quad.Quad) error) error {
	var last quad.Quad
	for q, err := range x.g.Match(x.ctx, p) {
		if err != nil {
			if x.ctx.Err() != nil {
				return context.Cause(x.ctx)
			}
			return err
		}
		if err := x.tick(); err != nil {
			return err
		}
		if labels != nil && !slices.Contains(labels, q.Label) {
			continue
		}
		if labelled {
			if q.Label == nil || x.opts.Named != nil && !slices.Contains(x.opts.Named, q.Label) {
				continue
			}
		} else {
			q.Label = nil
			if q == last { // one triple under several labels; the indexes keep it together
				continue
			}
			last = q
		}
		if b, ok := q.Object.(quad.Bool); ok {
			q.Object = boolean(bool(b))
		}
		if err := do(q); err != nil {
			return err
		}
	}
	if x.ctx.Err() != nil {
		return context.Cause(x.ctx)
	}
	return nil
}

// named returns the named graphs.
func (x *run) named() ([]quad.Value, error) {
	if x.haveName {
		return x.labels, nil
	}
	if x.opts.Named != nil {
		x.labels = x.opts.Named
	} else {
		for label, err := range x.g.Labels(x.ctx) {
			if err != nil {
				return nil, err
			}
			if label != nil {
				x.labels = append(x.labels, label)
			}
		}
	}
	x.haveName = true
	return x.labels, x.ctx.Err()
}

// yield takes a solution. The row is valid until it returns.
type yield func(r row) error

// eval calls out with each solution of n that agrees with r, having put its
// values into r. When it returns, r is as it was.
func (x *run) eval(n node, r row, a active, out yield) error {
	if err := x.tick(); err != nil {
		return err
	}
	switch n := n.(type) {
	case *join:
		return x.evalJoin(n, r, a, out)
	case *triple:
		return x.evalTriple(n, r, a, out)
	case *leftJoin:
		return x.evalLeftJoin(n, r, a, out)
	case *union:
		for _, p := range n.parts {
			if err := x.eval(p, r, a, out); err != nil {
				return err
			}
		}
		return nil
	case *minus:
		return x.evalMinus(n, r, a, out)
	case *extend:
		return x.eval(n.child, r, a, func(r row) error {
			v, err := x.valueOrNone(n.e, r, a)
			if err != nil {
				return err
			}
			if v == nil {
				return out(r)
			}
			return bind(r, n.v.slot, v, func() error { return out(r) })
		})
	case *filter:
		return x.eval(n.child, r, a, x.filtered(n.filters, a, out))
	case *values:
		return x.evalValues(n, r, out)
	case *inGraph:
		return x.evalGraph(n, r, out)
	case *subSelect:
		return x.evalSub(n.q, r, a, out)
	case *service:
		if n.silent {
			return out(r)
		}
		return errService
	}
	return fmt.Errorf("sparql: pattern %T", n)
}

// bind gives a slot a value while do runs, if it has no other.
func bind(r row, slot int, v quad.Value, do func() error) error {
	if was := r[slot]; was != nil {
		if was != v {
			return nil
		}
		return do()
	}
	r[slot] = v
	err := do()
	r[slot] = nil
	return err
}

func (x *run) evalTriple(t *triple, r row, a active, out yield) error {
	at := func(p part) quad.Value {
		if p.v == nil {
			return p.term
		}
		return r[p.v.slot]
	}
	if a.v != nil && r[a.v.slot] != nil {
		a = active{label: r[a.v.slot]}
	}
	put := func(p part, v quad.Value) (undo int, ok bool) {
		if p.v == nil {
			return -1, true // the index saw to it
		}
		if was := r[p.v.slot]; was != nil {
			return -1, was == v
		}
		r[p.v.slot] = v
		return p.v.slot, true
	}
	if t.path != nil {
		return x.walk(t.path, at(t.s), at(t.o), a, func(s, o quad.Value) error {
			u1, ok := put(t.s, s)
			var err error
			if ok {
				u2, ok := put(t.o, o)
				if ok {
					err = out(r)
				}
				if u2 >= 0 {
					r[u2] = nil
				}
			}
			if u1 >= 0 {
				r[u1] = nil
			}
			return err
		})
	}
	parts := [4]part{t.s, t.p, t.o, {v: a.v}}
	n := 3
	if a.v != nil {
		n = 4
	}
	return x.match(a, store.Pattern{Subject: at(t.s), Predicate: at(t.p), Object: at(t.o)}, func(q quad.Quad) error {
		var undo [4]int
		done, ok := 0, true
		for i, v := range [4]quad.Value{q.Subject, q.Predicate, q.Object, q.Label} {
			if i == n || !ok {
				break
			}
			undo[i], ok = put(parts[i], v)
			done = i + 1
		}
		var err error
		if ok {
			err = out(r)
		}
		for _, slot := range undo[:done] {
			if slot >= 0 {
				r[slot] = nil
			}
		}
		return err
	})
}

// step is a part of a join in its place, with the filters that can be tried
// after it. kept says that the part must not see what the ones before have
// bound; key are the slots that it then shares with them for sure.
type step struct {
	n       node
	filters []expr
	kept    bool
	key     []int
}

func (x *run) evalJoin(j *join, r row, a active, out yield) error {
	if len(j.parts) == 1 { // nothing to put in order
		return x.eval(j.parts[0], r, a, x.filtered(j.filters, a, out))
	}
	steps, err := x.order(j, r, a)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		return x.filtered(j.filters, a, out)(r)
	}
	base := r
	kept := make([]*table, len(steps))
	if slices.ContainsFunc(steps, func(s step) bool { return s.kept }) {
		base = slices.Clone(r)
	}
	var from func(i int, r row) error
	from = func(i int, r row) error {
		if i == len(steps) {
			return out(r)
		}
		s := &steps[i]
		next := x.filtered(s.filters, a, func(r row) error { return from(i+1, r) })
		if !s.kept {
			return x.eval(s.n, r, a, next)
		}
		if kept[i] == nil {
			t, err := x.table(s.n, base, a, s.key)
			if err != nil {
				return err
			}
			kept[i] = t
		}
		return kept[i].join(x, r, next)
	}
	return from(0, r)
}

// filtered is out for the rows for which every filter holds.
func (x *run) filtered(filters []expr, a active, out yield) yield {
	if len(filters) == 0 {
		return out
	}
	return func(r row) error {
		for _, f := range filters {
			ok, err := x.truth(f, r, a)
			if fatal(err) {
				return err
			}
			if err != nil || !ok {
				return nil
			}
		}
		return out(r)
	}
}

// order puts the parts of a join into the order of their costs, each part's
// cost being that of finding its solutions when the ones before it are bound.
// The result is remembered for joins that start with the same variables.
func (x *run) order(j *join, r row, a active) ([]step, error) {
	id, ok := x.joinIDs[j]
	if !ok {
		id = len(x.joinIDs)
		x.joinIDs[j] = id
	}
	var key strings.Builder
	fmt.Fprintf(&key, "%d ", id)
	bound := map[*variable]bool{}
	used := x.sets(j).used
	for v := range used {
		if r[v.slot] != nil {
			bound[v] = true
		}
	}
	for _, v := range x.vars { // in order
		if bound[v] {
			fmt.Fprintf(&key, "%d,", v.slot)
		}
	}
	if a.v != nil {
		fmt.Fprintf(&key, "g%v", r[a.v.slot] != nil)
	}
	if steps, ok := x.orders[key.String()]; ok {
		return steps, nil
	}
	given := bound
	bound = map[*variable]bool{}
	for v := range given {
		bound[v] = true
	}
	rest := slices.Clone(j.parts)
	maybe := map[*variable]bool{} // what the parts so far may have bound
	var steps []step
	for len(rest) > 0 {
		best, least := 0, math.Inf(1)
		for i, n := range rest {
			c, err := x.cost(n, bound)
			if err != nil {
				return nil, err
			}
			if all := x.sets(n).all; len(steps) > 0 && len(all) > 0 && !touches(all, bound) { // a cross product
				c = c*1e6 + 1e6
			}
			if c < least {
				best, least = i, c
			}
		}
		n := rest[best]
		rest = slices.Delete(rest, best, best+1)
		s := step{n: n, kept: !x.sees(n, maybe)}
		vars := x.sets(n)
		if s.kept {
			for v := range vars.certain {
				if bound[v] && !given[v] {
					s.key = append(s.key, v.slot)
				}
			}
			slices.Sort(s.key)
		}
		for v := range vars.certain {
			bound[v] = true
		}
		for v := range vars.all {
			maybe[v] = true
		}
		steps = append(steps, s)
	}
	for _, f := range j.filters {
		need := map[*variable]bool{}
		x.exprVars(f, need)
		at := len(steps) - 1
		if !hasExists(f) {
			have := map[*variable]bool{}
			for v := range given {
				have[v] = true
			}
			for i, s := range steps {
				for v := range x.sets(s.n).certain {
					have[v] = true
				}
				if subset(need, have) {
					at = i
					break
				}
			}
		}
		if at >= 0 {
			steps[at].filters = append(steps[at].filters, f)
		}
	}
	x.orders[key.String()] = steps
	return steps, nil
}

// touches reports whether a and b share a variable.
func touches(a, b map[*variable]bool) bool {
	for v := range a {
		if b[v] {
			return true
		}
	}
	return false
}

// sees reports whether n has the same solutions when the variables of outer are
// bound before as when its solutions are compared with them after.
func (x *run) sees(n node, outer map[*variable]bool) bool {
	if len(outer) == 0 {
		return true
	}
	// within reports whether the variables of outer that are in used always
	// get their values in child, too.
	within := func(used map[*variable]bool, child node) bool {
		certain := x.sets(child).certain
		for v := range used {
			if outer[v] && !certain[v] {
				return false
			}
		}
		return true
	}
	usedBy := func(filters []expr) map[*variable]bool {
		used := map[*variable]bool{}
		for _, f := range filters {
			x.exprVars(f, used)
		}
		return used
	}
	switch n := n.(type) {
	case *triple, *values, *service:
		return true
	case *join:
		for _, p := range n.parts {
			if !x.sees(p, outer) {
				return false
			}
		}
		return within(usedBy(n.filters), n)
	case *union:
		for _, p := range n.parts {
			if !x.sees(p, outer) {
				return false
			}
		}
		return true
	case *inGraph:
		return x.sees(n.child, outer)
	case *leftJoin:
		return x.sees(n.left, outer) && within(x.sets(n.right).used, n.left) && within(usedBy(n.filters), n.left)
	case *extend:
		return x.sees(n.child, outer) && !outer[n.v.root()] && within(usedBy([]expr{n.e}), n.child)
	case *filter:
		return x.sees(n.child, outer) && within(usedBy(n.filters), n.child)
	case *minus: // variables bound before count for neither side of it
		return x.sees(n.left, outer) && !touches(x.sets(n.right).used, outer)
	}
	return false
}

// count returns the number of quads with one constant.
func (x *run) count(p store.Pattern) (float64, error) {
	if n, ok := x.counts[p]; ok {
		return float64(n), nil
	}
	n, err := x.g.Count(x.ctx, p)
	if err != nil {
		if x.ctx.Err() != nil {
			err = context.Cause(x.ctx)
		}
		return 0, err
	}
	x.counts[p] = n
	return float64(n), nil
}

// cost estimates how many solutions a pattern has, if the variables of bound
// have values.
func (x *run) cost(n node, bound map[*variable]bool) (float64, error) {
	least := func(nodes []node) (float64, error) {
		c := math.Inf(1)
		for _, n := range nodes {
			d, err := x.cost(n, bound)
			if err != nil {
				return 0, err
			}
			c = min(c, d)
		}
		return c, nil
	}
	switch n := n.(type) {
	case *triple:
		return x.tripleCost(n, bound)
	case *join:
		return least(n.parts)
	case *leftJoin:
		return x.cost(n.left, bound)
	case *union:
		sum := 0.0
		for _, p := range n.parts {
			c, err := x.cost(p, bound)
			if err != nil {
				return 0, err
			}
			sum += c
		}
		return sum, nil
	case *minus:
		return x.cost(n.left, bound)
	case *extend:
		return x.cost(n.child, bound)
	case *filter:
		return x.cost(n.child, bound)
	case *values:
		return float64(len(n.rows)) / 1000, nil
	case *inGraph:
		return x.cost(n.child, bound)
	case *subSelect:
		if n.q.limit >= 0 {
			return float64(n.q.limit), nil
		}
		return x.cost(n.q.where, map[*variable]bool{})
	}
	return 1, nil
}

func (x *run) tripleCost(t *triple, bound map[*variable]bool) (float64, error) {
	cost, err := x.count(store.Pattern{})
	if err != nil {
		return 0, err
	}
	narrow := func(p part, pattern store.Pattern, share float64, most float64) error {
		if p.v == nil {
			n, err := x.count(pattern)
			cost = min(cost, n)
			return err
		}
		if bound[p.v.root()] {
			cost = min(cost*share, most)
		}
		return nil
	}
	if t.path != nil {
		cost *= 2
	} else if err := narrow(t.p, store.Pattern{Predicate: t.p.term}, 0.1, 1e5); err != nil {
		return 0, err
	}
	if isLiteral(t.s.term) {
		return 0, nil
	}
	if err := narrow(t.s, store.Pattern{Subject: t.s.term}, 0.01, 10); err != nil {
		return 0, err
	}
	if err := narrow(t.o, store.Pattern{Object: t.o.term}, 0.01, 100); err != nil {
		return 0, err
	}
	if t.s.v == nil && t.p.v == nil && t.path == nil {
		cost /= 10 // few objects for a subject and a property
	}
	return cost, nil
}

// table is the solutions of a pattern, kept.
type table struct {
	key   []int
	rows  []row
	byKey map[string][]row
}

// table evaluates n and keeps its solutions by the values in the slots of key.
func (x *run) table(n node, r row, a active, key []int) (*table, error) {
	t := &table{key: key, byKey: map[string][]row{}}
	err := x.eval(n, r, a, func(r row) error {
		kept := slices.Clone(r)
		if len(key) == 0 {
			t.rows = append(t.rows, kept)
		} else {
			k := keyOf(kept, key)
			t.byKey[k] = append(t.byKey[k], kept)
		}
		return x.keep(len(kept))
	})
	return t, err
}

// keyOf writes the values of some slots, each so that no two differ only in
// where one ends.
func keyOf(r row, slots []int) string {
	var b strings.Builder
	for _, s := range slots {
		writeKey(&b, r[s])
	}
	return b.String()
}

func writeKey(b *strings.Builder, v quad.Value) {
	if v == nil {
		b.WriteString("-\x00")
		return
	}
	text := store.Format(v)
	fmt.Fprintf(b, "%d:", len(text))
	b.WriteString(text)
}

// join calls out with r together with each kept row that agrees with it.
func (t *table) join(x *run, r row, out yield) error {
	rows := t.rows
	if len(t.key) > 0 {
		rows = t.byKey[keyOf(r, t.key)]
	}
	for _, k := range rows {
		if err := x.tick(); err != nil {
			return err
		}
		if err := merge(r, k, out); err != nil {
			return err
		}
	}
	return nil
}

// merge puts the values of k into r while out runs, if the two agree.
func merge(r, k row, out yield) error {
	var undo []int
	ok := true
	for i, v := range k {
		if v == nil {
			continue
		}
		if was := r[i]; was == nil {
			r[i] = v
			undo = append(undo, i)
		} else if was != v {
			ok = false
			break
		}
	}
	var err error
	if ok {
		err = out(r)
	}
	for _, i := range undo {
		r[i] = nil
	}
	return err
}

func (x *run) evalLeftJoin(n *leftJoin, r row, a active, out yield) error {
	sees, known := x.optional[n]
	if !known {
		sees = x.sees(n.right, x.sets(n.left).all)
		x.optional[n] = sees
	}
	var kept *table
	var base row
	if !sees {
		base = slices.Clone(r)
	}
	return x.eval(n.left, r, a, func(r row) error {
		matched := false
		next := x.filtered(n.filters, a, func(r row) error {
			matched = true
			return out(r)
		})
		var err error
		if sees {
			err = x.eval(n.right, r, a, next)
		} else {
			if kept == nil {
				var key []int
				left, right := x.sets(n.left).certain, x.sets(n.right).certain
				for _, v := range x.vars {
					if left[v] && right[v] && base[v.slot] == nil {
						key = append(key, v.slot)
					}
				}
				if kept, err = x.table(n.right, base, a, key); err != nil {
					return err
				}
			}
			err = kept.join(x, r, next)
		}
		if err != nil || matched {
			return err
		}
		return out(r)
	})
}

// evalMinus takes away the solutions that agree with one of the right side on
// at least one variable. What was bound before counts for neither.
func (x *run) evalMinus(n *minus, r row, a active, out yield) error {
	var shared, key []int
	left, right := x.sets(n.left), x.sets(n.right)
	for _, v := range x.vars {
		if r[v.slot] == nil && left.all[v] && right.all[v] {
			shared = append(shared, v.slot)
			if left.certain[v] && right.certain[v] {
				key = append(key, v.slot)
			}
		}
	}
	if len(shared) == 0 {
		return x.eval(n.left, r, a, out)
	}
	base := slices.Clone(r)
	var kept *table
	return x.eval(n.left, r, a, func(r row) error {
		if kept == nil {
			var err error
			if kept, err = x.table(n.right, base, a, key); err != nil {
				return err
			}
		}
		rows := kept.rows
		if len(key) > 0 {
			rows = kept.byKey[keyOf(r, key)]
		}
	candidates:
		for _, k := range rows {
			if err := x.tick(); err != nil {
				return err
			}
			common := false
			for _, s := range shared {
				if r[s] == nil || k[s] == nil {
					continue
				}
				if r[s] != k[s] {
					continue candidates
				}
				common = true
			}
			if common {
				return nil
			}
		}
		return out(r)
	})
}

func (x *run) evalValues(n *values, r row, out yield) error {
	k := x.empty()
	for _, data := range n.rows {
		if err := x.tick(); err != nil {
			return err
		}
		for i, v := range n.vars {
			k[v.slot] = data[i]
		}
		if err := merge(r, k, out); err != nil {
			return err
		}
	}
	return nil
}

func (x *run) evalGraph(n *inGraph, r row, out yield) error {
	label := n.name.term
	if n.name.v != nil {
		label = r[n.name.v.slot]
	}
	if label != nil {
		if x.opts.Named != nil && !slices.Contains(x.opts.Named, label) {
			return nil
		}
		if j, ok := n.child.(*join); !ok || !triplesOnly(j) { // triples find nothing by themselves
			c, err := x.count(store.Pattern{Label: label})
			if err != nil || c == 0 && x.opts.Named == nil {
				return err
			}
		}
		return x.eval(n.child, r, active{label: label}, out)
	}
	if j, ok := n.child.(*join); ok && triplesOnly(j) {
		return x.eval(n.child, r, active{v: n.name.v}, out) // the first triple finds the graph
	}
	labels, err := x.named()
	if err != nil {
		return err
	}
	slot := n.name.v.slot
	for _, label := range labels {
		err := x.eval(n.child, r, active{label: label}, func(r row) error {
			return bind(r, slot, label, func() error { return out(r) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// triplesOnly reports whether a join is of simple triples, at least one.
func triplesOnly(j *join) bool {
	for _, p := range j.parts {
		t, ok := p.(*triple)
		if !ok || t.path != nil {
			return false
		}
	}
	for _, f := range j.filters {
		if hasExists(f) {
			return false
		}
	}
	return len(j.parts) > 0
}

// evalSub evaluates a sub-query. Of what is bound before it sees the variables
// that it selects, unless that could change its groups or cut of rows.
func (x *run) evalSub(q *query, r row, a active, out yield) error {
	inner := x.empty()
	if !q.grouped && q.limit < 0 && q.offset == 0 {
		for _, c := range q.projection {
			if c.e == nil {
				inner[c.v.slot] = r[c.v.slot]
			}
		}
	}
	result := x.empty()
	return x.solve(q, inner, a, func(s row) error {
		for _, c := range q.projection {
			result[c.v.slot] = s[c.v.slot]
		}
		return merge(r, result, out)
	})
}

// solve yields the solutions of a query with its groups, order and limits. The
// rows may have values of variables that the query does not select.
func (x *run) solve(q *query, r row, a active, out yield) error {
	if q.limit == 0 {
		return nil
	}
	seen, skipped, yielded := map[string]bool{}, 0, 0
	var slots []int
	for _, c := range q.projection {
		slots = append(slots, c.v.slot)
	}
	// last is what the rows in their order go through.
	last := func(r row) error {
		if q.distinct {
			k := keyOf(r, slots)
			if seen[k] {
				return nil
			}
			seen[k] = true
			if err := x.keep(len(k) / 32); err != nil {
				return err
			}
		}
		if skipped < q.offset {
			skipped++
			return nil
		}
		if err := out(r); err != nil {
			return err
		}
		if yielded++; q.limit >= 0 && yielded >= q.limit {
			return errLimit{q}
		}
		return nil
	}
	sorted := &sorter{q: q}
	project := func(r row) error {
		return x.project(q, 0, r, a, func(r row) error {
			if len(q.orderBy) == 0 {
				return last(r)
			}
			keys := make([]quad.Value, len(q.orderBy))
			for i, o := range q.orderBy {
				v, err := x.valueOrNone(o.e, r, a)
				if err != nil {
					return err
				}
				keys[i] = v
			}
			sorted.add(slices.Clone(r), keys)
			return x.keep(len(r) + len(keys))
		})
	}
	given := project
	if q.values != nil {
		given = func(r row) error { return x.evalValues(q.values, r, project) }
	}
	var err error
	if q.grouped {
		err = x.group(q, r, a, given)
	} else {
		err = x.eval(q.where, r, a, given)
	}
	if err == nil && len(q.orderBy) > 0 {
		err = sorted.each(x, last)
	}
	if l, ok := err.(errLimit); ok && l.q == q {
		return nil
	}
	return err
}

// errLimit ends the query that has reached its LIMIT.
type errLimit struct{ q *query }

func (errLimit) Error() string { return "limit reached" }

// project works out the columns from i on.
func (x *run) project(q *query, i int, r row, a active, out yield) error {
	for ; i < len(q.projection); i++ {
		c := q.projection[i]
		if c.e == nil {
			continue
		}
		v, err := x.valueOrNone(c.e, r, a)
		if err != nil {
			return err
		}
		if v == nil {
			continue
		}
		return bind(r, c.v.slot, v, func() error { return x.project(q, i+1, r, a, out) })
	}
	return out(r)
}

// sorter keeps rows with the values they are ordered by.
type sorter struct {
	q    *query
	rows []sortedRow
}

type sortedRow struct {
	r    row
	keys []quad.Value
}

func (s *sorter) add(r row, keys []quad.Value) { s.rows = append(s.rows, sortedRow{r, keys}) }

func (s *sorter) each(x *run, out yield) error {
	slices.SortStableFunc(s.rows, func(a, b sortedRow) int {
		for i, o := range s.q.orderBy {
			c := compareOrder(a.keys[i], b.keys[i])
			if o.desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
	for _, e := range s.rows {
		if err := x.tick(); err != nil {
			return err
		}
		if err := out(e.r); err != nil {
			return err
		}
	}
	return nil
}

// compareOrder is the order of ORDER BY: nothing, blank nodes, IRIs, literals.
func compareOrder(a, b quad.Value) int {
	rank := func(v quad.Value) int {
		switch v.(type) {
		case nil:
			return 0
		case quad.BNode:
			return 1
		case quad.IRI:
			return 2
		}
		return 3
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 || a == nil {
		return c
	}
	if rank(a) == 3 {
		if c, err := compare(a, b); err == nil && c != 0 {
			return c
		}
		la, lb := literalOf(a), literalOf(b)
		if _, ok := number(a); ok {
			if _, ok := number(b); ok {
				return 0 // 1 and 1.0 are equal
			}
		}
		return cmp.Or(strings.Compare(la.datatype, lb.datatype), strings.Compare(la.text, lb.text), strings.Compare(la.lang, lb.lang))
	}
	return strings.Compare(textOf(a), textOf(b))
}
