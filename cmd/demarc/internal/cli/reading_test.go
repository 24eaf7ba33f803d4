package cli

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadWhileLoading asks a graph of which another process is in the middle of
// loading documents: it holds those that are finished, and only one writer.
func TestReadWhileLoading(t *testing.T) {
	t.Chdir(t.TempDir())
	loading := exec.Command("demarc", "load", "--input", "jsonl", "-")
	loading.Stderr = os.Stderr
	in, err := loading.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := loading.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := loading.Start(); err != nil {
		t.Fatal(err)
	}
	reported := bufio.NewScanner(out)
	load := func(id, text string) {
		t.Helper()
		// Input is read in blocks: empty lines fill this one up.
		fmt.Fprintf(in, "{\"id\": %q, \"text\": %q}\n%s", id, text, strings.Repeat("\n", 128<<10))
		if !reported.Scan() || !strings.HasPrefix(reported.Text(), id+"\tadded") {
			t.Fatalf("loading says %q, %v", reported.Text(), reported.Err())
		}
	}
	demarc := func(want string, code int, words ...string) {
		t.Helper()
		f, stdout, stderr := testFactory(0)
		if got := run(t.Context(), f, words); got != code {
			t.Errorf("demarc %s: exit code %d: %s", strings.Join(words, " "), got, stderr)
		}
		if got := stdout.String() + stderr.String(); !strings.Contains(got, want) {
			t.Errorf("demarc %s: want %q, got:\n%s", strings.Join(words, " "), want, got)
		}
	}
	load("one", "Japan claims the Liancourt Rocks.")
	demarc("1 document", exitOK, "verify")
	demarc("Japan", exitOK, "ask", "who claims the Liancourt Rocks?")
	demarc("", exitNothing, "show", "two")
	demarc("is writing to it since", exitError, "load", "other.txt")
	demarc("", exitOK, "backup", "copy")

	load("two", "Spain claims Gibraltar. The United Kingdom holds Gibraltar.")
	demarc("2 documents", exitOK, "verify")
	demarc("Spain", exitOK, "ask", "who claims Gibraltar?")
	demarc("Gibraltar", exitOK, "export", "--format", "csv")
	demarc("1 document", exitOK, "verify", "--db", "copy")
	demarc("", exitOK, "restore", "copy", "--db", "restored")
	if err := os.WriteFile("more.txt", []byte("France claims Tromelin."), 0o644); err != nil {
		t.Fatal(err)
	}
	demarc("added", exitOK, "load", "more.txt", "--db", "restored")

	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := loading.Wait(); err != nil {
		t.Fatal(err)
	}
	demarc("2 documents", exitOK, "verify")
	if left, err := filepath.Glob("*"); err != nil || len(left) != 4 {
		t.Errorf("there are %v, %v", left, err)
	}
}
