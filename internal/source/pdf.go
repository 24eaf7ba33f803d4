package source

import (
	"context"
	"io"
)

func readPDF(ctx context.Context, r io.ReaderAt, size, limit int64) (content, error) {
	return content{}, wrong(Malformed, "PDF is not read yet")
}
