package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/query"
	"github.com/demarcgraph/demarc/schema"
)

// handler answers an operation's requests.
type handler struct {
	answer func(ctx context.Context, r *request) (*reply, error)

	kind kind
}

// kind says what a handler needs.
type kind int

const (
	reads   kind = iota // the graph, within Limits.Query
	exports             // the graph, within Limits.Long, and writes as it goes
	writes              // the graph, to be changed
	probes              // the graph, at once, however busy the server is
	needsNothing
)

// request is a request that the description allows.
type request struct {
	*http.Request
	params values
	body   []byte // of a request that brings no documents
	g      *graph.Graph
	s      *Server
	op     *operation
	w      http.ResponseWriter
}

// reply is an answer.
type reply struct {
	status      int    // 0 for 200
	contentType string // "" for no content
	header      map[string]string
	body        []byte
	stream      func(io.Writer) error // in place of body
}

// action answers one operation.
type action struct {
	s  *Server
	op *operation
	h  handler
}

func (a *action) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	recorderOf(r).operation = a.op.ID
	if err := a.serve(w, r); err != nil {
		p := problemOf(err)
		if p.Status >= 500 && p.Status != http.StatusServiceUnavailable {
			a.s.log.Error("a request failed", "operation", a.op.ID, "path", r.URL.Path, "error", err)
		}
		if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
			panic(http.ErrAbortHandler) // nobody is there to be told
		}
		p.write(w, r)
	}
}

func (a *action) serve(w http.ResponseWriter, r *http.Request) error {
	s, limits := a.s, &a.s.opts.Limits
	if a.op.Security == nil { // the description's own: a token, if the server has one
		if err := s.authorize(w, r); err != nil {
			return err
		}
	}
	if err := s.sameSite(r); err != nil {
		return err
	}
	if a.h.kind == writes && !s.opts.Write {
		return refusef(http.StatusForbidden, "this server only reads: start it with --write to load and remove documents")
	}
	sparql := strings.HasPrefix(a.op.path, "/sparql")
	params, err := s.about.parameters(a.op, r, sparql)
	if err != nil {
		return err
	}
	req := &request{Request: r, params: params, s: s, op: a.op, w: w}
	if a.h.kind != writes {
		body := http.MaxBytesReader(w, r.Body, limits.Body)
		if req.body, err = io.ReadAll(body); err != nil {
			return bodyError(err)
		}
	}
	if a.h.kind == needsNothing {
		rep, err := a.h.answer(r.Context(), req)
		if err != nil {
			return err
		}
		return a.send(w, r, rep)
	}

	done := func() {}
	if a.h.kind != probes {
		if done, err = s.turn(r.Context(), a.h.kind); err != nil {
			return err
		}
	}
	defer done()
	timeout := limits.Query
	if a.h.kind == exports || a.h.kind == writes {
		timeout = limits.Long
		// As long as the work may take; that it cannot be set is no reason not to begin.
		_ = http.NewResponseController(recorderOf(r)).SetWriteDeadline(time.Now().Add(limits.Long))
	}
	ctx, cancel := context.WithTimeoutCause(r.Context(), timeout, &query.LimitError{Limit: query.LimitTime, Value: int64(timeout)})
	defer cancel()
	var rep *reply
	unchanged := false
	err = s.source.With(ctx, func(g *graph.Graph) error {
		req.g = g
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			etag, err := s.etag(g, r)
			if err != nil {
				return err
			}
			if etag != "" {
				w.Header().Set("ETag", etag)
				if unchanged = matches(r.Header.Get("If-None-Match"), etag); unchanged {
					return nil
				}
				if rep = s.known.get(etag); rep != nil {
					return nil
				}
				defer func(start time.Time) {
					if rep != nil && time.Since(start) > worthKeeping {
						s.known.put(etag, rep)
					}
				}(time.Now())
			}
		}
		var err error
		if rep, err = a.h.answer(ctx, req); err != nil || rep.stream == nil {
			return err
		}
		return a.send(w, r, rep) // while the graph is there
	})
	switch {
	case err != nil:
		if ctx.Err() != nil && r.Context().Err() == nil {
			err = context.Cause(ctx)
		}
		return err
	case unchanged:
		s.cacheHeaders(w)
		w.WriteHeader(http.StatusNotModified)
		return nil
	case rep.stream != nil:
		return nil
	}
	done() // a slow client holds nobody up
	return a.send(w, r, rep)
}

// bodyError tells a body that is too large from one that did not come.
func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return refusef(http.StatusBadRequest, "the body did not come in whole: %v", err)
}

