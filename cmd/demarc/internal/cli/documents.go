package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/internal/source"
	"github.com/demarcgraph/demarc/schema"
)

// documentOptions say which documents a command works on, and how.
type documentOptions struct {
	paths  []string
	source source.Options
	jobs   int

	// What a command does, if set, about a document that failed, and at the end of
	// an input. Both are called in the order of the documents.
	failed func(context.Context, graph.Failure) error
	ended  func(ctx context.Context, path string) error
}

// addDocumentFlags gives a command that reads documents the flags for it.
func addDocumentFlags(cmd *cobra.Command, opts *documentOptions) {
	flags := cmd.Flags()
	flags.StringVar(&opts.source.Title, "title", "", "`title` of the documents, whatever they say themselves")
	addDateFlag(cmd, &opts.source.Date, "date", "date of publication of the documents, whatever they say themselves")
	flags.StringVar(&opts.source.Publisher, "source", "", "`publisher` of the documents, whatever they say themselves")
	flags.StringVar(&opts.source.Country, "country", "", "`state` whose entries the documents are, whatever they say themselves")
	addEnumFlag(cmd, &opts.source.Format, "input", "", "", source.Formats(), "format of the files, instead of finding out")
	flags.StringVar(&opts.source.Encoding, "encoding", "", "`encoding` of the files, such as windows-1252, instead of finding out")
	opts.source.MaxDocument = source.DefaultMaxDocument
	flags.Var(sizeValue{&opts.source.MaxDocument}, "max-size", "refuse documents over this `size`")
	flags.IntVarP(&opts.jobs, "jobs", "j", 0, "how many documents to read at once (default: the number of processors)")
}

// check refuses what no flag's own check refuses.
func (o *documentOptions) check() error {
	if o.jobs < 0 {
		return usagef("--jobs %d: want 1 or more", o.jobs)
	}
	if o.jobs == 0 {
		o.jobs = runtime.GOMAXPROCS(0)
	}
	return nil
}

// sizeValue is a flag that takes a number of bytes, such as 64MiB.
type sizeValue struct{ dest *int64 }

var _ fmt.Stringer = sizeValue{}

