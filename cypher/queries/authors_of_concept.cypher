// title: Who works on a concept
// description: Authors by the number of papers that name it; only where the input gives authors.
// parameter concept (concept), e.g. BERT: The concept
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (p:Paper)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WITH DISTINCT p
UNWIND p.authors AS author
RETURN author, count(p.id) AS papers
ORDER BY papers DESC, author
LIMIT $limit
