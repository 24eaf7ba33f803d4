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
}

// fileLock is the writer's lock on a graph's folder. The operating system drops
// it when the process dies. Readers need none; see frozenFS.
type fileLock struct{ f *os.File }

// lockFolder takes the lock of the graph in dir. It returns an *ErrLocked when
// another writer has it.
func lockFolder(dir string) (*fileLock, error) {
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
			locked.PID, locked.Host, locked.Since = info.PID, info.Host, info.Since
		}
		return nil, locked
	}
	l := &fileLock{f}
	// What a killed writer left behind must not be taken for a living one.
	_ = f.Truncate(0)
	host, _ := os.Hostname()
	b, err := json.Marshal(lockInfo{os.Getpid(), host, time.Now().UTC().Truncate(time.Second)})
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
