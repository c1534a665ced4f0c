// All papers. What names and the search index keep in memory.
MATCH (p:Paper)
RETURN p.id AS id, p.title AS title, p.title_plain AS title_plain, p.short AS short, p.abstract AS abstract,
       p.kind AS kind, p.year AS year, p.doi AS doi, p.arxiv_id AS arxiv_id, p.listed AS listed
ORDER BY id
