package serve

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract/rule"
	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// handlers are what answers the operations, by their IDs.
func handlers() map[string]handler {
	return map[string]handler{
		"service":        {answer: service},
		"documents":      {answer: documents},
		"document":       {answer: document},
		"documentText":   {answer: documentText},
		"loadDocuments":  {answer: loadDocuments, kind: writes},
		"removeDocument": {answer: removeDocument, kind: writes},
		"entities":       {answer: entities},
		"entity":         {answer: scoped("", entity)},
		"facts":          {answer: scoped("about", facts)},
		"fact":           {answer: fact},
		"rule":           {answer: ruleText},
		"ask":            {answer: scoped("", askByGet)},
		"askByPost":      {answer: askByPost},
		"view":           {answer: scoped("entity", view)},
		"history":        {answer: scoped("entity", history)},
		"diff":           {answer: scoped("entity", diff)},
		"neighbours":     {answer: scoped("entity", neighbours)},
		"sources":        {answer: scoped("entity", sources)},
		"conflicts":      {answer: scoped("entity", conflicts)},
		"compare":        {answer: scoped("", compare)},
		"path":           {answer: scoped("", shortestPath)},
		"disputes":       {answer: scoped("", disputes)},
		"dispute":        {answer: scoped("territory", dispute)},
		"graph":          {answer: network},
		"map":            {answer: worldMap},
		"export":         {answer: exportFile, kind: exports},
		"sparql":         {answer: sparqlByGet},
		"sparqlByPost":   {answer: sparqlByPost},
		"openapi":        {answer: openapi, kind: needsNothing},
		"health":         {answer: health, kind: needsNothing},
		"readiness":      {answer: readiness, kind: probes},
		"metrics":        {answer: prometheusMetrics, kind: needsNothing},
	}
}

// list is a page of a list.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
	Total *int   `json:"total,omitempty"`
}

// pageOf returns the page of a sequence that a request asks for. The cursor is
// the key of the last item of the page before, so that what comes or goes
// elsewhere meanwhile makes no difference.
func pageOf[T any](r *request, seq iter.Seq2[T, error], key func(T) string) (list[T], error) {
	out := list[T]{Items: []T{}}
	after := ""
	if cursor := r.text("cursor"); cursor != "" {
		b, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || len(b) == 0 {
			return out, refuseParameter("cursor", "is not one that this server gave")
		}
		after = string(b)
	}
	limit, n := r.number("limit"), 0
	for item, err := range seq {
		if err != nil {
			return out, err
		}
		if len(out.Items) == limit {
			out.Next = base64.RawURLEncoding.EncodeToString([]byte(key(out.Items[limit-1])))
			return out, nil
		}
		n++
		if after == "" {
			out.Items = append(out.Items, item)
		} else if key(item) == after {
			after = ""
		}
	}
	if after != "" {
		return out, &problem{Status: http.StatusGone, Parameter: "cursor", Detail: "what the page before ended with is no longer there: begin again without cursor"}
	}
	out.Total = &n
	return out, nil
}

// each makes a sequence of a slice.
func each[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// page answers with a page of a list.
func page[T any](r *request, items []T, key func(T) string) (*reply, error) {
	out, err := pageOf(r, each(items), key)
	if err != nil {
		return nil, err
	}
	return r.json(out)
}

func service(ctx context.Context, r *request) (*reply, error) {
	st, fresh, err := r.s.count(ctx, r.g)
	if err != nil {
		return nil, err
	}
	rep, err := r.json(struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Write   bool        `json:"write"`
		Stats   graph.Stats `json:"stats"`
	}{"demarc", r.s.opts.Version, r.s.opts.Write, st})
	if err == nil && !fresh {
		r.w.Header().Del("ETag")
		rep.header = map[string]string{"Cache-Control": "no-store"}
	}
	return rep, err
}

