package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/graph/store"
)

// The codes that demarc exits with.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2
	exitSomeFailed  = 3
	exitNothing     = 4
	exitInterrupted = 130
)

// exitCodes says when each code is given, for the help topic.
func exitCodes() []struct {
	code int
	when string
} {
	return []struct {
		code int
		when string
	}{
		{exitOK, "all went well"},
		{exitError, "something failed; standard error says what"},
		{exitUsage, "the command line was not understood"},
		{exitSomeFailed, "some documents could not be read or stored; the others are done"},
		{exitNothing, "there is no answer, or no such document, entity or fact"},
		{exitInterrupted, "interrupted; the graph holds every document that was finished"},
	}
}

// usageError is a fault of the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// someFailedError says that some of the documents failed. Each has been
// reported already.
type someFailedError struct{ failed, all int }

func (e someFailedError) Error() string {
	return fmt.Sprintf("%d of %s failed", e.failed, count(e.all, "document"))
}

// nothingError says that there is nothing to show. Its text may be empty where
// the output says so itself.
type nothingError string

func (e nothingError) Error() string { return string(e) }

// exitCode returns the code that err asks for.
func exitCode(err error) int {
	var (
		usage   usageError
		failed  someFailedError
		nothing nothingError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &failed), errors.Is(err, store.ErrNoSpace): // what fitted is there
		return exitSomeFailed
	case errors.As(err, &nothing), errors.Is(err, graph.ErrNotFound):
		return exitNothing
	default:
		return exitError
	}
}
