// Package segment cuts text into sentences and tokens. Both cuts are learnt:
// one classifier decides at each place inside a run of non-space characters
// whether a token ends there, a second one decides after each token that could
// close a sentence whether it does.
package segment

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/demarcgraph/demarc/nlp/internal/blob"
	"github.com/demarcgraph/demarc/nlp/internal/linear"
)

// Span is a token: a byte range of the text.
type Span struct{ Start, End int }

// Model is a trained segmenter. It is read-only and safe to share.
type Model struct {
	token, sent *linear.Model
	contracted  map[string]int // "cannot" → 3: words written together, and where they part
}

// Encode writes the model.
func (m *Model) Encode(w *blob.Writer) {
	m.token.Encode(w)
	m.sent.Encode(w)
	words := make([]string, 0, len(m.contracted))
	for s := range m.contracted {
		words = append(words, s)
	}
	slices.Sort(words)
	w.Strings(words)
	for _, s := range words {
		w.Int(m.contracted[s])
	}
}

// Decode reads a model.
func Decode(r *blob.Reader) (*Model, error) {
	token, err := linear.Decode(r)
	if err != nil {
		return nil, err
	}
	sent, err := linear.Decode(r)
	if err != nil {
		return nil, err
	}
	m := &Model{token: token, sent: sent, contracted: map[string]int{}}
	for _, s := range r.Strings() {
		m.contracted[s] = r.Int()
	}
	return m, r.Err()
}

// MaxBlock bounds the text that is cut as one piece, in bytes; no sentence is
// longer. It keeps memory flat on texts without paragraphs.
const MaxBlock = 32 << 10

// MaxTokens bounds the tokens of a sentence, and with them the memory of its
// parse.
const MaxTokens = 2048

// Block returns the end of the first block of text and the start of the next:
// a paragraph, closed by an empty line or the end, or as much as MaxBlock
// allows. more says that text may go on after what is given; then a block that
// is not closed is not returned and end is -1.
func Block(text string, more bool) (end, next int) {
	limit := min(len(text), MaxBlock)
	for i := 0; i < limit; i++ {
		if text[i] != '\n' {
			continue
		}
		j, lines := i, 0
		for j < len(text) && isSpaceByte(text[j]) {
			if text[j] == '\n' {
				lines++
			}
			j++
		}
		if lines > 1 {
			return i, j
		}
	}
	if len(text) <= MaxBlock {
		if more {
			return -1, 0
		}
		return len(text), len(text)
	}
	// Too long: cut at the last white space, or at a character's start.
	if i := strings.LastIndexAny(text[:limit], " \t\n"); i > limit/2 {
		return i, i + 1
	}
	for limit > MaxBlock-utf8.UTFMax && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return limit, limit
}

func isSpaceByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// Scratch holds buffers that calls of Segment reuse.
type Scratch struct {
	runes  []rune
	offs   []int
	class  []uint8
	feats  []uint64
	tokens []Span
	ends   []int
	old    []int
	scores [2]int32
}

// Segment cuts a block of text. It returns the tokens and, for each sentence,
// the number of tokens up to its end. Both are valid until the next call with
// the same scratch. base is added to all offsets.
func (m *Model) Segment(text string, base int, s *Scratch) (tokens []Span, ends []int) {
	s.tokens, s.ends = s.tokens[:0], s.ends[:0]
	m.tokenize(text, s)
	hard := hardBreaks(text)
	first := 0
	for i := range s.tokens {
		if i == len(s.tokens)-1 || i+1-first == MaxTokens || m.endsSentence(text, s, i, hard) {
			s.ends = append(s.ends, i+1)
			first = i + 1
		}
	}
	s.splitNotes(text)
	for i := range s.tokens {
		s.tokens[i].Start += base
		s.tokens[i].End += base
	}
	return s.tokens, s.ends
}

// Classes of characters.
const (
	other uint8 = iota
	upper
	lower
	digit
)

func classOf(r rune) uint8 {
	switch {
	case r >= 'a' && r <= 'z':
		return lower
	case r >= 'A' && r <= 'Z':
		return upper
	case r >= '0' && r <= '9':
		return digit
	case r < utf8.RuneSelf:
		return other
	case unicode.IsUpper(r):
		return upper
	case unicode.IsLetter(r), unicode.IsMark(r):
		return lower
	case unicode.IsDigit(r):
		return digit
	}
	return other
}

