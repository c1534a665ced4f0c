// What papers name. One row a paper, concept and role. `named` and `named_type` are as in the paper, `name` and `type` the concept's.
UNWIND $papers AS paper
MATCH (p:Paper {id: paper})-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
RETURN p.id AS paper, c.id AS concept, r.role AS role, type(r) AS rel, c.name AS name, c.type AS type,
       c.paper_count AS paper_count, r.name AS named, r.type AS named_type, r.confidence AS confidence,
       r.evidence AS evidence, r.evidence_at AS evidence_at, r.spans AS spans
ORDER BY paper, concept, role
