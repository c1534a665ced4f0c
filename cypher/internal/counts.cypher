// How many nodes and relationships of each kind. One row a label or relationship type, in the order of the graph model.
MATCH (n:Paper) WITH count(n) AS count RETURN 'Paper' AS name, count
UNION ALL MATCH (n:Concept) WITH count(n) AS count RETURN 'Concept' AS name, count
UNION ALL MATCH (n:Listing) WITH count(n) AS count RETURN 'Listing' AS name, count
UNION ALL MATCH (:Paper)-[r:INTRODUCES]->(:Concept) WITH count(r) AS count RETURN 'INTRODUCES' AS name, count
UNION ALL MATCH (:Paper)-[r:EXTENDS]->(:Concept) WITH count(r) AS count RETURN 'EXTENDS' AS name, count
UNION ALL MATCH (:Paper)-[r:EVALUATES_ON]->(:Concept) WITH count(r) AS count RETURN 'EVALUATES_ON' AS name, count
UNION ALL MATCH (:Paper)-[r:USES]->(:Concept) WITH count(r) AS count RETURN 'USES' AS name, count
UNION ALL MATCH (:Paper)-[r:COMPARES_WITH]->(:Concept) WITH count(r) AS count RETURN 'COMPARES_WITH' AS name, count
UNION ALL MATCH (:Paper)-[r:MENTIONS]->(:Concept) WITH count(r) AS count RETURN 'MENTIONS' AS name, count
UNION ALL MATCH (:Paper)-[r:BUILDS_ON]->(:Paper) WITH count(r) AS count RETURN 'BUILDS_ON' AS name, count
UNION ALL MATCH (:Paper)-[r:SIMILAR_TO]->(:Paper) WITH count(r) AS count RETURN 'SIMILAR_TO' AS name, count
UNION ALL MATCH (:Paper)-[r:ALIKE]->(:Paper) WITH count(r) AS count RETURN 'ALIKE' AS name, count
UNION ALL MATCH (:Concept)-[r:VARIANT_OF]->(:Concept) WITH count(r) AS count RETURN 'VARIANT_OF' AS name, count
UNION ALL MATCH (:Listing)-[r:LISTS]->(:Paper) WITH count(r) AS count RETURN 'LISTS' AS name, count
UNION ALL MATCH (:Paper)-[r:CITES]->(:Paper) WITH count(r) AS count RETURN 'CITES' AS name, count