func entities(ctx context.Context, r *request) (*reply, error) {
	class := schema.Class(r.text("class"))
	if class == "" {
		class = schema.Thing
	}
	seq := r.g.Entities(ctx, class)
	if words := r.text("q"); strings.TrimSpace(words) != "" {
		found, err := r.g.Find(ctx, words, class)
		if err != nil {
			return nil, err
		}
		seq = each(found)
	}
	out, err := pageOf(r, seq, func(e schema.Entity) string { return e.ID })
	if err != nil {
		return nil, err
	}
	return r.json(out)
}

func entity(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	card, err := r.g.Card(ctx, r.text("class")+"/"+r.text("slug"), scope)
	if err != nil {
		return nil, err
	}
	return r.json(card)
}

func facts(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	filter := schema.Filter{
		About: scope.About, AsOf: scope.AsOf, KnownAt: scope.KnownAt, Docs: scope.Docs,
		Predicates: predicates(r), MinConfidence: r.share("minConfidence"),
	}
	var err error
	if filter.Subject, err = r.entity(ctx, "subject"); err != nil {
		return nil, err
	}
	if filter.Object, err = r.entity(ctx, "object"); err != nil {
		return nil, err
	}
	lib := query.NewLibrary(r.g)
	seq := func(yield func(query.HeldFact, error) bool) {
		for f, err := range scope.Side.Of(r.g).Facts(ctx, filter) {
			if err != nil {
				yield(query.HeldFact{}, err)
				return
			}
			held := query.HeldFact{Fact: f}
			if !scope.AsOf.IsZero() {
				if held.Holds, err = lib.Holds(ctx, &f, scope.AsOf); err != nil {
					yield(held, err)
					return
				}
			}
			if !yield(held, nil) {
				return
			}
		}
	}
	out, err := pageOf(r, seq, factID)
	if err != nil {
		return nil, err
	}
	return r.json(out)
}

func factID(f query.HeldFact) string { return f.ID() }

func predicates(r *request) []schema.Predicate { return as[schema.Predicate](r.params["predicates"]) }

// as gives texts another type.
func as[T ~string](texts []string) []T {
	var out []T
	for _, t := range texts {
		out = append(out, T(t))
	}
	return out
}

func fact(ctx context.Context, r *request) (*reply, error) {
	f, err := r.g.Fact(ctx, r.text("id"))
	if err != nil {
		return nil, err
	}
	var docs []string
	for _, ev := range f.Evidence {
		docs = append(docs, ev.Doc)
	}
	infos, err := r.documentInfos(ctx, docs)
	if err != nil {
		return nil, err
	}
	return r.json(struct {
		Fact      schema.Fact          `json:"fact"`
		Documents []graph.DocumentInfo `json:"documents"`
	}{f, infos})
}

// documentInfos returns what is known of documents, each once, by ID.
func (r *request) documentInfos(ctx context.Context, ids []string) ([]graph.DocumentInfo, error) {
	infos := []graph.DocumentInfo{}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		info, err := r.g.DocumentInfo(ctx, id)
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	return infos, nil
}

// shippedRules are the rules that demarc has, by their IDs.
var shippedRules = sync.OnceValues(func() (map[string]*rule.Rule, error) {
	set, err := rule.Load(data.FS)
	if err != nil {
		return nil, err
	}
	rules := map[string]*rule.Rule{}
	for _, r := range set.Rules() {
		rules[r.ID] = r
	}
	return rules, nil
})

