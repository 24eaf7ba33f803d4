package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// maxFolders is how many folders deep a folder is read.
const maxFolders = 128

// Input is one file to read, or standard input.
type Input struct {
	Path   string
	ID     string // of its document; "" where only reading it tells
	Format Format // by its name; "" where only reading it tells
	Size   int64  // in bytes, as stored; -1 if not known
	Err    error  // why it cannot be read: an [*Error], or nil
}

// List returns the inputs that paths stand for, each file once, in the order
// of paths and, within a folder or pattern, of the files' paths. A path that
// cannot be read is an input with Err set. Only a context that ends makes List
// itself fail.
//
// Of a folder it takes the files whose names have one of the known extensions,
// in all folders below it, those whose names begin with a dot left out.
// Symbolic links are followed; one that leads back to a folder above it is an
// input with an error of kind [Loop], and what several links lead to comes
// once. A path that does not exist and has one of the characters *?[ is a
// pattern of [filepath.Match].
func List(ctx context.Context, paths []string, opts Options) ([]Input, error) {
	l := lister{ctx: ctx, seen: map[string]bool{}}
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l.add(path)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name(l.inputs, opts.Known)
	return l.inputs, nil
}

type lister struct {
	ctx    context.Context
	inputs []Input
	seen   map[string]bool // real paths of files and folders
}

func (l *lister) fail(path string, err error) {
	l.inputs = append(l.inputs, Input{Path: path, Size: -1, Err: failure(path, err)})
}

func (l *lister) add(path string) {
	if path == Stdin {
		if !l.seen[Stdin] { // it can be read but once
			l.seen[Stdin] = true
			l.inputs = append(l.inputs, Input{Path: Stdin, Size: -1})
		}
		return
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[") {
		l.addPattern(path)
		return
	}
	if err != nil {
		if target, linkErr := os.Readlink(path); linkErr == nil && errors.Is(err, fs.ErrNotExist) {
			err = wrong(NotFound, "it links to %s, which does not exist", target)
		}
		l.fail(path, err)
		return
	}
	if !info.IsDir() {
		l.addFile(path, info)
		return
	}
	start := len(l.inputs)
	l.walk(path)
	found := l.inputs[start:]
	slices.SortFunc(found, func(a, b Input) int { return strings.Compare(a.Path, b.Path) })
	if len(found) == 0 && l.ctx.Err() == nil && !l.seenWithin(path) {
		l.fail(path, wrong(Empty, "no file with one of the extensions %s in this folder", extensions()))
	}
}

func extensions() string {
	var b strings.Builder
	for _, f := range Formats() {
		fmt.Fprintf(&b, ".%s ", f)
	}
	return strings.TrimSpace(b.String())
}

// seenWithin reports whether an earlier path gave files of the folder.
func (l *lister) seenWithin(folder string) bool {
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return false
	}
	if real, err = filepath.Abs(real); err != nil {
		return false
	}
	for _, in := range l.inputs {
		if abs, err := filepath.Abs(in.Path); err == nil && strings.HasPrefix(abs, real+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

func (l *lister) addPattern(pattern string) {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		l.fail(pattern, wrong(NotFound, "no such file, and as a pattern: %w", err))
		return
	}
	found := false
	for _, path := range matches { // Glob sorts them
		if base := filepath.Base(path); hidden(base) && !hidden(filepath.Base(pattern)) {
			continue
		}
		found = true
		l.add(path)
	}
	if !found {
		l.fail(pattern, wrong(NotFound, "no file matches the pattern"))
	}
}

func hidden(base string) bool { return strings.HasPrefix(base, ".") }

// addFile takes a file, unless it was taken before.
func (l *lister) addFile(path string, info fs.FileInfo) {
	real, err := realPath(path)
	if err != nil {
		l.fail(path, err)
		return
	}
	if l.seen[real] {
		return
	}
	l.seen[real] = true
	in := Input{Path: path, ID: stem(filepath.Base(path)), Format: formatOf(path), Size: -1}
	if info.Mode().IsRegular() {
		in.Size = info.Size()
	}
	l.inputs = append(l.inputs, in)
}

// realPath is the absolute path without symbolic links. What has none, such as
// the pipe of a process substitution, is its own.
func realPath(path string) (string, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return filepath.Abs(path)
}

// walk takes what lies in a folder. Links come after everything else, so that
// a file is found at its own place first.
func (l *lister) walk(root string) {
	type folder struct {
		path  string
		above []string // real paths of the folders it was reached through
	}
	pending := []folder{{path: root}}
	var links []folder
	for len(pending) > 0 || len(links) > 0 {
		if l.ctx.Err() != nil {
			return
		}
		var dir folder
		isLink := len(pending) == 0
		if isLink {
			dir, links = links[0], links[1:]
			info, err := os.Stat(dir.path)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				l.fail(dir.path, wrong(NotFound, "the link leads nowhere"))
				continue
			case err != nil:
				if formatOf(dir.path) != "" || errors.Is(err, syscall.ELOOP) {
					l.fail(dir.path, err)
				}
				continue
			case !info.IsDir():
				if formatOf(dir.path) != "" && info.Mode().IsRegular() {
					l.addFile(dir.path, info)
				}
				continue
			}
		} else {
			dir, pending = pending[len(pending)-1], pending[:len(pending)-1]
		}
		real, err := realPath(dir.path)
		if err != nil {
			l.fail(dir.path, err)
			continue
		}
		if isLink && slices.Contains(dir.above, real) {
			l.fail(dir.path, wrong(Loop, "the link leads back to %s, the folder it is in", real))
			continue
		}
		if len(dir.above) >= maxFolders {
			l.fail(dir.path, wrong(TooDeep, "more than %d folders deep", maxFolders))
			continue
		}
		if l.seen[real] {
			continue
		}
		l.seen[real] = true
		entries, err := os.ReadDir(dir.path)
		if err != nil {
			l.fail(dir.path, err)
		}
		above := append(slices.Clip(dir.above), real)
		for _, entry := range entries {
			path := filepath.Join(dir.path, entry.Name())
			switch {
			case hidden(entry.Name()):
			case entry.IsDir():
				pending = append(pending, folder{path, above})
			case entry.Type()&fs.ModeSymlink != 0:
				links = append(links, folder{path, above})
			case formatOf(entry.Name()) == "" || !entry.Type().IsRegular():
			default:
				info, err := entry.Info()
				if err != nil {
					l.fail(path, err)
					continue
				}
				l.addFile(path, info)
			}
		}
	}
}

// stem is a file's name without ".gz" and the extension before it.
func stem(base string) string {
	plain := trimGzip(base)
	if s := strings.TrimSuffix(plain, filepath.Ext(plain)); s != "" {
		return clean(s)
	}
	return clean(base)
}

// clean makes a file's name, which the system lets be any bytes, an id.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(filepath.ToSlash(name), "_"))
}

