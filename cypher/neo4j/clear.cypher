// Removes some nodes of ours; run until nothing is left.
MATCH (n:Papergraph)
WITH n LIMIT 2000
DETACH DELETE n
RETURN count(*) AS removed;
