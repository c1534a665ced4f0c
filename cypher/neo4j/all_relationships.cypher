// Every relationship of one type between nodes of ours; what the tables no longer hold is pruned.
MATCH (a:Papergraph)-[r:{{type}}]->(b:Papergraph)
RETURN elementId(r) AS id, a.uid AS from, b.uid AS to, r.rank AS rank;
