// Names of all listings. For suggestions; `aliases` holds the file.
MATCH (l:Listing)
RETURN l.id AS id, l.name AS name, [l.file] AS aliases
ORDER BY id
