// title: Alike, yet nothing in common
// description: Near papers that share no concept and of which neither builds on the other: what one of them may have overlooked.
// parameter score (number, default 0.5), e.g. 0.5: Least score
// parameter limit (int, default 50), e.g. 20: Most rows
MATCH (a:Paper)-[r:SIMILAR_TO]->(b:Paper)
WHERE r.score >= $score AND size(r.shared) = 0
  AND NOT EXISTS { MATCH (a)-[:BUILDS_ON]-(b) }
RETURN a.title_plain AS paper, b.title_plain AS similar, r.score AS score, r.mutual AS mutual, a.id AS id, b.id AS similar_id
ORDER BY score DESC, id, similar_id
LIMIT $limit
