// Package source reads documents from files, folders and streams: plain text,
// Markdown, HTML, PDF, JSON Lines and web archives (WARC), each also compressed
// with gzip.
//
// [Open] gives a stream in which an error is about one input, or one line of
// it, and the documents after it still follow. Each document keeps the map
// from its text back to the bytes it was read from ([schema.Document.Runs]):
// of the file itself, or, for a compressed file, of what it decompresses to.
// A PDF has no such bytes to point at; there Source is the number, from 1, of
// the page, and no run is Verbatim. For a page of a web archive the bytes are those
// of the page as its server meant it, compression and the like undone.
//
// Plain text is kept byte for byte, so that an offset into the text is one
// into the file. Files in another encoding than UTF-8 are decoded.
//
// # Identifiers
//
// A document of a JSON Lines file has the id that its line gives; where it
// gives none, it is the file's name without extension, a colon and the line's
// number. A page of a web archive has the time at which it was read from the web,
// a slash and its address ("20220322091500/https://example.org/news"). Every other file is called by its name without extension. Files that
// would share a name take as many of the folders above them as it needs to
// tell them apart ("2021/report", "2022/report"), read from their absolute
// paths, so that the folder demarc runs in makes no difference; files that
// differ in nothing but the extension keep it. Standard input is called
// "stdin-" and a hash of its bytes.
package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/demarcgraph/demarc/schema"
)

// DefaultMaxDocument is the greatest size, in bytes, of one document as it is
// read, unless [Options.MaxDocument] says otherwise: of a file, of what a
// compressed file holds, of one line of JSON Lines, of one page of a web archive,
// and of the text of any of them. A file of JSON Lines and a web archive may be of
// any size, and so may the images of a PDF file.
const DefaultMaxDocument = 16 << 20

// maxIDs is how many ids are remembered to find those given twice.
const maxIDs = 1 << 20

// maxTime ends the reading of a document of a format, such as PDF, for whose
// parser there are files of any size that keep it busy for ever.
const maxTime = 2 * time.Minute

// Format is a kind of file that demarc reads.
type Format string

// The formats.
const (
	Text     Format = "txt"
	Markdown Format = "md"
	HTML     Format = "html"
	PDF      Format = "pdf"
	JSONL    Format = "jsonl"
	WARC     Format = "warc"
)

// Formats lists the formats in the order documentation gives them.
func Formats() []Format { return []Format{Text, Markdown, HTML, PDF, JSONL, WARC} }

// ParseFormat returns the format of the given name, which may be an extension
// with its dot. The empty string is the empty format: found out by name and
// content.
func ParseFormat(name string) (Format, error) {
	if name == "" {
		return "", nil
	}
	if f := formatOf("x." + strings.TrimPrefix(name, ".")); f != "" {
		return f, nil
	}
	return "", fmt.Errorf("source: no format %q: want one of %v", name, Formats())
}

// formatOf returns the format that a file's name says, ignoring ".gz".
func formatOf(name string) Format {
	switch strings.ToLower(filepath.Ext(trimGzip(name))) {
	case ".txt", ".text":
		return Text
	case ".md", ".markdown":
		return Markdown
	case ".html", ".htm", ".xhtml":
		return HTML
	case ".pdf":
		return PDF
	case ".jsonl", ".ndjson":
		return JSONL
	case ".warc", ".wet": // the latter of Common Crawl: texts made of pages
		return WARC
	}
	return ""
}

func trimGzip(name string) string {
	if ext := filepath.Ext(name); strings.EqualFold(ext, ".gz") {
		return name[:len(name)-len(ext)]
	}
	return name
}

// Options say how inputs are read. The zero value reads by file name and
// content and takes what the documents say of themselves.
type Options struct {
	Format   Format // of every input; "" finds it out for each
	Encoding string // of every input that is text, a name such as "windows-1252"; "" detects it

	// What is said of every document whatever it says itself; empty says nothing.
	Title     string
	Date      schema.Date
	Publisher string
	Country   string

	MaxDocument int64     // in bytes; 0 is [DefaultMaxDocument]
	Stdin       io.Reader // what "-" reads; nil is os.Stdin

	// Progress, if set, is called with the number of bytes newly read of an
	// input, as they are stored. It adds up to the sizes that [List] gives.
	Progress func(n int64)

	// Known, if set, tells which file the document of an id was read from
	// before, so that files keep their ids when others come in beside them,
	// and a new file does not take the id of another.
	Known func(id string) (path string, ok bool)
}

func (o *Options) maxDocument() int64 {
	if o.MaxDocument > 0 {
		return o.MaxDocument
	}
	return DefaultMaxDocument
}

