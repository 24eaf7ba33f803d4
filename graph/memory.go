package graph

import (
	"math/bits"
	"sync"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// remembered is the memory of the newest state of the graph that has been read.
// It is safe for concurrent use.
type remembered struct {
	mu      sync.Mutex
	version uint64
	memory  *memory
}

// of returns what is remembered of a version of the store: nothing where the
// version is unknown, or older than what others read.
func (r *remembered) of(version uint64) *memory {
	if version == 0 {
		return newMemory()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case version < r.version:
		return newMemory()
	case version > r.version:
		r.version, r.memory = version, newMemory()
	}
	return r.memory
}

// memory is what has been read of one state of the graph and put together from
// many quads. Nobody may change what it holds. It is safe for concurrent use.
type memory struct {
	entities *kept[string, schema.Entity]
	values   kept[store.ID, schema.Entity] // what nodes stand for, as decisions have it
	facts    kept[store.ID, statement]     // as one node states them
	whole    kept[store.ID, statement]     // as all of their nodes do, of those that have several

	mu    sync.RWMutex
	names []foldedName // nil until they are first needed
	same  *sameAs      // nil until it is first needed

	statements map[string][]store.ID // see [view.statements]
	listed     int                   // nodes in statements
}

func newMemory() *memory {
	return &memory{
		entities: &kept[string, schema.Entity]{most: mostEntities},
		values:   kept[store.ID, schema.Entity]{most: mostEntities},
		facts:    kept[store.ID, statement]{most: mostFacts},
		whole:    kept[store.ID, statement]{most: mostFacts},
	}
}

// How much is remembered; beyond that memory is made anew.
const (
	mostEntities = 1 << 17
	mostFacts    = 1 << 14
	mostListed   = 1 << 18
)

// kept is what has been read under some keys. It is safe for concurrent use.
type kept[K comparable, V any] struct {
	most   int
	mu     sync.RWMutex
	values map[K]V
}

func (k *kept[K, V]) get(key K) (V, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	v, ok := k.values[key]
	return v, ok
}

// put keeps a value, and forgets all others where there are as many as may be.
func (k *kept[K, V]) put(key K, v V) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.values == nil || len(k.values) == k.most {
		k.values = map[K]V{}
	}
	k.values[key] = v
}

// drop forgets a value.
func (k *kept[K, V]) drop(key K) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.values, key)
}

func (m *memory) decided() *sameAs {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.same
}

func (m *memory) putDecided(s *sameAs) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.same = s
}

func (m *memory) statementsOf(key string) ([]store.ID, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	found, ok := m.statements[key]
	return found, ok
}

func (m *memory) putStatements(key string, found []store.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.statements == nil || m.listed+len(found)+1 > mostListed {
		m.statements, m.listed = map[string][]store.ID{}, 0
	}
	m.statements[key] = found
	m.listed += len(found) + 1
}

// foldedName is a folded name of the graph.
type foldedName struct {
	name    string
	node    store.ID // the literal
	length  int      // characters
	letters uint64   // a bit for each character that occurs, several to a bit
}

func newFoldedName(name string, node store.ID) foldedName {
	f := foldedName{name: name, node: node, length: utf8.RuneCountInString(name)}
	for _, r := range name {
		f.letters |= 1 << (r & 63)
	}
	return f
}

// near reports whether two names may be within so many edits of one another. An
// edit changes the length by one at most, and the set of letters by two.
func (f *foldedName) near(other *foldedName, edits int) bool {
	d := f.length - other.length
	return d <= edits && -d <= edits && bits.OnesCount64(f.letters^other.letters) <= 2*edits
}
