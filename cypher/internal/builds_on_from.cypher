// What papers build on. BUILDS_ON edges that leave the papers; source builds on target.
UNWIND $papers AS paper
MATCH (a:Paper {id: paper})-[r:BUILDS_ON]->(b:Paper)
RETURN a.id AS source, b.id AS target, r.basis AS basis, r.confidence AS confidence, r.via AS via, r.evidence AS evidence,
       r.evidence_at AS evidence_at, r.reason AS reason
ORDER BY source, target
