package source

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
)

// record makes a record of a web archive; more are further lines of its header.
func record(kind, address, contentType, block string, more ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Date: 2022-03-22T09:15:00Z\r\nWARC-Target-URI: %s\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s\r\n\r\n",
		kind, address, contentType, strings.Join(more, ""), len(block), block)
	return b.Bytes()
}

const gookie = "<html><body><p>Freedonia claims Gookie Island, and Sylvania administers it.</p></body></html>"

// answer makes a response record of a page.
func answer(address, header, body string) []byte {
	return record("response", address, "application/http; msgtype=response", "HTTP/1.1 200 OK\r\n"+header+"\r\n"+body)
}

func compressed(t *testing.T, w io.WriteCloser, b *bytes.Buffer, text string) string {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestResponses undoes what servers and crawlers do to a page on its way.
func TestResponses(t *testing.T) {
	var zipped, deflated bytes.Buffer
	gz := compressed(t, gzip.NewWriter(&zipped), &zipped, gookie)
	raw, err := flate.NewWriter(&deflated, 1)
	if err != nil {
		t.Fatal(err)
	}
	df := compressed(t, raw, &deflated, gookie)
	chunks := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(gz), gz)
	const html = "Content-Type: text/html\r\n"
	for name, data := range map[string][]byte{
		"plain":                     answer("https://a.test/", html, gookie),
		"without a type":            answer("https://a.test/", "", gookie),
		"gzip":                      answer("https://a.test/", html+"Content-Encoding: gzip\r\n", gz),
		"deflate":                   answer("https://a.test/", html+"Content-Encoding: deflate\r\n", df),
		"gzip in chunks":            answer("https://a.test/", html+"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunks),
		"encodings undone":          answer("https://a.test/", html+"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", gookie),
		"cut off":                   answer("https://a.test/", html+"Content-Length: 9999\r\n", gookie),
		"HTTP/2":                    record("response", "https://a.test/", "application/http", "HTTP/2 200\r\n"+html+"\r\n"+gookie),
		"a resource":                record("resource", "https://a.test/", "text/html", gookie),
		"with line feeds for lines": record("response", "https://a.test/", "application/http", "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 999\n\n"+gookie),
	} {
		docs, errs := readBytes(data, "a.warc", Options{})
		if len(errs) > 0 || len(docs) != 1 {
			t.Errorf("%s: %d documents and the errors %v", name, len(docs), errs)
			continue
		}
		doc := docs[0]
		if doc.ID != "20220322091500/https://a.test/" || doc.Publisher != "a.test" || doc.Text != "Freedonia claims Gookie Island, and Sylvania administers it." {
			t.Errorf("%s: %q of %q: %q", name, doc.ID, doc.Publisher, doc.Text)
		}
	}
}

// TestBadArchives names the record at fault and goes on with the next where that
// can be found.
func TestBadArchives(t *testing.T) {
	good := answer("https://a.test/good", "Content-Type: text/html\r\n", gookie)
	text := "Freedonia claims Gookie Island."
	twice := record("resource", "https://a.test/good", "text/plain", text)
	for _, test := range []struct {
		name, want string
		kind       Kind
		data       []byte
		documents  int
	}{
		{"two of one address and time", "record 2, https://a.test/good: it has the address and the time of record 1", Duplicate, append(bytes.Clone(good), twice...), 1},
		{"no text", "record 1, https://a.test/: no text in it", Empty, append(answer("https://a.test/", "Content-Type: text/html\r\n", "<p> </p>"), good...), 1},
		{"an unknown compression", `compressed as "br"`, Encoding, append(answer("https://a.test/", "Content-Type: text/html\r\nContent-Encoding: br\r\n", "xyz"), good...), 1},
		{"damaged compression", "the page's compressed data are damaged", Malformed, append(answer("https://a.test/", "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", "\x1f\x8bxyz"), good...), 1},
		{"no response", "it is no response of a web server", Malformed, append(record("response", "https://a.test/", "application/http", "hello"), good...), 1},
		{"a page in pieces", "in pieces", Malformed, append(record("resource", "https://a.test/", "text/plain", text, "WARC-Segment-Number: 1\r\n"), good...), 1},
		{"not UTF-8", "record 1, https://a.test/: byte 1 (0xff) is not valid UTF-8", Encoding, append(record("resource", "https://a.test/", "text/plain", "x\xff\xfe\x81"), good...), 1},
		{"too large", "record 1, https://a.test/: the page is over the limit of 1 MiB", TooLarge, append(record("resource", "https://a.test/", "text/plain", strings.Repeat("x ", 1<<20)), good...), 1},
		{"cut", "record 2, https://a.test/x: the archive ends within the record", Truncated, append(bytes.Clone(good), record("resource", "https://a.test/x", "text/plain", text)[:170]...), 1},
		{"cut in the header", "record 2 has no header that can be read", Malformed, append(bytes.Clone(good), good[:40]...), 1},
		{"no length", "record 1 has no header that can be read", Malformed, bytes.Replace(good, []byte("Content-Length"), []byte("Content-Breadth"), 1), 0},
		{"a header without end", "record 1 has no header that can be read, and what follows is given up: it is over 1 MiB", Malformed, []byte("WARC/1.0\r\nWARC-Type: " + strings.Repeat("x", 3<<20)), 0},
		{"no archive", "it does not begin with a record", Malformed, []byte("hello"), 0},
		{"no page", "no record in it is a page with text", Empty, record("warcinfo", "", "application/warc-fields", "software: none"), 0},
		{"cut compressed", "the compressed data end too early", Truncated, pack(t, append(bytes.Clone(good), good...))[:150], 0},
	} {
		docs, errs := readBytes(test.data, "a.warc", Options{MaxDocument: 1 << 20})
		if len(docs) != test.documents || len(errs) != 1 {
			t.Errorf("%s: %d documents, want %d, and the errors %v, want one", test.name, len(docs), test.documents, errs)
			continue
		}
		e, ok := errs[0].(*Error)
		if !ok || e.Kind != test.kind || !strings.Contains(e.Error(), test.want) || e.Path != "a.warc" {
			t.Errorf("%s: %v, want %q of kind %q", test.name, errs[0], test.want, test.kind)
		}
	}
}

// TestInputs names files that are not on this machine.
func TestInputs(t *testing.T) {
	got := []string{}
	for _, in := range Inputs([]string{"s3://news/2022/a.jsonl.gz", "s3://news/2021/a.jsonl.gz", "gs://news/2021/a.jsonl.gz", "b.warc", "b.warc"}) {
		got = append(got, in.Path+" "+in.ID+" "+string(in.Format))
	}
	want := "s3://news/2022/a.jsonl.gz 2022/a jsonl, s3://news/2021/a.jsonl.gz s3/news/2021/a jsonl, gs://news/2021/a.jsonl.gz gs/news/2021/a jsonl, b.warc b warc"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}
