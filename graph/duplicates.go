package graph

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"
	"github.com/cespare/xxhash/v2"
	"github.com/dgryski/go-minhash"

	"github.com/demarcgraph/demarc/graph/store"
	"github.com/demarcgraph/demarc/schema"
)

// What one agency writes many print, and what is collected from several places
// comes several times. A document that has no run of three words which one before
// it has not, and would be read against the same date and country, says nothing
// new: it is kept and linked to that one, but not read, and has no facts. One that
// is nearly the same and does say more, such as next year's edition of a note, is
// read and linked.
//
// What is a copy of what is decided anew when a document comes, changes or goes, of
// those documents for which it may be another than before, in the same step. It
// follows from the documents that are there, whatever the order in which they came:
//
//   - Documents that are the same but for their names are copies of the first by ID.
//   - Other documents stand, in the order of their dates and IDs, in one row for each
//     band of their MinHash (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of
//     Massive Datasets, chapter 3), together with those that have the same band.
//     A document is compared, exactly, with the one before it in each row, and is
//     linked to a copy's original or else to the nearest before it of nearly the
//     same words.
//
// The rows are records of the store. What they cost to keep is some look-ups for
// each document, however many there are.
//
// What is not read is a copy only where the other is in the graph, and is read when
// that one is removed.

// Duplicates says what loading does with documents that say what others say.
type Duplicates string

// What [WithDuplicates] takes.
const (
	LinkDuplicates Duplicates = "link" // link copies, and do not read those that say nothing new
	ReadDuplicates Duplicates = "read" // read every document, and compare it with none
)

// WithDuplicates says what loading does with documents that say what others in the
// graph say; without it they are linked. Documents that are loaded with
// [ReadDuplicates] are never compared with others, also not by those that are
// loaded later.
func WithDuplicates(d Duplicates) Option { return func(g *Graph) { g.duplicates = d } }

const (
	runWords   = 3    // words of a run
	leastRuns  = 20   // of a document that is compared: two may say the same in few words
	nearly     = 0.85 // share of common runs among all of two documents that are nearly the same
	bands      = 12   // of a MinHash: two documents of that share have a band in common
	bandHashes = 10   // with a probability of 93 %, two of 0.5 with one of 1 %
	bandSize   = 8    // bytes of a band's own hash
	sameSize   = 16
)

// runs is what of a document is compared.
type runs struct {
	words         map[uint64]bool // hashes of the runs of words
	date, country string          // what they are read against
	same          []byte          // hash of all that is read
}

