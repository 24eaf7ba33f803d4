// Command watch keeps a graph of a folder of texts: what is written into the folder
// is read, what changes is read again, what is deleted is taken out.
//
//	go run . notes
//
// Stop it with Ctrl-C.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/schema"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: watch FOLDER")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := watch(ctx, os.Args[1], os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// quiet is how long a file must rest before it is read: programs write a file in
// several steps.
const quiet = 100 * time.Millisecond

// watch keeps a graph of the folder's files *.txt, and tells of each change on w,
// until ctx ends.
func watch(ctx context.Context, folder string, w io.Writer) (err error) {
	g, err := graph.Open(ctx, "") // a folder's path keeps the graph
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	if err := watcher.Add(folder); err != nil { // before what is there is read, so that nothing is missed
		return err
	}
	there, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return err
	}
	for _, path := range there {
		if err := update(ctx, g, path, w); err != nil {
			return err
		}
	}
	changed := map[string]bool{}
	rest := time.NewTimer(0)
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-watcher.Events:
			if strings.HasSuffix(event.Name, ".txt") {
				changed[event.Name] = true
				rest.Reset(quiet)
			}
		case err := <-watcher.Errors:
			return err
		case <-rest.C:
			for path := range changed {
				if err := update(ctx, g, path, w); err != nil {
					return err
				}
			}
			clear(changed)
		}
	}
}

// update brings the graph up to what a file holds now.
func update(ctx context.Context, g *graph.Graph, path string, w io.Writer) error {
	id := strings.TrimSuffix(filepath.Base(path), ".txt")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if err := g.Remove(ctx, id); err != nil && !errors.Is(err, graph.ErrNotFound) {
			return err
		}
		fmt.Fprintf(w, "%s: removed\n", id)
		return nil
	}
	if err != nil {
		return err
	}
	loaded, err := g.Load(ctx, &schema.Document{ID: id, Path: path, Text: string(text)})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %s\n", id, loaded.Status)
	for fact, err := range g.Facts(ctx, schema.Filter{Docs: []string{id}}) {
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %s\n", fact.Sentence())
	}
	return nil
}
