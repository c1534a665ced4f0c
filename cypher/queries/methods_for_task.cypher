// title: Methods and models for a task
// description: What papers on the task introduce, build on or use, the most frequent first.
// parameter task (concept), e.g. question answering: The task (or benchmark)
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (t:Concept {id: $task})<-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
MATCH (p)-[r:INTRODUCES|EXTENDS|USES]->(c:Concept)
WHERE c.type IN ['Method', 'Model'] AND c.id <> $task
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.type AS type, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit
