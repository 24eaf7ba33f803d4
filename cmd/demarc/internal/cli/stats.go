package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/schema"
)

type statsOptions struct {
	f    *Factory
	hash bool
	json bool
}

func newStatsCmd(f *Factory, runF func(context.Context, *statsOptions) error) *cobra.Command {
	opts := &statsOptions{f: f}
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Count what the graph holds",
		Args:  args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return statsRun(cmd.Context(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.hash, "hash", false, "also print the graph's hash: equal for graphs of the same content")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

func statsRun(ctx context.Context, opts *statsOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	s, err := g.Stats(ctx)
	if err != nil {
		return err
	}
	hash := ""
	if opts.hash {
		if hash, err = g.Hash(ctx); err != nil {
			return err
		}
	}
	if opts.json {
		return f.writeJSON(struct {
			graph.Stats
			Hash string `json:"hash,omitempty"`
		}{s, hash})
	}
	t := f.newTable(column{title: "WHAT"}, column{title: "NUMBER", right: true})
	rows := [][2]string{
		{"documents", strconv.Itoa(s.Documents)}, {"facts", strconv.Itoa(s.Facts)},
		{"entities", strconv.Itoa(s.Entities)}, {"quads", strconv.Itoa(s.Quads)},
	}
	for _, p := range schema.Predicates() {
		if n := s.Predicates[p.Predicate]; n > 0 {
			rows = append(rows, [2]string{"facts: " + string(p.Predicate), strconv.Itoa(n)})
		}
	}
	for _, c := range schema.Classes() {
		if n := s.Classes[c.Class]; n > 0 {
			rows = append(rows, [2]string{"entities: " + string(c.Class), strconv.Itoa(n)})
		}
	}
	for _, r := range rows {
		if err := t.row(r[0], r[1]); err != nil {
			return err
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	if hash != "" {
		_, err = fmt.Fprintf(f.Out, "hash\t%s\n", hash)
	}
	return err
}
