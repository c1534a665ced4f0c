// What papers cite. CITES edges that leave the papers.
UNWIND $papers AS paper
MATCH (a:Paper {id: paper})-[r:CITES]->(b:Paper)
RETURN a.id AS source, b.id AS target
ORDER BY source, target
