package gazetteer

import (
	"io/fs"

	"github.com/demarcgraph/demarc/data"
)

func dataFS() fs.FS { return data.FS }
