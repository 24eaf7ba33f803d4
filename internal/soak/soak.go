//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/schema"
)

// options are the settings of a run.
type options struct {
	length    time.Duration
	documents int
	checks    int
	seed      uint64
	memory    int64 // MiB
	demarc    string
	dir       string
}

// soaker works on one graph.
type soaker struct {
	opts     options
	docs     *library
	reader   *remembering
	follower *graph.Follower
	r        *rand.Rand

	present map[int]int // the revision that each document should be there in

	// Whoever reads holds a share of it; who checks, all.
	gate sync.RWMutex

	loads, removes, kills, starved, finished int
	copies, nearCopies                       int // most that a check found
	childRSS                                 int64
	asked, queried, exported, shown          atomic.Int64
	samples                                  []sample
}

// sample is what a check measures.
type sample struct {
	rss, heap, disk int64 // MiB, MiB, KiB; heap is what lives in Go's part of the RSS
	files, routines int
}

func newSoaker(ctx context.Context, opts options) (*soaker, error) {
	s := &soaker{opts: opts, r: rand.New(rand.NewPCG(opts.seed, 0)), present: map[int]int{}}
	var err error
	if s.docs, err = newLibrary(ctx, opts.documents); err != nil {
		return nil, err
	}
	x, err := extract.New()
	if err != nil {
		return nil, err
	}
	s.reader = &remembering{Extractor: x, facts: map[string][]schema.Fact{}}
	// All that will be remembered is read now, so that it is no growth later.
	for slot := range opts.documents {
		for revision := range revisions {
			if _, err := s.reader.Extract(ctx, s.docs.document(slot, revision)); err != nil {
				return nil, err
			}
		}
	}
	if err := s.tidy(ctx); err != nil {
		return nil, err
	}
	s.follower, err = graph.Follow(ctx, opts.dir)
	return s, err
}

func (s *soaker) close() error { return s.follower.Close() }

// tidy opens the graph for writing, which brings it up after whatever happened to
// who wrote last, and closes it.
func (s *soaker) tidy(ctx context.Context) error {
	g, err := graph.Open(ctx, s.opts.dir)
	if err != nil {
		return err
	}
	return g.Close()
}

// run works for as long as it should.
func (s *soaker) run(ctx context.Context) error {
	fmt.Printf("%s, %d documents in %d revisions, seed %d\n\n", bench.Heading(), s.opts.documents, revisions, s.opts.seed)
	bench.Head("s", "loads", "removals", "killed", "starved", "finished", "questions", "queries", "exports", "cards",
		"documents", "most copies", "most near copies", "quads", "RSS MiB", "heap MiB", "writer's MiB", "files", "goroutines", "disk KiB")
	readCtx, stop := context.WithCancel(ctx)
	faults := make(chan error, 8)
	var readers sync.WaitGroup
	for _, read := range []func(context.Context, *graph.Graph, int) error{s.ask, s.query, s.export, s.show} {
		readers.Go(func() {
			if err := s.readOn(readCtx, read); err != nil {
				faults <- err
			}
		})
	}
	err := s.work(ctx, faults)
	stop()
	readers.Wait()
	if ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	return errors.Join(err, s.growth())
}

// work writes and checks by turns.
func (s *soaker) work(ctx context.Context, faults <-chan error) error {
	begin := time.Now()
	next := s.opts.length / time.Duration(s.opts.checks)
	for n := 1; ; {
		select {
		case err := <-faults:
			return err
		default:
		}
		if err := s.write(ctx); err != nil {
			return err
		}
		if elapsed := time.Since(begin); elapsed >= next*time.Duration(n) {
			if err := s.check(ctx, elapsed); err != nil {
				return err
			}
			if n++; elapsed >= s.opts.length {
				return nil
			}
		}
	}
}

// The ways in which a writing process ends.
const (
	toKill = iota
	toStarve
	toFinish
)

// write lets a process write until its end, and looks what came of it.
func (s *soaker) write(ctx context.Context) error {
	how := []int{toKill, toKill, toKill, toStarve, toFinish}[s.r.IntN(5)]
	t := task{Dir: s.opts.dir, Documents: s.opts.documents, Seed: s.r.Uint64()}
	limit := time.Duration(0)
	switch how {
	case toKill:
		limit = time.Duration(s.r.Int64N(int64(1500 * time.Millisecond)))
	case toStarve:
		t.Room, t.Steps = 1<<20+s.r.Int64N(128<<20), 200
	case toFinish:
		t.Steps = 1 + s.r.IntN(10)
	}
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), envTask+"="+string(text), "GOMEMLIMIT="+strconv.FormatInt(s.opts.memory, 10)+"MiB")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	var unsure *step
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		if line == "done" {
			s.apply(*unsure)
			unsure = nil
			continue
		}
		if unsure == nil && limit > 0 { // it works: its time begins to run
			time.AfterFunc(limit, func() { _ = cmd.Process.Kill() }) // it may have ended
			limit = 0
		}
		unsure = &step{}
		if _, err := fmt.Sscan(line, &unsure.slot, &unsure.revision); err != nil {
			unsure = nil // half a line: what it would have begun has not
			break
		}
	}
	_, _ = io.Copy(io.Discard, out)
	err = cmd.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	_, rss := bench.Used(cmd.ProcessState)
	s.childRSS = max(s.childRSS, rss)
	switch {
	case how == toKill && cmd.ProcessState.ExitCode() == -1:
		s.kills++
	case how == toStarve && err != nil && strings.Contains(stderr.String(), "memory"):
		s.starved++
	case err == nil:
		s.finished++
	default:
		return fmt.Errorf("a writer failed: %w: %.2000s", err, &stderr)
	}
	return s.settle(ctx, unsure)
}

