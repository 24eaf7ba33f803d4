package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal returns both ends of a pseudo-terminal.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	t.Cleanup(func() { person.Close() })
	var n uint32
	err = unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0)
	if err == nil {
		n, err = unix.IoctlGetUint32(int(person.Fd()), unix.TIOCGPTN)
	}
	if err == nil {
		program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// TestConverse types questions on a terminal: with a name completed, with one
// taken from history, with control characters, and the end.
func TestConverse(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("note.txt", []byte("Japan claims Shikotan. Russia administers Shikotan.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	f, _, stderr := testFactory(0)
	if code := run(t.Context(), f, []string{"load", "note.txt"}); code != exitOK {
		t.Fatalf("load: exit code %d: %s", code, stderr)
	}
	person, program := terminal(t)
	f, _, stderr = testFactory(100)
	f.In, f.Out, f.InTTY = program, program, true
	done := make(chan int, 1)
	go func() {
		done <- run(t.Context(), f, []string{"ask"})
		program.Close() // ends the reading below
	}()

	const prompt = "demarc> "
	var screen strings.Builder
	keys := []string{
		"Who claims Shik\t?\r", // completed
		"\x1b[A\r",             // the same again
		"\r",                   // nothing
		"xyz\x01\x0bWho admin\x00isters Shikotan?\r", // back to the beginning, cut the rest; and a control character
		"\x04",
	}
	typed := 0
	buf := make([]byte, 4096)
	for {
		n, err := person.Read(buf)
		screen.Write(buf[:n])
		// Whoever types waits for the prompt: before it the terminal is not raw.
		if typed < len(keys) && strings.Count(screen.String(), prompt) > typed {
			if _, err := person.WriteString(keys[typed]); err != nil {
				t.Fatal(err)
			}
			typed++
		}
		if err != nil { // the other end is closed
			break
		}
	}
	if code := <-done; code != exitOK {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	got := screen.String()
	for want, times := range map[string]int{
		"Shikotan?": 1, "Japan\r\n": 2, "Russia\r\n": 1, "“": 3,
	} {
		if n := strings.Count(got, want); n < times {
			t.Errorf("%q is %d times on the screen, want %d:\n%s", want, n, times, got)
		}
	}
	if !strings.HasSuffix(got, "\r\n") {
		t.Errorf("the shell's prompt would follow demarc's: %q", got[max(0, len(got)-40):])
	}
}
