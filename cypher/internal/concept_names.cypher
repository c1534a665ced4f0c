// Names of all concepts. With aliases and counts, the most named first.
MATCH (c:Concept)
RETURN c.id AS id, c.name AS name, c.aliases AS aliases, c.type AS type, c.paper_count AS paper_count
ORDER BY paper_count DESC, id
