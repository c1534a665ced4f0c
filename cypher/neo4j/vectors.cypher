// Embeddings of the listed papers.
MATCH (p:Papergraph&Paper) WHERE p.embedding IS NOT NULL
RETURN p.id AS id, p.embedding AS embedding
ORDER BY id;
