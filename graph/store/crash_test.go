package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// Environment of the process that the crash test kills.
const (
	envCrashDir   = "DEMARC_CRASH_DIR"
	envCrashFirst = "DEMARC_CRASH_FIRST"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(envCrashDir); dir != "" {
		crashChild(dir)
		return
	}
	os.Exit(m.Run())
}

// crashChild works on the graph in dir until it is killed. It prints the number
// of each step that is done.
func crashChild(dir string) {
	first, err := strconv.Atoi(os.Getenv(envCrashFirst))
	s, err2 := Open(dir, Options{})
	if err := errors.Join(err, err2); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println("open")
	for i := first; ; i++ {
		if err := step(context.Background(), s, i); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

// step is the i-th step of a life of a graph: documents come, are replaced and
// go, files are imported.
func step(ctx context.Context, s *Store, i int) error {
	r := rand.New(rand.NewPCG(uint64(i), 2))
	label := func(n int) Value { return iri(fmt.Sprintf("d%d", r.IntN(n))) }
	content := func(l Value, n int) []Quad {
		out := mixed(uint64(r.IntN(1000)), n)
		for i := range out {
			out[i].Label = l
		}
		return out
	}
	switch i % 8 {
	case 0, 1, 2, 3:
		l := label(12)
		return s.ReplaceLabel(ctx, l, content(l, 50+r.IntN(300)))
	case 4:
		return s.ReplaceLabel(ctx, label(12), nil)
	case 5, 6:
		_, err := s.Import(ctx, strings.NewReader(nquads(content(iri("import"), 1500))), ImportOptions{Memory: 64 << 10})
		return err
	default:
		l, m := label(12), label(12)
		return s.Commit(ctx, Change{Label: iri("import")}, Change{Label: l, Add: content(l, 100)},
			Change{Label: m, Delete: content(m, 50), Add: content(m, 200)})
	}
}

// model is the same life without crashes.
type model struct {
	t    *testing.T
	s    *Store
	next int // step
}

// at returns the hash of the graph after steps 0 to i.
func (m *model) at(i int) string {
	m.t.Helper()
	for ; m.next <= i; m.next++ {
		if err := step(context.Background(), m.s, m.next); err != nil {
			m.t.Fatal(err)
		}
	}
	h, err := m.s.Hash(context.Background())
	if err != nil {
		m.t.Fatal(err)
	}
	return h
}

// check compares a store that has been opened after a crash with the model: it
// must be sound, and hold all steps up to done, and perhaps the next, which was
// under way. It returns the number of the last step it holds.
func (m *model) check(s *Store, done int) int {
	m.t.Helper()
	assertSound(m.t, s)
	got, err := s.Hash(context.Background())
	if err != nil {
		m.t.Fatal(err)
	}
	if got == m.at(done) {
		return done
	}
	if got != m.at(done+1) {
		m.t.Fatalf("after step %d and a crash the graph has neither the steps up to %d nor those up to %d", done, done, done+1)
	}
	return done + 1
}

// TestKill kills a process that writes, at random moments, again and again, and
// looks at what it leaves behind. DEMARC_CRASH_KILLS says how often.
func TestKill(t *testing.T) {
	kills := 300
	if testing.Short() {
		kills = 15
	}
	RunKills(t, t.TempDir(), kills, 60*time.Millisecond)
}

// RunKills is TestKill on the graph at path, with processes that live at most
// for life once they have opened it.
func RunKills(t *testing.T, path string, kills int, life time.Duration) {
	if v := os.Getenv("DEMARC_CRASH_KILLS"); v != "" {
		var err error
		if kills, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	}
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(uint64(seed), 3))
	m := &model{t: t, s: openTest(t, "")}
	done, unheard := -1, 0
	for range kills {
		last := max(runAndKill(t, path, done+1, time.Duration(r.Int64N(int64(life))), r.IntN(8) == 0), done)
		s, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		// A server may still be at work for the killed process; take our turn.
		if err := s.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		done = m.check(s, last)
		unheard += done - last
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills in %d steps; %d steps had happened unheard", kills, done+1, unheard)
	if done < kills/10 {
		t.Errorf("only %d steps between %d kills: too few were under way", done+1, kills)
	}
}

// runAndKill runs crashChild, kills it some time after it has opened the graph,
// or, if early, after it has started, and returns the last step it has
// reported, -1 if none.
func runAndKill(t *testing.T, dir string, first int, after time.Duration, early bool) int {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envCrashDir+"="+dir, envCrashFirst+"="+strconv.Itoa(first))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() {
		time.Sleep(after)
		if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
	lines := bufio.NewScanner(out)
	last := -1
	if early {
		go kill()
	}
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "open":
			if !early {
				go kill()
			}
		case strings.HasPrefix(line, "error:"):
			t.Error(line)
		default:
			if last, err = strconv.Atoi(line); err != nil {
				t.Error(err)
			}
		}
	}
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err == nil {
		t.Error("the process ended by itself")
	}
	return last
}

