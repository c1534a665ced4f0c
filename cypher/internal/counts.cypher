// How many nodes and relationships of each kind. One row a label or relationship type, in the order of the graph model.
MATCH (n:Paper) RETURN 'Paper' AS name, count(n) AS count
UNION ALL MATCH (n:Concept) RETURN 'Concept' AS name, count(n) AS count
UNION ALL MATCH (n:Listing) RETURN 'Listing' AS name, count(n) AS count
UNION ALL MATCH (:Paper)-[r:INTRODUCES]->(:Concept) RETURN 'INTRODUCES' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:EXTENDS]->(:Concept) RETURN 'EXTENDS' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:EVALUATES_ON]->(:Concept) RETURN 'EVALUATES_ON' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:USES]->(:Concept) RETURN 'USES' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:COMPARES_WITH]->(:Concept) RETURN 'COMPARES_WITH' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:MENTIONS]->(:Concept) RETURN 'MENTIONS' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:BUILDS_ON]->(:Paper) RETURN 'BUILDS_ON' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:SIMILAR_TO]->(:Paper) RETURN 'SIMILAR_TO' AS name, count(r) AS count
UNION ALL MATCH (:Concept)-[r:VARIANT_OF]->(:Concept) RETURN 'VARIANT_OF' AS name, count(r) AS count
UNION ALL MATCH (:Listing)-[r:LISTS]->(:Paper) RETURN 'LISTS' AS name, count(r) AS count
UNION ALL MATCH (:Paper)-[r:CITES]->(:Paper) RETURN 'CITES' AS name, count(r) AS count
