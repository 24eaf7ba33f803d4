package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding/charmap"
)

const (
	// maxPages is how many pages are read of one file.
	maxPages = 100_000
	// maxPageTree is how deep the tree of pages may nest, and maxForms how deep
	// forms drawn within forms.
	maxPageTree, maxForms = 64, 8
	// pdfTail is how far from the end of a file its end mark is looked for.
	pdfTail = 1024
)

// readPDF reads the text that a PDF file draws, in the order it is drawn in,
// which is that of reading unless it leads up and down the page. Lines stay
// lines; a word that is hyphenated at the end of a line is joined; page
// numbers and lines that stand on most pages are left out.
//
// A content stream over limit bytes is an error. Panics of the library, of
// which malformed files cause many, are errors about the file.
func readPDF(ctx context.Context, r io.ReaderAt, size, limit int64) (c content, err error) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *Error:
			err = x
		default:
			err = wrong(Malformed, "the PDF file cannot be read: %v", x)
		}
		if err != nil && ctx.Err() == context.DeadlineExceeded {
			err = tooLong()
		}
	}()

	end, err := checkPDF(r, size)
	if err != nil {
		return content{}, err
	}
	reader, err := pdf.NewReader(&pdfFile{ctx: ctx, r: r}, end)
	if err != nil {
		if errors.Is(err, pdf.ErrInvalidPassword) || strings.Contains(err.Error(), "encrypt") {
			return content{}, wrong(Encrypted, "the PDF file is encrypted: %w", err)
		}
		return content{}, wrong(Malformed, "the PDF file cannot be read: %w", err)
	}
	w := pdfWalker{ctx: ctx, limit: limit, fonts: map[string]*pdfFont{}}
	root := reader.Trailer().Key("Root").Key("Pages")
	w.pages(root, pdf.Value{}, 0)
	if len(w.lines) == 0 && w.fault != nil {
		return content{}, wrong(Malformed, "no page of the PDF file can be read: %w", w.fault)
	}
	if len(w.lines) == 0 {
		return content{}, wrong(Empty, "no text in it: its pages may be images, to be read by OCR first")
	}
	c = layOut(w.lines)
	c.meta, c.body = head(c.text)
	info := reader.Trailer().Key("Info")
	if title := strings.TrimSpace(info.Key("Title").Text()); utf8.ValidString(title) && !strings.HasPrefix(title, "Microsoft Word") {
		c.meta.fill(meta{title: title})
	}
	c.meta.fill(meta{title: headline(c.text[c.body:])})
	if date := info.Key("CreationDate").Text(); strings.HasPrefix(date, "D:") && len(date) >= len("D:20060102") {
		c.meta.set("date", date[2:10])
	}
	return c, nil
}

// checkPDF looks whether a file begins and ends as a PDF file does, and
// returns where it ends: some have bytes after their end mark.
func checkPDF(r io.ReaderAt, size int64) (end int64, err error) {
	magic := make([]byte, 5)
	if _, err := r.ReadAt(magic, 0); err != nil && err != io.EOF {
		return 0, err
	}
	if string(magic) != "%PDF-" {
		return 0, wrong(Malformed, "it is no PDF file: it does not begin with %%PDF-")
	}
	at := max(0, size-pdfTail)
	tail := make([]byte, size-at)
	if _, err := r.ReadAt(tail, at); err != nil && err != io.EOF {
		return 0, err
	}
	mark := []byte("%%EOF")
	i := bytes.LastIndex(tail, mark)
	if i < 0 {
		return 0, wrong(Truncated, "the PDF file has no end: its last part is missing")
	}
	return at + int64(i+len(mark)), checkNumbers(r, size)
}

// hugeNumbers are sizes of tables no file needs: eight digits and more, where
// the format's own limit is 8,388,607 objects.
var hugeNumbers = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`/(?:Size|Columns)\s*\d{8}|/Index\s*\[[^\]]{0,200}\d{8}|\b\d{8,}\s+\d+\s+\d{10} \d{5} [nf]\b`)
})

