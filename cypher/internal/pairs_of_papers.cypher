// The rare concepts that papers name. Pairs only; concepts that more than $most papers name are left out.
UNWIND $papers AS paper
MATCH (p:Paper {id: paper})-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
WHERE c.paper_count <= $most
RETURN DISTINCT p.id AS paper, c.id AS concept
ORDER BY paper, concept
