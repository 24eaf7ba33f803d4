package sparql

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is the kind of a token.
type kind uint8

const (
	tokEnd kind = iota
	tokIRI
	tokName  // prefix:local, the prefix in text, the rest in local
	tokBlank // _:label
	tokVar
	tokString
	tokLang
	tokInteger
	tokDecimal
	tokDouble
	tokWord // keyword, function name or "a"
	tokPunct
)

type token struct {
	kind  kind
	text  string
	local string // of a prefixed name
	pos   int    // where it begins
	end   int
}

// lexer splits a query into tokens.
type lexer struct {
	text string
	pos  int
}

// SyntaxError is a fault in the text of a query.
type SyntaxError struct {
	Line, Column int // from 1, the column in characters
	Message      string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// fail is how lexer and parser give up; [parse] recovers it.
func (l *lexer) fail(pos int, format string, args ...any) {
	pos = min(pos, len(l.text))
	before := l.text[:pos]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	panic(&SyntaxError{Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
}

// unescape replaces the escapes \uXXXX and \UXXXXXXXX, which may stand anywhere
// in a query, before anything else reads it.
func unescape(text string) (string, error) {
	if !strings.Contains(text, `\u`) && !strings.Contains(text, `\U`) {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		digits := 0
		switch text[i+1] {
		case 'u':
			digits = 4
		case 'U':
			digits = 8
		default:
			b.WriteString(text[i : i+2])
			i++
			continue
		}
		if len(text) < i+2+digits {
			return "", fmt.Errorf("the escape %q is cut short", text[i:])
		}
		code, err := strconv.ParseUint(text[i+2:i+2+digits], 16, 32)
		if err != nil || code > utf8.MaxRune || code >= 0xd800 && code < 0xe000 {
			return "", fmt.Errorf("the escape %q stands for no character", text[i:i+2+digits])
		}
		b.WriteRune(rune(code))
		i += 1 + digits
	}
	return b.String(), nil
}

func (l *lexer) space() {
	for l.pos < len(l.text) {
		switch l.text[l.pos] {
		case ' ', '\t', '\n', '\r':
			l.pos++
		case '#':
			for l.pos < len(l.text) && l.text[l.pos] != '\n' && l.text[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// base and first and inner are PN_CHARS_BASE, PN_CHARS_U and PN_CHARS.
func base(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xc0 && r <= 0xd6 || r >= 0xd8 && r <= 0xf6 ||
		r >= 0xf8 && r <= 0x2ff || r >= 0x370 && r <= 0x37d || r >= 0x37f && r <= 0x1fff || r >= 0x200c && r <= 0x200d ||
		r >= 0x2070 && r <= 0x218f || r >= 0x2c00 && r <= 0x2fef || r >= 0x3001 && r <= 0xd7ff ||
		r >= 0xf900 && r <= 0xfdcf || r >= 0xfdf0 && r <= 0xfffc || r >= 0x10000 && r <= 0xeffff
}

func first(r rune) bool { return base(r) || r == '_' }

func inner(r rune) bool {
	return varChar(r) || r == '-'
}

func varChar(r rune) bool {
	return first(r) || r >= '0' && r <= '9' || r == 0xb7 || r >= 0x300 && r <= 0x36f || r >= 0x203f && r <= 0x2040
}

// run returns the end of the longest run of characters of a class from pos.
func (l *lexer) run(pos int, class func(rune) bool) int {
	for pos < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[pos:])
		if !class(r) || r == utf8.RuneError {
			break
		}
		pos += n
	}
	return pos
}

// at returns the byte i places ahead, 0 at the end.
func (l *lexer) at(i int) byte {
	if l.pos+i < len(l.text) {
		return l.text[l.pos+i]
	}
	return 0
}

func (l *lexer) next() token {
	l.space()
	t := token{pos: l.pos}
	if l.pos == len(l.text) {
		t.end = l.pos
		return t
	}
	l.scan(&t)
	t.end = l.pos
	return t
}

func (l *lexer) scan(t *token) {
	c := l.text[l.pos]
	r, _ := utf8.DecodeRuneInString(l.text[l.pos:])
	switch {
	case c == '<':
		if end := l.iriEnd(); end > 0 {
			t.kind, t.text = tokIRI, l.text[l.pos+1:end]
			l.pos = end + 1
			return
		}
	case c == '?' || c == '$':
		if end := l.run(l.pos+1, varChar); end > l.pos+1 {
			t.kind, t.text = tokVar, l.text[l.pos+1:end]
			l.pos = end
			return
		}
	case c == '"' || c == '\'':
		t.kind, t.text = tokString, l.quoted()
		return
	case c == '@':
		end := l.pos + 1
		for end < len(l.text) && (letter(l.text[end]) || end > l.pos+1 && (digit(l.text[end]) || l.text[end] == '-')) {
			end++
		}
		tag := l.text[l.pos+1 : end]
		if tag == "" || strings.HasSuffix(tag, "-") || strings.Contains(tag, "--") {
			l.fail(l.pos, "a language tag such as @en is wanted")
		}
		t.kind, t.text = tokLang, tag
		l.pos = end
		return
	case digit(c) || c == '.' && digit(l.at(1)):
		l.number(t)
		return
	case c == '_' && l.at(1) == ':':
		start := l.pos + 2
		r, n := utf8.DecodeRuneInString(l.text[start:])
		if !first(r) && !(r >= '0' && r <= '9') {
			l.fail(l.pos, "a blank node needs a label after _:")
		}
		end := l.dotted(start+n, inner)
		t.kind, t.text = tokBlank, l.text[start:end]
		l.pos = end
		return
	case c == ':' || base(r):
		l.word(t)
		return
	}
	t.kind = tokPunct
	for _, p := range [...]string{"^^", "||", "&&", "!=", "<=", ">="} {
		if strings.HasPrefix(l.text[l.pos:], p) {
			t.text = p
			l.pos += 2
			return
		}
	}
	if !strings.ContainsRune("{}()[].,;=<>!+-*/|^?", r) {
		l.fail(l.pos, "%q has no meaning here", r)
	}
	t.text = l.text[l.pos : l.pos+1]
	l.pos++
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// iriEnd returns where the IRI that may begin here ends, 0 if none does.
func (l *lexer) iriEnd() int {
	for i := l.pos + 1; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == '>':
			return i
		case c <= ' ' || strings.IndexByte("<\"{}|^`\\", c) >= 0:
			return 0
		}
	}
	return 0
}

// dotted is run for names that may have dots, but not at their end.
func (l *lexer) dotted(pos int, class func(rune) bool) int {
	end := l.run(pos, func(r rune) bool { return class(r) || r == '.' })
	for end > pos && l.text[end-1] == '.' {
		end--
	}
	return end
}

// word reads a keyword or a prefixed name.
func (l *lexer) word(t *token) {
	start := l.pos
	end := start
	if l.text[start] != ':' {
		end = l.dotted(start, inner)
	}
	if end == len(l.text) || l.text[end] != ':' {
		end = l.run(start, varChar) // keywords have no dots and hyphens
		t.kind, t.text = tokWord, l.text[start:end]
		l.pos = end
		return
	}
	t.kind, t.text = tokName, l.text[start:end]
	l.pos = end + 1
	var local strings.Builder
	last := l.pos // the end of the name without dots that end a sentence
	kept := 0
	for l.pos < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[l.pos:])
		switch {
		case r == '%':
			if l.pos+2 >= len(l.text) || !hexDigit(l.text[l.pos+1]) || !hexDigit(l.text[l.pos+2]) {
				l.fail(l.pos, "%% in a name wants two hexadecimal digits after it")
			}
			local.WriteString(l.text[l.pos : l.pos+3])
			l.pos += 3
		case r == '\\':
			if l.pos+1 >= len(l.text) || !strings.ContainsRune(`_~.-!$&'()*+,;=/?#@%`, rune(l.text[l.pos+1])) {
				l.fail(l.pos, "this character cannot be escaped in a name")
			}
			local.WriteByte(l.text[l.pos+1])
			l.pos += 2
		case r == '.' && l.pos > end+1:
			local.WriteByte('.')
			l.pos++
			continue
		case r == ':' || first(r) || r >= '0' && r <= '9' || l.pos > end+1 && inner(r):
			local.WriteRune(r)
			l.pos += n
		default:
			l.pos = last
			t.local = local.String()[:kept]
			return
		}
		last, kept = l.pos, local.Len()
	}
	l.pos = last
	t.local = local.String()[:kept]
}

func hexDigit(c byte) bool { return digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

func (l *lexer) number(t *token) {
	start := l.pos
	digits := func() {
		for digit(l.at(0)) {
			l.pos++
		}
	}
	t.kind = tokInteger
	digits()
	if l.at(0) == '.' && (digit(l.at(1)) || l.pos > start && l.exponent(1)) {
		t.kind = tokDecimal
		l.pos++
		digits()
	}
	if l.exponent(0) {
		t.kind = tokDouble
		l.pos += 2 // a sign or a digit comes after the letter
		digits()
	}
	t.text = l.text[start:l.pos]
}

// exponent reports whether one begins i places ahead.
func (l *lexer) exponent(i int) bool {
	if c := l.at(i); c != 'e' && c != 'E' {
		return false
	}
	c := l.at(i + 1)
	return digit(c) || (c == '+' || c == '-') && digit(l.at(i+2))
}

// quoted reads a string and resolves its escapes.
func (l *lexer) quoted() string {
	start := l.pos
	q := l.text[l.pos : l.pos+1]
	long := strings.HasPrefix(l.text[l.pos:], q+q+q)
	if long {
		q += q + q
	}
	l.pos += len(q)
	var b strings.Builder
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case strings.HasPrefix(l.text[l.pos:], q):
			l.pos += len(q)
			return b.String()
		case c == '\\':
			i := strings.IndexByte(`tbnrf"'\`, l.at(1))
			if i < 0 || l.at(1) == 0 {
				l.fail(l.pos, "strings know the escapes \\t \\b \\n \\r \\f \\\" \\' \\\\ only")
			}
			b.WriteByte("\t\b\n\r\f\"'\\"[i])
			l.pos += 2
		case !long && (c == '\n' || c == '\r'):
			l.fail(start, "the string is not closed on its line")
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
	l.fail(start, "the string is not closed")
	return ""
}
