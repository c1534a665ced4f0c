// title: A concept over the years
// description: How many papers name it in each year, with how many of them introduce or extend it; papers without a year are
//   left out.
// parameter concept (concept), e.g. BERT: The concept
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE p.year IS NOT NULL
WITH p.year AS year, p.id AS paper, max(CASE WHEN r.role IN ['introduces', 'builds_on'] THEN 1 ELSE 0 END) AS advance
RETURN year, count(paper) AS papers, sum(advance) AS advances
ORDER BY year
