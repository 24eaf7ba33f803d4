//go:build unix

// Command bench measures the store of graph/store against those of Cayley, and
// against Oxigraph, on Cayley's film data and its integration queries, and
// prints the figures as tables in Markdown.
//
//	go run .                      ours, Cayley's, Oxigraph
//	go run . -grow 1,10,50        ours with millions of generated quads
//
// Oxigraph takes part after "npm ci" in the folder oxigraph.
package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cayleygraph/cayley/graph"
	ckv "github.com/cayleygraph/cayley/graph/kv"
	_ "github.com/cayleygraph/cayley/graph/kv/all"
	_ "github.com/cayleygraph/cayley/graph/kv/bbolt"
	_ "github.com/cayleygraph/cayley/graph/memstore"
	"github.com/cayleygraph/cayley/query"
	"github.com/cayleygraph/cayley/query/gizmo"
	"github.com/cayleygraph/quad"
	"github.com/cayleygraph/quad/nquads"
	"github.com/hidal-go/hidalgo/kv"
	"github.com/hidal-go/hidalgo/kv/flat"
	"github.com/hidal-go/hidalgo/kv/flat/pebble"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/bench"
)

var (
	flagStores = flag.String("stores", "demarc,memstore,oxigraph,pebble,leveldb,bbolt", "what to measure")
	flagRounds = flag.Int("rounds", 7, "how often to ask each query, for the best time; slow ones are asked once")
	flagLimit  = flag.Duration("limit", 10*time.Second, "how long a query may take")
	flagGrow   = flag.String("grow", "", "sizes of generated graphs, in millions of quads; nothing else is measured")
	flagPG     = flag.String("postgres", "", "the address of an empty database, for the store postgres")
	flagOne    = flag.Bool("one", false, "measure one store in this process and print its figures as JSON")
	flagDir    = flag.String("dir", os.TempDir(), "where to put graphs")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	if !graph.IsRegistered("pebble") {
		// Cayley looks for stores before this one has announced itself.
		open := func(path string, _ graph.Options) (kv.KV, error) {
			db, err := pebble.OpenPath(path)
			if err != nil {
				return nil, err
			}
			return flat.Upgrade(db), nil
		}
		ckv.Register("pebble", ckv.Registration{InitFunc: open, NewFunc: open, IsPersistent: true})
	}
	dir, err := os.MkdirTemp(*flagDir, "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if *flagOne {
		return compare(dir)
	}
	fmt.Printf("%s\n\n", bench.Heading())
	if *flagGrow != "" {
		return grow(dir)
	}
	return compare(dir)
}

// result is what one store has done.
type result struct {
	Name    string
	Load    float64 // quads a second
	CPU     float64 // quads a second of processor time, which a busy machine changes less
	Batch   time.Duration
	Work    time.Duration // processor time of a document, on average
	Disk    int64
	Queries []time.Duration // the best time; 0 if not asked
}

// batches is how many documents of batchQuads quads are written one by one.
const batches, batchQuads = 50, 300

func compare(dir string) error {
	cayley, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
	if err != nil {
		return fmt.Errorf("find Cayley: %w", err)
	}
	root := strings.TrimSpace(string(cayley))
	data := filepath.Join(root, "data", "30kmoviedata.nq.gz")
	queries, err := readQueries(filepath.Join(root, "graph", "graphtest", "integration.go"))
	if err != nil {
		return err
	}
	quads, err := readFilms(data)
	if err != nil {
		return err
	}
	var all []result
	for _, name := range strings.Split(*flagStores, ",") {
		r := result{Name: name}
		if *flagOne {
			if err := measure(&r, dir, data, quads, queries); err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(r)
		}
		// In a process of its own: Cayley's stores go on with a query that
		// has been cut off.
		log.Printf("%s …", name)
		args := append(slices.Clone(os.Args[1:]), "-one", "-stores", name, "-dir", dir)
		cmd := exec.Command(os.Args[0], args...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err == nil {
			err = json.Unmarshal(out, &r)
		}
		if err != nil {
			log.Printf("  %v", err)
		}
		all = append(all, r)
	}
	report(all, queries, len(quads))
	return nil
}

func measure(r *result, dir, data string, quads []quad.Quad, queries []question) error {
	path := filepath.Join(dir, r.Name)
	switch r.Name {
	case "demarc":
		return ours(r, path, data, queries, len(quads))
	case "postgres":
		return ours(r, *flagPG, data, queries, len(quads))
	case "oxigraph":
		return oxigraph(r, data)
	}
	return theirs(r, path, quads, queries)
}

func ours(r *result, path, data string, queries []question, n int) error {
	ctx := context.Background()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	f, err := os.Open(data)
	if err != nil {
		return err
	}
	start, cpu := time.Now(), bench.CPU()
	if _, err := s.Import(ctx, f, store.ImportOptions{}); err != nil {
		return err
	}
	r.Load, r.CPU = float64(n)/time.Since(start).Seconds(), float64(n)/(bench.CPU()-cpu).Seconds()
	st, err := s.Stats(ctx)
	if err != nil {
		return err
	}
	bytes := st.Bytes
	if err := errors.Join(f.Close(), s.Close()); err != nil {
		return err
	}
	if r.Disk = bench.Size(path); r.Disk == 0 {
		r.Disk = bytes
	}
	start = time.Now()
	if s, err = store.Open(path, store.Options{}); err != nil {
		return err
	}
	log.Printf("  open: %v", time.Since(start))
	ask(r, s.QuadStore(), queries)
	if err := write(r, func(quads []quad.Quad) error { return s.Apply(ctx, nil, quads) }); err != nil {
		return err
	}
	return s.Close()
}

func theirs(r *result, path string, quads []quad.Quad, queries []question) error {
	at := path
	if graph.IsPersistent(r.Name) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := graph.InitQuadStore(r.Name, path, nil); err != nil {
			return err
		}
	} else {
		at = ""
	}
	qs, err := graph.NewQuadStore(r.Name, at, nil)
	if err != nil {
		return err
	}
	w, err := qs.NewQuadWriter()
	if err != nil {
		return err
	}
	start, cpu := time.Now(), bench.CPU()
	for b := range slices.Chunk(quads, quad.DefaultBatch) {
		if _, err := w.WriteQuads(b); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	r.Load, r.CPU = float64(len(quads))/time.Since(start).Seconds(), float64(len(quads))/(bench.CPU()-cpu).Seconds()
	err = write(r, func(quads []quad.Quad) error {
		var in []graph.Delta
		for _, q := range quads {
			in = append(in, graph.Delta{Quad: q, Action: graph.Add})
		}
		return qs.ApplyDeltas(in, graph.IgnoreOpts{IgnoreDup: true})
	})
	if err != nil {
		return err
	}
	r.Disk = bench.Size(path)
	ask(r, qs, queries)
	// Not closed: a query that was cut off may still be running.
	return nil
}

// write has documents written one by one.
func write(r *result, apply func([]quad.Quad) error) error {
	var times []time.Duration
	cpu := bench.CPU()
	for i := range batches {
		quads := document(i)
		start := time.Now()
		if err := apply(quads); err != nil {
			return err
		}
		times = append(times, time.Since(start))
	}
	r.Batch, r.Work = bench.Median(times), (bench.CPU()-cpu)/batches
	return nil
}

// document makes up the quads of one document.
func document(i int) []quad.Quad {
	label := quad.IRI(fmt.Sprintf("http://example.org/document/%d", i))
	var out []quad.Quad
	for j := range batchQuads {
		out = append(out, quad.Quad{
			Subject:   quad.IRI(fmt.Sprintf("http://example.org/document/%d/statement/%d", i, j/8)),
			Predicate: quad.IRI(fmt.Sprintf("http://example.org/predicate/%d", j%8)),
			Object:    quad.String(fmt.Sprintf("a value, number %d of document %d", j, i)),
			Label:     label,
		})
	}
	return out
}

// oxigraph runs Oxigraph's npm build, which prints the seconds it takes.
func oxigraph(r *result, data string) error {
	if _, err := os.Stat("oxigraph/node_modules"); err != nil {
		log.Print("  not installed: run npm ci in the folder oxigraph")
		return nil
	}
	cmd := exec.Command("node", "load.mjs", data)
	cmd.Dir = "oxigraph"
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	var res struct{ Quads, Seconds float64 }
	if err := json.Unmarshal(out, &res); err != nil {
		return err
	}
	r.Load = res.Quads / res.Seconds
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	r.CPU = res.Quads / used.Seconds()
	return nil
}

// question is one of Cayley's integration queries.
type question struct {
	name, text string
	results    int
}

// slow is how long a query may take to be asked again.
const slow = 2 * time.Second

func ask(r *result, qs graph.QuadStore, queries []question) {
	for _, q := range queries {
		var times []time.Duration
		for range *flagRounds {
			start := time.Now()
			n, err := q.run(qs)
			times = append(times, time.Since(start))
			if errors.Is(err, context.DeadlineExceeded) {
				times = []time.Duration{*flagLimit}
				break
			}
			if err != nil || n != q.results {
				log.Printf("  %s: %d results, want %d, %v", q.name, n, q.results, err)
			}
			if times[len(times)-1] > slow {
				break
			}
		}
		r.Queries = append(r.Queries, slices.Min(times))
	}
}

func (q question) run(qs graph.QuadStore) (n int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), *flagLimit)
	defer cancel()
	it, err := gizmo.NewSession(qs).Execute(ctx, q.text, query.Options{Collation: query.Raw})
	if err != nil {
		return 0, err
	}
	defer it.Close()
	for it.Next(ctx) {
		n++
	}
	// A query that is cut off may say so in its own words, or not at all.
	if err := ctx.Err(); err != nil {
		return n, err
	}
	return n, it.Err()
}

// readQueries takes the queries out of the source of Cayley's tests, which do
// not export them.
func readQueries(file string) ([]question, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		return nil, err
	}
	vals := map[string]ast.Expr{}
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for i, v := range spec.Values {
				vals[spec.Names[i].Name] = v
			}
		}
		return true
	})
	var text func(ast.Expr) string
	text = func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, _ := strconv.Unquote(e.Value)
			return s
		case *ast.BinaryExpr:
			return text(e.X) + text(e.Y)
		case *ast.Ident:
			return text(vals[e.Name])
		}
		return ""
	}
	lit, ok := vals["queries"].(*ast.CompositeLit)
	if !ok {
		return nil, fmt.Errorf("%s has no queries", file)
	}
	var out []question
	for _, e := range lit.Elts {
		var q question
		for _, f := range e.(*ast.CompositeLit).Elts {
			kv := f.(*ast.KeyValueExpr)
			switch kv.Key.(*ast.Ident).Name {
			case "message":
				q.name = text(kv.Value)
			case "query":
				q.text = text(kv.Value)
			case "expect":
				if l, ok := kv.Value.(*ast.CompositeLit); ok {
					q.results = len(l.Elts)
				}
			}
		}
		out = append(out, q)
	}
	return out, nil
}

func readFilms(name string) ([]quad.Quad, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return quad.ReadAll(nquads.NewReader(z, false))
}

func report(all []result, queries []question, n int) {
	head := []string{fmt.Sprintf("%d quads", n)}
	for _, r := range all {
		head = append(head, r.Name)
	}
	bench.Head(head...)
	line := func(name string, f func(r result) string) {
		cells := []string{name}
		for _, r := range all {
			cells = append(cells, f(r))
		}
		bench.Row(cells...)
	}
	line("load, quads/s", func(r result) string { return bench.Thousands(int64(r.Load)) })
	line("load, quads per second of processor time", func(r result) string { return bench.Thousands(int64(r.CPU)) })
	line("disk, bytes/quad", func(r result) string {
		if r.Disk == 0 {
			return "–"
		}
		return fmt.Sprint(r.Disk / int64(n))
	})
	line(fmt.Sprintf("document of %d quads, ms", batchQuads), func(r result) string { return millis(r.Batch) })
	line("processor time of that, ms", func(r result) string { return millis(r.Work) })
	for i, q := range queries {
		line(q.name+", ms", func(r result) string {
			if i >= len(r.Queries) {
				return "–"
			}
			return millis(r.Queries[i])
		})
	}
}

// millis writes how long a query took, or that it took too long.
func millis(d time.Duration) string {
	if d >= *flagLimit {
		return fmt.Sprintf("over %d", flagLimit.Milliseconds())
	}
	return bench.Millis(d)
}

// grow measures ours on generated graphs of several sizes.
func grow(dir string) error {
	bench.Head("million quads", "load, quads/s", "bytes/quad", "memory, MB", "open, ms", "look-up, ms", "two steps, ms", "document in, ms", "document out, ms")
	for _, f := range strings.Split(*flagGrow, ",") {
		m, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return err
		}
		path := filepath.Join(dir, "g"+f)
		if err := growTo(path, f, int(m*1e6)); err != nil {
			return err
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

func growTo(path, name string, n int) error {
	ctx := context.Background()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(bench.WriteQuads(w, n, true)) }()
	start := time.Now()
	if _, err := s.Import(ctx, r, store.ImportOptions{}); err != nil {
		return err
	}
	load := float64(n) / time.Since(start).Seconds()
	if err := s.Close(); err != nil {
		return err
	}
	disk := bench.Size(path)
	memory := bench.MaxRSS()
	start = time.Now()
	if s, err = store.Open(path, store.Options{}); err != nil {
		return err
	}
	open := time.Since(start)

	docs := n / bench.DocQuads
	pick := func(i int) int { return i * 7919 % docs }
	var look, steps, in, out []time.Duration
	for i := range 50 {
		start := time.Now()
		for _, err := range s.Match(ctx, store.Pattern{Subject: statement(pick(i), 3)}) {
			if err != nil {
				return err
			}
		}
		look = append(look, time.Since(start))
		start = time.Now()
		q := question{text: fmt.Sprintf(`g.V("<%s>").out("<http://example.org/p#n2>").in("<http://example.org/p#n2>").limit(20).all()`, string(statement(pick(i), 5)))}
		if _, err := q.run(s.QuadStore()); err != nil {
			return err
		}
		steps = append(steps, time.Since(start))
		start = time.Now()
		if err := s.Apply(ctx, nil, document(i)); err != nil {
			return err
		}
		in = append(in, time.Since(start))
		start = time.Now()
		if err := s.ReplaceLabel(ctx, store.IRI(fmt.Sprintf("http://example.org/doc/%d", pick(i))), nil); err != nil {
			return err
		}
		out = append(out, time.Since(start))
	}
	bench.Row(name, bench.Thousands(int64(load)), strconv.FormatInt(disk/int64(n), 10), strconv.FormatInt(memory, 10), bench.Millis(open),
		bench.Millis(bench.Median(look)), bench.Millis(bench.Median(steps)), bench.Millis(bench.Median(in)), bench.Millis(bench.Median(out)))
	return s.Close()
}

func statement(doc, i int) quad.IRI {
	return quad.IRI(fmt.Sprintf("http://example.org/doc/%d/s/%d", doc, i))
}
