// Command demarc-beam reads documents on many machines into shards that "demarc
// import" takes in. It is an Apache Beam pipeline: its further flags are those of
// Beam, such as --runner.
//
//	demarc-beam --output FOLDER [--shards N] [BEAM FLAG...] PATTERN...
//
// The exit codes are those of demarc: 3 says that some documents could not be read.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/s3" // beamx has the others
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"

	"github.com/demarcgraph/demarc/beam/pipeline"
	"github.com/demarcgraph/demarc/graph/shards"
)

func main() { os.Exit(run()) }

func run() int {
	var opts pipeline.Options
	flag.StringVar(&opts.Output, "output", "", "`folder` to write shards and manifest to, local or such as s3://bucket/read")
	flag.IntVar(&opts.Shards, "shards", 16, "`number` of shards")
	flag.Int64Var(&opts.MaxDocument, "max-size", 0, "refuse documents over this size in `bytes` (default 16 MiB)")
	flag.Parse()
	beam.Init() // on a worker, this is where the work is done
	opts.Inputs = flag.Args()
	if err := opts.Check(); err != nil {
		fmt.Fprintf(os.Stderr, "demarc-beam: %v\nusage: demarc-beam --output FOLDER [--shards N] [BEAM FLAG...] PATTERN...\n", err)
		return 2
	}
	p, s := beam.NewPipelineWithRoot()
	pipeline.Read(s, opts)
	if err := beamx.Run(context.Background(), p); err != nil {
		fmt.Fprintf(os.Stderr, "demarc-beam: %v\n", err)
		return 1
	}
	if *jobopts.Async {
		return 0
	}
	m, err := manifest(context.Background(), opts.Output)
	if err != nil {
		fmt.Fprintf(os.Stderr, "demarc-beam: %v\n", err)
		return 1
	}
	t := m.Total
	fmt.Printf("documents\t%d\nfacts\t%d\nquads\t%d\nfailed\t%d\n", t.Documents, t.Facts, t.Quads, t.Failed)
	if t.Failed > 0 {
		for _, s := range m.Failed {
			fmt.Fprintf(os.Stderr, "demarc-beam: %d could not be read: %s/%s says why\n", s.Documents, opts.Output, s.Name)
		}
		return 3
	}
	return 0
}

// manifest reads the manifest back.
func manifest(ctx context.Context, folder string) (*shards.Manifest, error) {
	fs, err := filesystem.New(ctx, folder)
	if err != nil {
		return nil, err
	}
	defer fs.Close()
	name := folder + "/" + path.Base(shards.ManifestName)
	r, err := fs.OpenRead(ctx, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return shards.DecodeManifest(text)
}
