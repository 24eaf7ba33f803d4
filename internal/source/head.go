package source

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/schema"
)

const (
	// maxFrontMatter is how many bytes front matter may take.
	maxFrontMatter = 64 << 10
	// maxHeaderLines is how many lines are looked at for headers.
	maxHeaderLines = 100
	// maxHeaderLine is the length of the longest line that can be a header.
	maxHeaderLine = 500
	// maxHeadline is the length, in bytes, of the longest line that can be a title.
	maxHeadline = 150
)

// head reads what a text says of itself before its prose begins, at body:
// front matter between lines of --- (YAML) or +++ (TOML), header lines such as
// "Title: ...", and a date, as a line of its own or before the first sentence
// ("date 2022-03-22 Russia said ...").
func head(text string) (m meta, body int) {
	if strings.HasPrefix(text, "\ufeff") {
		body = len("\ufeff")
	}
	if found, n, ok := frontMatter(text[body:]); ok {
		m = found
		body += n
	}
	found, n := headerLines(text[body:])
	if n == 0 {
		found, n = underHeadline(text[body:])
	}
	m.fill(found)
	body += n
	if n > 0 || body > len("\ufeff") {
		body += len(text[body:]) - len(strings.TrimLeftFunc(text[body:], unicode.IsSpace))
	}
	return m, body
}

// frontMatter reads the block at the start of text, of length n. Of YAML and
// TOML it knows what front matter is made of: keys with scalar values at the
// top level.
func frontMatter(text string) (m meta, n int, ok bool) {
	fence, _, _ := cutLine(text)
	fence = strings.TrimRight(fence, " \t")
	if fence != "---" && fence != "+++" {
		return meta{}, 0, false
	}
	separator := ":"
	if fence == "+++" {
		separator = "="
	}
	_, rest, _ := cutLine(text)
	folded := "" // the key whose value is on the indented lines below it
	for more := true; more && len(text)-len(rest) < maxFrontMatter; {
		var line string
		line, rest, more = cutLine(rest)
		switch trimmed := strings.TrimRight(line, " \t"); {
		case trimmed == fence || fence == "---" && trimmed == "...":
			return m, len(text) - len(rest), true
		case strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"):
			if folded == "title" {
				m.title = strings.TrimSpace(m.title + " " + scalar(line))
			}
			continue
		}
		folded = ""
		key, value, found := strings.Cut(line, separator)
		if !found {
			continue
		}
		key = strings.ToLower(strings.Trim(strings.TrimSpace(key), `"'`))
		value = strings.TrimSpace(value)
		if value == "|" || value == ">" || value == "|-" || value == ">-" {
			folded = key
			continue
		}
		m.set(key, scalar(value))
	}
	return meta{}, 0, false // no end: a thematic break
}

// scalar takes quotes and a comment off a value of YAML or TOML.
func scalar(value string) string {
	value = strings.TrimSpace(value)
	if value == "" {
		return ""
	}
	switch value[0] {
	case '"':
		if quoted, err := strconv.QuotedPrefix(value); err == nil {
			if s, err := strconv.Unquote(quoted); err == nil {
				return strings.TrimSpace(s)
			}
		}
		return strings.Trim(value, `"`)
	case '\'':
		if end := strings.LastIndexByte(value, '\''); end > 0 {
			return strings.TrimSpace(strings.ReplaceAll(value[1:end], "''", "'"))
		}
	case '#':
		return ""
	case '[', '{', '&', '*', '!':
		return "" // no scalar
	}
	value, _, _ = strings.Cut(value, " #")
	return strings.TrimSpace(value)
}

// set takes the value of a key, under the names in use for it. It reports
// whether the key and value are such.
func (m *meta) set(key, value string) bool {
	if value == "" {
		return false
	}
	switch key {
	case "title", "headline":
		m.fill(meta{title: value})
	case "source", "publisher", "publication", "site":
		m.fill(meta{publisher: value})
	case "country":
		m.fill(meta{country: value})
	case "date", "dated", "published", "publication date", "date published", "pubdate", "publishdate", "date_published", "posted":
		date, ok := parseDate(value)
		if !ok {
			return false
		}
		m.fill(meta{date: date})
	default:
		return false
	}
	return true
}

