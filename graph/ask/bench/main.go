//go:build unix

// Command bench measures how long questions in plain English take on a graph of
// a million quads of demarc's own: in a process that has the graph open, and each
// by a process of its own. It prints the figures as a table in Markdown, beside
// what is wanted of them.
//
// The graph is of documents of [bench.Corpus] and those of the question set of
// package ask's tests, whose questions are asked. The processor's time is what is
// left of a figure on a machine that does nothing else.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"time"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

// What is wanted of 95 in 100 questions.
const (
	mostWarm = 50 * time.Millisecond
	mostCold = 200 * time.Millisecond
)

// set is the folder of the question set, from the folder that holds go.mod.
const set = "graph/ask/testdata/second"

// nothing is the exit code of "demarc ask" where the documents do not say.
const nothing = 4

var (
	flagQuads = flag.Int("quads", 1_000_000, "how many quads the graph is to have")
	flagDir   = flag.String("dir", "", "where to put the graph and keep it for the next run")
	flagSlow  = flag.Duration("slow", 0, "name the questions that take longer, on standard error; 0 for none")
	flagCPU   = flag.String("cpuprofile", "", "write a profile of the processor's time of what is asked in this process to a file")
	flagCold  = flag.Bool("cold", true, "also ask each question by a process of its own")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) (err error) {
	dir, done, err := bench.Folder(*flagDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	questions, err := readQuestions(filepath.Join(set, "questions.jsonl"))
	if err != nil {
		return err
	}
	db := filepath.Join(dir, "ask.db")
	if err := fill(ctx, db); err != nil {
		return err
	}
	fmt.Println(bench.Heading())
	first, again, quads, err := warm(ctx, db, questions)
	if err != nil {
		return err
	}
	fmt.Printf("%d questions of %s quads\n\n", len(questions), bench.Thousands(quads))
	bench.Head("ms", "median", "p95", "slowest", "processor, median", "processor, p95", "wanted p95")
	row := func(name string, f figures, most time.Duration) {
		bench.Row(name, bench.Millis(bench.Median(f.took)), bench.Millis(bench.Percentile(f.took, 95)), bench.Millis(bench.Percentile(f.took, 100)),
			bench.Millis(bench.Median(f.cpu)), bench.Millis(bench.Percentile(f.cpu, 95)), bench.Millis(most))
	}
	row("asked for the first time", first, mostWarm)
	row("asked again", again, mostWarm)
	if !*flagCold {
		return nil
	}
	each, err := cold(ctx, dir, db, questions)
	if err != nil {
		return err
	}
	row("each by a process of its own", each, mostCold)
	return nil
}

// figures are what questions took.
type figures struct{ took, cpu []time.Duration }

func (f *figures) add(took, cpu time.Duration) {
	f.took, f.cpu = append(f.took, took), append(f.cpu, cpu)
}

func readQuestions(path string) (questions []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: run this in the folder of go.mod", err)
	}
	defer f.Close()
	for dec := json.NewDecoder(f); ; {
		var line struct{ Question string }
		if err := dec.Decode(&line); err == io.EOF {
			return questions, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		questions = append(questions, line.Question)
	}
}

// fill makes the graph that questions are asked of, unless it is there.
func fill(ctx context.Context, db string) (err error) {
	done := db + ".done" // is there where the graph is whole
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	if err := os.RemoveAll(db); err != nil {
		return err
	}
	x, err := extract.New()
	if err != nil {
		return err
	}
	gz, err := gazetteer.Default()
	if err != nil {
		return err
	}
	corpus, err := bench.NewCorpus(ctx)
	if err != nil {
		return err
	}
	g, err := graph.Open(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	quads := 0
	add := func(doc *schema.Document) error {
		r, err := graph.Read(ctx, doc, x, gz, g.Namespace())
		if err != nil {
			return err
		}
		result, err := g.Add(ctx, r)
		quads += result.Quads
		return err
	}
	for doc, err := range source.Open(ctx, []string{filepath.Join(set, "docs")}, source.Options{}) {
		if err != nil {
			return err
		}
		if err := add(doc); err != nil {
			return err
		}
	}
	for n := 0; quads < *flagQuads; n++ {
		if err := add(corpus.Document(n)); err != nil {
			return err
		}
		if n%1000 == 999 {
			log.Printf("%d documents, %s quads", n+1, bench.Thousands(int64(quads)))
		}
	}
	return os.WriteFile(done, nil, 0o644)
}

// warm asks all questions of an open graph, and then all once more. What the
// engine reads on its first question is read before.
func warm(ctx context.Context, db string, questions []string) (first, again figures, quads int64, err error) {
	g, err := graph.Open(ctx, db, graph.WithReadOnly())
	if err != nil {
		return first, again, 0, err
	}
	defer g.Close()
	stats, err := g.Stats(ctx)
	if err != nil {
		return first, again, 0, err
	}
	if _, err := g.Ask(ctx, "Why does nobody blame nobody?", ask.Options{}); err != nil {
		return first, again, 0, err
	}
	if *flagCPU != "" {
		f, err := os.Create(*flagCPU)
		if err != nil {
			return first, again, 0, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return first, again, 0, err
		}
		defer pprof.StopCPUProfile()
	}
	for _, f := range []*figures{&first, &again} {
		for _, q := range questions {
			start, cpu := time.Now(), bench.CPU()
			if _, err := g.Ask(ctx, q, ask.Options{}); err != nil {
				return first, again, 0, err
			}
			took := time.Since(start)
			f.add(took, bench.CPU()-cpu)
			slow(took, "warm", q)
		}
	}
	return first, again, int64(stats.Quads), nil
}

// cold asks each question by a process of its own.
func cold(ctx context.Context, dir, db string, questions []string) (f figures, err error) {
	program := filepath.Join(dir, "demarc")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", program, "./cmd/demarc")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return f, fmt.Errorf("build demarc: %w", err)
	}
	for _, q := range questions {
		cmd := exec.CommandContext(ctx, program, "--db", db, "ask", q)
		start := time.Now()
		out, err := cmd.CombinedOutput()
		took := time.Since(start)
		if e := new(exec.ExitError); err != nil && !(errors.As(err, &e) && e.ExitCode() == nothing) {
			return f, fmt.Errorf("demarc ask %q: %w\n%s", q, err, out)
		}
		used, _ := bench.Used(cmd.ProcessState)
		f.add(took, used)
		slow(took, "cold", q)
	}
	return f, nil
}

// slow names a question that took long, where that is asked for.
func slow(took time.Duration, how, question string) {
	if *flagSlow > 0 && took > *flagSlow {
		log.Printf("%8.1f ms  %s  %s", 1000*took.Seconds(), how, question)
	}
}
