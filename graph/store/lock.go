package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

const lockName = "demarc.lock"

// lockInfo is what a writer leaves in the lock file.
type lockInfo struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`

	Recovering bool `json:"recovering,omitempty"` // it will be done soon: see [disk.recover]
}

// fileLock is the writer's lock on a graph's folder. The operating system drops
// it when the process dies. Readers need none; see frozenFS.
type fileLock struct{ f *os.File }

// How long a writer waits for somebody who recovers the graph, and for somebody who
// has not yet, or no longer, said who it is.
const (
	mostRecovery = 10 * time.Second
	mostNameless = 500 * time.Millisecond
)

// lockFolder takes the lock of the graph in dir. It returns an *ErrLocked when
// another writer has it. For somebody who recovers the graph it waits, unless it
// is to recover it too.
func lockFolder(dir string, recovering bool) (l *fileLock, err error) {
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		l, err = tryLockFolder(dir, recovering)
		locked := (*ErrLocked)(nil)
		if recovering || !errors.As(err, &locked) {
			return l, err
		}
		switch waited := time.Since(begun); {
		case locked.recovering && waited < mostRecovery, locked.PID == 0 && waited < mostNameless:
		default:
			return l, err
		}
	}
}

func tryLockFolder(dir string, recovering bool) (*fileLock, error) {
	name := filepath.Join(dir, lockName)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock the graph: %w", err)
	}
	held, err := tryLock(f)
	if err != nil || held {
		defer f.Close()
		if err != nil {
			return nil, fmt.Errorf("lock %s: %w", name, err)
		}
		locked := &ErrLocked{Path: dir}
		var info lockInfo
		if b, err := io.ReadAll(f); err == nil && json.Unmarshal(b, &info) == nil {
			locked.PID, locked.Host, locked.Since, locked.recovering = info.PID, info.Host, info.Since, info.Recovering
		}
		return nil, locked
	}
	l := &fileLock{f}
	// What a killed writer left behind must not be taken for a living one.
	_ = f.Truncate(0)
	host, _ := os.Hostname()
	b, err := json.Marshal(lockInfo{os.Getpid(), host, time.Now().UTC().Truncate(time.Second), recovering})
	if err == nil {
		_, err = f.WriteAt(b, 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", name, diskError(err)), l.release())
	}
	return l, nil
}

func (l *fileLock) release() error {
	if l == nil {
		return nil
	}
	_ = l.f.Truncate(0) // a courtesy to readers of the file
	return l.f.Close()
}
