package source

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/internal/golden"
)

// makePDF returns a PDF file with one page for each content stream, in
// Helvetica, the streams compressed.
func makePDF(t testing.TB, info string, pages ...string) []byte {
	t.Helper()
	var kids strings.Builder
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>", "<<" + info + ">>"}
	for _, page := range pages {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		if _, err := w.Write([]byte(page)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		n := len(objects) + 1
		fmt.Fprintf(&kids, "%d 0 R ", n)
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", n+1),
			fmt.Sprintf("<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream", packed.Len(), packed.String()))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), len(pages))
	return assemblePDF("", objects...)
}

// assemblePDF puts objects, numbered from 1, and a table of them together.
func assemblePDF(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var table strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R/Info 4 0 R%s>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, trailer, start)
	return b.Bytes()
}

// linesPDF is a content stream that shows lines below each other.
func linesPDF(lines ...string) string {
	var b strings.Builder
	b.WriteString("BT /F1 12 Tf 14 TL 72 720 Td\n")
	for _, line := range lines {
		fmt.Fprintf(&b, "(%s) Tj T*\n", strings.NewReplacer("(", `\(`, ")", `\)`).Replace(line))
	}
	return b.String() + "ET"
}

func TestPDFText(t *testing.T) {
	page := linesPDF
	for _, test := range []struct {
		name  string
		pages []string
		want  string
	}{
		{"lines", []string{page("Japan claims", "the islands.")}, "Japan claims\nthe islands."},
		{"paragraphs", []string{page("One.", "", "", "Two.")}, "One.\n\nTwo."},
		{"hyphen", []string{page("the disputed terri-", "tory of Japan")}, "the disputed territory of Japan"},
		{"kept hyphen", []string{page("the Russian-", "held islands")}, "the Russian-held islands"},
		{"hyphen seen elsewhere", []string{page("a cease-fire; the cease-", "fire ended")}, "a cease-fire; the cease-fire ended"},
		{"name seen elsewhere", []string{page("Hokkaido lies near; Hokka-", "ido is old")}, "Hokkaido lies near; Hokkaido is old"},
		{"kerning", []string{"BT /F1 12 Tf 72 720 Td [(Ja) -20 (pan) -600 (claims)] TJ ET"}, "Japan claims"},
		{"quotes", []string{"BT /F1 12 Tf 14 TL 72 720 Td (one) Tj (two) ' 1 0 (three) \" ET"}, "one\ntwo\nthree"},
		{"unbalanced", []string{"Q Q BT /F1 12 Tf 72 720 Td (text) Tj ET Q"}, "text"},
		{"upside down", []string{"BT /F1 12 Tf 1 0 0 1 72 600 Tm (c) Tj 1 0 0 1 72 614 Tm (b) Tj 1 0 0 1 72 628 Tm (a) Tj ET"}, "a\nb\nc"},
		{"pages", []string{page("It was agreed that", "1"), page("islands stay. End.", "2")}, "It was agreed that\nislands stay. End."},
		{"encoding", []string{page("caf\\351 \\223so\\224")}, "café “so”"},
		{"no operands", []string{"Tj TJ Td Tm Tf cm ' \" Do BT /F1 12 Tf 72 720 Td (text) Tj ET"}, "text"},
		{"head", []string{page("Title: On islands", "Date: 3 May 1999", "", "", "Prose.")}, "Title: On islands\nDate: 3 May 1999\n\nProse."},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := only(t, makePDF(t, "", test.pages...), "a.pdf", Options{})
			if doc.Text != test.want {
				t.Errorf("got %q, want %q", doc.Text, test.want)
			}
		})
	}
}

func TestPDFPagesAreSources(t *testing.T) {
	doc := only(t, makePDF(t, "/Title(On islands)/CreationDate(D:20220322101500Z)", linesPDF("First."), linesPDF("Second.")), "a.pdf", Options{})
	if got := doc.SourceOffset(strings.Index(doc.Text, "Second")); got != 2 {
		t.Errorf("Second stands on page %d, want 2", got)
	}
	if doc.Title != "On islands" || doc.Date.String() != "2022-03-22" {
		t.Errorf("got title %q, date %v", doc.Title, doc.Date)
	}
}

func TestPDFHostile(t *testing.T) {
	whole := makePDF(t, "", linesPDF("text"))
	for _, test := range []struct {
		name string
		data []byte
		want Kind
	}{
		{"half", whole[:len(whole)/2], Truncated},
		{"header only", []byte("%PDF-1.4\n"), Truncated},
		{"no PDF", []byte("some text"), Malformed},
		{"no table", []byte("%PDF-1.4\nstartxref\n0\n%%EOF\n"), Malformed},
		{"encrypted", assemblePDF("/Encrypt 4 0 R", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0>>", "<<>>", "<</Filter/Adobe.PubSec>>"), Encrypted},
		{"no text", makePDF(t, "", "0 0 10 10 re f"), Empty},
		{"page tree in a circle", assemblePDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>", "<<>>", "<<>>"), TooDeep},
		{"huge table", []byte(strings.Replace(string(whole), "/Size ", "/Size 99999999", 1)), Malformed},
		{"bomb", makePDF(t, "", strings.Repeat(" ", DefaultMaxDocument+1)), TooLarge},
		{"unknown filter", bytes.Replace(whole, []byte("/FlateDecode"), []byte("/JBIG2Decode"), 1), Malformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantKind(t, test.data, "a.pdf", Options{}, test.want)
		})
	}
}

func TestPDFWithNewHeaderAndBytesAfterItsEnd(t *testing.T) {
	data := makePDF(t, "", linesPDF("text"))
	data = append([]byte("%PDF-2.0"), data[8:]...)
	if doc := only(t, append(data, "\nsome more\n"...), "a.pdf", Options{}); doc.Text != "text" {
		t.Errorf("got %q", doc.Text)
	}
}

// TestPDFFixtures makes the PDF files of testdata. They are not compared with
// what it makes, as compression may change with Go.
func TestPDFFixtures(t *testing.T) {
	if !golden.Update() {
		t.Skip("makes files; run with -update")
	}
	article := makePDF(t, "/Title(On Gookie Island)",
		linesPDF("Gookie Island", "", "Freedonia claims Gookie Island, a terri-", "tory that Sylvania holds. Sylvania-", "held reefs lie around it.", "", "The talks went on until", "1"),
		linesPDF("the summer of 1920.", "2"))
	for name, data := range map[string][]byte{
		"good/article.pdf":  article,
		"bad/truncated.pdf": article[:len(article)/2],
		"bad/no-text.pdf":   makePDF(t, "", "0 0 100 100 re f"),
		"bad/damaged.pdf":   bytes.ReplaceAll(article, []byte(" obj"), []byte(" jbo")),
		"bad/encrypted.pdf": assemblePDF("/Encrypt 5 0 R", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0>>", "<<>>", "<<>>", "<</Filter/Adobe.PubSec>>"),
	} {
		golden.Check(t, filepath.Join("testdata", name), data)
	}
}
