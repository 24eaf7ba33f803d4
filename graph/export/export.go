// Package export writes graphs in the formats that people query, draw, map
// and publish with. Every format writes the same bytes for the same graph.
package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"
	"mime"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/schema"
)

// Format is one way of writing a graph.
type Format struct {
	Name        string // as users call it: "nquads"
	Extension   string // of files, with its dot
	MIME        string
	Description string // one line
	Lossless    bool   // the graph can be read back from it, quad for quad

	write func(ctx context.Context, w *writer, src Source) error
}

// Formats returns every format, sorted by name.
func Formats() []Format {
	return []Format{
		{"csv", ".csv", "text/csv", "table of facts, one a row: the edges for Gephi, Neo4j or a spreadsheet", false, writeCSVEdges},
		{"csv-nodes", ".nodes.csv", "text/csv; header=present", "table of the entities that the facts link", false, writeCSVNodes},
		{"cx2", ".cx2", "application/vnd.cytoscape.cx2+json", "CX2 for Cytoscape 3.10 and NDEx, with its style", false, writeCX2},
		{"cypher", ".cypher", "application/x-cypher-query", "script that makes the graph in Neo4j", false, writeCypher},
		{"cytoscape", ".cyjs", "application/vnd.cytoscape+json", "Cytoscape.js and Cytoscape JSON", false, writeCytoscape},
		{"d3", ".d3.json", "application/vnd.d3.node-link+json", "nodes and links for D3 and what is like it", false, writeD3},
		{"dot", ".dot", "text/vnd.graphviz", "Graphviz DOT", false, writeDOT},
		{"geojson", ".geojson", "application/geo+json", "map of the places that facts link, with who claims, holds and took them, and when", false, writeGeoJSON},
		{"gexf", ".gexf", "application/gexf+xml", "GEXF 1.3 for Gephi, with time and colours", false, writeGEXF},
		{"graphml", ".graphml", "application/graphml+xml", "GraphML for Gephi, yEd and NetworkX", false, writeGraphML},
		{"html", ".html", "text/html", "page to search, filter by predicate and year, and read the sentences in", false, writeHTML},
		{"jsonld", ".jsonld", "application/ld+json", "JSON-LD with named graphs, compacted with demarc's context", true, writeJSONLD},
		{"kml", ".kml", "application/vnd.google-earth.kml+xml", "the same map for Google Earth and its like, with a placemark for each span of time", false, writeKML},
		{"mermaid", ".mmd", "text/vnd.mermaid", "Mermaid flowchart, for Markdown pages", false, writeMermaid},
		{"neo4j", ".neo4j.zip", "application/zip; content=neo4j", "tables for Neo4j and the script that loads them, in a folder", false, archive(writeNeo4j)},
		{"nquads", ".nq", "application/n-quads", "RDF, one quad a line", true, writeNQuads},
		{"obsidian", ".obsidian.zip", "application/zip; content=obsidian", "Markdown notes that link to each other, as for Obsidian, in a folder", false, archive(writeObsidian)},
		{"plantuml", ".puml", "text/vnd.plantuml", "PlantUML diagram", false, writePlantUML},
		{"png", ".png", "image/png", "a drawing as a picture, for texts and slides", false, writePNG},
		{"rdfxml", ".rdf", "application/rdf+xml", "RDF in XML, without named graphs", false, writeRDFXML},
		{"svg", ".svg", "image/svg+xml", "a drawing whose text can be searched and which shows sentences when pointed at", false, writeSVG},
		{"timelinejs", ".timeline.json", "application/json; profile=timelinejs", "the facts with a date, for TimelineJS", false, writeTimelineJS},
		{"trig", ".trig", "application/trig", "RDF with named graphs, to be read by people too", true, writeTriG},
		{"trig-rdf12", ".rdf12.trig", "application/trig; version=1.2", "TriG of RDF 1.2: facts as annotations of the triples that they state", false, writeTriG12},
		{"turtle", ".ttl", "text/turtle", "RDF without named graphs: which document a triple is from is lost, unless a passage says it", false, writeTurtle},
		{"turtle-rdf12", ".rdf12.ttl", "text/turtle; version=1.2", "Turtle of RDF 1.2: facts as annotations of the triples that they state", false, writeTurtle12},
		{"yed", ".yed.graphml", "application/graphml+xml; profile=yed", "GraphML for yEd, with labels, colours and places", false, writeYEd},
	}
}

