// Command bench measures queries over two graphs, Cayley's film data and a
// million quads of demarc's own, in demarc's SPARQL, Oxigraph, rdflib and
// Cayley's Gizmo on leveldb, and prints the figures as tables in Markdown.
//
// Oxigraph takes part after "npm ci" in the folder oxigraph, rdflib where
// /usr/bin/python3 has it (Debian's python3-rdflib).
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
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
	"strconv"
	"strings"
	"time"

	cayley "github.com/cayleygraph/cayley/graph"
	_ "github.com/cayleygraph/cayley/graph/kv/all"
	cquery "github.com/cayleygraph/cayley/query"
	"github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/bench"
)

var (
	flagEngines = flag.String("engines", "demarc,oxigraph,rdflib,gizmo", "what to measure")
	flagData    = flag.String("data", "films,demarc", "what to measure on")
	flagQuads   = flag.Int("quads", 1_000_000, "how many quads of demarc's own to make")
	flagRounds  = flag.Int("rounds", 7, "how often to ask each query, for the best time; slow ones are asked once")
	flagLimit   = flag.Duration("limit", time.Minute, "how long a query may take")
	flagDir     = flag.String("dir", "", "where to put graphs and keep them for the next run")
	flagOne     = flag.Bool("one", false, "measure one engine of this program on the task on standard input")
)

// slow is how long a query may take to be asked again.
const slow = 2 * time.Second

// question is one query. Gizmo is empty where Cayley has no such query.
type question struct {
	Name   string `json:"name"`
	SPARQL string `json:"sparql"`
	Gizmo  string `json:"gizmo"`
}

// task is what an engine is to do.
type task struct {
	Data    string     `json:"data"`   // a file of N-Quads
	Store   string     `json:"store"`  // where engines of this program keep the graph
	Rounds  int        `json:"rounds"` // how often to ask each query
	Slow    float64    `json:"slow"`   // seconds after which not to ask again
	Limit   int        `json:"limit"`  // seconds
	Queries []question `json:"queries"`
}

