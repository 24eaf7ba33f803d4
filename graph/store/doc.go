// Package store keeps quads: subject, predicate, object and the label that
// says which document the quad comes from.
//
// The default back end is a sorted store of our own on Pebble that speaks
// Cayley's graph.QuadStore, so that Gizmo, GraphQL, MQL and paths run on it.
// PostgreSQL, and what speaks its protocol, is reached through Cayley's SQL
// store by opening a postgres:// address.
//
// # Layout on disk
//
// Every term has an id of eight bytes, every quad is a sequence of four ids.
// One letter in front of the key tells the tables apart:
//
//	d id                → counts, term   the dictionary; counts are the quads with the
//	                                     term as S, P, O and G (merged)
//	g gspo  o ospg  p posg  s spog       the quads, in four orders, no values
//	m name              → value          format version; counts of quads and terms
//	r key               → value          records: what is kept beside the quads
//
// An id is a hash of its term. That makes the order of every index a function
// of the graph's content, not of the order it was loaded in, lets bulk loads
// build sorted runs without looking terms up, and saves a table from terms to
// ids. The two lowest bits number the terms of one hash, so that different
// terms of the same hash still get different ids.
//
// A quad with no label has label id 0 and is left out of the gspo order.
// Counts are kept by Pebble's merge operator: writers add to them without
// reading them, and a term is dropped from the dictionary when its counts
// reach zero. They are in the same entry as the term because what a small change
// costs is mostly the keys that it puts into Pebble's memory.
//
// # Isolation
//
// One process writes at a time; see [ErrLocked]. Others may read meanwhile: they
// see the graph as it was when they opened it. A change is applied whole or not
// at all, and is on disk when the call returns. Every read runs on a
// snapshot: it sees all of a change or nothing of it. Use [Store.Snapshot] to
// make several reads agree with each other.
package store
