// title: Missing origins
// description: Well-known concepts that papers extend or use and whose first paper no listing holds: what to read or add.
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (p:Paper)-[:EXTENDS|USES]->(c:Concept)
WHERE c.origin_title IS NOT NULL AND p.listed
  AND NOT EXISTS { MATCH (o:Paper) WHERE o.id = c.origin_paper AND o.listed }
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.origin_title AS origin, c.origin_year AS year, c.origin_arxiv_id AS arxiv_id, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit
