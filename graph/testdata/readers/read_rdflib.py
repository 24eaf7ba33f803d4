"""Prints as N-Quads what rdflib reads in a file of the given format."""
import logging
import sys

import rdflib

rdflib.NORMALIZE_LITERALS = False  # literals stay as they are written
logging.disable(logging.WARNING)

file, format = sys.argv[1:]
default = rdflib.URIRef("urn:x-default")
dataset = rdflib.ConjunctiveGraph()
dataset.parse(file, format=format, publicID=default)


def line(s, p, o, graph):
    # rdflib names the default graph by the document or by a blank node.
    name = "" if graph in (None, default, dataset.default_context.identifier) else graph.n3() + " "
    return f"{s.n3()} {p.n3()} {literal(o)} {name}.\n"


def literal(term):
    if not isinstance(term, rdflib.Literal):
        return term.n3()
    # n3() writes line breaks as they are, between triple quotes.
    text = "".join(rf"\u{ord(c):04X}" if c in '"\\' or ord(c) < 32 else c for c in term)
    if term.language:
        return f'"{text}"@{term.language}'
    if term.datatype:
        return f'"{text}"^^{term.datatype.n3()}'
    return f'"{text}"'


for s, p, o, context in dataset.quads():
    graph = getattr(context, "identifier", context)
    sys.stdout.buffer.write(line(s, p, o, graph).encode())
