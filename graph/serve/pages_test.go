package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestPages(t *testing.T) {
	files := fstest.MapFS{
		"index.html":    {Data: []byte("<title>index</title>")},
		"assets/a-1.js": {Data: []byte("run()")},
	}
	for _, test := range []struct {
		path        string
		status      int
		body, cache string
	}{
		{"/", 200, "index", "no-cache"},
		{"/disputes", 200, "index", "no-cache"},
		{"/entities/territory/shikotan", 200, "index", "no-cache"},
		{"/documents/v1.2%2Fnote.html", 200, "index", "no-cache"},
		{"/../../etc/passwd", 400, "invalid", ""},
		{"/assets/a-1.js", 200, "run()", "immutable"},
		{"/assets/a-2.js", 404, "not found", ""},
		{"/assets", 200, "index", "no-cache"},
		{"/favicon.ico", 404, "not found", ""},
	} {
		w := httptest.NewRecorder()
		pages{files}.ServeHTTP(w, httptest.NewRequest(http.MethodGet, test.path, nil))
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.body) || !strings.Contains(w.Header().Get("Cache-Control"), test.cache) {
			t.Errorf("%s: %d %q, cache %q", test.path, w.Code, w.Body, w.Header().Get("Cache-Control"))
		}
		if csp := w.Header().Get("Content-Security-Policy"); w.Code == 200 && !strings.Contains(csp, "script-src 'self';") {
			t.Errorf("%s: policy %q", test.path, csp)
		}
	}
}
