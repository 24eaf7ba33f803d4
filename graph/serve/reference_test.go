package serve

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/demarcgraph/demarc/internal/golden"
)

//go:generate go test -run TestReference -update .

// TestReference keeps docs/api.md what openapi.yaml says.
func TestReference(t *testing.T) {
	about, err := describe()
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, filepath.Join("..", "..", "docs", "api.md"), reference(t, about))
}

// reference writes the description as a page of Markdown.
func reference(t *testing.T, about *description) []byte {
	t.Helper()
	var file struct {
		Info struct{ Summary, Description string }
		Tags []struct{ Name, Description string }
	}
	if err := yaml.Unmarshal(openAPI, &file); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# API\n\n<!-- Made by \"make generate\" from graph/serve/openapi.yaml: change that, not this file. -->\n")
	line("%s\nA server gives its own description, in OpenAPI 3.1, at `/openapi.json`; clients can be\ngenerated from it. [deploy.md](deploy.md) is about running one.\n", file.Info.Description)
	line("```sh\ndemarc serve &\ncurl 'http://localhost:8080/api/v1/ask?q=Who+claims+Shikotan%%3F'\ncurl 'http://localhost:8080/api/v1/views/claims?entity=Shikotan&asOf=1956'\ncurl --data-urlencode 'query=SELECT * { ?who dm:claims ?what }' http://localhost:8080/sparql\n```")
	for _, tag := range file.Tags {
		line("\n## %s\n", tag.Description)
		for _, op := range about.operations {
			if op.Tags[0] == tag.Name {
				b.WriteString(referenceOf(about, op))
			}
		}
	}
	line("\n## Shapes of answers\n")
	for _, name := range slices.Sorted(maps.Keys(about.components.Schemas)) {
		s := about.components.Schemas[name]
		if len(s.Properties) == 0 {
			continue
		}
		line("### %s\n", name)
		if s.Description != "" {
			line("%s\n", oneLine(s.Description))
		}
		line("| field | type | |\n| --- | --- | --- |")
		for _, field := range slices.Sorted(maps.Keys(s.Properties)) {
			p := s.Properties[field]
			if !slices.Contains(s.Required, field) {
				field += "?"
			}
			line("| `%s` | %s | %s |", field, typeOf(p), oneLine(p.Description))
		}
		line("")
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}

func referenceOf(about *description, op *operation) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("### `%s %s`\n\n%s.", op.method, op.path, op.Summary)
	if op.Description != "" {
		line("\n%s", strings.TrimSpace(op.Description))
	}
	if len(op.Parameters) > 0 {
		line("\n| parameter | type | |\n| --- | --- | --- |")
		for _, p := range op.Parameters {
			text := oneLine(p.Description)
			if p.Required && p.In != "path" {
				text = "Required. " + text
			}
			if d := p.Schema.Default; d != nil {
				text += fmt.Sprintf(" (default %v)", d)
			}
			name := "`" + p.Name + "`"
			if p.In != "query" {
				name += ", in the " + p.In
			}
			line("| %s | %s | %s |", name, typeOf(p.Schema), text)
		}
	}
	if op.RequestBody != nil {
		line("\nBody:\n")
		for _, kind := range slices.Sorted(maps.Keys(op.RequestBody.Content)) {
			line("- `%s`: %s", kind, bodyOf(op.RequestBody.Content[kind].Schema))
		}
	}
	ok := op.Responses["200"]
	if ok != nil && ok.Ref != "" {
		ok = about.components.Responses[name(ok.Ref)]
	}
	if ok != nil {
		var kinds []string
		for _, kind := range slices.Sorted(maps.Keys(ok.Content)) {
			text := "`" + kind + "`"
			if s := ok.Content[kind].Schema; s != nil && s.Ref != "" {
				text += " " + typeOf(s)
			}
			kinds = append(kinds, text)
		}
		line("\nAnswer: %s: %s.\n", oneLine(ok.Description), strings.Join(kinds, ", "))
	} else {
		line("\nAnswer: 204, without content.\n")
	}
	return b.String()
}

func bodyOf(s *jsonSchema) string {
	if s.Ref != "" || len(s.Properties) == 0 {
		return typeOf(s)
	}
	var fields []string
	for _, f := range slices.Sorted(maps.Keys(s.Properties)) {
		if slices.Contains(s.Required, f) {
			f = "**" + f + "**"
		}
		fields = append(fields, f)
	}
	return strings.Join(fields, ", ")
}

// typeOf writes a type for people.
func typeOf(s *jsonSchema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref == "#/components/schemas/Name", s.Ref == "#/components/schemas/Question":
		return "string"
	case s.Ref != "" && slices.Contains([]string{"Date", "Class", "Predicate", "Certainty"}, name(s.Ref)):
		return name(s.Ref)
	case s.Ref != "":
		return fmt.Sprintf("[%s](#%s)", name(s.Ref), strings.ToLower(name(s.Ref)))
	case len(s.Enum) > 0:
		return strings.Join(s.Enum, ", ")
	case s.Type == "array":
		return "list of " + typeOf(s.Items)
	case len(s.AnyOf) > 0:
		var any []string
		for _, one := range s.AnyOf {
			any = append(any, typeOf(one))
		}
		return strings.Join(any, " or ")
	}
	if kinds, ok := s.Type.([]any); ok {
		if s.Items != nil {
			return "list of " + typeOf(s.Items)
		}
		return fmt.Sprint(kinds[0])
	}
	if s.Type == nil {
		return "any"
	}
	return fmt.Sprint(s.Type)
}

func oneLine(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}
