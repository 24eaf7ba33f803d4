// Package ask answers questions in plain English from a graph of facts.
//
// A question goes through four steps, each a plain value:
//
//	question → Plan → facts → Answer
//
// The question's names are looked up in the graph, its relation words, type
// words and dates in a lexicon (data/questions); from these parts, not from
// sentence templates, a typed [Plan] is composed. The plan prints itself, in
// words and as SPARQL, and runs on a [Reader]. What the facts do not hold is
// looked for in the documents' own sentences. Where neither answers, the
// answer says so and shows the nearest facts.
//
// Every item of an answer carries the passages that prove it: for the document
// doc of an evidence ev, doc.Text[ev.Start:ev.End] == ev.Text.
package ask
