// title: Surveys, resources and other kinds of papers on a concept
// description: The papers that name the concept and are of a kind, such as survey or resource.
// parameter concept (concept), e.g. question answering: The concept
// parameter kinds (paper_kinds, default all), e.g. system,resource,survey: Only these kinds
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE p.kind IN $kinds
RETURN DISTINCT p.kind AS kind, p.title_plain AS paper, p.year AS year, p.gist AS gist, p.id AS id
ORDER BY kind, id
