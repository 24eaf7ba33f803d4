package ask

import (
	"fmt"
	"strings"

	"github.com/demarcgraph/demarc/schema"
)

// SPARQL returns the plan as a query over the graph's statement nodes. It
// selects what the facts say; what passages must also name is left to the
// engine. Names stand as IRIs or as quoted literals, never as query text.
func (p *Plan) SPARQL(ns schema.Namespace) string {
	var b strings.Builder
	fmt.Fprintf(&b, "PREFIX dm: <%s>\nPREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n", schema.VocabularyIRI)
	switch {
	case p.Events != nil:
		b.WriteString("SELECT DISTINCT ?f ?time WHERE {\n")
	case p.Kind == YesNo:
		b.WriteString("ASK {\n")
	case p.Kind == Date:
		b.WriteString("SELECT DISTINCT ?time WHERE {\n")
	case p.Kind == Number && p.Want.Unit == "":
		b.WriteString("SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {\n")
	default:
		b.WriteString("SELECT DISTINCT ?x WHERE {\n")
	}
	n := 0
	if p.Events != nil {
		p.Events.sparql(&b, ns)
	}
	for _, pat := range p.Patterns {
		if pat.Except {
			b.WriteString("  MINUS {\n")
		}
		for i := range pat.Atoms {
			if i > 0 {
				b.WriteString("  UNION\n")
			}
			open, indent := "", "  "
			if len(pat.Atoms) > 1 {
				b.WriteString("  {\n")
				open, indent = "  }\n", "    "
			}
			pat.Atoms[i].sparql(&b, ns, indent, &n, p)
			b.WriteString(open)
		}
		if pat.Except {
			b.WriteString("  }\n")
		}
	}
	b.WriteString("}\n")
	return b.String()
}

func (a *Atom) sparql(b *strings.Builder, ns schema.Namespace, indent string, n *int, p *Plan) {
	*n++
	st := fmt.Sprintf("?f%d", *n)
	line := func(format string, args ...any) { fmt.Fprintf(b, indent+format+"\n", args...) }
	line("%s rdf:predicate dm:%s .", st, a.Predicate)
	slot := func(role string, t *Term) {
		switch {
		case t.Var:
			line("%s %s ?x .", st, role)
			if t.Class != "" && t.Class != schema.Literal {
				line("?x rdf:type/rdfs:subClassOf* dm:%s .", t.Class)
			}
			if t.Region != "" {
				line("# ?x lies in %s", t.Region)
			}
			if len(t.Names) > 0 { // one of several
				line("VALUES ?x { %s }", values(t, ns))
			}
		case t.Exact != "":
			line("%s %s %s .", st, role, literal(t.Exact))
		case len(t.Besides) > 0:
			*n++
			line("%s %s ?v%d .", st, role, *n)
			line("FILTER (?v%d NOT IN (%s))", *n, strings.ReplaceAll(values(&Term{Names: t.Besides}, ns), "> <", ">, <"))
		case t.Sub != nil && len(t.Names) == 0:
			line("# its %s is in: %s", role, t.Sub)
		case len(t.Names) > 0:
			*n++
			line("VALUES ?v%d { %s }", *n, values(t, ns))
			line("%s %s ?v%d .", st, role, *n)
		}
	}
	if a.Predicate.Symmetric() {
		line("# either side may be the subject")
	}
	slot("rdf:subject", &a.Subject)
	slot("rdf:object", &a.Object)
	for i := range a.Qualifiers {
		slot("dm:"+string(a.Qualifiers[i].Role), &a.Qualifiers[i].Term)
	}
	if p.Kind != YesNo {
		line("%s dm:polarity %t .", st, !a.Negated)
	}
	if p.Kind == Date {
		line("%s dm:%s ?time .", st, p.Want.Time)
	}
	for _, w := range a.When {
		line("# %s", w)
	}
}

// values returns the IRIs of the entities that a term's names may stand for, or the
// names where they stand for none.
func values(t *Term, ns schema.Namespace) string {
	var vals []string
	for _, name := range t.Names {
		if t.Class == schema.Literal || len(name.Entities) == 0 {
			vals = append(vals, literal(name.Text))
			continue
		}
		for _, e := range name.Entities {
			vals = append(vals, "<"+ns.Entity(e.ID)+">")
		}
	}
	return strings.Join(vals, " ")
}

func (e *Events) sparql(b *strings.Builder, ns schema.Namespace) {
	for i, name := range e.Names {
		fmt.Fprintf(b, "  VALUES ?v%d { %s }\n  ?f ?slot%d ?v%d .\n", i+1, values(&Term{Names: []Name{name}}, ns), i+1, i+1)
	}
	b.WriteString("  ?f rdf:predicate ?p ; dm:date|dm:since|dm:until ?time .\n")
	for _, w := range e.When {
		fmt.Fprintf(b, "  # %s\n", w)
	}
}

// literal quotes a string for SPARQL; nothing in it can end the quotes.
func literal(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
