// The vector index over Paper.embedding; $options holds the dimension.
CREATE VECTOR INDEX papergraph_embedding IF NOT EXISTS FOR (n:Papergraph) ON (n.embedding) OPTIONS $options;
