// Package llm reads facts out of documents with a language model that a server
// of the OpenAI-compatible chat interface offers: a hosted one, or one on the
// same machine such as llama.cpp, Ollama or vLLM. It stands in for package
// extract where that is wanted and is used only where it is asked for.
//
// A model is not believed. Its answer must keep to a JSON schema made from the
// tables of package schema; every fact must quote the document verbatim, be
// about names that the document gives, and fit the vocabulary, or it is
// dropped and counted. Where the server fails, another extractor reads the
// document, with a warning.
//
// The text of a document goes to the server whole, so it may leave the machine.
// What it says cannot steer what demarc does: an answer is only ever read as
// facts.
package llm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/demarcgraph/demarc/extract/gazetteer"
	"github.com/demarcgraph/demarc/schema"
)

// DefaultKeyEnv is the environment variable that the server's key is read from.
const DefaultKeyEnv = "DEMARC_LLM_KEY"

// DefaultTimeout is how long one request may take.
const DefaultTimeout = 2 * time.Minute

// Confidence is that of every fact a model finds. No model says reliably how
// sure it is, so it is one figure, below that of every rule of package extract.
const Confidence = 0.5

// Fallback reads the documents that the server fails on. [extract.Extractor]
// is one.
//
// [extract.Extractor]: https://pkg.go.dev/github.com/demarcgraph/demarc/extract#Extractor
type Fallback interface {
	Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error)
}

// Options says which model reads and what happens where it cannot.
type Options struct {
	// URL is where the interface begins, such as "https://api.openai.com/v1" or
	// "http://localhost:11434/v1". It must be given.
	URL string

	// Model is the name that the server knows the model by. It must be given.
	Model string

	// APIKeyEnv names the environment variable that holds the key; "" means
	// [DefaultKeyEnv]. Where it is not set, requests carry no key. Keys have no
	// field of their own, so that they reach neither logs nor flags.
	APIKeyEnv string

	// HTTPClient sends the requests. nil means one that follows no redirects,
	// since these would carry documents to places that nobody named.
	HTTPClient *http.Client

	// Timeout bounds one request; 0 means [DefaultTimeout].
	Timeout time.Duration

	// Fallback reads a document where the server fails. With nil, Extract fails.
	Fallback Fallback

	// Gazetteer resolves names; nil means the one that ships with demarc.
	Gazetteer *gazetteer.Gazetteer

	// Warn, where given, is told of every document that the fallback had to
	// read (a [*FallbackError]) and of facts that were dropped (a
	// [*DroppedError]). It is called concurrently where Extract is.
	Warn func(error)
}

// Extractor turns documents into facts by asking a model. It is safe for
// concurrent use.
type Extractor struct {
	client   *client
	model    string
	fallback Fallback
	gaz      *gazetteer.Gazetteer
	warn     func(error)

	mu    sync.Mutex
	stats Stats
}

// Stats counts what an extractor has done. Servers that do not report tokens
// leave their counts at 0.
type Stats struct {
	Documents      int // that the model read
	Fallbacks      int // that the fallback had to read, or nobody could
	Requests       int // that were sent, repeated ones included
	PromptTokens   int
	AnsweredTokens int
	Facts          int // kept, before duplicates were joined
	Dropped        int
}

// FallbackError warns that the model could not read a document and that the
// fallback has.
type FallbackError struct {
	Doc string // the document's id
	Err error  // the cause
}

func (e *FallbackError) Error() string {
	return fmt.Sprintf("llm: %s: the fallback reads the document, since %v", e.Doc, e.Err)
}

// Unwrap returns the cause.
func (e *FallbackError) Unwrap() error { return e.Err }

// DroppedError warns that some of the facts a model gave for a document were
// dropped.
type DroppedError struct {
	Doc     string
	Facts   int // that the model gave
	Reasons map[Reason]int
}

func (e *DroppedError) Error() string {
	var parts []string
	n := 0
	for _, r := range reasons {
		if k := e.Reasons[r]; k > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", k, r))
			n += k
		}
	}
	return fmt.Sprintf("llm: %s: %d of %d facts dropped: %s", e.Doc, n, e.Facts, strings.Join(parts, ", "))
}

