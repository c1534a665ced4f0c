// title: What is compared on a benchmark
// description: Models and methods that papers evaluated on the benchmark compare themselves with.
// parameter benchmark (concept), e.g. GSM8K: The benchmark
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (b:Concept {id: $benchmark})<-[:EVALUATES_ON]-(p:Paper)-[r:COMPARES_WITH]->(c:Concept)
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS baseline, c.type AS type, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit
