// title: Papers of a concept that give code or data
// description: Those whose text holds an address.
// parameter concept (concept), e.g. question answering: The concept
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE size(p.urls) > 0
RETURN DISTINCT p.title_plain AS paper, p.year AS year, p.urls AS urls, p.id AS id
ORDER BY id
