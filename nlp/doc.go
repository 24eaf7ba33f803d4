// Package nlp turns English text into sentences, tokens with byte offsets,
// part-of-speech tags, lemmas and dependency trees (Universal Dependencies).
//
// One invariant holds for every position: doc.Text[x.Start:x.End] is the text
// of the sentence or token x. The text is never normalised.
package nlp