// result is what it did.
type result struct {
	Load  float64   `json:"load"`  // seconds; 0 for not measured
	Times []float64 `json:"times"` // the best of each query in seconds; less than 0 for not asked
	Rows  []int     `json:"rows"`  // -1 for out of time
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) (err error) {
	if *flagOne {
		return one(ctx)
	}
	dir, done, err := bench.Folder(*flagDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	fmt.Println(bench.Heading())
	for _, name := range strings.Split(*flagData, ",") {
		t := task{
			Data: filepath.Join(dir, name+".nq"), Store: filepath.Join(dir, name),
			Rounds: *flagRounds, Slow: slow.Seconds(), Limit: int(flagLimit.Seconds()),
		}
		prepare := films
		if t.Queries = filmQueries; name == "demarc" {
			prepare, t.Queries = disputes, demarcQueries
		}
		if _, err := os.Stat(t.Data); errors.Is(err, os.ErrNotExist) {
			log.Printf("making %s …", t.Data)
			if err := prepare(ctx, &t); err != nil {
				return err
			}
		}
		if err := compare(ctx, &t); err != nil {
			return err
		}
	}
	return nil
}

// films writes Cayley's film data with absolute IRIs.
func films(_ context.Context, t *task) error {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	if err != nil {
		return fmt.Errorf("find Cayley: %w", err)
	}
	f, err := os.Open(filepath.Join(strings.TrimSpace(string(dir)), "data", "30kmoviedata.nq.gz"))
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	out, err := os.Create(t.Data)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	in := nquads.NewReader(z, false)
	absolute := func(v quad.Value) quad.Value {
		if iri, ok := v.(quad.IRI); ok {
			return quad.IRI(filmBase + strings.TrimPrefix(string(iri), "/"))
		}
		return v
	}
	for {
		q, err := in.ReadQuad()
		if err == io.EOF {
			return errors.Join(w.Flush(), out.Close())
		}
		if err != nil {
			return err
		}
		q.Subject, q.Predicate, q.Object = absolute(q.Subject), absolute(q.Predicate), absolute(q.Object)
		w.WriteString(store.FormatQuad(q)) // the writer keeps its error for Flush
	}
}

// disputes makes a graph of demarc's own.
func disputes(ctx context.Context, t *task) error {
	made := t.Store + "-made"
	defer os.RemoveAll(made)
	return makeGraph(ctx, made, t.Data, *flagQuads)
}

// compare measures all engines on a task and prints a table.
func compare(ctx context.Context, t *task) error {
	names := strings.Split(*flagEngines, ",")
	var results []result
	for _, name := range names {
		log.Printf("%s …", name)
		var cmd *exec.Cmd
		own := *t
		own.Store += "." + name
		switch name {
		case "oxigraph":
			cmd = exec.CommandContext(ctx, "node", "query.mjs")
			cmd.Dir = "oxigraph"
		case "rdflib":
			cmd = exec.CommandContext(ctx, "/usr/bin/python3", "rdflib/query.py")
		default:
			cmd = exec.CommandContext(ctx, os.Args[0], "-one", "-engines", name)
		}
		in, err := json.Marshal(own)
		if err != nil {
			return err
		}
		cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
		var r result
		out, err := cmd.Output()
		if err == nil {
			err = json.Unmarshal(out, &r)
		}
		if err != nil {
			log.Printf("  %v", err)
		}
		results = append(results, r)
	}
	report(t, names, results)
	return nil
}

func report(t *task, names []string, results []result) {
	fmt.Println()
	bench.Head(append([]string{filepath.Base(t.Data) + ", ms", "rows"}, names...)...)
	cells := []string{"load, s", ""}
	for _, r := range results {
		cells = append(cells, strconv.FormatFloat(r.Load, 'f', 1, 64))
	}
	bench.Row(cells...)
	for i, q := range t.Queries {
		rows := -1
		cells := []string{q.Name, ""}
		for k, r := range results {
			cell := "–"
			switch {
			case i >= len(r.Times) || r.Times[i] < 0:
			case r.Rows[i] < 0:
				cell = fmt.Sprintf("over %d", t.Limit*1000)
			default:
				cell = strconv.FormatFloat(r.Times[i]*1000, 'f', 2, 64)
				if names[k] == "gizmo" && rows >= 0 {
					break // it has a path once for each label of its quads
				}
				if rows >= 0 && r.Rows[i] != rows {
					log.Printf("%s: %s has %d rows, others %d", q.Name, names[k], r.Rows[i], rows)
				}
				rows = max(rows, r.Rows[i])
			}
			cells = append(cells, cell)
		}
		cells[1] = strconv.Itoa(rows)
		bench.Row(cells...)
	}
}

// one runs an engine of this program on the task on standard input.
func one(ctx context.Context) error {
	var t task
	if err := json.NewDecoder(os.Stdin).Decode(&t); err != nil {
		return err
	}
	var r result
	var ask func(ctx context.Context, q question) (rows int, err error)
	var err error
	if *flagEngines == "gizmo" {
		ask, err = theirs(&t, &r)
	} else {
		ask, err = ours(ctx, &t, &r)
	}
	if err != nil {
		return err
	}
	for _, q := range t.Queries {
		best, rows := -1.0, 0
		for range t.Rounds {
			limited, cancel := context.WithTimeout(ctx, time.Duration(t.Limit)*time.Second)
			start := time.Now()
			n, err := ask(limited, q)
			took := time.Since(start).Seconds()
			expired := limited.Err() != nil
			cancel()
			if errors.Is(err, errNone) {
				break
			}
			if rows = n; expired {
				rows = -1
			} else if err != nil {
				return fmt.Errorf("%s: %w", q.Name, err)
			}
			if best < 0 || took < best {
				best = took
			}
			if took > t.Slow {
				break
			}
		}
		r.Times, r.Rows = append(r.Times, best), append(r.Rows, rows)
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// errNone says that an engine has no such query.
var errNone = errors.New("no such query")

func ours(ctx context.Context, t *task, r *result) (func(context.Context, question) (int, error), error) {
	if _, err := os.Stat(t.Store); errors.Is(err, os.ErrNotExist) {
		s, err := store.Open(t.Store, store.Options{})
		if err != nil {
			return nil, err
		}
		f, err := os.Open(t.Data)
		if err != nil {
			return nil, err
		}
		start := time.Now()
		if _, err := s.Import(ctx, f, store.ImportOptions{}); err != nil {
			return nil, err
		}
		r.Load = time.Since(start).Seconds()
		if err := errors.Join(f.Close(), s.Close()); err != nil {
			return nil, err
		}
	}
	g, err := graph.Open(ctx, t.Store, graph.WithReadOnly())
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, q question) (int, error) {
		res, err := g.Query(ctx, query.Request{Text: q.SPARQL, Limit: -1, Timeout: -1})
		if err != nil {
			return 0, err
		}
		return len(res.Rows), nil
	}, nil
}

func theirs(t *task, r *result) (func(context.Context, question) (int, error), error) {
	_, err := os.Stat(t.Store)
	fresh := errors.Is(err, os.ErrNotExist)
	if fresh {
		if err := cayley.InitQuadStore("leveldb", t.Store, nil); err != nil {
			return nil, err
		}
	}
	qs, err := cayley.NewQuadStore("leveldb", t.Store, nil)
	if err != nil {
		return nil, err
	}
	if fresh {
		if err := fill(qs, t, r); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, q question) (n int, err error) {
		if q.Gizmo == "" {
			return 0, errNone
		}
		it, err := gizmo.NewSession(qs).Execute(ctx, q.Gizmo, cquery.Options{Collation: cquery.Raw})
		if err != nil {
			return 0, err
		}
		defer it.Close()
		for it.Next(ctx) {
			n++
		}
		return n, it.Err()
	}, nil
}

func fill(qs cayley.QuadStore, t *task, r *result) error {
	f, err := os.Open(t.Data)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := qs.NewQuadWriter()
	if err != nil {
		return err
	}
	start := time.Now()
	in := nquads.NewReader(f, false)
	batch := make([]quad.Quad, 0, quad.DefaultBatch)
	for {
		q, err := in.ReadQuad()
		if err != nil && err != io.EOF {
			return err
		}
		if err == nil {
			batch = append(batch, q)
		}
		if len(batch) == cap(batch) || err == io.EOF && len(batch) > 0 {
			if _, err := w.WriteQuads(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		if err == io.EOF {
			break
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	r.Load = time.Since(start).Seconds()
	return nil
}
