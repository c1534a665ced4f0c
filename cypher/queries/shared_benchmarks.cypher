// title: Benchmarks that papers share
// description: On which benchmarks at least two of the given papers are evaluated, so that their results can be compared.
// parameter papers (papers), e.g. Chain-of-Thought Prompting Elicits Reasoning in Large Language Models; Self-Consistency Improves Chain of Thought Reasoning in Language Models: Titles or ids
MATCH (p:Paper)-[:EVALUATES_ON]->(c:Concept)
WHERE p.id IN $papers
WITH c, p.title_plain AS title
ORDER BY title
WITH c, collect(title) AS papers, count(title) AS evaluated
WHERE evaluated > 1
RETURN c.name AS benchmark, evaluated, papers, c.paper_count AS papers_in_all, c.id AS id
ORDER BY evaluated DESC, id
