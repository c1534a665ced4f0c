// The papers of a listing. In the order of the file.
MATCH (l:Listing {id: $listing})-[r:LISTS]->(p:Paper)
RETURN p.id AS id, p.title AS title, p.title_plain AS title_plain, p.short AS short, p.kind AS kind, p.year AS year,
       r.rank AS rank, r.at AS at
ORDER BY rank, id
