package bench

import (
	"bufio"
	"fmt"
	"io"
)

// DocQuads is how many quads a document has that [WriteQuads] makes up.
const DocQuads = 300

// WriteQuads writes n quads of made-up documents as N-Quads: statements with some
// values of their own and some that many share, and sentences. With labels, each
// is labelled by its document.
func WriteQuads(w io.Writer, n int, labels bool) error {
	b := bufio.NewWriterSize(w, 1<<20)
	for i := range n {
		doc, j := i/DocQuads, i%DocQuads
		fmt.Fprintf(b, "<http://example.org/doc/%d/s/%d> <http://example.org/p#n%d> ", doc, j/8, j%8)
		switch j % 8 {
		case 0, 1:
			fmt.Fprintf(b, "<http://example.org/class/%d>", j%17)
		case 2, 3, 4:
			fmt.Fprintf(b, "<http://example.org/entity/%d>", (i*2654435761)%(n/50+1))
		case 5:
			fmt.Fprintf(b, `"%d"^^<http://www.w3.org/2001/XMLSchema#integer>`, i%100000)
		default:
			fmt.Fprintf(b, `"the words of passage %d in document %d"`, j, doc)
		}
		if labels {
			fmt.Fprintf(b, " <http://example.org/doc/%d>", doc)
		}
		fmt.Fprint(b, " .\n")
	}
	return b.Flush()
}
