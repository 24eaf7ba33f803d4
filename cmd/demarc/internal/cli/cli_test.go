package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/golden"
	"github.com/demarcgraph/demarc/schema"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"demarc": func() { os.Exit(Main()) }})
}

// TestScripts runs each script of testdata/script in a folder of its own, with
// the program itself. Beside testscript's commands they have
//
//	exits CODE PROGRAM ARGS...   runs a program that must exit with CODE
//	line FILE BYTES              writes a file of one line
//	cut FILE BYTES               shortens a file
//	bytes FILE HEX               writes a file of these bytes
//	serving PROGRAM ARGS...      starts a program that prints the address at which it serves
//	fetch METHOD PATH [BODY]     asks it, with $TOKEN if that is set
//	stopped CODE                 ends it; it must exit with CODE
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		UpdateScripts:       golden.Update(),
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("TERM", "xterm")
			env.Values[serverValue] = &server{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "line": writeLine, "cut": cutFile, "bytes": writeBytes,
			"serving": startServer, "fetch": fetch, "stopped": stopServer,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exited with %d, want %d", got, want)
	}
}

func writeLine(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := bytes.Repeat([]byte("Japan claims it. "), n/17+1)[:n]
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o644))
}

func cutFile(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

func writeBytes(ts *testscript.TestScript, _ bool, args []string) {
	var data []byte
	for i := 0; i+1 < len(args[1]); i += 2 {
		b, err := strconv.ParseUint(args[1][i:i+2], 16, 8)
		ts.Check(err)
		data = append(data, byte(b))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}

// testFactory returns a factory over buffers: a pipe, or a terminal of the
// given width.
func testFactory(width int) (f *Factory, stdout, stderr *bytes.Buffer) {
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	s := &Streams{In: strings.NewReader(""), Out: stdout, Err: stderr, Width: defaultWidth}
	if width > 0 {
		s.OutTTY, s.Width = true, width
	}
	return newFactory(s, func(string) string { return "" }), stdout, stderr
}

// TestUsageErrors runs command lines that no command should start for.
func TestUsageErrors(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"frob", `there is no command "demarc frob"`},
		{"lod", "did you mean load?"},
		{"--frob", "unknown flag: --frob"},
		{"docs frob", `there is no command "demarc docs frob"`},
		{"load", "requires at least 1 arg"},
		{"load --jobs=-1 x", "--jobs -1: want 1 or more"},
		{"load --jobs=x y", `invalid argument "x"`},
		{"load --date=tomorrow x", "is no date"},
		{"load --date=2022-02-30 x", "no date of the calendar"},
		{"load --input=doc x", "want one of txt, md, html, pdf, jsonl"},
		{"load --max-size=big x", "want a size such as 64MiB"},
		{"load --extractor=llm x", "needs --llm-url and --llm-model"},
		{"load --llm-model=m x", "are for --extractor llm"},
		{"extract --extractor=oracle x", "want one of rules, llm"},
		{"extract", "requires at least 1 arg"},
		{"extract --format=xml x", "want one of facts, table, nquads, turtle"},
		{"extract --json --format=turtle x", "--json is --format facts"},
		{"extract --min-confidence=2 x", "want a number from 0 to 1"},
		{"ask --batch=x.jsonl who", "a question and --batch"},
		{"ask --format=xml who", "want one of text, jsonl"},
		{"show", "requires at least 1 arg"},
		{"why", "accepts 1 arg"},
		{"docs show", "accepts 1 arg"},
		{"docs remove", "requires at least 1 arg"},
		{"docs list x", `unknown command "x"`},
		{"query", "no query given"},
		{"query --file=x y", "the query is given twice"},
		{"query --language=sql x", "want one of sparql, gizmo, graphql, mql"},
		{"query --limit=-1 x", "--limit -1: want 0 or more"},
		{"query --timeout=-1s x", "--timeout -1s: want 0 or more"},
		{"export", "which format?"},
		{"export --format=docx", "want one of "},
		{"export --output=x.docx", "no format has the extension .docx"},
		{"export --format=nquads --depth=2", "name it with --about"},
		{"export --format=nquads --predicates=claims,likes", `"likes" is none of claims, `},
		{"export --format=nquads --depth=-1 --about=x", "--depth -1: want 0 or more"},
		{"eval facts", "which facts are right?"},
		{"eval facts --gold=g", "give either --facts"},
		{"eval facts --gold=g --facts=f --docs=d", "give either --facts"},
		{"eval answers", "which questions?"},
		{"eval answers --questions=q --answers=a --docs=d", "give either --answers"},
		{"eval answers --questions=q --corpus=c", "--corpus is for"},
		{"parse", "no text given"},
		{"parse --file=x y", "the text is given twice"},
		{"parse --sentence=-1 x", "want 1 or more"},
		{"version x", `unknown command "x"`},
		{"completion tcsh", "which shell?"},
		{"completion", "which shell?"},
	} {
		f, stdout, stderr := testFactory(0)
		code := run(t.Context(), f, strings.Fields(c.line))
		if code != exitUsage || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("demarc %s: exit code %d, want %d; standard error %q, want it to say %q", c.line, code, exitUsage, stderr, c.want)
		}
		if !strings.Contains(stderr.String(), "--help' for usage") {
			t.Errorf("demarc %s: standard error %q does not point to the help", c.line, stderr)
		}
		if stdout.Len() > 0 {
			t.Errorf("demarc %s: prints %q", c.line, stdout)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, exitOK},
		{errors.New("x"), exitError},
		{usagef("x"), exitUsage},
		{someFailedError{1, 2}, exitSomeFailed},
		{nothingError("x"), exitNothing},
		{context.Canceled, exitInterrupted},
		{errors.Join(errors.New("x"), context.Canceled), exitInterrupted},
		{os.ErrNotExist, exitError},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("exitCode(%v) = %d, want %d", c.err, got, c.want)
		}
	}
	seen := map[int]bool{}
	for _, c := range exitCodes() {
		if seen[c.code] || c.when == "" {
			t.Errorf("the exit code %d is described twice or not at all", c.code)
		}
		seen[c.code] = true
	}
}

