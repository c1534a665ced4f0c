// Variants of concepts. VARIANT_OF edges that enter the concepts; source is a variant of target.
UNWIND $concepts AS concept
MATCH (a:Concept)-[r:VARIANT_OF]->(b:Concept {id: concept})
RETURN a.id AS source, a.name AS source_name, b.id AS target, b.name AS target_name, r.evidence AS evidence
ORDER BY source, target
