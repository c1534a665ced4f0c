// Every node of ours but the meta node; what the tables no longer hold is pruned.
MATCH (n:Papergraph) WHERE n.uid <> 'meta'
RETURN n.uid AS uid;
