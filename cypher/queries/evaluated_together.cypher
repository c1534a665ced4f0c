// title: Benchmarks used together with one
// description: On what else the papers evaluated on a benchmark are evaluated.
// parameter benchmark (concept), e.g. GSM8K: The benchmark
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (a:Concept {id: $benchmark})<-[:EVALUATES_ON]-(p:Paper)-[:EVALUATES_ON]->(b:Concept)
WHERE b.id <> $benchmark
WITH b, count(DISTINCT p.id) AS papers
RETURN b.name AS benchmark, papers, b.paper_count AS papers_in_all, b.id AS id
ORDER BY papers DESC, id
LIMIT $limit
