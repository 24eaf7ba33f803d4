package nlp_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/jdkato/prose/v3/tag"

	"github.com/demarcgraph/demarc/nlp"
)

// article is prose of our own to measure on: some 1,500 words.
var article = strings.Repeat(`The two governments said on Tuesday that they would return to the negotiating table, seven months after
Ruritania accused its neighbour of moving the stones that have marked the border since the treaty of 1911. “Nothing
has been agreed until everything has been agreed,” the foreign minister, Anna Veld, told reporters in the capital. The
islands, which lie twelve miles off the coast and are home to about four hundred fishermen, were occupied by Graustark
during the war and have been administered by it ever since; Ruritania has never recognized the annexation. Analysts
doubt that a settlement can be reached before the elections, because neither side can afford to give up its claim.

`, 12)

// BenchmarkParse goes from raw text to trees on one core.
func BenchmarkParse(b *testing.B) {
	p := pipeline(b)
	ctx := context.Background()
	tokens := 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		for s, err := range p.Sentences(ctx, article) {
			if err != nil {
				b.Fatal(err)
			}
			tokens += len(s.Tokens)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(tokens), "allocs/token")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(tokens), "B/token")
}

func words(b *testing.B) [][]string {
	doc, err := pipeline(b).Parse(context.Background(), article)
	if err != nil {
		b.Fatal(err)
	}
	var out [][]string
	for _, s := range doc.Sentences {
		var ws []string
		for _, w := range s.Tokens {
			ws = append(ws, w.Text)
		}
		out = append(out, ws)
	}
	return out
}

// BenchmarkAnnotate tags and parses words that are already cut.
func BenchmarkAnnotate(b *testing.B) {
	p := pipeline(b)
	sents := words(b)
	tokens := 0
	for b.Loop() {
		for _, ws := range sents {
			p.Annotate(ws)
			tokens += len(ws)
		}
	}
	b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
}

// BenchmarkProseTag is the tagger of prose on the same words: tags only, no
// trees.
func BenchmarkProseTag(b *testing.B) {
	t, err := tag.New()
	if err != nil {
		b.Fatal(err)
	}
	sents := words(b)
	tokens := 0
	for b.Loop() {
		for _, ws := range sents {
			t.Tag(ws)
			tokens += len(ws)
		}
	}
	b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
}

func BenchmarkLoad(b *testing.B) {
	models := os.DirFS("../data/models")
	for b.Loop() {
		if _, err := nlp.Load(models); err != nil {
			b.Fatal(err)
		}
	}
}
