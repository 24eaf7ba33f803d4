// Package data embeds what demarc knows before it reads anything: the
// gazetteer, lexicon, extraction rules, question patterns, models and sample
// documents, as files. README.md in this folder gives each file's source and
// licence.
package data

import "embed"

// FS holds the folders gazetteer, rules, lexicon, models, questions, styles,
// mappings and documents. Its files are read where they are needed, never at start-up.
//
//go:embed all:gazetteer all:rules all:lexicon all:models all:questions all:documents all:styles all:mappings
var FS embed.FS
