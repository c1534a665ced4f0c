// All papers, briefly. What a table or a picture shows of a paper.
MATCH (p:Paper)
RETURN p.id AS id, p.title AS title, p.title_plain AS title_plain, p.short AS short, p.kind AS kind, p.year AS year,
       p.date AS date, p.venue AS venue, p.listed AS listed
ORDER BY id
