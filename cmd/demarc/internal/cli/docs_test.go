package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/internal/golden"
)

//go:generate go test -run TestReference|TestExportFormats|TestReadmeSession -update .

func repository(elem ...string) string {
	return filepath.Join(append([]string{"..", "..", "..", ".."}, elem...)...)
}

// TestReference keeps docs/commands.md what the commands say of themselves.
func TestReference(t *testing.T) {
	f, _, _ := testFactory(0)
	var got bytes.Buffer
	if err := writeReference(&got, newRootCmd(f)); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, repository("docs", "commands.md"), got.Bytes())
}

// TestExportFormats keeps the table of docs/export.md what the formats say of
// themselves.
func TestExportFormats(t *testing.T) {
	path := repository("docs", "export.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- formats -->\n", "<!-- /formats -->"
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the document has no table of formats")
	}
	table := "| `--format` | file | media type | keeps all | |\n| --- | --- | --- | --- | --- |\n"
	for _, f := range export.Formats() {
		keeps := ""
		if f.Lossless {
			keeps = "yes"
		}
		table += fmt.Sprintf("| %s | `%s` | `%s` | %s | %s |\n", f.Name, f.Extension, f.MIME, keeps, f.Description)
	}
	golden.Check(t, path, before+begin+table+end+after)
}

// TestReadmeSession runs the commands of the README's terminal session and
// compares what they print, on a terminal of 80 columns, with what it shows.
func TestReadmeSession(t *testing.T) {
	path := repository("README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- session -->\n```console\n", "```\n<!-- /session -->"
	before, rest, ok := strings.Cut(string(text), begin)
	shown, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the README has no session")
	}
	documents, err := filepath.Abs(repository("data", "documents"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Mkdir("data", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(documents, filepath.Join("data", "documents")); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.SplitSeq(shown, "\n") {
		command, ok := strings.CutPrefix(line, "$ demarc ")
		if !ok {
			continue
		}
		words := word.FindAllString(command, -1)
		for i, w := range words {
			words[i] = strings.Trim(w, "\"'")
		}
		f, stdout, stderr := testFactory(defaultWidth)
		if code := run(t.Context(), f, words); code != exitOK {
			t.Fatalf("%s: exit code %d: %s", line, code, stderr)
		}
		got.WriteString(line + "\n" + stdout.String())
	}
	golden.Check(t, filepath.Join(sourceDir, path), before+begin+got.String()+end+after)
}

var (
	codeBlock   = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	commandLine = regexp.MustCompile(`(?:^|[|;(&]\s*|\$\()\s*(?:\./bin/|bin/)?demarc((?:\s[^|;)]*)?)(?:$|[|;)])`)
	word        = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)
	codeSpan    = regexp.MustCompile("`demarc ([^`]+)`")
)

// TestDocumentedCommandsExist checks that every command line in the documents
// names commands and flags that there are.
func TestDocumentedCommandsExist(t *testing.T) {
	docs, err := filepath.Glob(repository("docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(repository("*", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, path := range append(append(docs, more...), repository("README.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, block := range codeBlock.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains([]string{"", "console", "sh"}, block[1]) {
				continue
			}
			session := strings.Contains(block[2], "$ ")
			for line := range strings.SplitSeq(strings.ReplaceAll(block[2], "\\\n", " "), "\n") {
				rest, isCommand := strings.CutPrefix(line, "$ ")
				if isCommand || !session {
					for _, m := range commandLine.FindAllStringSubmatch(rest, -1) {
						lines = append(lines, m[1])
					}
				}
			}
		}
		for _, m := range codeSpan.FindAllStringSubmatch(string(text), -1) {
			lines = append(lines, m[1])
		}
		for _, line := range lines {
			seen++
			if err := exists(line); err != "" {
				t.Errorf("%s: demarc%s: %s", path, line, err)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d command lines were found in the documents: the search for them is broken", seen)
	}
}

// exists says what is wrong with a command line, or "". Of flags it knows the
// names, not what values they take.
func exists(line string) string {
	f, _, _ := testFactory(0)
	cmd := newRootCmd(f)
	cmd.InitDefaultHelpCmd()
	if before, _, ok := strings.Cut(line, " #"); ok {
		line = before
	}
	words := word.FindAllString(line, -1)
	for len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		next := child(cmd, words[0])
		if next == nil {
			break
		}
		cmd, words = next, words[1:]
	}
	if cmd.HasAvailableSubCommands() && len(words) > 0 && !strings.HasPrefix(words[0], "-") && !isPlaceholder(words[0]) {
		return "there is no command " + words[0]
	}
	for _, w := range words {
		if !strings.HasPrefix(w, "-") || w == "-" {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimLeft(w, "-"), "=")
		long := strings.HasPrefix(w, "--")
		if name == "help" || name == "h" {
			continue
		}
		flag := cmd.Flag(name)
		if !long {
			flag = cmd.Flags().ShorthandLookup(name[:1])
		}
		if flag == nil {
			return "there is no flag " + w
		}
	}
	return ""
}

// isPlaceholder reports whether a word stands for something else, such as
// COMMAND or [flags].
func isPlaceholder(word string) bool {
	return strings.ToUpper(word) == word || strings.HasPrefix(word, "[") || strings.HasPrefix(word, "…")
}

func child(cmd *cobra.Command, name string) *cobra.Command {
	for _, c := range cmd.Commands() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

func TestExistsFindsFaults(t *testing.T) {
	for line, ok := range map[string]bool{
		" load article.txt": true, " load --frob x": false, " frob": false, " docs remove x": true, " docs rename x": false,
		" ask \"--no-flag within quotes\"": true, " export -o x.dot": true, " export -x": false, " [command] --help": true, " help exit-codes": true,
	} {
		if err := exists(line); (err == "") != ok {
			t.Errorf("demarc%s: %q", line, err)
		}
	}
}
