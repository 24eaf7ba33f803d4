package store

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

var _ shape.Optimizer = (*quadStore)(nil)

// OptimizeShape replaces the parts of a query that follow quads from one node
// to another by hops, each of which reads the one index range it needs.
// Cayley's own iterators would look at all quads of a node and check each.
func (s *quadStore) OptimizeShape(_ context.Context, sh shape.Shape) (shape.Shape, bool) {
	switch sh := sh.(type) {
	case shape.QuadsAction:
		h := &hopShape{result: int(sh.Result) - 1}
		for d, r := range sh.Filter {
			if !h.fix(s, int(d)-1, r) {
				return shape.Null{}, true
			}
		}
		for d, tags := range sh.Save {
			h.tags[d-1] = append(h.tags[d-1], tags...)
		}
		return h, true
	case shape.NodesFrom:
		quads, ok := sh.Quads.(shape.Quads)
		if !ok || sh.Dir < quad.Subject || sh.Dir > quad.Label {
			return sh, false
		}
		h := &hopShape{result: int(sh.Dir) - 1}
		for _, f := range quads {
			if f.Dir < quad.Subject || f.Dir > quad.Label {
				return sh, false
			}
			d := int(f.Dir) - 1
			if r, ok := shape.One(f.Values); ok {
				if !h.fix(s, d, r) {
					return shape.Null{}, true
				}
				continue
			}
			if sv, ok := f.Values.(shape.Save); ok {
				if _, ok := sv.From.(shape.AllNodes); ok {
					h.tags[d] = append(h.tags[d], sv.Tags...)
					continue
				}
			}
			h.subs = append(h.subs, hopSub{d, f.Values})
		}
		return h, true
	case shape.Intersect:
		return &joinShape{sub: sh}, true
	case shape.IntersectOpt:
		return &joinShape{sub: sh.Sub, opt: sh.Opt}, true
	}
	return sh, false
}

// hopShape is the nodes in one direction of the quads that have given nodes in
// other directions, as Cayley's NodesFrom over Quads, which it replaces.
type hopShape struct {
	result int
	fixed  quadID
	tags   [4][]string
	subs   []hopSub
}

// hopSub says that a direction of the quads has one of the nodes of a shape.
type hopSub struct {
	dir   int
	shape shape.Shape
}

// fix demands a node in a direction. It returns false if no quad can have it.
func (h *hopShape) fix(s *quadStore, dir int, r graph.Ref) bool {
	n, err := s.node(r)
	if err != nil || n == 0 || h.fixed[dir] != 0 && h.fixed[dir] != n {
		return false
	}
	h.fixed[dir] = n
	return true
}

func (h *hopShape) Optimize(context.Context, shape.Optimizer) (shape.Shape, bool) { return h, false }

func (h *hopShape) BuildIterator(qs graph.QuadStore) iterator.Shape {
	s, ok := graph.Unwrap(qs).(interface{ base() *quadStore })
	if !ok {
		return iterator.NewError(fmt.Errorf("store: a query made for one graph runs on another, %T", qs))
	}
	it := &hop{s: s.base(), hopShape: h}
	for _, sub := range h.subs {
		it.its = append(it.its, sub.shape.BuildIterator(qs))
	}
	return it
}

func (s *quadStore) base() *quadStore { return s }

// hop is a hopShape with its parts ready to run.
type hop struct {
	s *quadStore
	*hopShape
	its    []iterator.Shape // of subs
	driver int              // the sub to go through; -1 to go through the quads that have the fixed nodes
	costs  iterator.Costs   // of the plan
	ready  bool
}

func (h *hop) String() string {
	return fmt.Sprintf("Hop(%x→%c)", h.fixed, "spog"[h.result])
}

func (h *hop) SubIterators() []iterator.Shape { return h.its }

func (h *hop) Optimize(ctx context.Context) (iterator.Shape, bool) {
	for i, it := range h.its {
		h.its[i], _ = it.Optimize(ctx)
		if iterator.IsNull(h.its[i]) {
			return h.its[i], true
		}
	}
	h.ready = false
	return h, false
}

// Costs of the steps of a plan, in the unit of Cayley's own: one step of an
// iterator over a list in memory.
const (
	costSeek = 6
	costNext = 1
	// costCollect is the cost of remembering one result.
	costCollect = 2
)

// plan decides how to go through the quads and estimates what that costs.
func (h *hop) plan(ctx context.Context) error {
	if h.ready {
		return nil
	}
	size, exact, err := h.s.v.estimate(&h.fixed)
	if err != nil {
		return err
	}
	sub := make([]iterator.Costs, len(h.its))
	var errs []error
	check := int64(0) // cost to check one quad against all subs
	for i, it := range h.its {
		if sub[i], err = it.Stats(ctx); err != nil {
			errs = append(errs, err)
		}
		check = plus(check, sub[i].ContainsCost)
	}
	h.driver = -1
	best := plus(times(size, costNext), checkAll(sub, -1, size))
	rows := size
	for i := range h.its {
		fan, err := h.s.v.fan(h.subs[i].dir, &h.fixed)
		if err != nil {
			return err
		}
		out := min(times(sub[i].Size.Value, fan), max(size, 1))
		cost := plus(times(sub[i].Size.Value, plus(sub[i].NextCost, costSeek)),
			plus(times(out, costNext), checkAll(sub, i, out)))
		if cost < best {
			best, h.driver = cost, i
		}
		rows = min(rows, out)
	}
	if len(h.its) > 0 || h.result == dirG {
		exact = false
	}
	for _, tags := range h.tags {
		if len(tags) > 0 {
			exact = false
		}
	}
	fan, err := h.s.v.fan(h.result, &h.fixed)
	if err != nil {
		return err
	}
	h.costs = iterator.Costs{
		NextCost:     max(best/max(rows, 1), 1),
		ContainsCost: plus(costSeek, times(fan, plus(costNext, check))),
		Size:         refs.Size{Value: rows, Exact: exact},
	}
	h.ready = true
	return errors.Join(errs...)
}

// checkAll is the cost of checking n nodes against all subs but one.
func checkAll(subs []iterator.Costs, except int, n int64) (sum int64) {
	for i, c := range subs {
		if i != except {
			sum = plus(sum, min(times(n, c.ContainsCost), plus(collectCost(c), n)))
		}
	}
	return sum
}

// collectCost is the cost of going through all results of an iterator.
func collectCost(c iterator.Costs) int64 {
	return times(c.Size.Value, plus(c.NextCost, costCollect))
}

// plus and times are sums and products of costs that stay in range, so that
// Cayley can go on computing with them.
func plus(a, b int64) int64 { return clampCost(float64(a) + float64(b)) }

func times(a, b int64) int64 { return clampCost(float64(a) * float64(b)) }

func clampCost(f float64) int64 { return int64(min(max(f, 0), math.MaxInt32)) }

func (h *hop) Stats(ctx context.Context) (iterator.Costs, error) {
	err := h.plan(ctx)
	return h.costs, err
}

func (h *hop) Iterate() iterator.Scanner {
	n := &hopNext{hopCursor: hopCursor{hop: h}}
	if n.err = h.plan(context.Background()); n.err != nil {
		return n
	}
	n.subs = make([]iterator.Index, len(h.its))
	for i, it := range h.its {
		if i == h.driver {
			n.driver = it.Iterate()
		} else {
			n.subs[i] = h.s.lookup(it)
		}
	}
	return n
}

func (h *hop) Lookup() iterator.Index {
	c := &hopContains{hopCursor: hopCursor{hop: h, subs: make([]iterator.Index, len(h.its))}}
	for i, it := range h.its {
		c.subs[i] = h.s.lookup(it)
	}
	return c
}

// hopCursor is a place among the quads of a hop.
type hopCursor struct {
	*hop
	subs []iterator.Index // nil where a sub drives
	scan rangeCursor
	err  error
}

// advance goes to the next quad of the range that has what the hop asks for.
func (c *hopCursor) advance(ctx context.Context) bool {
next:
	for c.scan.next(ctx) {
		q := &c.scan.q
		if q[dirG] == 0 && (c.result == dirG || len(c.tags[dirG]) > 0) {
			continue
		}
		for i, sub := range c.subs {
			if sub == nil {
				continue
			}
			n := q[c.hop.subs[i].dir]
			if n == 0 || !sub.Contains(ctx, nodeRef(n)) {
				if c.err = sub.Err(); c.err != nil {
					return false
				}
				continue next
			}
		}
		return true
	}
	c.err = c.scan.err
	return false
}