// otherHeaders are header lines that say nothing demarc keeps.
var otherHeaders = map[string]bool{
	"author": true, "authors": true, "by": true, "url": true, "link": true, "id": true, "language": true, "lang": true,
	"tags": true, "keywords": true, "section": true, "category": true, "byline": true, "updated": true, "accessed": true,
	"copyright": true, "licence": true, "license": true, "subject": true, "location": true, "place": true,
}

// patterns are compiled when a document is read, not when a program starts.
type patterns struct {
	headerLine, bareHeader, leadingDate      *regexp.Regexp
	weekday, ordinal, dayOf, clock, fullStop *regexp.Regexp
}

var compiled = sync.OnceValue(func() *patterns {
	return &patterns{
		headerLine: regexp.MustCompile(`^([A-Za-z][A-Za-z _]{0,24}?)[ \t]*:[ \t]*(.*)$`),
		bareHeader: regexp.MustCompile(`^(title|source|publisher|country|date)[ \t]+(.*)$`),
		// A date before the first sentence, with or without a colon.
		leadingDate: regexp.MustCompile(`^(?i:date|dated|published|posted)(?:[ \t]*:[ \t]*|[ \t]+)` +
			`(\d{4}-\d{2}-\d{2}|\d{4}-\d{2}|\d{4})(?:[ \t]*[:;,|–—][ \t]+|[ \t]+|[ \t]*\r?\n|$)`),
		weekday:  regexp.MustCompile(`^(?i:mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(?i:day)?[.,]?\s+`),
		ordinal:  regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)\b`),
		dayOf:    regexp.MustCompile(`(?i)^(the\s+)?(\d{1,2})\s+(?:day\s+)?of\s+`),
		clock:    regexp.MustCompile(`(?i)(?:T|,?\s+(?:at\s+)?)\d{1,2}:\d{2}(?::\d{2})?.*$`),
		fullStop: regexp.MustCompile(`([A-Za-z])\.`),
	}
})

// headerLines reads the lines before the prose, n bytes of text.
func headerLines(text string) (m meta, n int) {
	rest, dated := text, false
	bare := 0 // where lines without a colon begin, which a date must vouch for
	pending := meta{}
	more := rest != ""
	for range maxHeaderLines {
		if !more {
			break
		}
		var line string
		at := len(text) - len(rest)
		before := rest
		line, rest, more = cutLine(rest)
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			if n > 0 || bare > 0 { // a blank line ends the block
				return m, n
			}
			continue
		case len(line) > maxHeaderLine:
		case compiled().headerLine.MatchString(line):
			parts := compiled().headerLine.FindStringSubmatch(line)
			key := strings.ToLower(parts[1])
			if m.set(key, parts[2]) {
				dated = dated || !m.date.IsZero()
				n = len(text) - len(rest)
				continue
			}
			if n > 0 && otherHeaders[key] {
				n = len(text) - len(rest)
				continue
			}
			if n == 0 && bare == 0 && otherHeaders[key] && followedByHeader(rest) {
				n = len(text) - len(rest)
				continue
			}
		case compiled().bareHeader.MatchString(line):
			parts := compiled().bareHeader.FindStringSubmatch(line)
			if parts[1] == "date" {
				if date, ok := parseDate(parts[2]); ok {
					m.fill(pending)
					m.fill(meta{date: date})
					dated, n = true, len(text)-len(rest)
					continue
				}
			} else if dated && m.set(parts[1], parts[2]) {
				n = len(text) - len(rest)
				continue
			} else if !dated && pending.set(parts[1], parts[2]) {
				bare++
				continue
			}
		default:
			if date, ok := parseDate(line); ok && m.date.IsZero() && utf8.RuneCountInString(line) >= 8 {
				m.date = date
				return m, len(text) - len(rest)
			}
		}
		// Prose, which a date may stand before.
		trimmed := strings.TrimLeft(before, " \t")
		if parts := compiled().leadingDate.FindStringSubmatch(trimmed); parts != nil && m.date.IsZero() {
			if date, err := schema.ParseDate(parts[1]); err == nil {
				m.fill(pending)
				m.date = date
				n = at + len(before) - len(trimmed) + len(parts[0])
			}
		}
		return m, n
	}
	return m, n
}

// underHeadline reads header lines that stand below a headline.
func underHeadline(text string) (m meta, n int) {
	trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
	line, rest, more := cutLine(trimmed)
	title := asHeadline(strings.TrimSpace(strings.TrimLeft(line, "#")))
	if !more || title == "" {
		return meta{}, 0
	}
	if m, n = headerLines(rest); n == 0 {
		return meta{}, 0
	}
	m.fill(meta{title: title})
	return m, len(text) - len(rest) + n
}

// followedByHeader reports whether the next line is a header demarc keeps.
func followedByHeader(text string) bool {
	for range maxHeaderLines {
		var line string
		line, text, _ = cutLine(text)
		parts := compiled().headerLine.FindStringSubmatch(strings.TrimSpace(line))
		if parts == nil || len(line) > maxHeaderLine {
			return false
		}
		key := strings.ToLower(parts[1])
		if new(meta).set(key, parts[2]) {
			return true
		}
		if !otherHeaders[key] {
			return false
		}
	}
	return false
}

// cutLine cuts text after its first line, returned without its end.
func cutLine(text string) (line, rest string, more bool) {
	line, rest, more = strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r"), rest, more && rest != ""
}

// headline returns the first line of a text if it stands alone as a title
// does: short, followed by an empty line, no sentence.
func headline(text string) string {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	line, rest, more := cutLine(text)
	next, _, _ := cutLine(rest)
	if !more || strings.TrimSpace(next) != "" {
		return ""
	}
	return asHeadline(strings.TrimSpace(line))
}

// asHeadline returns the line if it is short and no sentence, else "".
func asHeadline(line string) string {
	if line == "" || len(line) > maxHeadline {
		return ""
	}
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, `"'”’)`)); strings.ContainsRune(".!?:;,", last) {
		return ""
	}
	return line
}

