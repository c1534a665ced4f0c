// Neighbours of papers. SIMILAR_TO edges that leave the papers; target is the rank-th neighbour of source.
UNWIND $papers AS paper
MATCH (a:Paper {id: paper})-[r:SIMILAR_TO]->(b:Paper)
RETURN a.id AS source, b.id AS target, r.score AS score, r.rank AS rank, r.mutual AS mutual, r.shared AS shared,
  r.problem AS problem, r.approach AS approach
ORDER BY source, rank, target
