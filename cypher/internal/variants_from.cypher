// What concepts are variants of. VARIANT_OF edges that leave the concepts; source is a variant of target.
UNWIND $concepts AS concept
MATCH (a:Concept {id: concept})-[r:VARIANT_OF]->(b:Concept)
RETURN a.id AS source, a.name AS source_name, b.id AS target, b.name AS target_name, r.evidence AS evidence
ORDER BY source, target
