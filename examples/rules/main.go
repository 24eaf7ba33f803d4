// Command rules shows how a program brings rules of its own: it reads one text with
// demarc's rules, and once more with those of the folder own beside them. The
// language of rules is in docs/rules.md.
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"

	"github.com/demarcgraph/demarc/data"
	"github.com/demarcgraph/demarc/extract"
	"github.com/demarcgraph/demarc/schema"
)

//go:embed own
var own embed.FS // os.DirFS reads rules that are not part of the program

const text = `The United States has patrolled Guantánamo Bay since 1903. Havana says that Washington occupies the bay.`

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	folder, err := fs.Sub(own, "own")
	if err != nil {
		return err
	}
	for _, reader := range []struct {
		name    string
		options []extract.Option
	}{
		{"with demarc's rules", nil},
		{"with the rule of own/rules/patrol.yaml besides", []extract.Option{extract.WithData(data.Over(folder))}},
	} {
		x, err := extract.New(reader.options...) // graph.WithExtractor makes a graph use it
		if err != nil {
			return err
		}
		facts, err := x.Extract(ctx, &schema.Document{ID: "note", Text: text})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %d facts\n", reader.name, len(facts))
		for i := range facts {
			fmt.Fprintf(w, "  %s, by %s\n", facts[i].Sentence(), facts[i].Rule)
		}
	}
	return nil
}
