package ask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word, number or punctuation mark of a question.
type token struct {
	start, end int
	text       string
	low        string // lower case, the typographic apostrophe made plain
}

// tokenize splits a text. Possessives and "n't" stand alone, hyphens divide.
// text[tok.start:tok.end] == tok.text, and everything but white space and
// control characters is in some token.
func tokenize(text string) []token {
	var toks []token
	add := func(start, end int) {
		if start < end {
			t := text[start:end]
			low := strings.ReplaceAll(strings.ToLower(t), "’", "'")
			toks = append(toks, token{start, end, t, low})
		}
	}
	word := -1
	flush := func(end int) {
		if word < 0 {
			return
		}
		start := word
		word = -1
		low := strings.ReplaceAll(strings.ToLower(text[start:end]), "’", "'")
		apostrophe := strings.LastIndexAny(text[start:end], "'’")
		switch {
		case strings.HasSuffix(low, "n't") && len(low) > 3 && apostrophe > 0:
			cut := start + apostrophe - 1
			if low == "can't" {
				cut = start + apostrophe
			}
			add(start, cut)
			add(cut, end)
		case strings.HasSuffix(low, "'s") && apostrophe > 0:
			add(start, start+apostrophe)
			add(start+apostrophe, end)
		case (strings.HasSuffix(low, "'re") || strings.HasSuffix(low, "'ve") || strings.HasSuffix(low, "'ll")) && apostrophe > 0:
			add(start, start+apostrophe)
			add(start+apostrophe, end)
		default:
			add(start, end)
		}
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		inner := word >= 0 && i+n < len(text)
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			if word < 0 {
				word = i
			}
		case inner && (r == '\'' || r == '’') && letterAt(text, i+n):
		case inner && (r == '.' || r == ',') && digitAt(text, i+n) && unicode.IsDigit(rune(text[i-1])):
		case inner && r == '.' && i-word == 1 && letterAt(text, i+n): // "U.S."
		case word >= 0 && r == '.' && strings.Contains(text[word:i], "."): // its last dot
		default:
			flush(i)
			if !unicode.IsSpace(r) && !unicode.IsControl(r) && r != utf8.RuneError {
				add(i, i+n)
			}
		}
		i += n
	}
	flush(len(text))
	return toks
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

func digitAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsDigit(r)
}

// capital reports whether the token begins with a capital letter.
func (t *token) capital() bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return unicode.IsUpper(r)
}

// isWord reports whether the token is more than punctuation.
func (t *token) isWord() bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// number reports the value of a small number word or of digits; ok is false
// for anything else.
func (t *token) number() (n int, ok bool) {
	for i, w := range [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"} {
		if t.low == w {
			return i, true
		}
	}
	for _, r := range t.text {
		if !unicode.IsDigit(r) || n > 1e6 {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, t.text != ""
}
