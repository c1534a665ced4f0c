// Removes relationships.
MATCH (:Papergraph)-[r]->(:Papergraph) WHERE elementId(r) IN $ids
DELETE r;
