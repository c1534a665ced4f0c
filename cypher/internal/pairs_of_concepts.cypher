// The papers that name concepts. Pairs only.
UNWIND $concepts AS concept
MATCH (c:Concept {id: concept})<-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
RETURN DISTINCT p.id AS paper, c.id AS concept
ORDER BY paper, concept
