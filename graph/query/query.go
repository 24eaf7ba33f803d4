// Package query runs queries in the languages of people who know graphs:
// SPARQL, and Cayley's Gizmo, GraphQL and MQL.
package query

import (
	"time"
)

// Language names a query language.
type Language string

// The languages.
const (
	SPARQL  Language = "sparql"
	Gizmo   Language = "gizmo"
	GraphQL Language = "graphql"
	MQL     Language = "mql"
)

// Languages returns every language.
func Languages() []Language { return []Language{SPARQL, Gizmo, GraphQL, MQL} }

// Limits that hold where a request gives none.
const (
	DefaultLimit   = 10_000
	DefaultTimeout = 30 * time.Second
)

// Request is one query.
type Request struct {
	Language Language      // "" means SPARQL
	Text     string        // the query
	Limit    int           // of rows; 0 means DefaultLimit, less than 0 none
	Timeout  time.Duration // 0 means DefaultTimeout, less than 0 none
}

// Kind says what a term is.
type Kind string

// The kinds of terms. None is the kind of an unbound column.
const (
	None    Kind = ""
	IRI     Kind = "iri"
	Literal Kind = "literal"
	Blank   Kind = "bnode"
)

// Term is one value of a result.
type Term struct {
	Kind     Kind   `json:"kind"`
	Value    string `json:"value"`
	Datatype string `json:"datatype,omitempty"` // an IRI, of literals that are no plain strings
	Lang     string `json:"lang,omitempty"`     // a language tag
}

// Form says what a result's rows are.
type Form string

// The forms of results. Bindings have a column for each variable, a Boolean
// one row of one xsd:boolean, Triples the columns subject, predicate and object.
const (
	Bindings Form = "bindings"
	Boolean  Form = "boolean"
	Triples  Form = "triples"
)

// Result is the complete answer to a query.
type Result struct {
	Form    Form     `json:"form"`
	Columns []string `json:"columns"`
	Rows    [][]Term `json:"rows"`              // each as long as Columns
	Limited bool     `json:"limited,omitempty"` // there are more rows than the limit
}
