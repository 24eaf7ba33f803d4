package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

type queryOptions struct {
	f       *Factory
	request query.Request
	file    string
	format  query.Format // "" for as the stream wants it
	json    bool
}

func newQueryCmd(f *Factory, runF func(context.Context, *queryOptions) error) *cobra.Command {
	opts := &queryOptions{f: f}
	cmd := &cobra.Command{
		Use:   "query [QUERY]",
		Short: "Query the graph in SPARQL, Gizmo, GraphQL or MQL",
		Long: doc(`
			Run a query over the graph and print its rows. The query is the argument, or
			comes from a file, or with "-" from standard input. A query cannot change the
			graph.

			SPARQL knows the usual prefixes without their being declared: dm: for the
			vocabulary, state:, territory: and so on for entities, document:, fact:, rdf:,
			skos:, prov:. On a terminal, names are printed with them; in a pipe in full.

			--format writes the rows in a form of the W3C's for the results of SPARQL.`),
		Example: doc(`
			$ demarc query 'SELECT ?who ?what { ?who dm:claims ?what }'
			$ demarc query 'SELECT ?p { state:japan ?p territory:shikotan }'
			$ demarc query --language gizmo --file query.js`),
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, words []string) error {
			if err := opts.read(words); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return queryRun(cmd.Context(), opts)
		},
	}
	addEnumFlag(cmd, &opts.request.Language, "language", "l", query.SPARQL, query.Languages(), "language of the query")
	addEnumFlag(cmd, &opts.format, "format", "", "", query.Formats(), "form of the rows")
	cmd.Flags().StringVarP(&opts.file, "file", "f", "", "read the query from a `file`")
	cmd.Flags().IntVar(&opts.request.Limit, "limit", query.DefaultLimit, "most rows to print; 0 for all")
	cmd.Flags().DurationVar(&opts.request.Timeout, "timeout", query.DefaultTimeout, "longest time to run; 0 for any")
	addJSONFlag(cmd, &opts.json)
	return cmd
}

// read gets the query's text and makes the limits the request's own.
func (o *queryOptions) read(words []string) error {
	switch {
	case len(words) > 0 && o.file != "":
		return usagef("the query is given twice, as an argument and in --file")
	case len(words) > 0 && words[0] != "-":
		o.request.Text = words[0]
	case o.file != "" && o.file != "-":
		text, err := os.ReadFile(o.file)
		if err != nil {
			return err
		}
		o.request.Text = string(text)
	case len(words) > 0 || o.file != "":
		text, err := io.ReadAll(o.f.In)
		if err != nil {
			return fmt.Errorf("reading the query from standard input: %w", err)
		}
		o.request.Text = string(text)
	default:
		return usagef("no query given: give it as an argument, or with --file")
	}
	if strings.TrimSpace(o.request.Text) == "" {
		return usagef("the query is empty")
	}
	if o.json && o.format != "" {
		return usagef("--json and --format exclude each other: --format json is the W3C's form")
	}
	if o.request.Limit < 0 {
		return usagef("--limit %d: want 0 or more", o.request.Limit)
	}
	if o.request.Timeout < 0 {
		return usagef("--timeout %s: want 0 or more", o.request.Timeout)
	}
	// A user's 0 is "none"; the request's is "as usual".
	if o.request.Limit == 0 {
		o.request.Limit = -1
	}
	if o.request.Timeout == 0 {
		o.request.Timeout = time.Duration(-1)
	}
	return nil
}

func queryRun(ctx context.Context, opts *queryOptions) (err error) {
	f := opts.f
	g, err := f.ReadGraph(ctx)
	if err != nil {
		return err
	}
	defer closeGraph(g, &err)
	res, err := g.Query(ctx, opts.request)
	if err != nil {
		return err
	}
	if opts.json {
		return f.writeJSON(res)
	}
	if opts.format != "" {
		if err := res.Write(f.Out, opts.format); err != nil {
			return err
		}
		return f.limited(res)
	}
	if res.Form == query.Boolean && len(res.Rows) > 0 {
		_, err := fmt.Fprintln(f.Out, res.Rows[0][0].Value)
		return err
	}
	var columns []column
	for _, c := range res.Columns {
		columns = append(columns, column{title: c, flex: true})
	}
	t := f.newTable(columns...)
	prefixes := schema.Namespace{}.Prefixes()
	for _, row := range res.Rows {
		values := make([]string, len(row))
		for i, term := range row {
			values[i] = f.term(&term, prefixes)
		}
		if err := t.row(values...); err != nil {
			return err
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	return f.limited(res)
}

// limited says so where rows were cut.
func (f *Factory) limited(res *query.Result) error {
	if !res.Limited {
		return nil
	}
	_, err := fmt.Fprintf(f.Err, "demarc: there are more rows than the first %d; raise --limit to see them\n", len(res.Rows))
	return err
}

// term writes a value for a table: on a terminal, names are shortened.
func (f *Factory) term(t *query.Term, prefixes []schema.Prefix) string {
	if t.Kind == query.IRI && f.OutTTY {
		if short := schema.Compact(t.Value, prefixes); short[0] != '<' {
			return short
		}
	}
	return t.Value
}
