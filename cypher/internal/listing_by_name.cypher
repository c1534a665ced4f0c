// The listing of a name. By id, or by name or file in any case; the best match first.
MATCH (l:Listing)
WHERE l.id = $name OR toLower(l.name) = toLower($name) OR toLower(l.file) = toLower($name)
RETURN l.id AS id, l.name AS name, CASE WHEN l.id = $name THEN 0 ELSE 1 END AS rank
ORDER BY rank, id
