package data

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestOver(t *testing.T) {
	own := fstest.MapFS{"rules/claims.yaml": {Data: []byte("own")}, "rules/zz.yaml": {Data: []byte("more")}}
	over := Over(own)
	for path, want := range map[string]string{"rules/claims.yaml": "own", "rules/zz.yaml": "more"} {
		if got, err := fs.ReadFile(over, path); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", path, got, err, want)
		}
	}
	shipped, err := fs.ReadDir(FS, "rules")
	if err != nil {
		t.Fatal(err)
	}
	all, err := fs.ReadDir(over, "rules")
	if err != nil || len(all) != len(shipped)+1 || all[len(all)-1].Name() != "zz.yaml" {
		t.Errorf("rules: %v, %v, want the %d shipped ones and zz.yaml", all, err, len(shipped))
	}
	if _, err := fs.ReadFile(over, "rules/control.yaml"); err != nil {
		t.Error(err)
	}
	if _, err := fs.ReadDir(over, "nothing"); err == nil {
		t.Error("lists a folder that is in neither")
	}
}
