// Package export writes graphs in the formats that people query, draw, map
// and publish with.
package export

import (
	"github.com/demarcgraph/demarc/schema"
)

// Format describes one way of writing a graph.
type Format struct {
	Name        string // as users call it: "nquads"
	Extension   string // of files, with its dot
	MIME        string
	Description string
	Lossless    bool // the graph can be read back from it, quad for quad
}

// Options select what is exported. The zero value selects the whole graph.
type Options struct {
	About         string // entity ID: only facts about it …
	Depth         int    // … and about what these facts mention, so many steps away
	Predicates    []schema.Predicate
	Documents     []string    // document IDs
	AsOf          schema.Date // only facts that may have held then
	MinConfidence float64
}

// Formats returns every format, sorted by name.
func Formats() []Format { return nil }

// Lookup returns the format of the given name, extension or MIME type.
func Lookup(name string) (Format, error) { return Format{}, nil }
