// Package graph is demarc as a library: documents in, facts with proof out.
//
//	g, err := graph.Open(ctx, "disputes.db")
//	…
//	_, err = g.Load(ctx, &schema.Document{ID: "note", Text: text})
//	…
//	answer, err := g.Ask(ctx, "Who claims Shikotan?", ask.Options{})
//
// A [Graph] keeps documents and their facts as quads in one folder. Each quad
// is labelled by the document it comes from, so that one document can be
// replaced or taken back exactly: loading a document twice is loading it once,
// and removing it leaves the graph as if it had never been there. What demarc
// itself knows of the entities that occur (names, codes, coordinates) has a
// label of its own.
//
// The package composes the others: extract finds the facts, graph/store keeps
// the quads, graph/query and graph/ask read them, graph/export writes them.
package graph
