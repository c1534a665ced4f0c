// title: The most connected concepts
// description: By the number of papers that name them, with how many introduce, build on and are evaluated on each.
// parameter types (types, default all), e.g. Benchmark: Only these types
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (c:Concept)
WHERE c.type IN $types
OPTIONAL MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c)
WITH c, sum(CASE WHEN r.role = 'introduces' THEN 1 ELSE 0 END) AS introduce,
     sum(CASE WHEN r.role = 'builds_on' THEN 1 ELSE 0 END) AS build_on,
     sum(CASE WHEN r.role = 'evaluates_on' THEN 1 ELSE 0 END) AS evaluate_on
RETURN c.name AS concept, c.type AS type, c.paper_count AS papers, introduce, build_on, evaluate_on, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit
