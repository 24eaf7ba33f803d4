package sparql

import (
	"errors"

	"github.com/demarcgraph/demarc/graph/store"
)

// walk calls out with the ends of every way along p from s to o, 0 for any.
func (x *run) walk(p path, s, o store.ID, a active, out func(s, o store.ID) error) error {
	if err := x.tick(); err != nil {
		return err
	}
	switch p := p.(type) {
	case *link:
		iri, err := x.id(p.iri)
		if err != nil {
			return err
		}
		return x.match(a, store.QuadID{s, iri, o}, func(q store.QuadID) error {
			return out(q[0], q[2])
		})
	case *inverse:
		return x.walk(p.p, o, s, a, func(s, o store.ID) error { return out(o, s) })
	case *either:
		if err := x.walk(p.left, s, o, a, out); err != nil {
			return err
		}
		return x.walk(p.right, s, o, a, out)
	case *sequence:
		if s == 0 && o != 0 {
			return x.walk(p.right, 0, o, a, func(mid, end store.ID) error {
				return x.walk(p.left, 0, mid, a, func(begin, _ store.ID) error { return out(begin, end) })
			})
		}
		return x.walk(p.left, s, 0, a, func(begin, mid store.ID) error {
			return x.walk(p.right, mid, o, a, func(_, end store.ID) error { return out(begin, end) })
		})
	case *except:
		not, err := x.excepted(p)
		if err != nil {
			return err
		}
		if p.forward {
			err := x.match(a, store.QuadID{s, 0, o}, func(q store.QuadID) error {
				if not.forward[q[1]] {
					return nil
				}
				return out(q[0], q[2])
			})
			if err != nil {
				return err
			}
		}
		if !p.backward {
			return nil
		}
		return x.match(a, store.QuadID{o, 0, s}, func(q store.QuadID) error {
			if not.backward[q[1]] {
				return nil
			}
			return out(q[2], q[0])
		})
	case *repeat:
		return x.walkRepeat(p, s, o, a, out)
	}
	return nil
}

// walkRepeat finds each pair of ends once.
func (x *run) walkRepeat(p *repeat, s, o store.ID, a active, out func(s, o store.ID) error) error {
	switch {
	case s != 0:
		return x.reach(p, p.p, s, a, func(end store.ID) error {
			if o != 0 && end != o {
				return nil
			}
			err := out(s, end)
			if err == nil && o != 0 {
				err = errReached
			}
			return err
		})
	case o != 0:
		return x.reach(p, &inverse{p.p}, o, a, func(begin store.ID) error { return out(begin, o) })
	}
	seen := map[store.ID]bool{}
	var nodes []store.ID
	add := func(n store.ID) error {
		if seen[n] {
			return nil
		}
		seen[n] = true
		nodes = append(nodes, n)
		return x.keep(1)
	}
	var err error
	if p.zero { // every node is at no distance from itself
		err = x.match(a, store.QuadID{}, func(q store.QuadID) error {
			if err := add(q[0]); err != nil {
				return err
			}
			return add(q[2])
		})
	} else {
		err = x.walk(p.p, 0, 0, a, func(s, _ store.ID) error { return add(s) })
	}
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if err := x.reach(p, p.p, n, a, func(end store.ID) error { return out(n, end) }); err != nil {
			return err
		}
	}
	return nil
}

// reach calls out with each node that repeating one gets to from a node, once,
// until it returns errReached.
func (x *run) reach(p *repeat, one path, from store.ID, a active, out func(store.ID) error) error {
	seen := map[store.ID]bool{}
	var queue []store.ID
	visit := func(n store.ID) error {
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
		err = x.walk(one, from, 0, a, func(_, n store.ID) error { return visit(n) })
	}
	if !p.more {
		if err == nil {
			err = x.walk(one, from, 0, a, func(_, n store.ID) error { return visit(n) })
		}
		queue = nil
	}
	for len(queue) > 0 && err == nil {
		n := queue[0]
		queue = queue[1:]
		err = x.walk(one, n, 0, a, func(_, n store.ID) error { return visit(n) })
	}
	x.memory -= int64(len(seen)) * 96 // what keep has counted goes
	if err == errReached {
		return nil
	}
	return err
}

// errReached ends a search that has found its one end.
var errReached = errors.New("reached")

// exceptIDs are the properties that a negated property set names.
type exceptIDs struct{ forward, backward map[store.ID]bool }

func (x *run) excepted(p *except) (*exceptIDs, error) {
	if known := x.excepts[p]; known != nil {
		return known, nil
	}
	ids := &exceptIDs{map[store.ID]bool{}, map[store.ID]bool{}}
	for iri := range p.not {
		n, err := x.id(iri)
		if err != nil {
			return nil, err
		}
		ids.forward[n] = true
	}
	for iri := range p.notBack {
		n, err := x.id(iri)
		if err != nil {
			return nil, err
		}
		ids.backward[n] = true
	}
	x.excepts[p] = ids
	return ids, nil
}
