// title: The papers that most others build on
// description: Counted over direct links, stated and inferred apart; also papers that no listing holds.
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (a:Paper)-[r:BUILDS_ON]->(b:Paper)
WITH b, count(a.id) AS papers, sum(CASE WHEN r.basis = 'stated' THEN 1 ELSE 0 END) AS stated
RETURN b.title_plain AS paper, b.year AS year, b.listed AS listed, papers, stated, b.id AS id
ORDER BY papers DESC, stated DESC, id
LIMIT $limit
