// title: What a paper builds on
// description: Papers that it builds on, directly or through others, the nearest first.
// parameter paper (paper), e.g. TinyBERT: Distilling BERT for Natural Language Understanding: The paper
// parameter depth (hops, default 3), e.g. 2: Most steps
MATCH path = (p:Paper {id: $paper})-[:BUILDS_ON*1..{{depth}}]->(q:Paper)
WHERE q.id <> $paper
RETURN q.title_plain AS paper, q.year AS year, q.listed AS listed, min(length(path)) AS steps, q.id AS id
ORDER BY steps, id
