//go:build unix

// Command bench measures exports of large graphs to N-Quads: time and memory,
// beside raptor's rapper, which copies N-Quads without sorting, and Oxigraph's
// dump of its store in memory. It prints the figures as a table in Markdown.
//
//	go run ./graph/export/bench -sizes 1,5
//
// raptor takes part where rapper is installed (Debian's raptor2-utils),
// Oxigraph after "npm ci" in the folder oxigraph.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/bench"
)

var (
	flagSizes  = flag.String("sizes", "1,5", "sizes of the graphs, in millions of quads")
	flagNode   = flag.String("oxigraph", "graph/export/bench/oxigraph", "the folder of Oxigraph's npm build")
	flagDir    = flag.String("dir", os.TempDir(), "where to put graphs")
	flagBuild  = flag.String("build", "", "import a file of N-Quads into a graph in -one, and end")
	flagOne    = flag.String("one", "", "export the graph in this folder to standard output, in -format, and end")
	flagFormat = flag.String("format", "nquads", "with -one: the format")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	if *flagBuild != "" {
		return build(*flagBuild, *flagOne)
	}
	if *flagOne != "" {
		return one(*flagOne, *flagFormat)
	}
	dir, err := os.MkdirTemp(*flagDir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%s\n\n", bench.Heading())
	bench.Head("million quads", "", "quads/s", "processor time, s", "memory, MB")
	for _, size := range strings.Split(*flagSizes, ",") {
		millions, err := strconv.ParseFloat(size, 64)
		if err != nil {
			return err
		}
		for _, labels := range []bool{true, false} {
			if err := measure(dir, size, int(millions*1e6), labels); err != nil {
				return err
			}
		}
	}
	return nil
}

// measure exports one graph by all that can. Everything large happens in
// processes of its own: a process counts the memory of the one that started it.
func measure(dir, size string, n int, labels bool) error {
	text, folder := filepath.Join(dir, "in.nq"), filepath.Join(dir, "graph")
	f, err := os.Create(text)
	if err != nil {
		return err
	}
	if err := errors.Join(bench.WriteQuads(f, n, labels), f.Close(), os.RemoveAll(folder)); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	build := exec.Command(self, "-build", text, "-one", folder)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	what := "documents of 300"
	if !labels {
		what = "one piece"
	}
	out := filepath.Join(dir, "out")
	print := func(name string, seconds float64, p *os.ProcessState) {
		cpu, rss := bench.Used(p)
		bench.Row(size, name, fmt.Sprintf("%.0f", float64(n)/seconds), fmt.Sprintf("%.1f", cpu.Seconds()), strconv.FormatInt(rss, 10))
	}
	// row runs an export into a file and prints its figures.
	row := func(name, program string, args ...string) error {
		f, err := os.Create(out)
		if err != nil {
			return err
		}
		cmd := exec.Command(program, args...)
		cmd.Stdout, cmd.Stderr = f, os.Stderr
		start := time.Now()
		if err := errors.Join(cmd.Run(), f.Close()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		print(name, time.Since(start).Seconds(), cmd.ProcessState)
		return nil
	}
	if err := row("demarc, sorted; "+what, self, "-one", folder); err != nil {
		return err
	}
	if !labels {
		return nil // the others do not sort, so it is all one to them
	}
	if err := row("demarc, to TriG; "+what, self, "-one", folder, "-format", "trig"); err != nil {
		return err
	}
	if rapper, err := exec.LookPath("rapper"); err != nil {
		log.Print("rapper is not installed")
	} else if err := row("rapper, a file copied", rapper, "-q", "-i", "nquads", "-o", "nquads", text); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(*flagNode, "node_modules")); err != nil {
		log.Printf("Oxigraph is not installed: run npm ci in %s", *flagNode)
		return nil
	}
	cmd := exec.Command("node", "--max-old-space-size=16384", "dump.mjs", text, out)
	cmd.Dir, cmd.Stderr = *flagNode, os.Stderr
	printed, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("dump of Oxigraph: %w", err)
	}
	var dump struct{ Seconds float64 }
	if err := json.Unmarshal(printed, &dump); err != nil {
		return err
	}
	print("Oxigraph, dump (processor time with loading)", dump.Seconds, cmd.ProcessState)
	return nil
}

// one exports a graph as "demarc export" does.
func one(folder, format string) error {
	ctx := context.Background()
	g, err := graph.Open(ctx, folder, graph.WithReadOnly())
	if err != nil {
		return err
	}
	_, err = g.Export(ctx, os.Stdout, format, export.Options{})
	return errors.Join(err, g.Close())
}

// build makes a graph of a file.
func build(text, folder string) error {
	f, err := os.Open(text)
	if err != nil {
		return err
	}
	s, err := store.Open(folder, store.Options{})
	if err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = s.Import(context.Background(), f, store.ImportOptions{})
	return errors.Join(err, s.Close(), f.Close())
}