// Lookup returns the format of the given name, file extension or MIME type.
// Its error lists the names.
func Lookup(name string) (Format, error) {
	formats := Formats()
	media, _, err := mime.ParseMediaType(name)
	for _, f := range formats {
		if name == f.Name || strings.EqualFold(name, f.Extension) || err == nil && media == f.MIME {
			return f, nil
		}
	}
	var names []string
	for _, f := range formats {
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("export: no format %q: want %s", name, strings.Join(names, ", "))
}

// Options select what is exported, and say how. The zero value selects the
// whole graph.
type Options struct {
	About         string // entity ID: only facts about it …
	Depth         int    // … and about what these facts mention, so many steps away
	Predicates    []schema.Predicate
	Classes       []schema.Class // only facts of which each side is of one of these classes, or is About, or a literal
	Documents     []string       // document IDs: only what these documents say
	AsOf          schema.Date    // only facts that may have held then
	KnownAt       schema.Date    // only what the documents published by then say
	Side          string         // whose words count, as query.Side of package graph/query has it; "" for all
	MinConfidence float64
	MaxNodes      int // most nodes, those of the highest rank; 0 for all: see [Choose]
	MaxFacts      int // most facts between them; 0 for all

	Styles *Styles // how drawings look; nil for [DefaultStyles]
}

// IsZero reports whether the whole graph is selected.
func (o *Options) IsZero() bool {
	return o.About == "" && len(o.Predicates) == 0 && len(o.Classes) == 0 && len(o.Documents) == 0 && o.AsOf.IsZero() && o.KnownAt.IsZero() &&
		o.Side == "" && o.MinConfidence == 0 && o.MaxNodes == 0 && o.MaxFacts == 0
}

// Source is a graph, or a selection of one, to be written.
type Source interface {
	// Namespace is what the graph's IRIs are made with.
	Namespace() schema.Namespace
	// Quads yields the quads sorted by label, subject, predicate and object as
	// N-Quads writes them, each once.
	Quads(ctx context.Context) iter.Seq2[quad.Quad, error]
	// Facts yields the facts in a fixed order.
	Facts(ctx context.Context) iter.Seq2[schema.Fact, error]
	// Node describes the entity with the given ID.
	Node(ctx context.Context, id string) (Node, error)
	// LeftOut is what a limit kept out of the selection, for the formats to say.
	LeftOut() LeftOut
}

// Node is an entity with what identifies it besides names.
type Node struct {
	schema.Entity `json:"entity"`

	Kind      string   `json:"kind,omitempty"` // "island", "archipelago", … where known
	Codes     []Code   `json:"codes,omitempty"`
	Latitude  *float64 `json:"latitude,omitempty"` // WGS 84, degrees
	Longitude *float64 `json:"longitude,omitempty"`
}

// Code is an identifier of an entity in somebody else's list.
type Code struct {
	Scheme string `json:"scheme"` // "iso3166-1-alpha-2", "iso3166-1-alpha-3", "cow", "wikidata"
	Value  string `json:"value"`
}

// Report says what an export does not hold. The zero value says that it holds
// all that was selected and that the format is made for.
type Report struct {
	LeftOut LeftOut
	// Lost are sentences for people, without their full stops, on what the
	// format had no way to write.
	Lost []string
}

// Write writes src in the format of the given name. Of opts it heeds what says
// how: what is selected, src has decided. It returns what the format had no way
// to write, as [Report.Lost].
func Write(ctx context.Context, w io.Writer, format string, src Source, opts Options) (lost []string, err error) {
	f, err := Lookup(format)
	if err != nil {
		return nil, err
	}
	out := &writer{bw: bufio.NewWriterSize(w, 64<<10), styles: opts.Styles}
	if out.styles == nil {
		if out.styles, err = DefaultStyles(); err != nil {
			return nil, err
		}
	}
	if err := f.write(ctx, out, src); err != nil {
		return nil, fmt.Errorf("export: %s: %w", f.Name, err)
	}
	if err := out.flush(); err != nil {
		return nil, fmt.Errorf("export: %s: %w", f.Name, err)
	}
	if out.notXML > 0 {
		out.lost = append(out.lost, fmt.Sprintf("characters that XML cannot hold, such as control characters, are written as U+FFFD: %d", out.notXML))
	}
	return out.lost, ctx.Err()
}

// writer keeps the first error, so that formats can write without asking.
type writer struct {
	bw     *bufio.Writer
	err    error
	styles *Styles
	lost   []string // for the report
	notXML int      // characters that XML could not hold
}

func (w *writer) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	var n int
	n, w.err = w.bw.Write(p)
	return n, w.err
}

