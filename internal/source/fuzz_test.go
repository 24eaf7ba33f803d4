package source

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// fuzz checks of any input that reading it does not panic, and that what it
// gives is text with a map that leads to the input's bytes.
func fuzz(f *testing.F, format Format, seeds ...string) {
	for _, pattern := range []string{"testdata/good/*." + string(format), "testdata/bad/*." + string(format)} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 20
		docs, _ := readBytes(data, "fuzz", Options{Format: format, MaxDocument: limit})
		for _, doc := range docs {
			if !utf8.ValidString(doc.Text) || doc.ID == "" || len(doc.Text) > limit {
				t.Errorf("id %q, text %q", doc.ID, doc.Text)
			}
			if len(data) > 1 && data[0] == 0x1f && data[1] == 0x8b {
				continue // the map leads into what it decompresses to
			}
			if format == PDF || format == WARC || bytes.HasPrefix(data, []byte("WARC/")) || bytes.HasPrefix(data, []byte("%PDF-")) {
				continue // the map leads to pages, or into them
			}
			checkRuns(t, doc, data, "fuzz")
		}
	})
}

func FuzzText(f *testing.F) {
	fuzz(f, Text, "---\na: 'b''c'\n---\nx", "title x\ndate 2022\n\ny", "Date: Mon, 3 May 1999 10:00:00\nx", "+++\na=\"\\u00\"\n+++\nx", "\xfe\xff\xd8\x3c\xdf\x0d")
}

func FuzzMarkdown(f *testing.F) {
	fuzz(f, Markdown, "- - - a\n\n1. b\n\n\t> c\n", "a\\\r\nb  \r\nc &amp; &x; \\", "|a|b|\n|-|-|\n|`c`|<br>|", "<div>\n&lt;<script>x</script>\n\n[a]: b\n[a]![c](d)", "Setext\n===\n\n\ta\n\tb\n", "~~~\na\n")
}

func FuzzHTML(f *testing.F) {
	fuzz(f, HTML, "<p>a<p>b</i></p>&notit;&#0;&#x110000;&amp", "<table><tr><td>a<table><tr><td>b</table></table>", "<textarea><p>", "<plaintext><p>x", "<title><title>a</title>", "<a><a><a>x</a>", "<li><ul></li>x", "<!--x", "<![CDATA[x]]>", "<pre>\n a\r\n b</pre>", "<?xml version='1.0' encoding=?>x", "<script type=application/ld+json>[[[{}]]]</script>x")
}

func FuzzJSONL(f *testing.F) {
	fuzz(f, JSONL, `{"text":"\ud83c\udf0d\ud800\u0041\\\/"}`, `{"text":"a","text":null}`, `{"text" : "a" , "id" :-1e5 } `, `{"text":"a"}{"text":"b"}`, `{"id":"a","text":"Title: x\n\ny"}`)
}

func FuzzWARC(f *testing.F) {
	page := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n<p>x</p>\r\n0\r\n\r\n"
	fuzz(f, WARC, string(record("response", "https://a.test/", "application/http", page))+
		string(record("conversion", "https://a.test/2", "text/plain", "y")),
		string(record("resource", "", "application/pdf", "%PDF-1.4")), "WARC/1.0\r\nContent-Length: -9\r\nWARC-Date: 2022-03-22T09:15:00Z\r\n\r\n",
		"WARC/1.0\nWARC-Type: resource\nContent-Length: 99999999999\nWARC-Date: 2022-03-22T09:15:00Z\n\nx")
}

func FuzzPDF(f *testing.F) {
	fuzz(f, PDF, string(makePDF(f, "/Title(x)", linesPDF("one", "two-", "three"), "BT /F1 1 Tf [(a) -900 (b)] TJ ET")),
		string(assemblePDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[5 0 R]/Count 1>>",
			"<</Type/Font/Subtype/Type1/Widths[500 600]/FirstChar 32/LastChar 33/Encoding<</Differences[32/A/B]>>>>", "<<>>",
			"<</Type/Page/Resources<</Font<</F1 3 0 R>>/XObject<</X 6 0 R>>>>/Contents[7 0 R]>>",
			"<</Subtype/Form/Matrix[1 0 0 1 5 5]/Length 27>>stream\nBT /F1 9 Tf (inner) Tj ET  \nendstream",
			"<</Length 35>>stream\nq BT /F1 9 Tf (  !) Tj ET Q /X Do   \nendstream")))
}

func FuzzSniffed(f *testing.F) {
	fuzz(f, "", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", `{"text":"x"}`, "<html>x", "%PDF-1.4", "plain")
}
