package export

import (
	"archive/zip"
	"bufio"
	"context"
	"time"
)

// folder takes the files of the formats that are several. They are written as
// one ZIP archive, in the order in which they come and without the time.
type folder struct {
	zip *zip.Writer
	of  *writer // what they are written to
}

// file adds a file.
func (d *folder) file(name string, write func(*writer) error) error {
	// Files of a ZIP archive begin in 1980.
	entry, err := d.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return err
	}
	w := &writer{bw: bufio.NewWriter(entry), styles: d.of.styles}
	if err := write(w); err != nil {
		return err
	}
	d.of.notXML += w.notXML
	d.of.lost = append(d.of.lost, w.lost...)
	return w.flush()
}

// archive makes a format of one that writes several files.
func archive(write func(context.Context, *folder, Source) error) func(context.Context, *writer, Source) error {
	return func(ctx context.Context, w *writer, src Source) error {
		d := &folder{zip.NewWriter(w), w}
		if err := write(ctx, d, src); err != nil {
			return err
		}
		return d.zip.Close()
	}
}
