package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/internal/bench"
	"github.com/demarcgraph/demarc/schema"
)

// sample is one of the documents that come with demarc, and its facts. A
// variant of it speaks of other states, territories, instruments and people, in
// other years, in its text as in its facts.
type sample struct {
	doc   *schema.Document
	facts []schema.Fact
}

// prepared is an extractor that knows the facts of the documents it is given.
type prepared map[string][]schema.Fact

func (p prepared) Extract(_ context.Context, doc *schema.Document) ([]schema.Fact, error) {
	return p[doc.ID], nil
}

// makeGraph loads variants of the sample documents into a graph at path until it
// has about the given number of quads, and writes it to a file of N-Quads.
func makeGraph(ctx context.Context, dir, nquads string, quads int) (err error) {
	samples, err := readSamples(ctx)
	if err != nil {
		return err
	}
	gz, err := gazetteer.Default()
	if err != nil {
		return err
	}
	var states []schema.Entity
	for _, e := range gz.All() {
		if e.Class == schema.State && e.Kind == "state" {
			states = append(states, e.Entity())
		}
	}
	slices.SortFunc(states, func(a, b schema.Entity) int { return strings.Compare(a.ID, b.ID) })
	facts := prepared{}
	g, err := graph.Open(ctx, dir, graph.WithExtractor(facts))
	if err != nil {
		return err
	}
	defer g.Close()
	n := 0
	for round := 0; n < quads; round++ {
		for _, s := range samples {
			v := s.vary(round, states)
			facts[v.doc.ID] = v.facts
			r, err := g.Load(ctx, v.doc)
			if err != nil {
				return err
			}
			delete(facts, v.doc.ID)
			n += r.Quads
		}
	}
	out, err := os.Create(nquads)
	if err != nil {
		return err
	}
	if _, err := g.Export(ctx, out, "nquads", export.Options{}); err != nil {
		return err
	}
	return out.Close()
}

// readSamples reads the documents that come with demarc, and their facts.
func readSamples(ctx context.Context) (samples []sample, err error) {
	x, err := extract.New()
	if err != nil {
		return nil, err
	}
	docs, err := bench.Samples(ctx)
	if err != nil {
		return nil, err
	}
	for _, doc := range docs {
		facts, err := x.Extract(ctx, doc)
		if err != nil {
			return nil, err
		}
		samples = append(samples, sample{doc, facts})
	}
	return samples, nil
}

// variety is how many variants there are of an entity before they come again;
// those of the other classes never change.
var variety = map[schema.Class]int{
	schema.Territory: 60, schema.Boundary: 60, schema.Person: 100, schema.Instrument: 150,
	schema.Event: 1000, schema.Statement: 1000, schema.Provision: 1000,
}

// vary makes the variant of a round. That of round 0 is the sample itself.
func (s sample) vary(round int, states []schema.Entity) sample {
	doc := *s.doc
	doc.ID = fmt.Sprintf("%s-%d", doc.ID, round)
	doc.Runs = nil
	other := func(e schema.Entity) schema.Entity {
		if e.Class == schema.State {
			i := slices.IndexFunc(states, e.Same)
			if i < 0 {
				return e
			}
			return states[(i+7*round)%len(states)]
		}
		if n := variety[e.Class]; n > 0 && round%n > 0 {
			return schema.NewEntity(e.Class, fmt.Sprintf("%s %d", e.Name, round%n))
		}
		return e
	}
	names := map[string]string{}
	entity := func(e *schema.Entity) {
		if e.ID == "" {
			return
		}
		o := other(*e)
		names[e.Name] = o.Name
		*e = o
	}
	date := func(d *schema.Date) {
		if !d.IsZero() {
			d.Year += round%60 - 30
			d.Day = min(d.Day, 28)
		}
	}
	facts := make([]schema.Fact, len(s.facts))
	for i, f := range s.facts {
		entity(&f.Subject)
		entity(&f.Object)
		entity(&f.AttributedTo)
		f.Qualifiers = slices.Clone(f.Qualifiers)
		for k := range f.Qualifiers {
			entity(&f.Qualifiers[k].Value)
		}
		date(&f.Time.Date)
		date(&f.Time.Since)
		date(&f.Time.Until)
		facts[i] = f
	}
	// The text speaks of the same entities; where a name goes over the edge of a
	// passage, the passage does.
	var edges []int
	for _, f := range facts {
		for _, ev := range f.Evidence {
			edges = append(edges, ev.Start, ev.End)
		}
	}
	slices.Sort(edges)
	var pairs []string
	for name := range names {
		pairs = append(pairs, name)
	}
	slices.SortFunc(pairs, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var oldnew []string
	for _, name := range pairs {
		oldnew = append(oldnew, name, names[name])
	}
	replacer := strings.NewReplacer(oldnew...)
	at := map[int]int{} // edges of the sample's text in the variant's
	var text strings.Builder
	last := 0
	for _, edge := range append(edges, len(doc.Text)) {
		text.WriteString(replacer.Replace(doc.Text[last:edge]))
		at[edge] = text.Len()
		last = edge
	}
	doc.Text, doc.Body = text.String(), 0
	for i := range facts {
		evidence := make([]schema.Evidence, len(facts[i].Evidence))
		for k, ev := range facts[i].Evidence {
			evidence[k] = doc.Quote(at[ev.Start], at[ev.End])
		}
		facts[i].Evidence = evidence
	}
	return sample{&doc, facts}
}
