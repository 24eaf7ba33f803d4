// Package conllu reads and writes treebanks in CoNLL-U, the ten-column format
// of Universal Dependencies (https://universaldependencies.org/format.html).
package conllu

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
)

// Word is a syntactic word: one line with a plain number as its ID.
type Word struct {
	Form, Lemma, UPOS, XPOS, Feats string
	Head                           int // 1-based position of the head; 0 for the root
	DepRel, Deps, Misc             string
}

// SpaceAfter says whether white space follows the word in the raw text.
func (w Word) SpaceAfter() bool { return spaceAfter(w.Misc) }

// Range is a multiword token: the surface form that words First to Last
// (1-based, both included) are written as.
type Range struct {
	First, Last int
	Form, Misc  string
}

// SpaceAfter says whether white space follows the multiword token.
func (r Range) SpaceAfter() bool { return spaceAfter(r.Misc) }

func spaceAfter(misc string) bool {
	for f := range strings.SplitSeq(misc, "|") {
		if f == "SpaceAfter=No" {
			return false
		}
	}
	return true
}

// Sentence is one tree with its comments. Empty nodes (IDs like 8.1) are not
// kept: they belong to the enhanced graph, not to the tree.
type Sentence struct {
	Comments []string // without the leading "# "
	Words    []Word
	Ranges   []Range // in order of First
}

// Comment returns the value of the first comment "name = value", or "".
func (s *Sentence) Comment(name string) string {
	v, _ := s.lookup(name)
	return v
}

// lookup finds a comment that is name alone or "name = value".
func (s *Sentence) lookup(name string) (value string, ok bool) {
	for _, c := range s.Comments {
		k, v, _ := strings.Cut(c, "=")
		if strings.TrimSpace(k) == name {
			return strings.TrimSpace(v), true
		}
	}
	return "", false
}

// StartsParagraph says whether a new paragraph or document starts here.
func (s *Sentence) StartsParagraph() bool {
	if _, ok := s.lookup("newpar"); ok {
		return true
	}
	_, ok := s.lookup("newdoc")
	if !ok {
		_, ok = s.lookup("newdoc id")
	}
	if !ok {
		_, ok = s.lookup("newpar id")
	}
	return ok
}

// Read yields the sentences of r one after the other. It stops at the first
// error, which names the line. It holds one sentence at a time in memory.
func Read(r io.Reader) iter.Seq2[Sentence, error] {
	return func(yield func(Sentence, error) bool) {
		sc := bufio.NewScanner(r)
		sc.Buffer(make([]byte, 64<<10), 16<<20)
		var s Sentence
		flush := func(line int) bool {
			if len(s.Words) == 0 {
				s = Sentence{}
				return true
			}
			for i, w := range s.Words {
				if w.Head < 0 || w.Head > len(s.Words) {
					yield(Sentence{}, fmt.Errorf("conllu: line %d: word %d has head %d in a sentence of %d words", line, i+1, w.Head, len(s.Words)))
					return false
				}
			}
			ok := yield(s, nil)
			s = Sentence{}
			return ok
		}
		line := 0
		for sc.Scan() {
			line++
			text := strings.TrimSuffix(sc.Text(), "\r")
			switch {
			case strings.TrimSpace(text) == "":
				if !flush(line) {
					return
				}
			case text[0] == '#':
				s.Comments = append(s.Comments, strings.TrimSpace(text[1:]))
			default:
				if err := s.addLine(text); err != nil {
					yield(Sentence{}, fmt.Errorf("conllu: line %d: %w", line, err))
					return
				}
			}
		}
		if err := sc.Err(); err != nil {
			yield(Sentence{}, fmt.Errorf("conllu: after line %d: %w", line, err))
			return
		}
		flush(line)
	}
}

func (s *Sentence) addLine(text string) error {
	var f [10]string
	n := 0
	for part := range strings.SplitSeq(text, "\t") {
		if n == len(f) {
			return errors.New("more than ten columns")
		}
		f[n] = part
		n++
	}
	if n != len(f) {
		return fmt.Errorf("%d columns, want ten separated by tabs", n)
	}
	if strings.Contains(f[0], ".") {
		return nil
	}
	if a, b, ok := strings.Cut(f[0], "-"); ok {
		first, err1 := strconv.Atoi(a)
		last, err2 := strconv.Atoi(b)
		if err1 != nil || err2 != nil || first != len(s.Words)+1 || last < first {
			return fmt.Errorf("range %q does not start at the next word, %d", f[0], len(s.Words)+1)
		}
		s.Ranges = append(s.Ranges, Range{First: first, Last: last, Form: f[1], Misc: f[9]})
		return nil
	}
	id, err := strconv.Atoi(f[0])
	if err != nil || id != len(s.Words)+1 {
		return fmt.Errorf("ID %q, want %d", f[0], len(s.Words)+1)
	}
	head := 0
	if f[6] != "_" {
		if head, err = strconv.Atoi(f[6]); err != nil {
			return fmt.Errorf("head %q is not a number", f[6])
		}
	}
	s.Words = append(s.Words, Word{
		Form: f[1], Lemma: f[2], UPOS: f[3], XPOS: f[4], Feats: f[5],
		Head: head, DepRel: f[7], Deps: f[8], Misc: f[9],
	})
	return nil
}

