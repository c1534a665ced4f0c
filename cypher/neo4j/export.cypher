// What `papergraph export cypher` writes: the first statement once, then one a node and one a relationship.
CREATE CONSTRAINT papergraph_uid IF NOT EXISTS FOR (n:Papergraph) REQUIRE n.uid IS UNIQUE;

MERGE (n:Papergraph {uid: {{uid}}}) SET n = {{properties}}, n:{{labels}};

MATCH (a:Papergraph {uid: {{source}}}), (b:Papergraph {uid: {{target}}}) CREATE (a)-[:{{type}} {{properties}}]->(b);
