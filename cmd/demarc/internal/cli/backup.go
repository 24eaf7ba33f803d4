package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/demarcgraph/demarc/graph/store"
)

type backupOptions struct {
	f   *Factory
	dir string
}

func newBackupCmd(f *Factory, runF func(context.Context, *backupOptions) error) *cobra.Command {
	opts := &backupOptions{f: f}
	return &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Copy the graph into a new folder",
		Long: doc(`
			Copy the graph as it is now into a new folder, which appears only when it is
			whole, also while another demarc writes to the graph. On the same file system
			the copy shares its files with the graph by hard links: put it on another disk
			as well.`),
		Example: doc(`
			$ demarc backup /mnt/other/demarc-backup
			$ demarc restore /mnt/other/demarc-backup --db restored.db`),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, dirs []string) error {
			opts.dir = dirs[0]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return backupRun(cmd.Context(), opts)
		},
	}
}

func backupRun(ctx context.Context, opts *backupOptions) (err error) {
	f := opts.f
	if err := f.mustExist(); err != nil {
		return err
	}
	s, err := store.Open(f.DB(), store.Options{ReadOnly: true, Logger: f.Logger()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.Backup(ctx, opts.dir)
}

type restoreOptions struct {
	f   *Factory
	dir string
}

func newRestoreCmd(f *Factory, runF func(context.Context, *restoreOptions) error) *cobra.Command {
	opts := &restoreOptions{f: f}
	return &cobra.Command{
		Use:   "restore FOLDER",
		Short: "Make a graph of a backup, and verify it",
		Long: doc(`
			Copy a backup to where --db says, where there must be nothing yet, and verify
			the copy. It appears only when it is whole and sound.`),
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, dirs []string) error {
			opts.dir = dirs[0]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return restoreRun(cmd.Context(), opts)
		},
	}
}

func restoreRun(ctx context.Context, opts *restoreOptions) error {
	if err := store.Restore(ctx, opts.dir, opts.f.DB()); err != nil {
		return err
	}
	if opts.f.ErrTTY {
		fmt.Fprintf(opts.f.Err, "the graph is in %s\n", opts.f.DB())
	}
	return nil
}
