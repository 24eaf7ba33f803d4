// Package schema is demarc's model of what documents say about territorial
// disputes: documents, entities, facts and their evidence, dates with
// precision, and the vocabulary of classes and predicates they are written in.
//
// The central value is [Fact]: one typed, directed statement that a document
// makes, with who says so, when it holds and the exact passage that proves it.
// One invariant holds for every position in this package: for a document doc
// and evidence ev drawn from it,
//
//	doc.Text[ev.Start:ev.End] == ev.Text
//
// The package holds plain values only, does no I/O and imports nothing else of
// demarc. All functions are safe for concurrent use; values are safe to share
// as long as nobody writes to them.
package schema
