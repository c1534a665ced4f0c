// title: Concepts that a listing brought
// description: Concepts that papers of the listing name and no paper of an earlier one.
// parameter listing (listing), e.g. lineage: The listing
// parameter limit (int, default 50), e.g. 20: Most rows
MATCH (l:Listing {id: $listing})-[:LISTS]->(p:Paper)
MATCH (p)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
WHERE NOT EXISTS {
    MATCH (o:Listing)-[:LISTS]->(q:Paper)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c)
    WHERE o.added_at < l.added_at
  }
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.type AS type, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit
