// The dimension of the vector index that is there.
SHOW VECTOR INDEXES YIELD name, options WHERE name = 'papergraph_embedding'
RETURN options.indexConfig['vector.dimensions'] AS dimension;
