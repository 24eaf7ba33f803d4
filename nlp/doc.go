// Package nlp turns English text into sentences, tokens with byte offsets,
// part-of-speech tags, lemmas and dependency trees (Universal Dependencies).
//
// Load reads the models, Pipeline.Parse a text. Pipeline.Sentences and
// Pipeline.Stream give the sentences of long texts one after the other;
// Pipeline.Annotate takes words that are already cut. A Pipeline is safe for
// use by any number of goroutines.
//
// One invariant holds for every position: doc.Text[x.Start:x.End] is the text
// of the sentence or token x. The text is never normalised. Another holds for
// every sentence: it has at least one token, exactly one of them is the root,
// and all others hang off it.
//
// The conventions of tokens and trees are in the package's README.
package nlp
