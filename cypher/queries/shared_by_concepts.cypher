// title: What two concepts share
// description: Papers that name both, with their role in each.
// parameter first (concept), e.g. BERT: One concept
// parameter second (concept), e.g. GLUE: The other
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(a:Concept {id: $first})
MATCH (p)-[s:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(b:Concept {id: $second})
RETURN p.title_plain AS paper, p.year AS year, r.role AS role_of_first, s.role AS role_of_second, p.id AS id
ORDER BY id, role_of_first, role_of_second
