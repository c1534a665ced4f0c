// title: What a set of papers stands on
// description: Concepts that the given papers extend or use, those that most of them share first.
// parameter papers (papers), e.g. QLoRA: Efficient Finetuning of Quantized LLMs; LoRA: Low-Rank Adaptation of Large Language Models: Titles or ids
MATCH (p:Paper)-[r:EXTENDS|USES]->(c:Concept)
WHERE p.id IN $papers
WITH c, count(DISTINCT p.id) AS shared, max(r.confidence) AS confidence
RETURN c.name AS concept, c.type AS type, shared, confidence, c.origin_title AS origin, c.origin_year AS year, c.id AS id
ORDER BY shared DESC, confidence DESC, id
