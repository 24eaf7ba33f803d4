package ask

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

var editionNamed = lazily(`(?i)[,\s]*\b(?:according to|in|by|per|as told in)\s+the\s+(1[5-9]\d\d|2[01]\d\d)\s+(?:edition|issue|version|factbook)\b(?:\s+of\s+the\s+[A-Z]\w*(?:\s+[A-Z]\w*)*)?[,\s]*`)

// edition takes the edition that a question names out of it, "according to the 1992
// edition", and returns the documents of that year; ok is false where it names none.
func edition(ctx context.Context, r Reader, question string, within []string) (rest string, docs []string, ok bool, err error) {
	m := editionNamed().FindStringSubmatchIndex(question)
	if m == nil {
		return question, within, false, nil
	}
	year, err := strconv.Atoi(question[m[2]:m[3]])
	if err != nil {
		return question, within, false, nil
	}
	docs = []string{}
	for d, err := range r.Documents(ctx) {
		if err != nil {
			return question, nil, false, err
		}
		if d.Date.Year == year && (len(within) == 0 || slices.Contains(within, d.ID)) {
			docs = append(docs, d.ID)
		}
	}
	return strings.TrimSpace(question[:m[0]] + " " + question[m[1]:]), docs, true, nil
}
