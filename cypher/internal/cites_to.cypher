// What cites papers. CITES edges that enter the papers.
UNWIND $papers AS paper
MATCH (a:Paper)-[r:CITES]->(b:Paper {id: paper})
RETURN a.id AS source, b.id AS target
ORDER BY source, target
