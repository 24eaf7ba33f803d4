// Command bench measures what "demarc serve" answers under load, on a graph of a
// million quads of demarc's own: questions, SPARQL and cards of entities, asked by
// wrk over loopback. It prints requests a second, how long they take and the
// server's memory as a table in Markdown; beside it, for SPARQL, Oxigraph behind
// Node's HTTP server. With -soak it asks all kinds for that long and prints the
// memory every minute.
//
// Run it in the folder of go.mod, after "npm ci" in graph/serve/bench/oxigraph;
// .ci/setup installs wrk.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/bench"
)

var (
	flagQuads       = flag.Int("quads", 1_000_000, "how many quads the graph is to have")
	flagDir         = flag.String("dir", "", "where to put the graph and keep it for the next run")
	flagFor         = flag.Duration("for", 10*time.Second, "how long to ask each kind")
	flagConnections = flag.Int("connections", 16, "how many connections ask at once")
	flagSoak        = flag.Duration("soak", 0, "how long to ask all kinds afterwards; 0 for not at all")
	flagOxigraph    = flag.Bool("oxigraph", true, "also measure Oxigraph's answers to SPARQL")
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
	program := filepath.Join(dir, "demarc")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", program, "./cmd/demarc")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build demarc: %w", err)
	}
	db := filepath.Join(dir, "serve.db")
	quads, err := fill(ctx, program, dir, db)
	if err != nil {
		return err
	}
	s, err := start(exec.CommandContext(ctx, program, "--db", db, "serve", "--listen", "127.0.0.1:0", "--log", "none"))
	if err != nil {
		return err
	}
	defer s.stop()
	kinds, err := targets(s.url, dir)
	if err != nil {
		return err
	}
	fmt.Println(bench.Heading())
	fmt.Printf("%s quads, %d connections, %s each, the server and wrk on one machine\n\n", bench.Thousands(quads), *flagConnections, *flagFor)
	bench.Head("server", "asked for", "different", "requests/s", "median", "p99", "failed", "memory, MB")
	for _, k := range kinds {
		if err := s.measure(ctx, dir, "demarc", k); err != nil {
			return err
		}
	}
	if *flagOxigraph {
		if err := oxigraph(ctx, program, dir, db, kinds); err != nil {
			return err
		}
	}
	if *flagSoak > 0 {
		return s.soak(ctx, dir, kinds)
	}
	return nil
}

// fill loads documents until the graph has the quads, unless it is there.
func fill(ctx context.Context, program, dir, db string) (int64, error) {
	done := db + ".done" // is there where the graph is whole
	if _, err := os.Stat(done); err != nil {
		if err := os.RemoveAll(db); err != nil {
			return 0, err
		}
		corpus, err := bench.NewCorpus(ctx)
		if err != nil {
			return 0, err
		}
		const batch = 1000
		for first := 0; ; first += batch {
			file, err := os.Create(filepath.Join(dir, "documents.jsonl"))
			if err != nil {
				return 0, err
			}
			if err := errors.Join(corpus.WriteJSONL(file, first, first+batch), file.Close()); err != nil {
				return 0, err
			}
			if out, err := exec.CommandContext(ctx, program, "--db", db, "load", file.Name()).CombinedOutput(); err != nil {
				return 0, fmt.Errorf("demarc load: %w\n%.2000s", err, out)
			}
			n, err := count(ctx, db)
			if err != nil {
				return 0, err
			}
			log.Printf("%d documents, %s quads", first+batch, bench.Thousands(n))
			if n >= int64(*flagQuads) {
				break
			}
		}
		if err := os.WriteFile(done, nil, 0o644); err != nil {
			return 0, err
		}
	}
	return count(ctx, db)
}

func count(ctx context.Context, db string) (int64, error) {
	g, err := graph.Open(ctx, db, graph.WithReadOnly())
	if err != nil {
		return 0, err
	}
	st, err := g.Stats(ctx)
	return int64(st.Quads), errors.Join(err, g.Close())
}

// server is a process that serves.
type server struct {
	cmd *exec.Cmd
	url string
}

// start starts a server that prints its address.
func start(cmd *exec.Cmd) (*server, error) {
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s printed no address: %w", cmd.Path, errors.Join(err, cmd.Process.Kill(), cmd.Wait()))
	}
	return &server{cmd, strings.TrimRight(line, "/\n")}, nil
}

func (s *server) stop() error {
	return errors.Join(s.cmd.Process.Signal(syscall.SIGTERM), s.cmd.Wait())
}