func isSpace(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == 0
}

// tokenize fills s.tokens, offsets within text.
func (m *Model) tokenize(text string, s *Scratch) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if isSpace(r) {
			i += n
			continue
		}
		end := i + n
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if isSpace(r) {
				break
			}
			end += n
		}
		s.load(text, i, end)
		start := i
		for k := 1; k < len(s.runes); k++ {
			if !s.candidate(k) {
				continue
			}
			if k == len(s.runes)-1 && s.runes[k] == '.' && abbreviation(text[start:s.offs[k]], nextClass(text, end)) {
				continue
			}
			s.tokenFeatures(text, k, start, end)
			m.token.Scores(s.feats, s.scores[:])
			if s.scores[1] > s.scores[0] {
				m.add(text, start, s.offs[k], s)
				start = s.offs[k]
			}
		}
		m.add(text, start, end, s)
		i = end
	}
}

// add appends the token, or the two words that it contracts.
func (m *Model) add(text string, start, end int, s *Scratch) {
	if end-start <= 8 {
		if at, ok := m.contracted[strings.ToLower(text[start:end])]; ok && at < end-start {
			s.tokens = append(s.tokens, Span{start, start + at}, Span{start + at, end})
			return
		}
	}
	s.tokens = append(s.tokens, Span{start, end})
}

// load spreads the chunk text[from:to] into characters, byte offsets, classes.
func (s *Scratch) load(text string, from, to int) {
	s.runes, s.offs, s.class = s.runes[:0], s.offs[:0], s.class[:0]
	for i := from; i < to; {
		r, n := utf8.DecodeRuneInString(text[i:])
		s.runes = append(s.runes, r)
		s.offs = append(s.offs, i)
		s.class = append(s.class, classOf(r))
		i += n
	}
}

// candidate says whether a token might end before character k.
func (s *Scratch) candidate(k int) bool {
	a, b := s.class[k-1], s.class[k]
	if a == other || b == other || (a == digit) != (b == digit) {
		return true
	}
	// "did|n't", and not "Ren'ai"
	return k+2 < len(s.runes) && (s.runes[k] == 'n' || s.runes[k] == 'N') && isApostrophe(s.runes[k+1]) && (s.runes[k+2] == 't' || s.runes[k+2] == 'T')
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == '`' }

// fold makes quotes and dashes of one kind alike, so that what is learnt on
// typewriter text holds on typeset text.
func fold(r rune) uint64 {
	switch r {
	case '’', '‘', '`':
		return '\''
	case '“', '”', '«', '»':
		return '"'
	case '–', '‑', '−':
		return '-'
	}
	return uint64(r)
}

func (s *Scratch) at(k int) uint64 {
	if k < 0 || k >= len(s.runes) {
		return 1
	}
	if s.class[k] == digit {
		return '0'
	}
	return fold(unicode.ToLower(s.runes[k]))
}

func (s *Scratch) shapeAt(k int) uint64 {
	if k < 0 || k >= len(s.runes) {
		return 1
	}
	if s.class[k] == other {
		return fold(s.runes[k])
	}
	return uint64(s.class[k]) + 2
}

const maxRun = 14

// runLeft hashes the letters and digits right before k, runRight those from k.
func (s *Scratch) runLeft(k int) (h uint64, n int) {
	i := k
	for i > 0 && k-i < maxRun && s.class[i-1] != other {
		i--
	}
	for j := i; j < k; j++ {
		h = linear.Mix(h, s.at(j))
	}
	return h, k - i
}

func (s *Scratch) runRight(k int) (h uint64, n int) {
	j := k
	for j < len(s.runes) && j-k < maxRun && s.class[j] != other {
		h = linear.Mix(h, s.at(j))
		j++
	}
	return h, j - k
}

func (s *Scratch) add(id uint64, parts ...uint64) {
	h := id * 0xD6E8FEB86659FD93
	for _, p := range parts {
		h = linear.Mix(h, p)
	}
	s.feats = append(s.feats, h)
}

