// title: What a concept goes along with
// description: Concepts that papers name together with it; share is the part of their papers that do, so that what everybody
//   names stands low.
// parameter concept (concept), e.g. knowledge distillation: The concept
// parameter types (types, default all), e.g. Model,Method: Only these types
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (a:Concept {id: $concept})<-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
MATCH (p)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(b:Concept)
WHERE b.id <> $concept AND b.type IN $types
WITH b, count(DISTINCT p.id) AS together
RETURN b.name AS concept, b.type AS type, together, b.paper_count AS papers, 1.0 * together / b.paper_count AS share, b.id AS id
ORDER BY together DESC, share DESC, id
LIMIT $limit