// Inputs returns the inputs that files are, each once, in their order, with the
// ids that [List] gives them. The files need not be on this machine: their paths
// may have a scheme, as in "s3://bucket/news.jsonl".
func Inputs(paths []string) []Input {
	var inputs []Input
	seen := map[string]bool{}
	for _, path := range paths {
		if seen[path] {
			continue
		}
		seen[path] = true
		base := path[strings.LastIndexByte(path, '/')+1:]
		inputs = append(inputs, Input{Path: path, ID: stem(base), Format: formatOf(path), Size: -1})
	}
	name(inputs, nil)
	return inputs
}

// name gives the inputs ids that tell them apart; see the package's
// description for the rule.
func name(inputs []Input, known func(string) (string, bool)) {
	groups := map[string][]int{}
	for i, in := range inputs {
		if in.Err == nil && in.Path != Stdin {
			groups[in.ID] = append(groups[in.ID], i)
		}
	}
	for _, group := range groups { // their ids cannot clash, whatever the order
		if len(group) == 1 && known == nil {
			continue
		}
		nameGroup(inputs, group, known)
	}
}

// nameGroup names inputs whose files have the same stem.
func nameGroup(inputs []Input, group []int, known func(string) (string, bool)) {
	candidates := make([][]string, len(group)) // of each, shortest first
	count := map[string]int{}
	for k, i := range group {
		candidates[k] = candidateIDs(inputs[i].Path)
		for _, id := range candidates[k] {
			count[id]++
		}
	}
	// A file keeps the id that it was read under before.
	taken := map[string]int{}
	for k, i := range group {
		for _, id := range candidates[k] {
			if known == nil {
				break
			}
			if path, ok := known(id); ok && sameFile(path, inputs[i].Path) {
				if _, twice := taken[id]; !twice {
					taken[id] = k
					break
				}
			}
		}
	}
	for k, i := range group {
		for _, id := range candidates[k] {
			if owner, ok := taken[id]; ok {
				if owner == k {
					inputs[i].ID = id
					break
				}
				continue
			}
			if count[id] > 1 {
				continue
			}
			if known != nil {
				if path, ok := known(id); ok && !sameFile(path, inputs[i].Path) {
					continue
				}
			}
			inputs[i].ID = id
			break
		}
	}
}

// candidateIDs returns the ids that a file could have: its stem under ever
// more of its folders, then, for files that only the extension tells apart,
// the same with its whole name.
func candidateIDs(path string) []string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	if scheme, rest, ok := strings.Cut(path, "://"); ok {
		abs = filepath.Join(string(filepath.Separator), scheme, rest)
	}
	base := filepath.Base(abs)
	var folders []string
	for dir := filepath.Dir(abs); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		folders = append(folders, filepath.Base(dir))
	}
	var ids []string
	for _, id := range []string{stem(base), clean(base)} {
		ids = append(ids, id)
		for _, folder := range folders {
			id = clean(folder) + "/" + id
			ids = append(ids, id)
		}
	}
	return ids
}

// sameFile reports whether a path kept from an earlier run can be that of the
// file at path: that run may have been in another folder, so that the shorter
// of the two only has to be the end of the longer one.
func sameFile(kept, path string) bool {
	abs, err := filepath.Abs(path)
	if err != nil {
		return kept == path
	}
	if filepath.IsAbs(kept) {
		return filepath.Clean(kept) == abs
	}
	kept = filepath.Clean(kept)
	for strings.HasPrefix(kept, "../") {
		kept = kept[len("../"):]
	}
	return strings.HasSuffix(abs, string(filepath.Separator)+kept)
}
