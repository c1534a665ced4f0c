// title: What a paper is about
// description: The concepts that a paper names, with its role for each and how many papers name it.
// parameter paper (paper), e.g. TinyBERT: Distilling BERT for Natural Language Understanding: The paper
MATCH (p:Paper {id: $paper})-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
RETURN c.name AS concept, c.type AS type, r.role AS role, r.confidence AS confidence, c.paper_count AS papers, c.id AS id
ORDER BY role, confidence DESC, id
