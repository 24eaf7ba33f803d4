package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/export"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// problem is an error as a client gets it (RFC 9457).
type problem struct {
	Type       string          `json:"type"`
	Title      string          `json:"title"`
	Status     int             `json:"status"`
	Detail     string          `json:"detail,omitempty"`
	Instance   string          `json:"instance,omitempty"`
	Parameter  string          `json:"parameter,omitempty"`
	Candidates []schema.Entity `json:"candidates,omitempty"`

	cause error // what the log gets
}

func (p *problem) Error() string { return p.Detail }
func (p *problem) Unwrap() error { return p.cause }

// refusef returns a problem with a detail for the client.
func refusef(status int, format string, args ...any) *problem {
	return &problem{Status: status, Detail: fmt.Sprintf(format, args...)}
}

// refuseParameter returns the problem that a parameter is wrong.
func refuseParameter(name, format string, args ...any) *problem {
	wrong := fmt.Sprintf(format, args...)
	return &problem{Status: http.StatusBadRequest, Parameter: name, Detail: fmt.Sprintf("the parameter %q %s", name, wrong)}
}

// problemOf returns what a client gets to see of an error. What is the server's
// own fault is not told.
func problemOf(err error) *problem {
	var (
		p        *problem
		unclear  *graph.NameError
		limit    *query.LimitError
		syntax   *query.SyntaxError
		beyond   *query.UnsupportedError
		edition  *query.NoEditionError
		tooLarge *http.MaxBytesError
	)
	is := func(status int) *problem { return &problem{Status: status, Detail: err.Error(), cause: err} }
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &unclear):
		p = is(http.StatusNotFound)
		p.Candidates = unclear.Entities
		p.Detail = fmt.Sprintf("the documents do not speak of %q", unclear.Name)
		if errors.Is(err, graph.ErrAmbiguous) {
			p.Status, p.Detail = http.StatusConflict, fmt.Sprintf("%q is a name of several: say which by its ID", unclear.Name)
		} else if len(unclear.Entities) > 0 {
			p.Detail += "; did you mean one of the candidates?"
		}
		return p
	case errors.Is(err, graph.ErrNotFound), errors.As(err, &edition):
		return is(http.StatusNotFound)
	case errors.Is(err, graph.ErrAmbiguous):
		return is(http.StatusConflict)
	case errors.As(err, &syntax), errors.As(err, &beyond):
		return is(http.StatusBadRequest)
	case errors.As(err, &limit):
		p = is(http.StatusUnprocessableEntity)
		switch limit.Limit {
		case query.LimitRows:
			p.Detail = fmt.Sprintf("the result has more than %d rows: add LIMIT, or ask for less", limit.Value)
		case query.LimitTime:
			p.Detail = "the answer takes longer than the server allows: ask for less"
		default:
			p.Detail = "the answer takes more memory than the server allows: ask for less"
		}
		return p
	case errors.Is(err, errResultTooLarge):
		p = is(http.StatusUnprocessableEntity)
		p.Detail = "the answer is larger than the server allows: ask for less"
		return p
	case errors.Is(err, export.ErrTooLarge):
		return is(http.StatusUnprocessableEntity)
	case errors.As(err, &tooLarge):
		return refusef(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", tooLarge.Limit)
	case errors.Is(err, store.ErrNoSpace):
		return is(http.StatusInsufficientStorage)
	case errors.Is(err, context.DeadlineExceeded):
		return refusef(http.StatusUnprocessableEntity, "the answer takes longer than the server allows: ask for less")
	case errors.Is(err, graph.ErrClosed):
		return refusef(http.StatusServiceUnavailable, "the server is shutting down")
	}
	return &problem{Status: http.StatusInternalServerError, Detail: "the server failed; its log says why", cause: err}
}

// write sends the problem.
func (p *problem) write(w http.ResponseWriter, r *http.Request) {
	out := *p
	out.Type, out.Title, out.Instance = "about:blank", http.StatusText(p.Status), r.URL.Path
	text, err := json.Marshal(&out)
	if err != nil { // of plain texts and entities: it does not happen
		http.Error(w, out.Title, p.Status)
		return
	}
	h := w.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(p.Status)
	w.Write(text) // a client that is gone needs no telling
}
