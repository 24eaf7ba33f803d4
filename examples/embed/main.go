// Command embed shows demarc as a library: it loads one document into a graph
// in memory, asks a question of it and prints the answers, each with the
// sentence that proves it.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/ask"
	"github.com/demarcgraph/demarc/schema"
)

const text = `Japan claims Shikotan and Iturup. Russia administers both islands.
The 1956 joint declaration covers Shikotan. Russia says that it will hand the island over after a peace treaty.`

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) (err error) {
	g, err := graph.Open(ctx, "") // a folder's path keeps the graph
	if err != nil {
		return err
	}
	defer func() {
		if e := g.Close(); err == nil {
			err = e
		}
	}()

	loaded, err := g.Load(ctx, &schema.Document{ID: "note", Title: "A note", Date: schema.Day(2022, 3, 22), Text: text})
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s, %d facts\n\n", loaded.Doc, loaded.Status, loaded.Facts)

	const question = "Which islands does Japan claim?"
	answer, err := g.Ask(ctx, question, ask.Options{})
	if err != nil {
		return err
	}
	fmt.Println(question)
	if answer.Abstained {
		fmt.Println("  the documents do not say")
	}
	for _, item := range answer.Answers {
		fmt.Println(" ", item.Name)
		for _, ev := range item.Evidence {
			fmt.Printf("    %q  %s:%d\n", ev.Text, ev.Doc, ev.Line)
		}
	}

	fmt.Println("\nWhat the document says of Shikotan:")
	for fact, err := range g.Facts(ctx, schema.Filter{About: "territory/shikotan"}) {
		if err != nil {
			return err
		}
		fmt.Println(" ", fact.String())
	}
	return nil
}
