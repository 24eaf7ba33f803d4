package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestWatch(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path+".part", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".part", path); err != nil { // whole at once
			t.Fatal(err)
		}
	}
	write("a.txt", "Japan claims Shikotan.")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := watch(ctx, folder, w)
		w.CloseWithError(io.EOF)
		done <- err
	}()
	lines := bufio.NewScanner(out)
	says := func(want ...string) {
		t.Helper()
		for _, line := range want {
			if !lines.Scan() {
				t.Fatalf("it ended and did not say %q: %v", line, <-done)
			}
			if lines.Text() != line {
				t.Errorf("it says %q, want %q", lines.Text(), line)
			}
		}
	}
	says("a: added", "  Japan claims Shikotan")
	write("ignored.tmp", "Spain claims Gibraltar.")
	write("b.txt", "Spain claims Gibraltar.")
	says("b: added", "  Spain claims Gibraltar")
	write("a.txt", "Russia claims Shikotan.")
	says("a: replaced", "  Russia claims Shikotan")
	if err := os.Remove(filepath.Join(folder, "b.txt")); err != nil {
		t.Fatal(err)
	}
	says("b: removed")
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
