// Removes nodes with their relationships.
UNWIND $ids AS id
MATCH (n:Papergraph {uid: id})
DETACH DELETE n;
