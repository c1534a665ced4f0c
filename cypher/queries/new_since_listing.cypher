// title: New since a listing
// description: Papers of listings that were added after the given one, and that no listing up to it holds.
// parameter listing (listing), e.g. lineage: The listing
// parameter limit (int, default 200), e.g. 20: Most rows
MATCH (l:Listing {id: $listing})
MATCH (m:Listing)-[:LISTS]->(p:Paper)
WHERE m.added_at > l.added_at
  AND NOT EXISTS { MATCH (o:Listing)-[:LISTS]->(p) WHERE o.added_at <= l.added_at }
RETURN DISTINCT p.title_plain AS paper, m.name AS listing, p.year AS year, p.id AS id
ORDER BY listing, id
LIMIT $limit
