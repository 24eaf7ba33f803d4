package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/demarcgraph/demarc/graph"
	"github.com/demarcgraph/demarc/schema"
)

// The resources.
const (
	vocabularyURI = "demarc://vocabulary"
	documentsURI  = "demarc://documents"
)

// mostDocuments is how many documents are listed.
const mostDocuments = 1000

func (s *Server) addResources() {
	s.server.AddResource(&sdk.Resource{
		URI: vocabularyURI, Name: "vocabulary", Title: "Vocabulary", MIMEType: "text/markdown",
		Description: "The classes and predicates of the graph and how facts and their evidence are kept in it: what SPARQL queries are written with.",
	}, func(context.Context, *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
		return contents(&sdk.ResourceContents{URI: vocabularyURI, MIMEType: "text/markdown", Text: string(schema.Reference())}), nil
	})
	s.server.AddResource(&sdk.Resource{
		URI: documentsURI, Name: "documents", Title: "Documents", MIMEType: "application/json",
		Description: "The documents of the graph, the first thousand by ID: title, date, publisher, number of facts, and the resource with the text.",
	}, s.listDocuments)
	s.server.AddResourceTemplate(&sdk.ResourceTemplate{
		URITemplate: documentsURI + "/{id}", Name: "document", Title: "Document", MIMEType: "text/plain",
		Description: "The text of a document by its ID. The bytes of quotations are offsets into it.",
	}, s.readDocument)
}

func contents(c *sdk.ResourceContents) *sdk.ReadResourceResult {
	return &sdk.ReadResourceResult{Contents: []*sdk.ResourceContents{c}}
}

func (s *Server) listDocuments(ctx context.Context, _ *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
	var list struct {
		Documents []Document `json:"documents"`
		More      int        `json:"more,omitempty"`
	}
	list.Documents = []Document{}
	err := s.read(ctx, func(ctx context.Context, g *graph.Graph) error {
		for info, err := range g.Documents(ctx) {
			if err != nil {
				return err
			}
			if len(list.Documents) == mostDocuments {
				list.More++
				continue
			}
			list.Documents = append(list.Documents, documentOf(&info))
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(list)
	return contents(&sdk.ResourceContents{URI: documentsURI, MIMEType: "application/json", Text: string(text)}), err
}

func (s *Server) readDocument(ctx context.Context, req *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
	uri := req.Params.URI
	id, err := url.PathUnescape(strings.TrimPrefix(uri, documentsURI+"/"))
	if err != nil {
		return nil, sdk.ResourceNotFoundError(uri)
	}
	var doc *schema.Document
	err = s.read(ctx, func(ctx context.Context, g *graph.Graph) error {
		doc, err = g.Document(ctx, id)
		return err
	})
	if errors.Is(err, graph.ErrNotFound) {
		return nil, sdk.ResourceNotFoundError(uri)
	}
	if err != nil {
		return nil, err
	}
	n := cutAt(doc.Text, MaxDocument)
	c := &sdk.ResourceContents{URI: uri, MIMEType: "text/plain", Text: doc.Text[:n], Meta: sdk.Meta{
		"title": doc.Title, "date": doc.Date.String(), "publisher": doc.Publisher, "bytes": len(doc.Text),
	}}
	if n < len(doc.Text) {
		c.Meta["cutAt"] = n // the evidence tool reads on from there
	}
	return contents(c), nil
}
