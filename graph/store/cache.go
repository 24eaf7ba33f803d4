package store

import (
	"sync"
)

// termCache maps ids to terms for every reader of a store.
//
// A term may leave the store while readers still look at a snapshot that has
// it. What such a reader puts in must not survive: entries carry the epoch of
// the snapshot they were read from, and each removal starts a new epoch. So
// whatever the cache holds is in the store's latest state.
//
// A cache is safe for concurrent use.
type termCache struct {
	mu    sync.RWMutex
	epoch uint64
	limit int // bytes in each generation
	used  int // bytes in young
	young map[id]Value
	old   map[id]Value // the generation before; what is used from it moves on
}

func newTermCache(size int64) *termCache {
	return &termCache{limit: int(size / 2), young: map[id]Value{}}
}

func (c *termCache) get(v id) (Value, bool) {
	c.mu.RLock()
	t, ok := c.young[v]
	if ok || c.old == nil {
		c.mu.RUnlock()
		return t, ok
	}
	t, ok = c.old[v]
	epoch := c.epoch
	c.mu.RUnlock()
	if ok {
		c.put(v, t, epoch)
	}
	return t, ok
}

// put remembers a term read from a snapshot of the given epoch.
func (c *termCache) put(v id, t Value, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch {
		return
	}
	if _, ok := c.young[v]; ok {
		return
	}
	c.young[v] = t
	c.used += termSize(t)
	if c.used > c.limit {
		c.old, c.young, c.used = c.young, map[id]Value{}, 0
	}
}

// current returns the epoch that a snapshot taken from now on belongs to.
func (c *termCache) current() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.epoch
}

// drop forgets terms that have left the store and starts a new epoch.
func (c *termCache) drop(gone []id) {
	if len(gone) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for _, v := range gone {
		delete(c.young, v)
		delete(c.old, v)
	}
}

// termSize estimates the bytes an entry keeps alive.
func termSize(v Value) int {
	const overhead = 64
	switch v := v.(type) {
	case IRI:
		return overhead + len(v)
	case BNode:
		return overhead + len(v)
	case String:
		return overhead + len(v)
	case LangString:
		return overhead + len(v.Value) + len(v.Lang)
	case TypedString:
		return overhead + len(v.Value) + len(v.Type)
	}
	return overhead
}

// rowCache maps patterns to the quads that match them, where these are few, in
// one state of a store: that of the newest snapshot that has asked. It is safe
// for concurrent use.
type rowCache struct {
	mu         sync.RWMutex
	version    uint64
	limit      int64 // bytes in each generation
	used       int64 // bytes in young
	young, old map[quadID][]quadID
}

// mostRows is how many quads of one pattern are remembered.
const mostRows = 64

func (c *rowCache) get(version uint64, p quadID) (rows []quadID, ok bool) {
	c.mu.RLock()
	if c.version == version {
		if rows, ok = c.young[p]; !ok {
			if rows, ok = c.old[p]; ok {
				defer c.put(version, p, rows)
			}
		}
	}
	c.mu.RUnlock()
	return rows, ok
}

// put remembers the rows of a pattern, which nobody may change any more.
func (c *rowCache) put(version uint64, p quadID, rows []quadID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version > version {
		return
	}
	if c.version < version || c.young == nil {
		c.version, c.young, c.old, c.used = version, map[quadID][]quadID{}, nil, 0
	}
	if _, ok := c.young[p]; ok {
		return
	}
	c.young[p] = rows
	c.used += int64(128 + 32*len(rows))
	if c.used > c.limit {
		c.old, c.young, c.used = c.young, map[quadID][]quadID{}, 0
	}
}