// checkNumbers refuses a file for which the library would allocate tables out
// of proportion, which ends the process.
func checkNumbers(r io.ReaderAt, size int64) error {
	const chunk, overlap = 1 << 20, 512
	buf := make([]byte, min(chunk+overlap, size))
	for at := int64(0); at < size; at += chunk {
		n, err := r.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return err
		}
		if hugeNumbers().Match(buf[:n]) {
			return wrong(Malformed, "the PDF file asks for tables of impossible size")
		}
	}
	return nil
}

// pdfFile shows the library a header it accepts, whatever the file's version,
// and ends when its context does: the library then panics.
type pdfFile struct {
	ctx context.Context
	r   io.ReaderAt
}

func (f *pdfFile) ReadAt(p []byte, at int64) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := f.r.ReadAt(p, at)
	const header = "%PDF-1.7\n"
	if at < int64(len(header)) {
		copy(p[:n], header[at:])
	}
	return n, err
}

// pdfLine is a line of a page.
type pdfLine struct {
	page       int
	x, y, size float64
	end        float64 // where its last character ends
	text       string
}

// pdfWalker gathers the lines of all pages.
type pdfWalker struct {
	ctx   context.Context
	limit int64
	page  int
	lines []pdfLine
	bytes int64 // of all lines
	fault error // of the first page that could not be read
	fonts map[string]*pdfFont
	seen  int // nodes of the page tree
}

// pages walks the tree of pages, resources being those of the nodes above.
func (w *pdfWalker) pages(node, resources pdf.Value, depth int) {
	w.seen++
	if depth > maxPageTree || w.seen > 2*maxPages {
		panic(wrong(TooDeep, "the PDF file's tree of pages has no end"))
	}
	if r := node.Key("Resources"); !r.IsNull() {
		resources = r
	}
	kids := node.Key("Kids")
	if node.Key("Type").Name() == "Page" || kids.IsNull() {
		w.page++
		if err := w.readPage(node, resources); err != nil && w.fault == nil {
			w.fault = fmt.Errorf("page %d: %w", w.page, err)
		}
		return
	}
	for i := range kids.Len() {
		w.pages(kids.Index(i), resources, depth+1)
	}
}

func (w *pdfWalker) readPage(page, resources pdf.Value) (err error) {
	p := pdfPage{walker: w}
	defer func() {
		x := recover()
		switch e := x.(type) {
		case nil:
		case *Error:
			panic(e) // about the whole file
		default:
			if w.ctx.Err() != nil {
				panic(e)
			}
			err = fmt.Errorf("%v", x)
		}
		p.endLine()
		w.lines = append(w.lines, inReadingOrder(p.lines)...)
	}()
	p.draw(page.Key("Contents"), resources, 0, identity)
	return nil
}

// matrix is a transformation as PDF writes it: [a b c d e f].
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times returns the transformation that does m, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// pdfPage interprets the operators that show text; see ISO 32000-1, 9.4.
type pdfPage struct {
	walker *pdfWalker
	lines  []pdfLine
	line   pdfLine // the one being written
}

type pdfState struct {
	ctm                       matrix
	font                      *pdfFont
	size, char, word, leading float64
	scale, rise               float64
}

type pdfFont struct {
	encoder pdf.TextEncoding
	wide    bool      // codes of two bytes
	first   int       // the code that widths begin with
	widths  []float64 // in thousandths of the font's size
}

