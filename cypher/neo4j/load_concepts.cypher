// Concepts of one type, which is their second label: created, or made equal to the row.
UNWIND $rows AS row
MERGE (n:Papergraph {uid: row.uid})
REMOVE n:Method:Model:Benchmark:Task
SET n = row, n:Concept, n:{{label}};