// Open reads the documents of the files, folders and patterns in paths, "-"
// being standard input, one at a time, in the order of [List]. An error about
// an input is an [*Error], and the stream goes on after it; any other error
// ends the stream.
func Open(ctx context.Context, paths []string, opts Options) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		inputs, err := List(ctx, paths, opts)
		if err != nil {
			yield(nil, err)
			return
		}
		for doc, err := range ReadInputs(ctx, inputs, opts) {
			if !yield(doc, err) {
				return
			}
		}
	}
}

// ReadInputs reads the documents of inputs that [List] gave, as [Open] does. A
// document with the id of an earlier, different one is an error of kind
// [Duplicate]; of the same one, it comes again.
func ReadInputs(ctx context.Context, inputs []Input, opts Options) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		ids := newSeenIDs()
		for i, in := range inputs {
			for doc, err := range in.Documents(ctx, opts) {
				if err == nil {
					if before, clash := ids.clash(doc.ID, []byte(doc.Hash()), i); clash {
						doc, err = nil, &Error{Path: in.Path, Kind: Duplicate,
							Err: fmt.Errorf("the id %q is that of a document of %s", doc.ID, inputs[before].Path)}
					}
				}
				if !yield(doc, err) {
					return
				}
			}
			if ctx.Err() != nil { // Documents has said so
				return
			}
		}
	}
}

// seenIDs remembers which ids were given, to find those that are given to two
// documents.
type seenIDs struct {
	seed maphash.Seed
	seen map[uint64]given
}

// given says where an id was given first, and a hash of what has it.
type given struct {
	place   int
	content uint64
}

func newSeenIDs() *seenIDs { return &seenIDs{maphash.MakeSeed(), map[uint64]given{}} }

// clash reports whether the id was given before, at the place before, to
// something else.
func (s *seenIDs) clash(id string, content []byte, place int) (before int, clash bool) {
	key, hash := maphash.String(s.seed, id), maphash.Bytes(s.seed, content)
	first, ok := s.seen[key]
	if !ok && len(s.seen) < maxIDs {
		s.seen[key] = given{place, hash}
	}
	return first.place, ok && first.content != hash
}

// Documents reads the documents of one input. Errors are as in [Open], but
// only ids of the same file are compared.
func (in Input) Documents(ctx context.Context, opts Options) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(nil, err)
			return
		}
		if in.Err != nil {
			yield(nil, in.Err)
			return
		}
		if in.Path == Stdin {
			r := opts.Stdin
			if r == nil {
				r = os.Stdin
			}
			read(ctx, r, in, opts, yield)
			return
		}
		f, err := open(in.Path)
		if err != nil {
			yield(nil, failure(in.Path, err))
			return
		}
		defer f.Close() // only read from: closing loses nothing
		read(ctx, f, in, opts, yield)
	}
}

// open opens a file for reading. A pipe is not waited for: nobody might ever write
// to it, and what comes after it would not be read.
func open(path string) (*os.File, error) {
	flag := os.O_RDONLY
	if info, err := os.Stat(path); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		flag |= syscall.O_NONBLOCK
	}
	return os.OpenFile(path, flag, 0)
}

// empty says what an input is that has no bytes.
func empty(r io.Reader) error {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeNamedPipe != 0 && f != os.Stdin {
			return errors.New("it is a pipe that nobody has written to: start the writer first, or pipe it into -")
		}
	}
	return errors.New("the file is empty")
}

// Read reads the documents of an input whose bytes r gives, wherever they are
// kept. Errors are as in [Input.Documents].
func (in Input) Read(ctx context.Context, r io.Reader, opts Options) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) { read(ctx, r, in, opts, yield) }
}

// Read reads the documents of r. The name stands for its path: it says the
// format, unless the options do, and gives the id. The name "-" is for a
// stream without one.
func Read(ctx context.Context, r io.Reader, name string, opts Options) iter.Seq2[*schema.Document, error] {
	return func(yield func(*schema.Document, error) bool) {
		in := Input{Path: name, Format: formatOf(name), Size: -1}
		if name != Stdin {
			in.ID = stem(filepath.Base(name))
		}
		read(ctx, r, in, opts, yield)
	}
}

// content is what a reader of one format makes of a document.
type content struct {
	text string
	runs []schema.Run
	body int
	meta meta
}

// meta is what a document says of itself.
type meta struct {
	title, publisher, country string
	date                      schema.Date
}

// fill takes from m what is not known yet.
func (m *meta) fill(other meta) {
	if m.title == "" {
		m.title = other.title
	}
	if m.publisher == "" {
		m.publisher = other.publisher
	}
	if m.country == "" {
		m.country = other.country
	}
	if m.date.IsZero() {
		m.date = other.date
	}
}

// peekSize is how much of an input is looked at to find out what it is.
const peekSize = 4 << 10

