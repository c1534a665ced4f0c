// LISTS: one relationship an entry of the listing, told apart by its rank.
UNWIND $rows AS row
MATCH (a:Papergraph {uid: row.from})
MATCH (b:Papergraph {uid: row.to})
MERGE (a)-[r:{{type}} {rank: row.properties.rank}]->(b)
SET r = row.properties;
