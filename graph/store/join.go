package store

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
)

// joinShape is an intersection, as Cayley's Intersect and IntersectOpt, which
// it replaces: it knows what its parts cost, and mends a fault, see lookup.
type joinShape struct {
	sub, opt []shape.Shape
}

func (s *joinShape) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return s, false }

func (s *joinShape) BuildIterator(qs graph.QuadStore) iterator.Shape {
	base, ok := graph.Unwrap(qs).(interface{ base() *quadStore })
	if !ok || len(s.sub) == 0 {
		return shape.IntersectOpt{Sub: s.sub, Opt: s.opt}.BuildIterator(qs)
	}
	j := &join{s: base.base()}
	for _, sub := range s.sub {
		j.sub = append(j.sub, sub.BuildIterator(qs))
	}
	for _, opt := range s.opt {
		j.opt = append(j.opt, opt.BuildIterator(qs))
	}
	return j
}

// join is a joinShape with its parts ready to run.
type join struct {
	s        *quadStore
	sub, opt []iterator.Shape
	costs    []iterator.Costs // of sub; nil before Optimize
}

func (j *join) String() string { return "Join" }

func (j *join) SubIterators() []iterator.Shape { return slices.Concat(j.sub, j.opt) }

// Optimize puts the part that is best gone through first, and the others,
// which its results are checked against, in the order of what that costs.
func (j *join) Optimize(ctx context.Context) (iterator.Shape, bool) {
	for i, it := range j.sub {
		j.sub[i], _ = it.Optimize(ctx)
		if iterator.IsNull(j.sub[i]) {
			return j.sub[i], true
		}
	}
	for i, it := range j.opt {
		j.opt[i], _ = it.Optimize(ctx)
	}
	costs := make([]iterator.Costs, len(j.sub))
	for i, it := range j.sub {
		costs[i], _ = it.Stats(ctx) // an iterator that fails will say so when it runs
		costs[i] = clampCosts(costs[i])
	}
	best, first := int64(math.MaxInt64), 0
	for i, c := range costs {
		if cost := plus(times(c.Size.Value, c.NextCost), checkAll(costs, i, c.Size.Value)); cost < best {
			best, first = cost, i
		}
	}
	order := []int{first}
	for i := range costs {
		if i != first {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order[1:], func(a, b int) int {
		return int(costs[a].ContainsCost - costs[b].ContainsCost)
	})
	sub := make([]iterator.Shape, len(order))
	j.costs = make([]iterator.Costs, len(order))
	for i, n := range order {
		sub[i], j.costs[i] = j.sub[n], costs[n]
	}
	j.sub = sub
	return j, false
}

// clampCosts brings costs, which Cayley may have let overflow, into range.
func clampCosts(c iterator.Costs) iterator.Costs {
	fix := func(v int64) int64 {
		if v < 0 {
			return math.MaxInt32
		}
		return min(v, math.MaxInt32)
	}
	c.ContainsCost, c.NextCost, c.Size.Value = fix(c.ContainsCost), fix(c.NextCost), fix(c.Size.Value)
	return c
}

func (j *join) Stats(ctx context.Context) (iterator.Costs, error) {
	costs := j.costs
	if costs == nil {
		for _, it := range j.sub {
			c, err := it.Stats(ctx)
			if err != nil {
				return c, err
			}
			costs = append(costs, clampCosts(c))
		}
	}
	out := iterator.Costs{Size: refs.Size{Value: costs[0].Size.Value}}
	n := max(out.Size.Value, 1)
	out.NextCost = plus(costs[0].NextCost, checkAll(costs, 0, n)/n)
	for _, c := range costs {
		out.ContainsCost = plus(out.ContainsCost, c.ContainsCost)
		out.Size.Value = min(out.Size.Value, c.Size.Value)
	}
	return out, nil
}

func (j *join) Iterate() iterator.Scanner {
	it := &joinNext{first: j.sub[0].Iterate()}
	for _, sub := range j.sub[1:] {
		it.sub = append(it.sub, j.s.lookup(sub))
	}
	it.lookupOpt(j)
	return it
}

func (j *join) Lookup() iterator.Index {
	it := &joinContains{}
	for _, sub := range j.sub {
		it.sub = append(it.sub, j.s.lookup(sub))
	}
	it.lookupOpt(j)
	return it
}

// joinContains checks nodes against all parts.
type joinContains struct {
	sub, opt []iterator.Index
	has      []bool // which of opt have the node
	cur      graph.Ref
	err      error
}

func (it *joinContains) lookupOpt(j *join) {
	for _, opt := range j.opt {
		it.opt = append(it.opt, j.s.lookup(opt))
	}
	it.has = make([]bool, len(it.opt))
}

func (it *joinContains) String() string    { return "JoinContains" }
func (it *joinContains) Result() graph.Ref { return it.cur }
func (it *joinContains) Err() error        { return it.err }

func (it *joinContains) Contains(ctx context.Context, r graph.Ref) bool {
	it.cur = nil
	for _, sub := range it.sub {
		if !sub.Contains(ctx, r) {
			it.err = sub.Err()
			return false
		}
	}
	for i, opt := range it.opt {
		it.has[i] = opt.Contains(ctx, r)
		if it.err = opt.Err(); it.err != nil {
			return false
		}
	}
	it.cur = r
	return true
}

func (it *joinContains) NextPath(ctx context.Context) bool {
	if it.cur == nil {
		return false
	}
	for _, sub := range it.sub {
		if sub.NextPath(ctx) {
			return true
		}
		if it.err = sub.Err(); it.err != nil {
			return false
		}
	}
	for i, opt := range it.opt {
		if !it.has[i] {
			continue
		}
		if opt.NextPath(ctx) {
			return true
		}
		if it.err = opt.Err(); it.err != nil {
			return false
		}
	}
	return false
}

func (it *joinContains) TagResults(dst map[string]graph.Ref) {
	for _, sub := range it.sub {
		sub.TagResults(dst)
	}
	for i, opt := range it.opt {
		if it.has[i] {
			opt.TagResults(dst)
		}
	}
}

func (it *joinContains) Close() error {
	var err error
	for _, sub := range it.sub {
		err = errors.Join(err, sub.Close())
	}
	for _, opt := range it.opt {
		err = errors.Join(err, opt.Close())
	}
	return err
}

// joinNext goes through the first part and checks the others.
type joinNext struct {
	first iterator.Scanner
	joinContains
}

func (it *joinNext) String() string { return "JoinNext" }

func (it *joinNext) Next(ctx context.Context) bool {
	for it.err == nil && it.first.Next(ctx) {
		if it.Contains(ctx, it.first.Result()) {
			return true
		}
	}
	it.cur = nil
	if it.err == nil {
		it.err = it.first.Err()
	}
	return false
}

func (it *joinNext) NextPath(ctx context.Context) bool {
	if it.first.NextPath(ctx) {
		return true
	}
	if it.err = it.first.Err(); it.err != nil {
		return false
	}
	return it.joinContains.NextPath(ctx)
}

func (it *joinNext) TagResults(dst map[string]graph.Ref) {
	it.first.TagResults(dst)
	it.joinContains.TagResults(dst)
}

func (it *joinNext) Close() error { return errors.Join(it.first.Close(), it.joinContains.Close()) }

// lookup returns an index over the results of it that goes over to a table of
// all of them once checking node by node has cost as much as making the table.
//
// A recursive path always gets the table: Cayley's own index over one hands
// out the tags of the node it was asked for before.
func (s *quadStore) lookup(it iterator.Shape) iterator.Index {
	switch it.(type) {
	case *iterator.Fixed, *nodesShape, *quadsShape, *iterator.Null, *iterator.Error:
		return it.Lookup() // tables by themselves
	}
	a := &adaptive{s: s, it: it}
	if recursive(it) {
		a.always = true
		return a
	}
	c, err := it.Stats(context.Background())
	c = clampCosts(c)
	if h, ok := it.(*hop); ok && len(h.its) == 0 || err != nil || c.Size.Value > maxTable {
		return it.Lookup()
	}
	a.budget = plus(collectCost(c), costSeek)
	a.each = max(c.ContainsCost-costNext, 1)
	return a
}

// recursive reports whether a recursive path is part of it.
func recursive(it iterator.Shape) bool {
	_, ok := it.(*iterator.Recursive)
	return ok || slices.ContainsFunc(it.SubIterators(), recursive)
}

// maxTable is how many results a table may have.
const maxTable = 1 << 18

// adaptive is an index that turns into a table.
type adaptive struct {
	s      *quadStore
	it     iterator.Shape
	index  iterator.Index // node by node
	budget int64          // what making the table costs
	each   int64          // what one check costs more without it
	always bool           // a table from the start
	full   bool           // the results do not fit into a table

	table map[id][]tagSet // what each way to a node is tagged with
	cur   graph.Ref
	ways  []tagSet
	err   error
}

// tagSet is the tags of one way to a node; nil if there are none.
type tagSet map[string]graph.Ref

func (a *adaptive) String() string    { return "Adaptive" }
func (a *adaptive) Result() graph.Ref { return a.cur }

func (a *adaptive) Err() error {
	if a.err == nil && a.index != nil {
		return a.index.Err()
	}
	return a.err
}

func (a *adaptive) Contains(ctx context.Context, r graph.Ref) bool {
	a.cur = nil
	if a.table == nil && !a.full {
		if a.budget -= a.each; a.budget < 0 || a.always {
			a.collect(ctx)
		}
	}
	if a.err != nil {
		return false
	}
	if a.table == nil {
		if a.index == nil {
			a.index = a.it.Lookup()
		}
		if !a.index.Contains(ctx, r) {
			return false
		}
		a.cur = r
		return true
	}
	n, err := a.s.node(r)
	if err != nil {
		a.err = err
		return false
	}
	a.ways = a.table[n]
	if n == 0 || len(a.ways) == 0 {
		return false
	}
	a.cur = r
	return true
}

// collect makes the table. It gives up where the results do not fit, or are
// not terms of the graph.
func (a *adaptive) collect(ctx context.Context) {
	table := map[id][]tagSet{}
	it := a.it.Iterate()
	tags := tagSet{}
	rows := 0
	for it.Next(ctx) {
		n, err := a.s.node(it.Result())
		if err != nil {
			a.err = err
			break
		}
		if rows > maxTable && !a.always {
			n = 0
		}
		if n == 0 {
			a.full = true
			break
		}
		for {
			rows++
			it.TagResults(tags)
			var way tagSet
			if len(tags) > 0 {
				way = maps.Clone(tags)
				clear(tags)
			}
			table[n] = append(table[n], way)
			if !it.NextPath(ctx) {
				break
			}
		}
	}
	a.err = errors.Join(a.err, it.Err(), it.Close())
	if a.err == nil {
		a.err = ctx.Err()
	}
	if !a.full {
		a.table = table
	}
}

func (a *adaptive) NextPath(ctx context.Context) bool {
	switch {
	case a.cur == nil || a.err != nil:
		return false
	case a.table == nil:
		return a.index.NextPath(ctx)
	case len(a.ways) <= 1:
		return false
	}
	a.ways = a.ways[1:]
	return true
}

func (a *adaptive) TagResults(dst map[string]graph.Ref) {
	switch {
	case a.cur == nil:
	case a.table == nil:
		a.index.TagResults(dst)
	default:
		maps.Copy(dst, a.ways[0])
	}
}

func (a *adaptive) Close() error {
	if a.index == nil {
		return nil
	}
	return a.index.Close()
}
