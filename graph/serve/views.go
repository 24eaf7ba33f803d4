package serve

import (
	"context"
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// scoped is an answer within a scope, which is about the entity that the
// parameter of that name names, if there is one.
func scoped(about string, answer func(context.Context, *request, query.Scope) (*reply, error)) func(context.Context, *request) (*reply, error) {
	return func(ctx context.Context, r *request) (*reply, error) {
		scope, err := r.scope(ctx, about)
		if err != nil {
			return nil, err
		}
		return answer(ctx, r, scope)
	}
}

func view(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	v := query.View(r.text("name"))
	out := struct {
		list[query.HeldFact]
		Derived []query.Derived `json:"derived,omitempty"`
		SPARQL  string          `json:"sparql"`
	}{SPARQL: v.SPARQL(r.g.Namespace(), scope)}
	if r.flag("derived") {
		if scope.About == "" {
			return nil, refuseParameter("derived", "is for one entity: name it")
		}
		groups, err := r.g.Groups(ctx, scope.About)
		if err != nil {
			return nil, err
		}
		if out.Derived, err = v.Derived(ctx, r.g, scope, groups); err != nil {
			return nil, err
		}
	}
	facts, err := v.Facts(ctx, r.g, scope)
	if err != nil {
		return nil, err
	}
	holds, err := query.NewLibrary(r.g).Certainties(ctx, facts, scope.AsOf)
	if err != nil {
		return nil, err
	}
	if out.list, err = pageOf(r, each(query.Held(facts, holds)), factID); err != nil {
		return nil, err
	}
	return r.json(out)
}

func history(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	type chapter struct {
		query.Chapter
		LeftOut query.LeftOut `json:"leftOut"`
	}
	most := r.number("maxFacts")
	chapters := func(yield func(chapter, error) bool) {
		for c, err := range query.EachChapter(ctx, r.g, scope) {
			left := c.Limit(most)
			if !yield(chapter{c, left}, err) {
				return
			}
		}
	}
	out, err := pageOf(r, chapters, func(c chapter) string { return c.Date.String() })
	if err != nil {
		return nil, err
	}
	return r.json(out)
}

func diff(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	from, err := r.date("from")
	if err != nil {
		return nil, err
	}
	to, err := r.date("to")
	if err != nil {
		return nil, err
	}
	d, err := query.Diff(ctx, r.g, from, to, r.flag("known"), scope)
	if err != nil {
		return nil, err
	}
	return r.json(d)
}

func neighbours(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	found, err := query.Neighbours(ctx, r.g, scope)
	if err != nil {
		return nil, err
	}
	return page(r, found, func(n query.Neighbour) string { return n.Entity.Key() })
}

// aboutSource is a document with how much of what was asked for it says.
type aboutSource struct {
	Document graph.DocumentInfo `json:"document"`
	About    int                `json:"about"`
}

func sources(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	found, err := query.Sources(ctx, r.g, scope)
	if err != nil {
		return nil, err
	}
	pages, err := pageOf(r, each(found), func(s query.Source) string { return s.Doc })
	if err != nil {
		return nil, err
	}
	out := list[aboutSource]{Items: []aboutSource{}, Next: pages.Next, Total: pages.Total}
	for _, s := range pages.Items {
		info, err := r.g.DocumentInfo(ctx, s.Doc)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, aboutSource{info, s.Facts})
	}
	return r.json(out)
}

func conflicts(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	out, err := pageOf(r, query.EachConflict(ctx, r.g, scope), func(c query.Conflict) string {
		return string(c.Kind) + " " + c.A.ID() + " " + c.B.ID()
	})
	if err != nil {
		return nil, err
	}
	return r.json(out)
}

// two returns the IDs of the entities a and b.
func (r *request) two(ctx context.Context) (a, b string, err error) {
	if a, err = r.entity(ctx, "a"); err == nil {
		b, err = r.entity(ctx, "b")
	}
	return a, b, err
}

func compare(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	a, b, err := r.two(ctx)
	if err != nil {
		return nil, err
	}
	c, err := query.Compare(ctx, r.g, a, b, scope)
	if err != nil {
		return nil, err
	}
	return r.json(c)
}

func shortestPath(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	a, b, err := r.two(ctx)
	if err != nil {
		return nil, err
	}
	steps, err := query.Path(ctx, r.g, a, b, r.number("steps"), scope)
	if err != nil {
		return nil, err
	}
	return r.json(list[query.Step]{Items: append([]query.Step{}, steps...)})
}

func disputes(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	found, err := query.DisputedTerritories(ctx, r.g, scope)
	if err != nil {
		return nil, err
	}
	return page(r, found, func(d query.DisputeSummary) string { return d.Territory.ID })
}