// draw interprets a content stream, or several in an array.
func (p *pdfPage) draw(stream, resources pdf.Value, depth int, ctm matrix) {
	p.checkSize(stream)
	state := pdfState{ctm: ctm, scale: 1}
	var stack []pdfState
	var text, start matrix
	fonts := map[string]*pdfFont{}
	next := func(x, y float64) {
		start = matrix{1, 0, 0, 1, x, y}.times(start)
		text = start
	}
	show := func(s string) { text = p.show(s, &state, text) }
	pdf.Interpret(stream, func(stk *pdf.Stack, op string) {
		if p.walker.ctx.Err() != nil {
			panic(p.walker.ctx.Err())
		}
		args := make([]pdf.Value, stk.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stk.Pop()
		}
		// An operator without its operands does nothing: there are such files.
		number := func(i int) float64 {
			if i < len(args) {
				return args[i].Float64()
			}
			return 0
		}
		transformation := func() (m matrix, ok bool) {
			if len(args) < 6 {
				return m, false
			}
			for i := range m {
				m[i] = number(i)
			}
			return m, true
		}
		switch op {
		case "q":
			const deepest = 1000
			if len(stack) < deepest {
				stack = append(stack, state)
			}
		case "Q":
			if n := len(stack); n > 0 {
				state, stack = stack[n-1], stack[:n-1]
			}
		case "cm":
			if m, ok := transformation(); ok {
				state.ctm = m.times(state.ctm)
			}
		case "BT":
			text, start = identity, identity
		case "Tm":
			if m, ok := transformation(); ok {
				text, start = m, m
			}
		case "Td":
			next(number(0), number(1))
		case "TD":
			state.leading = -number(1)
			next(number(0), number(1))
		case "T*":
			next(0, -state.leading)
		case "Tf":
			if len(args) == 2 {
				name := args[0].Name()
				if fonts[name] == nil {
					fonts[name] = p.walker.font(resources.Key("Font").Key(name))
				}
				state.font, state.size = fonts[name], number(1)
			}
		case "Tc":
			state.char = number(0)
		case "Tw":
			state.word = number(0)
		case "TL":
			state.leading = number(0)
		case "Ts":
			state.rise = number(0)
		case "Tz":
			state.scale = number(0) / 100
		case "Tj":
			if len(args) > 0 {
				show(args[0].RawString())
			}
		case "'":
			next(0, -state.leading)
			if len(args) > 0 {
				show(args[0].RawString())
			}
		case "\"":
			if len(args) == 3 {
				state.word, state.char = number(0), number(1)
				next(0, -state.leading)
				show(args[2].RawString())
			}
		case "TJ":
			if len(args) == 0 {
				return
			}
			for i := range args[0].Len() {
				if item := args[0].Index(i); item.Kind() == pdf.String {
					show(item.RawString())
				} else {
					shift := -item.Float64() / 1000 * state.size * state.scale
					text = matrix{1, 0, 0, 1, shift, 0}.times(text)
				}
			}
		case "Do":
			if len(args) == 0 {
				return
			}
			form := resources.Key("XObject").Key(args[0].Name())
			if form.Key("Subtype").Name() != "Form" || depth >= maxForms {
				return
			}
			inner, own := state.ctm, form.Key("Resources")
			if own.IsNull() {
				own = resources
			}
			if m := form.Key("Matrix"); m.Len() == 6 {
				var t matrix
				for i := range t {
					t[i] = m.Index(i).Float64()
				}
				inner = t.times(inner)
			}
			p.draw(form, own, depth+1, inner)
		}
	})
}

// checkSize refuses streams that decompress to more than a document may hold.
func (p *pdfPage) checkSize(stream pdf.Value) {
	total := int64(0)
	parts := max(1, stream.Len())
	for i := range parts {
		part := stream
		if stream.Kind() == pdf.Array {
			part = stream.Index(i)
		}
		if part.Kind() != pdf.Stream {
			continue
		}
		r := part.Reader()
		n, err := io.Copy(io.Discard, io.LimitReader(r, p.walker.limit+1-total))
		r.Close() // it has nothing to close
		total += n
		if total > p.walker.limit {
			panic(tooLarge(fmt.Sprintf("content of page %d", p.walker.page), p.walker.limit))
		}
		if err != nil && n == 0 {
			panic(err)
		}
	}
}

// font opens a font once: the library reads its tables anew at each question.
func (w *pdfWalker) font(v pdf.Value) *pdfFont {
	key := v.String() // its tables stand in it as references, which tell it from others
	f := w.fonts[key]
	if f == nil {
		f = openFont(v)
		w.fonts[key] = f
	}
	return f
}

func openFont(v pdf.Value) *pdfFont {
	font := pdf.Font{V: v}
	f := &pdfFont{wide: v.Key("Subtype").Name() == "Type0"}
	defer func() {
		// A font whose table of characters is damaged is read as if it had none.
		_ = recover()
	}()
	if !f.wide {
		f.first, f.widths = font.FirstChar(), font.Widths()
	}
	f.encoder = font.Encoder()
	return f
}

