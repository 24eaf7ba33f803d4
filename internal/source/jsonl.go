package source

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/schema"
)

// maxBadLines is how many lines in a row may be no document before a file is
// given up as not being JSON Lines.
const maxBadLines = 1000

// readJSONL reads one document a line. Source offsets are into the string that
// is the value of "text", as it stands in the file.
func readJSONL(ctx context.Context, r *bufio.Reader, in Input, opts Options, yield func(*schema.Document, error) bool) {
	ids := newSeenIDs()
	var offset int64
	var buf []byte
	bad, documents := 0, 0
	for number := 1; ; number++ {
		if ctx.Err() != nil {
			yield(nil, ctx.Err())
			return
		}
		line, length, err := readLine(r, buf[:0], opts.maxDocument())
		buf = line
		start := offset
		offset += length
		if ctx.Err() != nil {
			yield(nil, ctx.Err())
			return
		}
		if err != nil && err != io.EOF {
			e := failure(in.Path, err)
			e.Line = number
			yield(nil, e)
			return
		}
		if err == io.EOF && length == 0 {
			break
		}
		if number == 1 && bytes.HasPrefix(line, []byte("\ufeff")) {
			line, start = line[3:], start+3
		}
		var doc *schema.Document
		var fault *Error
		switch {
		case int64(len(line)) > opts.maxDocument():
			fault = tooLarge("line", opts.maxDocument())
		case len(bytes.TrimSpace(line)) == 0:
			continue
		default:
			doc, fault = parseLine(line, int(start), in, number, err == io.EOF, &opts)
		}
		if fault == nil {
			if before, clash := ids.clash(doc.ID, bytes.TrimSpace(line), number); clash {
				fault = wrong(Duplicate, "the id %q is that of line %d", doc.ID, before)
			}
		}
		if fault != nil {
			bad++
			fault.Path, fault.Line = in.Path, number
			if !yield(nil, fault) {
				return
			}
			if bad == maxBadLines {
				yield(nil, &Error{Path: in.Path, Line: number, Kind: Malformed,
					Err: fmt.Errorf("%d lines in a row are no documents: it seems not to be JSON Lines", bad)})
				return
			}
			continue
		}
		bad = 0
		documents++
		if !yield(doc, nil) {
			return
		}
	}
	if offset == 0 || documents == 0 && bad == 0 {
		yield(nil, &Error{Path: in.Path, Kind: Empty, Err: errors.New("no line in it holds a document")})
	}
}

// readLine reads to the next line end and returns the line without it, cut off
// where it is over limit, and how many bytes were read. It returns io.EOF with
// the last line if that has no end.
func readLine(r *bufio.Reader, buf []byte, limit int64) (line []byte, length int64, err error) {
	for {
		part, err := r.ReadSlice('\n')
		length += int64(len(part))
		if room := limit + 1 - int64(len(buf)); room > 0 {
			buf = append(buf, part[:min(int64(len(part)), room)]...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case err != nil:
			return buf, length, err
		default:
			if length <= limit+1 {
				buf = bytes.TrimSuffix(buf, []byte("\n"))
			}
			return buf, length, nil
		}
	}
}

func parseLine(line []byte, offset int, in Input, number int, last bool, opts *Options) (*schema.Document, *Error) {
	if !utf8.Valid(line) {
		return nil, notUTF8(line)
	}
	object, err := members(line)
	if err != nil {
		if last && errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, wrong(Truncated, "the line ends in the middle of the object")
		}
		return nil, wrong(Malformed, "the line is not a JSON object: %w", err)
	}
	doc := &schema.Document{Path: in.Path}
	var said meta
	for _, key := range []struct {
		name string
		to   *string
	}{{"id", &doc.ID}, {"title", &said.title}, {"source", &said.publisher}, {"country", &said.country}} {
		if *key.to, err = object.text(key.name); err != nil {
			return nil, wrong(Malformed, "%w", err)
		}
	}
	date, err := object.text("date")
	if err != nil {
		return nil, wrong(Malformed, "%w", err)
	}
	if date != "" {
		var ok bool
		if said.date, ok = parseDate(date); !ok {
			return nil, wrong(Malformed, "the date %q is not understood: want YYYY, YYYY-MM or YYYY-MM-DD", date)
		}
	}
	text, ok := object["text"]
	if !ok || string(text.raw) == "null" {
		return nil, wrong(Malformed, `the object has no "text"`)
	}
	if text.raw[0] != '"' {
		return nil, wrong(Malformed, `"text" is not a string`)
	}
	doc.Text, doc.Runs = unquote(text.raw, offset+text.start)
	found, body := head(doc.Text)
	if strings.TrimSpace(doc.Text[body:]) == "" {
		return nil, wrong(Empty, `"text" is empty`)
	}
	doc.Body = body
	said.fill(found)
	describe(doc, said, opts)
	if doc.ID == "" {
		doc.ID = in.ID + ":" + strconv.Itoa(number)
		if in.ID == "" {
			sum := sha256.Sum256(line)
			doc.ID = "stdin-" + hex.EncodeToString(sum[:4])
		}
	}
	return doc, nil
}

// member is a value of a JSON object as written, and where it starts.
type member struct {
	raw   json.RawMessage
	start int
}

type object map[string]member

// members takes a line apart that holds one JSON object. The package json
// limits how deep it may nest.
func members(line []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	token, err := dec.Token()
	if err != nil {
		return nil, early(err)
	}
	if token != json.Delim('{') {
		return nil, errors.New("it does not begin with {")
	}
	o := object{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, early(err)
		}
		var m member
		if err := dec.Decode(&m.raw); err != nil {
			return nil, early(err)
		}
		m.start = int(dec.InputOffset()) - len(m.raw)
		o[key.(string)] = m // More and Token give nothing but strings here
	}
	if _, err := dec.Token(); err != nil {
		return nil, early(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("more follows after the object")
	}
	return o, nil
}

// early makes the end of a line within an object an unexpected one.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// text returns the string, or number as written, of a key; "" if it has none.
func (o object) text(key string) (string, error) {
	m, ok := o[key]
	if !ok || string(m.raw) == "null" {
		return "", nil
	}
	switch c := m.raw[0]; {
	case c == '"':
		s, _ := unquote(m.raw, 0)
		return strings.TrimSpace(s), nil
	case c == '-' || '0' <= c && c <= '9':
		return string(m.raw), nil
	}
	return "", fmt.Errorf("%q is not a string", key)
}

// unquote decodes a valid JSON string that stands at offset start.
func unquote(raw []byte, start int) (string, []schema.Run) {
	var b builder
	for i, end := 1, len(raw)-1; i < end; {
		if raw[i] != '\\' {
			n := bytes.IndexByte(raw[i:end], '\\')
			if n < 0 {
				n = end - i
			}
			b.verbatim(string(raw[i:i+n]), start+i)
			i += n
			continue
		}
		at := i
		var r rune
		switch c := raw[i+1]; c {
		case 'b':
			r = '\b'
		case 'f':
			r = '\f'
		case 'n':
			r = '\n'
		case 'r':
			r = '\r'
		case 't':
			r = '\t'
		case 'u':
			r = hex4(raw[i+2:])
			i += 4
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if i+8 <= end && raw[i+2] == '\\' && raw[i+3] == 'u' {
					low = hex4(raw[i+4:])
				}
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					i += 6
				}
			}
		default:
			r = rune(c) // a quote, a slash or a backslash
		}
		i += 2
		b.stand(string(r), start+at)
	}
	text, runs := b.build()
	return text, runs
}

func hex4(digits []byte) rune {
	n, err := strconv.ParseUint(string(digits[:4]), 16, 16)
	if err != nil {
		return utf8.RuneError // not in valid JSON
	}
	return rune(n)
}