func (v sizeValue) String() string {
	if v.dest == nil {
		return ""
	}
	return fmt.Sprintf("%dMiB", *v.dest>>20)
}
func (v sizeValue) Type() string { return "size" }
func (v sizeValue) Set(s string) error {
	number := strings.TrimRight(s, "KMGkmgiBb")
	shift, ok := map[string]uint{"": 0, "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20, "g": 30, "gb": 30, "gib": 30}[strings.ToLower(s[len(number):])]
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || !ok || n <= 0 {
		return fmt.Errorf("want a size such as 64MiB")
	}
	*v.dest = n << shift
	return nil
}

// job is one document on its way through eachDocument.
type job[T any] struct {
	doc    *schema.Document
	result T
	err    error
	done   chan struct{}
	path   string // of the input
	last   bool   // it stands for the end of the input
}

// eachDocument reads the documents of opts and hands each to work, several at
// once, and what comes of them to emit, one at a time and in the order of the
// documents. It goes on after a document that fails: that is reported on
// standard error, and in the end it fails with someFailedError. An error of
// emit ends it.
//
// Two documents of one ID are never worked on at once, and stay in order.
func eachDocument[T any](ctx context.Context, f *Factory, opts *documentOptions,
	work func(context.Context, *schema.Document) (T, error), emit func(*schema.Document, T) error) error {
	bar, err := newProgress(ctx, f, opts)
	if err != nil {
		return err
	}
	defer bar.finish()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	// queue holds the jobs in order, work takes them as workers are free. What
	// is read ahead is bounded, so that memory does not grow with the input.
	queue := make(chan *job[T], 2*opts.jobs)
	todo := make(chan *job[T])
	var workers sync.WaitGroup
	for range opts.jobs {
		workers.Go(func() {
			for j := range todo {
				j.result, j.err = work(ctx, j.doc)
				close(j.done)
			}
		})
	}
	workers.Go(func() {
		defer close(queue)
		defer close(todo)
		readJobs(ctx, bar.inputs, opts.source, queue, todo)
	})
	defer workers.Wait()
	defer cancel()

	all, failed := 0, 0
	for j := range queue {
		<-j.done
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if j.last {
			if opts.ended != nil {
				if err := opts.ended(ctx, j.path); err != nil {
					return err
				}
			}
			continue
		}
		all++
		if j.err != nil {
			failed++
			if opts.failed != nil {
				// Where that fails too, the message below says what is wrong.
				_ = opts.failed(ctx, failureOf(j.path, j.doc, j.err))
			}
			msg := j.err.Error()
			if j.doc != nil && !strings.Contains(msg, j.doc.ID) {
				msg = j.doc.ID + ": " + msg
			}
			bar.clear()
			fmt.Fprintf(f.Err, "demarc: %s\n", oneLine(msg))
			continue
		}
		if err := emit(j.doc, j.result); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed > 0 {
		return someFailedError{failed, all}
	}
	return nil
}

// failureOf is a document that failed, as the graph notes it.
func failureOf(path string, doc *schema.Document, err error) graph.Failure {
	f := graph.Failure{Path: path, Error: err.Error()}
	if bad, ok := errors.AsType[*source.Error](err); ok {
		f.Line = bad.Line
		where := bad.Path
		if bad.Line > 0 {
			where += ":" + strconv.Itoa(bad.Line)
		}
		f.Error = strings.TrimPrefix(f.Error, where+": ")
	}
	if doc != nil {
		f.Doc, f.Hash = doc.ID, doc.Hash()
	}
	return f
}

// readJobs reads the inputs' documents and gives each to queue and todo.
func readJobs[T any](ctx context.Context, inputs []source.Input, opts source.Options, queue, todo chan<- *job[T]) {
	inFlight := map[string]*job[T]{}
	for _, in := range inputs {
		for doc, err := range in.Documents(ctx, opts) {
			j := &job[T]{doc: doc, err: err, done: make(chan struct{}), path: in.Path}
			select {
			case queue <- j:
			case <-ctx.Done():
				return
			}
			if err != nil {
				close(j.done)
				continue
			}
			for id, other := range inFlight {
				select {
				case <-other.done:
					delete(inFlight, id)
				default:
				}
			}
			if other := inFlight[doc.ID]; other != nil {
				<-other.done
			}
			inFlight[doc.ID] = j
			select {
			case todo <- j:
			case <-ctx.Done():
				j.err = ctx.Err()
				close(j.done)
				return
			}
		}
		end := &job[T]{done: make(chan struct{}), path: in.Path, last: true}
		close(end.done)
		select {
		case queue <- end:
		case <-ctx.Done():
			return
		}
	}
}

// progress shows how far the reading is, on a terminal.
type progress struct {
	inputs []source.Input
	bar    *progressbar.ProgressBar // nil where nothing is shown
}

// newProgress lists the inputs and shows a bar over their size.
func newProgress(ctx context.Context, f *Factory, opts *documentOptions) (*progress, error) {
	opts.source.Stdin = f.In
	inputs, err := source.List(ctx, opts.paths, opts.source)
	if err != nil {
		return nil, err
	}
	p := &progress{inputs: inputs}
	if !f.ErrTTY {
		return p, nil
	}
	total := int64(0)
	for _, in := range inputs {
		if in.Size < 0 && in.Err == nil {
			total = -1 // a stream: nobody knows
			break
		}
		total += max(in.Size, 0)
	}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(f.Err),
		progressbar.OptionSetDescription("reading"),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetWidth(24),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish())
	opts.source.Progress = func(n int64) { p.bar.Add64(n) } // a bar that cannot be drawn is no reason to stop
	return p, nil
}

func (p *progress) clear() {
	if p.bar != nil {
		p.bar.Clear()
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Finish()
	}
}
