package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/golden"
)

// TestTerminal compares what commands print on terminals of two widths, with
// and without colour, with the files of testdata/terminal. Look at them when
// they change: they are what people see.
func TestTerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	const note = "The Habomai islets and Shikotan\n\nJapan claims Shikotan. Russia administers Shikotan. " +
		"The two countries have talked about it for many years, in Moscow and in Tokyo, and have signed nothing so far.\n"
	if err := os.WriteFile("note.txt", []byte(note), 0o644); err != nil {
		t.Fatal(err)
	}
	f, _, stderr := testFactory(0)
	if code := run(t.Context(), f, []string{"load", "--title", "A note", "--date", "2020-05", "note.txt"}); code != exitOK {
		t.Fatalf("load: exit code %d: %s", code, stderr)
	}
	fact := factID(t)
	for _, c := range []struct {
		name string
		args []string
		code int
	}{
		{"load", []string{"load", "note.txt", "--title", "A note", "--date", "2020-05"}, exitOK},
		{"ask", []string{"ask", "Who claims Shikotan?"}, exitOK},
		{"ask-nothing", []string{"ask", "Who claims Gibraltar?"}, exitNothing},
		{"ask-batch", []string{"ask", "--batch", "-", "--format", "text"}, exitOK},
		{"show", []string{"show", "Shikotan"}, exitOK},
		{"why", []string{"why", fact}, exitOK},
		{"docs-list", []string{"docs", "list"}, exitOK},
		{"docs-show", []string{"docs", "show", "note"}, exitOK},
		{"extract", []string{"extract", "note.txt"}, exitOK},
		{"query", []string{"query", "SELECT ?p { <https://w3id.org/demarc/id/state/japan> ?p <https://w3id.org/demarc/id/territory/shikotan> }"}, exitOK},
		{"parse", []string{"parse", "Japan claims the islands."}, exitOK},
		{"schema", []string{"schema"}, exitOK},
	} {
		for _, width := range []int{80, 120} {
			f, stdout, stderr := testFactory(width)
			f.Color = width == 120
			f.In = strings.NewReader(`{"id":"1","question":"Who claims Shikotan?"}` + "\n" + `{"id":"2","question":"Who administers Shikotan?"}`)
			if code := run(t.Context(), f, c.args); code != c.code {
				t.Errorf("%s: exit code %d, want %d: %s", c.name, code, c.code, stderr)
			}
			for i, line := range strings.Split(stdout.String(), "\n") {
				if n := visible(line); n > width && !strings.Contains(line, "http") {
					t.Errorf("%s: line %d is %d columns wide on a terminal of %d: %q", c.name, i+1, n, width, line)
				}
			}
			checkScreen(t, filepath.Join("terminal", c.name+"-"+strconv.Itoa(width)+".txt"), stdout.String())
		}
	}
}

// sourceDir is the folder of this package: tests change the working folder.
var sourceDir, _ = os.Getwd()

// checkScreen compares what a terminal shows with a file of testdata.
func checkScreen(t *testing.T, name, got string) {
	t.Helper()
	// ␛ can be read and compared in an editor.
	golden.Check(t, filepath.Join(sourceDir, "testdata", name), strings.ReplaceAll(got, "\x1b", "␛"))
}

// visible counts the runes of a line that a terminal shows.
func visible(line string) int {
	n, inside := 0, false
	for _, r := range line {
		switch {
		case r == '\x1b':
			inside = true
		case inside:
			inside = r != 'm'
		default:
			n++
		}
	}
	return n
}

// factID returns the beginning of the ID of a fact in the graph.
func factID(t *testing.T) string {
	t.Helper()
	f, stdout, stderr := testFactory(0)
	if code := run(t.Context(), f, []string{"show", "Shikotan"}); code != exitOK {
		t.Fatalf("show: exit code %d: %s", code, stderr)
	}
	for line := range strings.SplitSeq(stdout.String(), "\n") {
		if cells := strings.Split(line, "\t"); cells[0] == "claims" {
			return short(cells[1])
		}
	}
	t.Fatalf("no claim in %s", stdout)
	return ""
}
