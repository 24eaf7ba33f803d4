package extract

import (
	"slices"
	"strings"
	"testing"

	"github.com/demarcgraph/demarc/extract/gazetteer"
)

// TestNamesInText looks for each name of the gazetteer as the tokenizer cuts it
// in a sentence.
func TestNamesInText(t *testing.T) {
	x := newExtractor(t)
	for _, e := range x.gaz.All() {
		for _, name := range append(slices.Clone(e.Names), gazetteer.Name{Text: e.Name}) {
			// A parenthesis is read as another name, a list as its members, a full stop
			// may end the sentence, and an opening quotation mark is cut off.
			if strings.ContainsAny(name.Text, "(,.") || strings.HasPrefix(name.Text, "'") {
				continue
			}
			doc, err := x.parse(t.Context(), "They know "+name.Text+" well.")
			if err != nil {
				t.Fatal(err)
			}
			var tokens []string
			for _, token := range doc.Sentences[0].Tokens[2:] {
				tokens = append(tokens, doc.Text[token.Start:token.End])
			}
			matches, n := x.gaz.MatchTokens(tokens)
			if n != len(tokens)-2 || !slices.ContainsFunc(matches, func(m gazetteer.Match) bool { return m.Entry == e }) {
				t.Errorf("%s: %q is cut into %q, of which %d are read as %v", e.ID, name.Text, tokens, n, matches)
			}
		}
	}
}
