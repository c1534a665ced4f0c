// The graph is whole.
MATCH (m:PapergraphMeta {uid: 'meta'})
SET m.state = 'ready', m.position = null;