// layouts are the written forms of a day and month that parseDate knows beside
// EDTF, coarser ones last.
var layouts = []struct {
	layout string
	day    bool
}{
	{"2006-1-2", true}, {"2006/1/2", true}, {"2006.1.2", true}, {"20060102", true},
	{"2 January 2006", true}, {"2 Jan 2006", true}, {"January 2 2006", true}, {"Jan 2 2006", true},
	{"2-Jan-2006", true}, {"2.1.2006", true},
	{"January 2006", false}, {"Jan 2006", false},
}

// parseDate reads a date as people and programs write one: EDTF, ISO 8601 with
// a time, "22 March 2022", "Mar. 22nd, 2022", "Tue, 22 Mar 2022 10:00:00 GMT".
// The day is the one written, whatever the time zone. Forms that leave open
// which number is the month are no date.
func parseDate(s string) (schema.Date, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 64 || s == "" {
		return schema.Date{}, false
	}
	if d, err := schema.ParseDate(s); err == nil {
		return d, true
	}
	p := compiled()
	s = p.weekday.ReplaceAllString(s, "")
	s = p.clock.ReplaceAllString(s, "")
	s = p.ordinal.ReplaceAllString(s, "$1")
	s = p.dayOf.ReplaceAllString(s, "$2 ")
	s = p.fullStop.ReplaceAllString(s, "$1")
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, ",", " ")), " ")
	s = strings.Replace(s, "Sept ", "Sep ", 1)
	if d, err := schema.ParseDate(s); err == nil && !d.IsZero() {
		return d, true
	}
	for _, l := range layouts {
		t, err := time.Parse(l.layout, s)
		if err != nil || t.Year() < 1000 {
			continue
		}
		if l.day {
			return schema.DayOf(t), true
		}
		return schema.Month(t.Year(), int(t.Month())), true
	}
	return schema.Date{}, false
}
