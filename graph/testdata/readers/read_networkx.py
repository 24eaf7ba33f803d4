"""Prints the facts that NetworkX reads in a file, one a line: name, label and
name, separated by tabs."""

import csv
import sys

import networkx
from networkx.readwrite.gexf import GEXF

path, form = sys.argv[1:3]

if form == "gexf":
    # NetworkX 2 does not know the namespace of GEXF 1.3 yet.
    GEXF.versions.setdefault("1.3", {
        "NS_GEXF": "http://gexf.net/1.3", "NS_VIZ": "http://gexf.net/1.3/viz",
        "NS_XSI": "http://www.w3.org/2001/XMLSchema-instance", "SCHEMALOCATION": "", "VERSION": "1.3"})
    graph = networkx.read_gexf(path, version="1.3")
    name = "label"
elif form == "csv":
    graph = networkx.MultiDiGraph()
    with open(path + ".nodes", newline="", encoding="utf-8") as nodes:
        for row in csv.DictReader(nodes):
            graph.add_node(row["Id"], **row)
    with open(path, newline="", encoding="utf-8") as edges:
        for row in csv.DictReader(edges):
            if row["predicate"] != "alsoKnownAs" or not row["Target"].startswith('"'):  # names are in the nodes' table
                graph.add_edge(row["Source"], row["Target"], label=row["Label"])
    name = "Label"
else:
    graph = networkx.read_graphml(path, force_multigraph=True)
    name = "label"

for s, t, data in graph.edges(data=True):
    print(*(" ".join(part.split()) for part in (graph.nodes[s][name], data["label"], graph.nodes[t][name])), sep="\t")
