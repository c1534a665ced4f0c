// title: Introduced here and taken up
// description: Concepts that one paper introduces and at least one other extends, uses or compares with.
// parameter limit (int, default 50), e.g. 10: Most rows
MATCH (a:Paper)-[:INTRODUCES]->(c:Concept)<-[r:EXTENDS|USES|COMPARES_WITH|EVALUATES_ON]-(b:Paper)
WHERE a.id <> b.id
WITH a, c, count(DISTINCT b.id) AS others
RETURN c.name AS concept, c.type AS type, a.title_plain AS introduced_by, a.year AS year, others, c.id AS id, a.id AS paper_id
ORDER BY others DESC, id, paper_id
LIMIT $limit
