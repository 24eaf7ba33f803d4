package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// disk is the back end on Pebble.
type disk struct {
	path   string
	fs     vfs.FS
	db     *pebble.DB
	block  *pebble.Cache
	lock   *fileLock
	log    *slog.Logger
	opts   Options
	popts  *pebble.Options
	frozen *frozenFS // the folder, where it is only read
	cache  *termCache
	fans   fanCache
	rows   rowCache
	live   *view
	closed atomic.Bool

	// displaced is set once a term has lost the first slot of its hash to
	// another: from then on a miss in the first slot proves nothing.
	displaced atomic.Bool
	// version goes up before and after each change: it is odd while one is made,
	// and even numbers stand for states.
	version atomic.Uint64
	// imports numbers the imports.
	imports atomic.Int64
	// failure is the error after which Pebble can no longer be written to.
	failure atomic.Pointer[error]

	write     sync.Mutex // held by the one writer
	unflushed *unflushed
}

// openDisk opens or creates the graph in the folder path, "" for memory.
func openDisk(path string, opts Options) (_ *disk, err error) {
	d := &disk{path: path, opts: opts, log: opts.Logger, fs: opts.fs}
	if d.fs == nil {
		if d.fs = vfs.Default; path == "" {
			d.fs = vfs.NewMem()
		}
	}
	if d.fs == vfs.Default {
		if err := d.prepareFolder(); err != nil {
			return nil, err
		}
	}
	if !opts.ReadOnly && d.onDisk() {
		if d.lock, err = lockFolder(path, opts.recovering); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.lock.release())
		}
	}()
	if !opts.ReadOnly {
		// Pebble would try again for ever to write down what its log holds.
		if err := errors.Join(d.probe(), d.room(0)); err != nil {
			return nil, err
		}
	}

	// Pebble takes the memory of its tables in memory, the one in use and the one
	// on its way to disk, out of the cache.
	d.block = pebble.NewCache(opts.CacheSize + 2*memTableSize)
	defer func() {
		if err != nil {
			d.block.Unref()
		}
	}()
	if opts.ReadOnly {
		if err = d.openFrozen(); err == nil && d.onDisk() && d.frozen.replayed() > minRecovery && d.recover() {
			if err = errors.Join(d.db.Close(), d.frozen.close()); err == nil {
				err = d.openFrozen()
			}
		}
	} else {
		err = d.openPebble(d.fs)
	}
	switch {
	case errors.Is(err, pebble.ErrDBDoesNotExist):
		return nil, fmt.Errorf("open %s: %w", path, ErrNoGraph)
	case err != nil && d.hasFormerMerger():
		return nil, d.otherFormat(formatVersion - 1)
	case err != nil:
		return nil, fmt.Errorf("open graph %s: %w", path, diskError(err))
	}
	d.cache = newTermCache(opts.TermCacheSize)
	if d.unflushed = newUnflushed(); !opts.ReadOnly && d.db.Metrics().MemTable.Count > 1 {
		d.forgetUnflushed() // what the logs held is not all in tables yet
	}
	d.rows.limit = opts.RowCacheSize / 2
	d.version.Store(2)
	d.live = &view{d: d, r: d.db}
	err = d.readMeta()
	if err == nil && !opts.ReadOnly {
		err = d.removeLeftovers()
	}
	if err != nil {
		return nil, errors.Join(err, d.db.Close(), d.frozen.close())
	}
	return d, nil
}

// onDisk reports whether the graph is in a folder that other processes see.
func (d *disk) onDisk() bool { return d.fs == vfs.Default }

func (d *disk) openPebble(fs vfs.FS) (err error) {
	d.popts = d.pebbleOptions(fs)
	d.popts.EnsureDefaults()
	d.db, err = pebble.Open(d.path, d.popts)
	return err
}

// openFrozen opens the folder as it is now, for reading. It begins anew where a
// writer has changed too much of it meanwhile.
func (d *disk) openFrozen() (err error) {
	const attempts = 100 // a writer finishes some tables a second
	for range attempts {
		if d.frozen, err = freeze(d.fs, d.path); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			return err
		}
		if err = d.openPebble(d.frozen); err == nil {
			if err = d.frozen.finish(); err == nil {
				return nil
			}
			err = errors.Join(err, d.db.Close())
		}
		moved := d.frozen.moved()
		err = errors.Join(err, d.frozen.close())
		if !moved {
			return err
		}
	}
	return fmt.Errorf("its files change faster than they can be read; try again: %w", err)
}

