// Edges between given papers, as a picture's "take away" shows them to paste elsewhere. One row an edge.
UNWIND $papers AS paper
MATCH (a:Paper {id: paper})-[r:BUILDS_ON|SIMILAR_TO|CITES]->(b:Paper)
WHERE b.id IN $papers
RETURN a.title AS paper, type(r) AS relation, b.title AS other, a.id AS paper_id, b.id AS other_id
ORDER BY paper_id, relation, other_id
