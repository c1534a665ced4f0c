// How many listed papers have a SIMILAR_TO edge, in either direction.
MATCH (a:Paper)-[:SIMILAR_TO]-(:Paper)
WHERE a.listed
RETURN count(DISTINCT a.id) AS n
