// Package sparql is SPARQL 1.1 Query: a parser, and an evaluator that streams
// solutions from the indexes of a graph.
//
// A pattern is evaluated by calling a function with each of its solutions, the
// values of the variables standing in one row that is changed in place. Joins
// look up the next pattern with what the ones before have bound, the most
// selective first; a pattern that may not see those values (a sub-query, an
// OPTIONAL that shares variables with its surroundings) is evaluated once, kept
// and hashed.
//
// Rows hold the IDs of terms. A term is decoded when an expression looks at it
// or it leaves the query. Where it makes no difference how often a solution
// comes, as under DISTINCT, a join drops what nobody looks at any more, and goes
// on with what is left only once.
package sparql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// Graph is what a query reads: a [store.Snapshot].
type Graph interface {
	Index() store.Index
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

// UnsupportedError is the error of a query that is well-formed and asks for what
// there is not.
type UnsupportedError struct{ msg string }

func (e *UnsupportedError) Error() string { return e.msg }

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

// row has the value of each variable by slot, 0 where it has none.
type row []store.ID

// active is the graph that patterns are matched with: the default graph, a
// named one, or the one that a variable is bound to, or will be.
type active struct {
	label store.ID
	v     *variable
}

// run is the state of a query that runs.
type run struct {
	*compiled
	*terms
	ctx      context.Context
	g        Graph
	opts     Options
	dataset  dataset
	idle     []store.Cursor // not in use
	steps    uint
	memory   int64
	now      time.Time
	blanks   int                    // blank nodes made
	counts   map[store.QuadID]int64 // of patterns of one constant
	fans     map[fanKey]float64     // quads of a predicate that a node has
	orders   map[string][]step      // of joins, by what is bound
	regexps  map[regexpKey]regexpOrError
	joinIDs  map[*join]int
	needs    map[*join]map[*variable]bool // of joins whose solutions count as a set
	narrowed map[*query]bool
	optional map[*leftJoin]bool        // whether the right side sees the left one
	texts    map[string]quad.Value     // the blank nodes of texts, by solution
	triples  map[*triple]*store.QuadID // their constants
	excepts  map[*except]*exceptIDs
	labels   []store.ID // the named graphs, once asked for
	haveName bool
}

// dataset is that of [Options], nil for all, by IDs.
type dataset struct{ defaults, named []store.ID }

type fanKey struct {
	dir int
	p   store.ID
}

// errDone ends an evaluation that has yielded enough.
var errDone = errors.New("done")

// Run evaluates the query. Errors are those of g, of ctx as [context.Cause] has
// them, and [ErrMemory].
func (q *Query) Run(ctx context.Context, g Graph, opts Options) (*Result, error) {
	if q.c.unknown != "" {
		return nil, &UnsupportedError{"there is no function <" + q.c.unknown + ">"}
	}
	terms, err := newTerms(g.Index())
	if err != nil {
		return nil, err
	}
	x := &run{
		compiled: q.c, terms: terms, ctx: ctx, g: g, opts: opts, now: time.Now(),
		counts: map[store.QuadID]int64{}, fans: map[fanKey]float64{}, orders: map[string][]step{},
		regexps: map[regexpKey]regexpOrError{}, joinIDs: map[*join]int{},
		needs: map[*join]map[*variable]bool{}, narrowed: map[*query]bool{}, optional: map[*leftJoin]bool{},
		triples: map[*triple]*store.QuadID{}, excepts: map[*except]*exceptIDs{},
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
	err = x.setDataset()
	var res *Result
	if err == nil {
		res, err = x.result(top)
	}
	for _, c := range x.idle {
		if e := c.Close(); err == nil {
			err = e
		}
	}
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
				var err error
				if out[i], err = x.term(r[c.v.slot]); err != nil {
					return err
				}
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
			value := func(p part) (v quad.Value, err error) {
				switch {
				case p.v == nil:
					return p.term, nil
				case !p.v.blank:
					return x.term(r[p.v.slot])
				case fresh[p.v] == nil:
					fresh[p.v], err = x.newBlank()
				}
				return fresh[p.v], err
			}
			for _, t := range q.template {
				s, err1 := value(t.s)
				p, err2 := value(t.p)
				o, err3 := value(t.o)
				if err := errors.Join(err1, err2, err3); err != nil {
					return err
				}
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
		described := map[store.ID]bool{}
		var describe func(t store.ID) error
		describe = func(t store.ID) error {
			if t == 0 || described[t] {
				return nil
			}
			described[t] = true
			var blanks []store.ID
			err := x.match(active{}, store.QuadID{t}, func(m store.QuadID) error {
				s, err1 := x.term(m[0])
				p, err2 := x.term(m[1])
				o, err3 := x.term(m[2])
				if err := errors.Join(err1, err2, err3); err != nil {
					return err
				}
				if _, ok := o.(quad.BNode); ok {
					blanks = append(blanks, m[2])
				}
				return addTriple(s, p, o)
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
				var t store.ID
				if t, err = x.id(p.term); err == nil {
					err = describe(t)
				}
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

// newBlank makes a blank node that the graph does not have.
func (x *run) newBlank() (quad.Value, error) {
	for {
		x.blanks++
		b := quad.BNode(fmt.Sprintf("q%d", x.blanks))
		n, err := x.index.ID(b)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return b, nil
		}
		c, err := x.index.Count(x.ctx, store.QuadID{n})
		if err != nil {
			return nil, err
		}
		d, err := x.index.Count(x.ctx, store.QuadID{2: n})
		if err != nil || c+d == 0 {
			return b, err
		}
	}
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

// setDataset looks up the labels of the dataset.
func (x *run) setDataset() error {
	ids := func(labels []quad.Value) (out []store.ID, err error) {
		if labels == nil {
			return nil, nil
		}
		out = make([]store.ID, len(labels))
		for i, l := range labels {
			if out[i], err = x.id(l); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	var err error
	if x.dataset.defaults, err = ids(x.opts.Default); err == nil {
		x.dataset.named, err = ids(x.opts.Named)
	}
	return err
}

// match calls do with the triples of a graph that match p, each once.
func (x *run) match(a active, p store.QuadID, do func(store.QuadID) error) error {
	p[3] = a.label
	for _, n := range p {
		if x.made(n) { // by the query, so that the graph does not have it
			return nil
		}
	}
	labels := x.dataset.defaults
	if a.label != 0 || a.v != nil {
		labels = nil
	}
	if labels != nil && len(labels) == 0 {
		return nil
	}
	if len(labels) == 1 {
		if p[3], labels = labels[0], nil; x.made(p[3]) {
			return nil
		}
	}
	err := x.matchOne(p, labels, a.v != nil, do)
	if native := x.natives[p[2]]; native != 0 && err == nil {
		p[2] = native
		err = x.matchOne(p, labels, a.v != nil, do)
	}
	return err
}

func (x *run) matchOne(p store.QuadID, labels []store.ID, labelled bool, do func(store.QuadID) error) error {
	// Cursors are given back in the order that keeps each pattern of a nested
	// loop at the cursor that it had before.
	var c store.Cursor
	if n := len(x.idle); n > 0 {
		c, x.idle = x.idle[n-1], x.idle[:n-1]
	} else {
		c = x.index.Cursor()
	}
	defer func() { x.idle = append(x.idle, c) }()
	var last store.QuadID
	c.Seek(x.ctx, p)
	for c.Next(x.ctx) {
		if err := x.tick(); err != nil {
			return err
		}
		q := c.Quad()
		if labels != nil && !slices.Contains(labels, q[3]) {
			continue
		}
		if labelled {
			if q[3] == 0 || x.dataset.named != nil && !slices.Contains(x.dataset.named, q[3]) {
				continue
			}
		} else {
			q[3] = 0
			if q == last { // one triple under several labels; the indexes keep it together
				continue
			}
			last = q
		}
		if len(x.written) > 0 {
			if n := x.written[q[2]]; n != 0 {
				q[2] = n
			}
		}
		if err := do(q); err != nil {
			return err
		}
	}
	if x.ctx.Err() != nil {
		return context.Cause(x.ctx)
	}
	return c.Err()
}

// named returns the named graphs.
func (x *run) named() ([]store.ID, error) {
	if x.haveName {
		return x.labels, nil
	}
	if x.opts.Named != nil {
		x.labels = x.dataset.named
	} else {
		for label, err := range x.g.Labels(x.ctx) {
			if err != nil {
				return nil, err
			}
			if label == nil {
				continue
			}
			n, err := x.id(label)
			if err != nil {
				return nil, err
			}
			x.labels = append(x.labels, n)
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
			v, err := x.idOrNone(n.e, r, a)
			if err != nil {
				return err
			}
			if v == 0 {
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
func bind(r row, slot int, v store.ID, do func() error) error {
	if was := r[slot]; was != 0 {
		if was != v {
			return nil
		}
		return do()
	}
	r[slot] = v
	err := do()
	r[slot] = 0
	return err
}

func (x *run) evalTriple(t *triple, r row, a active, out yield) error {
	p, err := x.constants(t)
	if err != nil {
		return err
	}
	parts := [4]part{t.s, t.p, t.o, {v: a.v}}
	for i, part := range parts[:3] {
		if part.v != nil {
			p[i] = r[part.v.slot]
		}
	}
	if a.v != nil && r[a.v.slot] != 0 {
		a = active{label: r[a.v.slot]}
		parts[3].v = nil
	}
	if t.path != nil {
		return x.walk(t.path, p[0], p[2], a, func(s, o store.ID) error {
			return put2(r, parts[0], s, parts[2], o, out)
		})
	}
	// The slots to fill, each once; same are those of a variable that comes again.
	var slots, at [4]int
	var same [4][2]int
	n, again := 0, 0
next:
	for i, part := range parts {
		if part.v == nil || i < 3 && p[i] != 0 {
			continue // the index sees to it
		}
		for k := range n {
			if slots[k] == part.v.slot {
				same[again] = [2]int{at[k], i}
				again++
				continue next
			}
		}
		slots[n], at[n] = part.v.slot, i
		n++
	}
	return x.match(a, p, func(q store.QuadID) error {
		for _, s := range same[:again] {
			if q[s[0]] != q[s[1]] {
				return nil
			}
		}
		for i := range n {
			r[slots[i]] = q[at[i]]
		}
		err := out(r)
		for i := range n {
			r[slots[i]] = 0
		}
		return err
	})
}

// constants returns the IDs of a triple's terms, 0 for its variables.
func (x *run) constants(t *triple) (p store.QuadID, err error) {
	if known := x.triples[t]; known != nil {
		return *known, nil
	}
	for i, part := range [...]part{t.s, t.p, t.o} {
		if p[i], err = x.id(part.term); err != nil {
			return p, err
		}
	}
	x.triples[t] = &p
	return p, nil
}

// put2 gives two parts their values while out runs, if these agree with what is
// there.
func put2(r row, s part, sv store.ID, o part, ov store.ID, out yield) error {
	next := func() error { return out(r) }
	if o.v != nil {
		next = func() error { return bind(r, o.v.slot, ov, func() error { return out(r) }) }
	}
	if s.v != nil {
		return bind(r, s.v.slot, sv, next)
	}
	return next()
}

// step is a part of a join in its place, with the filters that can be tried
// after it. kept says that the part must not see what the ones before have
// bound; key are the slots that it then shares with them for sure.
//
// Where the join's solutions count as a set, drops says that of what is bound
// so far only the slots of live matter from here on, so that what agrees in
// those need not come twice; test, that none of these are the part's own, so
// that it need not come twice for what it is joined with.
type step struct {
	n           node
	filters     []expr
	kept        bool
	key         []int
	drops, test bool
	live        []int
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
	seen := make([]idSet, len(steps))
	if slices.ContainsFunc(steps, func(s step) bool { return s.kept }) {
		base = slices.Clone(r)
	}
	var from func(i int, r row) error
	from = func(i int, r row) error {
		if i == len(steps) {
			return out(r)
		}
		s := &steps[i]
		next := x.filtered(s.filters, a, func(r row) error {
			if s.drops {
				fresh, err := seen[i].add(x, r, s.live)
				if err != nil {
					return err
				}
				if !fresh {
					if s.test {
						return errNext
					}
					return nil
				}
			}
			err := from(i+1, r)
			if s.test && err == nil {
				return errNext
			}
			return err
		})
		if !s.kept {
			err := x.eval(s.n, r, a, next)
			if s.test && err == errNext {
				return nil
			}
			return err
		}
		if kept[i] == nil {
			t, err := x.table(s.n, base, a, s.key)
			if err != nil {
				return err
			}
			kept[i] = t
		}
		err := kept[i].join(x, r, next)
		if s.test && err == errNext {
			return nil
		}
		return err
	}
	err = from(0, r)
	for i := range seen {
		seen[i].release(x)
	}
	return err
}

// errNext ends a part of a join that has no more to say about what it is joined
// with.
var errNext = errors.New("next")

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
		if r[v.slot] != 0 {
			bound[v] = true
		}
	}
	for _, v := range x.vars { // in order
		if bound[v] {
			fmt.Fprintf(&key, "%d,", v.slot)
		}
	}
	if a.v != nil {
		fmt.Fprintf(&key, "g%v", r[a.v.slot] != 0)
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
	if need, ok := x.needs[j]; ok {
		x.drop(steps, given, need)
	}
	x.orders[key.String()] = steps
	return steps, nil
}

// drop works out which variables of a join's steps nobody looks at any more, if
// those around it look at need only.
func (x *run) drop(steps []step, given, need map[*variable]bool) {
	later := maps.Clone(need) // looked at after the step
	for i := len(steps) - 1; i >= 0; i-- {
		s := &steps[i]
		sure, before := map[*variable]bool{}, map[*variable]bool{}
		for _, s := range steps[:i] {
			maps.Copy(sure, x.sets(s.n).certain)
			maps.Copy(before, x.sets(s.n).all)
		}
		own := x.sets(s.n).all
		// What the step and, where it comes with this one, the one before drop.
		owns, inherits := false, false
		s.test = true
		for _, v := range x.vars {
			switch {
			case given[v] || !before[v] && !own[v]:
			case later[v]:
				s.live = append(s.live, v.slot)
				s.test = s.test && (sure[v] || !own[v])
			case x.sets(s.n).used[v] || x.looks(s.filters, v):
				owns = owns || !before[v]
				inherits = inherits || before[v]
			}
		}
		s.test = s.test && owns
		s.drops = inherits || owns && !s.test
		maps.Copy(later, x.sets(s.n).used)
		for _, f := range s.filters {
			x.exprVars(f, later)
		}
	}
	// Whoever wants a set of the solutions sees to the last step's himself.
	if n := len(steps); n > 0 {
		steps[n-1].drops = false
	}
}

// looks reports whether filters look at v.
func (x *run) looks(filters []expr, v *variable) bool {
	vars := map[*variable]bool{}
	for _, f := range filters {
		x.exprVars(f, vars)
	}
	return vars[v]
}

// narrow notes for the joins of a pattern, whose solutions count as a set, which
// of their variables are looked at.
func (x *run) narrow(n node, need map[*variable]bool) {
	with := func(exprs ...expr) map[*variable]bool {
		more := maps.Clone(need)
		for _, e := range exprs {
			x.exprVars(e, more)
		}
		return more
	}
	switch n := n.(type) {
	case *join:
		if !slices.ContainsFunc(n.filters, volatile) {
			x.needs[n] = need
		}
	case *leftJoin:
		if !slices.ContainsFunc(n.filters, volatile) {
			more := with(n.filters...)
			maps.Copy(more, x.sets(n.right).used)
			x.narrow(n.left, more)
		}
	case *minus:
		more := with()
		maps.Copy(more, x.sets(n.right).used)
		x.narrow(n.left, more)
	case *filter:
		if !slices.ContainsFunc(n.filters, volatile) {
			x.narrow(n.child, with(n.filters...))
		}
	case *extend:
		if !volatile(n.e) {
			x.narrow(n.child, with(n.e))
		}
	case *union:
		for _, p := range n.parts {
			x.narrow(p, need)
		}
	}
}

// narrowQuery narrows the pattern of a query whose rows do not depend on how
// often a solution comes.
func (x *run) narrowQuery(q *query) {
	if x.narrowed[q] {
		return
	}
	x.narrowed[q] = true
	asSet := q.form == formAsk || q.distinct
	if q.grouped {
		asSet = true
		for _, a := range q.aggregates {
			asSet = asSet && a.e != nil && (a.distinct || a.name == "MIN" || a.name == "MAX")
		}
	}
	need := map[*variable]bool{}
	look := func(e expr) {
		if e != nil {
			asSet = asSet && !volatile(e)
			x.exprVars(e, need)
		}
	}
	for _, list := range [][]projection{q.projection, q.groupBy} {
		for _, c := range list {
			if c.v != nil {
				need[c.v.root()] = true
			}
			look(c.e)
		}
	}
	for _, a := range q.aggregates {
		look(a.e)
	}
	for _, e := range q.having {
		look(e)
	}
	for _, o := range q.orderBy {
		look(o.e)
	}
	if q.values != nil {
		for _, v := range q.values.vars {
			need[v.root()] = true
		}
	}
	if asSet {
		x.narrow(q.where, need)
	}
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
func (x *run) count(p store.QuadID) (float64, error) {
	if n, ok := x.counts[p]; ok {
		return float64(n), nil
	}
	for _, t := range p {
		if x.made(t) {
			return 0, nil
		}
	}
	n, err := x.index.Count(x.ctx, p)
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

// tripleCost estimates how many triples match with the variables of bound bound.
func (x *run) tripleCost(t *triple, bound map[*variable]bool) (float64, error) {
	if isLiteral(t.s.term) {
		return 0, nil
	}
	p, err := x.constants(t)
	if err != nil {
		return 0, err
	}
	cost, err := x.count(p)
	if err != nil || cost == 0 {
		return 0, err
	}
	known := func(p part) bool { return p.v != nil && bound[p.v.root()] }
	if t.path != nil {
		cost *= 2
	} else if known(t.p) {
		cost = min(cost*0.1, 1e5)
	}
	for _, side := range []struct {
		part part
		dir  int
		most float64
	}{{t.s, 0, 10}, {t.o, 2, 100}} {
		if !known(side.part) {
			continue
		}
		if p[1] == 0 {
			cost = min(cost*0.01, side.most)
			continue
		}
		fan, err := x.fan(side.dir, p[1])
		if err != nil {
			return 0, err
		}
		// A second side makes a pattern a test.
		if known(t.s) && known(t.o) || p[0] != 0 || p[2] != 0 {
			fan /= 10
		}
		cost = min(cost*0.5, fan)
	}
	if p[0] != 0 && p[1] != 0 {
		cost = min(cost, 10) // few objects for a subject and a property
	}
	return cost, nil
}

// fan is how many quads of a predicate a node has at one of its ends.
func (x *run) fan(dir int, predicate store.ID) (float64, error) {
	key := fanKey{dir, predicate}
	if f, ok := x.fans[key]; ok {
		return f, nil
	}
	n, err := x.index.Fan(dir, predicate)
	if err != nil {
		return 0, err
	}
	x.fans[key] = float64(n)
	return float64(n), nil
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

// keyOf writes the values of some slots.
func keyOf(r row, slots []int) string {
	b := make([]byte, 0, 64)
	for _, s := range slots {
		b = appendID(b, r[s])
	}
	return string(b)
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
		if v == 0 {
			continue
		}
		if was := r[i]; was == 0 {
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
		r[i] = 0
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
					if left[v] && right[v] && base[v.slot] == 0 {
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
		if r[v.slot] == 0 && left.all[v] && right.all[v] {
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
				if r[s] == 0 || k[s] == 0 {
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
			var err error
			if k[v.slot], err = x.id(data[i]); err != nil {
				return err
			}
		}
		if err := merge(r, k, out); err != nil {
			return err
		}
	}
	return nil
}

func (x *run) evalGraph(n *inGraph, r row, out yield) error {
	label, err := x.id(n.name.term)
	if err != nil {
		return err
	}
	if n.name.v != nil {
		label = r[n.name.v.slot]
	}
	if label != 0 {
		if x.opts.Named != nil && !slices.Contains(x.dataset.named, label) {
			return nil
		}
		if j, ok := n.child.(*join); !ok || !triplesOnly(j) { // triples find nothing by themselves
			c, err := x.count(store.QuadID{3: label})
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
	x.narrowQuery(q)
	skipped, yielded := 0, 0
	var seen idSet
	var slots []int
	for _, c := range q.projection {
		slots = append(slots, c.v.slot)
	}
	// last is what the rows in their order go through.
	last := func(r row) error {
		if q.distinct {
			fresh, err := seen.addAll(x, r, slots)
			if !fresh || err != nil {
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
		v, err := x.idOrNone(c.e, r, a)
		if err != nil {
			return err
		}
		if v == 0 {
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
