package source

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

const (
	// maxMarkers is how many quotes and lists may be opened on one line.
	maxMarkers = 100
	// maxInline is how deep emphasis, links and blocks may nest.
	maxInline = 1000
	// maxPart is how many bytes are parsed at a time, for the time and memory
	// that the parser takes grow faster than its input.
	maxPart = 32 << 10
	// maxDefinitions is how many definitions of links are known to all parts.
	maxDefinitions = 1000
)

// readMarkdown reads CommonMark with tables and strikethrough as text without
// its marks. Front matter and header lines are not part of the text.
func readMarkdown(ctx context.Context, data []byte, encoding string) (c content, err error) {
	source, inner, err := decode(data, encoding, "")
	if err != nil {
		return content{}, err
	}
	found, body := head(source)
	if err := checkMarkers(source[body:]); err != nil {
		return content{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	// The parser is not ours, and its input may be anything.
	defer func() {
		if r := recover(); r != nil {
			err = wrong(Malformed, "the Markdown cannot be parsed: %v", r)
		}
	}()
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()
	defined := definitions(source[body:])
	w := markdownWriter{htmlWriter: htmlWriter{page: &page{text: source}}, base: body}
	for w.base < len(source) {
		if ctx.Err() != nil {
			return content{}, tooLong() // the caller knows if it was cancelled
		}
		next, whole := part(source[w.base:])
		w.part = []byte(next)
		known := parser.NewContext()
		for _, ref := range defined {
			known.AddReference(ref)
		}
		if err := w.node(md.Parse(text.NewReader(w.part), parser.WithContext(known)), 0); err != nil {
			return content{}, err
		}
		w.base += len(w.part)
		if !whole && w.b.len() > 0 {
			w.gap, w.at, w.torn = next[len(strings.TrimRight(next, " \n")):], w.base-1, true
		}
	}
	c.text, c.runs = w.b.build()
	c.runs = compose(c.runs, inner, len(c.text))
	c.meta = found
	c.meta.fill(meta{title: w.title})
	return c, nil
}

// part returns the start of source up to where it can be cut in two without a
// block being torn: before a line that is neither indented nor part of a
// fenced block, after an empty one. Where there is no such place for long, it
// ends at a line, or at a space, and tears a block.
func part(source string) (start string, whole bool) {
	if len(source) <= maxPart {
		return source, true
	}
	cut, length, blank, fence := 0, 0, false, ""
	for line := range strings.Lines(source[:maxPart]) {
		start := length
		length += len(line)
		trimmed := strings.TrimSpace(line)
		switch {
		case fence != "":
			if strings.HasPrefix(trimmed, fence) {
				fence = ""
			}
		case strings.HasPrefix(trimmed, "```"), strings.HasPrefix(trimmed, "~~~"):
			fence = trimmed[:3]
			fallthrough
		case blank && trimmed != "" && line[0] != ' ' && line[0] != '\t':
			if blank {
				cut = start
			}
		}
		blank = trimmed == ""
	}
	if cut > 0 {
		return source[:cut], true
	}
	cut = strings.LastIndexByte(source[:maxPart], '\n') + 1
	if cut == 0 {
		cut = strings.LastIndexByte(source[:maxPart], ' ') + 1
	}
	if cut == 0 {
		for cut = maxPart; !utf8.RuneStart(source[cut]); {
			cut--
		}
	}
	return source[:cut], false
}

// definitions finds the definitions of links, which may stand in another part
// than the links.
func definitions(source string) []parser.Reference {
	if len(source) <= maxPart {
		return nil // the parser finds them
	}
	var refs []parser.Reference
	for line := range strings.Lines(source) {
		label, ok := strings.CutPrefix(strings.TrimLeft(line, " "), "[")
		if !ok {
			continue
		}
		label, dest, ok := strings.Cut(label, "]:")
		if dest = strings.TrimSpace(dest); ok && dest != "" && len(refs) < maxDefinitions {
			refs = append(refs, parser.NewReference([]byte(label), []byte(dest), nil))
		}
	}
	return refs
}

// checkMarkers refuses lines that open more containers than any writer would,
// for each of which the parser recurses.
func checkMarkers(source string) error {
	number := 0
	for line := range strings.Lines(source) {
		number++
		markers := 0
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case c == '>':
				markers++
			case strings.IndexByte("-+*.)", c) >= 0:
				if i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t') {
					markers++
				}
			case c == ' ' || c == '\t' || '0' <= c && c <= '9':
			default:
				i = len(line)
			}
		}
		if markers > maxMarkers {
			e := wrong(TooDeep, "more than %d quotes and lists in each other", maxMarkers)
			e.Line = number
			return e
		}
	}
	return nil
}