func (w *writer) text(parts ...string) {
	for _, s := range parts {
		if w.err == nil {
			_, w.err = w.bw.WriteString(s)
		}
	}
}

// xml escapes text for XML 1.0. What that cannot hold becomes U+FFFD and is
// counted for the report.
func (w *writer) xml(s string) string {
	escaped := escapeXML(s)
	if strings.Contains(escaped, "\uFFFD") {
		w.notXML += strings.Count(escaped, "\uFFFD") - strings.Count(s, "\uFFFD")
	}
	return escaped
}

func (w *writer) flush() error {
	if w.err == nil {
		w.err = w.bw.Flush()
	}
	return w.err
}

// network is the graph as nodes and edges, for formats that know no quads.
// Names that documents give an entity become names of its node, not edges.
type network struct {
	nodes []Node // sorted by key
	edges []schema.Fact
}

func readNetwork(ctx context.Context, src Source) (*network, error) {
	var n network
	nodes := map[string]Node{}
	node := func(e schema.Entity) error {
		key := e.Key()
		if _, ok := nodes[key]; ok {
			return nil
		}
		if e.Class == schema.Literal {
			nodes[key] = Node{Entity: e}
			return nil
		}
		described, err := src.Node(ctx, e.ID)
		nodes[key] = described
		return err
	}
	for f, err := range src.Facts(ctx) {
		if err != nil {
			return nil, err
		}
		if err := node(f.Subject); err != nil {
			return nil, err
		}
		if isName(&f) {
			named := nodes[f.Subject.Key()]
			if !f.Negated && f.Object.Name != named.Name {
				named.Aliases = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(named.Aliases), f.Object.Name))))
				nodes[f.Subject.Key()] = named
			}
			continue
		}
		if err := node(f.Object); err != nil {
			return nil, err
		}
		n.edges = append(n.edges, f)
	}
	for _, described := range nodes {
		n.nodes = append(n.nodes, described)
	}
	slices.SortFunc(n.nodes, func(a, b Node) int { return strings.Compare(a.Key(), b.Key()) })
	return &n, ctx.Err()
}

// labelRoles are the qualifiers without which a label misleads, with the word
// that they read with.
var labelRoles = []struct {
	role schema.Role
	word string
}{
	{schema.RoleAct, ""}, {schema.RoleStatus, ""}, {schema.RoleOf, "of "}, {schema.RoleOver, "over "}, {schema.RoleFrom, "from "},
	{schema.RoleUnder, "under "}, {schema.RoleAs, "as "}, {schema.RoleFor, "for "}, {schema.RoleCondition, "condition: "},
}

