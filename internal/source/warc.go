package source

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/richardlehane/webarchive"

	"github.com/demarcgraph/demarc/schema"
)

// maxWARCHeader is the size of the largest header of a record, and of the largest
// head of an HTTP response, that is read.
const maxWARCHeader = 1 << 20

// readWARC reads the pages of a web archive (ISO 28500): what was answered with
// status 200, what was stored without a request, and the texts that crawlers make
// of pages. What is neither HTML nor plain text, Markdown or PDF is passed over.
//
// A damaged page is an error about it alone; where it cannot be told where the
// next record begins, the rest of the archive is given up.
func readWARC(ctx context.Context, r *bufio.Reader, in Input, opts Options, yield func(*schema.Document, error) bool) {
	header := &allowance{r: r, left: maxWARCHeader}
	archive, err := webarchive.NewWARCReader(header)
	if err != nil {
		yield(nil, &Error{Path: in.Path, Kind: Malformed, Err: errors.New("it does not begin with a record of a web archive")})
		return
	}
	ids := newSeenIDs()
	found := false
	for number := 1; ; number++ {
		header.left = maxWARCHeader
		record, err := archive.Next()
		header.left = math.MaxInt64
		if ctx.Err() != nil {
			yield(nil, ctx.Err())
			return
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			e := &Error{Path: in.Path, Kind: Malformed, Err: err}
			if header.err != nil {
				e = failure(in.Path, header.err)
			}
			e.Err = fmt.Errorf("record %d has no header that can be read, and what follows is given up: %w", number, e.Err)
			yield(nil, e)
			return
		}
		doc, fault, err := readRecord(ctx, record.(webarchive.WARCRecord), &opts)
		if err != nil || ctx.Err() != nil {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			e := failure(in.Path, err)
			e.Err = fmt.Errorf("record %d, %s: %w", number, clean(record.URL()), e.Err)
			yield(nil, e)
			return
		}
		if doc == nil && fault == nil {
			continue
		}
		found = true
		if fault == nil {
			doc.Path = in.Path
			if doc.ID == "" {
				doc.ID = fmt.Sprintf("%s:%d", in.ID, number)
			}
			if before, clash := ids.clash(doc.ID, []byte(doc.Hash()), number); clash {
				fault = wrong(Duplicate, "it has the address and the time of record %d", before)
			}
		}
		if fault != nil {
			fault.Path, fault.Line = in.Path, 0
			fault.Err = fmt.Errorf("record %d, %s: %w", number, clean(record.URL()), fault.Err)
			doc = nil
			err = fault
		}
		if !yield(doc, err) {
			return
		}
	}
	if !found {
		yield(nil, &Error{Path: in.Path, Kind: Empty, Err: errors.New("no record in it is a page with text")})
	}
}

// allowance fails once more has been read than is left, and keeps why reading
// failed: the archive's reader does not.
type allowance struct {
	r    io.Reader
	left int64
	err  error
}

func (a *allowance) Read(p []byte) (n int, err error) {
	if a.left <= 0 {
		a.err = wrong(Malformed, "it is over %s", size(maxWARCHeader))
		return 0, a.err
	}
	n, err = a.r.Read(p[:min(int64(len(p)), a.left)])
	a.left -= int64(n)
	if err != nil && err != io.EOF {
		a.err = err
	}
	return n, err
}

