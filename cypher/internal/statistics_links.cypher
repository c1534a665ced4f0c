// How many BUILDS_ON edges are stated, inferred, or said by a reader.
MATCH (:Paper)-[r:BUILDS_ON]->(:Paper)
RETURN r.basis AS basis, count(*) AS n
ORDER BY basis
