package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// record is a test that keeps what it is told.
type record struct {
	testing.TB
	said []string
}

func (r *record) Helper()                        {}
func (r *record) Errorf(format string, a ...any) { r.said = append(r.said, fmt.Sprintf(format, a...)) }
func (r *record) Fatalf(format string, a ...any) { r.Errorf(format, a...); panic(r) }

func TestCheck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "golden.txt")
	check := func(got string, to bool) (said []string) {
		was := *update
		*update = to
		r := &record{TB: t}
		defer func() {
			*update = was
			said = r.said
			if p := recover(); p != nil && p != r {
				panic(p)
			}
		}()
		Check(r, path, got)
		return nil
	}
	if said := check("one\ntwo\n", false); len(said) != 1 || !strings.Contains(said[0], "golden.txt") {
		t.Errorf("of no file: %q", said)
	}
	if said := check("one\ntwo\n", true); said != nil {
		t.Errorf("writing: %q", said)
	}
	if said := check("one\ntwo\n", false); said != nil {
		t.Errorf("of the same: %q", said)
	}
	if said := check("one\nthree\n", false); len(said) != 1 || !strings.Contains(said[0], "three") {
		t.Errorf("of another: %q", said)
	}
	if got, err := os.ReadFile(path); string(got) != "one\ntwo\n" {
		t.Errorf("the file is %q, %v", got, err)
	}
}
