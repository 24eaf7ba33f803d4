package nlp_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/demarcgraph/demarc/nlp"
)

// load is shared by the tests: one model, many goroutines.
var load = sync.OnceValues(func() (*nlp.Pipeline, error) {
	models := os.Getenv("DEMARC_MODELS")
	if models == "" {
		models = "../data/models"
	}
	return nlp.Load(os.DirFS(models))
})

func pipeline(t testing.TB) *nlp.Pipeline {
	t.Helper()
	p, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const sample = `Border Talks Resume

Ruritania said Monday it was ready to resume talks with Graustark on the Dagger Islands, which Adm. J. P. Holt's fleet seized in 1931. “We do not accept the 1932 line,” the ministry said — “nor will we.”

Ruritania-Graustark: claims the Graustark-administered Dagger Islands (3,500 sq km); dispute with Syldavia over the U.S.-drawn line; no talks since 1994
`

// check asserts what holds for every parsed text.
func check(t testing.TB, text string, sents []nlp.Sentence) {
	t.Helper()
	last := 0
	for _, s := range sents {
		if len(s.Tokens) == 0 {
			t.Fatalf("empty sentence at %d", s.Start)
		}
		if s.Start != s.Tokens[0].Start || s.End != s.Tokens[len(s.Tokens)-1].End {
			t.Fatalf("sentence %d:%d does not span its tokens", s.Start, s.End)
		}
		roots := 0
		for i, w := range s.Tokens {
			if w.Start < last || w.End <= w.Start || w.End > len(text) || text[w.Start:w.End] != w.Text {
				t.Fatalf("token %q at %d:%d does not give back the text", w.Text, w.Start, w.End)
			}
			if strings.TrimSpace(text[last:w.Start]) != "" && strings.Trim(text[last:w.Start], " \t\r\n\v\f\u0085\u00a0\u200b\ufeff\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\x00") != "" {
				t.Fatalf("text %q belongs to no token", text[last:w.Start])
			}
			last = w.End
			if w.Tag == "" || w.POS == "" || w.Rel == "" || w.Lemma == "" {
				t.Fatalf("token %q lacks an annotation: %+v", w.Text, w)
			}
			if (w.Head < 0) != (w.Rel == "root") {
				t.Fatalf("token %q: head %d with relation %s", w.Text, w.Head, w.Rel)
			}
			if w.Head < 0 {
				roots++
				continue
			}
			steps := 0
			for j := i; j >= 0; j = s.Tokens[j].Head {
				if steps++; steps > len(s.Tokens) {
					t.Fatalf("token %d of %q hangs in a cycle", i, text[s.Start:s.End])
				}
			}
		}
		if roots != 1 {
			t.Fatalf("%d roots in %q", roots, text[s.Start:s.End])
		}
	}
}

func TestParse(t *testing.T) {
	p := pipeline(t)
	doc, err := p.Parse(context.Background(), sample)
	if err != nil {
		t.Fatal(err)
	}
	check(t, sample, doc.Sentences)
	var got []string
	for _, s := range doc.Sentences {
		var words []string
		for _, w := range s.Tokens {
			words = append(words, w.Text)
		}
		got = append(got, strings.Join(words, " "))
	}
	want := []string{
		"Border Talks Resume",
		"Ruritania said Monday it was ready to resume talks with Graustark on the Dagger Islands , which Adm. J. P. Holt 's fleet seized in 1931 .",
		"“ We do not accept the 1932 line , ” the ministry said — “ nor will we . ”",
		"Ruritania - Graustark :",
		"claims the Graustark - administered Dagger Islands ( 3,500 sq km ) ;",
		"dispute with Syldavia over the U.S. - drawn line ;",
		"no talks since 1994",
	}
	if !slices.Equal(got, want) {
		t.Errorf("sentences:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTokens(t *testing.T) {
	p := pipeline(t)
	for _, c := range []struct{ text, want string }{
		{"The U.S. Senate didn't ratify it.", "The U.S. Senate did n't ratify it ."},
		{"They cannot agree; we’ll see.", "They can not agree ; we ’ll see ."},
		{"peace-treaty talks", "peace - treaty talks"},
		{"the Japanese-administered islands", "the Japanese - administered islands"},
		{"re-elected in 1996", "re-elected in 1996"},
		{"an anti-war pro-independence party", "an anti-war pro-independence party"},
		{"on 23 March 1957 (Treaty No. 5)", "on 23 March 1957 ( Treaty No. 5 )"},
		{"islands — Aa, Bb and Cc — were", "islands — Aa , Bb and Cc — were"},
		{"between 1905-1945", "between 1905 - 1945"},
		{"3.5% of 1,200 km", "3.5 % of 1,200 km"},
		{"and/or", "and / or"},
	} {
		doc, err := p.Parse(context.Background(), c.text)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, s := range doc.Sentences {
			for _, w := range s.Tokens {
				words = append(words, w.Text)
			}
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestLineBreaks(t *testing.T) {
	p := pipeline(t)
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"wrapped", "The two states have argued over the river islands since the war of\n1864, when the line was first drawn on a map that neither of them has\naccepted to this day.", 1},
		{"heading", "Background\nThe two states have argued over the river islands since the war of 1864.", 2},
		{"list", "The parties are:\n- Ruritania\n- Graustark", 3},
		{"paragraphs", "One thing\n\nAnother thing", 2},
	} {
		doc, err := p.Parse(context.Background(), c.text)
		if err != nil {
			t.Fatal(err)
		}
		if len(doc.Sentences) != c.want {
			t.Errorf("%s: %d sentences, want %d: %v", c.name, len(doc.Sentences), c.want, doc.Sentences)
		}
	}
}

// A stream gives the same sentences however it is cut into reads.
func TestStream(t *testing.T) {
	p := pipeline(t)
	text := strings.Repeat(sample+"\n", 400)
	want, err := p.Parse(context.Background(), text)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{
		"whole":         strings.NewReader(text),
		"half":          iotest.HalfReader(strings.NewReader(text)),
		"data with EOF": iotest.DataErrReader(strings.NewReader(text)),
	} {
		i := 0
		for s, err := range p.Stream(context.Background(), r) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if i >= len(want.Sentences) || s.Start != want.Sentences[i].Start || !slices.Equal(s.Tokens, want.Sentences[i].Tokens) {
				t.Fatalf("%s: sentence %d differs: %v", name, i, s)
			}
			i++
		}
		if i != len(want.Sentences) {
			t.Errorf("%s: %d sentences, want %d", name, i, len(want.Sentences))
		}
	}
	broken := errors.New("broken")
	var got error
	for _, err := range p.Stream(context.Background(), iotest.ErrReader(broken)) {
		got = err
	}
	if !errors.Is(got, broken) {
		t.Errorf("a failing reader gives %v", got)
	}
}

func TestCancelled(t *testing.T) {
	p := pipeline(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Parse(ctx, sample); !errors.Is(err, context.Canceled) {
		t.Errorf("Parse: %v", err)
	}
	if _, err := p.Parse(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Parse of nothing: %v", err)
	}
	for _, err := range p.Stream(ctx, strings.NewReader(sample)) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Stream: %v", err)
		}
	}
}

// One model serves many goroutines; the race detector watches.
func TestShared(t *testing.T) {
	p := pipeline(t)
	want, err := p.Parse(context.Background(), sample)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				got, err := p.Parse(context.Background(), sample)
				if err != nil {
					t.Error(err)
					return
				}
				for i, s := range got.Sentences {
					if !slices.Equal(s.Tokens, want.Sentences[i].Tokens) {
						t.Errorf("sentence %d differs between goroutines", i)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestLongSentence(t *testing.T) {
	p := pipeline(t)
	for _, n := range []int{1, 2, 500, 513, 2000, 5000} {
		text := strings.TrimSpace(strings.Repeat("islands and ", n/2+1))
		doc, err := p.Parse(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		check(t, text, doc.Sentences)
	}
	marks := strings.Repeat("(", 6000)
	doc, err := p.Parse(context.Background(), marks)
	if err != nil {
		t.Fatal(err)
	}
	check(t, marks, doc.Sentences)
	for _, s := range doc.Sentences {
		if len(s.Tokens) > 2048 {
			t.Errorf("a sentence of %d tokens", len(s.Tokens))
		}
	}
	words := strings.Fields(strings.Repeat("a treaty that cedes islands to a state ", 300))
	s := p.Annotate(words)
	check(t, strings.Join(words, " "), []nlp.Sentence{s})
	if len(s.Tokens) != len(words) {
		t.Errorf("%d tokens of %d words", len(s.Tokens), len(words))
	}
	if s := p.Annotate(nil); len(s.Tokens) != 0 {
		t.Errorf("no words give %v", s)
	}
}

// A stream of any length is held one piece at a time.
func TestStreamMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("parses 600 KB")
	}
	p := pipeline(t)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	r := &repeat{text: sample + "\n", left: 600 << 10}
	var before, most uint64
	n := 0
	for _, err := range p.Stream(context.Background(), r) {
		if err != nil {
			t.Fatal(err)
		}
		if n == 500 {
			before = heap()
		} else if n%1000 == 0 && n > 500 {
			most = max(most, heap())
		}
		n++
	}
	if n < 5000 || most > before+2<<20 {
		t.Errorf("%d sentences: the heap grows from %d to %d bytes", n, before, most)
	}
}

// repeat reads text again and again until left bytes are read.
type repeat struct {
	text     string
	at, left int
}

func (r *repeat) Read(b []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := copy(b, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	r.left -= n
	return n, nil
}

func TestLoadErrors(t *testing.T) {
	good, err := os.ReadFile("../data/models/english.model")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nlp.Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "english.model") {
		t.Errorf("no model: %v", err)
	}
	for name, data := range map[string][]byte{
		"empty":   nil,
		"foreign": []byte("PK\x03\x04 something else"),
		"cut":     good[:len(good)/2],
		"header":  good[:20],
	} {
		_, err := nlp.Load(fstest.MapFS{"english.model": &fstest.MapFile{Data: data}})
		if err == nil || !strings.Contains(err.Error(), "english.model") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("U.S.-Japan: \"a;b\" (c; d); e…\xff\x00\n\n\n- x\r\n")
	f.Add(strings.Repeat("((((", 50) + strings.Repeat(";", 60))
	f.Add("don’t can't CANNOT gonna O'Neill's 1990's http://a.b/c?d=e;f me@x.org")
	f.Add("\u200b \ufeff\u0301e\u0301 漢字 Привет, мир! 🙂🙂")
	p := pipeline(f)
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := p.Parse(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		check(t, text, doc.Sentences)
		var streamed []nlp.Sentence
		for s, err := range p.Stream(context.Background(), bytes.NewReader([]byte(text))) {
			if err != nil {
				t.Fatal(err)
			}
			streamed = append(streamed, s)
		}
		if len(streamed) != len(doc.Sentences) {
			t.Fatalf("%d sentences streamed, %d parsed", len(streamed), len(doc.Sentences))
		}
	})
}

// The same text gives the same tags and trees with every kernel: the test runs
// itself again with the wider instructions hidden from it.
func TestSameOnEveryProcessor(t *testing.T) {
	if testing.Short() {
		t.Skip("the kernels in Go alone are slow")
	}
	const child = "NLP_TEST_PRINT_HASH"
	if os.Getenv(child) != "" {
		fmt.Println("hash", hashOfSamples(t))
		return
	}
	want := "hash " + hashOfSamples(t)
	for _, off := range []string{"cpu.avx512f=off", "cpu.avx512f=off,cpu.avx2=off"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestSameOnEveryProcessor$")
		cmd.Env = append(os.Environ(), child+"=1", "GODEBUG="+off)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("with %s: %v\n%s", off, err, out)
		}
		if !strings.Contains(string(out), want) {
			t.Errorf("with %s the samples give\n%swant %s", off, out, want)
		}
	}
}

// hashOfSamples sums up all that the pipeline says of the sample documents.
func hashOfSamples(t *testing.T) string {
	files, err := filepath.Glob("../data/documents/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample documents: %v", err)
	}
	h := sha256.New()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := pipeline(t).Parse(t.Context(), string(text))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(h, name, doc.Sentences)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
