package store

import (
	"bufio"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// writing is a process that goes through the steps of a graph's life.
type writing struct {
	t    *testing.T
	cmd  *exec.Cmd
	done atomic.Int64 // the last step that it has reported
	over chan struct{}
}

// startWriting starts crashChild on the graph in dir, and returns when it has
// opened it.
func startWriting(t *testing.T, dir string) *writing {
	t.Helper()
	w := &writing{t: t, cmd: exec.Command(os.Args[0]), over: make(chan struct{})}
	w.done.Store(-1)
	w.cmd.Env = append(os.Environ(), envCrashDir+"="+dir, envCrashFirst+"=0")
	w.cmd.Stderr = os.Stderr
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	opened := make(chan struct{})
	go func() {
		defer close(w.over)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			line := lines.Text()
			if line == "open" {
				close(opened)
				continue
			}
			n, err := strconv.Atoi(line)
			if err != nil {
				t.Error(line)
				continue
			}
			w.done.Store(int64(n))
		}
	}()
	select {
	case <-opened:
	case <-w.over:
		t.Fatal("the writer has ended")
	}
	return w
}

// stop kills the process.
func (w *writing) stop() {
	_ = w.cmd.Process.Kill() // it may be dead
	<-w.over
	_ = w.cmd.Wait()
}