// New returns an extractor. It sends nothing. It fails where URL or model are
// missing or at fault, or the gazetteer cannot be read.
func New(o Options) (*Extractor, error) {
	base, err := url.Parse(strings.TrimSpace(o.URL))
	switch {
	case o.URL == "":
		return nil, errors.New("llm: no URL: give the address of an OpenAI-compatible server, such as http://localhost:11434/v1")
	case err != nil:
		return nil, errors.New("llm: the URL is none: want one such as http://localhost:11434/v1") // err would repeat a password in it
	case base.User != nil:
		return nil, fmt.Errorf("llm: the URL holds a password: put the key into $%s", cmp.Or(o.APIKeyEnv, DefaultKeyEnv))
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("llm: the URL %q is none of a server: want one such as http://localhost:11434/v1", o.URL)
	case strings.TrimSpace(o.Model) == "":
		return nil, errors.New("llm: no model: give the name that the server knows it by")
	case o.Timeout < 0:
		return nil, fmt.Errorf("llm: the timeout is negative: %v", o.Timeout)
	}
	x := &Extractor{model: strings.TrimSpace(o.Model), fallback: o.Fallback, gaz: o.Gazetteer, warn: o.Warn}
	if x.gaz == nil {
		if x.gaz, err = gazetteer.Default(); err != nil {
			return nil, fmt.Errorf("llm: %w", err)
		}
	}
	if x.warn == nil {
		x.warn = func(error) {}
	}
	format, err := answerSchema()
	if err != nil {
		return nil, fmt.Errorf("llm: %w", err)
	}
	env := cmp.Or(o.APIKeyEnv, DefaultKeyEnv)
	x.client = newClient(base.String(), x.model, env, os.Getenv(env), o.HTTPClient, cmp.Or(o.Timeout, DefaultTimeout), format)
	return x, nil
}

// Stats returns what the extractor has done so far.
func (x *Extractor) Stats() Stats {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.stats
}

func (x *Extractor) count(add func(s *Stats)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	add(&x.stats)
}

// Extract returns the facts that the model finds in doc, in the order of
// [schema.SortFacts]; the rule of each is "llm:" and the model's name. A
// document is read by the model whole or not at all: where one request fails
// for good, the fallback's facts are returned instead. Extract fails where ctx
// ends, or where there is no fallback or it fails too.
func (x *Extractor) Extract(ctx context.Context, doc *schema.Document) ([]schema.Fact, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("llm: %s: %w", doc.ID, err)
	}
	c := newChecker(x.gaz, doc, "llm:"+x.model)
	if err := x.read(ctx, doc, c); err != nil {
		if ended := ctx.Err(); ended != nil {
			return nil, fmt.Errorf("llm: %s: %w", doc.ID, ended)
		}
		x.count(func(s *Stats) { s.Fallbacks++ })
		if x.fallback == nil {
			return nil, fmt.Errorf("llm: %s: %w", doc.ID, err)
		}
		x.warn(&FallbackError{Doc: doc.ID, Err: err})
		return x.fallback.Extract(ctx, doc)
	}
	x.count(func(s *Stats) {
		s.Documents++
		s.Facts += len(c.facts)
		s.Dropped += c.given - len(c.facts)
	})
	if len(c.dropped) > 0 {
		x.warn(&DroppedError{Doc: doc.ID, Facts: c.given, Reasons: c.dropped})
	}
	return c.finish(), nil
}

// read asks about every piece of the document and hands the answers to c.
func (x *Extractor) read(ctx context.Context, doc *schema.Document, c *checker) error {
	for _, p := range pieces(doc) {
		prompt, err := question(doc, p)
		if err != nil {
			return err
		}
		reply, err := x.client.ask(ctx, prompt)
		x.count(func(s *Stats) {
			s.Requests += reply.requests
			s.PromptTokens += reply.promptTokens
			s.AnsweredTokens += reply.answeredTokens
		})
		if err != nil {
			return err
		}
		facts, err := parseAnswer([]byte(reply.text))
		if err != nil {
			return err
		}
		c.take(p, facts)
	}
	return ctx.Err()
}

// finish joins the facts that were given more than once and sorts them.
func (c *checker) finish() []schema.Fact {
	c.joinPersons()
	at := map[string]int{}
	var out []schema.Fact
	for _, f := range c.facts {
		if f.Subject.Same(f.Object) {
			continue // two names of one person
		}
		f.Qualifiers = schema.SortQualifiers(f.Qualifiers)
		id := f.ID()
		if i, ok := at[id]; ok {
			out[i].Evidence = append(out[i].Evidence, f.Evidence...)
			continue
		}
		at[id] = len(out)
		f.Evidence = slices.Clone(f.Evidence)
		out = append(out, f)
	}
	for i := range out {
		out[i].Evidence = schema.SortEvidence(out[i].Evidence)
	}
	schema.SortFacts(out)
	return out
}
