package store_test

import (
	"bytes"
	"database/sql"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/graphtest"
	_ "github.com/lib/pq"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/graph/store/storetest"
)

func TestPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server")
	}
	database := storetest.Postgres(t)
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
