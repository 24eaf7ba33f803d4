package graph

import (
	"context"
	"fmt"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// Status says what loading a document did.
type Status string

// The outcomes of [Graph.Load].
const (
	Added     Status = "added"
	Replaced  Status = "replaced"
	Unchanged Status = "unchanged"
	Duplicate Status = "duplicate" // it says what another says: it is kept and linked to that one, but not read
)

// LoadResult is what [Graph.Load] did. Facts and Quads count what the graph
// now holds of the document.
type LoadResult struct {
	Doc    string `json:"doc"`
	Status Status `json:"status"`
	Facts  int    `json:"facts"`
	Quads  int    `json:"quads"`

	DuplicateOf     string `json:"duplicateOf,omitempty"`     // the ID of the document that says all that this one says
	NearDuplicateOf string `json:"nearDuplicateOf,omitempty"` // or of the one before it that says nearly the same
}

// Load extracts the facts of doc and adds document and facts to the graph,
// replacing what an earlier document of the same ID left there. It does so
// whole or not at all, and what it added is on disk when it returns. A
// document that is already there, read by the same extractor, changes nothing. One
// that says what another in the graph says is not read, unless [WithDuplicates]
// asks for it.
func (g *Graph) Load(ctx context.Context, doc *schema.Document) (LoadResult, error) {
	result := LoadResult{Doc: doc.ID}
	if g.readOnly {
		return result, fmt.Errorf("graph: document %q: %w", doc.ID, ErrReadOnly)
	}
	x, err := g.extractor()
	if err != nil {
		return result, fmt.Errorf("graph: %w", err)
	}
	if err := checkDocument(doc); err != nil {
		return result, err
	}
	result, err = g.unchanged(ctx, doc, versionOf(x))
	if err != nil || result.Status == Unchanged {
		return result, err
	}
	var compared *comparison
	if g.duplicates != ReadDuplicates {
		compared = compare(doc)
	}
	copied, err := g.copied(ctx, doc, compared)
	if err != nil {
		return result, err
	}
	var r *Reading
	if copied {
		r = unread(doc, versionOf(x), g.ns)
	} else if r, err = g.read(ctx, doc); err != nil {
		return result, err
	}
	r.compared = compared
	return g.enter(ctx, r)
}

// unchanged reports, as its result's status, whether the graph has the document
// as the version of the extractor read it.
func (g *Graph) unchanged(ctx context.Context, doc *schema.Document, version string) (LoadResult, error) {
	result := LoadResult{Doc: doc.ID}
	label := quad.IRI(g.ns.Document(doc.ID))
	err := g.with(ctx, func(v *view) error {
		info, ok, err := v.documentInfo(ctx, doc.ID)
		if err != nil || !ok || info.Hash != doc.Hash() {
			return err
		}
		was, err := v.text(ctx, label, dmExtractor)
		if err != nil || was != version || info.DuplicateOf != "" && g.duplicates == ReadDuplicates {
			return err
		}
		result.DuplicateOf, result.NearDuplicateOf = info.DuplicateOf, info.NearDuplicateOf
		n, err := v.Count(ctx, store.Pattern{Label: label})
		result.Status, result.Facts, result.Quads = Unchanged, info.Facts, int(n)
		return err
	})
	return result, err
}

// enter puts a document in the place of what the graph has under its ID, and
// decides what of it is one thing with what other documents speak of.
func (g *Graph) enter(ctx context.Context, r *Reading) (LoadResult, error) {
	id := r.doc.ID
	release, err := g.exclude(ctx)
	if err != nil {
		return LoadResult{Doc: id}, fmt.Errorf("graph: document %q: %w", id, err)
	}
	defer release()
	result, err := g.replace(ctx, id, r)
	if err != nil {
		return LoadResult{Doc: id}, fmt.Errorf("graph: document %q: %w", id, err)
	}
	g.log.Info("document loaded", "doc", id, "status", result.Status, "facts", result.Facts, "quads", result.Quads)
	return result, nil
}

// Remove takes a document and exactly its facts out of the graph, and reads a copy
// of it that was not read for its sake. It fails with [ErrNotFound] where there is
// no such document.
func (g *Graph) Remove(ctx context.Context, docID string) error {
	if g.readOnly {
		return fmt.Errorf("graph: document %q: %w", docID, ErrReadOnly)
	}
	release, err := g.exclude(ctx)
	if err != nil {
		return fmt.Errorf("graph: document %q: %w", docID, err)
	}
	defer release()
	if was, err := g.replace(ctx, docID, nil); err != nil {
		return fmt.Errorf("graph: document %q: %w", docID, err)
	} else if was.Status != Replaced {
		return fmt.Errorf("graph: document %q: %w", docID, ErrNotFound)
	}
	g.log.Info("document removed", "doc", docID)
	return nil
}

// replace puts what a document was read to be, or nothing for nil, in the place of
// the quads that its label has, and does in the same step what follows from it: in
// the gazetteer's part of the graph, in what is decided on identity, in which other
// documents are copies, and in the ledger. The result's status is [Replaced] where
// the label had any quads. Its caller excludes others.
func (g *Graph) replace(ctx context.Context, id string, r *Reading) (result LoadResult, err error) {
	result = LoadResult{Doc: id, Status: Added}
	gz, err := g.gazetteer()
	if err != nil {
		return result, err
	}
	document := exchange{label: quad.IRI(g.ns.Document(id))}
	var identity identityChange
	var records []store.Record
	var exchanges []exchange // the document's own first
	var del, add []quad.Quad
	var d *decider
	err = g.with(ctx, func(v *view) error {
		if document.before, err = v.collect(ctx, store.Pattern{Label: document.label}); err != nil {
			return err
		}
		if len(document.before) > 0 {
			result.Status = Replaced
		}
		var compared *comparison
		if r != nil {
			if records, err = v.loaded(ctx, r.doc.Path, id); err != nil {
				return err
			}
			if g.duplicates != ReadDuplicates {
				if compared = r.compared; compared == nil {
					compared = compare(r.doc)
				}
			}
		}
		c, err := v.copiesWith(ctx, id, compared)
		if err != nil {
			return err
		}
		records = append(records, c.records()...)
		if r != nil {
			if err := c.settle(ctx, g, r, &document, &result); err != nil {
				return err
			}
		}
		exchanges, del, add, err = c.relinked(ctx, g)
		if err != nil {
			return err
		}
		exchanges = append([]exchange{document}, exchanges...)
		if identity, err = v.identityChange(ctx, gz, exchanges, g.standing.identified); err != nil {
			return err
		}
		d, err = v.decideAnew(ctx, gz, &g.standing, exchanges, &identity)
		return err
	})
	if err != nil {
		g.standing = newStanding() // which may be true of what does not come to be
		return result, err
	}
	if result.Status != Replaced && r == nil {
		return result, nil
	}
	changes := []store.Change{{Records: records}}
	for _, e := range exchanges {
		changes = append(changes, store.Change{Label: e.label, Add: e.quads})
	}
	changes = append(changes, store.Change{Delete: append(identity.del, del...), Add: append(identity.add, add...)})
	if err := g.store.Commit(ctx, changes...); err != nil {
		g.standing = newStanding() // who knows what came of it
		return result, err
	}
	for _, id := range identity.gone {
		delete(g.standing.identified, id)
	}
	for _, id := range identity.come {
		g.standing.identified[id] = true
	}
	d.committed()
	if result.DuplicateOf != "" {
		result.Status = Duplicate
	}
	return result, nil
}

// DocumentInfo is what a graph knows of a document besides its text.
type DocumentInfo = schema.DocumentInfo

// Documents yields what is known of every document, sorted by ID.
func (g *Graph) Documents(ctx context.Context) iter.Seq2[DocumentInfo, error] {
	return func(yield func(DocumentInfo, error) bool) {
		v, err := g.view(ctx)
		if err != nil {
			yield(DocumentInfo{}, err)
			return
		}
		defer v.Close()
		for info, err := range v.Documents(ctx) {
			if !yield(info, err) {
				return
			}
		}
	}
}

// Documents is [Graph.Documents].
func (v *view) Documents(ctx context.Context) iter.Seq2[DocumentInfo, error] {
	return func(yield func(DocumentInfo, error) bool) {
		ids, err := v.documentIDs(ctx)
		if err != nil {
			yield(DocumentInfo{}, err)
			return
		}
		for _, id := range ids {
			info, _, err := v.documentInfo(ctx, id)
			if !yield(info, err) || err != nil {
				return
			}
		}
	}
}

// DocumentInfo returns what is known of a document besides its text, or
// [ErrNotFound].
func (g *Graph) DocumentInfo(ctx context.Context, id string) (info DocumentInfo, err error) {
	err = g.with(ctx, func(v *view) error {
		info, err = v.DocumentInfo(ctx, id)
		return err
	})
	return info, err
}

// DocumentInfo is [Graph.DocumentInfo].
func (v *view) DocumentInfo(ctx context.Context, id string) (DocumentInfo, error) {
	info, ok, err := v.documentInfo(ctx, id)
	if err == nil && !ok {
		err = fmt.Errorf("graph: document %q: %w", id, ErrNotFound)
	}
	return info, err
}

// Document returns a document with its text, or [ErrNotFound].
func (g *Graph) Document(ctx context.Context, id string) (doc *schema.Document, err error) {
	err = g.with(ctx, func(v *view) error {
		doc, err = v.document(ctx, id)
		return err
	})
	return doc, err
}
