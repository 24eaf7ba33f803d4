package rule

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/data"
)

func TestFindSource(t *testing.T) {
	set, err := Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules() {
		s, err := FindSource(data.FS, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		text, err := fs.ReadFile(data.FS, s.File)
		if err != nil {
			t.Fatal(err)
		}
		before := strings.Join(strings.SplitAfter(string(text), "\n")[:s.Line-1], "")
		if !strings.HasPrefix(s.Text, "- id: "+r.ID+"\n") || !strings.HasPrefix(string(text), before+s.Text) {
			t.Errorf("%s: line %d of %s, text\n%s", r.ID, s.Line, s.File, s.Text)
		}
		if n := strings.Count(s.Text, "\n  - text: "); n != len(r.Examples) || strings.Count(s.Text, "- id: ") != 1 {
			t.Errorf("%s: %d examples, want %d:\n%s", r.ID, n, len(r.Examples), s.Text)
		}
	}
	if _, err := FindSource(data.FS, "no.such"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such rule: %v", err)
	}
}
