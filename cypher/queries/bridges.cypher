// title: Bridges between two lines of work
// description: Pairs of similar papers, one that names the first concept and one that names the second, neither both.
// parameter first (concept), e.g. knowledge distillation: One line
// parameter second (concept), e.g. RAG: The other
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (a:Concept {id: $first})<-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
MATCH (p)-[s:SIMILAR_TO]-(q:Paper)
MATCH (q)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(b:Concept {id: $second})
WHERE NOT EXISTS {
    MATCH (p)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(d:Concept) WHERE d.id = b.id
  } AND NOT EXISTS {
    MATCH (q)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(e:Concept) WHERE e.id = a.id
  }
RETURN p.title_plain AS of_first, q.title_plain AS of_second, max(s.score) AS score, p.id AS first_id, q.id AS second_id
ORDER BY score DESC, first_id, second_id
LIMIT $limit
