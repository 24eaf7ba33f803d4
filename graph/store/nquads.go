package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
)

// SyntaxError is a line that is not N-Quads.
type SyntaxError struct {
	Line int // from 1
	Msg  string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// maxLine is the longest line of N-Quads that is read, in bytes. A literal may
// be a whole document.
const maxLine = 64 << 20

// quadLine is one line of N-Quads: its terms as the dictionary has them.
type quadLine struct {
	blank string // goes in front of the labels of blank nodes
	buf   []byte
	end   [4]int // where each term ends in buf; as its start if it is missing
}

// term returns one of the terms, empty if it is missing.
func (l *quadLine) term(i int) []byte {
	if i == 0 {
		return l.buf[:l.end[0]]
	}
	return l.buf[l.end[i-1]:l.end[i]]
}

// parse reads a line without its newline. ok is false if there is no quad on
// it. IRIs need not be absolute: much of what is called N-Quads has others.
func (l *quadLine) parse(s []byte) (ok bool, err error) {
	l.buf = l.buf[:0]
	s = skipSpace(s)
	if len(s) == 0 || s[0] == '#' {
		return false, nil
	}
	for i := range l.end {
		if i == dirG && len(s) > 0 && s[0] == '.' {
			l.end[i] = len(l.buf)
			break
		}
		if s, err = l.parseTerm(s, i); err != nil {
			return false, err
		}
		l.end[i] = len(l.buf)
		s = skipSpace(s)
	}
	if len(s) == 0 || s[0] != '.' {
		return false, fmt.Errorf("want a full stop at the end, have %s", excerpt(s))
	}
	if s = skipSpace(s[1:]); len(s) > 0 && s[0] != '#' {
		return false, fmt.Errorf("want the end of the line after the full stop, have %s", excerpt(s))
	}
	return true, nil
}

func skipSpace(s []byte) []byte {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t' || s[0] == '\r') {
		s = s[1:]
	}
	return s
}

func excerpt(s []byte) string {
	if len(s) == 0 {
		return "nothing"
	}
	return strconv.Quote(string(s[:min(len(s), 24)]))
}

var termNames = [4]string{"subject", "predicate", "object", "label"}

// parseTerm appends the term at the start of s, which is the i-th of its quad,
// to l.buf and returns what follows it.
func (l *quadLine) parseTerm(s []byte, i int) ([]byte, error) {
	switch {
	case len(s) == 0:
	case s[0] == '<':
		l.buf = append(l.buf, kindIRI)
		return l.parseIRI(s)
	case s[0] == '_' && i != dirP:
		n := 2
		for n < len(s) && s[n] != ' ' && s[n] != '\t' && s[n] != '<' && s[n] != '"' {
			n++
		}
		for n > 2 && s[n-1] == '.' {
			n-- // a label has no full stop at its end: this is the statement's
		}
		if n <= 2 || s[1] != ':' {
			return nil, fmt.Errorf("%s: %s is no blank node", termNames[i], excerpt(s))
		}
		l.buf = append(append(append(l.buf, kindBNode), l.blank...), s[2:n]...)
		return s[n:], nil
	case s[0] == '"' && i == dirO:
		return l.parseLiteral(s)
	}
	return nil, fmt.Errorf("want a %s, have %s", termNames[i], excerpt(s))
}

// parseIRI appends the IRI in angle brackets at the start of s.
func (l *quadLine) parseIRI(s []byte) ([]byte, error) {
	n := bytes.IndexByte(s, '>')
	if n < 0 {
		return nil, fmt.Errorf("IRI %s has no end", excerpt(s))
	}
	if n == 1 {
		return nil, errors.New("an IRI is empty")
	}
	iri := s[1:n]
	for _, c := range iri {
		if c <= ' ' || c == '<' || c == '"' {
			return nil, fmt.Errorf("IRI %s has a character that must be escaped: %q", excerpt(s), c)
		}
	}
	if bytes.IndexByte(iri, '\\') < 0 {
		l.buf = append(l.buf, iri...)
		return s[n+1:], nil
	}
	return s[n+1:], l.unescape(iri)
}

// parseLiteral appends the literal at the start of s.
func (l *quadLine) parseLiteral(s []byte) ([]byte, error) {
	n, escaped := 1, false
	for ; n < len(s) && s[n] != '"'; n++ {
		if s[n] == '\\' {
			escaped = true
			n++
		}
	}
	if n >= len(s) {
		return nil, fmt.Errorf("literal %s has no end", excerpt(s))
	}
	text, s := s[1:n], s[n+1:]
	switch {
	case len(s) > 0 && s[0] == '@':
		n := 1
		for n < len(s) && (s[n] == '-' || '0' <= s[n] && s[n] <= '9' || 'a' <= s[n]|0x20 && s[n]|0x20 <= 'z') {
			n++
		}
		if n == 1 {
			return nil, fmt.Errorf("want a language tag, have %s", excerpt(s))
		}
		l.buf = appendTagged(l.buf, kindLang, string(s[1:n]), "")
		return s[n:], l.text(text, escaped)
	case len(s) > 2 && s[0] == '^' && s[1] == '^' && s[2] == '<':
		start := len(l.buf)
		rest, err := l.parseIRI(s[2:])
		if err != nil {
			return nil, err
		}
		typ := IRI(l.buf[start:])
		l.buf = l.buf[:start]
		if err := l.text(text, escaped); err != nil {
			return nil, err
		}
		v := TypedString{Type: typ, Value: String(l.buf[start:])}
		l.buf, err = appendTerm(l.buf[:start], v)
		return rest, err
	}
	l.buf = append(l.buf, kindString)
	return s, l.text(text, escaped)
}

func (l *quadLine) text(s []byte, escaped bool) error {
	if !escaped {
		l.buf = append(l.buf, s...)
		return nil
	}
	return l.unescape(s)
}

var escapes = [256]byte{'t': '\t', 'b': '\b', 'n': '\n', 'r': '\r', 'f': '\f', '"': '"', '\'': '\'', '\\': '\\'}

// unescape appends s with its escapes resolved.
func (l *quadLine) unescape(s []byte) error {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			l.buf = append(l.buf, s[i])
			continue
		}
		if i++; i == len(s) {
			return errors.New(`a backslash at the end`)
		}
		digits := 0
		switch s[i] {
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		default:
			c := escapes[s[i]]
			if c == 0 {
				return fmt.Errorf(`unknown escape \%c`, s[i])
			}
			l.buf = append(l.buf, c)
			continue
		}
		if len(s) < i+1+digits {
			return fmt.Errorf(`escape \%s is too short`, s[i:])
		}
		r, err := strconv.ParseUint(string(s[i+1:i+1+digits]), 16, 32)
		if err != nil || !utf8.ValidRune(rune(r)) {
			return fmt.Errorf(`escape \%s is no character`, s[i:i+1+digits])
		}
		l.buf = utf8.AppendRune(l.buf, rune(r))
		i += digits
	}
	return nil
}

// Decompress returns what r holds, unpacked where it is gzip.
func Decompress(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	if head, err := b.Peek(2); err != nil || head[0] != 0x1f || head[1] != 0x8b {
		return b, nil // what is wrong with r will show when it is read
	}
	return gzip.NewReader(b)
}

// ReadNQuads yields the quads of N-Quads or N-Triples, gzipped or not. After
// an error, a *[SyntaxError] if the text is at fault, the sequence ends.
func ReadNQuads(r io.Reader) iter.Seq2[Quad, error] { return readNQuads(r, "") }

// readNQuads is ReadNQuads with a prefix for the labels of blank nodes.
func readNQuads(r io.Reader, blank string) iter.Seq2[Quad, error] {
	return func(yield func(Quad, error) bool) {
		r, err := Decompress(r)
		if err != nil {
			yield(Quad{}, err)
			return
		}
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxLine)
		l := quadLine{blank: blank}
		for n := 1; lines.Scan(); n++ {
			ok, err := l.parse(lines.Bytes())
			if err != nil {
				yield(Quad{}, &SyntaxError{n, err.Error()})
				return
			}
			if !ok {
				continue
			}
			q, err := l.quad()
			if !yield(q, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Quad{}, err)
		}
	}
}

func (l *quadLine) quad() (q Quad, err error) {
	for i, v := range [...]*Value{&q.Subject, &q.Predicate, &q.Object, &q.Label} {
		if enc := l.term(i); len(enc) > 0 {
			if *v, err = decodeTerm(enc); err != nil {
				return q, err
			}
		}
	}
	return q, nil
}
