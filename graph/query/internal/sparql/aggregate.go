package sparql

import (
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

func isAggregate(name string) bool {
	switch name {
	case "COUNT", "SUM", "AVG", "MIN", "MAX", "GROUP_CONCAT", "SAMPLE":
		return true
	}
	return false
}

// group is the solutions with the same keys.
type group struct {
	keys []store.ID
	sums []sum // one for each aggregate
}

// sum is an aggregate of the solutions so far.
type sum struct {
	count  int
	total  num
	best   quad.Value        // of MIN, MAX and SAMPLE
	parts  []string          // of GROUP_CONCAT
	seen   map[string]bool   // solutions, of COUNT(DISTINCT *)
	values map[store.ID]bool // of DISTINCT
	failed bool
}

// group evaluates the pattern of a query and yields a row for each of its
// groups, in the order in which they begin.
func (x *run) group(q *query, r row, a active, out yield) error {
	groups := map[string]*group{}
	var inOrder []*group
	begin := func(keys []store.ID) *group {
		g := &group{keys: slices.Clone(keys), sums: make([]sum, len(q.aggregates))}
		inOrder = append(inOrder, g)
		return g
	}
	keys := make([]store.ID, len(q.groupBy))
	var k []byte
	err := x.eval(q.where, r, a, func(r row) error {
		k = k[:0]
		for i, c := range q.groupBy {
			n, err := x.idOrNone(c.e, r, a)
			if err != nil {
				return err
			}
			keys[i] = n
			k = appendID(k, n)
		}
		g := groups[string(k)]
		if g == nil {
			g = begin(keys)
			groups[string(k)] = g
			if err := x.keep(4 + len(keys) + 2*len(g.sums)); err != nil {
				return err
			}
		}
		for i, agg := range q.aggregates {
			if err := x.add(q, &g.sums[i], agg, r, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(inOrder) == 0 && len(q.groupBy) == 0 {
		begin(nil) // all of nothing is one group
	}
	for _, g := range inOrder {
		result := slices.Clone(r)
		for i, c := range q.groupBy {
			if c.v != nil {
				result[c.v.slot] = g.keys[i]
			} else if v, ok := c.e.(*varExpr); ok {
				result[v.v.slot] = g.keys[i]
			}
		}
		for i, agg := range q.aggregates {
			var err error
			if result[agg.v.slot], err = x.id(g.sums[i].value(agg)); err != nil {
				return err
			}
		}
		if err := x.filtered(q.having, a, out)(result); err != nil {
			return err
		}
	}
	return nil
}

// add takes a solution into an aggregate.
func (x *run) add(q *query, s *sum, agg *aggregate, r row, a active) error {
	if agg.e == nil {
		if agg.distinct {
			var all []int
			for _, v := range slices.SortedFunc(maps.Keys(x.sets(q.where).all), func(a, b *variable) int { return a.slot - b.slot }) {
				all = append(all, v.slot)
			}
			key := keyOf(r, all)
			if s.seen[key] {
				return nil
			}
			if s.seen == nil {
				s.seen = map[string]bool{}
			}
			s.seen[key] = true
			if err := x.keep(len(key) / 32); err != nil {
				return err
			}
		}
		s.count++
		return nil
	}
	n, err := x.idOf(agg.e, r, a)
	if fatal(err) {
		return err
	}
	if err != nil {
		// COUNT and SAMPLE pass over errors, the others have no value then.
		s.failed = s.failed || agg.name != "COUNT" && agg.name != "SAMPLE"
		return nil
	}
	if agg.distinct {
		if s.values == nil {
			s.values = map[store.ID]bool{}
		}
		if s.values[n] {
			return nil
		}
		s.values[n] = true
		if err := x.keep(1); err != nil {
			return err
		}
	}
	s.count++
	if agg.name == "COUNT" {
		return nil
	}
	v, err := x.term(n)
	if err != nil {
		return err
	}
	switch agg.name {
	case "SUM", "AVG":
		n, ok := number(v)
		if !ok {
			s.failed = true
			return nil
		}
		total, err := arithmetic("+", s.total, n)
		if err != nil {
			s.failed = true
		}
		s.total = total
	case "MIN", "MAX":
		if s.best == nil {
			s.best = v
		} else if c := compareOrder(v, s.best); c < 0 == (agg.name == "MIN") && c != 0 {
			s.best = v
		}
	case "SAMPLE":
		if s.best == nil {
			s.best = v
		}
	case "GROUP_CONCAT":
		if _, blank := v.(quad.BNode); blank {
			s.failed = true
			return nil
		}
		text := textOf(v)
		s.parts = append(s.parts, text)
		return x.keep(1 + len(text)/32)
	}
	return nil
}

// value is what an aggregate comes to, nil for an error.
func (s *sum) value(agg *aggregate) quad.Value {
	if s.failed {
		return nil
	}
	switch agg.name {
	case "COUNT":
		return quad.Int(s.count)
	case "SUM":
		return s.total.value()
	case "AVG":
		if s.count == 0 {
			return quad.Int(0)
		}
		n, err := arithmetic("/", s.total, num{t: integer, i: int64(s.count)})
		if err != nil {
			return nil
		}
		return n.value()
	case "GROUP_CONCAT":
		return quad.String(strings.Join(s.parts, agg.separator))
	}
	return s.best
}
