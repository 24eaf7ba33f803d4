package schema

import (
	"net/url"
	"strings"
)

// The namespaces of demarc's graphs. Vocabulary terms and entities live under
// w3id.org by default; [Namespace] lets a user put entities elsewhere.
const (
	VocabularyIRI = "https://w3id.org/demarc/schema#"
	EntityBase    = "https://w3id.org/demarc/id/"
)

// Namespace makes the IRIs of one graph. The zero value uses the default base.
type Namespace struct {
	Base string // what entity IRIs begin with; "" means EntityBase
}

func (n Namespace) base() string {
	if n.Base == "" {
		return EntityBase
	}
	return n.Base
}

// Entity returns the IRI of the entity with the given identifier.
func (n Namespace) Entity(id string) string { return n.base() + escapePath(id) }

// EntityID returns the identifier of the entity with the given IRI; ok is
// false where the IRI is not one of this namespace's.
func (n Namespace) EntityID(iri string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(iri, n.base())
	if !ok {
		return "", false
	}
	id, err := url.PathUnescape(rest)
	return id, err == nil
}

// Document returns the IRI of the document with the given identifier. It also
// labels every quad that the document gives rise to.
func (n Namespace) Document(id string) string { return n.Entity("document/" + id) }

// Fact returns the IRI of the statement node of the fact with the given ID.
func (n Namespace) Fact(id string) string { return n.Entity("fact/" + id) }

// Term returns the IRI of a class or predicate of the vocabulary.
func Term[T ~string](name T) string { return VocabularyIRI + string(name) }

// escapePath percent-encodes each segment of an identifier, so that any
// document name makes a valid IRI.
func escapePath(id string) string {
	segments := strings.Split(id, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}
