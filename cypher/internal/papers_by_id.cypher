// Papers, with all their properties. In the order of id; an id that the graph does not hold gives no row.
UNWIND $papers AS paper
MATCH (p:Paper {id: paper})
RETURN p.id AS id, p.title AS title, p.title_plain AS title_plain, p.short AS short, p.abstract AS abstract,
       p.kind AS kind, p.gist AS gist, p.gist_at AS gist_at, p.claims AS claims, p.claims_at AS claims_at, p.urls AS urls,
       p.year AS year, p.date AS date, p.authors AS authors, p.venue AS venue, p.url AS url, p.doi AS doi,
       p.arxiv_id AS arxiv_id, p.refs AS refs, p.listed AS listed, p.sources AS sources
ORDER BY id
