package sparql

import (
	endian "encoding/binary" // the package has a binary of its own
	"math"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
)

// terms turns terms into IDs and back. Terms that a query makes and the graph
// does not have get IDs that the graph does not use.
type terms struct {
	index  store.Index
	ids    map[string]store.ID     // of terms that the query has or makes, by what store.Format writes
	own    map[store.ID]quad.Value // those that the graph does not have
	next   store.ID                // of own
	values map[store.ID]quad.Value // some of the graph's terms

	// A boolean may be in the graph in two forms: as it is written, which is the
	// one that solutions have, and as quad.Bool.
	natives, written map[store.ID]store.ID
}

// mostValues is how many terms of the graph are remembered.
const mostValues = 1 << 16

func newTerms(index store.Index) (*terms, error) {
	t := &terms{
		index: index, ids: map[string]store.ID{}, own: map[store.ID]quad.Value{}, next: math.MaxUint64,
		values: map[store.ID]quad.Value{}, natives: map[store.ID]store.ID{}, written: map[store.ID]store.ID{},
	}
	for _, b := range []bool{false, true} {
		native, err := index.ID(quad.Bool(b))
		if err != nil {
			return nil, err
		}
		if native == 0 {
			continue
		}
		written, err := t.id(boolean(b))
		if err != nil {
			return nil, err
		}
		t.natives[written], t.written[native] = native, written
	}
	return t, nil
}

// id returns the ID of a term, 0 for nil.
func (t *terms) id(v quad.Value) (store.ID, error) {
	if v == nil {
		return 0, nil
	}
	if b, ok := v.(quad.Bool); ok {
		v = boolean(bool(b))
	}
	key := store.Format(v)
	if n, ok := t.ids[key]; ok {
		return n, nil
	}
	n, err := t.index.ID(v)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		if n, err = t.unused(); err != nil {
			return 0, err
		}
		t.own[n] = v
	}
	t.ids[key] = n
	return n, nil
}

// unused returns an ID that neither the graph nor the query uses.
func (t *terms) unused() (store.ID, error) {
	for {
		n := t.next
		t.next--
		if v, err := t.index.Term(n); v == nil || err != nil {
			return n, err
		}
	}
}

// made reports whether an ID is of a term that the graph does not have.
func (t *terms) made(n store.ID) bool {
	if n <= t.next {
		return false
	}
	_, ok := t.own[n]
	return ok
}

// term returns the term of an ID, nil for 0.
func (t *terms) term(n store.ID) (quad.Value, error) {
	if n == 0 {
		return nil, nil
	}
	if v, ok := t.values[n]; ok {
		return v, nil
	}
	if v, ok := t.own[n]; ok {
		return v, nil
	}
	v, err := t.index.Term(n)
	if err != nil {
		return nil, err
	}
	if len(t.values) >= mostValues {
		clear(t.values)
	}
	t.values[n] = v
	return v, nil
}

// idOrNone works out an expression, to 0 where an error leaves it without a
// value.
func (x *run) idOrNone(e expr, r row, a active) (store.ID, error) {
	n, err := x.idOf(e, r, a)
	if err == nil || fatal(err) {
		return n, err
	}
	return 0, nil
}

// idOf works out an expression. A variable without a value is an error.
func (x *run) idOf(e expr, r row, a active) (store.ID, error) {
	if e, ok := e.(*varExpr); ok {
		if n := r[e.v.slot]; n != 0 {
			return n, nil
		}
		return 0, errExpr
	}
	v, err := x.value(e, r, a)
	if err != nil {
		return 0, err
	}
	return x.id(v)
}

// appendID writes an ID into a key.
func appendID(key []byte, n store.ID) []byte {
	return endian.NativeEndian.AppendUint64(key, uint64(n))
}

// idSet is a set of rows, by what some of their slots hold.
type idSet struct {
	one  map[store.ID]struct{}
	two  map[[2]store.ID]struct{}
	more map[string]struct{}
	any  bool  // with no slots, a row was added
	rows int   // that were added
	size int   // that were new
	kept int64 // of the query's memory
	off  bool  // given up
}

// worth is how many rows a set that only saves work is given to show that it
// does.
const worth = 1 << 13

// add is addAll for a set that only saves work: where that is little it is
// given up, and all rows are new.
func (s *idSet) add(x *run, r row, slots []int) (fresh bool, err error) {
	if s.off {
		return true, nil
	}
	fresh, err = s.addAll(x, r, slots)
	if s.rows++; s.rows%worth == 0 && s.size > s.rows-s.rows/8 {
		s.release(x)
		s.off = true
	}
	return fresh, err
}

// addAll puts a row into the set and reports whether it is new.
func (s *idSet) addAll(x *run, r row, slots []int) (fresh bool, err error) {
	switch len(slots) {
	case 0:
		fresh = !s.any
		s.any = true
		return fresh, nil
	case 1:
		if s.one == nil {
			s.one = map[store.ID]struct{}{}
		}
		n := len(s.one)
		s.one[r[slots[0]]] = struct{}{}
		fresh = len(s.one) > n
	case 2:
		if s.two == nil {
			s.two = map[[2]store.ID]struct{}{}
		}
		n := len(s.two)
		s.two[[2]store.ID{r[slots[0]], r[slots[1]]}] = struct{}{}
		fresh = len(s.two) > n
	default:
		if s.more == nil {
			s.more = map[string]struct{}{}
		}
		var buf [64]byte
		key := buf[:0]
		for _, slot := range slots {
			key = appendID(key, r[slot])
		}
		if _, ok := s.more[string(key)]; !ok {
			fresh = true
			s.more[string(key)] = struct{}{}
		}
	}
	if !fresh {
		return false, x.tick()
	}
	s.size++
	before := x.memory
	err = x.keep(len(slots) / 4)
	s.kept += x.memory - before
	return true, err
}

// release empties the set and gives its memory back.
func (s *idSet) release(x *run) {
	x.memory -= s.kept
	*s = idSet{}
}
