// title: A concept and its variants
// description: Versions, sizes and named variants of a concept, with the number of papers that name each.
// parameter concept (concept), e.g. BERT: The concept
MATCH (v:Concept)-[r:VARIANT_OF]->(c:Concept {id: $concept})
RETURN v.name AS variant, v.type AS type, v.paper_count AS papers, r.evidence AS evidence, v.id AS id
ORDER BY papers DESC, id
