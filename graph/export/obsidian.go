package export

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/demarcgraph/demarc/schema"
)

// fileNames makes file names that every system takes and no two of which are the
// same, whatever the case of their letters.
type fileNames map[string]bool

// of returns a name for a title, so far as it is no name already with the hint
// behind it.
func (taken fileNames) of(title, hint string) string {
	clean := func(s string) string {
		s = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || strings.ContainsRune(`*"\/<>:|?#^[]%`, r) {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(s, " "))
		s = strings.Trim(strings.Join(strings.Fields(s), " "), ". ")
		for len(s) > 120 {
			runes := []rune(s)
			s = strings.TrimSpace(string(runes[:len(runes)-1]))
		}
		return s
	}
	name := clean(title)
	if name == "" {
		name = clean(hint)
	}
	for i := 1; taken[strings.ToLower(name)]; i++ {
		name = clean(title) + " (" + clean(hint)
		if i > 1 {
			name += fmt.Sprintf(" %d", i)
		}
		name += ")"
	}
	taken[strings.ToLower(name)] = true
	return name
}

// writeObsidian writes a folder of Markdown notes, one for each node and one for
// each document: facts link to each other's notes and quote their sentences.
func writeObsidian(ctx context.Context, out *folder, src Source) error {
	n, err := readNetwork(ctx, src)
	if err != nil {
		return err
	}
	taken := fileNames{}
	note := map[string]string{} // by key of a node, or ID of a document
	for i := range n.nodes {
		node := &n.nodes[i]
		note[node.Key()] = taken.of(node.Name, string(node.Class))
	}
	byNode, byDoc := map[string][]*schema.Fact{}, map[string][]*schema.Fact{}
	for i := range n.edges {
		f := &n.edges[i]
		byNode[f.Subject.Key()] = append(byNode[f.Subject.Key()], f)
		if f.Object.Key() != f.Subject.Key() {
			byNode[f.Object.Key()] = append(byNode[f.Object.Key()], f)
		}
		for _, ev := range f.Evidence {
			if facts := byDoc[ev.Doc]; len(facts) == 0 || facts[len(facts)-1] != f {
				byDoc[ev.Doc] = append(facts, f)
			}
		}
	}
	docs := slices.Sorted(maps.Keys(byDoc))
	documentKey := func(doc string) string { return "document " + doc }
	for _, doc := range docs {
		note[documentKey(doc)] = taken.of(doc, "document")
	}
	link := func(key, text string) string {
		target := note[key]
		if text == target {
			return "[[" + target + "]]"
		}
		return "[[" + target + "|" + escapeMarkdown(text) + "]]"
	}
	sentence := func(f *schema.Fact) string {
		return link(f.Subject.Key(), f.Subject.Name) + " " + escapeMarkdown(edgeLabel(f)) + " " + link(f.Object.Key(), f.Object.Name)
	}
	for i := range n.nodes {
		node := &n.nodes[i]
		err := out.file(note[node.Key()]+".md", func(w *writer) error {
			w.text("---\nid: ", quoteJSON(node.Key()), "\n")
			if len(node.Aliases) > 0 {
				aliases, err := json.Marshal(node.Aliases)
				if err != nil {
					return err
				}
				w.text("aliases: ", string(aliases), "\n")
			}
			w.text("tags: [", strings.ToLower(string(node.Class)), "]\n")
			for _, a := range nodeAttributes(node) {
				switch v := a.value.(type) {
				case string:
					if a.name != "label" {
						w.text(a.name, ": ", quoteJSON(v), "\n")
					}
				case float64:
					w.text(a.name, ": ", plainText(v), "\n")
				}
			}
			w.text("---\n\n# ", escapeMarkdown(node.Name), "\n")
			facts := byNode[node.Key()]
			for _, p := range schema.Predicates() {
				first := true
				for _, f := range facts {
					if f.Predicate != p.Predicate {
						continue
					}
					if first {
						w.text("\n## ", p.Label, "\n\n")
						first = false
					}
					w.text("- ", sentence(f), "\n")
					for _, ev := range f.Evidence {
						w.text("    - > ", escapeMarkdown(ev.Text), " (", link(documentKey(ev.Doc), ev.Doc), fmt.Sprintf(", line %d)\n", ev.Line))
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, doc := range docs {
		err := out.file(note[documentKey(doc)]+".md", func(w *writer) error {
			w.text("---\nid: ", quoteJSON("document/"+doc), "\ntags: [document]\n---\n\n# ", escapeMarkdown(doc), "\n\n")
			for _, f := range byDoc[doc] {
				w.text("- ", sentence(f), "\n")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if left := src.LeftOut(); !left.IsZero() {
		return out.file(taken.of("About this folder", "demarc")+".md", func(w *writer) error {
			w.text(sentenceOf(left), "\n")
			return nil
		})
	}
	return nil
}

// escapeMarkdown writes text on one line, with nothing in it taken for markup.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ") {
		if strings.ContainsRune("\\`*_[]<>|#~$=", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