// TestPowerLoss is TestKill for a machine that stops: what has not been synced
// is lost, or half of it is.
func TestPowerLoss(t *testing.T) {
	ctx := t.Context()
	losses := 60
	if testing.Short() {
		losses = 15
	}
	r := rand.New(rand.NewPCG(5, 5))
	m := &model{t: t, s: openTest(t, "")}
	fs := vfs.NewCrashableMem()
	done := -1
	for range losses {
		s, err := Open("g", Options{fs: fs})
		if err != nil {
			t.Fatal(err)
		}
		steps := r.IntN(6)
		for range steps {
			if err := step(ctx, s, done+1); err != nil {
				t.Fatal(err)
			}
			done++
		}
		// The last step is under way when the power goes.
		crash := make(chan *vfs.MemFS)
		wait := time.Duration(r.IntN(10_000)) * time.Microsecond
		cfg := vfs.CrashCloneCfg{UnsyncedDataPercent: r.IntN(101), RNG: rand.New(rand.NewPCG(r.Uint64(), 1))}
		go func() {
			time.Sleep(wait)
			crash <- fs.CrashClone(cfg)
		}()
		if err := step(ctx, s, done+1); err != nil {
			t.Fatal(err)
		}
		after := <-crash
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		fs = after
		s, err = Open("g", Options{fs: fs})
		if err != nil {
			t.Fatal(err)
		}
		done = m.check(s, done)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDiskFull lets the disk run full at every moment in turn, without warning.
// The step that meets it fails with ErrNoSpace, and nothing is lost.
func TestDiskFull(t *testing.T) {
	ctx := t.Context()
	moments := 80
	if testing.Short() {
		moments = 20
	}
	m := &model{t: t, s: openTest(t, "")}
	var left atomic.Int64 // writes until the disk is full; negative for never
	full := errorfs.InjectorFunc(func(op errorfs.Op) error {
		if !strings.Contains(op.Path, importPrefix) && !strings.HasSuffix(op.Path, ".log") {
			// A full disk ends Pebble where it begins a log or a manifest.
			// That is what Options.Reserve is for.
			return nil
		}
		switch op.Kind {
		case errorfs.OpFileWrite, errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileFlush:
			if left.Load() >= 0 && left.Add(-1) <= 0 {
				left.Store(0)
				return syscall.ENOSPC
			}
		}
		return nil
	})
	mem := vfs.NewMem()
	left.Store(-1)
	done, met := -1, 0
	for n := range moments {
		s, err := Open("g", Options{fs: errorfs.Wrap(mem, full)})
		if err != nil {
			t.Fatal(err)
		}
		left.Store(int64(n%40 + 1))
		for range 6 {
			if err = step(ctx, s, done+1); err != nil {
				break
			}
			done++
		}
		if err != nil {
			met++
			if !errors.Is(err, ErrNoSpace) {
				t.Errorf("a full disk after %d writes gives %v", n%40, err)
			}
		}
		_ = s.Close() // may fail for the same reason
		left.Store(-1)
		if s, err = Open("g", Options{fs: mem}); err != nil {
			t.Fatal(err)
		}
		done = m.check(s, done)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if met < moments/4 {
		t.Errorf("only %d of %d rounds met a full disk", met, moments)
	}
}

// TestReserve fills a small disk up. The store stops before it is full, and
// goes on when there is room again.
func TestReserve(t *testing.T) {
	ctx := t.Context()
	m := &model{t: t, s: openTest(t, "")}
	disk := &smallDisk{FS: vfs.NewMem(), size: 5 << 19}
	done := -1
	for range 3 {
		s, err := Open("g", Options{fs: disk, Reserve: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		for {
			if err = step(ctx, s, done+1); err != nil {
				break
			}
			if done++; done > 500 {
				t.Fatal("the disk never gets full")
			}
		}
		if !errors.Is(err, ErrNoSpace) {
			t.Errorf("full disk: %v", err)
		}
		if used := disk.used(); used > disk.size {
			t.Errorf("%d bytes on a disk of %d", used, disk.size)
		}
		if done = m.check(s, done); done < 0 {
			t.Fatal("no step fits")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		disk.size += 1 << 19
	}
}

// smallDisk is a file system of limited size.
type smallDisk struct {
	vfs.FS
	size int64
}

func (d *smallDisk) used() (n int64) {
	for _, dir := range []string{"g", "g/" + importPrefix + "1"} {
		names, _ := d.List(dir)
		for _, name := range names {
			if fi, err := d.Stat(dir + "/" + name); err == nil && !fi.IsDir() {
				n += fi.Size()
			}
		}
	}
	return n
}

func (d *smallDisk) GetDiskUsage(string) (vfs.DiskUsage, error) {
	used := uint64(d.used())
	return vfs.DiskUsage{AvailBytes: uint64(d.size) - used, TotalBytes: uint64(d.size), UsedBytes: used}, nil
}