func dispute(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	card, err := r.g.Card(ctx, scope.About, query.Scope{KnownAt: scope.KnownAt, Side: scope.Side, Docs: scope.Docs})
	if err != nil {
		return nil, err
	}
	if !card.Class.Is(schema.Place) && !card.Class.Is(schema.Boundary) {
		p := refusef(http.StatusNotFound, "%s is no territory", card.Name)
		p.Parameter = "territory"
		return nil, p
	}
	groups, err := r.g.Groups(ctx, scope.About)
	if err != nil {
		return nil, err
	}
	d, err := query.DisputeOver(ctx, r.g, scope, groups)
	if err != nil {
		return nil, err
	}
	infos, err := r.documentInfos(ctx, d.Sources)
	if err != nil {
		return nil, err
	}
	return r.json(struct {
		Territory export.Node `json:"territory"`
		query.Dispute
		Sources []graph.DocumentInfo `json:"sources"` // in place of their IDs
	}{card.Node, d, infos})
}

// selection reads the parameters that say what is drawn or exported.
func (r *request) selection(ctx context.Context) (o export.Options, err error) {
	scope, err := r.scope(ctx, "about")
	if err != nil {
		return o, err
	}
	return export.Options{
		About: scope.About, Depth: r.number("depth"), Predicates: predicates(r), Classes: as[schema.Class](r.params["classes"]),
		Documents: scope.Docs, AsOf: scope.AsOf, KnownAt: scope.KnownAt, Side: string(scope.Side),
		MinConfidence: r.share("minConfidence"), MaxNodes: r.number("maxNodes"), MaxFacts: r.number("maxFacts"),
	}, nil
}

func network(ctx context.Context, r *request) (*reply, error) {
	opts, err := r.selection(ctx)
	if err != nil {
		return nil, err
	}
	n, err := r.g.Network(ctx, opts)
	if err != nil {
		return nil, err
	}
	return r.json(n)
}

func worldMap(ctx context.Context, r *request) (*reply, error) {
	opts, err := r.selection(ctx)
	if err != nil {
		return nil, err
	}
	b := &buffer{most: r.s.opts.Limits.Result}
	if _, err := r.g.Map(ctx, b, opts); err != nil {
		return nil, err
	}
	return &reply{contentType: "application/geo+json", body: b.data}, nil
}

func exportFile(ctx context.Context, r *request) (*reply, error) {
	opts, err := r.selection(ctx)
	if err != nil {
		return nil, err
	}
	format, err := export.Lookup(r.text("format"))
	if err != nil {
		return nil, refuseParameter("format", "is not known: %v", err)
	}
	if !format.Lossless && opts.MaxNodes == 0 {
		opts.MaxNodes = r.s.opts.Limits.Nodes // the others go out as they are read
	}
	name := "demarc" + format.Extension
	return &reply{
		contentType: format.MIME,
		header: map[string]string{
			"Content-Disposition": mime.FormatMediaType("attachment", map[string]string{"filename": name}),
		},
		stream: func(w io.Writer) error {
			_, err := r.g.Export(ctx, w, format.Name, opts)
			return err
		},
	}, nil
}

// utf16Length returns how many UTF-16 code units a text takes.
func utf16Length(s string) (n int) {
	for _, c := range s {
		if n++; c > 0xffff {
			n++
		}
	}
	return n
}

// passage is a passage of a document and the facts that it proves.
type passage struct {
	Start      int      `json:"start"`
	End        int      `json:"end"`
	StartUTF16 int      `json:"startUtf16"`
	EndUTF16   int      `json:"endUtf16"`
	Line       int      `json:"line"`
	Facts      []string `json:"facts"`
}

// passages returns the passages of a document that facts have as evidence, in
// the order of its text.
func passages(doc *schema.Document, facts []schema.Fact) []passage {
	found := map[[2]int]*passage{}
	offsets := []int{}
	for i := range facts {
		for _, ev := range facts[i].Evidence {
			if ev.Doc != doc.ID {
				continue
			}
			key := [2]int{ev.Start, ev.End}
			if found[key] == nil {
				found[key] = &passage{Start: ev.Start, End: ev.End, Line: ev.Line}
				offsets = append(offsets, ev.Start, ev.End)
			}
			found[key].Facts = append(found[key].Facts, facts[i].ID())
		}
	}
	slices.Sort(offsets)
	units := map[int]int{} // UTF-16 by UTF-8 offsets
	before, n := 0, 0
	for _, offset := range offsets {
		n += utf16Length(doc.Text[before:offset])
		before, units[offset] = offset, n
	}
	out := make([]passage, 0, len(found))
	for _, p := range found {
		p.StartUTF16, p.EndUTF16 = units[p.Start], units[p.End]
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b passage) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End // the one around the other first
	})
	return out
}
