// title: Links between papers, with their reasons
// description: Which paper builds on which, what the link rests on, and why it is there.
// parameter bases (bases, default all), e.g. stated: Stated in the text, inferred, or corrected (said by a reader)
// parameter confidence (number, default 0.5), e.g. 0.6: Least confidence
// parameter limit (int, default 100), e.g. 20: Most rows
MATCH (a:Paper)-[r:BUILDS_ON]->(b:Paper)
WHERE r.basis IN $bases AND r.confidence >= $confidence
RETURN a.title_plain AS paper, b.title_plain AS builds_on, r.basis AS basis, r.confidence AS confidence, r.reason AS reason,
       r.evidence AS evidence, a.id AS id, b.id AS builds_on_id
ORDER BY confidence DESC, id, builds_on_id
LIMIT $limit
