// title: Papers on the same problem
// description: The papers whose background and objective are nearest to those of one, and whether their approach is near, too.
// parameter paper (paper), e.g. BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding: The paper
MATCH (p:Paper {id: $paper})-[r:ALIKE]->(q:Paper)
WHERE r.problem_rank IS NOT NULL
RETURN r.problem_rank AS rank, q.title_plain AS paper, r.problem AS problem, r.approach AS approach, q.id AS id
ORDER BY rank, id
