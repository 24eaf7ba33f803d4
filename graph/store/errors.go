package store

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrCorrupt is wrapped by errors about a store whose parts disagree.
	ErrCorrupt = errors.New("the graph's files are damaged; restore a backup or import an export")
	// ErrReadOnly is returned by every change to a store opened read-only.
	ErrReadOnly = errors.New("the graph is open read-only")
	// ErrClosed is returned by every use of a closed store.
	ErrClosed = errors.New("the graph is closed")
	// ErrNoSpace is wrapped by errors about a full disk. Nothing of the change
	// that met it is kept, nothing that was there before is lost.
	ErrNoSpace = errors.New("no space left on the disk")
	// ErrNotEmpty is wrapped by errors about a folder that should be empty.
	ErrNotEmpty = errors.New("the folder is not empty")
	// ErrNoGraph is wrapped by errors about a folder that holds no graph.
	ErrNoGraph = errors.New("there is no graph")
	// ErrUnsupported is wrapped by errors about what a back end cannot do.
	ErrUnsupported = errors.New("this back end does not do that")
)

// ErrLocked says that another process has the graph open for writing. Only one
// process may do so at a time.
type ErrLocked struct {
	Path  string
	PID   int       // of the holder; 0 where that is not known
	Host  string    // the holder's host name
	Since time.Time // when it opened the graph

	recovering bool // it will be done soon
}

func (e *ErrLocked) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("graph %s: another process is writing to it; wait for it to end", e.Path)
	}
	return fmt.Sprintf("graph %s: process %d on %s is writing to it since %s; wait for it to end or stop it",
		e.Path, e.PID, e.Host, e.Since.Local().Format(time.DateTime))
}
