package cli

import (
	"encoding/xml"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/shared"
)

// TestHistory compares how a yearbook's editions tell of a dispute with the
// files of testdata/history. Look at them when they change.
func TestHistory(t *testing.T) {
	t.Chdir(t.TempDir())
	f, _, stderr := testFactory(0)
	if code := run(t.Context(), f, []string{"load", filepath.Join(sourceDir, "testdata", "history", "yearbook.jsonl")}); code != exitOK {
		t.Fatalf("load: exit code %d: %s", code, stderr)
	}
	f, _, stderr = testFactory(0)
	if code := run(t.Context(), f, []string{"identity", "split", "--reason", "two islands", "Shikotan", "Iturup"}); code != exitOK {
		t.Fatalf("identity split: exit code %d: %s", code, stderr)
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"diff.txt", []string{"diff", "--from", "1990", "--to", "1995"}},
		{"diff-known.txt", []string{"diff", "--known", "--from", "1990", "--to", "1995", "Shikotan"}},
		{"told.txt", []string{"timeline", "--by", "publication"}},
		{"told-drawn.txt", []string{"timeline", "--by", "publication", "--draw"}},
		{"told.svg", []string{"timeline", "--by", "publication", "--svg"}},
		{"drawn.txt", []string{"timeline", "--draw"}},
		{"as-of.txt", []string{"control", "--as-of", "1993", "Shikotan"}},
		{"known-at.txt", []string{"show", "--known-at", "1991", "Shikotan"}},
		{"side.txt", []string{"control", "--view", "Japan"}},
		{"conflicts.txt", []string{"conflicts", "El Tigre Island"}},
		{"identity.txt", []string{"identity", "list"}},
		{"identity-why.txt", []string{"identity", "why", "Shikotan", "Iturup"}},
		{"drawn.svg", []string{"timeline", "--svg", "Shikotan"}},
	} {
		f, stdout, stderr := testFactory(80)
		if code := run(t.Context(), f, c.args); code != exitOK {
			t.Errorf("%s: exit code %d: %s", c.name, code, stderr)
		}
		if filepath.Ext(c.name) == ".svg" {
			for d := xml.NewDecoder(strings.NewReader(stdout.String())); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
			}
		}
		checkScreen(t, filepath.Join("history", c.name), stdout.String())
	}
}

// TestYearlyEditions reads how 34 yearly editions describe one dispute.
func TestYearlyEditions(t *testing.T) {
	corpus := shared.Path(t, "corpus", "kurils-1990-2023.jsonl")
	t.Chdir(t.TempDir())
	f, _, stderr := testFactory(0)
	if code := run(t.Context(), f, []string{"load", corpus}); code != exitOK {
		t.Fatalf("load: exit code %d: %s", code, stderr)
	}
	lines := func(args ...string) string {
		f, stdout, stderr := testFactory(0)
		if code := run(t.Context(), f, args); code != exitOK {
			t.Fatalf("%v: exit code %d: %s", args, code, stderr)
		}
		return stdout.String()
	}
	has := func(text, kind, date, sentence string) {
		t.Helper()
		for line := range strings.Lines(text) {
			if fields := strings.Split(line, "\t"); fields[0] == kind && fields[1] == date && fields[3] == sentence && len(fields[8]) > 10 {
				return
			}
		}
		t.Errorf("nothing says: %s, %s, %s", kind, date, sentence)
	}
	diff := lines("diff", "--from", "1990", "--to", "2023")
	has(diff, "gone", "1990", "Soviet Union administers Iturup (since 1945)")
	has(diff, "new", "2023", "Russia administers Iturup")
	if strings.Contains(diff, "gone\t1990\t"+"Japan claims") {
		t.Error("Japan's claim is gone")
	}
	told := lines("timeline", "--by", "publication", "Iturup")
	has(told, "new", "1990", "Soviet Union administers Iturup (since 1945)")
	has(told, "gone", "1992", "Soviet Union administers Iturup (since 1945)")
	has(told, "new", "1992", "Russia administers Iturup")
	if strings.Contains(told, "gone\t2023\t") {
		t.Errorf("something ends in the last edition:\n%s", told)
	}
}
