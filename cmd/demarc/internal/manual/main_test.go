package main

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/cmd/demarc/internal/cli"
)

// written returns what the program writes, by path.
func written(t *testing.T, epoch string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := write(dir, epoch); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestPages looks whether every command has a page, and whether groff has
// anything to say against it.
func TestPages(t *testing.T) {
	files := written(t, "")
	if !maps.Equal(files, written(t, "")) {
		t.Error("written twice, the files differ")
	}
	pages := 0
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		section := "1"
		if cmd.IsAdditionalHelpTopicCommand() {
			section = "7"
		}
		path := "man/man" + section + "/" + strings.ReplaceAll(cmd.CommandPath(), " ", "-") + "." + section
		if page := files[path]; !strings.Contains(page, cmd.Short) || !strings.Contains(page, `"`+section+`" "" "demarc"`) {
			t.Errorf("%s is not the page of %s:\n%.200s", path, cmd.CommandPath(), page)
		}
		pages++
		for _, c := range cmd.Commands() {
			visit(c)
		}
	}
	visit(cli.Root())
	if n := len(files); n != pages+4 {
		t.Errorf("there are %d files for %d pages and 4 shells", n, pages)
	}
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	for path, page := range files {
		if !strings.HasPrefix(path, "man/") {
			continue
		}
		cmd := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z", "-k", "-t")
		cmd.Stdin = strings.NewReader(page)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
	// A table keeps its lines.
	cmd := exec.Command(groff, "-man", "-Tascii", "-P-c")
	cmd.Stdin = strings.NewReader(files["man/man7/demarc-exit-codes.7"])
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), "\n         0    all went well\n") {
		t.Errorf("the table of exit codes is not whole: %v\n%s", err, out)
	}
}

func TestDate(t *testing.T) {
	for path, page := range written(t, "1700000000") {
		if strings.HasPrefix(path, "man/") && !strings.Contains(page, `"Nov 2023" "demarc"`) {
			t.Errorf("%s is not of November 2023: %.100s", path, page)
		}
	}
	if err := write(t.TempDir(), "yesterday"); err == nil {
		t.Error("yesterday is taken for a number of seconds")
	}
}

// TestCompletions lets the shells that are installed read their scripts.
func TestCompletions(t *testing.T) {
	files := written(t, "")
	for shell, path := range map[string]string{
		"bash": "bash-completion/completions/demarc", "zsh": "zsh/site-functions/_demarc", "fish": "fish/vendor_completions.d/demarc.fish",
	} {
		script := files[path]
		if !strings.Contains(script, "demarc") {
			t.Errorf("%s is empty", path)
		}
		program, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		cmd := exec.Command(program, "-n")
		cmd.Stdin = strings.NewReader(script)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}
