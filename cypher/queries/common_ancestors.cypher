// title: What two papers both build on
// description: Papers that both build on, directly or through others, with the steps from each.
// parameter first (paper), e.g. DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter: One paper
// parameter second (paper), e.g. TinyBERT: Distilling BERT for Natural Language Understanding: The other
// parameter depth (hops, default 3), e.g. 3: Most steps from each
MATCH one = (a:Paper {id: $first})-[:BUILDS_ON*1..{{depth}}]->(q:Paper)
WITH q, min(length(one)) AS from_first
MATCH two = (b:Paper {id: $second})-[:BUILDS_ON*1..{{depth}}]->(q)
RETURN q.title_plain AS paper, q.year AS year, from_first, min(length(two)) AS from_second, q.id AS id
ORDER BY from_first, from_second, id
