// Papers on the same problem or with the same approach. ALIKE edges that leave the papers; ..._back: the rank of the way back.
UNWIND $papers AS paper
MATCH (a:Paper {id: paper})-[r:ALIKE]->(b:Paper)
OPTIONAL MATCH (b)-[s:ALIKE]->(a)
RETURN a.id AS source, b.id AS target, r.problem AS problem, r.approach AS approach,
  r.problem_rank AS problem_rank, r.approach_rank AS approach_rank,
  s.problem_rank AS problem_back, s.approach_rank AS approach_back
ORDER BY source, target
