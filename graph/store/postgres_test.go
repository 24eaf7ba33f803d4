package store_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"
	_ "github.com/lib/pq"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/graph/store/storetest"
)

// startPostgres starts a PostgreSQL server of the test's own and returns the
// addresses of new, empty databases on it.
func startPostgres(t *testing.T) func(testing.TB) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if path, err := exec.LookPath("postgres"); err == nil && len(found) == 0 {
		found = append(found, path)
	}
	if len(found) == 0 {
		t.Skip("PostgreSQL is not installed")
	}
	slices.Sort(found)
	bin := filepath.Dir(found[len(found)-1])
	// The path of a socket must be short, and root may not run a server.
	dir, err := os.MkdirTemp("/tmp", "pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	attr := serverAttr(t, dir)
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir = dir
		cmd.SysProcAttr = attr
		return cmd
	}
	data := filepath.Join(dir, "data")
	if out, err := run("initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	server := run("postgres", "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=50", "-c", "fsync=off")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT)
		_ = server.Wait()
	})
	addr := func(db string) string {
		return fmt.Sprintf("postgres:///%s?host=%s&user=test&sslmode=disable", db, dir)
	}
	admin, err := sql.Open("postgres", addr("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = admin.Close() })
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if err = admin.Ping(); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not start: %v", err)
		}
	}
	var mu sync.Mutex
	n := 0
	return func(t testing.TB) string {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		n++
		name := fmt.Sprintf("g%d", n)
		if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
			t.Fatal(err)
		}
		return addr(name)
	}
}

func TestPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server")
	}
	database := startPostgres(t)
	open := func(t testing.TB) *store.Store {
		s, err := store.Open(database(t), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	t.Run("kills", func(t *testing.T) { store.RunKills(t, database(t), 30, 600*time.Millisecond) })
	t.Run("suite", func(t *testing.T) { storetest.Run(t, open) })
	t.Run("verify", func(t *testing.T) {
		addr := database(t)
		s, err := store.Open(addr, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		q := store.Quad{Subject: store.IRI("s"), Predicate: store.IRI("p"), Object: store.IRI("o")}
		if err := s.Apply(t.Context(), nil, []store.Quad{q}); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("postgres", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, tt := range []struct{ damage, want string }{
			{`UPDATE nodes SET refs = refs + 1 WHERE value_string = 's'`, "is counted 2 times, but used 1 times"},
			{`UPDATE nodes SET value_string = 'x' WHERE value_string = 'p'`, "of another"},
			{`DELETE FROM nodes WHERE value_string = 'o'`, "not in the table of terms"},
			{`DELETE FROM quads`, "is in no quad"},
		} {
			if _, err := db.Exec(tt.damage); err != nil {
				t.Fatal(err)
			}
			r, err := s.Verify(t.Context())
			if err != nil || !strings.Contains(strings.Join(r.Problems, "\n"), tt.want) {
				t.Errorf("%s: %q, %v; want %q", tt.damage, r.Problems, err, tt.want)
			}
		}
	})
	t.Run("cayley", func(t *testing.T) {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cayleygraph/cayley").Output()
		if err != nil {
			t.Skip(err)
		}
		t.Chdir(filepath.Join(string(bytes.TrimSpace(out)), "graph", "memstore"))
		graphtest.TestAll(t, func(t testing.TB) (graph.QuadStore, graph.Options) {
			return open(t).QuadStore(), nil
		}, &graphtest.Config{
			// As in Cayley's own test of its PostgreSQL store. Its integration
			// queries are left out: the server takes minutes for some of the
			// joins that Cayley makes of them.
			NoPrimitives: true, TimeInMcs: true, TimeRound: true, OptimizesComparison: true,
		})
	})
}
