// All VARIANT_OF edges. Source is a variant of target.
MATCH (a:Concept)-[r:VARIANT_OF]->(b:Concept)
RETURN a.id AS source, b.id AS target, r.evidence AS evidence
ORDER BY source, target
