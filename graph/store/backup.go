package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Backup makes a copy of the graph's present state in the folder dir, which
// must not exist. The graph can be read and written in the meantime, by another
// process too where s is open read-only; the copy is then of what s sees. On the
// same file system the copy shares its files with the graph by hard links and
// costs next to nothing; keep a copy of it elsewhere. A backup is a graph: it
// can be opened, and brought back by [Restore].
func (s *Store) Backup(ctx context.Context, dir string) error { return s.eng.backup(ctx, dir) }

// partial ends the name of a folder that is not complete yet.
const partial = ".partial"

func (d *disk) backup(ctx context.Context, dir string) (err error) {
	if err := d.usable(false); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if !d.onDisk() {
		return fmt.Errorf("back up a graph in memory: %w", ErrUnsupported)
	}
	if err := checkAbsent(dir); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	tmp := dir + partial
	if err := os.RemoveAll(tmp); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("back up to %s: %w", dir, diskError(err)), os.RemoveAll(tmp))
		}
	}()
	// Tables have checksums throughout; a log that has lost its end looks like a
	// shorter log. So a backup has none to speak of.
	if d.opts.ReadOnly {
		if err := d.frozen.copyTo(ctx, tmp, true); err != nil {
			return err
		}
		if err := flushFolder(tmp, d.opts); err != nil {
			return err
		}
		return finishFolder(tmp, dir)
	}
	if err := d.db.Flush(); err != nil {
		return err
	}
	if err := d.db.Checkpoint(tmp, pebble.WithFlushedWAL()); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(tmp, lockName), nil, 0o644); err != nil {
		return err
	}
	return finishFolder(tmp, dir)
}

// flushFolder turns the logs of the graph in dir into tables, as opening it for
// writing does.
func flushFolder(dir string, opts Options) error {
	opts.ReadOnly = false
	d, err := openDisk(dir, opts)
	if err != nil {
		return err
	}
	return d.close()
}

// checkAbsent returns an error unless there is nothing, or an empty folder, at
// dir.
func checkAbsent(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s: %w; name another", dir, ErrNotEmpty)
	}
	return nil
}

// finishFolder gives a complete folder its name, and makes that last.
func finishFolder(tmp, dir string) error {
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(tmp, dir); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

func syncFolder(dir string) error {
	f, err := vfs.Default.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Restore copies the backup in the folder from to the folder path, which must
// be empty or not exist, and checks the copy as [Store.Verify] does. On an
// error there is nothing at path.
func Restore(ctx context.Context, from, path string) (err error) {
	if !isGraph(from) {
		return fmt.Errorf("restore from %s: %w", from, ErrNoGraph)
	}
	if err := checkAbsent(path); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	tmp := path + partial
	if err := os.RemoveAll(tmp); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("restore %s: %w", path, diskError(err)), os.RemoveAll(tmp))
		}
	}()
	opts := Options{ReadOnly: true}
	opts.setDefaults()
	d, err := openDisk(from, opts)
	if err != nil {
		return err
	}
	if err := errors.Join(d.frozen.copyTo(ctx, tmp, false), d.close()); err != nil {
		return err
	}
	s, err := Open(tmp, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	r, err := s.Verify(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if !r.OK() {
		return fmt.Errorf("backup %s: %w: %s", from, ErrCorrupt, r.Problems[0])
	}
	return finishFolder(tmp, path)
}
