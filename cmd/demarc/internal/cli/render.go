package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

// shortID is how much of a fact's ID is shown. It is enough for the command
// "why" in graphs of millions of facts.
const shortID = 10

func short(id string) string { return id[:min(shortID, len(id))] }

// standingAt is [schema.Fact.Standing] with whether the fact only possibly holds at the date
// asked for.
func standingAt(f *schema.Fact, holds map[string]schema.Certainty) string {
	said := f.Standing()
	if holds == nil || holds[f.ID()] != schema.Possibly {
		return said
	}
	if said == "" {
		return string(schema.Possibly)
	}
	return string(schema.Possibly) + ", " + said
}

// sources finds the documents that evidence is from, each read once.
type sources struct {
	g    *graph.Graph
	docs map[string]*schema.Document
}

func newSources(g *graph.Graph) *sources {
	return &sources{g, map[string]*schema.Document{}}
}

func (s *sources) get(ctx context.Context, id string) (*schema.Document, error) {
	if doc := s.docs[id]; doc != nil {
		return doc, nil
	}
	doc, err := s.g.Document(ctx, id)
	if err != nil {
		return nil, err
	}
	s.docs[id] = doc
	return doc, nil
}

// place says where evidence stands, as exactly as a reader can use: the file
// and line of a text, the page of a PDF, else the document and the line of its
// text.
func place(doc *schema.Document, ev *schema.Evidence) string {
	switch format, _ := source.ParseFormat(filepath.Ext(doc.Path)); format {
	case source.Text, source.Markdown:
		return fmt.Sprintf("%s:%d", doc.Path, ev.Line)
	case source.PDF:
		return fmt.Sprintf("%s, page %d", doc.Path, doc.SourceOffset(ev.Start))
	}
	return fmt.Sprintf("%s:%d", doc.ID, ev.Line)
}

// quote prints one passage and below it where that is. Where it can be marked
// it is shown within the line of the document that it stands on.
func (f *Factory) quote(w *errWriter, doc *schema.Document, ev *schema.Evidence, indent string) {
	before, passage, after := around(doc.Text, ev.Start, ev.End)
	text := "“" + strings.TrimSpace(passage) + "”"
	if f.Color {
		text = "“" + before + f.paint(marked, passage) + after + "”"
	}
	w.printf("%s\n", wrap(text, indent, f.Width))
	from := place(doc, ev)
	if doc.Title != "" {
		from += ", " + oneLine(doc.Title)
	}
	if !doc.Date.IsZero() {
		from += ", " + doc.Date.String()
	}
	w.printf("%s\n", f.paint(dim, wrap(from, indent+"  ", f.Width)))
}

// contextWidth is how many bytes of a passage's surroundings are shown on
// either side of it.
const contextWidth = 120

// around returns a passage and what stands before and after it on its line or
// lines, each without line ends and shortened to whole words.
func around(text string, start, end int) (before, passage, after string) {
	lineStart := strings.LastIndexByte(text[:start], '\n') + 1
	lineEnd := len(text)
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		lineEnd = end + i
	}
	before, after = text[lineStart:start], text[end:lineEnd]
	if len(before) > contextWidth {
		before = before[len(before)-contextWidth:]
		if i := strings.IndexByte(before, ' '); i >= 0 {
			before = before[i:]
		}
		before = "…" + strings.ToValidUTF8(before, "")
	}
	if len(after) > contextWidth {
		after = after[:contextWidth]
		if i := strings.LastIndexByte(after, ' '); i >= 0 {
			after = after[:i+1]
		}
		after = strings.ToValidUTF8(after, "") + "…"
	}
	return squeeze(before), squeeze(text[start:end]), squeeze(after)
}

// squeeze makes text fit to print within a line: every run of white space is
// one space.
func squeeze(s string) string {
	s = oneLine(s)
	inner := strings.Join(strings.Fields(s), " ")
	if inner == "" {
		return ""
	}
	if s[0] == ' ' {
		inner = " " + inner
	}
	if s[len(s)-1] == ' ' {
		inner += " "
	}
	return inner
}
