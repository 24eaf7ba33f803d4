package schema

import (
	"fmt"
	"slices"
	"strings"
)

// go generate writes the published forms of the schema anew; a test sees to it
// that they are those of the tables.
//
//go:generate go test -run TestPublishedFiles -update .

// ttl writes Turtle for the vocabulary's own needs.
type ttl struct {
	strings.Builder
	prefixes []Prefix
}

func newTTL(extra ...Prefix) *ttl {
	t := &ttl{prefixes: append(Prefixes(), extra...)}
	slices.SortFunc(t.prefixes, func(a, b Prefix) int { return strings.Compare(a.Name, b.Name) })
	for _, p := range t.prefixes {
		fmt.Fprintf(t, "@prefix %s: <%s> .\n", p.Name, p.IRI)
	}
	return t
}

func (t *ttl) iri(iri string) string { return Compact(iri, t.prefixes) }

// own is the name of a term of demarc's vocabulary.
func (t *ttl) own(name string) string { return t.iri(VocabularyIRI + name) }

func (t *ttl) list(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = t.own(n)
	}
	return strings.Join(out, " ")
}

// node writes a subject with its properties, each "property value" and none
// empty.
func (t *ttl) node(subject string, properties ...string) {
	properties = slices.DeleteFunc(properties, func(p string) bool { return p == "" })
	fmt.Fprintf(t, "\n%s %s .\n", subject, strings.Join(properties, " ;\n    "))
}

// quoted writes a text of the tables, which hold no line breaks.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"@en`
}

// property writes "name value", or nothing where there is no value.
func property(name, value string) string {
	if value == "" {
		return ""
	}
	return name + " " + value
}

// union writes the class that several names stand for together.
func (t *ttl) union(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return t.own(names[0])
	default:
		return "[ a owl:Class ; owl:unionOf ( " + t.list(names) + " ) ]"
	}
}

func classNames(classes []Class) []string {
	var names []string
	for _, c := range classes {
		names = append(names, string(c))
	}
	return names
}

// Vocabulary returns the vocabulary as an RDFS and OWL ontology, in Turtle.
func Vocabulary() []byte {
	t := newTTL()
	t.node("<"+strings.TrimSuffix(VocabularyIRI, "#")+">",
		"a owl:Ontology",
		"dcterms:title "+quoted("demarc: territorial disputes as documents tell them"),
		"rdfs:comment "+quoted("Claiming, holding, recognizing and adjudicating are four different relations. What a party says is kept as said by it."))
	for _, c := range classes {
		if c.Class == Literal {
			continue
		}
		parent := ""
		if c.Parent != "" {
			parent = "rdfs:subClassOf " + t.own(string(c.Parent))
		}
		if c.Class == Agent {
			parent += ", prov:Agent"
		}
		t.node(t.own(string(c.Class)), "a owl:Class", "rdfs:label "+quoted(string(c.Class)), "rdfs:comment "+quoted(c.Comment), parent)
	}
	for _, c := range nodeClasses {
		t.node(t.own(c.name), "a owl:Class", "rdfs:label "+quoted(c.name), "rdfs:comment "+quoted(c.comment), "rdfs:subClassOf "+t.iri(c.parent))
	}
	for _, p := range predicates {
		kind := "owl:ObjectProperty"
		objects := classNames(p.Objects)
		rng := t.union(objects)
		if slices.Equal(p.Objects, []Class{Literal}) {
			kind, rng = "owl:DatatypeProperty", "xsd:string"
		}
		if p.Symmetric {
			kind += ", owl:SymmetricProperty"
		}
		if p.Predicate.Transitive() {
			kind += ", owl:TransitiveProperty"
		}
		t.node(t.own(string(p.Predicate)), "a "+kind, "rdfs:label "+quoted(p.Label), "rdfs:comment "+quoted(p.Comment),
			property("rdfs:domain", t.union(classNames(p.Subjects))), property("rdfs:range", rng))
		if inverse := p.Predicate.InverseName(); inverse != "" {
			t.node(t.own(inverse), "a owl:ObjectProperty", "rdfs:label "+quoted(p.Inverse), "owl:inverseOf "+t.own(string(p.Predicate)))
		}
	}
	for _, p := range properties {
		kind := "owl:DatatypeProperty"
		switch {
		case p.Range == RDFS+"Resource" || strings.HasPrefix(p.Range, VocabularyIRI):
			kind = "owl:ObjectProperty"
		}
		if !p.Many && p.Name != "usedBy" {
			kind += ", owl:FunctionalProperty"
		}
		t.node(t.own(p.Name), "a "+kind, "rdfs:label "+quoted(p.Name), "rdfs:comment "+quoted(p.Comment),
			property("rdfs:domain", t.union(p.Domain)), "rdfs:range "+t.iri(p.Range))
	}
	for _, r := range Roles() {
		var takers []string
		for _, p := range predicates {
			if slices.Contains(p.Roles, r) {
				takers = append(takers, string(p.Predicate))
			}
		}
		t.node(t.own(string(r)), "a rdf:Property", "rdfs:label "+quoted(string(r)),
			"rdfs:comment "+quoted("A qualifier of facts of "+strings.Join(takers, ", ")+"."), "rdfs:domain "+t.own(FactClass))
	}
	t.node(t.iri(EDTF), "a rdfs:Datatype", "rdfs:comment "+
		quoted("Dates of the Extended Date/Time Format, level 1, that XML Schema cannot write: 195X, 19XX, 1956~."))
	t.node(t.iri(Polarity(false)), "rdfs:label "+quoted("affirmed"))
	t.node(t.iri(Polarity(true)), "rdfs:label "+quoted("denied"))
	for _, m := range Modalities() {
		t.node(t.own(string(m)), "rdfs:label "+quoted(string(m)))
	}
	return []byte(t.String())
}