// runsOf returns the runs of a document's title and prose, nil where they are too
// few to compare it.
func runsOf(doc *schema.Document) *runs {
	prose := doc.Text[doc.Body:]
	r := &runs{words: map[uint64]bool{}, date: doc.Date.String(), country: doc.Country}
	for _, text := range []string{doc.Title, prose} {
		words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		for i := range max(1, len(words)-runWords+1) {
			r.words[xxhash.Sum64String(strings.Join(words[i:min(i+runWords, len(words))], " "))] = true
		}
	}
	if len(r.words) < leastRuns {
		return nil
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", r.date, r.country, doc.Title, prose))
	r.same = sum[:sameSize]
	return r
}

// share returns how many of all runs both have.
func (r *runs) share(other *runs) float64 {
	common := 0
	for w := range r.words {
		if other.words[w] {
			common++
		}
	}
	return float64(common) / float64(len(r.words)+len(other.words)-common)
}

// addsTo reports whether a document says what another, that is there, does not.
func (r *runs) addsTo(other *runs) bool {
	if r.date != other.date || r.country != other.country {
		return true
	}
	for w := range r.words {
		if !other.words[w] {
			return true
		}
	}
	return false
}

// print is by what a document is found, and is kept as a record of it.
type print struct {
	id, date string
	same     string
	near     [bands]string
}

func (r *runs) print(id string) *print {
	p := &print{id: id, date: r.date, same: string(r.same)}
	second := fnv.New64a()
	m := minhash.NewMinWise(xxhash.Sum64, func(b []byte) uint64 {
		second.Reset()
		second.Write(b) // a hash's Write never fails
		return second.Sum64() | 1
	}, bands*bandHashes)
	var b [8]byte
	for w := range r.words {
		binary.BigEndian.PutUint64(b[:], w)
		m.Push(b[:])
	}
	for i, part := 0, make([]byte, 0, bandHashes*8); i < bands; i++ {
		part = part[:0]
		for _, v := range m.Signature()[i*bandHashes : (i+1)*bandHashes] {
			part = binary.BigEndian.AppendUint64(part, v)
		}
		sum := sha256.Sum256(part)
		p.near[i] = string(sum[:bandSize])
	}
	return p
}

// comparison is what a document is compared by with others.
type comparison struct {
	runs  *runs
	print *print
}

// compare returns what a document is compared by, nil where it is too short.
func compare(doc *schema.Document) *comparison {
	r := runsOf(doc)
	if r == nil {
		return nil
	}
	return &comparison{r, r.print(doc.ID)}
}

// The keys of the records: what each document is found by, the documents that are
// the same, and the rows.
const (
	printPrefix = "print\x00"
	samePrefix  = "same\x00"
	nearPrefix  = "near\x00"
)

// order is where a document stands among others.
func (p *print) order() string { return p.date + "\x00" + p.id }

func (p *print) row(band int) string { return nearPrefix + string(rune('a'+band)) + p.near[band] }

// inRow returns which document a key stands for in a row; "" for no key.
func inRow(row, key string) string {
	_, id, _ := strings.Cut(strings.TrimPrefix(key, row), "\x00")
	return id
}

// records returns the records of a document; without values for those to take out.
func (p *print) records(remove bool) []store.Record {
	value := []byte(p.same)
	for _, band := range p.near {
		value = append(value, band...)
	}
	list := []store.Record{{Key: printPrefix + p.id, Value: append(value, p.date...)}, {Key: samePrefix + p.same + p.id, Value: []byte{}}}
	for i := range p.near {
		list = append(list, store.Record{Key: p.row(i) + p.order(), Value: []byte{}})
	}
	if remove {
		for i := range list {
			list[i].Value = nil
		}
	}
	return list
}

// printOf returns what a document of the graph is found by, nil for one that is
// not compared.
func (v *view) printOf(ctx context.Context, id string) (*print, error) {
	b, ok, err := v.record(ctx, printPrefix+id)
	if err != nil || !ok {
		return nil, err
	}
	value := string(b)
	if len(value) < sameSize+bands*bandSize {
		return nil, fmt.Errorf("graph: what document %q is found by has %d bytes, want %d: load it again", id, len(value), sameSize+bands*bandSize)
	}
	p := &print{id: id, same: value[:sameSize]}
	value = value[sameSize:]
	for i := range p.near {
		p.near[i], value = value[:bandSize], value[bandSize:]
	}
	p.date = value
	return p, nil
}

// link is what a document is a copy of.
type link struct {
	to     string // ID; "" for none
	unread bool   // it says nothing new
}

// quads returns the quads of a link, under the label of its document.
func (l link) quads(ns schema.Namespace, id string) []quad.Quad {
	if l.to == "" {
		return nil
	}
	property := dmNearDuplicateOf
	if l.unread {
		property = dmDuplicateOf
	}
	d := quad.IRI(ns.Document(id))
	return []quad.Quad{{Subject: d, Predicate: property, Object: quad.IRI(ns.Document(l.to)), Label: d}}
}

// linkOf returns the link that a document has.
func (v *view) linkOf(ctx context.Context, id string) (l link, err error) {
	d := quad.IRI(v.ns.Document(id))
	for _, property := range []quad.IRI{dmDuplicateOf, dmNearDuplicateOf} {
		to, err := v.text(ctx, d, property)
		if err != nil {
			return l, err
		}
		if other, ok := v.ns.DocumentID(to); ok {
			return link{other, property == dmDuplicateOf}, nil
		}
	}
	return l, nil
}

// copies compares the documents of a graph as it is going to be once a document
// comes, changes or goes. Its view is one of the graph as it is.
type copies struct {
	*view
	id       string
	was, is  *print           // of the document; nil where it is not compared or not there
	compared map[string]*runs // by document
}

// copiesWith returns the copies in a graph that has one in the place of the document
// of the given ID which is compared by x, or with none for nil.
func (v *view) copiesWith(ctx context.Context, id string, x *comparison) (*copies, error) {
	c := &copies{view: v, id: id, compared: map[string]*runs{}}
	if x != nil {
		c.compared[id], c.is = x.runs, x.print
	}
	var err error
	c.was, err = v.printOf(ctx, id)
	return c, err
}

// records returns what changes of the records.
func (c *copies) records() (list []store.Record) {
	if c.was != nil {
		list = c.was.records(true)
	}
	if c.is != nil {
		list = append(list, c.is.records(false)...)
	}
	return list
}

// print returns what a document is going to be found by.
func (c *copies) print(ctx context.Context, id string) (*print, error) {
	if id == c.id {
		return c.is, nil
	}
	return c.printOf(ctx, id)
}

// runs returns the runs of a document that is compared.
func (c *copies) runs(ctx context.Context, id string) (*runs, error) {
	r, ok := c.compared[id]
	if ok {
		return r, nil
	}
	doc, err := c.document(ctx, id)
	if err != nil {
		return nil, err
	}
	if r = runsOf(doc); r == nil {
		return nil, fmt.Errorf("graph: document %q: it is compared with others, for which it is too short", id)
	}
	c.compared[id] = r
	return r, nil
}

// before returns which document is going to stand before another in a row; "" for
// none.
func (c *copies) before(ctx context.Context, p *print, band int) (string, error) {
	row, at := p.row(band), p.order()
	key, _, err := c.Beside(ctx, row, row+at)
	if err == nil && inRow(row, key) == c.id {
		key, _, err = c.Beside(ctx, row, key)
	}
	if err != nil {
		return "", err
	}
	if x := c.is; x != nil && x.row(band) == row && x.order() < at && row+x.order() > key {
		return x.id, nil
	}
	return inRow(row, key), nil
}

// after returns which other document stands after one in a row; "" for none.
func (c *copies) after(ctx context.Context, p *print, band int) (string, error) {
	row := p.row(band)
	_, key, err := c.Beside(ctx, row, row+p.order())
	if err == nil && inRow(row, key) == c.id {
		_, key, err = c.Beside(ctx, row, key)
	}
	return inRow(row, key), err
}

// same calls do with the IDs of the documents that are the same as one, in order,
// but for the one that changes, until it returns false.
func (c *copies) same(ctx context.Context, p *print, do func(id string) bool) error {
	prefix := samePrefix + p.same
	for r, err := range c.Records(ctx, prefix) {
		if err != nil {
			return err
		}
		if id := strings.TrimPrefix(r.Key, prefix); id != c.id && !do(id) {
			break
		}
	}
	return nil
}

// link returns what a document is going to be a copy of.
func (c *copies) link(ctx context.Context, p *print) (l link, err error) {
	first := p.id
	if err := c.same(ctx, p, func(id string) bool { first = min(first, id); return false }); err != nil {
		return l, err
	}
	if c.is != nil && c.is.same == p.same {
		first = min(first, c.id)
	}
	if first != p.id {
		return link{first, true}, nil
	}
	candidates := map[string]string{} // IDs by their order
	for band := range p.near {
		id, err := c.before(ctx, p, band)
		if err != nil {
			return l, err
		}
		if id == "" {
			continue
		}
		q, err := c.print(ctx, id)
		if err != nil {
			return l, err
		}
		if q == nil {
			return l, fmt.Errorf("graph: document %q is nowhere but in a row with %q", id, p.id)
		}
		candidates[q.order()] = id
	}
	if len(candidates) == 0 {
		return l, nil
	}
	mine, err := c.runs(ctx, p.id)
	if err != nil {
		return l, err
	}
	for _, at := range slices.Sorted(maps.Keys(candidates)) {
		theirs, err := c.runs(ctx, candidates[at])
		if err != nil {
			return l, err
		}
		if mine.share(theirs) < nearly {
			continue
		}
		if !mine.addsTo(theirs) {
			return link{candidates[at], true}, nil
		}
		l.to = candidates[at] // the last of them is the nearest
	}
	return l, nil
}

// affected returns the other documents that may be going to be copies of others
// than before, sorted.
func (c *copies) affected(ctx context.Context) ([]string, error) {
	ids := map[string]bool{}
	for _, p := range []*print{c.was, c.is} {
		if p == nil {
			continue
		}
		err := c.same(ctx, p, func(id string) bool {
			if id < c.id {
				return false // it is the original, with or without the one that changes
			}
			ids[id] = true
			return true
		})
		if err != nil {
			return nil, err
		}
		for band := range p.near {
			id, err := c.after(ctx, p, band)
			if err != nil {
				return nil, err
			}
			if id != "" {
				ids[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(ids)), nil
}

// exchange is what a document's label has, and what it is going to have.
type exchange struct {
	label         quad.IRI
	before, quads []quad.Quad
	entities      []string // IDs of what its facts are going to speak of
}

// unread returns what a document comes to that is not read.
func unread(doc *schema.Document, extractor string, ns schema.Namespace) *Reading {
	m := mapper{ns: ns}
	r := &Reading{doc: doc, extractor: extractor, ns: ns, unread: true}
	r.quads, _ = m.documentQuads(doc, nil, extractor)
	return r
}

// relinked returns how the links of other documents change: those of which a link
// only, as quads, those which are to be read or no longer, as exchanges.
func (c *copies) relinked(ctx context.Context, g *Graph) (list []exchange, del, add []quad.Quad, err error) {
	ids, err := c.affected(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, id := range ids {
		p, err := c.printOf(ctx, id)
		if err != nil {
			return nil, nil, nil, err
		}
		if p == nil {
			return nil, nil, nil, fmt.Errorf("graph: document %q is nowhere but in a row with %q", id, c.id)
		}
		is, err := c.linkOf(ctx, id)
		if err != nil {
			return nil, nil, nil, err
		}
		will, err := c.link(ctx, p)
		if err != nil {
			return nil, nil, nil, err
		}
		if is == will {
			continue
		}
		if is.unread == will.unread {
			del, add = append(del, is.quads(c.ns, id)...), append(add, will.quads(c.ns, id)...)
			continue
		}
		e, err := c.reread(ctx, g, id, will)
		if err != nil {
			return nil, nil, nil, err
		}
		list = append(list, e)
	}
	return list, del, add, nil
}

// settle says what a document that was read, or was not, is going to be: other
// documents may have come and gone since.
func (c *copies) settle(ctx context.Context, g *Graph, r *Reading, to *exchange, result *LoadResult) (err error) {
	var l link
	if c.is != nil {
		if l, err = c.link(ctx, c.is); err != nil {
			return err
		}
	}
	switch {
	case l.unread && !r.unread:
		r = unread(r.doc, r.extractor, c.ns)
	case r.unread && !l.unread:
		if r, err = g.read(ctx, r.doc); err != nil {
			return err
		}
	}
	to.quads, to.entities = r.linked(l), r.entities
	result.Facts, result.Quads = r.facts, len(to.quads)
	if l.unread {
		result.DuplicateOf = l.to
	} else {
		result.NearDuplicateOf = l.to
	}
	return nil
}

// reread reads a document of the graph that was not read, or takes its facts out.
func (c *copies) reread(ctx context.Context, g *Graph, id string, will link) (e exchange, err error) {
	e.label = quad.IRI(c.ns.Document(id))
	if e.before, err = c.collect(ctx, store.Pattern{Label: e.label}); err != nil {
		return e, err
	}
	doc, err := c.document(ctx, id)
	if err != nil {
		return e, err
	}
	var r *Reading
	if will.unread {
		version, err := c.text(ctx, e.label, dmExtractor)
		if err != nil {
			return e, err
		}
		r = unread(doc, version, c.ns)
	} else if r, err = g.read(ctx, doc); err != nil {
		return e, fmt.Errorf("read what was a copy: %w", err)
	}
	e.quads, e.entities = r.linked(will), r.entities
	g.log.Info("document changes places with a copy", "doc", id, "facts", r.facts)
	return e, nil
}

// read has the graph's extractor read a document.
func (g *Graph) read(ctx context.Context, doc *schema.Document) (*Reading, error) {
	x, errX := g.extractor()
	gz, errG := g.gazetteer()
	if err := errors.Join(errX, errG); err != nil {
		return nil, fmt.Errorf("graph: %w", err)
	}
	return Read(ctx, doc, x, gz, g.ns)
}

// copied reports whether a document that is compared by x would not be read, were it
// loaded now.
func (g *Graph) copied(ctx context.Context, doc *schema.Document, x *comparison) (is bool, err error) {
	if x == nil {
		return false, nil
	}
	err = g.with(ctx, func(v *view) error {
		c, err := v.copiesWith(ctx, doc.ID, x)
		if err != nil {
			return err
		}
		l, err := c.link(ctx, c.is)
		is = l.unread
		return err
	})
	if err != nil {
		err = fmt.Errorf("graph: document %q: %w", doc.ID, err)
	}
	return is, err
}