// edgeLabel is how a fact reads between its two nodes.
func edgeLabel(f *schema.Fact) string {
	info, _ := f.Predicate.Info()
	var notes []string
	note := func(s string) {
		if !slices.Contains(notes, s) {
			notes = append(notes, s)
		}
	}
	if f.Negated {
		note("denied")
	}
	if f.Modality != schema.Asserted && f.Modality != "" {
		note(string(f.Modality))
	}
	if !f.AttributedTo.IsZero() {
		note("according to " + f.AttributedTo.Name)
	}
	for _, r := range labelRoles {
		for _, q := range f.Qualifiers {
			if q.Role == r.role {
				note(r.word + q.Value.Name)
			}
		}
	}
	if when := edgeTime(f); when != "" {
		note(when)
	}
	if len(notes) == 0 {
		return info.Label
	}
	return info.Label + " (" + strings.Join(notes, "; ") + ")"
}

// edgeTime is when a fact holds, as an EDTF interval or date.
func edgeTime(f *schema.Fact) string {
	if !f.Time.Since.IsZero() || !f.Time.Until.IsZero() {
		return f.Time.Since.String() + "/" + f.Time.Until.String()
	}
	return f.Time.Date.String()
}

// attribute is one named value of a node or an edge, in the order that the
// formats write them.
type attribute struct {
	name  string
	value any // string, float64, bool or []string
}

// kind names the type of the attribute as GraphML and GEXF do. What has several
// values is text to them.
func (a attribute) kind() string {
	switch a.value.(type) {
	case float64:
		return "double"
	case bool:
		return "boolean"
	}
	return "string"
}

// nodeAttributes lists what is known of a node, besides its key.
func nodeAttributes(n *Node) []attribute {
	attrs := []attribute{{"label", n.Name}, {"class", string(n.Class)}}
	if n.Kind != "" {
		attrs = append(attrs, attribute{"kind", n.Kind})
	}
	if len(n.Aliases) > 0 {
		attrs = append(attrs, attribute{"aliases", n.Aliases})
	}
	if n.Latitude != nil && n.Longitude != nil {
		attrs = append(attrs, attribute{"latitude", *n.Latitude}, attribute{"longitude", *n.Longitude})
	}
	for _, c := range n.Codes {
		attrs = append(attrs, attribute{c.Scheme, c.Value})
	}
	return attrs
}

// edgeAttributes lists what is known of a fact, besides its ID and sides.
func edgeAttributes(f *schema.Fact) []attribute {
	attrs := []attribute{{"label", edgeLabel(f)}, {"predicate", string(f.Predicate)}}
	if f.Predicate.Symmetric() {
		attrs = append(attrs, attribute{"symmetric", true})
	}
	if f.Negated {
		attrs = append(attrs, attribute{"negated", true})
	}
	attrs = append(attrs, attribute{"modality", string(f.Modality)})
	if !f.AttributedTo.IsZero() {
		attrs = append(attrs, attribute{"attributedTo", f.AttributedTo.Name})
	}
	for _, t := range []attribute{{"date", f.Time.Date}, {"since", f.Time.Since}, {"until", f.Time.Until}} {
		if d := t.value.(schema.Date); !d.IsZero() {
			attrs = append(attrs, attribute{t.name, d.String()})
		}
	}
	for i, q := range f.Qualifiers {
		if i > 0 && f.Qualifiers[i-1].Role == q.Role {
			continue
		}
		var values []string
		for _, other := range f.Qualifiers[i:] {
			if other.Role == q.Role {
				values = append(values, other.Value.Name)
			}
		}
		attrs = append(attrs, attribute{"q:" + string(q.Role), strings.Join(values, "; ")})
	}
	attrs = append(attrs, attribute{"confidence", f.Confidence}, attribute{"rule", f.Rule})
	var docs []string
	for _, ev := range f.Evidence {
		docs = append(docs, ev.Doc)
	}
	attrs = append(attrs, attribute{"documents", slices.Compact(docs)})
	if len(f.Evidence) > 0 {
		attrs = append(attrs, attribute{"quote", f.Evidence[0].Text})
	}
	return attrs
}

// Network returns the nodes and edges of src as the formats for drawing have
// them: nodes sorted by their keys, names that documents give among the aliases of
// what they name, every other fact an edge between its two sides.
func Network(ctx context.Context, src Source) (nodes []Node, edges []schema.Fact, err error) {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return nil, nil, err
	}
	return n.nodes, n.edges, nil
}
