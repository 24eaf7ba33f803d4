package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestMCP speaks with "demarc mcp" as an assistant's program does, over the
// standard streams of a process, while another process loads.
func TestMCP(t *testing.T) {
	dir := t.TempDir()
	demarc := func(args ...string) *exec.Cmd {
		cmd := exec.Command("demarc", args...) // testscript puts it into the PATH
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "DEMARC_DB=")
		return cmd
	}
	load := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := demarc("load", name).CombinedOutput(); err != nil {
			t.Fatalf("load: %v\n%s", err, out)
		}
	}
	if out, err := demarc("mcp").CombinedOutput(); err == nil || !strings.Contains(string(out), "there is no graph in demarc.db") {
		t.Errorf("without a graph: %v, %s", err, out)
	}
	load("a.txt", "Japan claims Shikotan.")

	server := demarc("mcp")
	var stderr bytes.Buffer
	server.Stderr = &stderr
	client, err := sdk.NewClient(&sdk.Implementation{Name: "test"}, nil).Connect(t.Context(), &sdk.CommandTransport{Command: server}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if about := client.InitializeResult(); about.ServerInfo.Name != "demarc" || about.Instructions == "" {
		t.Errorf("the server tells of itself %+v", about)
	}
	ask := func(want string) {
		t.Helper()
		result, err := client.CallTool(t.Context(), &sdk.CallToolParams{Name: "ask", Arguments: map[string]any{"question": "Who claims Shikotan?"}})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range result.StructuredContent.(map[string]any)["answers"].([]any) {
			names = append(names, fmt.Sprint(a.(map[string]any)["name"]))
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("the answer is %q, want %q", got, want)
		}
	}
	ask("Japan")
	load("b.txt", "Russia claims Shikotan.")
	ask("Japan, Russia")
	if out, err := demarc("docs", "remove", "a").CombinedOutput(); err != nil {
		t.Fatalf("remove: %v\n%s", err, out)
	}
	ask("Russia")
	if err := client.Close(); err != nil {
		t.Errorf("closing: %v\n%s", err, &stderr)
	}
	if !server.ProcessState.Success() || stderr.Len() > 0 {
		t.Errorf("the server ended with %s and said %q", server.ProcessState, &stderr)
	}
}

// TestMCPInput feeds the server what no client should send: it answers, or ends
// with an error, and writes nothing but the protocol.
func TestMCPInput(t *testing.T) {
	db := filepath.Join(t.TempDir(), "x.db")
	note := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(note, []byte("Japan claims Shikotan."), 0o644); err != nil {
		t.Fatal(err)
	}
	f, _, stderr := testFactory(0)
	if code := run(t.Context(), f, []string{"load", "--db", db, note}); code != exitOK {
		t.Fatalf("load: exit code %d: %s", code, stderr)
	}
	const hello = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}` + "\n" +
		`{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n"
	for name, c := range map[string]struct {
		in   string
		code int
	}{
		"nothing":        {"", exitOK},
		"a greeting":     {hello, exitOK},
		"no JSON":        {hello + "who claims Shikotan?\n", exitError},
		"half a message": {hello + `{"jsonrpc":"2.0","id":2`, exitError},
		"too much":       {hello + `{"jsonrpc":"2.0","id":2,"method":"` + strings.Repeat("x", 5<<20) + "\"}\n", exitError},
		"no method":      {hello + `{"jsonrpc":"2.0","id":2,"method":"frob"}` + "\n", exitOK},
		"no greeting":    {`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ask"}}` + "\n", exitOK},
		"deep":           {hello + `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ask","arguments":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}}\n", exitError},
	} {
		f, stdout, stderr := testFactory(0)
		f.In = strings.NewReader(c.in)
		code := run(t.Context(), f, []string{"mcp", "--db", db})
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s", name, code, c.code, stderr)
		}
		for line := range strings.Lines(stdout.String()) {
			if !strings.HasPrefix(line, `{"jsonrpc":"2.0",`) {
				t.Errorf("%s: standard output has %q", name, line)
			}
		}
	}
}
