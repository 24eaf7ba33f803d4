package source

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxElements is how many elements and pieces of text a page may have. A
	// long article has some thousands.
	maxElements = 1 << 20
	// maxOpen is how many elements deep a page is read; what is deeper is read
	// as if it stood there. Browsers do the same.
	maxOpen = 512
	// maxLinkedData is the size of the largest JSON-LD block looked into.
	maxLinkedData = 1 << 20
)

// readHTML reads the article of a page: what stands in its article or main
// element, else its body, without scripts, menus and the like.
func readHTML(data []byte, encoding string) (content, error) {
	text, inner, err := decode(data, encoding, declaredCharset(data))
	if err != nil {
		return content{}, err
	}
	p := page{text: text}
	if err := p.parse(); err != nil {
		return content{}, err
	}
	p.measure(p.root)
	w := htmlWriter{page: &p, total: p.root.size}
	for _, n := range p.article() {
		w.pause(2, n.start)
		w.write(n)
	}
	if w.b.len() == 0 {
		w.all = true // better a list of links than nothing
		w.write(p.root)
	}
	var c content
	c.text, c.runs = w.b.build()
	c.runs = compose(c.runs, inner, len(c.text))
	c.meta = p.meta()
	found, body := head(c.text)
	c.meta.fill(found)
	c.body = body
	return c, nil
}

// declaredCharset finds the encoding that a page says it is in: in a meta
// element or an XML declaration near its start.
func declaredCharset(data []byte) string {
	z := html.NewTokenizer(strings.NewReader(string(data[:min(len(data), peekSize)])))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.CommentToken: // an XML declaration is read as a comment
			_, after, ok := strings.Cut(string(z.Raw()), "encoding=")
			if label := strings.FieldsFunc(after, func(r rune) bool { return strings.ContainsRune(`?>"' `, r) }); ok && len(label) > 0 {
				return label[0]
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.DataAtom == atom.Body {
				return ""
			}
			if t.DataAtom != atom.Meta {
				continue
			}
			if charset := attr(t.Attr, "charset"); charset != "" {
				return charset
			}
			if strings.EqualFold(attr(t.Attr, "http-equiv"), "content-type") {
				if _, charset, ok := strings.Cut(strings.ToLower(attr(t.Attr, "content")), "charset="); ok {
					return strings.Trim(charset, ` "';`)
				}
			}
		}
	}
}

