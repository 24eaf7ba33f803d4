package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/record"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/wal"
)

// frozenFS shows the folder of a graph as it was at one moment, whatever a
// writer in this or another process does to it meanwhile and afterwards. It is
// what readers run on: they take no lock, write nothing, and leave nothing
// behind when they are killed.
//
// The state of a folder is what its manifest says and what the logs add to that.
// Tables never change once they are written, and an open file stays readable
// when its name is gone, so they are held open. Manifest and options are small,
// and are read at once. Logs are read when Pebble asks for the first that it
// needs; old ones are written anew. As long as the manifest is the same, all that
// it speaks of is there. So in the end the manifest is read again, and if it has
// changed, all was in vain: errChanged.
type frozenFS struct {
	vfs.FS // of the folder
	dir    string

	manifest []byte
	names    []string            // of all files that there were
	held     map[string]vfs.File // tables and logs
	small    map[string][]byte   // what was read
	complete bool                // the logs too
}

// errChanged says that a writer has changed the folder while it was read.
var errChanged = errors.New("the folder has changed")

// freeze begins to read the folder dir. What it returns must be closed.
func freeze(under vfs.FS, dir string) (_ *frozenFS, err error) {
	z := &frozenFS{FS: under, dir: dir, held: map[string]vfs.File{}, small: map[string][]byte{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, z.close())
		}
	}()
	d, err := pebble.Peek(dir, under)
	if err != nil {
		return nil, err
	}
	if !d.Exists {
		return nil, pebble.ErrDBDoesNotExist
	}
	if z.manifest, err = readFile(under, d.ManifestFilename); err != nil {
		return nil, err
	}
	z.small[under.PathBase(d.ManifestFilename)] = z.manifest
	if d.OptionsFilename != "" {
		if z.small[under.PathBase(d.OptionsFilename)], err = readFile(under, d.OptionsFilename); err != nil {
			return nil, err
		}
	}
	names, err := under.List(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		switch {
		case isTable(name), isLog(name):
			f, err := under.Open(under.PathJoin(dir, name), vfs.RandomReadsOption)
			if errors.Is(err, fs.ErrNotExist) {
				continue // the manifest does not speak of it, or has changed
			}
			if err != nil {
				return nil, err
			}
			z.held[name] = f
		case strings.HasPrefix(name, "marker."):
			z.small[name] = nil // its name is what it says
		default:
			if _, ok := z.small[name]; !ok {
				continue
			}
		}
		z.names = append(z.names, name)
	}
	return z, nil
}

// finish returns errChanged if what was read is not the state of one moment.
func (z *frozenFS) finish() error {
	if z.complete || z.unchanged() {
		return nil
	}
	return errChanged
}

// unchanged reports whether the manifest is what it was.
func (z *frozenFS) unchanged() bool {
	d, err := pebble.Peek(z.dir, z.FS)
	if err != nil || !d.Exists {
		return false
	}
	now, err := readFile(z.FS, d.ManifestFilename)
	return err == nil && bytes.Equal(now, z.manifest)
}

// moved reports whether a writer has been at work so that reading may fail: the
// manifest has changed, or a log may speak of a table that was not there.
func (z *frozenFS) moved() bool {
	names, err := z.FS.List(z.dir)
	return err != nil || !z.unchanged() || slices.ContainsFunc(names, func(name string) bool {
		_, ok := z.held[name]
		return isTable(name) && !ok
	})
}

func isTable(name string) bool {
	return strings.HasSuffix(name, ".sst") || strings.HasSuffix(name, ".blob")
}

func isLog(name string) bool {
	_, _, ok := wal.ParseLogFilename(name)
	return ok
}

// readLogs reads all logs from the given one on, in the order in which they
// were written, which makes what is read the state of some moment.
func (z *frozenFS) readLogs(first string) error {
	logs := slices.DeleteFunc(slices.Clone(z.names), func(name string) bool {
		return !isLog(name) || compareLogs(name, first) < 0
	})
	slices.SortFunc(logs, compareLogs)
	for _, name := range logs {
		data, err := readRecords(z.held[name], name)
		if err != nil {
			return err
		}
		z.small[name] = data
	}
	if !z.unchanged() {
		return errChanged
	}
	z.complete = true
	return nil
}

func compareLogs(a, b string) int {
	an, ai, _ := wal.ParseLogFilename(a)
	bn, bi, _ := wal.ParseLogFilename(b)
	if an != bn {
		return int(an) - int(bn)
	}
	return int(ai) - int(bi)
}

// replayed returns how many bytes of logs were gone through.
func (z *frozenFS) replayed() (n int) {
	for name, data := range z.small {
		if isLog(name) {
			n += len(data)
		}
	}
	return n
}

// readRecords reads a log as far as there are records in it. Behind them comes what
// was in the file before it was used anew, which may be all of it.
func readRecords(f vfs.File, name string) ([]byte, error) {
	end, whole, err := records(f, name)
	if err != nil {
		return nil, err
	}
	if whole {
		data := make([]byte, end)
		_, err := f.ReadAt(data, 0) // no more is written there
		return data, err
	}
	data, err := readAll(f)
	if err != nil {
		return nil, err
	}
	// A log grows while it is read. A page that has been read before it was
	// written must not be followed by one that was read after it was: what
	// differs the second time, and all behind it, is left out.
	n, err := still(f, data)
	return data[:n], err
}

