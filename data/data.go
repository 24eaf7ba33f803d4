// Package data embeds what demarc knows before it reads anything: the
// gazetteer, lexicon, extraction rules, question patterns, models and sample
// documents, as files. README.md in this folder gives each file's source and
// licence.
package data

import (
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// FS holds the folders gazetteer, rules, lexicon, models, questions, styles,
// mappings and documents. Its files are read where they are needed, never at start-up.
//
//go:embed all:gazetteer all:rules all:lexicon all:models all:questions all:documents all:styles all:mappings
var FS embed.FS

// Over returns the shipped data with files of one's own over it, laid out in the
// same way: they are read beside the shipped ones, and one of the same path stands
// in for the shipped one.
func Over(own fs.FS) fs.FS { return layered{own, FS} }

// layered is a file system over another.
type layered struct{ over, base fs.FS }

var _ fs.ReadDirFS = layered{}

// Open opens the upper file where there is one.
func (l layered) Open(name string) (fs.File, error) {
	file, err := l.over.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return l.base.Open(name)
	}
	return file, err
}

// ReadDir lists the files of both, each name once, in order.
func (l layered) ReadDir(name string) ([]fs.DirEntry, error) {
	over, err := fs.ReadDir(l.over, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	base, err := fs.ReadDir(l.base, name)
	if err != nil && (len(over) == 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	for _, e := range base {
		if !slices.ContainsFunc(over, func(o fs.DirEntry) bool { return o.Name() == e.Name() }) {
			over = append(over, e)
		}
	}
	slices.SortFunc(over, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return over, nil
}
