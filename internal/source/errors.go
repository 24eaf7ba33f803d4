package source

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"
)

// Kind says what is wrong with an input.
type Kind string

// The kinds of errors.
const (
	Empty      Kind = "empty"      // no text
	Binary     Kind = "binary"     // not text at all
	Encoding   Kind = "encoding"   // text, but not of the encoding it should be of
	Truncated  Kind = "truncated"  // it ends too early
	TooLarge   Kind = "too large"  // over Options.MaxDocument
	TooDeep    Kind = "too deep"   // nested deeper than is read
	Loop       Kind = "loop"       // links lead back to where they start
	Permission Kind = "permission" // may not be read
	NotFound   Kind = "not found"  // does not exist
	Malformed  Kind = "malformed"  // against the rules of its format
	Encrypted  Kind = "encrypted"  // needs a password
	Duplicate  Kind = "duplicate"  // an id that another document has
	Unreadable Kind = "unreadable" // the system failed to read it
)

// wayOut says what the user can do about an error of the kind.
var wayOut = map[Kind]string{
	Empty:      "give it text or leave it out",
	Binary:     "convert it to text, or give its format",
	Encoding:   "convert it to UTF-8, or give its encoding",
	Truncated:  "copy or download it again",
	TooLarge:   "split it, or raise the limit",
	TooDeep:    "flatten it",
	Loop:       "remove the link",
	Permission: "allow reading it",
	NotFound:   "check the spelling",
	Malformed:  "repair it, or give its format if it is another",
	Encrypted:  "save it without a password",
	Duplicate:  "give each document an id of its own",
	Unreadable: "check the file and the disk it is on",
}

// Error says why an input, or one line of it, gave no document.
type Error struct {
	Path string // as given, or found under a folder given
	Line int    // from 1; 0 where it is about the whole input
	Kind Kind
	Err  error
}

// Error names the place, the fault and the way out.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	if way := wayOut[e.Kind]; way != "" {
		b.WriteString("; " + way)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// wrong returns an error that its caller puts a path to.
func wrong(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Err: fmt.Errorf(format, args...)}
}

func tooLarge(what string, limit int64) *Error {
	return wrong(TooLarge, "the %s is over the limit of %s", what, size(limit))
}

func tooLong() *Error {
	return wrong(Malformed, "it takes over %v to read", maxTime)
}

func size(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// failure makes err, met while reading path, an [*Error].
func failure(path string, err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		e.Path = path
		return e
	}
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err // the message has the path already
	}
	kind := Unreadable
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, fs.ErrPermission):
		kind = Permission
	case errors.Is(err, fs.ErrNotExist):
		kind = NotFound
	case errors.Is(err, syscall.ELOOP):
		kind = Loop
	case errors.Is(err, io.ErrUnexpectedEOF):
		kind, err = Truncated, fmt.Errorf("the compressed data end too early: %w", err)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		kind, err = Malformed, fmt.Errorf("the compressed data are damaged: %w", err)
	}
	return &Error{Path: path, Kind: kind, Err: err}
}
