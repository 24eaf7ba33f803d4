package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Notes are written in telegram style: clauses that semicolons part, often
// under a heading of names ("Chad-Niger: …"), often without a full stop at the
// end. Each clause of a note says one thing and has its own subject or none, so
// it becomes a sentence with a tree of its own; the heading becomes one, too.
// In prose a semicolon stays inside its sentence, as the treebanks have it.

// splitNotes refines s.ends of a block that is written as a note.
func (s *Scratch) splitNotes(text string) {
	if len(s.tokens) == 0 {
		return
	}
	head := s.heading(text)
	if head == 0 && (closed(text, s.tokens) || !strings.Contains(text, ";")) {
		return
	}
	s.old = append(s.old[:0], s.ends...)
	s.ends = s.ends[:0]
	if head > 0 {
		s.ends = append(s.ends, head)
	}
	first := head
	for _, end := range s.old {
		if end <= head {
			continue
		}
		depth, quoted := 0, false
		for i := first; i+1 < end; i++ {
			switch text[s.tokens[i].Start:s.tokens[i].End] {
			case "(", "[":
				depth++
			case ")", "]":
				depth = max(0, depth-1)
			case "\"":
				quoted = !quoted
			case "“":
				quoted = true
			case "”":
				quoted = false
			case ";":
				next := text[s.tokens[i+1].Start:s.tokens[i+1].End]
				if depth == 0 && !quoted && i > first && next != "and" && next != "or" {
					s.ends = append(s.ends, i+1)
					first = i + 1
				}
			}
		}
		s.ends = append(s.ends, end)
		first = end
	}
}

// closed says whether the block ends in a full stop, question or exclamation
// mark, brackets and quotes after it aside.
func closed(text string, toks []Span) bool {
	for i := len(toks) - 1; i >= 0; i-- {
		w := text[toks[i].Start:toks[i].End]
		switch w {
		case ")", "]", "\"", "”", "'", "’", "''":
			continue
		}
		return strings.HasSuffix(w, ".") || strings.HasSuffix(w, "?") || strings.HasSuffix(w, "!") || strings.HasSuffix(w, "…")
	}
	return true
}

// heading returns the number of tokens of the heading of names that the block
// starts with, or 0. The names are joined by a hyphen, dash or stroke, or
// stand alone before lower-case text that semicolons part; a colon ends them.
func (s *Scratch) heading(text string) int {
	const longest = 16
	joined := false
	for i := 0; i < len(s.tokens) && i < longest; i++ {
		w := text[s.tokens[i].Start:s.tokens[i].End]
		switch w {
		case "-", "–", "—", "/":
			joined = true
			continue
		case ",", "(", ")", "and", "of", "the", "de", "da", "'s", "’s", "&", ".":
			if i == 0 {
				return 0
			}
			continue
		case ":":
			if i == 0 || i+1 >= len(s.tokens) || s.tokens[i+1].Start == s.tokens[i].End {
				return 0
			}
			r, _ := utf8.DecodeRuneInString(text[s.tokens[i+1].Start:])
			if joined || unicode.IsLower(r) && !closed(text, s.tokens) {
				return i + 1
			}
			return 0
		}
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) {
			return 0
		}
	}
	return 0
}