// markdownWriter writes trees of parts of the page's text.
type markdownWriter struct {
	htmlWriter
	base  int
	part  []byte // of the source at base, which is parsed
	title string // the first heading of the first level
}

func (w *markdownWriter) node(n ast.Node, depth int) error {
	if depth > maxInline {
		return wrong(TooDeep, "more than %d elements in each other", maxInline)
	}
	at := w.at
	if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		at = w.base + n.Lines().At(0).Start
	}
	switch n := n.(type) {
	case *ast.Text:
		w.inline(w.base+n.Segment.Start, w.base+n.Segment.Stop, n.IsRaw())
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.lineEnd(w.base + n.Segment.Stop)
		}
		return nil
	case *ast.CodeSpan:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				w.inline(w.base+t.Segment.Start, w.base+t.Segment.Stop, true)
			}
		}
		return nil
	case *ast.AutoLink:
		// Its place is that of its label, which lies within the source.
		label := n.Label(w.part)
		w.flush()
		w.b.stand(string(label), w.at)
		return nil
	case *ast.RawHTML, *ast.Image, *ast.ThematicBreak:
		return nil
	case *ast.HTMLBlock:
		w.pause(2, at)
		lines := n.Lines()
		if lines.Len() > 0 {
			w.withoutTags(w.base+lines.At(0).Start, w.base+lines.At(lines.Len()-1).Stop)
		}
		w.pause(2, at)
		return nil
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.pause(2, at)
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			stop := w.base + line.Stop
			if i == n.Lines().Len()-1 {
				stop = w.base + line.Start + len(strings.TrimRight(w.page.text[w.base+line.Start:stop], "\r\n"))
			}
			w.inline(w.base+line.Start, stop, true)
		}
		w.pause(2, at)
		return nil
	case *tables.TableCell:
		w.space("\t", at)
	}
	lines := 0
	switch n.Kind() {
	case tables.KindTableRow, tables.KindTableHeader:
		lines = 1
	case tables.KindTableCell:
	default:
		if n.Type() == ast.TypeBlock {
			lines = 2
		}
	}
	if lines > 0 {
		w.pause(lines, at)
	}
	start := w.b.len()
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if err := w.node(c, depth+1); err != nil {
			return err
		}
	}
	if h, ok := n.(*ast.Heading); ok && h.Level == 1 && w.title == "" {
		w.title = strings.Join(strings.Fields(w.b.text.String()[start:]), " ")
	}
	if lines > 0 {
		w.pause(lines, at)
	}
	return nil
}

// inline writes a piece of a line: as it stands where raw, else with escapes
// and character references decoded.
func (w *markdownWriter) inline(start, end int, raw bool) {
	source := w.page.text
	w.at = start
	if start < end {
		w.flush()
	}
	from := start // of what is not written yet
	for i := start; i < end; {
		switch c := source[i]; {
		case c == '\r':
			w.b.verbatim(source[from:i], from)
			i++
			from = i
		case raw:
			i++
		case c == '\\' && i+1 < end && isPunct(source[i+1]):
			w.b.verbatim(source[from:i], from)
			from = i + 1
			i += 2
		case c == '&':
			if s, n := reference(source[i:end]); n > 0 && source[i+n-1] == ';' {
				w.b.verbatim(source[from:i], from)
				w.b.stand(s, i)
				i += n
				from = i
				continue
			}
			i++
		default:
			i++
		}
	}
	w.b.verbatim(source[from:end], from)
}

// lineEnd writes the line end at or soon after offset at.
func (w *markdownWriter) lineEnd(at int) {
	if n := strings.IndexByte(w.page.text[at:], '\n'); n >= 0 && w.b.len() > 0 {
		w.b.verbatim("\n", at+n)
	}
}

// isPunct reports whether a backslash before c is an escape.
func isPunct(c byte) bool {
	return '!' <= c && c <= '/' || ':' <= c && c <= '@' || '[' <= c && c <= '`' || '{' <= c && c <= '~'
}

// withoutTags writes the text of a block of HTML.
func (w *markdownWriter) withoutTags(start, end int) {
	z := html.NewTokenizer(strings.NewReader(w.page.text[start:end]))
	script := false
	for at := start; ; {
		kind := z.Next()
		from := at
		at += len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			script = string(name) == "script" || string(name) == "style"
			w.space(" ", from)
		case html.EndTagToken:
			script = false
			w.space(" ", from)
		case html.TextToken:
			if !script {
				w.piece(from, at)
			}
		}
	}
}
