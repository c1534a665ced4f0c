// The text of all papers. What a search index reads.
MATCH (p:Paper)
RETURN p.id AS id, p.title AS title, p.title_plain AS title_plain, p.short AS short, p.abstract AS abstract,
       p.authors AS authors, p.venue AS venue, p.year AS year, p.listed AS listed
ORDER BY id