// TestEveryCommandIsDocumented checks what help and completion depend on.
func TestEveryCommandIsDocumented(t *testing.T) {
	f, _, _ := testFactory(0)
	walk(newRootCmd(f), func(cmd *cobra.Command) {
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: the short help %q is missing or ends in a period", cmd.CommandPath(), cmd.Short)
		}
		for line := range strings.SplitSeq(cmd.Long, "\n") {
			if len(line) > 82 || strings.Contains(line, "\t") {
				t.Errorf("%s: the help has the line %q", cmd.CommandPath(), line)
			}
		}
	})
}

func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		walk(c, visit)
	}
}

// TestCommandsWriteOnlyToTheirStreams runs the help of every command over
// buffers: nothing may be missing from them.
func TestCommandsWriteOnlyToTheirStreams(t *testing.T) {
	f, _, _ := testFactory(0)
	var paths []string
	walk(newRootCmd(f), func(cmd *cobra.Command) { paths = append(paths, cmd.CommandPath()) })
	for _, path := range paths {
		f, stdout, stderr := testFactory(0)
		args := append(strings.Fields(path)[1:], "--help")
		if code := run(t.Context(), f, args); code != exitOK || stdout.Len() == 0 || stderr.Len() > 0 {
			t.Errorf("%s --help: exit code %d, output %q, standard error %q", path, code, stdout, stderr)
		}
	}
}

func TestTable(t *testing.T) {
	columns := []column{{title: "NAME"}, {title: "N", right: true}, {title: "NOTE", flex: true}}
	rows := [][]string{
		{"a\tb\x1b[31m", "1", "short"},
		{"尖閣", "200", "a note that is too long for its line, so that it goes on in the next"},
	}
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, "a b [31m\t1\tshort\n尖閣\t200\ta note that is too long for its line, so that it goes on in the next\n"},
		{50, `
NAME        N  NOTE
a b [31m    1  short
尖閣      200  a note that is too long for its
               line, so that it goes on in the
               next
`},
		{0, ""},
	} {
		f, stdout, _ := testFactory(c.width)
		table := f.newTable(columns...)
		if c.want != "" {
			for _, r := range rows {
				if err := table.row(slices.Clone(r)...); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := table.end(); err != nil {
			t.Fatal(err)
		}
		if got, want := stdout.String(), strings.TrimPrefix(c.want, "\n"); got != want {
			t.Errorf("width %d: got\n%s\nwant\n%s", c.width, got, want)
		}
	}
}

func TestComplete(t *testing.T) {
	names := []string{"Japan", "Senkaku Islands", "South China Sea", "South Korea"}
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"who claims ", "who claims "},
		{"who claims sen", "who claims Senkaku Islands"},
		{"does Ja", "does Japan"},
		{"south", "South "},
		{"South K", "South Korea"},
		{"who claims the South Ch", "who claims the South China Sea"},
		{"nowhere", "nowhere"},
	} {
		if got := complete(c.text, names); got != c.want {
			t.Errorf("complete(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestAround(t *testing.T) {
	text := "first line\nBefore it. The passage\ngoes on. After it.\nlast"
	start := strings.Index(text, "The")
	end := strings.Index(text, " After")
	before, passage, after := around(text, start, end)
	if before != "Before it. " || passage != "The passage goes on." || after != " After it." {
		t.Errorf("got %q, %q, %q", before, passage, after)
	}
	long := strings.Repeat("word ", 100)
	before, passage, after = around(long+"X"+long, len(long), len(long)+1)
	if !strings.HasPrefix(before, "… word") || passage != "X" || !strings.HasSuffix(after, "word …") || len(after) > contextWidth+8 {
		t.Errorf("got %q, %q, %q", before, passage, after)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct{ in, indent, want string }{
		{"", "  ", "  "},
		{"one two three four five six", "", "one two three four\nfive six"},
		{"one two three four five six", "  ", "  one two three four\n  five six"},
		{"one\n\ntwo", "", "one\n\ntwo"},
		{"a-word-that-is-longer-than-a-line then", "", "a-word-that-is-longer-than-a-line\nthen"},
		{"a \x1b[4mtwo three four five six\x1b[0m seven", "", "a \x1b[4mtwo three four\x1b[0m\n\x1b[4mfive six\x1b[0m seven"},
		{"a \x1b[4mtwo\x1b[0m three four five six", "", "a \x1b[4mtwo\x1b[0m three four\nfive six"},
		{"尖閣 尖閣 尖閣 尖閣 尖閣", "", "尖閣 尖閣 尖閣 尖閣\n尖閣"},
	} {
		if got := wrap(c.in, c.indent, 20); got != c.want {
			t.Errorf("wrap(%q, %q) = %q, want %q", c.in, c.indent, got, c.want)
		}
	}
}

// TestModelFallsBackToRules reads with a model whose server refuses: the rules
// read instead, and a warning says so.
func TestModelFallsBackToRules(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":{"message":"no such model"}}`, http.StatusBadRequest)
	}))
	defer server.Close()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("note.txt", []byte("Japan claims Shikotan."), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"extract", "load"} {
		f, stdout, stderr := testFactory(0)
		code := run(t.Context(), f, []string{command, "--extractor", "llm", "--llm-url", server.URL, "--llm-model", "m", "note.txt"})
		if code != exitOK || stdout.Len() == 0 || !strings.Contains(stderr.String(), "demarc: warning: llm: note: the fallback reads the document") {
			t.Errorf("%s: exit code %d\n%s\n%s", command, code, stdout, stderr)
		}
	}
}

