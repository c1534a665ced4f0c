// All listings. With the number of papers that each holds.
MATCH (l:Listing)
OPTIONAL MATCH (l)-[r:LISTS]->(p:Paper)
WITH l, count(DISTINCT p.id) AS papers, count(r) AS entries
RETURN l.id AS id, l.name AS name, l.file AS file, l.added_at AS added_at, papers, entries
ORDER BY added_at, id
