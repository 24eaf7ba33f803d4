// Queries to begin with, from docs/query.md: a test keeps the two the same.

export interface Recipe {
  title: string;
  query: string;
}

export const cookbook: readonly Recipe[] = [
  { title: "Who claims what", query: "SELECT ?who ?what { ?who dm:claims ?what }" },
  {
    title: "Claims, who says so, and the proof",
    query: `SELECT ?who ?what ?says ?quote {
  ?fact a dm:Fact ; rdf:subject ?who ; rdf:predicate dm:claims ; rdf:object ?what ; prov:wasDerivedFrom/dm:quote ?quote .
  OPTIONAL { ?fact prov:wasAttributedTo ?says }
}`,
  },
  {
    title: "All that has a date, in its order",
    query: `SELECT DISTINCT ?fact ?subject ?predicate ?object WHERE {
  ?fact a dm:Fact ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .
  OPTIONAL { ?fact dm:date ?date } OPTIONAL { ?fact dm:since ?since } OPTIONAL { ?fact dm:until ?until }
  FILTER(BOUND(?date) || BOUND(?since) || BOUND(?until))
} ORDER BY STR(COALESCE(?date, ?since, ?until))`,
  },
  {
    title: "What a place is connected with",
    query: `SELECT ?neighbour (COUNT(DISTINCT ?fact) AS ?facts) (GROUP_CONCAT(DISTINCT ?predicate) AS ?predicates) {
  ?fact a dm:Fact ; rdf:predicate ?predicate ; ?a territory:shikotan ; ?b ?neighbour .
  ?neighbour skos:prefLabel ?name FILTER(?neighbour != territory:shikotan)
} GROUP BY ?neighbour ORDER BY DESC(?facts)`,
  },
  {
    title: "Documents that speak of a place",
    query: `SELECT ?document (COUNT(DISTINCT ?fact) AS ?facts) {
  ?fact a dm:Fact ; ?role territory:shikotan ; prov:wasDerivedFrom/dm:inDocument ?document
} GROUP BY ?document ORDER BY DESC(?facts)`,
  },
  {
    title: "Two administrators of one place",
    query: `SELECT ?territory ?fact1 ?fact2 {
  ?fact1 a dm:Fact ; rdf:predicate dm:administers ; rdf:subject ?a ; rdf:object ?territory ; dm:modality dm:asserted .
  ?fact2 a dm:Fact ; rdf:predicate dm:administers ; rdf:subject ?b ; rdf:object ?territory ; dm:modality dm:asserted .
  FILTER(STR(?a) < STR(?b))
  FILTER NOT EXISTS { ?fact1 dm:until ?ended1 }
  FILTER NOT EXISTS { ?fact2 dm:until ?ended2 }
  FILTER NOT EXISTS { ?fact1 dm:polarity dm:denied }
  FILTER NOT EXISTS { ?fact2 dm:polarity dm:denied }
  FILTER NOT EXISTS { ?fact1 prov:wasAttributedTo ?says1 }
  FILTER NOT EXISTS { ?fact2 prov:wasAttributedTo ?says2 }
}`,
  },
  {
    title: "Who claims it as part of a group",
    query: `SELECT DISTINCT ?who ?group {
  territory:shikotan (dm:partOf|dm:memberOf)+ ?group . ?who dm:claims ?group
}`,
  },
  {
    title: "Which names stand for one thing, and why",
    query: `SELECT ?one ?verdict ?other ?by ?reason {
  ?decision a dm:Decision ; dm:one ?one ; dm:other ?other ; dm:verdict ?verdict ; dm:rule ?by .
  OPTIONAL { ?decision dm:reason ?reason }
}`,
  },
];
