package serve

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/demarcgraph/demarc/graph"
)

// counts is what a graph was last counted to hold, and the counting that goes on.
type counts struct {
	mu      sync.Mutex
	known   bool
	state   uint64 // that was counted
	stats   graph.Stats
	running *counting
}

// counting is one state being counted.
type counting struct {
	done chan struct{} // closed at the end
	err  error
}

// patience is how long somebody waits for a new count where there is an old one.
const patience = time.Second

// count returns what the graph holds. A large graph is counted aside, and nobody's
// deadline ends that; meanwhile the last count is returned, which is then not
// fresh. It fails where there is none yet and the context ends.
func (s *Server) count(ctx context.Context, g *graph.Graph) (st graph.Stats, fresh bool, err error) {
	state, err := g.State()
	if err != nil {
		return st, false, err
	}
	c := &s.counts
	c.mu.Lock()
	if c.known && state != 0 && c.state == state {
		defer c.mu.Unlock()
		return c.stats, true, nil
	}
	running := c.running
	if running == nil {
		running = &counting{done: make(chan struct{})}
		c.running = running
		s.works.Go(func() { s.countAside(running) })
	}
	var late <-chan time.Time
	if c.known {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		late = timer.C
	}
	c.mu.Unlock()
	select {
	case <-running.done:
		err = running.err
	case <-late:
	case <-ctx.Done():
		err = refusef(http.StatusServiceUnavailable, "the graph is still being counted: try again")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats, c.state == state, err
}

func (s *Server) countAside(running *counting) {
	defer close(running.done)
	var st graph.Stats
	var state uint64
	ctx, cancel := context.WithTimeout(s.work, s.opts.Limits.Long)
	defer cancel()
	err := s.source.With(ctx, func(g *graph.Graph) (err error) {
		if state, err = g.State(); err == nil {
			st, err = g.Stats(ctx)
		}
		return err
	})
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	s.counts.running, running.err = nil, err
	if err == nil {
		s.counts.known, s.counts.state, s.counts.stats = true, state, st
	}
}

// worthKeeping is how long an answer must have taken to be kept.
const worthKeeping = 50 * time.Millisecond

// answers are answers by their ETags, each of which is of one state of the graph.
// The oldest make room for new ones, those of states that are no more among them.
type answers struct {
	mu    sync.Mutex
	most  int64 // bytes
	bytes int64
	kept  map[string]*reply
	order []string // by when they came
}

func (a *answers) get(etag string) *reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.kept[etag]
}

// put keeps an answer, unless it takes a good part of the room that there is.
func (a *answers) put(etag string, rep *reply) {
	size := int64(len(rep.body))
	if rep.stream != nil || rep.header != nil || size > a.most/4 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.kept == nil {
		a.kept = map[string]*reply{}
	}
	if a.kept[etag] != nil {
		return
	}
	for a.bytes+size > a.most || len(a.order) >= mostAnswers {
		a.bytes -= int64(len(a.kept[a.order[0]].body))
		delete(a.kept, a.order[0])
		a.order = a.order[1:]
	}
	a.kept[etag], a.bytes = rep, a.bytes+size
	a.order = append(a.order, etag)
}

// mostAnswers is how many answers are kept at most.
const mostAnswers = 10_000
