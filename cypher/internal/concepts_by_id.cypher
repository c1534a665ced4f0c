// Concepts, with all their properties. In the order of id; an id that the graph does not hold gives no row.
UNWIND $concepts AS concept
MATCH (c:Concept {id: concept})
RETURN c.id AS id, c.name AS name, c.aliases AS aliases, c.type AS type, c.paper_count AS paper_count,
       c.origin_title AS origin_title, c.origin_year AS origin_year, c.origin_arxiv_id AS origin_arxiv_id,
       c.origin_paper AS origin_paper
ORDER BY id
