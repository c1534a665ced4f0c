// What a loader does that sends a statement a row: nodes.
MERGE (n:Papergraph {uid: $row.uid})
SET n = $row;
// ... and relationships.
MATCH (a:Papergraph {uid: $row.from})
MATCH (b:Papergraph {uid: $row.to})
MERGE (a)-[r:USES]->(b)
SET r = $row.properties;
