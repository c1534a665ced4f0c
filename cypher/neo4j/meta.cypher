// The one node that says which graph the database holds and whether it is whole.
MATCH (m:PapergraphMeta {uid: 'meta'})
RETURN m.graph_id AS graph_id, m.generation AS generation, m.format_version AS format_version, m.embedder AS embedder,
       m.state AS state, m.position AS position;
