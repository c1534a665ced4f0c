// title: Papers connected to a concept
// description: Every paper that introduces, builds on, is evaluated on, uses, compares with or mentions it, with the first
//   sentence that says so.
// parameter concept (concept), e.g. BERT: The method, model, benchmark or task
// parameter roles (roles, default all), e.g. builds_on,uses: Only these roles
// parameter limit (int, default 100), e.g. 20: Most rows
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE r.role IN $roles
RETURN p.title_plain AS paper, p.year AS year, r.role AS role, r.confidence AS confidence, r.evidence AS evidence, p.id AS id
ORDER BY role, confidence DESC, id
LIMIT $limit
