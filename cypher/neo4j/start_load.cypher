// Marks the database as being loaded; readers say so meanwhile.
MERGE (m:Papergraph {uid: 'meta'})
SET m:PapergraphMeta, m = $meta;