// tokenFeatures describes the place before character k of the chunk that ends
// at byte end and in which the current token began at byte start.
func (s *Scratch) tokenFeatures(text string, k, start, end int) {
	s.feats = s.feats[:0]
	c2, c1, c0, d1, d2 := s.at(k-2), s.at(k-1), s.at(k), s.at(k+1), s.at(k+2)
	left, nl := s.runLeft(k)
	right, nr := s.runRight(k)
	var web uint64
	chunk := text[s.offs[0]:min(end, s.offs[0]+200)]
	if strings.Contains(chunk, "://") || strings.Contains(chunk, "www.") {
		web = 1
	} else if strings.Contains(chunk, "@") {
		web = 2
	}
	fresh := uint64(0)
	if start == s.offs[k-1] {
		fresh = 1 // the token so far is one character
	}
	s.add(0)
	s.add(1, c1, c0, web)
	s.add(2, c2, c1, c0)
	s.add(3, c1, c0, d1)
	s.add(4, c2, c1, c0, d1)
	s.add(5, c1, c0, d1, d2)
	s.add(6, s.at(k-3), c2, c1, c0)
	s.add(7, left, c0)
	s.add(8, c1, right)
	s.add(9, left, c0, d1)
	s.add(10, c2, c1, right)
	s.add(11, s.shapeAt(k-3), s.shapeAt(k-2), s.shapeAt(k-1), s.shapeAt(k), s.shapeAt(k+1), s.shapeAt(k+2))
	s.add(12, s.shapeAt(k-2), s.shapeAt(k-1), s.shapeAt(k), s.shapeAt(k+1))
	s.add(13, web, fresh, s.shapeAt(k-1), s.shapeAt(k))
	if rest := len(s.runes) - k; rest <= 3 {
		s.add(14, c0, d1, d2, uint64(nl))
	}
	if k <= 3 {
		s.add(15, c2, c1, c0, uint64(k))
	}
	if len(s.runes) <= 14 {
		h := uint64(k)
		for j := range s.runes {
			h = linear.Mix(h, s.at(j))
		}
		s.add(16, h)
	}
	s.add(17, uint64(min(nl, 5)), c1, c0, uint64(min(nr, 5)))
	// The hyphen's other side: "pro-" and "-year" decide alike at both ends.
	if s.class[k-1] == other && k >= 2 {
		l, n := s.runLeft(k - 1)
		s.add(18, l, c1, right)
		s.add(19, l, c1)
		s.add(20, uint64(min(n, 4)), c1, uint64(min(nr, 4)))
	}
	if s.class[k] == other && k+1 < len(s.runes) {
		r, n := s.runRight(k + 1)
		s.add(18, left, c0, r)
		s.add(21, c0, r)
		s.add(20, uint64(min(nl, 4)), c0, uint64(min(n, 4)), 1)
	}
	if k == len(s.runes)-1 && (c0 == '.' || c1 == '.') {
		next := nextClass(text, end)
		s.add(22, left, next)
		s.add(23, uint64(nl), next, s.shapeAt(k-1), s.shapeAt(k-2))
		s.add(24, next, uint64(strings.Count(chunk, ".")))
	}
}

// nextClass describes what follows byte i after white space: the class of the
// next chunk's first character, or the end of the block.
func nextClass(text string, i int) uint64 {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isSpace(r) {
			c := uint64(classOf(r))
			if c == uint64(other) {
				return fold(r) + 16
			}
			return c
		}
		i += n
	}
	return 9
}

// hardBreaks returns the places of the line breaks in a block that end a line
// on purpose. A soft break is one that wrapping made: the next line's first
// word would not have fitted any more.
func hardBreaks(text string) []int {
	if !strings.Contains(text, "\n") {
		return nil
	}
	width := 0
	for line := range strings.SplitSeq(text, "\n") {
		width = max(width, len(strings.TrimRight(line, " \t\r")))
	}
	var hard []int
	at := 0
	for line := range strings.SplitSeq(text, "\n") {
		end := at + len(line)
		if end >= len(text) {
			break
		}
		rest := text[end+1:]
		rest = rest[:min(len(rest), 256)]
		word := strings.TrimLeft(rest, " \t")
		indent := len(rest) - len(word)
		if i := strings.IndexAny(word, " \t\r\n"); i >= 0 {
			word = word[:i]
		}
		const unwrapped = 160 // longer lines are whole paragraphs
		bullet := word == "-" || word == "*" || word == "•" || word == "–"
		if width > unwrapped || bullet || indent > 3 || len(strings.TrimRight(line, " \t\r"))+1+len(word) <= width-4 {
			hard = append(hard, end)
		}
		at = end + 1
	}
	return hard
}

