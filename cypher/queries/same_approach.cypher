// title: Papers with the same approach
// description: The papers whose method is described most like that of one, and whether their problem is near, too.
// parameter paper (paper), e.g. BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding: The paper
MATCH (p:Paper {id: $paper})-[r:ALIKE]->(q:Paper)
WHERE r.approach_rank IS NOT NULL
RETURN r.approach_rank AS rank, q.title_plain AS paper, r.approach AS approach, r.problem AS problem, q.id AS id
ORDER BY rank, id
