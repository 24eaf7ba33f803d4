package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// Document is what demarc reads: a text and what is known about it. Readers of
// file formats produce it; whoever has text at hand fills ID and Text.
//
// Text is UTF-8 and is never changed after reading: every offset in demarc is
// a byte offset into it.
type Document struct {
	ID        string // unique within a graph
	Title     string
	Date      Date   // of publication; relative dates are read against it
	Publisher string // where it was published
	Country   string // the state whose entry it is: the unnamed subject of its clauses
	Path      string // the file it was read from, as given; "" if none
	Text      string
	Body      int // Text[:Body] is metadata such as front matter or a date line, not prose

	// Runs maps Text back to the bytes of the file it was read from, in
	// ascending order of Text. It is empty where text and file are the same.
	Runs []Run
}

// Run says that the bytes of a document's text from Start on, up to the next
// run's Start, come from its file's bytes from Source on. Where Verbatim is
// true they are those very bytes; otherwise the whole run stands for the one
// place Source (a decoded character reference, a space in place of a tag).
type Run struct {
	Start, Source int
	Verbatim      bool
}

// SourceOffset returns the offset, in the file the document was read from, of
// the byte that offset in Text stands for. Offset len(Text) is allowed.
func (d *Document) SourceOffset(offset int) int {
	i := sort.Search(len(d.Runs), func(i int) bool { return d.Runs[i].Start > offset }) - 1
	if i < 0 {
		return offset
	}
	if r := d.Runs[i]; r.Verbatim {
		return r.Source + offset - r.Start
	}
	return d.Runs[i].Source
}

// Line returns the number, from 1, of the line of Text that offset is on.
func (d *Document) Line(offset int) int {
	return 1 + strings.Count(d.Text[:min(offset, len(d.Text))], "\n")
}

// Hash identifies the document's content and metadata, but neither its path
// nor where its bytes stood in a file. It is the hexadecimal SHA-256.
func (d *Document) Hash() string {
	h := sha256.New()
	for _, s := range []string{d.ID, d.Title, d.Date.String(), d.Publisher, d.Country, d.Text} {
		fmt.Fprintf(h, "%d:", len(s))
		io.WriteString(h, s) // a hash's Write never fails
	}
	fmt.Fprintf(h, "%d", d.Body)
	return hex.EncodeToString(h.Sum(nil))
}

// Quote returns the evidence for the bytes [start, end) of the document's
// text. It panics where they are out of range.
func (d *Document) Quote(start, end int) Evidence {
	return Evidence{Doc: d.ID, Start: start, End: end, Text: d.Text[start:end], Line: d.Line(start)}
}

// Evidence is a passage of a document that proves something: for the document
// doc that it is drawn from, doc.Text[ev.Start:ev.End] == ev.Text.
type Evidence struct {
	Doc   string `json:"doc"`
	Start int    `json:"start"` // byte offset into the document's text
	End   int    `json:"end"`
	Text  string `json:"text"`
	Line  int    `json:"line"` // of the text, from 1
}

// SortEvidence orders evidence by document and place and drops repetitions.
func SortEvidence(evs []Evidence) []Evidence {
	slices.SortFunc(evs, compareEvidence)
	return slices.Compact(evs)
}

func compareEvidence(a, b Evidence) int {
	if c := strings.Compare(a.Doc, b.Doc); c != 0 {
		return c
	}
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return a.End - b.End
}

// DocumentInfo is what a graph knows of a document it holds, without the text.
type DocumentInfo struct {
	ID        string `json:"id"`
	Title     string `json:"title,omitempty"`
	Date      Date   `json:"date,omitzero"`
	Publisher string `json:"publisher,omitempty"`
	Country   string `json:"country,omitempty"`
	Path      string `json:"path,omitempty"`
	Hash      string `json:"hash"`  // see [Document.Hash]
	Facts     int    `json:"facts"` // how many facts have evidence in it

	// The ID of the document that says all that this one says, so that it was not
	// read; or of the one before it that says nearly the same.
	DuplicateOf     string `json:"duplicateOf,omitempty"`
	NearDuplicateOf string `json:"nearDuplicateOf,omitempty"`
	Copies          int    `json:"copies,omitempty"` // how many documents have this one as their DuplicateOf
}