// recover writes into tables what a writer that was killed has left in its log,
// which each reader would have to go through again, and reports whether it did. It
// leaves the graph alone where somebody writes to it, or it cannot be written to.
func (d *disk) recover() bool {
	w, err := openDisk(d.path, Options{
		Logger: d.opts.Logger, CacheSize: 1 << 20, TermCacheSize: 1 << 10, RowCacheSize: 1 << 10, Reserve: d.opts.Reserve, hash: d.opts.hash,
		recovering: true,
	})
	if err == nil {
		err = w.close()
	}
	if err != nil {
		d.log.Debug("not recovered", "graph", d.path, "reason", err)
	}
	return err == nil
}

// minRecovery is from what length on the log of a writer that was killed is worth
// recovering: it takes a reader some 20 milliseconds.
const minRecovery = 1 << 20

// prepareFolder makes sure that path is a folder we may use: it exists, and is
// either empty or already a graph.
func (d *disk) prepareFolder() error {
	if d.opts.ReadOnly {
		if fi, err := os.Stat(d.path); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("open %s: %w", d.path, ErrNoGraph)
		} else if err != nil {
			return fmt.Errorf("open graph: %w", err)
		} else if !fi.IsDir() {
			return fmt.Errorf("open %s: %w: it is a file, a graph is a folder", d.path, ErrNoGraph)
		}
		return nil
	}
	if err := os.MkdirAll(d.path, 0o755); err != nil {
		return fmt.Errorf("create graph: %w", diskError(err))
	}
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return fmt.Errorf("open graph: %w", err)
	}
	if len(entries) > 0 && !isGraph(d.path) {
		return fmt.Errorf("open graph %s: %w and holds no graph; name another", d.path, ErrNotEmpty)
	}
	return nil
}

// probe finds out whether files can be made in the folder.
func (d *disk) probe() error {
	if d.fs != vfs.Default {
		return nil
	}
	name := d.fs.PathJoin(d.path, importPrefix+"probe")
	f, err := os.Create(name)
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(name))
	}
	if err != nil {
		return fmt.Errorf("open graph %s for writing: %w", d.path, diskError(err))
	}
	return nil
}

// isGraph reports whether dir has been used by this package.
func isGraph(dir string) bool {
	_, err := os.Stat(dir + string(os.PathSeparator) + lockName)
	return err == nil
}

func (d *disk) pebbleOptions(fs vfs.FS) *pebble.Options {
	o := &pebble.Options{
		FS:                 &logFS{fs, d.fail},
		Cache:              d.block,
		Merger:             entryMerger,
		FormatMajorVersion: pebble.FormatNewest,
		ReadOnly:           d.opts.ReadOnly,
		ErrorIfNotExists:   d.opts.ReadOnly,
		MemTableSize:       memTableSize,
		Logger:             &pebbleLogger{d},
		// Level 0 may grow before it is merged: a graph is loaded in bursts. Each time
		// all of the level below is written anew, so that the more is merged at once,
		// the less it costs.
		L0CompactionThreshold: 12,
		L0StopWritesThreshold: 48,
		LBaseMaxBytes:         256 << 20,
		// Whoever opens the graph goes through all of the manifest.
		MaxManifestFileSize: 256 << 10,
		EventListener: &pebble.EventListener{
			BackgroundError: func(err error) { d.fail(err) },
		},
	}
	for i := range o.Levels {
		o.Levels[i].BlockSize = 16 << 10
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
		o.Levels[i].FilterType = pebble.TableFilter
	}
	return o
}

const memTableSize = 32 << 20

// readMeta checks the format version, writing it into a new store.
func (d *disk) readMeta() error {
	b, err := get(d.db, keyFormat)
	if err != nil {
		return fmt.Errorf("open graph %s: %w", d.path, err)
	}
	if b == nil {
		if d.opts.ReadOnly {
			return fmt.Errorf("open %s: %w", d.path, ErrNoGraph)
		}
		v := strconv.AppendInt(nil, formatVersion, 10)
		if err := d.db.Set(keyFormat, v, pebble.Sync); err != nil {
			return fmt.Errorf("create graph %s: %w", d.path, diskError(err))
		}
		return nil
	}
	v, err := strconv.Atoi(string(b))
	if err != nil {
		return fmt.Errorf("open graph %s: format version %q: %w", d.path, b, ErrCorrupt)
	}
	if v != formatVersion {
		return d.otherFormat(v)
	}
	total, err := getCounts(d.db, keyStats)
	d.displaced.Store(total[totalDisplaced] > 0)
	return err
}

// otherFormat is the error for a graph of another format than ours.
func (d *disk) otherFormat(v int) error {
	return fmt.Errorf("open graph %s: it has format %d, this program reads and writes %d; "+
		"export it with the program that made it and import that into a new folder, or load its documents again", d.path, v, formatVersion)
}