// cacheHeaders lets a client keep an answer and ask whether it still holds.
func (s *Server) cacheHeaders(w http.ResponseWriter) {
	if w.Header().Get("Cache-Control") != "" {
		return
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Add("Vary", "Accept")
}

// send writes a reply.
func (a *action) send(w http.ResponseWriter, r *http.Request, rep *reply) error {
	h := w.Header()
	for k, v := range rep.header {
		h.Set(k, v)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		a.s.cacheHeaders(w)
	} else if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	status := rep.status
	if status == 0 {
		status = http.StatusOK
	}
	if rep.stream == nil {
		if rep.contentType != "" {
			h.Set("Content-Type", rep.contentType)
		}
		w.WriteHeader(status)
		if len(rep.body) > 0 && status != http.StatusNoContent {
			w.Write(rep.body) // a client that is gone needs no telling
		}
		return nil
	}
	out := &late{w: w, contentType: rep.contentType, header: rep.header}
	if r.Method == http.MethodHead {
		h.Set("Content-Type", rep.contentType)
		w.WriteHeader(status)
		return nil
	}
	err := rep.stream(out)
	if err == nil {
		err = out.flush()
	}
	if err != nil {
		if out.begun {
			a.s.log.Error("an export broke off", "path", r.URL.Path, "error", err)
			panic(http.ErrAbortHandler) // so that the client sees that it is not whole
		}
		for k := range rep.header {
			h.Del(k)
		}
	}
	return err
}

// late writes nothing before it has some of what is to be written, so that an
// error that comes early is told as one.
type late struct {
	w           http.ResponseWriter
	contentType string
	header      map[string]string
	held        []byte
	begun       bool
}

func (l *late) Write(p []byte) (int, error) {
	const most = 64 << 10
	if l.begun {
		return l.w.Write(p)
	}
	l.held = append(l.held, p...)
	if len(l.held) > most {
		return len(p), l.flush()
	}
	return len(p), nil
}

func (l *late) flush() error {
	if l.begun {
		return nil
	}
	l.begun = true
	l.w.Header().Set("Content-Type", l.contentType)
	_, err := l.w.Write(l.held)
	l.held = nil
	return err
}

// turn waits until a request may be worked on. Its end must be told, once or
// more.
func (s *Server) turn(ctx context.Context, k kind) (done func(), err error) {
	turns := s.turns
	if k == writes {
		turns = s.loading
	}
	release := func() func() {
		open := true
		return func() {
			if open {
				open = false
				<-turns
			}
		}
	}
	select {
	case turns <- struct{}{}:
		return release(), nil
	default:
	}
	timer := time.NewTimer(s.opts.Limits.Wait)
	defer timer.Stop()
	select {
	case turns <- struct{}{}:
		return release(), nil
	case <-timer.C:
		return nil, refusef(http.StatusServiceUnavailable, "the server is busy with %d requests: try again", cap(turns))
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// etag identifies the answer to a request by the graph's state and what was
// asked for; "" where the state is unknown.
func (s *Server) etag(g *graph.Graph, r *http.Request) (string, error) {
	state, err := g.State()
	if err != nil || state == 0 {
		return "", err
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\n%s\n%q", r.URL.Path, r.URL.RawQuery, r.Header.Values("Accept"))
	return fmt.Sprintf(`W/"%s-%x-%x"`, s.boot, state, h.Sum64()), nil
}

// matches reports whether an If-None-Match has an ETag.
func matches(header, etag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// json makes a reply of a value. What HTML would take for markup is escaped in
// it, in case somebody takes it for HTML.
func (r *request) json(v any) (*reply, error) {
	b := &buffer{most: r.s.opts.Limits.Result}
	if err := json.NewEncoder(b).Encode(v); err != nil {
		return nil, err
	}
	return &reply{contentType: "application/json", body: b.data}, nil
}

// The parameters, which the description has made sure of.

func (r *request) text(name string) string {
	if v := r.params[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (r *request) flag(name string) bool { return r.text(name) == "true" }

func (r *request) number(name string) (n int) {
	fmt.Sscan(r.text(name), &n) // 0 if it is not given
	return n
}

func (r *request) share(name string) (x float64) {
	fmt.Sscan(r.text(name), &x) // 0 if it is not given
	return x
}

func (r *request) date(name string) (schema.Date, error) {
	d, err := schema.ParseDate(r.text(name))
	if err != nil {
		return d, refuseParameter(name, "is no date: want YYYY, YYYY-MM or YYYY-MM-DD")
	}
	return d, nil
}

// entity returns the ID of the entity that a parameter names, "" if it names
// none.
func (r *request) entity(ctx context.Context, name string) (string, error) {
	text := r.text(name)
	if text == "" {
		return "", nil
	}
	id, err := r.g.Resolve(ctx, text)
	if err != nil {
		p := problemOf(err)
		p.Parameter = name
		return "", p
	}
	return id, nil
}

// scope reads the parameters that say which time and whose words count, and what
// it is all about, if a parameter of that name does.
func (r *request) scope(ctx context.Context, about string) (s query.Scope, err error) {
	if s.AsOf, err = r.date("asOf"); err != nil {
		return s, err
	}
	if s.KnownAt, err = r.date("knownAt"); err != nil {
		return s, err
	}
	s.Docs = r.params["documents"]
	if s.Side, err = r.g.Side(ctx, r.text("view")); err != nil {
		p := problemOf(err)
		p.Parameter = "view"
		return s, p
	}
	if about != "" {
		s.About, err = r.entity(ctx, about)
	}
	return s, err
}
