package store

import (
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// logFS keeps a full disk from ending the process. Pebble panics, in ways that
// cannot be recovered from, where its log fails; so the errors of log files are
// kept from it and go to the store instead, which fails the change under way,
// and takes no more. Nothing is lost by that: a log is removed only after its
// content is in tables and the manifest says so.
type logFS struct {
	vfs.FS
	fail func(error)
}

func (fs *logFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := fs.FS.Create(name, c)
	return fs.log(name, f, err)
}

func (fs *logFS) ReuseForWrite(old, name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := fs.FS.ReuseForWrite(old, name, c)
	return fs.log(name, f, err)
}

func (fs *logFS) log(name string, f vfs.File, err error) (vfs.File, error) {
	if !strings.HasSuffix(name, ".log") {
		return f, err
	}
	if err != nil {
		fs.fail(err)
		f = vfs.NewMemFile(nil)
	}
	return &logFile{f, fs.fail}, nil
}

type logFile struct {
	vfs.File
	fail func(error)
}

// hide reports an error to the store only.
func (f *logFile) hide(err error) error {
	if err != nil {
		f.fail(err)
	}
	return nil
}

func (f *logFile) Write(b []byte) (int, error) {
	_, err := f.File.Write(b)
	return len(b), f.hide(err)
}

// maxPreallocate bounds what a log takes of the disk ahead of its content, so
// that a small graph is a small folder.
const maxPreallocate = 1 << 20

func (f *logFile) Preallocate(off, n int64) error {
	_ = f.File.Preallocate(off, min(n, maxPreallocate)) // a hint
	return nil
}

func (f *logFile) Sync() error     { return f.hide(f.File.Sync()) }
func (f *logFile) SyncData() error { return f.hide(f.File.SyncData()) }
func (f *logFile) Close() error    { return f.hide(f.File.Close()) }

func (f *logFile) SyncTo(n int64) (bool, error) {
	full, err := f.File.SyncTo(n)
	return full, f.hide(err)
}
