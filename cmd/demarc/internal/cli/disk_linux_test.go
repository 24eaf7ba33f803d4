package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk loads onto a small disk that is full for a while: what does not
// fit is reported, what was loaded before stays, and once there is space again
// loading goes on.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("needs the right to mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	docs := t.TempDir()
	for name, text := range map[string]string{
		"first.txt": "Japan claims Shikotan.", "second.txt": "Spain claims Gibraltar.", "third.txt": "Argentina claims the Falkland Islands.",
	} {
		if err := os.WriteFile(filepath.Join(docs, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	db := filepath.Join(disk, "g.db")
	demarc := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		f, out, errs := testFactory(0)
		if code := run(t.Context(), f, append(args, "--db", db)); code != want {
			t.Fatalf("%v: exit code %d, want %d\n%s%s", args, code, want, out, errs)
		}
		return out.String(), errs.String()
	}
	demarc(exitOK, "load", filepath.Join(docs, "first.txt"))
	before, _ := demarc(exitOK, "stats", "--hash")

	filler := filepath.Join(disk, "filler")
	fill(t, filler)
	if _, stderr := demarc(exitSomeFailed, "load", docs); !strings.Contains(stderr, "no space left on the disk") {
		t.Errorf("on a full disk, load reports\n%s", stderr)
	}
	if after, _ := demarc(exitOK, "stats", "--hash"); after != before {
		t.Errorf("the graph was\n%s\nand is\n%s", before, after)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if stdout, _ := demarc(exitOK, "load", docs); strings.Count(stdout, "added") != 2 || !strings.Contains(stdout, "first\tunchanged") {
		t.Errorf("with space again, load prints\n%s", stdout)
	}
}

// fill writes a file until the disk is full, but for a little room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 64<<10)
	for {
		if _, err := f.Write(block); err == nil {
			continue
		}
		size, err := f.Seek(0, io.SeekEnd)
		if err == nil {
			err = f.Truncate(size - 2<<20)
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
}