// records returns where the records of a log end. It is not whole where something
// else than another log's remains comes behind them.
func records(f vfs.File, name string) (end int64, whole bool, err error) {
	log, _, _ := wal.ParseLogFilename(name)
	r := newLogReader(record.NewReader, &heldFile{File: f}, log)
	for {
		rec, err := r.Next()
		if err == nil {
			_, err = io.Copy(io.Discard, rec)
		}
		switch {
		case err == io.EOF, errors.Is(err, record.ErrUnexpectedEOF):
			return end, true, nil
		case record.IsInvalidRecord(err):
			return 0, false, nil
		case err != nil:
			return 0, false, err
		}
		end = r.Offset()
	}
}

// newLogReader calls open with the number of a log, whose type only Pebble can name.
func newLogReader[N ~uint64](open func(io.Reader, N) *record.Reader, f io.Reader, log wal.NumWAL) *record.Reader {
	return open(f, N(log))
}

func readFile(from vfs.FS, path string) ([]byte, error) {
	f, err := from.Open(path)
	if err != nil {
		return nil, err
	}
	data, err := readAll(f)
	return data, errors.Join(err, f.Close())
}

func readAll(f vfs.File) ([]byte, error) {
	var b bytes.Buffer
	if fi, err := f.Stat(); err == nil {
		b.Grow(int(fi.Size()) + bytes.MinRead)
	}
	_, err := b.ReadFrom(&heldFile{File: f})
	return b.Bytes(), err
}

// still returns how many bytes of data f begins with.
func still(f vfs.File, data []byte) (n int, err error) {
	buf := make([]byte, 64<<10)
	for n < len(data) {
		m, err := f.ReadAt(buf[:min(len(buf), len(data)-n)], int64(n))
		for i, c := range buf[:m] {
			if c != data[n+i] {
				return n + i, nil
			}
		}
		n += m
		if err == io.EOF {
			break
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// close lets the files go.
func (z *frozenFS) close() error {
	if z == nil {
		return nil
	}
	var errs []error
	for _, f := range z.held {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// Open opens a file of the folder as it was, or one of another folder.
func (z *frozenFS) Open(path string, opts ...vfs.OpenOption) (vfs.File, error) {
	name, ok := z.inside(path)
	if !ok {
		return z.FS.Open(path, opts...)
	}
	if f, ok := z.held[name]; ok && isTable(name) {
		return &heldFile{File: f}, nil
	}
	if isLog(name) && !z.complete {
		if err := z.readLogs(name); err != nil {
			return nil, err
		}
	}
	data, ok := z.small[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return vfs.NewMemFile(data), nil
}

// Stat is about a file of the folder as it was, or one of another folder.
func (z *frozenFS) Stat(path string) (vfs.FileInfo, error) {
	name, ok := z.inside(path)
	if !ok {
		return z.FS.Stat(path)
	}
	if f, ok := z.held[name]; ok {
		return f.Stat()
	}
	f, err := z.Open(path)
	if err != nil {
		return nil, err
	}
	fi, err := f.Stat()
	return fi, errors.Join(err, f.Close())
}

// List returns the names of the folder's files as they were.
func (z *frozenFS) List(dir string) ([]string, error) {
	if dir != z.dir {
		return z.FS.List(dir)
	}
	return slices.Clone(z.names), nil
}

// Lock takes no lock: nobody can change what is frozen.
func (z *frozenFS) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }

// Unwrap returns nil: nothing may go around.
func (z *frozenFS) Unwrap() vfs.FS { return nil }

// inside returns the name of a file in the folder.
func (z *frozenFS) inside(path string) (name string, ok bool) {
	name = z.PathBase(path)
	return name, path == z.PathJoin(z.dir, name)
}

// heldFile reads a file that others read too, from its beginning, and leaves it
// open.
type heldFile struct {
	vfs.File
	off int64
}

func (f *heldFile) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.off)
	f.off += int64(n)
	return n, err
}

func (f *heldFile) Close() error { return nil }

// copyTo writes the folder as it was into the new folder dir. With link, tables
// are shared by hard links where that can be.
func (z *frozenFS) copyTo(ctx context.Context, dir string, link bool) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range z.small {
		if err := writeFile(filepath.Join(dir, name), bytes.NewReader(data)); err != nil {
			return err
		}
	}
	for name, f := range z.held {
		if !isTable(name) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		to := filepath.Join(dir, name)
		// The name of a table is never given to another.
		if link && os.Link(z.PathJoin(z.dir, name), to) == nil {
			continue
		}
		if err := writeFile(to, &heldFile{File: f}); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, lockName), strings.NewReader("")); err != nil {
		return err
	}
	return syncFolder(dir)
}

// writeFile writes a new file, on disk when it returns.
func writeFile(path string, from io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
