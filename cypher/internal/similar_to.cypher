// The papers whose neighbours these are. SIMILAR_TO edges that enter the papers; target is the rank-th neighbour of source.
UNWIND $papers AS paper
MATCH (a:Paper)-[r:SIMILAR_TO]->(b:Paper {id: paper})
RETURN a.id AS source, b.id AS target, r.score AS score, r.rank AS rank, r.mutual AS mutual, r.shared AS shared,
  r.problem AS problem, r.approach AS approach
ORDER BY source, rank, target
