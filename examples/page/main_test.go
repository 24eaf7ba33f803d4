package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestPublish(t *testing.T) {
	path := filepath.Join(t.TempDir(), "disputes.html")
	var out strings.Builder
	if err := publish(t.Context(), path, &out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, want := range []string{"<html", "Shikotan", "Argentina claims the Falkland Islands.", "Japan claims Shikotan and Iturup."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if found := regexp.MustCompile(`(src|href)="https?://[^"]*\.(js|css)"`).FindString(page); found != "" {
		t.Errorf("the page loads %s", found)
	}
	if !strings.Contains(out.String(), "disputes.html: written\n") {
		t.Errorf("the program says %q", &out)
	}
	if err := publish(t.Context(), filepath.Join(t.TempDir(), "no", "folder.html"), &out); err == nil {
		t.Error("writes where there is no folder")
	}
}
