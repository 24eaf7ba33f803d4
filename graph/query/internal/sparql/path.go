package sparql

import (
	"errors"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// walk calls out with the ends of every way along p from s to o, nil for any.
func (x *run) walk(p path, s, o quad.Value, a active, out func(s, o quad.Value) error) error {
	if err := x.tick(); err != nil {
		return err
	}
	switch p := p.(type) {
	case *link:
		return x.match(a, store.Pattern{Subject: s, Predicate: p.iri, Object: o}, func(q quad.Quad) error {
			return out(q.Subject, q.Object)
		})
	case *inverse:
		return x.walk(p.p, o, s, a, func(s, o quad.Value) error { return out(o, s) })
	case *either:
		if err := x.walk(p.left, s, o, a, out); err != nil {
			return err
		}
		return x.walk(p.right, s, o, a, out)
	case *sequence:
		if s == nil && o != nil {
			return x.walk(p.right, nil, o, a, func(mid, end quad.Value) error {
				return x.walk(p.left, nil, mid, a, func(begin, _ quad.Value) error { return out(begin, end) })
			})
		}
		return x.walk(p.left, s, nil, a, func(begin, mid quad.Value) error {
			return x.walk(p.right, mid, o, a, func(_, end quad.Value) error { return out(begin, end) })
		})
	case *except:
		if p.forward {
			err := x.match(a, store.Pattern{Subject: s, Object: o}, func(q quad.Quad) error {
				if p.not[q.Predicate] {
					return nil
				}
				return out(q.Subject, q.Object)
			})
			if err != nil {
				return err
			}
		}
		if !p.backward {
			return nil
		}
		return x.match(a, store.Pattern{Subject: o, Object: s}, func(q quad.Quad) error {
			if p.notBack[q.Predicate] {
				return nil
			}
			return out(q.Object, q.Subject)
		})
	case *repeat:
		return x.walkRepeat(p, s, o, a, out)
	}
	return nil
}

// walkRepeat finds each pair of ends once.
func (x *run) walkRepeat(p *repeat, s, o quad.Value, a active, out func(s, o quad.Value) error) error {
	switch {
	case s != nil:
		return x.reach(p, p.p, s, a, func(end quad.Value) error {
			if o != nil && end != o {
				return nil
			}
			err := out(s, end)
			if err == nil && o != nil {
				err = errReached
			}
			return err
		})
	case o != nil:
		return x.reach(p, &inverse{p.p}, o, a, func(begin quad.Value) error { return out(begin, o) })
	}
	seen := map[quad.Value]bool{}
	var nodes []quad.Value
	add := func(n quad.Value) error {
		if seen[n] {
			return nil
		}
		seen[n] = true
		nodes = append(nodes, n)
		return x.keep(1)
	}
	var err error
	if p.zero { // every node is at no distance from itself
		err = x.match(a, store.Pattern{}, func(q quad.Quad) error {
			if err := add(q.Subject); err != nil {
				return err
			}
			return add(q.Object)
		})
	} else {
		err = x.walk(p.p, nil, nil, a, func(s, _ quad.Value) error { return add(s) })
	}
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if err := x.reach(p, p.p, n, a, func(end quad.Value) error { return out(n, end) }); err != nil {
			return err
		}
	}
	return nil
}

// reach calls out with each node that repeating one gets to from a node, once,
// until it returns errReached.
func (x *run) reach(p *repeat, one path, from quad.Value, a active, out func(quad.Value) error) error {
	seen := map[quad.Value]bool{}
	var queue []quad.Value
	visit := func(n quad.Value) error {
		if seen[n] {
			return nil
		}
		seen[n] = true
		queue = append(queue, n)
		if err := x.keep(1); err != nil {
			return err
		}
		return out(n)
	}
	var err error
	if p.zero {
		err = visit(from)
	} else {
		err = x.walk(one, from, nil, a, func(_, n quad.Value) error { return visit(n) })
	}
	if !p.more {
		if err == nil {
			err = x.walk(one, from, nil, a, func(_, n quad.Value) error { return visit(n) })
		}
		queue = nil
	}
	for len(queue) > 0 && err == nil {
		n := queue[0]
		queue = queue[1:]
		err = x.walk(one, n, nil, a, func(_, n quad.Value) error { return visit(n) })
	}
	x.memory -= int64(len(seen)) * 96 // what keep has counted goes
	if err == errReached {
		return nil
	}
	return err
}

// errReached ends a search that has found its one end.
var errReached = errors.New("reached")