func ruleText(_ context.Context, r *request) (*reply, error) {
	type example struct {
		Text  string   `json:"text"`
		Facts []string `json:"facts"`
		Not   []string `json:"not"`
	}
	out := struct {
		Name       string             `json:"name"`
		File       string             `json:"file"`
		Line       int                `json:"line"`
		Text       string             `json:"text"`
		Predicates []schema.Predicate `json:"predicates"`
		Confidence float64            `json:"confidence"`
		Examples   []example          `json:"examples"`
	}{Name: r.text("name"), Predicates: []schema.Predicate{}, Examples: []example{}}
	rules, err := shippedRules()
	if err != nil {
		return nil, err
	}
	source, err := rule.FindSource(data.FS, out.Name)
	written := rules[out.Name]
	if errors.Is(err, fs.ErrNotExist) || err == nil && written == nil {
		return nil, refusef(http.StatusNotFound, "no rule of demarc's data is called %q; names, titles and the topics of treaties are found without one", out.Name)
	}
	if err != nil {
		return nil, err
	}
	out.File, out.Line, out.Text, out.Confidence = "data/"+source.File, source.Line, source.Text, written.Confidence
	for _, e := range written.Emit {
		if !slices.Contains(out.Predicates, e.Predicate) {
			out.Predicates = append(out.Predicates, e.Predicate)
		}
	}
	for _, e := range written.Examples {
		out.Examples = append(out.Examples, example{e.Text, append([]string{}, e.Facts...), append([]string{}, e.Not...)})
	}
	return r.json(out)
}

func askByGet(ctx context.Context, r *request, scope query.Scope) (*reply, error) {
	return r.ask(ctx, r.text("q"), ask.Options{
		AsOf: scope.AsOf, KnownAt: scope.KnownAt, Side: string(scope.Side), Docs: scope.Docs, MinConfidence: r.share("minConfidence"),
	}, r.flag("explain"))
}

func askByPost(ctx context.Context, r *request) (*reply, error) {
	var in struct {
		Question      string      `json:"question"`
		AsOf          schema.Date `json:"asOf"`
		KnownAt       schema.Date `json:"knownAt"`
		View          string      `json:"view"`
		Documents     []string    `json:"documents"`
		MinConfidence float64     `json:"minConfidence"`
		Explain       bool        `json:"explain"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	side, err := r.g.Side(ctx, in.View)
	if err != nil {
		return nil, err
	}
	return r.ask(ctx, in.Question, ask.Options{
		AsOf: in.AsOf, KnownAt: in.KnownAt, Side: string(side), Docs: in.Documents, MinConfidence: in.MinConfidence,
	}, in.Explain)
}

func (r *request) ask(ctx context.Context, question string, opts ask.Options, explain bool) (*reply, error) {
	answer, err := r.g.Ask(ctx, question, opts)
	if err != nil {
		return nil, err
	}
	if !explain {
		answer.Plan, answer.SPARQL = "", ""
	}
	return r.json(answer)
}

// decode reads the body of a request that brings JSON.
func (r *request) decode(v any) error {
	const mediaType = "application/json"
	if err := r.mediaType(mediaType); err != nil {
		return err
	}
	return r.s.about.body(r.body, r.op.RequestBody.Content[mediaType].Schema, v)
}

func openapi(_ context.Context, r *request) (*reply, error) {
	return &reply{contentType: "application/json", body: r.s.about.json}, nil
}

func health(context.Context, *request) (*reply, error) {
	return &reply{contentType: "text/plain; charset=utf-8", body: []byte("ok\n"), header: map[string]string{"Cache-Control": "no-store"}}, nil
}

func readiness(_ context.Context, r *request) (*reply, error) {
	if r.s.stopping.Load() {
		return nil, refusef(http.StatusServiceUnavailable, "the server is shutting down")
	}
	if _, err := r.g.State(); err != nil {
		return nil, err
	}
	return health(context.Background(), r)
}

func prometheusMetrics(_ context.Context, r *request) (*reply, error) {
	w := &plainWriter{header: http.Header{}}
	r.s.metrics.handler.ServeHTTP(w, r.Request)
	return &reply{contentType: w.header.Get("Content-Type"), body: w.body, header: map[string]string{"Cache-Control": "no-store"}}, nil
}

// plainWriter keeps what a handler of others writes.
type plainWriter struct {
	header http.Header
	body   []byte
}

func (w *plainWriter) Header() http.Header { return w.header }
func (w *plainWriter) WriteHeader(int)     {}
func (w *plainWriter) Write(p []byte) (int, error) {
	w.body = append(w.body, p...)
	return len(p), nil
}