func (c *hopCursor) TagResults(dst map[string]graph.Ref) {
	for _, sub := range c.subs {
		if sub != nil {
			sub.TagResults(dst)
		}
	}
	for d, tags := range c.tags {
		for _, t := range tags {
			dst[t] = refOf(c.scan.q[d])
		}
	}
}

func (c *hopCursor) Result() graph.Ref { return refOf(c.scan.q[c.result]) }
func (c *hopCursor) Err() error        { return c.err }

// nextPath moves one of the subs to another way to its node.
func (c *hopCursor) nextPath(ctx context.Context) bool {
	for _, sub := range c.subs {
		if sub == nil {
			continue
		}
		if sub.NextPath(ctx) {
			return true
		}
		if c.err = sub.Err(); c.err != nil {
			return false
		}
	}
	return false
}

func (c *hopCursor) Close() error {
	err := c.scan.close()
	for _, sub := range c.subs {
		if sub != nil {
			err = errors.Join(err, sub.Close())
		}
	}
	return err
}

// hopNext goes through the results of a hop.
type hopNext struct {
	hopCursor
	driver iterator.Scanner // nil to go through the fixed range
	begun  bool
}

func (it *hopNext) String() string { return "HopNext" }

func (it *hopNext) Next(ctx context.Context) bool {
	if it.err != nil {
		return false
	}
	if it.driver == nil {
		if !it.begun {
			it.begun = true
			it.scan.open(it.s.v, &it.fixed)
		}
		return it.advance(ctx)
	}
	for {
		if it.begun && it.advance(ctx) {
			return true
		}
		if it.err != nil || !it.driver.Next(ctx) {
			if it.err == nil {
				it.err = it.driver.Err()
			}
			return false
		}
		it.begun = false
		n, err := it.s.node(it.driver.Result())
		if err != nil {
			it.err = err
			return false
		}
		dir := it.hop.subs[it.hop.driver].dir
		if n == 0 || it.fixed[dir] != 0 && it.fixed[dir] != n {
			continue
		}
		p := it.fixed
		p[dir] = n
		it.scan.open(it.s.v, &p)
		it.begun = true
	}
}

func (it *hopNext) TagResults(dst map[string]graph.Ref) {
	if it.driver != nil {
		it.driver.TagResults(dst)
	}
	it.hopCursor.TagResults(dst)
}

func (it *hopNext) NextPath(ctx context.Context) bool {
	if it.driver != nil {
		if it.driver.NextPath(ctx) {
			return true
		}
		if it.err = it.driver.Err(); it.err != nil {
			return false
		}
	}
	return it.nextPath(ctx)
}

func (it *hopNext) Close() error {
	err := it.hopCursor.Close()
	if it.driver != nil {
		err = errors.Join(err, it.driver.Close())
	}
	return err
}

// hopContains checks nodes against a hop.
type hopContains struct {
	hopCursor
	found bool
}

func (it *hopContains) String() string { return "HopContains" }

func (it *hopContains) Contains(ctx context.Context, r graph.Ref) bool {
	it.found = false
	n, err := it.s.node(r)
	if err != nil {
		it.err = err
		return false
	}
	if n == 0 || it.fixed[it.result] != 0 && it.fixed[it.result] != n {
		return false
	}
	p := it.fixed
	p[it.result] = n
	it.scan.open(it.s.v, &p)
	it.found = it.advance(ctx)
	return it.found
}

func (it *hopContains) NextPath(ctx context.Context) bool {
	if !it.found || it.err != nil {
		return false
	}
	if it.nextPath(ctx) {
		return true
	}
	if it.err != nil {
		return false
	}
	it.found = it.advance(ctx)
	return it.found
}

// rangeCursor is a scanner that can be opened again and again.
type rangeCursor struct {
	s   *scanner
	q   quadID
	err error
}

func (c *rangeCursor) open(v *view, p *quadID) {
	if c.s != nil {
		c.s.stop()
	}
	c.s = v.scan(p)
	c.err = nil
}

func (c *rangeCursor) next(ctx context.Context) bool {
	if c.s == nil {
		return false
	}
	if c.s.next(ctx) {
		c.q = c.s.q
		return true
	}
	c.err = c.s.err
	return false
}

func (c *rangeCursor) close() error {
	if c.s == nil {
		return nil
	}
	return c.s.close()
}