// TestReadWhileWritten reads, verifies and backs up a graph again and again
// while another process writes to it. Each time it must be the graph that it
// was after some step, not before the last that was done when reading began.
func TestReadWhileWritten(t *testing.T) {
	ctx := t.Context()
	const unheard = 16
	rounds := 50
	if testing.Short() {
		rounds = 10
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "graph")
	w := startWriting(t, path)
	m := &model{t: t, s: openTest(t, "")}
	hashes := []string{m.at(-1)} // before all steps, after step 0, after step 1 …
	var seen []string
	for i := range rounds {
		before := int(w.done.Load())
		s, err := Open(path, Options{ReadOnly: true})
		if errors.Is(err, ErrNoGraph) && before < 0 {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		// Steps may have been done that have not been heard of yet.
		after := int(w.done.Load()) + unheard
		hash := func(s *Store) string {
			h, err := s.Hash(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		got := hash(s)
		assertSound(t, s)
		if i%10 == 0 {
			backup, restored := filepath.Join(dir, "backup"), filepath.Join(dir, "restored")
			if err := s.Backup(ctx, backup); err != nil {
				t.Fatal(err)
			}
			if err := Restore(ctx, backup, restored); err != nil {
				t.Fatal(err)
			}
			b := openTest(t, restored)
			assertSound(t, b)
			if h := hash(b); h != got {
				t.Errorf("the backup has the hash %s, what was backed up has %s", h, got)
			}
			if logs, _ := filepath.Glob(filepath.Join(backup, "*.log")); len(logs) != 1 {
				t.Errorf("a backup with the logs %v", logs)
			}
			if err := errors.Join(b.Close(), os.RemoveAll(backup), os.RemoveAll(restored)); err != nil {
				t.Fatal(err)
			}
		}
		if h := hash(s); h != got {
			t.Errorf("the graph has changed under a reader")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for len(hashes) <= after+1 {
			hashes = append(hashes, m.at(len(hashes)-1))
		}
		if !slices.Contains(hashes[before+1:after+2], got) {
			t.Fatalf("read between steps %d and %d, the graph is none of those after them", before, after)
		}
		seen = append(seen, got)
	}
	w.stop()
	if n := len(slices.Compact(seen)); n < rounds/4 {
		t.Errorf("%d rounds have met only %d states", rounds, n)
	}
	t.Logf("%d rounds met %d states in %d steps", rounds, len(slices.Compact(seen)), len(hashes)-1)
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || !slices.Equal(left, []string{path}) {
		t.Errorf("reading leaves %v, %v", left, err)
	}
}

// TestReadingWritesNothing compares the files of a folder before and after.
func TestReadingWritesNothing(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "graph")
	s := openTest(t, path)
	if err := s.Apply(ctx, nil, mixed(1, 2000)); err != nil {
		t.Fatal(err)
	}
	files := func() map[string]string {
		all := map[string]string{}
		entries, err := os.ReadDir(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			fi, err := e.Info()
			if err != nil {
				t.Fatal(err)
			}
			all[e.Name()] = fi.ModTime().String() + strconv.FormatInt(fi.Size(), 10)
		}
		return all
	}
	before := files()
	for range 3 {
		r, err := Open(path, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		assertSound(t, r)
		if err := r.Backup(context.WithoutCancel(ctx), path+"-copy"); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(r.Close(), os.RemoveAll(path+"-copy")); err != nil {
			t.Fatal(err)
		}
	}
	if after := files(); !maps.Equal(before, after) {
		t.Errorf("before %v, after %v", before, after)
	}
}

// logsFS calls back whenever a log is read.
type logsFS struct {
	vfs.FS
	read func(p []byte, off int64)
}

func (fs *logsFS) Open(name string, opts ...vfs.OpenOption) (vfs.File, error) {
	f, err := fs.FS.Open(name, opts...)
	if err == nil && isLog(fs.PathBase(name)) {
		f = &readLog{f, fs.read}
	}
	return f, err
}

type readLog struct {
	vfs.File
	read func(p []byte, off int64)
}

func (f *readLog) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(p, off)
	f.read(p[:n], off)
	return n, err
}

// filled is a graph in memory with some changes in its log, and its hash before
// and after each.
func filled(t *testing.T) (fs *vfs.MemFS, s *Store, hashes []string) {
	t.Helper()
	fs = vfs.NewMem()
	s, err := Open("g", Options{fs: fs})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The first log of a new graph is in an older format of Pebble's, that does
	// not tell a gap from an end.
	if s, err = Open("g", Options{fs: fs}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for i := range 20 {
		h, err := s.Hash(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, h)
		if err := s.Apply(t.Context(), nil, mixed(uint64(i), 30)); err != nil { // all in one log
			t.Fatal(err)
		}
	}
	h, err := s.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return fs, s, append(hashes, h)
}

func hashOf(t *testing.T, opts Options) string {
	t.Helper()
	opts.ReadOnly = true
	s, err := Open("g", opts)
	if err != nil {
		t.Fatal(err)
	}
	assertSound(t, s)
	h, err := s.Hash(t.Context())
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return h
}

// TestLogWithGap reads a log while it grows, so that a page of zeros, read too
// soon and then once more, stands before one that was read when both were written.
func TestLogWithGap(t *testing.T) {
	fs, _, hashes := filled(t)
	const page = 4 << 10
	met := map[string]bool{}
	for gap := int64(2 * page); gap < 30*page; gap += 2 * page {
		zeros := make([]byte, page)
		passes := 0
		h := hashOf(t, Options{fs: &logsFS{fs, func(p []byte, off int64) {
			if off == 0 {
				passes++
			}
			if from := gap - off; passes <= 2 && from < int64(len(p)) && from+page > 0 {
				copy(p[max(from, 0):], zeros[max(-from, 0):])
			}
		}}})
		if !slices.Contains(hashes, h) {
			t.Errorf("with a gap at %d the graph is that of no moment", gap)
		}
		met[h] = true
	}
	if len(met) < 5 {
		t.Errorf("met %d states", len(met))
	}
}

// TestLogWrittenAnew turns the log into tables and writes another over it, while
// it is read.
func TestLogWrittenAnew(t *testing.T) {
	fs, s, hashes := filled(t)
	times := 0
	got := hashOf(t, Options{fs: &logsFS{fs, func(p []byte, off int64) {
		if times++; times > 1 {
			return
		}
		db := s.eng.(*disk).db
		more := mixed(1000, 1000)
		for i := range more {
			more[i].Label = iri("more")
		}
		for range 3 { // so that each log takes the file of one before
			if err := errors.Join(db.Flush(), s.ReplaceLabel(t.Context(), iri("more"), more), s.ReplaceLabel(t.Context(), iri("more"), nil)); err != nil {
				t.Fatal(err)
			}
		}
		clear(p) // the file has other content now
	}}})
	if got != hashes[len(hashes)-1] {
		t.Error("the graph is not what it was")
	}
	if times < 3 {
		t.Errorf("logs were read %d times, want another attempt", times)
	}
}

// TestReaderRecovers reads a graph whose writer was killed: the first reader writes
// what the log holds into tables, so that others need not go through it again,
// unless somebody writes to the graph.
func TestReaderRecovers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "g")
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := s.Apply(t.Context(), nil, mixed(uint64(i), 1000)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := s.Hash(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read := func(dir string) (replayed int) {
		t.Helper()
		r, err := Open(dir, Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		assertSound(t, r)
		if got, err := r.Hash(t.Context()); got != want || err != nil {
			t.Errorf("the graph is not what was written: %v", err)
		}
		return r.eng.(*disk).frozen.replayed()
	}
	if n := read(dir); n < minRecovery {
		t.Errorf("beside a writer %d bytes of log were gone through, want all that it has written", n)
	}
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil { // what it has acknowledged is on disk
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if n := read(killed); n > 0 {
			t.Errorf("%d bytes of log were gone through, want none", n)
		}
	}
	holder, err := lockFolder(killed, true)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		time.Sleep(50 * time.Millisecond)
		_ = holder.release()
	}()
	if s, err = Open(killed, Options{}); err != nil {
		t.Fatalf("a writer does not wait for who recovers: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
