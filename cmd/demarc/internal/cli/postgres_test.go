package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/graph/store/storetest"
)

// TestOnServer goes through what one does with a graph on PostgreSQL.
func TestOnServer(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server")
	}
	addr := storetest.Postgres(t)(t)
	article := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(article, []byte("Japan claims Shikotan. Russia administers Shikotan.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"load", article}, "added"},
		{[]string{"ask", "who claims Shikotan?"}, "Japan"},
		{[]string{"show", "Shikotan"}, "Russia"},
		{[]string{"claims"}, "Shikotan"},
		{[]string{"query", "SELECT ?s { ?s dm:claims ?o }"}, "state/japan"},
		{[]string{"export", "--format", "nquads"}, "claims"},
		{[]string{"verify"}, ""},
		{[]string{"docs", "remove", "note"}, ""},
		{[]string{"docs", "list"}, ""},
	} {
		f, stdout, stderr := testFactory(0)
		if code := run(t.Context(), f, append([]string{"--db", addr}, c.args...)); code != exitOK {
			t.Errorf("%s: exit code %d: %s", c.args[0], code, stderr)
		}
		if out := stdout.String() + stderr.String(); !strings.Contains(out, c.want) {
			t.Errorf("%s: no %q in\n%s", c.args[0], c.want, out)
		}
	}
}