// apply takes note of a change that was done.
func (s *soaker) apply(c step) {
	if c.revision == none {
		s.removes++
		delete(s.present, c.slot)
		return
	}
	s.loads++
	s.present[c.slot] = c.revision
}

// settle looks which documents are there. They must be those that should, but for
// the change that was under way, if there was one: that is done or not.
func (s *soaker) settle(ctx context.Context, unsure *step) error {
	return s.follower.With(ctx, func(g *graph.Graph) error {
		found := map[string]string{}
		for info, err := range g.Documents(ctx) {
			if err != nil {
				return err
			}
			found[info.ID] = info.Hash
		}
		for slot := range s.opts.documents {
			want := ""
			if revision, ok := s.present[slot]; ok {
				want = s.docs.document(slot, revision).Hash()
			}
			got := found[documentID(slot)]
			if got == want {
				continue
			}
			if unsure != nil && unsure.slot == slot {
				after := ""
				if unsure.revision != none {
					after = s.docs.document(slot, unsure.revision).Hash()
				}
				if got == after {
					s.apply(*unsure)
					continue
				}
			}
			return fmt.Errorf("%s is there as %q and should be as %q", documentID(slot), got, want)
		}
		return nil
	})
}

// check compares the graph with a new one of the same documents, verifies it, and
// measures what it and this process take.
func (s *soaker) check(ctx context.Context, elapsed time.Duration) error {
	s.gate.Lock()
	defer s.gate.Unlock()
	if err := s.tidy(ctx); err != nil {
		return err
	}
	want, err := s.fresh(ctx)
	if err != nil {
		return err
	}
	var st graph.Stats
	err = s.follower.With(ctx, func(g *graph.Graph) error {
		got, err := g.Hash(ctx)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("the graph has the hash %s, and a new one of the same documents %s", got, want)
		}
		report, err := g.Verify(ctx)
		if err != nil {
			return err
		}
		if len(report.Problems) > 0 {
			return fmt.Errorf("the graph is damaged: %s", strings.Join(report.Problems, "; "))
		}
		if st, err = g.Stats(ctx); err != nil {
			return err
		}
		if err := s.count(ctx, g); err != nil {
			return err
		}
		return quotes(ctx, g)
	})
	if err != nil {
		return err
	}
	if s.opts.demarc != "" {
		if out, err := exec.CommandContext(ctx, s.opts.demarc, "--db", s.opts.dir, "verify").CombinedOutput(); err != nil {
			return fmt.Errorf("demarc verify: %w: %s", err, out)
		}
	}
	m, err := s.measure()
	if err != nil {
		return err
	}
	s.samples = append(s.samples, m)
	row := []any{int(elapsed.Seconds()), s.loads, s.removes, s.kills, s.starved, s.finished, s.asked.Load(), s.queried.Load(), s.exported.Load(), s.shown.Load(),
		st.Documents, s.copies, s.nearCopies, st.Quads, m.rss, m.heap, s.childRSS, m.files, m.routines, m.disk}
	cells := make([]string, len(row))
	for i, v := range row {
		cells[i] = fmt.Sprint(v)
	}
	bench.Row(cells...)
	return ctx.Err()
}

// count takes note of how many documents are linked to others.
func (s *soaker) count(ctx context.Context, g *graph.Graph) error {
	copies, near := 0, 0
	for info, err := range g.Documents(ctx) {
		switch {
		case err != nil:
			return err
		case info.DuplicateOf != "":
			copies++
		case info.NearDuplicateOf != "":
			near++
		}
	}
	s.copies, s.nearCopies = max(s.copies, copies), max(s.nearCopies, near)
	return nil
}

// fresh returns the hash of a new graph of the documents that should be there.
func (s *soaker) fresh(ctx context.Context) (hash string, err error) {
	g, err := graph.Open(ctx, "", graph.WithExtractor(s.reader))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	for _, slot := range slices.Sorted(maps.Keys(s.present)) {
		if _, err := g.Load(ctx, s.docs.document(slot, s.present[slot])); err != nil {
			return "", err
		}
	}
	return g.Hash(ctx)
}

// quotes looks whether every quotation is what its document says there.
func quotes(ctx context.Context, g *graph.Graph) error {
	texts := map[string]string{}
	for f, err := range g.Facts(ctx, schema.Filter{}) {
		if err != nil {
			return err
		}
		for _, ev := range f.Evidence {
			if _, ok := texts[ev.Doc]; !ok {
				doc, err := g.Document(ctx, ev.Doc)
				if err != nil {
					return err
				}
				texts[ev.Doc] = doc.Text
			}
			if text := texts[ev.Doc]; ev.Start < 0 || ev.Start > ev.End || ev.End > len(text) || text[ev.Start:ev.End] != ev.Text {
				return fmt.Errorf("fact %s quotes what %s does not say", f.ID(), ev.Doc)
			}
		}
	}
	return ctx.Err()
}