// memory returns what the process has in memory, in megabytes.
func (s *server) memory() int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+)`).FindSubmatch(text)
	if m == nil {
		return 0
	}
	kb, _ := strconv.ParseInt(string(m[1]), 10, 64) // digits
	return kb >> 10
}

// kind is requests of one kind: a path for each.
type kind struct {
	name, file string
	n          int
}

// targets makes the requests from what the graph has.
func targets(base, dir string) ([]kind, error) {
	type entity struct{ ID, Name string }
	list := func(class string, most int) (found []entity, err error) {
		for cursor := ""; len(found) < most; {
			var page struct {
				Items []entity
				Next  string
			}
			resp, err := http.Get(base + "/api/v1/entities?limit=500&class=" + class + "&cursor=" + url.QueryEscape(cursor))
			if err != nil {
				return nil, err
			}
			err = errors.Join(json.NewDecoder(resp.Body).Decode(&page), resp.Body.Close())
			if err != nil {
				return nil, err
			}
			found = append(found, page.Items...)
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		return found[:min(len(found), most)], nil
	}
	const most = 2000
	territories, err := list("Territory", most)
	if err != nil {
		return nil, err
	}
	states, err := list("State", most)
	if err != nil {
		return nil, err
	}
	if len(territories) == 0 || len(states) == 0 {
		return nil, errors.New("the graph has no territories or no states")
	}
	const prefix = "PREFIX dm: <https://w3id.org/demarc/schema#> "
	iri := func(e entity) string { return "<https://w3id.org/demarc/id/" + e.ID + ">" }
	var questions, queries, cards []string
	ask := func(q string) { questions = append(questions, "/api/v1/ask?q="+url.QueryEscape(q)) }
	sparql := func(q string) { queries = append(queries, "/sparql?query="+url.QueryEscape(prefix+q)) }
	for i, t := range territories {
		ask(fmt.Sprintf([]string{"Who claims %s?", "Who administers %s?", "Which agreements cover %s?"}[i%3], t.Name))
		switch i % 3 {
		case 0:
			sparql("SELECT DISTINCT ?who { ?who dm:claims " + iri(t) + " }")
		case 1:
			sparql("SELECT DISTINCT ?who ?other { ?who dm:claims " + iri(t) + " . ?other dm:administers " + iri(t) + " }")
		default:
			s := states[i%len(states)]
			sparql("SELECT ?what (COUNT(?by) AS ?n) { " + iri(s) + " dm:claims ?what . ?by dm:claims ?what } GROUP BY ?what ORDER BY DESC(?n) LIMIT 10")
		}
		cards = append(cards, "/api/v1/entities/"+t.ID)
	}
	var kinds []kind
	for _, k := range []struct {
		name, file string
		paths      []string
	}{{"questions", "questions", questions}, {"SPARQL", "sparql", queries}, {"entities", "entities", cards}} {
		file := filepath.Join(dir, k.file+".txt")
		if err := os.WriteFile(file, []byte(strings.Join(k.paths, "\n")+"\n"), 0o644); err != nil {
			return nil, err
		}
		kinds = append(kinds, kind{k.name, file, len(k.paths)})
	}
	return kinds, nil
}

// script has wrk ask for the lines of a file in turn, each thread from another
// place on.
const script = `
local paths, i = {}, 0
function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  math.randomseed(tonumber(tostring(wrk.thread):match("0x(%x+)") or "0", 16))
  i = math.random(#paths)
end
function request()
  i = i % #paths + 1
  return wrk.format("GET", paths[i])
end
`

// wrk asks a server and returns what wrk says.
func (s *server) wrk(ctx context.Context, dir, file string, last time.Duration) (string, error) {
	lua := filepath.Join(dir, "paths.lua")
	if err := os.WriteFile(lua, []byte(script), 0o644); err != nil {
		return "", err
	}
	out, err := exec.CommandContext(ctx, "wrk", "--latency", "-t2", "-c", strconv.Itoa(*flagConnections), "-d", fmt.Sprintf("%.0fs", last.Seconds()), "--timeout", "30s",
		"-s", lua, s.url, "--", file).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return string(out), nil
}

var (
	perSecond = regexp.MustCompile(`Requests/sec:\s+(\S+)`)
	median    = regexp.MustCompile(`(?m)^\s+50%\s+(\S+)`)
	slowest   = regexp.MustCompile(`(?m)^\s+99%\s+(\S+)`)
	refused   = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)`)
)

func found(re *regexp.Regexp, text, none string) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return none
}

// measure asks for one kind and prints a row.
func (s *server) measure(ctx context.Context, dir, name string, k kind) error {
	if _, err := s.wrk(ctx, dir, k.file, 2*time.Second); err != nil { // to warm up
		return err
	}
	out, err := s.wrk(ctx, dir, k.file, *flagFor)
	if err != nil {
		return err
	}
	bench.Row(name, k.name, strconv.Itoa(k.n), found(perSecond, out, "–"), found(median, out, "–"), found(slowest, out, "–"), found(refused, out, "0"), strconv.FormatInt(s.memory(), 10))
	return nil
}

// soak asks for all kinds and prints the memory every minute.
func (s *server) soak(ctx context.Context, dir string, kinds []kind) error {
	var all []byte
	for _, k := range kinds {
		text, err := os.ReadFile(k.file)
		if err != nil {
			return err
		}
		all = append(all, text...)
	}
	file := filepath.Join(dir, "all.txt")
	if err := os.WriteFile(file, all, 0o644); err != nil {
		return err
	}
	fmt.Printf("\nAll kinds for %s:\n\n", *flagSoak)
	bench.Head("after", "requests/s", "p99", "failed", "memory, MB")
	for since := time.Now(); time.Since(since) < *flagSoak; {
		out, err := s.wrk(ctx, dir, file, min(time.Minute, *flagSoak-time.Since(since).Truncate(time.Second)))
		if err != nil {
			return err
		}
		bench.Row(time.Since(since).Round(time.Second).String(), found(perSecond, out, "–"), found(slowest, out, "–"), found(refused, out, "0"), strconv.FormatInt(s.memory(), 10))
	}
	return nil
}

// oxigraph measures Oxigraph's answers to SPARQL on the same quads.
func oxigraph(ctx context.Context, program, dir, db string, kinds []kind) error {
	file := filepath.Join(dir, "graph.nq")
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, program, "--db", db, "export", "--format", "nquads")
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if err := errors.Join(cmd.Run(), out.Close()); err != nil {
		return err
	}
	s, err := start(exec.CommandContext(ctx, "node", filepath.Join("graph", "serve", "bench", "oxigraph", "server.mjs"), file))
	if err != nil {
		return fmt.Errorf("oxigraph: %w: npm ci in graph/serve/bench/oxigraph installs it, -oxigraph=false goes without", err)
	}
	defer s.stop()
	for _, k := range kinds {
		if k.name == "SPARQL" {
			return s.measure(ctx, dir, "Oxigraph", k)
		}
	}
	return nil
}
