// How many BUILDS_ON edges are stated and how many inferred.
MATCH (:Paper)-[r:BUILDS_ON]->(:Paper)
RETURN r.basis AS basis, count(*) AS n
ORDER BY basis
