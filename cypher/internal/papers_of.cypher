// The papers that name concepts. One row a concept, paper and role.
UNWIND $concepts AS concept
MATCH (c:Concept {id: concept})<-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
RETURN c.id AS concept, p.id AS paper, r.role AS role, type(r) AS rel, p.title AS title, p.title_plain AS title_plain,
       p.short AS short, p.kind AS kind, p.year AS year, p.listed AS listed, r.name AS named, r.type AS named_type,
       r.confidence AS confidence, r.evidence AS evidence, r.evidence_at AS evidence_at
ORDER BY concept, paper, role
