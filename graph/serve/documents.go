package serve

import (
	"context"
	"errors"
	"io"
	"iter"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

func documents(ctx context.Context, r *request) (*reply, error) {
	seq := r.g.Documents(ctx)
	if q := r.text("q"); strings.TrimSpace(q) != "" {
		seq = about(seq, strings.Fields(schema.Fold(q)))
	}
	out, err := pageOf(r, seq, func(d graph.DocumentInfo) string { return d.ID })
	if err != nil {
		return nil, err
	}
	return r.json(out)
}

// about leaves the documents of which ID, title or publisher have all words.
func about(seq iter.Seq2[graph.DocumentInfo, error], words []string) iter.Seq2[graph.DocumentInfo, error] {
	return func(yield func(graph.DocumentInfo, error) bool) {
		for d, err := range seq {
			text := schema.Fold(d.ID + " " + d.Title + " " + d.Publisher)
			if err == nil && slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
				continue
			}
			if !yield(d, err) {
				return
			}
		}
	}
}

func document(ctx context.Context, r *request) (*reply, error) {
	info, err := r.g.DocumentInfo(ctx, r.text("id"))
	if err != nil {
		return nil, err
	}
	return r.json(info)
}

func documentText(ctx context.Context, r *request) (*reply, error) {
	doc, err := r.g.Document(ctx, r.text("id"))
	if err != nil {
		return nil, err
	}
	info, err := r.g.DocumentInfo(ctx, doc.ID)
	if err != nil {
		return nil, err
	}
	facts := []schema.Fact{}
	for f, err := range r.g.Facts(ctx, schema.Filter{Docs: []string{doc.ID}}) {
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return r.json(struct {
		Document graph.DocumentInfo `json:"document"`
		Text     string             `json:"text"`
		Facts    []schema.Fact      `json:"facts"`
		Passages []passage          `json:"passages"`
	}{info, doc.Text, facts, passages(doc, facts)})
}

// loadReport says what became of documents that came in.
type loadReport struct {
	Items  []graph.LoadResult `json:"items"`
	Failed []failure          `json:"failed"`
}

type failure struct {
	Name   string `json:"name"`
	Detail string `json:"detail"`
}

func loadDocuments(ctx context.Context, r *request) (*reply, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, refusef(http.StatusUnsupportedMediaType, "the header Content-Type cannot be read: want application/json or multipart/form-data")
	}
	in := http.MaxBytesReader(r.w, r.Body, r.s.opts.Limits.Upload)
	report := loadReport{Items: []graph.LoadResult{}, Failed: []failure{}}
	switch kind {
	case "application/json":
		err = r.loadJSON(ctx, in, &report)
	case "multipart/form-data":
		err = r.loadFiles(ctx, multipart.NewReader(in, params["boundary"]), &report)
	default:
		err = refusef(http.StatusUnsupportedMediaType, "%s is not taken: want application/json or multipart/form-data", kind)
	}
	if err != nil {
		return nil, err
	}
	if len(report.Items) == 0 && len(report.Failed) > 0 {
		return nil, refusef(http.StatusUnprocessableEntity, "%s: %s", report.Failed[0].Name, report.Failed[0].Detail)
	}
	return r.json(report)
}

func (r *request) loadJSON(ctx context.Context, in io.Reader, report *loadReport) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return bodyError(err)
	}
	var doc struct {
		ID        string      `json:"id"`
		Text      string      `json:"text"`
		Title     string      `json:"title"`
		Date      schema.Date `json:"date"`
		Publisher string      `json:"publisher"`
		Country   string      `json:"country"`
	}
	if err := r.s.about.body(text, r.op.RequestBody.Content["application/json"].Schema, &doc); err != nil {
		return err
	}
	return r.load(ctx, &schema.Document{
		ID: doc.ID, Text: doc.Text, Title: doc.Title, Date: doc.Date, Publisher: doc.Publisher, Country: doc.Country,
	}, report)
}

// loadFiles loads the files of a form. What its fields say of the documents must
// stand before the files.
func (r *request) loadFiles(ctx context.Context, form *multipart.Reader, report *loadReport) error {
	const mostField = 64 << 10
	schemaOf := r.s.about.of(r.op.RequestBody.Content["multipart/form-data"].Schema)
	opts, files := source.Options{}, 0
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return bodyError(err)
		}
		field := part.FormName()
		if field == "file" {
			files++
			if err := r.loadFile(ctx, part, opts, report); err != nil {
				return err
			}
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, mostField))
		if err != nil {
			return bodyError(err)
		}
		about := schemaOf.Properties[field]
		if about == nil {
			return refuseParameter(field, "is not known: there are file, title, date, publisher and country")
		}
		if wrong := about.checkText(string(text)); wrong != "" {
			return refuseParameter(field, "%s", wrong)
		}
		switch field {
		case "title":
			opts.Title = string(text)
		case "publisher":
			opts.Publisher = string(text)
		case "country":
			opts.Country = string(text)
		case "date":
			if opts.Date, err = schema.ParseDate(string(text)); err != nil {
				return refuseParameter(field, "is no date: want YYYY, YYYY-MM or YYYY-MM-DD")
			}
		}
	}
	if files == 0 {
		return refuseParameter("file", "is missing")
	}
	return nil
}

// loadFile loads the documents of one file. What is wrong with one of them is
// reported, and the others are loaded.
func (r *request) loadFile(ctx context.Context, part *multipart.Part, opts source.Options, report *loadReport) error {
	name := part.FileName() // without folders
	if name == "" || name == "." || name == "/" {
		return refuseParameter("file", "has no file name")
	}
	body := &cause{r: part}
	for doc, err := range source.Read(ctx, body, name, opts) {
		switch {
		case body.err != nil:
			return bodyError(body.err)
		case err != nil && ctx.Err() != nil:
			return err
		case err != nil:
			report.Failed = append(report.Failed, failure{name, err.Error()})
		default:
			if err := r.load(ctx, doc, report); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// cause remembers why a body did not come in, which readers of formats take for
// a fault of the file.
type cause struct {
	r   io.Reader
	err error
}

func (c *cause) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// load loads one document. What is wrong with it alone is reported.
func (r *request) load(ctx context.Context, doc *schema.Document, report *loadReport) error {
	result, err := r.g.Load(ctx, doc)
	switch {
	case err == nil:
		report.Items = append(report.Items, result)
	case ctx.Err() != nil, errors.Is(err, store.ErrNoSpace), errors.Is(err, graph.ErrClosed), errors.Is(err, graph.ErrReadOnly):
		return err
	default:
		report.Failed = append(report.Failed, failure{doc.ID, err.Error()})
	}
	return nil
}

func removeDocument(ctx context.Context, r *request) (*reply, error) {
	if err := r.g.Remove(ctx, r.text("id")); err != nil {
		return nil, err
	}
	return &reply{status: http.StatusNoContent}, nil
}