func (f *pdfFont) decode(s string) string {
	if f == nil || f.encoder == nil {
		return plainEncoding(s)
	}
	return plainEncoding(f.encoder.Decode(s))
}

// plainEncoding makes sure of UTF-8: the library gives the bytes back as they
// are where it does not know a font's encoding.
func plainEncoding(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(charmap.Windows1252.DecodeByte(s[i]))
	}
	return b.String()
}

// averageWidth stands for that of characters of unknown width, in thousandths
// of the font's size.
const averageWidth = 500

// advance returns how far showing s moves, in units of text space.
func (s *pdfState) advance(raw string) float64 {
	total, step := 0.0, 1
	if s.font != nil && s.font.wide {
		step = 2
	}
	for i := 0; i < len(raw); i += step {
		width := float64(averageWidth)
		if s.font != nil {
			if k := int(raw[i]) - s.font.first; 0 <= k && k < len(s.font.widths) && s.font.widths[k] > 0 {
				width = s.font.widths[k]
			}
		}
		total += width/1000*s.size + s.char
		if step == 1 && raw[i] == ' ' {
			total += s.word
		}
	}
	return total * s.scale
}

// show appends text where it is drawn and returns the matrix after it.
func (p *pdfPage) show(raw string, s *pdfState, text matrix) matrix {
	if raw == "" {
		return text
	}
	at := matrix{1, 0, 0, 1, 0, s.rise}.times(text).times(s.ctm)
	after := matrix{1, 0, 0, 1, s.advance(raw), 0}.times(text)
	end := after.times(s.ctm)
	x, y := at[4], at[5]-s.rise*at[3]
	size := math.Hypot(at[2], at[3]) * math.Abs(s.size)
	decoded := ligatures.Replace(s.font.decode(raw))
	p.walker.bytes += int64(len(decoded))
	if p.walker.bytes > p.walker.limit {
		panic(tooLarge("text", p.walker.limit))
	}
	same := p.line.text != "" && math.Abs(y-p.line.y) < 0.4*max(size, p.line.size) && x > p.line.x-size
	if !same {
		p.endLine()
		p.line = pdfLine{page: p.walker.page, x: x, y: y, size: size, end: x}
	}
	const gap = 0.2 // of the size; narrow spaces are a quarter
	if same && x-p.line.end > gap*size && !strings.HasSuffix(p.line.text, " ") && !strings.HasPrefix(decoded, " ") {
		p.line.text += " "
	}
	p.line.text += decoded
	p.line.end = end[4]
	p.line.size = max(p.line.size, size)
	return after
}

// ligatures are characters that fonts draw for several letters.
var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st", "\u00a0", " ", "\u200b", "", "\x00", "")

func (p *pdfPage) endLine() {
	text := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, p.line.text)
	if p.line.text = strings.Join(strings.Fields(text), " "); p.line.text != "" {
		p.lines = append(p.lines, p.line)
	}
	p.line = pdfLine{}
}

// inReadingOrder sorts the lines of a page from top to bottom where the order
// they are drawn in jumps up too often to be one of columns.
func inReadingOrder(lines []pdfLine) []pdfLine {
	up := 0
	for i := 1; i < len(lines); i++ {
		if lines[i].y > lines[i-1].y+lines[i].size/2 {
			up++
		}
	}
	if up*4 > len(lines) {
		slices.SortStableFunc(lines, func(a, b pdfLine) int {
			switch {
			case a.y-b.y > a.size/2:
				return -1
			case b.y-a.y > a.size/2:
				return 1
			case a.x < b.x:
				return -1
			case a.x > b.x:
				return 1
			}
			return 0
		})
	}
	return lines
}

// layOut makes a text of lines.
func layOut(lines []pdfLine) content {
	lines = withoutRunningHeads(lines)
	words := map[string]bool{} // within lines, to tell how a broken word is written
	for _, line := range lines {
		for _, word := range strings.Fields(line.text) {
			words[strings.ToLower(strings.TrimFunc(word, unicode.IsPunct))] = true
		}
	}
	var b builder
	for i, line := range lines {
		text := line.text
		if i > 0 {
			before := lines[i-1]
			switch gap := between(lines, i); {
			case gap == "\n" && endsInHyphen(before.text):
				// endsInHyphen left the decision to here, where both halves are known.
			default:
				b.stand(gap, line.page)
			}
		}
		if i+1 < len(lines) && endsInHyphen(text) && between(lines, i+1) == "\n" {
			text = text[:len(text)-len(hyphenOf(text, lines[i+1].text, words))]
		}
		b.stand(text, line.page)
	}
	var c content
	c.text, c.runs = b.build()
	return c
}

