// Package serve answers HTTP requests from a graph: a JSON API, the SPARQL 1.1
// Protocol, and the pages to explore disputes with in a browser.
//
// openapi.yaml is the truth about the API: routes, parameters and their limits
// are read from it, and a request that is not as it says is refused before any
// handler sees it.
package serve
