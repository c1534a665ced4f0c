// Relationships of one type, at most one a pair: created, or made equal to the row.
UNWIND $rows AS row
MATCH (a:Papergraph {uid: row.from})
MATCH (b:Papergraph {uid: row.to})
MERGE (a)-[r:{{type}}]->(b)
SET r = row.properties;