func attr(attrs []html.Attribute, key string) string {
	for _, a := range attrs {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// element is an element of a page or, where tag is 0, a piece of its text,
// which stands at text[start:end] and may hold character references.
type element struct {
	tag                 atom.Atom
	role                role
	drop                bool // not part of any article
	linkList            bool // links and little else
	links               int  // below it
	size, linked        int  // bytes of text below it, and of those in links
	start, end          int
	parent, first, last *element
	next                *element
}

// role is what an element is for, by its tag and attributes.
type role uint8

const (
	plain       role = iota
	articleBody      // itemprop=articleBody: nothing but the article
	article
	main
	boilerplate // by its class or id: dropped unless most of the text is in it
)

// page is an HTML page as a tree of spans of its source.
type page struct {
	text     string
	root     *element
	count    int
	overflow int // open elements that are not in the tree, being too deep

	metas     map[string]string // of meta elements, first wins
	title     *element
	heading   *element // the first h1
	published string   // the first time element's date
	ld        meta     // from JSON-LD
}

func (p *page) add(parent, n *element) *element {
	n.parent = parent
	if parent.last == nil {
		parent.first = n
	} else {
		parent.last.next = n
	}
	parent.last = n
	p.count++
	return n
}

func (p *page) parse() error {
	p.metas = map[string]string{}
	p.root = &element{tag: atom.Html}
	current, depth := p.root, 1
	z := html.NewTokenizer(strings.NewReader(p.text))
	script, ld := false, false // the text to come is that of a script, or JSON-LD
	for at := 0; ; {
		kind := z.Next()
		start := at
		at += len(z.Raw())
		if p.count > maxElements {
			return wrong(TooLarge, "the page has more than %d elements", maxElements)
		}
		switch kind {
		case html.ErrorToken:
			if err := z.Err(); err != io.EOF {
				return wrong(Malformed, "%w", err)
			}
			p.root.end = at
			return nil
		case html.TextToken:
			switch {
			case ld:
				p.linkedData(p.text[start:at])
			case !script:
				p.add(current, &element{start: start, end: at})
			}
			script, ld = false, false
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			n := &element{tag: token.DataAtom, start: start, end: at}
			if n.tag == 0 {
				n.tag = atom.Span // one of its own: a wrapper like any other
			}
			switch n.tag {
			case atom.Script, atom.Style:
				script = kind == html.StartTagToken
				ld = script && n.tag == atom.Script && strings.EqualFold(attr(token.Attr, "type"), "application/ld+json")
				continue
			case atom.Meta:
				p.metaElement(token.Attr)
			case atom.Html, atom.Body:
				continue // there is one, whether written or not
			}
			n.classify(token.Attr)
			for closed := closedBy(current, n.tag); closed != nil; closed = closedBy(current, n.tag) {
				for current != closed {
					current, depth = current.parent, depth-1
				}
				current, depth = current.parent, depth-1
			}
			if n.tag == atom.Time && p.published == "" {
				p.published = attr(token.Attr, "datetime")
			}
			void := isVoid(n.tag) || kind == html.SelfClosingTagToken && !isBlock(n.tag) && n.tag != atom.Title
			if depth >= maxOpen && !void {
				p.overflow++
				if isBlock(n.tag) {
					p.add(current, &element{tag: atom.Hr, start: start, end: at})
				}
				continue
			}
			p.add(current, n)
			switch {
			case n.tag == atom.Title && p.title == nil:
				p.title = n
			case n.tag == atom.H1 && p.heading == nil:
				p.heading = n
			}
			if !void {
				current, depth = n, depth+1
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if tag == 0 {
				tag = atom.Span
			}
			script, ld = false, false
			if p.overflow > 0 && !isVoid(tag) {
				p.overflow--
				continue
			}
			for open := current; open != p.root; open = open.parent {
				if open.tag == tag {
					for current != open {
						current, depth = current.parent, depth-1
					}
					current, depth = current.parent, depth-1
					break
				}
				if isBlock(open.tag) && !isBlock(tag) {
					break // a stray end tag does not close the block it is in
				}
			}
		}
	}
}

// closedBy returns the open element that the start of a tag ends, if any.
func closedBy(current *element, tag atom.Atom) *element {
	var ends, within []atom.Atom
	switch tag {
	case atom.Li:
		ends, within = []atom.Atom{atom.Li}, []atom.Atom{atom.Ul, atom.Ol, atom.Menu}
	case atom.Dt, atom.Dd:
		ends, within = []atom.Atom{atom.Dt, atom.Dd}, []atom.Atom{atom.Dl}
	case atom.Td, atom.Th:
		ends, within = []atom.Atom{atom.Td, atom.Th}, []atom.Atom{atom.Tr, atom.Table}
	case atom.Tr:
		ends, within = []atom.Atom{atom.Tr}, []atom.Atom{atom.Table}
	case atom.Option:
		ends, within = []atom.Atom{atom.Option}, []atom.Atom{atom.Select}
	case atom.A:
		ends = []atom.Atom{atom.A}
	default:
		if !isBlock(tag) {
			return nil
		}
	}
	for open := current; open.parent != nil; open = open.parent {
		switch {
		case slices.Contains(ends, open.tag), open.tag == atom.P && isBlock(tag), open.tag == atom.Title:
			return open
		case slices.Contains(within, open.tag), isBlock(open.tag) && len(within) == 0:
			return nil
		}
	}
	return nil
}

func isVoid(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link,
		atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// isBlock reports whether an element begins a line of its own.
func isBlock(tag atom.Atom) bool {
	switch tag {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Center, atom.Dd, atom.Details,
		atom.Dialog, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Li, atom.Main,
		atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tr,
		atom.Caption, atom.Ul, atom.Tbody, atom.Thead, atom.Tfoot, atom.Td, atom.Th:
		return true
	}
	return false
}

// boilerplateWords are words of class names and ids that mark what is around
// an article.
var boilerplateWords = strings.Fields(`nav navbar navigation navbox menu sidebar footer breadcrumb breadcrumbs comments share
	sharing social related recommended promo advert advertisement ad ads sponsor sponsored cookie cookies consent newsletter
	subscribe popup modal pagination pager toolbar copyright disqus catlinks toc editsection noprint skip`)

func (n *element) classify(attrs []html.Attribute) {
	switch n.tag {
	case atom.Noscript, atom.Template, atom.Svg, atom.Math, atom.Canvas, atom.Iframe, atom.Object, atom.Audio, atom.Video,
		atom.Nav, atom.Button, atom.Select, atom.Textarea, atom.Label, atom.Footer, atom.Aside, atom.Menu, atom.Dialog,
		atom.Title, atom.Head:
		n.drop = n.tag != atom.Head // its end tag is optional, so that a body may stand in it
	case atom.Article:
		n.role = article
	case atom.Main:
		n.role = main
	}
	for _, a := range attrs {
		value := strings.ToLower(a.Val[:min(len(a.Val), 1000)])
		switch a.Key {
		case "hidden":
			n.drop = true
		case "aria-hidden":
			n.drop = n.drop || value == "true"
		case "style":
			value = strings.ReplaceAll(value, " ", "")
			n.drop = n.drop || strings.Contains(value, "display:none") || strings.Contains(value, "visibility:hidden")
		case "role":
			switch value {
			case "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "menubar":
				n.drop = true
			case "main":
				n.role = main
			case "article":
				n.role = article
			}
		case "itemprop":
			if value == "articlebody" {
				n.role = articleBody
			}
		case "class", "id":
			if n.tag == atom.Sup && strings.Contains(value, "reference") {
				n.drop = true // the mark of a footnote, "[1]"
			}
			if n.role != plain {
				continue
			}
			for word := range strings.FieldsFuncSeq(value, func(r rune) bool { return !unicode.IsLetter(r) }) {
				if slices.Contains(boilerplateWords, word) {
					n.role = boilerplate
				}
			}
		}
	}
}

// measure counts the text below an element and marks what is boilerplate by
// its looks: groups of short links.
func (p *page) measure(n *element) {
	if n.tag == 0 {
		for _, r := range p.text[n.start:n.end] {
			if !unicode.IsSpace(r) {
				n.size++
			}
		}
		return
	}
	for c := n.first; c != nil; c = c.next {
		p.measure(c)
		if c.drop || c.linkList {
			continue
		}
		n.size += c.size
		n.linked += c.linked
		n.links += c.links
	}
	switch n.tag {
	case atom.A:
		n.linked, n.links = n.size, 1
	case atom.Div, atom.Ul, atom.Ol, atom.Section, atom.Table, atom.Dl, atom.Header:
		const shortLink = 40 // longer ones are sentences
		if n.links >= 3 && n.linked*10 > n.size*6 && n.linked < n.links*shortLink {
			n.linkList = true
		}
	}
}

// article returns the elements that hold the article.
func (p *page) article() []*element {
	for _, want := range []role{articleBody, article, main} {
		var found []*element
		total := 0
		p.collect(p.root, want, &found)
		for _, n := range found {
			total += n.size
		}
		// Too little of the page's text: teasers, or an empty frame.
		if total == 0 || total*4 < p.root.size {
			continue
		}
		for _, n := range found {
			if n.size*10 > total*6 {
				return []*element{n}
			}
		}
		return found
	}
	return []*element{p.root}
}

// collect gathers the outermost elements of a role.
func (p *page) collect(n *element, want role, found *[]*element) {
	if n.drop || n.linkList {
		return
	}
	if n.role == want {
		*found = append(*found, n)
		return
	}
	for c := n.first; c != nil; c = c.next {
		p.collect(c, want, found)
	}
}

// htmlWriter writes elements as text: blocks apart by an empty line, rows and
// line breaks by a line end, cells by a tab, and any other white space as one
// space.
type htmlWriter struct {
	page  *page
	total int  // bytes of text on the page
	all   bool // of what the page shows, boilerplate too
	b     builder
	gap   string // to be written before the next text
	at    int    // where the gap stands
	torn  bool   // the gap is within a block that was cut in two, and stays
	pre   int    // how many pre elements are open
}

// pause asks for line ends before the next text.
func (w *htmlWriter) pause(lines, at int) {
	if w.b.len() == 0 || w.torn {
		return
	}
	if !strings.HasPrefix(w.gap, "\n") {
		w.gap, w.at = "", at
	}
	for len(w.gap) < lines {
		w.gap += "\n"
	}
}

func (w *htmlWriter) space(gap string, at int) {
	if w.b.len() > 0 && !w.torn && (w.gap == "" || w.gap == " ") {
		w.gap, w.at = gap, at
	}
}

func (w *htmlWriter) flush() {
	w.b.stand(w.gap, w.at)
	w.gap, w.torn = "", false
}

func (w *htmlWriter) write(n *element) {
	if n.tag == 0 {
		w.piece(n.start, n.end)
		return
	}
	if n.drop || !w.all && (n.linkList || n.role == boilerplate && n.size*10 < w.total*4) {
		return
	}
	switch n.tag {
	case atom.Br:
		if strings.HasPrefix(w.gap, "\n") {
			w.pause(2, n.start)
		} else {
			w.pause(1, n.start)
		}
		return
	case atom.Pre:
		w.pre++
		defer func() { w.pre-- }()
	}
	lines := 0
	switch {
	case n.tag == atom.Td || n.tag == atom.Th:
		w.space("\t", n.start)
	case n.tag == atom.Tr:
		lines = 1
	case isBlock(n.tag):
		lines = 2
	}
	if lines > 0 {
		w.pause(lines, n.start)
	}
	for c := n.first; c != nil; c = c.next {
		w.write(c)
	}
	if lines > 0 {
		w.pause(lines, n.end)
	}
}

// invisible are characters that only say where a word may break.
const invisible = "\u00ad\u200b\ufeff"

// piece writes the text of a page's source from start to end.
func (w *htmlWriter) piece(start, end int) {
	text := w.page.text
	for i := start; i < end; {
		if text[i] == '&' {
			if s, n := reference(text[i:end]); n > 0 {
				switch {
				case strings.TrimFunc(s, unicode.IsSpace) == "":
					w.space(" ", i)
				case strings.Contains(invisible, s):
				default:
					w.flush()
					w.b.stand(s, i)
				}
				i += n
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case w.pre > 0 && r == '\n':
			if strings.HasPrefix(w.gap, "\n") {
				w.pause(2, i)
			} else {
				w.pause(1, i)
			}
		case unicode.IsSpace(r):
			w.space(" ", i)
		case strings.ContainsRune(invisible, r):
		default:
			if w.gap == " " && w.at == i-1 && text[w.at] == ' ' {
				w.gap = ""
				w.b.verbatim(" ", w.at)
			}
			w.flush()
			w.b.verbatim(text[i:i+n], i)
		}
		i += n
	}
}

// reference decodes the character reference that s begins with, n bytes long;
// 0 if it is none.
func reference(s string) (decoded string, n int) {
	const longest = 40 // the longest name has 32 bytes
	end := 1
	for end < min(len(s), longest) && (s[end] == '#' && end == 1 || '0' <= s[end] && s[end] <= '9' || 'a' <= s[end]|0x20 && s[end]|0x20 <= 'z') {
		end++
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	whole := html.UnescapeString(s[:end])
	if whole == s[:end] {
		return "", 0
	}
	// A name without a semicolon may be followed by letters of its own.
	for n = 2; n < end; n++ {
		if part := html.UnescapeString(s[:n]); part != s[:n] && whole == part+s[n:end] {
			return part, n
		}
	}
	return whole, end
}

// plainText returns the text of an element on one line.
func (p *page) plainText(n *element) string {
	if n == nil {
		return ""
	}
	w := htmlWriter{page: p}
	for c := n.first; c != nil; c = c.next {
		w.write(c)
	}
	return strings.Join(strings.Fields(w.b.text.String()), " ")
}

func (p *page) metaElement(attrs []html.Attribute) {
	value := attr(attrs, "content")
	if value == "" || len(p.metas) > 1000 {
		return
	}
	for _, key := range []string{"property", "name", "itemprop"} {
		if name := strings.ToLower(attr(attrs, key)); name != "" {
			if _, ok := p.metas[name]; !ok {
				p.metas[name] = strings.Join(strings.Fields(value[:min(len(value), 2000)]), " ")
			}
		}
	}
}

// meta gathers what the page says of itself, the most reliable first.
func (p *page) meta() meta {
	var m meta
	for _, name := range []string{"article:published_time", "datepublished"} {
		m.set("date", p.metas[name])
	}
	m.set("title", p.metas["og:title"])
	m.set("publisher", p.metas["og:site_name"])
	m.fill(p.ld)
	for _, name := range []string{"citation_title", "dc.title", "dcterms.title", "twitter:title"} {
		m.set("title", p.metas[name])
	}
	title, heading := p.plainText(p.title), p.plainText(p.heading)
	if heading != "" && strings.HasPrefix(title, heading) {
		title = heading // without the name of the site after it
	}
	m.set("title", title)
	m.set("title", heading)
	for _, name := range []string{"citation_publisher", "dc.publisher", "dcterms.publisher", "publisher", "application-name"} {
		m.set("publisher", p.metas[name])
	}
	m.set("country", p.metas["country"])
	for _, name := range []string{"citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued", "dc.date",
		"dcterms.date", "dcterms.created", "date", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "og:published_time"} {
		m.set("date", p.metas[name])
	}
	m.set("date", p.published)
	return m
}

// linkedData takes what a JSON-LD block says of an article; one that is no
// JSON says nothing.
func (p *page) linkedData(block string) {
	var value any
	if len(block) > maxLinkedData || json.Unmarshal([]byte(block), &value) != nil {
		return
	}
	p.ld.fill(articleData(value, 0))
}

// articleData finds the first object that has a date of publication.
func articleData(value any, depth int) (m meta) {
	const deepest = 8
	if depth > deepest {
		return m
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if found := articleData(item, depth+1); !found.date.IsZero() {
				return found
			}
		}
	case map[string]any:
		if date, ok := v["datePublished"].(string); ok && m.set("date", date) {
			if s, ok := v["headline"].(string); ok {
				m.set("title", strings.TrimSpace(html.UnescapeString(s)))
			}
			if publisher, ok := v["publisher"].(map[string]any); ok {
				m.set("publisher", fmt.Sprint(publisher["name"]))
			}
			return m
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if found := articleData(v[key], depth+1); !found.date.IsZero() {
				return found
			}
		}
	}
	return m
}
