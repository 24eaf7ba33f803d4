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
	loading := exec.Command("demarc", "load", "-")
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
		// It begins with the first document, whatever is still to come.
		fmt.Fprintf(in, "{\"id\": %q, \"text\": %q}\n", id, text)
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

// TestKilledLoad kills a process while it loads, at different moments, and loads
// again: the graph is the one of a load that ran through.
func TestKilledLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("loads documents over and over")
	}
	t.Chdir(t.TempDir())
	var all strings.Builder
	for i := range 12 {
		fmt.Fprintf(&all, "{\"id\": \"d%d\", \"text\": \"Japan claims Shikotan. In %d Spain and Morocco signed a treaty.\"}\n", i, 1950+i)
	}
	if err := os.WriteFile("all.jsonl", []byte(all.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	demarc := func(words ...string) string {
		t.Helper()
		f, stdout, stderr := testFactory(0)
		if got := run(t.Context(), f, words); got != exitOK {
			t.Fatalf("demarc %s: exit code %d: %s", strings.Join(words, " "), got, stderr)
		}
		return stdout.String()
	}
	demarc("load", "all.jsonl", "--db", "whole")
	want := demarc("stats", "--hash", "--db", "whole")
	for reports := range 4 {
		db := fmt.Sprint("killed", reports)
		loading := exec.Command("demarc", "load", "--jobs", "2", "--db", db, "all.jsonl")
		out, err := loading.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := loading.Start(); err != nil {
			t.Fatal(err)
		}
		for reported := bufio.NewScanner(out); reports > 0 && reported.Scan(); reports-- {
		}
		if err := loading.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = loading.Wait() // it was killed
		demarc("load", "all.jsonl", "--db", db)
		demarc("verify", "--db", db)
		if got := demarc("stats", "--hash", "--db", db); got != want {
			t.Errorf("after a kill the graph is %s, want %s", got, want)
		}
	}
}
