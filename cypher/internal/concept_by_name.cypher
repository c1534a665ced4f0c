// The concept that a text names: by id, name or alias, in any case; the best match first.
WITH toLower($name) AS wanted
MATCH (c:Concept)
WHERE c.id = $name OR toLower(c.name) = wanted OR any(alias IN c.aliases WHERE toLower(alias) = wanted)
RETURN c.id AS id, c.name AS name,
       CASE WHEN c.id = $name THEN 0 WHEN toLower(c.name) = wanted THEN 1 ELSE 2 END AS rank,
       c.paper_count AS paper_count
ORDER BY rank, paper_count DESC, id