// Shapes returns SHACL shapes, in Turtle, that every graph of demarc conforms
// to when the quads of all its labels are taken together.
func Shapes() []byte {
	t := newTTL(Prefix{"sh", SHACL})
	shape := func(path string, constraints ...string) string {
		return "sh:property [ sh:path " + path + " ; " + strings.Join(constraints, " ; ") + " ]"
	}
	const one = "sh:minCount 1 ; sh:maxCount 1"
	var predicateIRIs, modalityIRIs []string
	for _, p := range predicates {
		predicateIRIs = append(predicateIRIs, string(p.Predicate))
	}
	for _, m := range Modalities() {
		modalityIRIs = append(modalityIRIs, string(m))
	}
	when := "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYearMonth ] [ sh:datatype xsd:gYear ] [ sh:datatype " + t.iri(EDTF) + " ] )"
	named := "sh:or ( [ sh:path skos:prefLabel ; sh:minCount 1 ] [ sh:path skos:altLabel ; sh:minCount 1 ] )"
	entity := "sh:node " + t.own("EntityShape")
	literalOrEntity := "sh:or ( [ sh:nodeKind sh:Literal ] [ " + entity + " ] )"
	// ofClass wants one of the classes or of those below them: a graph need not
	// have the vocabulary in it.
	ofClass := func(of []Class) string {
		if slices.Contains(of, Agent) {
			of = append(slices.Clone(of), Territory) // one with a government of its own acts
		}
		var options []string
		for _, c := range classes {
			if slices.ContainsFunc(of, c.Class.Is) {
				options = append(options, "[ sh:class "+t.own(string(c.Class))+" ]")
			}
		}
		return "sh:or ( " + strings.Join(options, " ") + " )"
	}
	t.node(t.own("EntityShape"), "a sh:NodeShape", "sh:nodeKind sh:IRI", shape("rdf:type", "sh:minCount 1", "sh:nodeKind sh:IRI"), named)
	fact := []string{"a sh:NodeShape", "sh:targetClass " + t.own(FactClass),
		shape("rdf:subject", one, entity),
		shape("rdf:predicate", one, "sh:in ( "+t.list(predicateIRIs)+" )"),
		shape("rdf:object", one, literalOrEntity),
		shape(t.own("polarity"), one, "sh:in ( "+t.iri(Polarity(false))+" "+t.iri(Polarity(true))+" )"),
		shape(t.own("modality"), one, "sh:in ( "+t.list(modalityIRIs)+" )"),
		shape("prov:wasAttributedTo", "sh:maxCount 1", entity),
		shape("prov:wasDerivedFrom", "sh:minCount 1", "sh:class "+t.own(PassageClass)),
		shape(t.own("confidence"), "sh:minCount 1", "sh:datatype xsd:double", "sh:minExclusive 0.0", "sh:maxInclusive 1.0"),
		shape(t.own("rule"), "sh:datatype xsd:string"),
	}
	for _, role := range []string{"date", "since", "until"} {
		fact = append(fact, shape(t.own(role), "sh:maxCount 1", when))
	}
	for _, role := range Roles() {
		fact = append(fact, shape(t.own(string(role)), literalOrEntity))
	}
	t.node(t.own("FactShape"), fact...)
	const odd = "sh:severity sh:Warning" // a document may say it all the same
	for _, p := range predicates {
		name := t.own(string(p.Predicate))
		t.node(name+"SubjectShape", "a sh:NodeShape", "sh:targetSubjectsOf "+name, odd, ofClass(p.Subjects))
		object := ofClass(p.Objects)
		if slices.Contains(p.Objects, Literal) {
			object = "sh:nodeKind sh:Literal"
		}
		t.node(name+"ObjectShape", "a sh:NodeShape", "sh:targetObjectsOf "+name, odd, object)
	}
	integer := func(name, least string) string {
		return shape(t.own(name), one, "sh:datatype xsd:integer", "sh:minInclusive "+least)
	}
	text := func(name string) string { return shape(t.own(name), "sh:maxCount 1", "sh:datatype xsd:string") }
	t.node(t.own("PassageShape"), "a sh:NodeShape", "sh:targetClass "+t.own(PassageClass),
		shape(t.own("inDocument"), one, "sh:class "+t.own(DocumentClass)),
		integer("start", "0"), integer("end", "1"), integer("line", "1"),
		shape(t.own("quote"), one, "sh:datatype xsd:string"),
		shape(t.own("start"), "sh:lessThan "+t.own("end")))
	t.node(t.own("DocumentShape"), "a sh:NodeShape", "sh:targetClass "+t.own(DocumentClass),
		shape("dcterms:identifier", one, "sh:datatype xsd:string"),
		shape("dcterms:title", "sh:maxCount 1", "sh:datatype xsd:string"),
		shape("dcterms:date", "sh:maxCount 1", when),
		shape(t.own("hash"), one, `sh:pattern "^[0-9a-f]{64}$"`),
		shape(t.own("duplicateOf"), "sh:maxCount 1", "sh:class "+t.own(DocumentClass)),
		shape(t.own("nearDuplicateOf"), "sh:maxCount 1", "sh:class "+t.own(DocumentClass)),
		shape("dcterms:publisher", "sh:maxCount 1", "sh:datatype xsd:string"),
		integer("facts", "0"),
		shape(t.own("body"), "sh:maxCount 1", "sh:datatype xsd:integer", "sh:minInclusive 1"),
		text("text"), text("path"), text("country"), text("extractor"))
	t.node(t.own("NameShape"), "a sh:NodeShape", "sh:targetSubjectsOf "+t.own("foldedName"),
		shape("rdf:type", "sh:minCount 1"), named, shape(t.own("foldedName"), "sh:datatype xsd:string"), shape(t.own("properName"), "sh:datatype xsd:string"))
	t.node(t.own("LabelShape"), "a sh:NodeShape", "sh:targetClass skosxl:Label",
		shape("skosxl:literalForm", one, "sh:nodeKind sh:Literal"),
		shape(t.own("usedBy"), "sh:maxCount 1", "sh:nodeKind sh:IRI"), text("nameKind"))
	// What is known of entities apart from facts.
	var targets, identity []string
	for _, p := range properties {
		if p.Name == "foldedName" || p.Name == "properName" || !slices.Contains(p.Domain, string(Thing)) && !slices.Contains(p.Domain, string(State)) {
			continue
		}
		var constraints []string
		if !p.Many {
			constraints = append(constraints, "sh:maxCount 1")
		}
		switch {
		case p.Range == RDFS+"Literal":
			constraints = append(constraints, when)
		case strings.HasPrefix(p.Range, XSD):
			constraints = append(constraints, "sh:datatype "+t.iri(p.Range))
		default:
			constraints = append(constraints, "sh:nodeKind sh:IRI")
		}
		targets = append(targets, t.own(p.Name))
		identity = append(identity, shape(t.own(p.Name), constraints...))
	}
	for _, c := range []string{"geo:lat", "geo:long"} {
		targets = append(targets, c)
		identity = append(identity, shape(c, "sh:maxCount 1", "sh:minInclusive -180", "sh:maxInclusive 180"))
	}
	t.node(t.own("IdentityShape"), append([]string{"a sh:NodeShape", "sh:targetSubjectsOf " + strings.Join(targets, ", ")}, identity...)...)
	return []byte(t.String())
}