// Write writes s in CoNLL-U, with the blank line that ends it. Empty strings
// become "_".
func Write(w io.Writer, s *Sentence) error {
	var b []byte
	for _, c := range s.Comments {
		b = append(b, "# "...)
		b = append(b, c...)
		b = append(b, '\n')
	}
	r := 0
	for i := range s.Words {
		for r < len(s.Ranges) && s.Ranges[r].First == i+1 {
			m := s.Ranges[r]
			b = fmt.Appendf(b, "%d-%d\t%s\t_\t_\t_\t_\t_\t_\t_\t%s\n", m.First, m.Last, m.Form, blank(m.Misc))
			r++
		}
		t := &s.Words[i]
		b = strconv.AppendInt(b, int64(i+1), 10)
		for _, f := range [...]string{t.Form, t.Lemma, t.UPOS, t.XPOS, t.Feats} {
			b = append(b, '\t')
			b = append(b, blank(f)...)
		}
		b = append(b, '\t')
		b = strconv.AppendInt(b, int64(t.Head), 10)
		for _, f := range [...]string{t.DepRel, t.Deps, t.Misc} {
			b = append(b, '\t')
			b = append(b, blank(f)...)
		}
		b = append(b, '\n')
	}
	b = append(b, '\n')
	_, err := w.Write(b)
	return err
}

func blank(s string) string {
	if s == "" {
		return "_"
	}
	return s
}

// Open opens a treebank file; a name that ends in .gz is unpacked on the way.
// The caller closes it.
func Open(name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(name, ".gz") {
		return f, nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &gzipFile{z, f}, nil
}

type gzipFile struct {
	*gzip.Reader
	file *os.File
}

func (g *gzipFile) Close() error { return errors.Join(g.Reader.Close(), g.file.Close()) }

// Text rebuilds the raw text that sents annotate: words and multiword tokens
// in order, a space where SpaceAfter allows one, an empty line before each new
// paragraph. spans[i][j] is the byte range of word j of sentence i; the words
// of a multiword token that do not spell its surface form share it evenly.
func Text(sents []Sentence) (text string, spans [][][2]int) {
	var b strings.Builder
	spans = make([][][2]int, len(sents))
	space := false
	for i := range sents {
		s := &sents[i]
		if i > 0 {
			if s.StartsParagraph() {
				b.WriteString("\n\n")
				space = false
			}
		}
		r := 0
		sp := make([][2]int, len(s.Words))
		for j := 0; j < len(s.Words); {
			if space {
				b.WriteByte(' ')
			}
			for r < len(s.Ranges) && s.Ranges[r].First < j+1 {
				r++
			}
			if r < len(s.Ranges) && s.Ranges[r].First == j+1 && s.Ranges[r].Last <= len(s.Words) {
				m := s.Ranges[r]
				share(sp[j:m.Last], s.Words[j:m.Last], m.Form, b.Len())
				b.WriteString(m.Form)
				space = m.SpaceAfter()
				j = m.Last
				continue
			}
			w := &s.Words[j]
			sp[j] = [2]int{b.Len(), b.Len() + len(w.Form)}
			b.WriteString(w.Form)
			space = w.SpaceAfter()
			j++
		}
		spans[i] = sp
	}
	return b.String(), spans
}

// share divides the surface form of a multiword token among its words.
func share(spans [][2]int, words []Word, form string, at int) {
	var all strings.Builder
	for _, w := range words {
		all.WriteString(w.Form)
	}
	spelt := all.String() == form
	from := 0
	for i, w := range words {
		to := from + len(w.Form)
		if !spelt {
			to = len(form) * (i + 1) / len(words)
			for to < len(form) && form[to]&0xC0 == 0x80 {
				to++
			}
		}
		spans[i] = [2]int{at + from, at + to}
		from = to
	}
}
