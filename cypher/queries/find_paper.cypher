// title: Find a paper
// description: Papers whose title or abstract holds a text, with their ids.
// parameter text (text), e.g. distill: Part of the title or abstract
// parameter limit (int, default 25), e.g. 10: Most rows
WITH toLower($text) AS wanted
MATCH (p:Paper)
WHERE toLower(p.title_plain) CONTAINS wanted OR toLower(p.abstract) CONTAINS wanted
RETURN p.title_plain AS paper, p.year AS year, p.kind AS kind, p.id AS id,
       CASE WHEN toLower(p.title_plain) CONTAINS wanted THEN 0 ELSE 1 END AS rank
ORDER BY rank, id
LIMIT $limit
