// Removes the vector index, before one of another dimension.
DROP INDEX papergraph_embedding IF EXISTS;
