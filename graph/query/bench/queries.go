package main

// filmBase is what the relative IRIs of the film data are made absolute with.
const filmBase = "http://example.org/"

const filmPrefix = `PREFIX f: <http://example.org/film/film/> PREFIX p: <http://example.org/film/performance/> PREFIX n: <http://example.org/>
`

var filmQueries = []question{
	{"name look-up", filmPrefix + `SELECT ?who { ?who n:name "Humphrey Bogart" }`,
		`g.V("Humphrey Bogart").in("<http://example.org/name>").all()`},
	{"films with two actors", filmPrefix + `SELECT DISTINCT ?film {
			?a n:name "Oliver Hardy" . ?b n:name "Billy Gilbert" .
			?film f:starring ?x, ?y . ?x p:actor ?a . ?y p:actor ?b }`,
		films2 + `films("Oliver Hardy").intersect(films("Billy Gilbert")).unique().all()`},
	{"co-actors", filmPrefix + `SELECT DISTINCT ?other {
			?a n:name "Oliver Hardy" . ?x p:actor ?a . ?film f:starring ?x, ?y . ?y p:actor ?other }`,
		films2 + `films("Oliver Hardy").out("<http://example.org/film/film/starring>").out("<http://example.org/film/performance/actor>").unique().all()`},
	{"common co-actors", filmPrefix + `SELECT DISTINCT ?other {
			?a n:name "Oliver Hardy" . ?x p:actor ?a . ?film f:starring ?x, ?y . ?y p:actor ?other .
			?b n:name "Mel Blanc" . ?z p:actor ?b . ?film2 f:starring ?z, ?w . ?w p:actor ?other }`,
		films2 + `function co(name) { return films(name).out("<http://example.org/film/film/starring>").out("<http://example.org/film/performance/actor>") }
			co("Oliver Hardy").intersect(co("Mel Blanc")).unique().all()`},
}

const films2 = `function films(name) {
	return g.V(name).in("<http://example.org/name>").in("<http://example.org/film/performance/actor>").in("<http://example.org/film/film/starring>") }
`

const demarcPrefix = `PREFIX dm: <https://w3id.org/demarc/schema#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX state: <https://w3id.org/demarc/id/state/> PREFIX territory: <https://w3id.org/demarc/id/territory/>
`

const demarcGizmo = `var dm = function(name) { return "<https://w3id.org/demarc/schema#" + name + ">" }
var id = function(name) { return "<https://w3id.org/demarc/id/" + name + ">" }
var rdf = function(name) { return "<http://www.w3.org/1999/02/22-rdf-syntax-ns#" + name + ">" }
var derived = "<http://www.w3.org/ns/prov#wasDerivedFrom>"
`

var demarcQueries = []question{
	{"who claims a territory", demarcPrefix + `SELECT DISTINCT ?who { ?who dm:claims territory:spratly-islands-7 }`,
		demarcGizmo + `g.V(id("territory/spratly-islands-7")).in(dm("claims")).unique().all()`},
	{"facts of a territory, and their proof", demarcPrefix + `SELECT DISTINCT ?fact ?who ?what ?quote {
			?fact rdf:object territory:spratly-islands-7 ; rdf:subject ?who ; rdf:predicate ?what ; prov:wasDerivedFrom ?passage .
			?passage dm:quote ?quote }`,
		demarcGizmo + `g.V(id("territory/spratly-islands-7")).in(rdf("object")).as("fact").out(rdf("subject")).as("who").back("fact")
			.out(rdf("predicate")).as("what").back("fact").out(derived).out(dm("quote")).all()`},
	{"rival claims", demarcPrefix + `SELECT DISTINCT ?a ?b ?territory {
			?a dm:claims ?territory . ?b dm:claims ?territory FILTER(STR(?a) < STR(?b)) }`, ""},
	{"claimed by one, held by another", demarcPrefix + `SELECT DISTINCT ?a ?territory ?b {
			?a dm:claims ?territory . ?b dm:administers ?territory FILTER(?a != ?b) }`, ""},
	{"held since before 1950", demarcPrefix + `SELECT DISTINCT ?fact ?who ?territory ?since {
			?fact rdf:predicate dm:administers ; dm:since ?since ; rdf:subject ?who ; rdf:object ?territory
			FILTER(STR(?since) < "1950") }`, ""},
	{"the most claimed territories", demarcPrefix + `SELECT ?territory (COUNT(DISTINCT ?who) AS ?n) {
			?who dm:claims ?territory } GROUP BY ?territory ORDER BY DESC(?n) ?territory LIMIT 10`, ""},
	{"documents that two states occur in", demarcPrefix + `SELECT DISTINCT ?doc {
			?f rdf:subject state:japan ; prov:wasDerivedFrom/dm:inDocument ?doc .
			?g rdf:subject state:china ; prov:wasDerivedFrom/dm:inDocument ?doc }`,
		demarcGizmo + `function docs(s) { return g.V(id(s)).in(rdf("subject")).out(derived).out(dm("inDocument")) }
			docs("state/japan").intersect(docs("state/china")).unique().all()`},
	{"claims on what a treaty of two states covers", demarcPrefix + `SELECT DISTINCT ?a ?b ?territory {
			?a dm:partyTo ?treaty . ?b dm:partyTo ?treaty . ?treaty dm:covers ?territory . ?a dm:claims ?territory FILTER(?a != ?b) }`, ""},
	{"claimed but not held", demarcPrefix + `SELECT DISTINCT ?who ?territory {
			?who dm:claims ?territory FILTER NOT EXISTS { ?who dm:administers ?territory } }`, ""},
	{"a state's disputes, and theirs, on and on", demarcPrefix + `SELECT DISTINCT ?other { state:japan dm:disputes+ ?other }`,
		demarcGizmo + `g.V(id("state/japan")).followRecursive(g.M().out(dm("disputes"))).unique().all()`},
}
