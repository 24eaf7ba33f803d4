package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// server is the one that a script has running.
type server struct {
	cmd    *exec.Cmd
	url    string
	stderr bytes.Buffer
}

const serverValue = "server" // of a script

// startServer starts a program that serves and waits for the address that it
// prints.
func startServer(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverValue).(*server)
	if neg || len(args) < 1 || s.cmd != nil {
		ts.Fatalf("usage: serving PROGRAM ARGS..., when nothing is being served")
	}
	program := args[0]
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, args[0]); executable(path) {
			program = path
			break
		}
	}
	*s = server{cmd: exec.Command(program, args[1:]...)}
	s.cmd.Dir, s.cmd.Stderr = ts.MkAbs("."), &s.stderr
	for _, name := range []string{"PATH", "HOME", "TERM", "TMPDIR"} {
		s.cmd.Env = append(s.cmd.Env, name+"="+ts.Getenv(name))
	}
	stdout, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	process := s.cmd.Process
	ts.Defer(func() { process.Kill() }) // one that was stopped takes no notice
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		s.cmd.Wait()
		ts.Fatalf("%s printed no address: %v\n%s", args[0], err, &s.stderr)
	}
	s.url = strings.TrimRight(line, "/\n")
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// fetch asks the server that runs and prints the answer's body. A body to send
// is JSON. It fails, or does not with "!", where the status is 400 or more.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverValue).(*server)
	if len(args) < 2 || len(args) > 3 || s.cmd == nil {
		ts.Fatalf("usage: fetch METHOD PATH [BODY], while something is served")
	}
	var body io.Reader
	if len(args) == 3 {
		body = strings.NewReader(args[2])
	}
	r, err := http.NewRequest(args[0], s.url+args[1], body)
	ts.Check(err)
	if args[0] != http.MethodGet {
		r.Header.Set("X-Demarc-Write", "1")
		r.Header.Set("Content-Type", "application/json")
	}
	if token := ts.Getenv("TOKEN"); token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", text)
	if failed := resp.StatusCode >= 400; failed != neg {
		ts.Fatalf("%s %s: %s\n%s", args[0], args[1], resp.Status, text)
	}
}

// stopServer ends the server by SIGTERM; it must exit with a code.
func stopServer(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverValue).(*server)
	if neg || len(args) != 1 || s.cmd == nil {
		ts.Fatalf("usage: stopped CODE, while something is served")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	http.DefaultClient.CloseIdleConnections()
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	s.cmd.Wait() // the code says it
	if got := s.cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("the server exited with %d, want %d\n%s", got, want, &s.stderr)
	}
	s.cmd = nil
}
