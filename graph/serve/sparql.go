package serve

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// sparqlRequest is what the SPARQL 1.1 Protocol lets a client ask.
type sparqlRequest struct {
	query     string
	described bool // no query: the service is to describe itself
	defaults  []string
	named     []string
}

const (
	sparqlQuery  = "application/sparql-query"
	sparqlUpdate = "application/sparql-update"
	form         = "application/x-www-form-urlencoded"
)

// readSPARQL reads a request of the SPARQL 1.1 Protocol from its method, its
// query string, its content type and its body. Its errors are of type *problem.
func readSPARQL(method, rawQuery, contentType string, body []byte) (*sparqlRequest, error) {
	params, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, refusef(http.StatusBadRequest, "the query string of the URL cannot be read: %v", err)
	}
	direct := ""
	if method == http.MethodPost {
		kind, media, err := mime.ParseMediaType(contentType)
		if err != nil {
			return nil, refusef(http.StatusUnsupportedMediaType, "the header Content-Type is missing or cannot be read: want %s or %s", sparqlQuery, form)
		}
		if charset := media["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
			return nil, refusef(http.StatusUnsupportedMediaType, "the query is in %s: want UTF-8", charset)
		}
		switch kind {
		case sparqlQuery:
			if direct = string(body); strings.TrimSpace(direct) == "" {
				return nil, refusef(http.StatusBadRequest, "the query is empty")
			}
			if params.Has("query") {
				return nil, refusef(http.StatusBadRequest, "there are two queries: one in the body, one in the URL")
			}
		case form:
			more, err := url.ParseQuery(string(body))
			if err != nil {
				return nil, refusef(http.StatusBadRequest, "the form cannot be read: %v", err)
			}
			for name, values := range more {
				params[name] = append(params[name], values...)
			}
		case sparqlUpdate:
			return nil, noUpdates()
		default:
			return nil, refusef(http.StatusUnsupportedMediaType, "%s is not taken: want %s or %s", kind, sparqlQuery, form)
		}
	}
	if params.Has("update") || params.Has("using-graph-uri") || params.Has("using-named-graph-uri") {
		return nil, noUpdates()
	}
	r := &sparqlRequest{query: direct, defaults: params["default-graph-uri"], named: params["named-graph-uri"]}
	switch queries := params["query"]; {
	case len(queries) > 1:
		return nil, refuseParameter("query", "is given %d times: give it once", len(queries))
	case len(queries) == 1:
		r.query = queries[0]
		if strings.TrimSpace(r.query) == "" {
			return nil, refuseParameter("query", "is empty")
		}
	case direct == "":
		if method == http.MethodPost {
			return nil, refuseParameter("query", "is missing")
		}
		r.described = true
	}
	for _, text := range slices.Concat([]string{r.query}, r.defaults, r.named) {
		if !utf8.ValidString(text) {
			return nil, refusef(http.StatusBadRequest, "the request is not UTF-8")
		}
	}
	return r, nil
}

func noUpdates() *problem {
	return refusef(http.StatusForbidden, "this is for queries: a graph is changed by loading and removing documents, not by SPARQL Update")
}

func sparqlByGet(ctx context.Context, r *request) (*reply, error)  { return r.sparql(ctx) }
func sparqlByPost(ctx context.Context, r *request) (*reply, error) { return r.sparql(ctx) }

func (r *request) sparql(ctx context.Context) (*reply, error) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	in, err := readSPARQL(method, r.URL.RawQuery, r.Header.Get("Content-Type"), r.body)
	if err != nil {
		return nil, err
	}
	if in.described {
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		return r.triples(ctx, serviceDescription(scheme+"://"+r.Host+r.URL.Path))
	}
	l := &r.s.opts.Limits
	result, err := r.g.Query(ctx, query.Request{
		Text: in.query, Limit: l.Rows, Strict: true, Timeout: l.Query, Memory: l.Memory, DefaultGraphs: in.defaults, NamedGraphs: in.named,
	})
	if err != nil {
		return nil, err
	}
	if result.Form == query.Triples {
		quads := make([]quad.Quad, len(result.Rows))
		for i, row := range result.Rows {
			quads[i] = quad.Quad{Subject: row[0].Node(), Predicate: row[1].Node(), Object: row[2].Node()}
		}
		return r.triples(ctx, quads)
	}
	mediaType, ok := accepted(r.Header, resultTypes)
	if !ok {
		return nil, refusef(http.StatusNotAcceptable, "this result can be had as %s", strings.Join(resultTypes, ", "))
	}
	b := &buffer{most: l.Result}
	format := resultFormats[mediaType]
	if err := result.Write(b, format); err != nil {
		return nil, err
	}
	if format.ContentType() != query.AsJSON.ContentType() && format.ContentType() != query.XML.ContentType() {
		mediaType = format.ContentType() // with the character set
	}
	return &reply{contentType: mediaType, body: b.data}, nil
}

// The media types of bindings and truth values, the preferred first, and the
// formats that they stand for.
var (
	resultTypes = []string{"application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
		"application/json", "application/xml", "text/xml"}
	resultFormats = map[string]query.Format{
		"application/sparql-results+json": query.AsJSON, "application/json": query.AsJSON,
		"application/sparql-results+xml": query.XML, "application/xml": query.XML, "text/xml": query.XML,
		"text/csv": query.CSV, "text/tab-separated-values": query.TSV,
	}
)

// The media types of graphs, the preferred first, and the formats that they
// stand for. N-Quads without labels are N-Triples.
var (
	graphTypes   = []string{"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/x-turtle"}
	graphFormats = map[string]string{
		"text/turtle": "turtle", "application/x-turtle": "turtle", "application/n-triples": "nquads",
		"application/rdf+xml": "rdfxml", "application/ld+json": "jsonld",
	}
)

// triples answers with a graph.
func (r *request) triples(ctx context.Context, quads []quad.Quad) (*reply, error) {
	mediaType, ok := accepted(r.Header, graphTypes)
	if !ok {
		return nil, refusef(http.StatusNotAcceptable, "this graph can be had as %s", strings.Join(graphTypes, ", "))
	}
	b := &buffer{most: r.s.opts.Limits.Result}
	if _, err := export.Write(ctx, b, graphFormats[mediaType], graph.Quads(quads, r.g.Namespace()), export.Options{}); err != nil {
		return nil, err
	}
	if mediaType == "text/turtle" {
		mediaType += "; charset=utf-8"
	}
	return &reply{contentType: mediaType, body: b.data}, nil
}

// serviceDescription is what the service says of itself (SPARQL 1.1 Service
// Description).
func serviceDescription(endpoint string) []quad.Quad {
	const sd, formats = "http://www.w3.org/ns/sparql-service-description#", "http://www.w3.org/ns/formats/"
	service := quad.IRI(endpoint + "#service")
	var quads []quad.Quad
	add := func(property, value string) {
		quads = append(quads, quad.Quad{Subject: service, Predicate: quad.IRI(property), Object: quad.IRI(value)})
	}
	add(schema.RDF+"type", sd+"Service")
	add(sd+"endpoint", endpoint)
	add(sd+"supportedLanguage", sd+"SPARQL11Query")
	add(sd+"feature", sd+"UnionDefaultGraph")
	for _, f := range []string{"SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
		"Turtle", "N-Triples", "RDF_XML", "JSON-LD"} {
		add(sd+"resultFormat", formats+f)
	}
	return quads
}
