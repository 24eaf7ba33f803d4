package graph_test

import (
	"context"
	"fmt"
	"log"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

func Example() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "") // a folder's path keeps the graph
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	text := "Japan claims Shikotan. Russia administers the island."
	if _, err := g.Load(ctx, &schema.Document{ID: "note", Text: text}); err != nil {
		log.Fatal(err)
	}

	answer, err := g.Ask(ctx, "Who claims Shikotan?", ask.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, item := range answer.Answers {
		fmt.Printf("%s: %s\n", item.Name, item.Evidence[0].Text)
	}

	result, err := g.Query(ctx, query.Request{Text: "SELECT ?who WHERE { ?who dm:administers territory:shikotan }"})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range result.Rows {
		fmt.Println(row[0].Value)
	}
	// Output:
	// Japan: Japan claims Shikotan.
	// https://w3id.org/demarc/id/state/russia
}
