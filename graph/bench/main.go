//go:build unix

// Command bench measures how loading and asking change as a graph grows: it loads
// varied sample documents into one graph and, whenever there are as many as one
// of the given sizes, prints a row of a table in Markdown.
//
//	go run ./graph/bench -sizes 1000,10000
//
// An interrupt ends the loading; there is a row then for as many documents as are
// loaded.
//
// With -folder it loads folders of so many and of four times as many files by the
// program itself, and fails where that takes more memory than caches can account for:
//
//	go run ./graph/bench -folder 500 -demarc bin/demarc
//
// The cost of a document, and that of a question, is in processor time, of the whole
// program, so that other work on the machine counts little.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/schema"
)

var (
	flagSizes   = flag.String("sizes", "1000,10000", "after how many documents to measure")
	flagJobs    = flag.Int("jobs", runtime.NumCPU(), "how many documents to read at once")
	flagAsk     = flag.Int("questions", 40, "how many questions to ask at each size")
	flagDir     = flag.String("dir", os.TempDir(), "where to put the graph")
	flagFolder  = flag.Int("folder", 0, "measure loading a folder of so many files instead")
	flagDemarc  = flag.String("demarc", "bin/demarc", "with -folder: the program")
	flagProfile = flag.String("cpuprofile", "", "write a profile of the loading between the last two sizes to this file")
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) (err error) {
	var sizes []int
	for _, s := range strings.Split(*flagSizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n <= 0 || len(sizes) > 0 && n <= sizes[len(sizes)-1] {
			return fmt.Errorf("-sizes %s: want numbers that rise", *flagSizes)
		}
		sizes = append(sizes, n)
	}
	dir, err := os.MkdirTemp(*flagDir, "bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	corpus, err := bench.NewCorpus(ctx)
	if err != nil {
		return err
	}
	if *flagFolder > 0 {
		return folders(ctx, corpus, dir, *flagFolder, *flagDemarc)
	}
	return grow(ctx, corpus, dir, sizes)
}

// grow loads documents into a graph in dir, and prints a row for each size, the last
// where interrupted is done.
func grow(interrupted context.Context, corpus *bench.Corpus, dir string, sizes []int) (err error) {
	ctx := context.WithoutCancel(interrupted)
	path := filepath.Join(dir, "graph")
	g, err := graph.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	// What is read when it is first needed is no cost of the first document.
	if err := warm(ctx, corpus); err != nil {
		return err
	}

	fmt.Printf("%s, %d jobs\n\n", bench.Heading(), *flagJobs)
	bench.Head("documents", "documents/s", "words/s", "quads/s", "processor time a document, ms", "of the last tenth, ms", "memory, MB",
		"graph, MB", "bytes/quad", "processor time a question, median ms", "p95 ms")
	var total span
	var steps []span
	for i, size := range sizes {
		if *flagProfile != "" && i == len(sizes)-1 {
			f, err := os.Create(*flagProfile)
			if err != nil {
				return err
			}
			defer f.Close()
			if err := pprof.StartCPUProfile(f); err != nil {
				return err
			}
		}
		for total.documents < size && interrupted.Err() == nil {
			s, err := loadRange(ctx, g, corpus, total.documents, min(total.documents+step, size))
			if err != nil {
				return err
			}
			total.add(s)
			steps = append(steps, s)
			if total.documents%progress == 0 {
				log.Printf("%d documents, the last %d at %s ms", total.documents, progress, bench.Millis(lastOf(steps, progress).cost()))
			}
		}
		pprof.StopCPUProfile()
		last := lastOf(steps, total.documents/10)
		times, err := askAll(ctx, g)
		if err != nil {
			return err
		}
		stats, err := g.Stats(ctx)
		if err != nil {
			return err
		}
		bytes := bench.Size(path)
		bench.Row(bench.Thousands(int64(total.documents)), bench.Thousands(bench.PerSecond(int64(total.documents), total.wall)),
			bench.Thousands(bench.PerSecond(total.words, total.wall)), bench.Thousands(bench.PerSecond(int64(stats.Quads), total.wall)),
			bench.Millis(total.cost()), bench.Millis(last.cost()), bench.Thousands(bench.MaxRSS()),
			bench.Thousands(bytes>>20), strconv.FormatInt(bytes/int64(stats.Quads), 10),
			bench.Millis(bench.Median(times)), bench.Millis(bench.Percentile(times, 95)))
		if interrupted.Err() != nil {
			return nil
		}
	}
	return nil
}

// span is what loading some documents took.
type span struct {
	documents int
	words     int64
	wall, cpu time.Duration
}

func (s *span) add(other span) {
	s.documents += other.documents
	s.words += other.words
	s.wall += other.wall
	s.cpu += other.cpu
}

func (s span) cost() time.Duration { return s.cpu / time.Duration(max(s.documents, 1)) }

// step is how many documents are loaded between two looks at the clock, and progress
// between two reports.
const (
	step     = 100
	progress = 5000
)

// lastOf returns what the last of so many documents took.
func lastOf(steps []span, documents int) (s span) {
	for i := len(steps) - 1; i >= 0 && s.documents < documents; i-- {
		s.add(steps[i])
	}
	return s
}

// warm reads a document into a graph that is then forgotten.
func warm(ctx context.Context, corpus *bench.Corpus) error {
	g, err := graph.Open(ctx, "")
	if err != nil {
		return err
	}
	_, err = g.Load(ctx, corpus.Document(0))
	if err == nil {
		_, err = g.Ask(ctx, "Who claims Shikotan?", ask.Options{})
	}
	return errors.Join(err, g.Close())
}

// loadRange loads the documents of the numbers from first up to end.
func loadRange(ctx context.Context, g *graph.Graph, corpus *bench.Corpus, first, end int) (s span, err error) {
	docs := make(chan *schema.Document)
	errs := make(chan error, *flagJobs)
	wall, cpu := time.Now(), bench.CPU()
	var workers sync.WaitGroup
	for range *flagJobs {
		workers.Go(func() {
			for doc := range docs {
				if _, err := g.Load(ctx, doc); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	for n := first; n < end && err == nil; n++ {
		doc := corpus.Document(n)
		s.documents++
		s.words += int64(len(strings.Fields(doc.Text)))
		select {
		case docs <- doc:
		case err = <-errs:
		}
	}
	close(docs)
	workers.Wait()
	select {
	case err = <-errs:
	default:
	}
	s.wall, s.cpu = time.Since(wall), bench.CPU()-cpu
	return s, err
}

// askAll asks about states and territories, the same ones at every size.
func askAll(ctx context.Context, g *graph.Graph) (times []time.Duration, err error) {
	gz, err := gazetteer.Default()
	if err != nil {
		return nil, err
	}
	var states, places []string
	for _, e := range gz.All() {
		switch {
		case e.Kind == "state":
			states = append(states, e.Name)
		case e.Class == schema.Territory:
			places = append(places, e.Name)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for n := range *flagAsk {
		place, state := places[r.IntN(len(places))], states[r.IntN(len(states))]
		question := [...]string{
			"Who claims " + place + "?",
			"Who administers " + place + "?",
			"Does " + state + " claim " + place + "?",
			"What does " + state + " call " + place + "?",
			"Which territories does " + state + " claim?",
		}[n%5]
		start := bench.CPU()
		if _, err := g.Ask(ctx, question, ask.Options{}); err != nil {
			return nil, fmt.Errorf("%s %w", question, err)
		}
		times = append(times, bench.CPU()-start)
	}
	return times, nil
}
