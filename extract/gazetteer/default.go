package gazetteer

import (
	"sync"

	"github.com/demarcgraph/demarc/data"
)

// Default returns the gazetteer that ships with demarc. It is read on the
// first call and shared.
func Default() (*Gazetteer, error) { return loadDefault() }

var loadDefault = sync.OnceValues(func() (*Gazetteer, error) { return Load(data.FS) })
