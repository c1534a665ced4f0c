// title: Papers like one
// description: Its nearest papers by text, whether the nearness is mutual, and what they share.
// parameter paper (paper), e.g. BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding: The paper
MATCH (p:Paper {id: $paper})-[r:SIMILAR_TO]->(q:Paper)
RETURN r.rank AS rank, q.title_plain AS paper, r.score AS score, r.mutual AS mutual, r.shared AS shared, q.id AS id
ORDER BY rank, id
