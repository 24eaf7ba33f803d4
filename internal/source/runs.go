package source

import (
	"slices"
	"sort"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// builder makes a text and the map back to where its bytes stood.
type builder struct {
	text strings.Builder
	runs []schema.Run
}

func (b *builder) len() int { return b.text.Len() }

// verbatim appends what stands at offset source, byte for byte.
func (b *builder) verbatim(s string, source int) {
	if s == "" {
		return
	}
	if n := len(b.runs); n == 0 || !b.runs[n-1].Verbatim || b.runs[n-1].Source+b.text.Len()-b.runs[n-1].Start != source {
		b.runs = append(b.runs, schema.Run{Start: b.text.Len(), Source: source, Verbatim: true})
	}
	b.text.WriteString(s)
}

// stand appends what stands for the place source.
func (b *builder) stand(s string, source int) {
	if s == "" {
		return
	}
	if n := len(b.runs); n == 0 || b.runs[n-1].Verbatim || b.runs[n-1].Source != source {
		b.runs = append(b.runs, schema.Run{Start: b.text.Len(), Source: source})
	}
	b.text.WriteString(s)
}

// build returns the text and its map.
func (b *builder) build() (string, []schema.Run) {
	return b.text.String(), slices.Clip(b.runs)
}

// compose returns the map of a text whose runs lead to another text, which in
// turn inner leads on from.
func compose(runs, inner []schema.Run, length int) []schema.Run {
	if len(inner) == 0 {
		return runs
	}
	if len(runs) == 0 {
		runs = []schema.Run{{Verbatim: true}}
	}
	through := schema.Document{Runs: inner}
	var out []schema.Run
	for i, r := range runs {
		if !r.Verbatim {
			out = append(out, schema.Run{Start: r.Start, Source: through.SourceOffset(r.Source)})
			continue
		}
		end := length
		if i+1 < len(runs) {
			end = runs[i+1].Start
		}
		// The inner run that r begins in, and all that begin within r.
		k := max(0, sort.Search(len(inner), func(k int) bool { return inner[k].Start > r.Source })-1)
		for ; k < len(inner) && inner[k].Start < r.Source+end-r.Start; k++ {
			from := max(inner[k].Start, r.Source)
			out = append(out, schema.Run{
				Start:    r.Start + from - r.Source,
				Source:   through.SourceOffset(from),
				Verbatim: inner[k].Verbatim,
			})
		}
	}
	return out
}