// stopper ends a context when something is first written to it.
type stopper struct {
	io.Writer
	stop context.CancelFunc
}

func (s stopper) Write(p []byte) (int, error) {
	s.stop()
	return s.Writer.Write(p)
}

// TestInterruptedLoad interrupts loading after the first document and loads
// again: the graph is the one that was never interrupted.
func TestInterruptedLoad(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		text := "Japan claims Shikotan. Spain claims Gibraltar. This is note number " + strconv.Itoa(i) + "."
		if err := os.WriteFile(filepath.Join(dir, "note-"+strconv.Itoa(i)+".txt"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hash := func(db string) string {
		t.Helper()
		f, stdout, stderr := testFactory(0)
		if code := run(t.Context(), f, []string{"stats", "--hash", "--db", db}); code != exitOK {
			t.Fatalf("stats: exit code %d: %s", code, stderr)
		}
		return stdout.String()
	}
	whole, broken := filepath.Join(t.TempDir(), "whole.db"), filepath.Join(t.TempDir(), "broken.db")
	f, _, stderr := testFactory(0)
	if code := run(t.Context(), f, []string{"load", "--jobs", "1", "--db", whole, dir}); code != exitOK {
		t.Fatalf("load: exit code %d: %s", code, stderr)
	}

	ctx, stop := context.WithCancel(t.Context())
	f, stdout, stderr := testFactory(0)
	f.Out = stopper{f.Out, stop}
	if code := run(ctx, f, []string{"load", "--jobs", "3", "--db", broken, dir}); code != exitInterrupted {
		t.Fatalf("interrupted load: exit code %d, want %d: %s", code, exitInterrupted, stderr)
	}
	if n := strings.Count(stdout.String(), "\n"); n == 0 || n > 2 {
		t.Errorf("interrupted load went on:\n%s", stdout)
	}
	if !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("interrupted load reports %q", stderr)
	}
	f, _, stderr = testFactory(0)
	if code := run(t.Context(), f, []string{"load", "--db", broken, dir}); code != exitOK {
		t.Fatalf("second load: exit code %d: %s", code, stderr)
	}
	if a, b := hash(whole), hash(broken); a != b {
		t.Errorf("after an interruption the graph is\n%s\nand not\n%s", b, a)
	}
}

func TestLongCardSaysWhatItLeavesOut(t *testing.T) {
	var card graph.Card
	card.Entity = schema.NewEntity(schema.State, "Japan")
	for i := range mostOnCard + 5 {
		card.Claims = append(card.Claims, schema.Fact{
			Subject: card.Entity, Predicate: schema.Claims, Object: schema.NewEntity(schema.Territory, "Island "+strconv.Itoa(i)),
		})
	}
	for all, want := range map[bool]int{false: mostOnCard, true: mostOnCard + 5} {
		f, stdout, _ := testFactory(80)
		if err := f.printCard(&card, all); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(stdout.String(), "Japan claims Island"); n != want {
			t.Errorf("all %t: %d facts are shown, want %d", all, n, want)
		}
		if strings.Contains(stdout.String(), "and 5 more: --all shows them") == all {
			t.Errorf("all %t: got\n%s", all, stdout)
		}
	}
}

// TestWriteFileIsWholeOrNotThere makes writing fail half-way.
func TestWriteFileIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "graph.nq")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	err := writeFile(path, func(w io.Writer) error {
		io.WriteString(w, "half")
		return failed
	})
	if !errors.Is(err, failed) {
		t.Errorf("got error %v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("the file holds %q", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files are left", len(entries))
	}
	if err := writeFile(path, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("the file holds %q", got)
	}
}
