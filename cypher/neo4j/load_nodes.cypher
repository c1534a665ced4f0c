// Papers or listings: created, or made equal to the row.
UNWIND $rows AS row
MERGE (n:Papergraph {uid: row.uid})
SET n = row, n:{{label}};
