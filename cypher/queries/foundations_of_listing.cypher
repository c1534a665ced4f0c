// title: What a listing stands on
// description: Concepts that the papers of a listing extend or use, with the paper that first introduced each, where it is known.
// parameter listing (listing), e.g. lineage: The listing
// parameter limit (int, default 25), e.g. 10: Most rows
MATCH (l:Listing {id: $listing})-[:LISTS]->(p:Paper)-[r:EXTENDS|USES]->(c:Concept)
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.type AS type, papers, c.origin_title AS origin, c.origin_year AS year, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit
