package nlp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strings"
	"sync"

	"github.com/demarcgraph/demarc/nlp/internal/model"
	"github.com/demarcgraph/demarc/nlp/internal/segment"
)

// Pipeline holds the trained models. It is read-only after Load: any number of
// goroutines may share one.
type Pipeline struct {
	m       *model.Model
	workers sync.Pool // of *worker
}

// worker holds the buffers of one parse.
type worker struct {
	seg   segment.Scratch
	model model.Scratch
	words []string
	offs  []int
}

// batch is the number of words that are parsed together, if there are so many:
// more at once would not be faster.
const batch = 128

// Load reads the models of the folder models, whose files are those that
// cmd/demarc-train writes. It takes some tens of milliseconds, so callers that
// may not parse at all should put it off until they do.
func Load(models fs.FS) (*Pipeline, error) {
	data, err := fs.ReadFile(models, model.FileName)
	if err != nil {
		return nil, fmt.Errorf("nlp: read the model: %w; cmd/demarc-train makes one", err)
	}
	m, err := model.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("nlp: %s: %w; train it anew with cmd/demarc-train", model.FileName, err)
	}
	p := &Pipeline{m: m}
	p.workers.New = func() any { return new(worker) }
	return p, nil
}

// Parse cuts text into sentences and tokens and gives each token its tags,
// lemma and place in the sentence's tree. The whole result is in memory; for
// long texts range over Sentences or Stream instead.
func (p *Pipeline) Parse(ctx context.Context, text string) (*Doc, error) {
	doc := &Doc{Text: text}
	for s, err := range p.Sentences(ctx, text) {
		if err != nil {
			return nil, err
		}
		doc.Sentences = append(doc.Sentences, s)
	}
	return doc, nil
}

// Sentences yields the sentences of text one after the other. It ends with the
// context's error when ctx is done.
func (p *Pipeline) Sentences(ctx context.Context, text string) iter.Seq2[Sentence, error] {
	return func(yield func(Sentence, error) bool) {
		w := p.workers.Get().(*worker)
		defer p.workers.Put(w)
		for at := 0; at < len(text); {
			end, next := segment.Block(text[at:], false)
			if !p.block(ctx, w, text[at:at+end], at, yield) {
				return
			}
			at += next
		}
		if err := ctx.Err(); err != nil {
			yield(Sentence{}, err)
		}
	}
}

// Stream yields the sentences of what r holds, reading as it goes: its memory
// does not grow with the length of the text. Offsets count from the start of
// r. It ends with the error of r or of the context, if there is one.
func (p *Pipeline) Stream(ctx context.Context, r io.Reader) iter.Seq2[Sentence, error] {
	return func(yield func(Sentence, error) bool) {
		w := p.workers.Get().(*worker)
		defer p.workers.Put(w)
		var (
			buf  []byte
			base int
			more = true
		)
		chunk := make([]byte, 4*segment.MaxBlock)
		for {
			for more && len(buf) < 2*segment.MaxBlock {
				n, err := r.Read(chunk)
				buf = append(buf, chunk[:n]...)
				if errors.Is(err, io.EOF) {
					more = false
				} else if err != nil {
					yield(Sentence{}, fmt.Errorf("nlp: read text after byte %d: %w", base+len(buf), err))
					return
				}
			}
			if len(buf) == 0 {
				break
			}
			text := string(buf) // tokens keep parts of it alive, so it is never reused
			at := 0
			for at < len(text) {
				end, next := segment.Block(text[at:], more)
				if end < 0 || more && len(text)-at < segment.MaxBlock {
					break
				}
				if !p.block(ctx, w, text[at:at+end], base+at, yield) {
					return
				}
				at += next
			}
			base += at
			buf = append(buf[:0], buf[at:]...)
		}
		if err := ctx.Err(); err != nil {
			yield(Sentence{}, err)
		}
	}
}

// block parses one block of text that lies base bytes into the whole. It says
// whether to go on.
func (p *Pipeline) block(ctx context.Context, w *worker, text string, base int, yield func(Sentence, error) bool) bool {
	spans, ends := p.m.Segment.Segment(text, 0, &w.seg)
	for first := 0; len(ends) > 0; {
		if err := ctx.Err(); err != nil {
			yield(Sentence{}, err)
			return false
		}
		w.offs = append(w.offs[:0], 0)
		for len(ends) > 0 && w.offs[len(w.offs)-1] < batch {
			w.offs = append(w.offs, ends[0]-first)
			ends = ends[1:]
		}
		n := w.offs[len(w.offs)-1]
		toks := make([]Token, n)
		for i, sp := range spans[first : first+n] {
			toks[i] = Token{Start: base + sp.Start, End: base + sp.End, Text: text[sp.Start:sp.End]}
		}
		first += n
		p.annotate(toks, w)
		for i, at := range w.offs[1:] {
			from := w.offs[i]
			s := Sentence{Start: toks[from].Start, End: toks[at-1].End, Tokens: toks[from:at:at]}
			if !yield(s, nil) {
				return false
			}
		}
	}
	return true
}

// Annotate tags and parses words that are already cut, as one sentence. The
// offsets count as if the words were joined with single spaces.
func (p *Pipeline) Annotate(words []string) Sentence {
	w := p.workers.Get().(*worker)
	defer p.workers.Put(w)
	toks := make([]Token, len(words))
	at := 0
	for i, s := range words {
		toks[i] = Token{Start: at, End: at + len(s), Text: s}
		at += len(s) + 1
	}
	w.offs = append(w.offs[:0], 0, len(words))
	p.annotate(toks, w)
	return Sentence{End: max(0, at-1), Tokens: toks}
}

// annotate fills in everything but the text and the offsets. The sentences are
// those of w.offs.
func (p *Pipeline) annotate(toks []Token, w *worker) {
	w.words = w.words[:0]
	for i := range toks {
		w.words = append(w.words, toks[i].Text)
	}
	out := p.m.Annotate(w.words, w.offs, &w.model)
	for i := range toks {
		t, a := &toks[i], out[i]
		t.Tag, t.POS, t.Head, t.Rel = a.Tag, a.POS, a.Head, a.Rel
		t.Lemma = p.m.Lemma.Lemma(t.Text, t.Tag, t.POS)
	}
	clear(w.words)
}

// String returns the words of the sentence with their tags, for messages.
func (s Sentence) String() string {
	var b strings.Builder
	for i, t := range s.Tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Text + "/" + t.Tag)
	}
	return b.String()
}
