package cli

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// prompt reads lines from a terminal, with history and completion of names.
type prompt struct {
	fd       int
	terminal *term.Terminal
}

// newPrompt returns a prompt on the terminal that f's streams are. It asks for
// names when the user first wants one completed.
func newPrompt(f *Factory, names func() []string) (*prompt, error) {
	in, ok := f.In.(*os.File)
	if !ok {
		return nil, errors.New("standard input is no terminal")
	}
	p := &prompt{int(in.Fd()), term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{f.In, f.Out}, "")}
	names = sync.OnceValue(names)
	p.terminal.AutoCompleteCallback = func(line string, pos int, key rune) (string, int, bool) {
		if key != '\t' {
			return "", 0, false
		}
		done := complete(line[:pos], names())
		return done + line[pos:], len(done), true
	}
	return p, nil
}

// readLine asks for one line. The terminal is in raw mode only meanwhile, so
// that an interrupt reaches demarc while it works.
func (p *prompt) readLine(text string) (line string, err error) {
	old, err := term.MakeRaw(p.fd)
	if err != nil {
		return "", err
	}
	defer func() {
		if e := term.Restore(p.fd, old); e != nil && err == nil {
			err = e
		}
	}()
	if w, h, err := term.GetSize(p.fd); err == nil && w > 0 {
		p.terminal.SetSize(w, h)
	}
	p.terminal.SetPrompt(text)
	return p.terminal.ReadLine()
}

// complete returns text with its last words made into the name that they begin,
// or into what the names that they begin have in common.
func complete(text string, names []string) string {
	for start := range text {
		if start > 0 && text[start-1] != ' ' {
			continue
		}
		begun := text[start:]
		if strings.TrimSpace(begun) == "" {
			break
		}
		common, found := "", false
		for _, name := range names {
			if len(name) < len(begun) || !strings.EqualFold(name[:len(begun)], begun) {
				continue
			}
			if !found {
				common, found = name, true
				continue
			}
			n := 0
			for n < len(common) && n < len(name) && common[n] == name[n] {
				n++
			}
			common = strings.ToValidUTF8(common[:n], "")
		}
		if found && len(common) >= len(begun) {
			return text[:start] + common
		}
	}
	return text
}

// readLines yields the lines of r without their ends.
func readLines(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		sc := bufio.NewScanner(r)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			if !yield(sc.Text(), nil) {
				return
			}
		}
		if err := sc.Err(); err != nil {
			yield("", err)
		}
	}
}
