// Ladybug orders only what is returned or cut, so the list is sorted.
MATCH (p:Paper)-[:EVALUATES_ON]->(c:Concept)
WHERE p.id IN $papers
WITH c, list_sort(collect(p.title_plain)) AS papers, count(p.id) AS evaluated
WHERE evaluated > 1
RETURN c.name AS benchmark, evaluated, papers, c.paper_count AS papers_in_all, c.id AS id
ORDER BY evaluated DESC, id
