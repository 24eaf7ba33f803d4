package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/schema"
)

type schemaOptions struct {
	f    *Factory
	json bool
}

func newSchemaCmd(f *Factory, runF func(context.Context, *schemaOptions) error) *cobra.Command {
	opts := &schemaOptions{f: f}
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Show the classes and predicates that facts are made of",
		Args:  args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return schemaRun(cmd.Context(), opts)
		},
	}
	addJSONFlag(cmd, &opts.json)
	return cmd
}

// schemaRun prints the vocabulary: classes, then predicates.
func schemaRun(_ context.Context, opts *schemaOptions) error {
	f := opts.f
	if opts.json {
		return f.writeJSON(schemaJSON())
	}
	classes := f.newTable(column{title: "CLASS"}, column{title: "IS A"}, column{title: "MEANING", flex: true})
	for _, c := range schema.Classes() {
		if err := classes.row(string(c.Class), string(c.Parent), c.Comment); err != nil {
			return err
		}
	}
	if err := classes.end(); err != nil {
		return err
	}
	if f.OutTTY {
		return f.printPredicates()
	}
	if _, err := fmt.Fprintln(f.Out); err != nil {
		return err
	}
	predicates := f.newTable(make([]column, 5)...)
	for _, p := range schema.Predicates() {
		if err := predicates.row(string(p.Predicate), list(p.Subjects), list(p.Objects), list(p.Roles), p.Comment); err != nil {
			return err
		}
	}
	return predicates.end()
}

// printPredicates prints each predicate with what it joins and, below it, what
// it means.
func (f *Factory) printPredicates() error {
	w := &errWriter{w: f.Out}
	for _, p := range schema.Predicates() {
		arrow := "→"
		if p.Symmetric {
			arrow = "↔"
		}
		joins := strings.ReplaceAll(list(p.Subjects), ", ", " or ") + " " + arrow + " " + strings.ReplaceAll(list(p.Objects), ", ", " or ")
		head := f.paint(bold, string(p.Predicate)) + "  " + f.paint(dim, joins)
		w.printf("\n%s\n%s\n", wrap(head, "", f.Width), wrap(p.Comment, "    ", f.Width))
		if len(p.Roles) > 0 {
			w.printf("%s\n", f.paint(dim, wrap("with "+list(p.Roles), "    ", f.Width)))
		}
	}
	return w.err
}

type classJSON struct {
	Class   schema.Class `json:"class"`
	Parent  schema.Class `json:"parent,omitempty"`
	IRI     string       `json:"iri"`
	Comment string       `json:"comment"`
}

type predicateJSON struct {
	Predicate  schema.Predicate `json:"predicate"`
	IRI        string           `json:"iri"`
	Label      string           `json:"label"`
	Inverse    string           `json:"inverse"`
	Subjects   []schema.Class   `json:"subjects"`
	Objects    []schema.Class   `json:"objects"`
	Symmetric  bool             `json:"symmetric"`
	Core       bool             `json:"core"`
	Qualifiers []schema.Role    `json:"qualifiers"`
	Comment    string           `json:"comment"`
}

// schemaJSON returns the vocabulary as it is printed with --json.
func schemaJSON() any {
	var v struct {
		Classes    []classJSON     `json:"classes"`
		Predicates []predicateJSON `json:"predicates"`
	}
	for _, c := range schema.Classes() {
		v.Classes = append(v.Classes, classJSON{c.Class, c.Parent, schema.Term(c.Class), c.Comment})
	}
	for _, p := range schema.Predicates() {
		roles := p.Roles
		if roles == nil {
			roles = []schema.Role{}
		}
		v.Predicates = append(v.Predicates, predicateJSON{
			p.Predicate, schema.Term(p.Predicate), p.Label, p.Inverse, p.Subjects, p.Objects, p.Symmetric, p.Core, roles, p.Comment,
		})
	}
	return v
}
