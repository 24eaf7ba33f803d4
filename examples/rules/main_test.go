package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(out.String(), "with the rule of own/rules/patrol.yaml besides")
	const fact = "United States administers Guantánamo Bay (since 1903), by patrol.verb"
	if !ok || strings.Contains(before, fact) || !strings.Contains(after, fact) {
		t.Errorf("the rule made no difference:\n%s", &out)
	}
}
