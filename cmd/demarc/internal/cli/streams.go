package cli

import (
	"bufio"
	"io"
	"os"

	"golang.org/x/term"
)

// Streams are what a command reads and writes. Commands use nothing else of
// the process, so that tests can look at what they print.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer

	InTTY, OutTTY, ErrTTY bool // whether each is a terminal
	Color                 bool // whether Out may be coloured
	Width                 int  // of the terminal, in columns

	flush func() error
}

// defaultWidth is the width of a terminal that does not tell.
const defaultWidth = 80

// systemStreams returns the process's own streams. What goes into a pipe or a
// file is buffered until Flush.
func systemStreams() *Streams {
	s := &Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Width: defaultWidth,
		InTTY:  term.IsTerminal(int(os.Stdin.Fd())),
		OutTTY: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTTY: term.IsTerminal(int(os.Stderr.Fd())),
	}
	if !s.OutTTY {
		w := bufio.NewWriterSize(os.Stdout, 64<<10)
		s.Out, s.flush = w, w.Flush
		return s
	}
	s.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && w > 0 {
		s.Width = w
	}
	return s
}

// Flush hands on what is buffered, and reports the first failed write since
// the streams were made.
func (s *Streams) Flush() error {
	if s.flush == nil {
		return nil
	}
	return s.flush()
}

// The ways in which text stands out on a terminal.
const (
	bold    = "1"
	dim     = "2"
	marked  = "4" // underlined
	heading = "1;36"

	reset = "\x1b[0m"
)

// paint returns text in a style, or as it is where there is no colour.
func (s *Streams) paint(style, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + reset
}
