// title: Same problem, another approach
// description: Papers near in problem whose approach is not among each other's nearest: other ways to the same end.
// parameter problem (number, default 0.3), e.g. 0.1: Least score of the problem
// parameter approach (number, default 0.2), e.g. 0.9: Most of the approach
// parameter limit (int, default 50), e.g. 20: Most rows
MATCH (a:Paper)-[r:ALIKE]->(b:Paper)
WHERE r.problem_rank IS NOT NULL AND r.approach_rank IS NULL AND r.problem >= $problem AND r.approach <= $approach
  AND NOT EXISTS { MATCH (b)-[s:ALIKE]->(a) WHERE s.approach_rank IS NOT NULL }
  AND (a.id < b.id OR NOT EXISTS { MATCH (b)-[s:ALIKE]->(a) WHERE s.problem_rank IS NOT NULL })
RETURN a.title_plain AS paper, b.title_plain AS other, r.problem AS problem, r.approach AS approach, a.id AS id, b.id AS other_id
ORDER BY problem DESC, id, other_id
LIMIT $limit