// hasFormerMerger reports whether Pebble refuses the graph because it was merged
// as [formerMerger] does, before its format version can be read.
func (d *disk) hasFormerMerger() bool {
	info, err := pebble.Peek(d.path, d.fs)
	if err != nil || info.OptionsFilename == "" {
		return false
	}
	options, err := readFile(d.fs, info.OptionsFilename)
	return err == nil && bytes.Contains(options, []byte("merger="+formerMerger))
}

// usable returns why the store cannot be used, or nil.
func (d *disk) usable(write bool) error {
	if d.closed.Load() {
		return ErrClosed
	}
	if !write {
		return nil
	}
	if d.opts.ReadOnly {
		return ErrReadOnly
	}
	if err := d.failure.Load(); err != nil {
		return fmt.Errorf("graph %s: an earlier write failed; close it and open it again: %w", d.path, *err)
	}
	return nil
}

// fail makes every later change return err.
func (d *disk) fail(err error) {
	err = diskError(err)
	d.failure.CompareAndSwap(nil, &err)
}

// close waits for the running change and closes everything, iterators that
// were left open included.
func (d *disk) close() error {
	d.write.Lock()
	defer d.write.Unlock()
	if d.closed.Swap(true) {
		return nil
	}
	var errs []error
	// The log is replayed at the next start, so a long one is worth turning
	// into a table now.
	if !d.opts.ReadOnly && d.failure.Load() == nil && d.db.Metrics().WAL.Size > maxReplay && d.room(memTableSize) == nil {
		errs = append(errs, d.db.Flush())
	}
	if !d.opts.ReadOnly && d.failure.Load() == nil && d.onDisk() {
		errs = append(errs, d.merge())
	}
	d.live.pool.close()
	errs = append(errs, d.db.Close(), d.frozen.close())
	d.block.Unref()
	errs = append(errs, d.lock.release())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close graph %s: %w", d.path, diskError(err))
	}
	return nil
}

// merge puts all tables into one level where most of the graph has been written
// since it was opened, as by a first load: whoever reads would look at each level
// for all that is asked for. Of what is written later, Pebble merges as it goes.
func (d *disk) merge() error {
	m := d.db.Metrics()
	size := m.DiskSpaceUsage()
	if !worthMerging(m.Levels[0].TableBytesFlushed, size, m.ReadAmp()) || d.room(int64(size)/4) != nil {
		return nil
	}
	return d.db.Compact(context.Background(), []byte{0}, []byte{0xff}, true)
}

// worthMerging reports whether a graph of so many bytes in so many levels, of which
// so many have been written of late, is worth merging.
func worthMerging(written, size uint64, levels int) bool {
	return levels > 1 && written >= minMerge && 2*written >= size && size <= maxMerge
}

// Merging is not worth its while for a graph that is smaller than minMerge bytes,
// and takes about 25 seconds for maxMerge.
const (
	minMerge = 8 << 20
	maxMerge = 1 << 30
)

// maxReplay is how long a log may stay for the next start to replay: about
// ten milliseconds of it.
const maxReplay = 1 << 20

// room returns an error if writing n bytes would leave the disk so full that
// Pebble's own housekeeping could fail.
func (d *disk) room(n int64) error {
	u, err := d.fs.GetDiskUsage(d.path)
	if err != nil {
		return nil // not every file system tells
	}
	if need := uint64(n)*4 + uint64(d.opts.Reserve); u.AvailBytes < need {
		return fmt.Errorf("graph %s: %w: %d MiB left, %d MiB wanted", d.path, ErrNoSpace, u.AvailBytes>>20, need>>20)
	}
	return nil
}

// diskError marks a full disk with ErrNoSpace.
func diskError(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrNoSpace, err)
	}
	return err
}

// pebbleLogger hands Pebble's messages on.
type pebbleLogger struct{ d *disk }

func (l *pebbleLogger) Infof(format string, args ...any) {
	if l.d.log.Enabled(context.Background(), slog.LevelDebug) {
		l.d.log.Debug(fmt.Sprintf(format, args...), "graph", l.d.path)
	}
}

func (l *pebbleLogger) Errorf(format string, args ...any) {
	l.d.log.Error(fmt.Sprintf(format, args...), "graph", l.d.path)
}

// Fatalf is called when Pebble can no longer keep its promises. What is on disk
// is sound; this process must not go on writing.
func (l *pebbleLogger) Fatalf(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	l.d.fail(err)
	panic(err)
}
