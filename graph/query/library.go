package query

import (
	"context"

	"github.com/demarcgraph/demarc/schema"
)

// Catalogue is a [Reader] that knows of documents without reading their texts.
type Catalogue interface {
	DocumentInfo(ctx context.Context, id string) (schema.DocumentInfo, error)
}

// Library remembers what a [Reader] knows of the documents that were asked for,
// besides their texts. It is not safe for concurrent use.
type Library struct {
	r    Reader
	docs map[string]schema.DocumentInfo
}

// NewLibrary returns a library of r's documents. It reads each when it is first
// asked for.
func NewLibrary(r Reader) *Library {
	return &Library{r, map[string]schema.DocumentInfo{}}
}

// Document returns what is known of a document: ID, title, date, publisher,
// country and path.
func (l *Library) Document(ctx context.Context, id string) (schema.DocumentInfo, error) {
	if info, ok := l.docs[id]; ok {
		return info, nil
	}
	if catalogue, ok := l.r.(Catalogue); ok {
		info, err := catalogue.DocumentInfo(ctx, id)
		info = schema.DocumentInfo{ID: info.ID, Title: info.Title, Date: info.Date, Publisher: info.Publisher, Country: info.Country, Path: info.Path}
		if err == nil {
			l.docs[id] = info
		}
		return info, err
	}
	doc, err := l.r.Document(ctx, id)
	if err != nil {
		return schema.DocumentInfo{}, err
	}
	info := schema.DocumentInfo{ID: doc.ID, Title: doc.Title, Date: doc.Date, Publisher: doc.Publisher, Country: doc.Country, Path: doc.Path}
	l.docs[id] = info
	return info, nil
}

// Holds says how sure it is that a fact holds at a date; see [schema.Time.At].
func (l *Library) Holds(ctx context.Context, f *schema.Fact, at schema.Date) (schema.Certainty, error) {
	if at.IsZero() {
		return schema.Surely, nil
	}
	var said []schema.Date
	for _, ev := range f.Evidence {
		doc, err := l.Document(ctx, ev.Doc)
		if err != nil {
			return "", err
		}
		said = append(said, doc.Date)
	}
	return f.Time.At(at, said...), nil
}
