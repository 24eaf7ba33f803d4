package export

import (
	"context"

	"github.com/demarcgraph/demarc/graph/store"
)

// writeNQuads writes canonical N-Quads, label by label.
func writeNQuads(ctx context.Context, w *writer, src Source) error {
	writeComment(w, src)
	for q, err := range src.Quads(ctx) {
		if err != nil {
			return err
		}
		w.text(store.FormatQuad(q))
		if w.err != nil {
			return w.err
		}
	}
	return nil
}
