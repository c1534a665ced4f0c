// title: Find a concept
// description: Concepts whose name or an alias holds a text, with their ids.
// parameter text (text), e.g. bert: Part of the name
// parameter limit (int, default 25), e.g. 10: Most rows
WITH toLower($text) AS wanted
MATCH (c:Concept)
WHERE toLower(c.name) CONTAINS wanted OR any(alias IN c.aliases WHERE toLower(alias) CONTAINS wanted)
RETURN c.name AS concept, c.type AS type, c.aliases AS aliases, c.paper_count AS papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit
