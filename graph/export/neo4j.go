package export

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/demarcgraph/demarc/schema"
)

// cypherType is the type of a relationship, in the letters that Neo4j's guide
// to style wants: PARTY_TO.
func cypherType(p schema.Predicate) string {
	var b strings.Builder
	for _, r := range string(p) {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// cypherName puts a name in the backquotes that Cypher wants around what is no
// word.
func cypherName(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// cypherText writes a string for Cypher, whose escapes are those of JSON.
func cypherText(s string) string { return quoteJSON(s) }

// cypherMap writes properties.
func cypherMap(attrs []attribute) string {
	parts := make([]string, 0, len(attrs))
	for _, a := range attrs {
		var value string
		switch v := a.value.(type) {
		case []string:
			var items []string
			for _, s := range v {
				items = append(items, cypherText(s))
			}
			value = "[" + strings.Join(items, ", ") + "]"
		case string:
			value = cypherText(v)
		default:
			value = plainText(v)
		}
		parts = append(parts, cypherName(a.name)+": "+value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

const cypherConstraint = "CREATE CONSTRAINT demarc_entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;\n"

// writeCypher writes a script that makes the graph in Neo4j, one statement for
// each node and fact. Running it twice changes nothing.
func writeCypher(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	if left := src.LeftOut(); !left.IsZero() {
		w.text("// ", left.String(), "\n")
	}
	w.text(cypherConstraint)
	for i := range n.nodes {
		node := &n.nodes[i]
		w.text("MERGE (n:Entity {id: ", cypherText(node.Key()), "}) SET n:", cypherName(string(node.Class)), ", n += ",
			cypherMap(append([]attribute{{"name", node.Name}}, nodeAttributes(node)...)), ";\n")
	}
	for i := range n.edges {
		f := &n.edges[i]
		w.text("MATCH (s:Entity {id: ", cypherText(f.Subject.Key()), "}), (o:Entity {id: ", cypherText(f.Object.Key()), "}) MERGE (s)-[r:",
			cypherName(cypherType(f.Predicate)), " {id: ", cypherText(f.ID()), "}]->(o) SET r += ", cypherMap(edgeAttributes(f)), ";\n")
	}
	return nil
}

// writeNeo4j writes a folder of the two tables and a script that loads them with
// LOAD CSV, which is faster than a script with everything in it. What a node is
// and what a fact says cannot be read from a table in plain Cypher: the script
// has a statement for each class and each predicate.
func writeNeo4j(ctx context.Context, out *folder, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	nodeKeys, edgeKeys := graphMLKeys(n)
	if err := out.file("nodes.csv", func(w *writer) error { return writeCSVNodes(ctx, w, src) }); err != nil {
		return err
	}
	if err := out.file("edges.csv", func(w *writer) error { return writeCSVEdges(ctx, w, src) }); err != nil {
		return err
	}
	set := func(keys []attribute, skip string) string {
		var parts []string
		for _, k := range keys {
			if k.name == skip {
				continue
			}
			value := "row." + cypherName(k.name)
			switch k.value.(type) {
			case float64:
				value = "toFloat(" + value + ")"
			case bool:
				value = "toBoolean(" + value + ")"
			case []string:
				value = "split(" + value + `, "; ")`
			}
			parts = append(parts, cypherName(k.name)+": "+value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	classes, predicates := map[schema.Class]bool{}, map[schema.Predicate]bool{}
	for i := range n.nodes {
		classes[n.nodes[i].Class] = true
	}
	for i := range n.edges {
		predicates[n.edges[i].Predicate] = true
	}
	return out.file("load.cypher", func(w *writer) error {
		w.text("// Put nodes.csv and edges.csv into Neo4j's import folder, then run this with cypher-shell.\n")
		if left := src.LeftOut(); !left.IsZero() {
			w.text("// ", left.String(), "\n")
		}
		w.text(cypherConstraint)
		for _, class := range slices.Sorted(maps.Keys(classes)) {
			w.text("LOAD CSV WITH HEADERS FROM \"file:///nodes.csv\" AS row WITH row WHERE row.class = ", cypherText(string(class)),
				" MERGE (n:Entity {id: row.Id}) SET n:", cypherName(string(class)), ", n.name = row.Label, n += ", set(nodeKeys, "label"), ";\n")
		}
		for _, p := range slices.Sorted(maps.Keys(predicates)) {
			w.text("LOAD CSV WITH HEADERS FROM \"file:///edges.csv\" AS row WITH row WHERE row.predicate = ", cypherText(string(p)),
				" MATCH (s:Entity {id: row.Source}), (o:Entity {id: row.Target}) MERGE (s)-[r:", cypherName(cypherType(p)),
				" {id: row.Id}]->(o) SET r.label = row.Label, r += ", set(edgeKeys, "label"), ";\n")
		}
		return nil
	})
}
