// title: Results claimed on a benchmark
// description: Papers that are evaluated on it and the sentences in which they state results in figures.
// parameter benchmark (concept), e.g. GSM8K: The benchmark
MATCH (p:Paper)-[r:EVALUATES_ON]->(c:Concept {id: $benchmark})
WHERE size(p.claims) > 0
RETURN p.title_plain AS paper, p.year AS year, p.claims AS claims, p.id AS id
ORDER BY year, id