func read(ctx context.Context, r io.Reader, in Input, opts Options, yield func(*schema.Document, error) bool) {
	stream := &stream{ctx: ctx, r: r, report: opts.Progress}
	br := bufio.NewReaderSize(stream, 64<<10)
	packed := false
	if magic, _ := br.Peek(2); string(magic) == "\x1f\x8b" {
		gz, err := gzip.NewReader(br)
		if err != nil {
			yield(nil, failure(in.Path, err))
			return
		}
		br, packed = bufio.NewReaderSize(gz, 64<<10), true
	}
	head, err := peek(br)
	if len(head) == 0 && err != nil && err != io.EOF {
		if ctx.Err() != nil {
			err = ctx.Err()
		} else {
			err = failure(in.Path, err)
		}
		yield(nil, err)
		return
	}
	if len(head) == 0 {
		yield(nil, &Error{Path: in.Path, Kind: Empty, Err: empty(r)})
		return
	}
	format := opts.Format
	if format == "" {
		format = in.Format
	}
	if format == "" {
		format = sniff(head)
	}
	switch format {
	case JSONL:
		readJSONL(ctx, br, in, opts, yield)
		return
	case WARC:
		readWARC(ctx, br, in, opts, yield)
		return
	}

	doc := &schema.Document{ID: in.ID, Path: in.Path}
	var c content
	if f, ok := r.(*os.File); ok && format == PDF && !packed && in.Size > 0 {
		c, err = readPDF(ctx, f, in.Size, opts.maxDocument())
		if opts.Progress != nil {
			opts.Progress(max(0, in.Size-stream.n)) // the rest was not read in order
		}
	} else {
		var data []byte
		if data, err = readAll(br, opts.maxDocument()); err == nil {
			if doc.ID == "" {
				sum := sha256.Sum256(data)
				doc.ID = "stdin-" + hex.EncodeToString(sum[:4])
			}
			c, err = parse(ctx, data, format, &opts)
		}
	}
	if ctx.Err() != nil {
		yield(nil, ctx.Err())
		return
	}
	if err == nil && strings.TrimSpace(c.text[c.body:]) == "" {
		err = wrong(Empty, "no text in it")
	}
	if err == nil && int64(len(c.text)) > opts.maxDocument() {
		err = tooLarge("text", opts.maxDocument())
	}
	if err != nil {
		yield(nil, failure(in.Path, err))
		return
	}
	doc.Text, doc.Body, doc.Runs = c.text, c.body, c.runs
	describe(doc, c.meta, &opts)
	yield(doc, nil)
}

// peek returns the beginning of an input, enough to tell what it is: as much as
// there is, of a stream that comes little by little no more than its first line.
func peek(br *bufio.Reader) (head []byte, err error) {
	for n := 1; ; n = min(br.Buffered()+1, peekSize) {
		if _, err = br.Peek(n); err == nil {
			head, err = br.Peek(min(br.Buffered(), peekSize))
		} else {
			head, _ = br.Peek(br.Buffered())
		}
		if err != nil || len(head) == peekSize || bytes.ContainsRune(bytes.TrimLeftFunc(head, unicode.IsSpace), '\n') {
			return head, err
		}
	}
}

// parse reads a document that is one whole file.
func parse(ctx context.Context, data []byte, format Format, opts *Options) (content, error) {
	switch format {
	case PDF:
		return readPDF(ctx, bytes.NewReader(data), int64(len(data)), opts.maxDocument())
	case HTML:
		return readHTML(data, opts.Encoding)
	case Markdown:
		return readMarkdown(ctx, data, opts.Encoding)
	default:
		return readText(data, opts.Encoding)
	}
}

// describe sets what is known of a document: what the options say, else what
// it says itself.
func describe(doc *schema.Document, m meta, opts *Options) {
	given := meta{title: opts.Title, publisher: opts.Publisher, country: opts.Country, date: opts.Date}
	given.fill(m)
	doc.Title, doc.Publisher, doc.Country, doc.Date = given.title, given.publisher, given.country, given.date
}

// readAll reads r to its end, at most limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, tooLarge("document", limit)
	}
	return slices.Clip(data), nil
}

// sniff tells the format of an input that no name gives.
func sniff(head []byte) Format {
	if bytes.HasPrefix(head, []byte("%PDF-")) {
		return PDF
	}
	if bytes.HasPrefix(head, []byte("WARC/")) {
		return WARC
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	if line, _, _ := bytes.Cut(text, []byte("\n")); bytes.HasPrefix(line, []byte("{")) && bytes.Contains(line, []byte(`"text"`)) {
		return JSONL
	}
	start := bytes.ToLower(text[:min(len(text), 512)])
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<?xml", "<article", "<meta", "<title"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return HTML
		}
	}
	return Text
}

// stream counts what is read and ends when its context does.
type stream struct {
	ctx    context.Context
	r      io.Reader
	n      int64
	report func(int64) // may be nil
}

func (s *stream) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	if s.report != nil {
		s.report(int64(n))
	}
	return n, err
}