// Reference returns the schema as a page of Markdown.
func Reference() []byte {
	var b strings.Builder
	names := func(classes []Class) string {
		var out []string
		for _, c := range classes {
			out = append(out, string(c))
		}
		return strings.Join(out, ", ")
	}
	fmt.Fprintf(&b, `# The schema

This page is generated from the tables in package `+"`schema`"+`; do not edit it.
Its terms live under <%s> (prefix `+"`dm:`"+`), entities under <%s>.
The same as RDFS and OWL: [vocabulary.ttl](../schema/vocabulary.ttl); as SHACL shapes: [shapes.ttl](../schema/shapes.ttl);
as a JSON-LD context: [context.jsonld](../schema/context.jsonld).

`+"`demarc validate`"+` checks a graph, or RDF files of other tools, by these shapes or by others. What demarc stores itself has no
violations of them. A warning is about what a document says: that something claims which is no state, say. The validator reads
node by node from the indexes (a million quads in 4 seconds of processor time and 180 MB); it knows the core of SHACL with paths
of predicates, inverses, sequences and alternatives, and refuses shapes that ask for more.

## Classes of entities

| class | kind of | what it is |
| --- | --- | --- |
`, VocabularyIRI, EntityBase)
	for _, c := range classes {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Class, c.Parent, c.Comment)
	}
	b.WriteString("\n## Predicates of facts\n\n`↔` marks predicates that hold in both directions at once.\n\n| predicate | subject → object | qualifiers | says |\n| --- | --- | --- | --- |\n")
	for _, p := range predicates {
		arrow := "→"
		if p.Symmetric {
			arrow = "↔"
		}
		var roles []string
		for _, r := range p.Roles {
			roles = append(roles, "`"+string(r)+"`")
		}
		fmt.Fprintf(&b, "| `%s` | %s %s %s | %s | %s |\n", p.Predicate, names(p.Subjects), arrow, names(p.Objects), strings.Join(roles, " "), p.Comment)
	}
	b.WriteString(`
## How a fact stands in the graph

Every quad is labelled by the document it comes from. A fact that the document asserts itself and does not deny stands as a plain
triple (` + "`state:japan dm:claims territory:shikotan`" + `), in both directions where the predicate is symmetric. Every fact,
asserted or not, also has a statement node, ` + "`dm:Fact`" + `, whose IRI is a hash of what it says: ` + "`rdf:subject`, `rdf:predicate`, `rdf:object`" + `,
polarity, modality, ` + "`prov:wasAttributedTo`" + ` where somebody else says so, dates, qualifiers, rule and confidence, and
` + "`prov:wasDerivedFrom`" + ` the passages that prove it. The same fact from two documents is one node with two passages. The sides of a
symmetric fact stand in the order of their IRIs.

Dates are ` + "`xsd:date`, `xsd:gYearMonth` or `xsd:gYear`" + ` where these can hold them, else ` + "`dm:edtf`" + `. Names are
` + "`skos:prefLabel`" + ` and ` + "`skos:altLabel`" + `; ` + "`dm:foldedName`" + ` is what look-ups compare, ` + "`dm:properName`" + ` the same for names that are more than common nouns. What demarc itself knows of
the entities that occur is labelled ` + "`" + Namespace{}.Gazetteer() + "`" + `: who they are, never who claims or holds what.

| modality | |
| --- | --- |
`)
	for _, m := range []struct {
		m    Modality
		says string
	}{
		{Asserted, "it is so"}, {Promised, "somebody has promised it"}, {Conditional, "it will be so on a condition"},
		{Planned, "it is intended or due"}, {Alleged, "it is said to be so, by whom is not"},
	} {
		fmt.Fprintf(&b, "| `%s` | %s |\n", m.m, m.says)
	}
	b.WriteString("\n## Properties of the graph's own nodes\n\n| property | of | value | what it is |\n| --- | --- | --- | --- |\n")
	for _, p := range properties {
		fmt.Fprintf(&b, "| `dm:%s` | %s | `%s` | %s |\n", p.Name, strings.Join(p.Domain, ", "), Compact(p.Range, Prefixes()), p.Comment)
	}
	return []byte(b.String())
}
