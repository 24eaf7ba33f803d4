package serve

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// bundle is what web/ builds: index.html, and beside it what it loads.
//
//go:generate sh -c "cd ../../web && npm ci --silent --no-audit --no-fund && npm run --silent types && npm run --silent build"
//go:embed all:pages
var bundle embed.FS

// contentPolicy lets pages load what this server gives and nothing else: no
// inline script or style, nothing of other sites, and no other site may frame
// them. Pictures may be drawn by the page itself, and workers started from it.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// pages serves files from a bundle. What is no file of it is a place within the
// pages, which index.html finds its way to, unless it looks like a file that was
// there once: in assets, or at the top with an extension. Below the top, a dot is
// part of somebody's ID.
type pages struct{ files fs.FS }

func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refusef(http.StatusMethodNotAllowed, "pages are for reading").write(w, r)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	if info, err := fs.Stat(p.files, name); err != nil || info.IsDir() {
		if strings.HasPrefix(name, "assets/") || !strings.Contains(name, "/") && path.Ext(name) != "" {
			http.NotFound(w, r)
			return
		}
		name = "index.html"
	}
	w.Header().Set("Content-Security-Policy", contentPolicy)
	if strings.HasPrefix(name, "assets/") { // their names change with their content
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	http.ServeFileFS(w, r, p.files, name)
}
