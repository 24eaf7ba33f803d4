package export

import (
	"context"
	"encoding/csv"
	"io"
	"iter"

	"github.com/demarcgraph/demarc/schema"
)

// writeCSVEdges writes a row for each fact, its head named as Gephi expects.
// Columns are the same for every graph. Facts that give a name are rows too:
// their target is the name in quotes.
func writeCSVEdges(ctx context.Context, w *writer, src Source) error {
	columns := []string{"Id", "Source", "Target", "Type", "Label", "predicate", "sourceName", "targetName", "negated",
		"modality", "attributedTo", "date", "since", "until"}
	roles := schema.Roles()
	for _, r := range roles {
		columns = append(columns, "q:"+string(r))
	}
	columns = append(columns, "confidence", "rule", "documents", "quote")
	return writeCSV(w, columns, func(yield func(map[string]string, error) bool) {
		for f, err := range src.Facts(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			direction := "Directed"
			if f.Predicate.Symmetric() {
				direction = "Undirected"
			}
			row := map[string]string{
				"Id": f.ID(), "Source": f.Subject.Key(), "Target": f.Object.Key(), "Type": direction,
				"sourceName": f.Subject.Name, "targetName": f.Object.Name, "negated": "false",
			}
			for _, a := range edgeAttributes(&f) {
				row[a.name] = plainText(a.value)
			}
			row["Label"] = row["label"]
			if !yield(row, nil) {
				return
			}
		}
	})
}

// writeCSVNodes writes a row for each entity that a fact links.
func writeCSVNodes(ctx context.Context, w *writer, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	columns := []string{"Id", "Label", "class", "kind", "aliases", "latitude", "longitude",
		"iso3166-1-alpha-2", "iso3166-1-alpha-3", "cow", "wikidata"}
	return writeCSV(w, columns, func(yield func(map[string]string, error) bool) {
		for i := range n.nodes {
			row := map[string]string{"Id": n.nodes[i].Key()}
			for _, a := range nodeAttributes(&n.nodes[i]) {
				row[a.name] = plainText(a.value)
			}
			row["Label"] = row["label"]
			if !yield(row, nil) {
				return
			}
		}
	})
}

// writeCSV writes a table: a head of columns, then what each row has in them.
func writeCSV(w io.Writer, columns []string, rows iter.Seq2[map[string]string, error]) error {
	table := csv.NewWriter(w)
	if err := table.Write(columns); err != nil {
		return err
	}
	row := make([]string, len(columns))
	for values, err := range rows {
		if err != nil {
			return err
		}
		for i, c := range columns {
			row[i] = values[c]
		}
		if err := table.Write(row); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}
