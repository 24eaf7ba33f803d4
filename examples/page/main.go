// Command page shows how a program publishes a graph: it loads notes and writes a
// web page to search and filter them in, which needs no server and nothing from the
// network.
//
//	go run . disputes.html
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/schema"
)

var notes = []*schema.Document{
	{ID: "kurils", Title: "The southern Kurils", Date: schema.Day(2022, 3, 22), Text: "Japan claims Shikotan and Iturup. Russia administers both islands. " +
		"The 1956 joint declaration covers Shikotan."},
	{ID: "falklands", Title: "The Falklands", Date: schema.Day(2023, 3, 2), Text: "Argentina claims the Falkland Islands. The United Kingdom administers the islands. " +
		"Argentina rejects the British claim to South Georgia."},
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: page FILE")
	}
	if err := publish(context.Background(), os.Args[1], os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// publish writes the page to a file and says on w what it holds.
func publish(ctx context.Context, path string, w io.Writer) (err error) {
	g, err := graph.Open(ctx, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	for _, note := range notes {
		if _, err := g.Load(ctx, note); err != nil {
			return err
		}
	}
	page, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, page.Close()) }()

	// Only what concerns places; "html" is one of export.Formats.
	report, err := g.Export(ctx, page, "html", export.Options{
		Predicates: []schema.Predicate{schema.Claims, schema.Administers, schema.Rejects, schema.Covers},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: written\n", path)
	for _, lost := range report.Lost {
		fmt.Fprintf(w, "  not in it: %s\n", lost)
	}
	return nil
}
