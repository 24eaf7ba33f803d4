package serve

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"github.com/demarcgraph/demarc/graph"
)

// Source gives each request the graph to answer from. A [graph.Follower] is one,
// which shows what other processes write; [Own] makes one of a graph.
type Source interface {
	With(ctx context.Context, read func(*graph.Graph) error) error
}

// Own is the source of a graph that this process has open, which must stay open
// as long as the server runs.
func Own(g *graph.Graph) Source { return own{g} }

type own struct{ g *graph.Graph }

func (o own) With(_ context.Context, read func(*graph.Graph) error) error { return read(o.g) }

// Options are the settings of a server. The zero value reads only, for whoever
// can reach it.
type Options struct {
	Version string   // of the program, to be shown
	Write   bool     // documents may be loaded and removed; the source's graph must be open for writing
	Token   string   // what requests must bring; "" for nothing
	Hosts   []string // names that the server is asked by, besides localhost and IP addresses
	Limits  Limits
	Logger  *slog.Logger // of requests and failures; nil keeps silent
}

// Limits bound what one request, and all of them together, can take. What is 0
// is as [DefaultLimits] has it.
type Limits struct {
	Header     time.Duration // for a request's header to come in
	Read       time.Duration // for the whole request to come in
	Query      time.Duration // for an answer to be found
	Write      time.Duration // from the end of the header to the end of the answer
	Long       time.Duration // in place of Query and Write for exports and for loading documents
	Idle       time.Duration // for the next request on a connection
	Stop       time.Duration // for requests to finish when the server stops
	Wait       time.Duration // for a request's turn, before it is turned away
	Concurrent int           // requests that are worked on at once
	Body       int64         // bytes of a request's body
	Upload     int64         // bytes of a request's body that brings documents
	Result     int64         // bytes of an answer that is put together before it is sent
	Memory     int64         // bytes, about, that a query keeps
	Rows       int           // of a query's result
	Remember   int64         // bytes of answers that took long and are kept until the graph changes
	Nodes      int           // of an export that is put together before it is written
}

// DefaultLimits returns the limits that hold where nobody says otherwise.
func DefaultLimits() Limits {
	return Limits{
		Header: 10 * time.Second, Read: time.Minute, Query: 30 * time.Second, Write: 2 * time.Minute, Long: 10 * time.Minute,
		Idle: 2 * time.Minute, Stop: 30 * time.Second, Wait: 2 * time.Second, Concurrent: 8 * runtime.GOMAXPROCS(0),
		Body: 1 << 20, Upload: 64 << 20, Result: 64 << 20, Memory: 256 << 20, Remember: 64 << 20, Rows: 100_000, Nodes: 20_000,
	}
}

func (l *Limits) setDefaults() {
	d := DefaultLimits()
	for _, p := range []struct {
		limit    *time.Duration
		standard time.Duration
	}{
		{&l.Header, d.Header}, {&l.Read, d.Read}, {&l.Query, d.Query}, {&l.Write, d.Write}, {&l.Long, d.Long},
		{&l.Idle, d.Idle}, {&l.Stop, d.Stop}, {&l.Wait, d.Wait},
	} {
		if *p.limit == 0 {
			*p.limit = p.standard
		}
	}
	for _, p := range []struct {
		limit    *int64
		standard int64
	}{{&l.Body, d.Body}, {&l.Upload, d.Upload}, {&l.Result, d.Result}, {&l.Memory, d.Memory}, {&l.Remember, d.Remember}} {
		if *p.limit == 0 {
			*p.limit = p.standard
		}
	}
	for _, p := range []struct {
		limit    *int
		standard int
	}{{&l.Concurrent, d.Concurrent}, {&l.Rows, d.Rows}, {&l.Nodes, d.Nodes}} {
		if *p.limit == 0 {
			*p.limit = p.standard
		}
	}
}

// Server answers HTTP requests from a graph. It is safe for concurrent use.
type Server struct {
	source   Source
	opts     Options
	log      *slog.Logger
	about    *description
	hosts    map[string]bool
	handler  http.Handler
	metrics  *metrics
	turns    chan struct{} // one for each request that is worked on
	loading  chan struct{} // one for each request that brings documents
	boot     string        // tells the ETags of this run from those of others
	stopping atomic.Bool

	counts counts
	known  answers

	work  context.Context // what goes on besides requests
	quit  context.CancelFunc
	works sync.WaitGroup
}

// New returns a server of the source's graph.
func New(source Source, opts Options) (*Server, error) {
	opts.Limits.setDefaults()
	about, err := describe()
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	s := &Server{
		source: source, opts: opts, log: opts.Logger, about: about, hosts: map[string]bool{"localhost": true}, metrics: newMetrics(),
		turns: make(chan struct{}, opts.Limits.Concurrent), loading: make(chan struct{}, 2), boot: rand.Text()[:8],
	}
	s.known.most = opts.Limits.Remember
	s.work, s.quit = context.WithCancel(context.Background())
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, h := range opts.Hosts {
		s.hosts[strings.ToLower(h)] = true
	}
	mux, err := s.routes()
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1400))
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	s.handler = compress(mux)
	return s, nil
}

// routes makes the server's own mux: the paths of the description, and the
// pages for all others.
func (s *Server) routes() (*http.ServeMux, error) {
	mux := http.NewServeMux()
	paths := map[string]endpoint{}
	handlers := handlers()
	for _, op := range s.about.operations {
		h, ok := handlers[op.ID]
		if !ok {
			return nil, fmt.Errorf("openapi.yaml describes %q, which nothing answers", op.ID)
		}
		delete(handlers, op.ID)
		if paths[op.path] == nil {
			paths[op.path] = endpoint{}
		}
		paths[op.path][op.method] = &action{s, op, h}
	}
	for id := range handlers {
		return nil, fmt.Errorf("openapi.yaml does not describe %q", id)
	}
	for path, e := range paths {
		mux.Handle(path, e)
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		refusef(http.StatusNotFound, "there is no such path; /openapi.json lists those that there are").write(w, r)
	})
	files, err := fs.Sub(bundle, "pages")
	if err != nil {
		return nil, err
	}
	mux.Handle("/", pages{files})
	return mux, nil
}

// endpoint is what there is at a path, by method.
type endpoint map[string]*action

func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if a := e[method]; a != nil {
		a.ServeHTTP(w, r)
		return
	}
	var allowed []string
	for m := range e {
		allowed = append(allowed, m)
		if m == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	slices.Sort(allowed)
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	refusef(http.StatusMethodNotAllowed, "the method %s is not for this: use %s", r.Method, strings.Join(allowed, ", ")).write(w, r)
}

// ServeHTTP answers a request: it is part of [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	rec := &recorder{ResponseWriter: w, operation: "pages"}
	defer func() {
		v := recover()
		if v != nil && v != http.ErrAbortHandler {
			s.log.Error("a handler failed", "path", r.URL.Path, "panic", v, "stack", string(debug.Stack()))
			if rec.status == 0 {
				problemOf(fmt.Errorf("panic: %v", v)).write(rec, r)
			}
		}
		s.metrics.observe(rec, r, time.Since(start))
		s.log.Info("request", "method", r.Method, "path", r.URL.Path, "status", rec.status, "bytes", rec.bytes,
			"took", time.Since(start).Round(time.Microsecond), "remote", r.RemoteAddr, "operation", rec.operation)
		if v == http.ErrAbortHandler {
			panic(v) // net/http cuts the connection
		}
	}()
	h := rec.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	if !s.mayAskBy(r.Host) {
		rec.operation = "refused"
		refusef(http.StatusMisdirectedRequest, "this server is not called %q: ask it by IP address or localhost, or start it with --host", r.Host).write(rec, r)
		return
	}
	s.handler.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), recorderKey{}, rec)))
}

type recorderKey struct{}

// recorderOf returns the recorder of a request, past what others have put around it.
func recorderOf(r *http.Request) *recorder {
	return r.Context().Value(recorderKey{}).(*recorder) // ServeHTTP has put it there
}

// Serve answers the requests that come in by a listener until the context ends.
// Then it takes no more, lets those that it has finish, for as long as the
// limits say, and returns nil.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	base, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	l := &s.opts.Limits
	hs := &http.Server{
		Handler: s, ReadHeaderTimeout: l.Header, ReadTimeout: l.Read, WriteTimeout: l.Write, IdleTimeout: l.Idle, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return base },
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	defer s.works.Wait()
	defer s.quit()
	s.works.Go(func() { // so that who asks first need not wait for it
		err := s.source.With(s.work, func(g *graph.Graph) error {
			_, _, err := s.count(s.work, g)
			return err
		})
		if err != nil && s.work.Err() == nil {
			s.log.Error("the graph could not be counted", "error", err)
		}
	})
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		s.stopping.Store(true)
		s.log.Info("stopping: waiting for requests to finish")
		patience, done := context.WithTimeout(base, l.Stop)
		defer done()
		err := hs.Shutdown(patience)
		if err != nil {
			cancel() // whoever is still at work gives up
			err = errors.Join(fmt.Errorf("serve: requests that did not finish within %s were cut off", l.Stop), hs.Close())
		}
		stopped <- err
	})
	err := hs.Serve(ln)
	if stop() || !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", errors.Join(err, hs.Close()))
	}
	return <-stopped
}

// Listen listens on a TCP address, such as "localhost:8080". One that other
// machines can reach it refuses, unless requests need a token, or exposed says
// that everybody may read and nobody may write.
func Listen(ctx context.Context, addr string, opts Options, exposed bool) (net.Listener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	if !tcp.IP.IsLoopback() && opts.Token == "" {
		if opts.Write {
			return nil, fmt.Errorf("%s can be reached from other machines, which could write: %w", addr, ErrExposed)
		}
		if !exposed {
			return nil, fmt.Errorf("%s can be reached from other machines: %w", addr, ErrExposed)
		}
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", tcp.String())
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	return ln, nil
}

// ErrExposed is the error of a server that would be open to strangers.
var ErrExposed = errors.New("that needs a token")

// recorder knows what has been sent.
type recorder struct {
	http.ResponseWriter
	operation string
	status    int
	bytes     int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for [http.ResponseController].
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// errResultTooLarge is the error of an answer over Limits.Result.
var errResultTooLarge = errors.New("the answer is too large")

// buffer keeps an answer up to a size.
type buffer struct {
	data []byte
	most int64
}

func (b *buffer) Write(p []byte) (int, error) {
	if int64(len(b.data)+len(p)) > b.most {
		return 0, errResultTooLarge
	}
	b.data = append(b.data, p...)
	return len(p), nil
}

var _ io.Writer = (*buffer)(nil)