// endsInHyphen reports whether a line ends in a letter and a hyphen.
func endsInHyphen(line string) bool {
	for _, hyphen := range []string{"-", "\u00ad", "\u2010"} {
		if rest, ok := strings.CutSuffix(line, hyphen); ok {
			last, _ := utf8.DecodeLastRuneInString(rest)
			return unicode.IsLetter(last)
		}
	}
	return false
}

// hyphenOf returns the hyphen at the end of a line that is to go when the next
// is joined to it, or "" if it belongs to the word: "terri-tory", but
// "Russian-held", or a word that is written with it elsewhere.
func hyphenOf(line, next string, words map[string]bool) string {
	_, size := utf8.DecodeLastRuneInString(line)
	hyphen := line[len(line)-size:]
	if hyphen == "\u00ad" {
		return hyphen
	}
	first := line[strings.LastIndexByte(line, ' ')+1 : len(line)-size]
	second, _, _ := strings.Cut(next, " ")
	second = strings.TrimFunc(second, unicode.IsPunct)
	r, _ := utf8.DecodeRuneInString(second)
	head, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(first, unicode.IsPunct))
	joined := strings.TrimLeftFunc(strings.ToLower(first+second), unicode.IsPunct)
	hyphenated := strings.TrimLeftFunc(strings.ToLower(first+"-"+second), unicode.IsPunct)
	switch {
	case words[joined]:
		return hyphen
	case words[hyphenated], !unicode.IsLower(r), unicode.IsUpper(head), strings.Contains(first, "-"):
		return ""
	}
	return hyphen
}

// between returns what parts line i from the one before it.
func between(lines []pdfLine, i int) string {
	before, line := lines[i-1], lines[i]
	if before.page != line.page {
		first, _ := utf8.DecodeRuneInString(line.text)
		if last := strings.TrimRight(before.text, `"'”’)`); unicode.IsLower(first) && !strings.ContainsAny(last[max(0, len(last)-1):], ".!?:") {
			return "\n"
		}
		return "\n\n"
	}
	drop := before.y - line.y
	size := max(before.size, line.size)
	if drop < 0 || drop > 1.7*size || before.size > 1.15*line.size || line.size > 1.15*before.size {
		if drop > 0 && drop < 3*size && before.size == line.size && i > 1 && lines[i-2].page == line.page {
			// Widely spaced lines, each as far from the next.
			if above := lines[i-2].y - before.y; math.Abs(above-drop) < 0.1*size {
				return "\n"
			}
		}
		if drop < 0 && line.y-before.y > 5*size && unicode.IsLower(firstRune(line.text)) {
			return "\n" // the next column
		}
		return "\n\n"
	}
	return "\n"
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// withoutRunningHeads drops the page numbers at the top and bottom of pages,
// and what stands there on most of at least four pages.
func withoutRunningHeads(lines []pdfLine) []pdfLine {
	edge := func(i int) bool {
		return i == 0 || i == len(lines)-1 || lines[i-1].page != lines[i].page || lines[i+1].page != lines[i].page
	}
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, s)
	}
	pages, counts := 0, map[string]int{}
	for i, line := range lines {
		if i == 0 || lines[i-1].page != line.page {
			pages++
		}
		if edge(i) {
			counts[plain(line.text)]++
		}
	}
	kept := make([]pdfLine, 0, len(lines))
	for i, line := range lines {
		if edge(i) {
			rest := strings.Trim(plain(line.text), " -–—/.")
			number := rest != strings.Trim(strings.ToLower(line.text), " -–—/.") && (rest == "" || rest == "page" || rest == "page  of" || rest == "p")
			if number && pages > 1 || pages >= 4 && counts[plain(line.text)]*2 > pages {
				continue
			}
		}
		kept = append(kept, line)
	}
	return kept
}
