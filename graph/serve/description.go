package serve

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed openapi.yaml
var openAPI []byte

// description is what the server needs of openapi.yaml.
type description struct {
	operations []*operation // by path and method, in the order of the file
	json       []byte       // the whole of it
	components components
}

// operation is one thing that a client can ask for.
type operation struct {
	ID          string       `yaml:"operationId"`
	Tags        []string     `yaml:"tags"`
	Summary     string       `yaml:"summary"`
	Description string       `yaml:"description"`
	Parameters  []*parameter `yaml:"parameters"`
	RequestBody *struct {
		Required bool                  `yaml:"required"`
		Content  map[string]*mediaType `yaml:"content"`
	} `yaml:"requestBody"`
	Responses map[string]*response `yaml:"responses"`
	Security  *[]any               `yaml:"security"` // an empty list: for everybody

	method, path string
}

type parameter struct {
	Ref         string      `yaml:"$ref"`
	Name        string      `yaml:"name"`
	In          string      `yaml:"in"` // path, query or header
	Required    bool        `yaml:"required"`
	Description string      `yaml:"description"`
	Schema      *jsonSchema `yaml:"schema"`
}

type mediaType struct {
	Schema *jsonSchema `yaml:"schema"`
}

type response struct {
	Ref         string                `yaml:"$ref"`
	Description string                `yaml:"description"`
	Content     map[string]*mediaType `yaml:"content"`
}

// jsonSchema is the part of JSON Schema that requests are described with.
type jsonSchema struct {
	Ref                  string                 `yaml:"$ref"`
	Type                 any                    `yaml:"type"`
	Description          string                 `yaml:"description"`
	Enum                 []string               `yaml:"enum"`
	Default              any                    `yaml:"default"`
	Pattern              string                 `yaml:"pattern"`
	MinLength            int                    `yaml:"minLength"`
	MaxLength            int                    `yaml:"maxLength"` // in characters; 0 for any
	Minimum              *float64               `yaml:"minimum"`
	Maximum              *float64               `yaml:"maximum"`
	MaxItems             int                    `yaml:"maxItems"` // 0 for any
	Items                *jsonSchema            `yaml:"items"`
	Required             []string               `yaml:"required"`
	Properties           map[string]*jsonSchema `yaml:"properties"`
	AdditionalProperties any                    `yaml:"additionalProperties"`
	AllOf                []*jsonSchema          `yaml:"allOf"`
	AnyOf                []*jsonSchema          `yaml:"anyOf"`

	pattern *regexp.Regexp
}

type components struct {
	Schemas    map[string]*jsonSchema `yaml:"schemas"`
	Parameters map[string]*parameter  `yaml:"parameters"`
	Responses  map[string]*response   `yaml:"responses"`
}

// describe reads openapi.yaml, once.
var describe = sync.OnceValues(func() (*description, error) {
	var file struct {
		Paths      yaml.MapSlice `yaml:"paths"`
		Components components    `yaml:"components"`
	}
	if err := yaml.Unmarshal(openAPI, &file); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	d := &description{components: file.Components}
	for _, p := range file.Paths {
		text, err := yaml.Marshal(p.Value)
		if err != nil {
			return nil, fmt.Errorf("openapi.yaml: %v: %w", p.Key, err)
		}
		var item struct{ Get, Post, Delete *operation }
		if err := yaml.Unmarshal(text, &item); err != nil {
			return nil, fmt.Errorf("openapi.yaml: %v: %w", p.Key, err)
		}
		for method, op := range map[string]*operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodDelete: item.Delete} {
			if op == nil {
				continue
			}
			op.method, op.path = method, fmt.Sprint(p.Key)
			for i, one := range op.Parameters {
				if one.Ref != "" {
					op.Parameters[i] = d.components.Parameters[name(one.Ref)]
				}
				if op.Parameters[i] == nil || op.Parameters[i].Schema == nil {
					return nil, fmt.Errorf("openapi.yaml: %s %s: parameter %d is not described", method, op.path, i+1)
				}
			}
			d.operations = append(d.operations, op)
		}
	}
	slices.SortStableFunc(d.operations, func(a, b *operation) int {
		if a.path != b.path {
			return 0
		}
		return strings.Compare(b.method, a.method) // GET is told of after POST otherwise
	})
	for _, s := range d.components.Schemas {
		s.compile()
	}
	for _, op := range d.operations {
		for _, p := range op.Parameters {
			p.Schema.compile()
		}
	}
	var whole any
	if err := yaml.Unmarshal(openAPI, &whole); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	var err error
	d.json, err = json.Marshal(whole)
	return d, err
})

// compile prepares the patterns of a schema and all below it.
func (s *jsonSchema) compile() {
	if s == nil {
		return
	}
	if s.Pattern != "" && s.pattern == nil {
		s.pattern = regexp.MustCompile(s.Pattern)
	}
	s.Items.compile()
	for _, p := range s.Properties {
		p.compile()
	}
}

// name is the last part of a reference.
func name(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// of returns the schema that s stands for.
func (d *description) of(s *jsonSchema) *jsonSchema {
	for s != nil && s.Ref != "" {
		s = d.components.Schemas[name(s.Ref)]
	}
	return s
}
