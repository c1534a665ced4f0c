// Who introduces what. All INTRODUCES edges, without evidence.
MATCH (p:Paper)-[:INTRODUCES]->(c:Concept)
RETURN p.id AS paper, c.id AS concept
ORDER BY concept, paper
