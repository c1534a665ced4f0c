// title: Papers that stand alone
// description: Listed papers without a near paper and without a link to another, in either direction.
// parameter limit (int, default 50), e.g. 20: Most rows
MATCH (p:Paper)
WHERE p.listed AND NOT EXISTS { MATCH (p)-[:SIMILAR_TO|BUILDS_ON|CITES]-(q:Paper) }
RETURN p.title_plain AS paper, p.year AS year, p.kind AS kind, p.id AS id
ORDER BY id
LIMIT $limit
