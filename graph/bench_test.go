package graph

import (
	"fmt"
	"testing"

	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/schema"
)

func BenchmarkLoad(b *testing.B) {
	x, docs := goldCorpus(b)
	g, err := Open(b.Context(), b.TempDir()+"/g", WithExtractor(x), WithGazetteer(atlas{}))
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close()
	n := 0
	for b.Loop() {
		doc := *docs[n%len(docs)]
		doc.Title = fmt.Sprint(n) // a new version of it
		load(b, g, &doc)
		n++
	}
}

func BenchmarkRead(b *testing.B) {
	x, docs := goldCorpus(b)
	g := open(b, x, atlas{})
	load(b, g, docs...)
	b.Run("facts about one state", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n = len(collect(b, g.Facts(b.Context(), schema.Filter{Subject: "state/china"})))
		}
		b.ReportMetric(float64(n), "facts")
	})
	b.Run("all facts", func(b *testing.B) {
		for b.Loop() {
			collect(b, g.Facts(b.Context(), schema.Filter{}))
		}
	})
	b.Run("lookup", func(b *testing.B) {
		for b.Loop() {
			if _, err := g.Lookup(b.Context(), "China"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("nquads", func(b *testing.B) {
		for b.Loop() {
			var size countingWriter
			if _, err := g.Export(b.Context(), &size, "nquads", export.Options{}); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(size))
		}
	})
}