// readRecord reads a record to its end. It returns the document that it is, or
// what is wrong with it, or neither where it is none; err is for what makes the
// archive end.
func readRecord(ctx context.Context, record webarchive.WARCRecord, opts *Options) (doc *schema.Document, fault *Error, err error) {
	limit := opts.maxDocument() + maxWARCHeader
	block, err := io.ReadAll(io.LimitReader(record, limit))
	n := int64(len(block))
	if err == nil {
		var rest int64
		rest, err = io.Copy(io.Discard, record)
		n += rest
	}
	if err != nil {
		return nil, nil, err
	}
	if n < record.Size() {
		return nil, nil, wrong(Truncated, "the archive ends within the record")
	}

	var data []byte
	contentType := ""
	switch record.Type() {
	case "response":
		data, contentType, fault = readResponse(block, opts.maxDocument())
	case "resource", "conversion":
		if types := record.Fields()["Content-Type"]; len(types) > 0 {
			contentType = types[0]
		}
		data = block
	}
	if fault != nil {
		return nil, fault, nil
	}
	format, charset := formatOfType(contentType, data)
	switch {
	case format == "":
		return nil, nil, nil
	case len(record.Fields()["WARC-Segment-Number"]) > 0:
		return nil, wrong(Malformed, "the archive has the page in pieces, which are not put together"), nil
	case int64(len(data)) > opts.maxDocument():
		return nil, tooLarge("page", opts.maxDocument()), nil
	}
	as := *opts
	if as.Encoding == "" && !utf8.Valid(data) {
		as.Encoding = charset
	}
	c, err := parse(ctx, data, format, &as)
	if err == nil && strings.TrimSpace(c.text[c.body:]) == "" {
		err = wrong(Empty, "no text in it")
	}
	if err == nil && int64(len(c.text)) > opts.maxDocument() {
		err = tooLarge("text", opts.maxDocument())
	}
	if err != nil {
		return nil, failure("", err), nil
	}
	doc = &schema.Document{Text: c.text, Body: c.body, Runs: c.runs}
	if address := clean(record.URL()); address != "" {
		doc.ID = record.Date().UTC().Format("20060102150405") + "/" + address
	}
	if u, err := url.Parse(record.URL()); err == nil {
		c.meta.fill(meta{publisher: u.Hostname()})
	}
	describe(doc, c.meta, opts)
	return doc, nil, nil
}

// formatOfType tells the format of a page by its content type, or of its bytes
// where that does not say; "" is none that is read. charset is "" where none is
// given that is known.
func formatOfType(contentType string, data []byte) (format Format, charset string) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	if enc, err := lookup(params["charset"]); err == nil && enc != nil {
		charset = params["charset"]
	}
	switch kind {
	case "text/html", "application/xhtml+xml":
		return HTML, charset
	case "text/plain":
		return Text, charset
	case "text/markdown":
		return Markdown, charset
	case "application/pdf":
		return PDF, ""
	case "", "application/octet-stream":
		if f := sniff(data[:min(len(data), peekSize)]); f == HTML || f == PDF {
			return f, charset
		}
	}
	return "", ""
}

// readResponse returns what an HTTP response carries, its encodings undone, and
// its type; nothing where it is no answer with a page.
func readResponse(block []byte, limit int64) (data []byte, contentType string, fault *Error) {
	if rest, ok := bytes.CutPrefix(block, []byte("HTTP/2 ")); ok { // archives may spare its ".0"
		block = append([]byte("HTTP/2.0 "), rest...)
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(block)), nil)
	if err != nil {
		return nil, "", wrong(Malformed, "it is no response of a web server: %w", err)
	}
	contentType = response.Header.Get("Content-Type")
	if response.StatusCode != http.StatusOK {
		return nil, "", nil
	}
	data, err = io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		// Crawlers undo what the header says of transfer, or cut pages off.
		if _, data, _ = bytes.Cut(block, []byte("\r\n\r\n")); data == nil {
			_, data, _ = bytes.Cut(block, []byte("\n\n"))
		}
	}
	for _, coding := range strings.Split(response.Header.Get("Content-Encoding"), ",") {
		var r io.Reader
		switch coding = strings.ToLower(strings.TrimSpace(coding)); {
		case coding == "", coding == "identity", len(data) < 2:
			continue
		case strings.TrimPrefix(coding, "x-") == "gzip":
			if data[0] != 0x1f || data[1] != 0x8b {
				continue // undone, too
			}
			r, err = gzip.NewReader(bytes.NewReader(data))
		case coding == "deflate":
			if r, err = zlib.NewReader(bytes.NewReader(data)); err != nil {
				r, err = flate.NewReader(bytes.NewReader(data)), nil // as some servers have it
			}
		default:
			return nil, "", wrong(Encoding, "the page is compressed as %q, which is not read", coding)
		}
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(r, limit+1))
		}
		if err != nil {
			return nil, "", wrong(Malformed, "the page's compressed data are damaged: %w", err)
		}
	}
	return data, contentType, nil
}
