package serve

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// values are the parameters of a request, as the description allows them.
type values map[string][]string

// parameters reads the parameters of a request and refuses, as a *problem, what
// the description does not have or what is not as it says. Where it is lenient,
// parameters that it does not have are left out: other programs send them.
func (d *description) parameters(op *operation, r *http.Request, lenient bool) (values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refusef(http.StatusBadRequest, "the query string of the URL cannot be read: %v", err)
	}
	out := values{}
	for _, p := range op.Parameters {
		var given []string
		switch p.In {
		case "query":
			given = query[p.Name]
			delete(query, p.Name)
		case "path":
			given = []string{r.PathValue(p.Name)}
		case "header":
			given = r.Header.Values(p.Name)
		}
		s := d.of(p.Schema)
		if len(given) == 0 {
			if p.Required {
				return nil, refuseParameter(p.Name, "is missing")
			}
			if s.Default != nil {
				out[p.Name] = []string{fmt.Sprint(s.Default)}
			}
			continue
		}
		if s.Type == "array" {
			if s.MaxItems > 0 && len(given) > s.MaxItems {
				return nil, refuseParameter(p.Name, "is given more than %d times", s.MaxItems)
			}
			s = d.of(s.Items)
		} else if len(given) > 1 {
			return nil, refuseParameter(p.Name, "is given %d times: give it once", len(given))
		}
		for _, text := range given {
			if wrong := s.checkText(text); wrong != "" {
				return nil, refuseParameter(p.Name, "%s", wrong)
			}
		}
		out[p.Name] = given
	}
	if !lenient {
		for name := range query {
			var known []string
			for _, p := range op.Parameters {
				if p.In == "query" {
					known = append(known, p.Name)
				}
			}
			if len(known) == 0 {
				return nil, refuseParameter(name, "is not known: there are none here")
			}
			return nil, refuseParameter(name, "is not known: there are %s", strings.Join(known, ", "))
		}
	}
	return out, nil
}

// checkText says what is wrong with the text of a parameter, "" for nothing.
func (s *jsonSchema) checkText(text string) string {
	if !utf8.ValidString(text) {
		return "is not UTF-8"
	}
	switch s.Type {
	case "integer":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "is not a whole number"
		}
		return s.checkNumber(float64(n))
	case "number":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return "is not a number"
		}
		return s.checkNumber(n)
	case "boolean":
		if text != "true" && text != "false" {
			return "is neither true nor false"
		}
		return ""
	}
	return s.checkString(text)
}

func (s *jsonSchema) checkNumber(n float64) string {
	if s.Minimum != nil && n < *s.Minimum {
		return fmt.Sprintf("is less than %v", *s.Minimum)
	}
	if s.Maximum != nil && n > *s.Maximum {
		return fmt.Sprintf("is more than %v", *s.Maximum)
	}
	return ""
}

func (s *jsonSchema) checkString(text string) string {
	switch n := utf8.RuneCountInString(text); {
	case n < s.MinLength && n == 0:
		return "is empty"
	case n < s.MinLength:
		return fmt.Sprintf("has fewer than %d characters", s.MinLength)
	case s.MaxLength > 0 && n > s.MaxLength:
		return fmt.Sprintf("has more than %d characters", s.MaxLength)
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, text):
		return "is none of " + strings.Join(s.Enum, ", ")
	case s.pattern != nil && !s.pattern.MatchString(text):
		return "is not of the form " + s.Pattern
	}
	return ""
}

// body reads a JSON body into v and refuses, as a *problem, what is not as the
// schema says.
func (d *description) body(data []byte, s *jsonSchema, v any) error {
	var whole any
	if err := json.Unmarshal(data, &whole); err != nil {
		return refusef(http.StatusBadRequest, "the body is not JSON: %v", err)
	}
	if !utf8.Valid(data) {
		return refusef(http.StatusBadRequest, "the body is not UTF-8")
	}
	if wrong := d.checkValue("the body", d.of(s), whole); wrong != "" {
		return refusef(http.StatusBadRequest, "%s", wrong)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return refusef(http.StatusBadRequest, "the body is not as described: %v", err)
	}
	return nil
}

// checkValue says what is wrong with a value of a JSON body at a place in it, ""
// for nothing.
func (d *description) checkValue(place string, s *jsonSchema, v any) string {
	at := func(wrong string) string {
		if wrong == "" {
			return ""
		}
		return place + " " + wrong
	}
	switch s.Type {
	case "object":
		fields, ok := v.(map[string]any)
		if !ok {
			return at("is not an object")
		}
		for _, name := range s.Required {
			if _, ok := fields[name]; !ok {
				return at("has no " + name)
			}
		}
		for name, field := range fields {
			p := s.Properties[name]
			if p == nil {
				if s.AdditionalProperties == false {
					return at(fmt.Sprintf("has %q, which is not known", name))
				}
				continue
			}
			if wrong := d.checkValue(name, d.of(p), field); wrong != "" {
				return wrong
			}
		}
	case "array":
		items, ok := v.([]any)
		switch {
		case !ok:
			return at("is not a list")
		case s.MaxItems > 0 && len(items) > s.MaxItems:
			return at(fmt.Sprintf("has more than %d items", s.MaxItems))
		}
		for _, item := range items {
			if wrong := d.checkValue("an item of "+place, d.of(s.Items), item); wrong != "" {
				return wrong
			}
		}
	case "string":
		text, ok := v.(string)
		if !ok {
			return at("is not a text")
		}
		return at(s.checkString(text))
	case "number", "integer":
		n, ok := v.(float64)
		if !ok || s.Type == "integer" && n != math.Trunc(n) {
			return at("is not a number")
		}
		return at(s.checkNumber(n))
	case "boolean":
		if _, ok := v.(bool); !ok {
			return at("is neither true nor false")
		}
	}
	return ""
}
