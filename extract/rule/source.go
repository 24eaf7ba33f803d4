package rule

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Source is where a rule is written.
type Source struct {
	File string // its path
	Line int    // of its first line, from 1
	Text string // the rule in YAML, as it stands in the file
}

// FindSource returns where the rule of the given ID is written among the files
// below "rules" of fsys. It fails with [fs.ErrNotExist] where none has it.
func FindSource(fsys fs.FS, id string) (Source, error) {
	var found Source
	err := eachYAML(fsys, "rules", func(name string, data []byte) error {
		if found.File != "" {
			return nil
		}
		file, err := parser.ParseBytes(data, 0)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		lines := strings.SplitAfter(string(data), "\n")
		var starts []int
		at := -1
		for _, item := range items(file) {
			if item.id == id {
				at = len(starts)
			}
			starts = append(starts, item.line)
		}
		if at < 0 {
			return nil
		}
		end := len(lines)
		if at+1 < len(starts) {
			end = starts[at+1] - 1
		}
		for end > starts[at] && !belongs(lines[end-1]) {
			end-- // what stands before the next rule belongs to that
		}
		found = Source{name, starts[at], strings.Join(lines[starts[at]-1:end], "")}
		return nil
	})
	if err == nil && found.File == "" {
		err = fmt.Errorf("rule %q: %w", id, fs.ErrNotExist)
	}
	return found, err
}

// belongs reports whether a line is more than a comment or empty.
func belongs(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && line[0] != '#'
}

type item struct {
	id   string
	line int
}

// items lists the rules of a file.
func items(file *ast.File) (list []item) {
	for _, doc := range file.Docs {
		root, _ := doc.Body.(ast.MapNode)
		if root == nil {
			continue
		}
		for top := root.MapRange(); top.Next(); {
			rules, ok := top.Value().(*ast.SequenceNode)
			if !ok || top.Key().GetToken().Value != "rules" {
				continue
			}
			for _, v := range rules.Values {
				fields, ok := v.(ast.MapNode)
				if !ok {
					continue
				}
				one := item{}
				for f := fields.MapRange(); f.Next(); {
					if one.line == 0 {
						one.line = f.Key().GetToken().Position.Line
					}
					if f.Key().GetToken().Value == "id" {
						one.id = f.Value().GetToken().Value
					}
				}
				list = append(list, one)
			}
		}
	}
	return list
}