// Word classes for the sentence splitter.
func wordShape(w string) uint64 {
	r, n := utf8.DecodeRuneInString(w)
	c := uint64(classOf(r))
	if c == uint64(other) {
		return 8
	}
	if n == len(w) {
		return c + 4
	}
	if c == uint64(upper) && strings.ToUpper(w) == w {
		return 9
	}
	return c
}

func wordHash(w string) uint64 {
	switch w { // typeset marks are learnt from typewritten ones
	case "…":
		w = "..."
	case "“", "”", "``", "''":
		w = "\""
	case "’", "‘":
		w = "'"
	case "–":
		w = "-"
	case "—":
		w = "--"
	}
	if len(w) > 40 {
		w = w[:40]
	}
	for i := range len(w) {
		if c := w[i]; c < '0' || c > '9' {
			return linear.Hash(strings.ToLower(w))
		}
	}
	return uint64(len(w)) // numbers are alike but for their length
}

// closes says whether a sentence might end after the token.
func closes(w string) bool {
	r, _ := utf8.DecodeLastRuneInString(w)
	return classOf(r) == other && r != ',' && r != '-' && r != '$' && r != '%'
}

// endsSentence decides whether a sentence ends after token i of s.tokens.
func (m *Model) endsSentence(text string, s *Scratch, i int, hard []int) bool {
	t, next := s.tokens[i], s.tokens[i+1]
	if len(hard) > 0 {
		if at, _ := slices.BinarySearch(hard, t.End); at < len(hard) && hard[at] < next.Start {
			return true
		}
	}
	if !closes(text[t.Start:t.End]) || abbreviated(text, t) {
		return false
	}
	first := 0
	if n := len(s.ends); n > 0 {
		first = s.ends[n-1]
	}
	s.sentFeatures(text, s.tokens, i, first)
	m.sent.Scores(s.feats, s.scores[:])
	return s.scores[1] > s.scores[0]
}

// sentFeatures describes the place after token i in a sentence that began at
// token first.
func (s *Scratch) sentFeatures(text string, toks []Span, i, first int) {
	s.feats = s.feats[:0]
	word := func(k int) string {
		if k < 0 || k >= len(toks) {
			return ""
		}
		return text[toks[k].Start:toks[k].End]
	}
	w0, w1, p1 := word(i), word(i+1), word(i-1)
	h0, h1, hp := wordHash(w0), wordHash(w1), wordHash(p1)
	s0, s1, sp := wordShape(w0), wordShape(w1), wordShape(p1)
	h2, s2 := wordHash(word(i+2)), wordShape(word(i+2))
	gap := uint64(0)
	if i+1 < len(toks) && toks[i+1].Start > toks[i].End {
		gap = 1
	}
	var quotes, parens uint64
	for k := max(first, i-100); k <= i; k++ {
		switch word(k) {
		case "\"":
			quotes ^= 1
		case "“":
			quotes = 1
		case "”":
			quotes = 0
		case "(", "[":
			parens++
		case ")", "]":
			if parens > 0 {
				parens--
			}
		}
	}
	parens = min(parens, 1)
	length := uint64(min(i+1-first, 4))
	s.add(30)
	s.add(31, h0, gap)
	s.add(32, h0, s1, gap)
	s.add(33, h0, h1)
	s.add(34, h0, hp)
	s.add(35, h0, sp, s1, gap)
	s.add(36, h0, hp, s1)
	s.add(37, h0, s1, s2, gap)
	s.add(38, h0, quotes, parens, s1)
	s.add(39, h0, length, s1)
	s.add(40, s0, h1, gap)
	s.add(41, h0, hp, h1)
	s.add(42, h0, h1, h2)
	s.add(43, h0, s1, h2)
	s.add(44, h0, quotes, h1)
	s.add(45, uint64(min(len(w0), 4)), s0, s1, gap)
	s.add(46, h0, wordHash(word(i-2)), wordShape(word(i-2)), s1)
	s.add(47, h0, parens, gap)
}