// measure says what this process and the graph take, with nothing under way.
func (s *soaker) measure() (m sample, err error) {
	debug.FreeOSMemory()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return m, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	if err != nil {
		return m, err
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return m, err
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	return sample{
		heap: int64(mem.HeapAlloc >> 20), rss: pages * int64(os.Getpagesize()) >> 20, disk: bench.Size(s.opts.dir) >> 10,
		files: len(files), routines: runtime.NumGoroutine(),
	}, nil
}

// growth compares the last checks with those after the first quarter, before
// which caches fill: it fails where more than noise has been added.
func (s *soaker) growth() error {
	n := len(s.samples)
	if n < 4 {
		return nil // too short to tell
	}
	most := func(samples []sample) (m sample) {
		for _, x := range samples {
			m = sample{max(m.rss, x.rss), max(m.heap, x.heap), max(m.disk, x.disk), max(m.files, x.files), max(m.routines, x.routines)}
		}
		return m
	}
	early, late := most(s.samples[n/4:n/2]), most(s.samples[n-n/4:])
	fmt.Printf("\nmost in the second quarter: RSS %d MiB, heap %d MiB, %d files, %d goroutines, %d KiB on disk; in the last: %d MiB, %d MiB, %d, %d, %d KiB\n",
		early.rss, early.heap, early.files, early.routines, early.disk, late.rss, late.heap, late.files, late.routines, late.disk)
	var faults []error
	for _, c := range []struct {
		what        string
		early, late int64
		noise       int64
	}{
		{"RSS", early.rss, late.rss, 48}, {"the heap", early.heap, late.heap, 16}, {"disk space", early.disk, late.disk, 4 << 10},
		{"open files", int64(early.files), int64(late.files), 8}, {"goroutines", int64(early.routines), int64(late.routines), 8},
	} {
		if c.late > c.early+c.early/4+c.noise {
			faults = append(faults, fmt.Errorf("%s grew from %d to %d", c.what, c.early, c.late))
		}
	}
	return errors.Join(faults...)
}

// readOn reads the newest state of the graph again and again.
func (s *soaker) readOn(ctx context.Context, read func(context.Context, *graph.Graph, int) error) error {
	for i := 0; ctx.Err() == nil; i++ {
		s.gate.RLock()
		err := s.follower.With(ctx, func(g *graph.Graph) error { return read(ctx, g, i) })
		s.gate.RUnlock()
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

func (s *soaker) ask(ctx context.Context, g *graph.Graph, i int) error {
	questions := []string{
		"Which islands does Japan claim?", "Who administers Gibraltar?", "Who claims the Spratly Islands?", "When was the treaty signed?",
		"Which states are party to the treaty?", "What happened in 1956?", "Does China claim Taiwan?", "Who rejects the ruling?",
	}
	answer, err := g.Ask(ctx, questions[i%len(questions)], ask.Options{})
	if err != nil {
		return err
	}
	for _, item := range answer.Answers {
		for _, ev := range item.Evidence {
			doc, err := g.Document(ctx, ev.Doc)
			if err != nil {
				return fmt.Errorf("%s: %w", answer.Question, err)
			}
			if doc.Text[ev.Start:ev.End] != ev.Text {
				return fmt.Errorf("%s: the answer quotes what %s does not say", answer.Question, ev.Doc)
			}
		}
	}
	s.asked.Add(1)
	return nil
}

func (s *soaker) query(ctx context.Context, g *graph.Graph, i int) error {
	queries := []string{
		"SELECT ?who (COUNT(*) AS ?n) { ?who dm:claims ?what } GROUP BY ?who ORDER BY DESC(?n)",
		"SELECT * { ?f rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; prov:wasDerivedFrom ?passage } LIMIT 500",
		"SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
		"ASK { GRAPH ?g { ?s dm:administers ?o } }",
	}
	_, err := g.Query(ctx, query.Request{Language: query.SPARQL, Text: queries[i%len(queries)]})
	s.queried.Add(1)
	return err
}

func (s *soaker) export(ctx context.Context, g *graph.Graph, i int) error {
	formats := []string{"nquads", "graphml", "geojson", "jsonld"}
	_, err := g.Export(ctx, io.Discard, formats[i%len(formats)], export.Options{})
	s.exported.Add(1)
	return err
}

func (s *soaker) show(ctx context.Context, g *graph.Graph, i int) error {
	n := 0
	for e, err := range g.Entities(ctx, schema.State) {
		if err != nil {
			return err
		}
		if n++; n%8 != i%8 {
			continue
		}
		if _, err := g.Card(ctx, e.ID, query.Scope{}); err != nil && !errors.Is(err, graph.ErrNotFound) {
			return err
		}
		s.shown.Add(1)
	}
	return ctx.Err()
}
