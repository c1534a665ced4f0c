// title: What two papers share
// description: Concepts that both papers name, the rarest first.
// parameter first (paper), e.g. DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter: One paper
// parameter second (paper), e.g. TinyBERT: Distilling BERT for Natural Language Understanding: The other
MATCH (a:Paper {id: $first})-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
MATCH (b:Paper {id: $second})-[s:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c)
RETURN c.name AS concept, c.type AS type, r.role AS role_in_first, s.role AS role_in_second, c.paper_count AS papers,
       c.id AS id
ORDER BY papers, id, role_in_first, role_in_second
