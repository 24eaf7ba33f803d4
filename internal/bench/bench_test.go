package bench

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

func corpus(t *testing.T) *Corpus {
	t.Helper()
	c, err := NewCorpus(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDocumentsVary checks that documents differ in what they speak of, and are
// read as well as the samples are: a corpus without facts would measure nothing.
func TestDocumentsVary(t *testing.T) {
	c := corpus(t)
	x, err := extract.New()
	if err != nil {
		t.Fatal(err)
	}
	samples, err := Samples(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	facts := func(docs []*schema.Document) (n int, said map[string]int) {
		said = map[string]int{}
		for _, doc := range docs {
			found, err := x.Extract(t.Context(), doc)
			if err != nil {
				t.Fatal(err)
			}
			n += len(found)
			for _, f := range found {
				said[f.Subject.ID+" "+string(f.Predicate)+" "+f.Object.Key()]++
			}
		}
		return n, said
	}
	const rounds = 4
	var docs []*schema.Document
	for n := range rounds * len(samples) {
		docs = append(docs, c.Document(n))
	}
	want, _ := facts(samples)
	got, said := facts(docs)
	if got < rounds*want*2/3 {
		t.Errorf("%d documents have %d facts, %d samples %d", len(docs), got, len(samples), want)
	}
	if len(said) < got*2/3 {
		t.Errorf("%d facts, of which only %d differ", got, len(said))
	}
	for i, doc := range docs {
		if strings.Contains(doc.Text, "  ") || strings.TrimSpace(doc.Text) != doc.Text {
			t.Errorf("document %d has spaces where there should be words: %q", i, doc.Text)
		}
	}
}

func TestDocumentsAreTheSameInEveryRun(t *testing.T) {
	a, b := corpus(t), corpus(t)
	for _, n := range []int{0, 17, 1000, 99_999} {
		if x, y := a.Document(n), b.Document(n); x.Hash() != y.Hash() {
			t.Errorf("document %d:\n%s\n%s", n, x.Text, y.Text)
		}
	}
}

func TestWriteJSONL(t *testing.T) {
	c := corpus(t)
	var b bytes.Buffer
	if err := c.WriteJSONL(&b, 10, 50); err != nil {
		t.Fatal(err)
	}
	n := 10
	for doc, err := range source.Read(t.Context(), &b, "corpus.jsonl", source.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if want := c.Document(n); doc.Hash() != want.Hash() {
			t.Errorf("document %d came back as %+v, want %+v", n, doc, want)
		}
		n++
	}
	if n != 50 {
		t.Errorf("%d documents came back, want 40", n-10)
	}
}

func TestFigures(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
	times := []time.Duration{5, 1, 4, 2, 3}
	if got := Median(times); got != 3 {
		t.Errorf("Median = %d, want 3", got)
	}
	if got := Percentile(times, 95); got != 5 {
		t.Errorf("Percentile(95) = %d, want 5", got)
	}
	if !slices.Equal(times, []time.Duration{5, 1, 4, 2, 3}) {
		t.Error("Percentile has changed the order of what it was given")
	}
	if Median(nil) != 0 {
		t.Error("Median of none is not 0")
	}
	if got := Millis(1500 * time.Microsecond); got != "1.5" {
		t.Errorf("Millis = %q", got)
	}
}
