//go:build unix

package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestPipes reads a pipe that somebody writes to and does not wait for one that
// nobody does.
func TestPipes(t *testing.T) {
	dir := t.TempDir()
	silent, spoken := filepath.Join(dir, "silent.txt"), filepath.Join(dir, "spoken.txt")
	for _, path := range []string{silent, spoken} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Skip(err)
		}
	}
	w, err := os.OpenFile(spoken, os.O_RDWR, 0) // for reading, too: so it does not wait
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("Freedonia claims Gookie Island."); err != nil {
		t.Fatal(err)
	}
	var texts []string
	var errs []error
	end := sync.OnceFunc(func() { w.Close() })
	progress := func(n int64) {
		if n > 0 { // it is being read, and may end
			end()
		}
	}
	for doc, err := range Open(t.Context(), []string{silent, spoken}, Options{Progress: progress}) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		texts = append(texts, doc.Text)
	}
	var e *Error
	if len(errs) != 1 || !errors.As(errs[0], &e) || e.Kind != Empty || !strings.Contains(e.Error(), "a pipe that nobody has written to") {
		t.Errorf("%v", errs)
	}
	if len(texts) != 1 || texts[0] != "Freedonia claims Gookie Island." {
		t.Errorf("%q", texts)
	}
}
