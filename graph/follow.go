package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/demarcgraph/demarc/graph/ask"
)

// Follower reads a graph that other processes write to. Where [Open] with
// [WithReadOnly] keeps showing the state that it found, a Follower opens the
// graph anew once its folder has changed. It is safe for concurrent use.
type Follower struct {
	path string
	opts []Option

	mu     sync.Mutex
	latest *followed                   // nil once closed
	engine func() (*ask.Engine, error) // one for all states: it has read its lexicons
}

// followed is one state of the graph. It is closed when its last user is done.
type followed struct {
	g     *Graph
	state []fileState
	users int // the follower itself is one
}

// fileState is what a change of a folder shows in: a file's name, size and time.
type fileState struct {
	name    string
	size    int64
	changed time.Time
}

// Follow opens the graph in the folder path, which must be there, for reading
// its newest state.
func Follow(ctx context.Context, path string, opts ...Option) (*Follower, error) {
	f := &Follower{path: path, opts: append(slices.Clone(opts), WithReadOnly())}
	var err error
	if f.latest, err = f.open(ctx); err != nil {
		return nil, err
	}
	return f, nil
}

// With runs read on the newest state of the graph, which stays the same until
// read returns. It fails with [ErrClosed] after Close.
func (f *Follower) With(ctx context.Context, read func(*Graph) error) error {
	s, err := f.acquire(ctx)
	if err != nil {
		return err
	}
	return errors.Join(read(s.g), f.release(s))
}

// Close releases the graph, as soon as nobody reads it.
func (f *Follower) Close() error {
	f.mu.Lock()
	s := f.latest
	f.latest = nil
	f.mu.Unlock()
	if s == nil {
		return nil
	}
	return f.release(s)
}

func (f *Follower) open(ctx context.Context) (*followed, error) {
	state, err := folderState(f.path) // before, so that what changes meanwhile is seen next time
	if err != nil {
		return nil, err
	}
	g, err := Open(ctx, f.path, f.opts...)
	if err != nil {
		return nil, err
	}
	if f.engine == nil {
		f.engine = g.engine
	}
	g.engine = f.engine
	return &followed{g, state, 1}, nil
}

func (f *Follower) acquire(ctx context.Context) (*followed, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.latest == nil {
		return nil, ErrClosed
	}
	now, err := folderState(f.path)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(now, f.latest.state) {
		s, err := f.open(ctx)
		if err != nil {
			return nil, err
		}
		old := f.latest
		f.latest = s
		if err := f.leave(old); err != nil {
			return nil, err
		}
	}
	f.latest.users++
	return f.latest, nil
}

func (f *Follower) release(s *followed) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.leave(s)
}

// leave is release for who holds the lock.
func (f *Follower) leave(s *followed) error {
	if s.users--; s.users > 0 {
		return nil
	}
	return s.g.Close()
}

// folderState returns the state of a graph's files, sorted by name. A graph that
// is in no folder, such as one on a database server, has none: it always shows
// its newest state.
func folderState(path string) ([]fileState, error) {
	entries, err := os.ReadDir(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // Open says what is wrong, if something is
	}
	if err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	var state []fileState
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // gone since
		}
		state = append(state, fileState{e.Name(), info.Size(), info.ModTime()})
	}
	slices.SortFunc(state, func(a, b fileState) int { return cmp.Compare(a.name, b.name) })
	return state, nil
}
