// What a paper builds on
:param paper => 'an id, see: Find a paper'
MATCH path = (p:Paper {id: $paper})-[:BUILDS_ON*1..2]->(q:Paper)
WHERE q.id <> $paper
RETURN q.title_plain AS paper, q.year AS year, q.listed AS listed, min(length(path)) AS steps, q.id AS id
ORDER BY steps, id;

// Who works on a concept
:param concept => 'bert'
:param limit => 25
MATCH (p:Paper)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WITH DISTINCT p
UNWIND p.authors AS author
RETURN author, count(p.id) AS papers
ORDER BY papers DESC, author
LIMIT $limit;

// What is compared on a benchmark
:param benchmark => 'gsm8k'
:param limit => 25
MATCH (b:Concept {id: $benchmark})<-[:EVALUATES_ON]-(p:Paper)-[r:COMPARES_WITH]->(c:Concept)
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS baseline, c.type AS type, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// Bridges between two lines of work
:param first => 'knowledge-distillation'
:param second => 'rag'
:param limit => 25
MATCH (a:Concept {id: $first})<-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
MATCH (p)-[s:SIMILAR_TO]-(q:Paper)
MATCH (q)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(b:Concept {id: $second})
WHERE NOT EXISTS {
    MATCH (p)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(d:Concept) WHERE d.id = b.id
  } AND NOT EXISTS {
    MATCH (q)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(e:Concept) WHERE e.id = a.id
  }
RETURN p.title_plain AS of_first, q.title_plain AS of_second, max(s.score) AS score, p.id AS first_id, q.id AS second_id
ORDER BY score DESC, first_id, second_id
LIMIT $limit;

// Surveys, resources and other kinds of papers on a concept
:param concept => 'question-answering'
:param kinds => ['system', 'resource', 'analysis', 'survey', 'position', 'report']
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE p.kind IN $kinds
RETURN DISTINCT p.kind AS kind, p.title_plain AS paper, p.year AS year, p.gist AS gist, p.id AS id
ORDER BY kind, id;

// What two papers both build on
:param first => 'an id, see: Find a paper'
:param second => 'an id, see: Find a paper'
MATCH one = (a:Paper {id: $first})-[:BUILDS_ON*1..3]->(q:Paper)
WITH q, min(length(one)) AS from_first
MATCH two = (b:Paper {id: $second})-[:BUILDS_ON*1..3]->(q)
RETURN q.title_plain AS paper, q.year AS year, from_first, min(length(two)) AS from_second, q.id AS id
ORDER BY from_first, from_second, id;

// What a paper is about
:param paper => 'an id, see: Find a paper'
MATCH (p:Paper {id: $paper})-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
RETURN c.name AS concept, c.type AS type, r.role AS role, r.confidence AS confidence, c.paper_count AS papers, c.id AS id
ORDER BY role, confidence DESC, id;

// What builds on a paper
:param paper => 'an id, see: Find a paper'
MATCH path = (p:Paper {id: $paper})<-[:BUILDS_ON*1..2]-(q:Paper)
WHERE q.id <> $paper
RETURN q.title_plain AS paper, q.year AS year, q.listed AS listed, min(length(path)) AS steps, q.id AS id
ORDER BY steps, id;

// Benchmarks used together with one
:param benchmark => 'gsm8k'
:param limit => 25
MATCH (a:Concept {id: $benchmark})<-[:EVALUATES_ON]-(p:Paper)-[:EVALUATES_ON]->(b:Concept)
WHERE b.id <> $benchmark
WITH b, count(DISTINCT p.id) AS papers
RETURN b.name AS benchmark, papers, b.paper_count AS papers_in_all, b.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// A concept and its variants
:param concept => 'bert'
MATCH (v:Concept)-[r:VARIANT_OF]->(c:Concept {id: $concept})
RETURN v.name AS variant, v.type AS type, v.paper_count AS papers, r.evidence AS evidence, v.id AS id
ORDER BY papers DESC, id;

// Find a concept
:param text => 'bert'
:param limit => 25
WITH toLower($text) AS wanted
MATCH (c:Concept)
WHERE toLower(c.name) CONTAINS wanted OR any(alias IN c.aliases WHERE toLower(alias) CONTAINS wanted)
RETURN c.name AS concept, c.type AS type, c.aliases AS aliases, c.paper_count AS papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// Find a paper
:param text => 'distill'
:param limit => 25
WITH toLower($text) AS wanted
MATCH (p:Paper)
WHERE toLower(p.title_plain) CONTAINS wanted OR toLower(p.abstract) CONTAINS wanted
RETURN p.title_plain AS paper, p.year AS year, p.kind AS kind, p.id AS id,
       CASE WHEN toLower(p.title_plain) CONTAINS wanted THEN 0 ELSE 1 END AS rank
ORDER BY rank, id
LIMIT $limit;

// What a listing stands on
:param listing => 'lineage'
:param limit => 25
MATCH (l:Listing {id: $listing})-[:LISTS]->(p:Paper)-[r:EXTENDS|USES]->(c:Concept)
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.type AS type, papers, c.origin_title AS origin, c.origin_year AS year, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// What a set of papers stands on
:param papers => ['an id', 'another']
MATCH (p:Paper)-[r:EXTENDS|USES]->(c:Concept)
WHERE p.id IN $papers
WITH c, count(DISTINCT p.id) AS shared, max(r.confidence) AS confidence
RETURN c.name AS concept, c.type AS type, shared, confidence, c.origin_title AS origin, c.origin_year AS year, c.id AS id
ORDER BY shared DESC, confidence DESC, id;

// Introduced here and taken up
:param limit => 50
MATCH (a:Paper)-[:INTRODUCES]->(c:Concept)<-[r:EXTENDS|USES|COMPARES_WITH|EVALUATES_ON]-(b:Paper)
WHERE a.id <> b.id
WITH a, c, count(DISTINCT b.id) AS others
RETURN c.name AS concept, c.type AS type, a.title_plain AS introduced_by, a.year AS year, others, c.id AS id, a.id AS paper_id
ORDER BY others DESC, id, paper_id
LIMIT $limit;

// Papers that stand alone
:param limit => 50
MATCH (p:Paper)
WHERE p.listed AND NOT EXISTS { MATCH (p)-[:SIMILAR_TO|BUILDS_ON|CITES]-(q:Paper) }
RETURN p.title_plain AS paper, p.year AS year, p.kind AS kind, p.id AS id
ORDER BY id
LIMIT $limit;

// Methods and models for a task
:param task => 'question-answering'
:param limit => 25
MATCH (t:Concept {id: $task})<-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
MATCH (p)-[r:INTRODUCES|EXTENDS|USES]->(c:Concept)
WHERE c.type IN ['Method', 'Model'] AND c.id <> $task
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.type AS type, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// The papers that most others build on
:param limit => 25
MATCH (a:Paper)-[r:BUILDS_ON]->(b:Paper)
WITH b, count(a.id) AS papers, sum(CASE WHEN r.basis = 'stated' THEN 1 ELSE 0 END) AS stated
RETURN b.title_plain AS paper, b.year AS year, b.listed AS listed, papers, stated, b.id AS id
ORDER BY papers DESC, stated DESC, id
LIMIT $limit;

// The most connected concepts
:param types => ['Method', 'Model', 'Benchmark', 'Task']
:param limit => 25
MATCH (c:Concept)
WHERE c.type IN $types
OPTIONAL MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c)
WITH c, sum(CASE WHEN r.role = 'introduces' THEN 1 ELSE 0 END) AS introduce,
     sum(CASE WHEN r.role = 'builds_on' THEN 1 ELSE 0 END) AS build_on,
     sum(CASE WHEN r.role = 'evaluates_on' THEN 1 ELSE 0 END) AS evaluate_on
RETURN c.name AS concept, c.type AS type, c.paper_count AS papers, introduce, build_on, evaluate_on, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// What a concept goes along with
:param concept => 'knowledge-distillation'
:param types => ['Method', 'Model', 'Benchmark', 'Task']
:param limit => 25
MATCH (a:Concept {id: $concept})<-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]-(p:Paper)
MATCH (p)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(b:Concept)
WHERE b.id <> $concept AND b.type IN $types
WITH b, count(DISTINCT p.id) AS together
RETURN b.name AS concept, b.type AS type, together, b.paper_count AS papers, 1.0 * together / b.paper_count AS share, b.id AS id
ORDER BY together DESC, share DESC, id
LIMIT $limit;

// Papers like one
:param paper => 'an id, see: Find a paper'
MATCH (p:Paper {id: $paper})-[r:SIMILAR_TO]->(q:Paper)
RETURN r.rank AS rank, q.title_plain AS paper, r.score AS score, r.mutual AS mutual, r.shared AS shared, q.id AS id
ORDER BY rank, id;

// Concepts that a listing brought
:param listing => 'lineage'
:param limit => 50
MATCH (l:Listing {id: $listing})-[:LISTS]->(p:Paper)
MATCH (p)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
WHERE NOT EXISTS {
    MATCH (o:Listing)-[:LISTS]->(q:Paper)-[:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c)
    WHERE o.added_at < l.added_at
  }
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.type AS type, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// New since a listing
:param listing => 'lineage'
:param limit => 200
MATCH (l:Listing {id: $listing})
MATCH (m:Listing)-[:LISTS]->(p:Paper)
WHERE m.added_at > l.added_at
  AND NOT EXISTS { MATCH (o:Listing)-[:LISTS]->(p) WHERE o.added_at <= l.added_at }
RETURN DISTINCT p.title_plain AS paper, m.name AS listing, p.year AS year, p.id AS id
ORDER BY listing, id
LIMIT $limit;

// Missing origins
:param limit => 25
MATCH (p:Paper)-[:EXTENDS|USES]->(c:Concept)
WHERE c.origin_title IS NOT NULL AND p.listed
  AND NOT EXISTS { MATCH (o:Paper) WHERE o.id = c.origin_paper AND o.listed }
WITH c, count(DISTINCT p.id) AS papers
RETURN c.name AS concept, c.origin_title AS origin, c.origin_year AS year, c.origin_arxiv_id AS arxiv_id, papers, c.id AS id
ORDER BY papers DESC, id
LIMIT $limit;

// Papers connected to a concept
:param concept => 'bert'
:param roles => ['introduces', 'builds_on', 'evaluates_on', 'uses', 'compares_with', 'mentions']
:param limit => 100
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE r.role IN $roles
RETURN p.title_plain AS paper, p.year AS year, r.role AS role, r.confidence AS confidence, r.evidence AS evidence, p.id AS id
ORDER BY role, confidence DESC, id
LIMIT $limit;

// Results claimed on a benchmark
:param benchmark => 'gsm8k'
MATCH (p:Paper)-[r:EVALUATES_ON]->(c:Concept {id: $benchmark})
WHERE size(p.claims) > 0
RETURN p.title_plain AS paper, p.year AS year, p.claims AS claims, p.id AS id
ORDER BY year, id;

// Papers with the same approach
:param paper => 'an id, see: Find a paper'
MATCH (p:Paper {id: $paper})-[r:ALIKE]->(q:Paper)
WHERE r.approach_rank IS NOT NULL
RETURN r.approach_rank AS rank, q.title_plain AS paper, r.approach AS approach, r.problem AS problem, q.id AS id
ORDER BY rank, id;

// Papers on the same problem
:param paper => 'an id, see: Find a paper'
MATCH (p:Paper {id: $paper})-[r:ALIKE]->(q:Paper)
WHERE r.problem_rank IS NOT NULL
RETURN r.problem_rank AS rank, q.title_plain AS paper, r.problem AS problem, r.approach AS approach, q.id AS id
ORDER BY rank, id;

// Same problem, another approach
:param problem => 0.3
:param approach => 0.2
:param limit => 50
MATCH (a:Paper)-[r:ALIKE]->(b:Paper)
WHERE r.problem_rank IS NOT NULL AND r.approach_rank IS NULL AND r.problem >= $problem AND r.approach <= $approach
  AND NOT EXISTS { MATCH (b)-[s:ALIKE]->(a) WHERE s.approach_rank IS NOT NULL }
  AND (a.id < b.id OR NOT EXISTS { MATCH (b)-[s:ALIKE]->(a) WHERE s.problem_rank IS NOT NULL })
RETURN a.title_plain AS paper, b.title_plain AS other, r.problem AS problem, r.approach AS approach, a.id AS id, b.id AS other_id
ORDER BY problem DESC, id, other_id
LIMIT $limit;

// Benchmarks that papers share
:param papers => ['an id', 'another']
MATCH (p:Paper)-[:EVALUATES_ON]->(c:Concept)
WHERE p.id IN $papers
WITH c, p.title_plain AS title
ORDER BY title
WITH c, collect(title) AS papers, count(title) AS evaluated
WHERE evaluated > 1
RETURN c.name AS benchmark, evaluated, papers, c.paper_count AS papers_in_all, c.id AS id
ORDER BY evaluated DESC, id;

// What two concepts share
:param first => 'bert'
:param second => 'glue'
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(a:Concept {id: $first})
MATCH (p)-[s:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(b:Concept {id: $second})
RETURN p.title_plain AS paper, p.year AS year, r.role AS role_of_first, s.role AS role_of_second, p.id AS id
ORDER BY id, role_of_first, role_of_second;

// What two papers share
:param first => 'an id, see: Find a paper'
:param second => 'an id, see: Find a paper'
MATCH (a:Paper {id: $first})-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept)
MATCH (b:Paper {id: $second})-[s:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c)
RETURN c.name AS concept, c.type AS type, r.role AS role_in_first, s.role AS role_in_second, c.paper_count AS papers,
       c.id AS id
ORDER BY papers, id, role_in_first, role_in_second;

// Alike, yet nothing in common
:param score => 0.5
:param limit => 50
MATCH (a:Paper)-[r:SIMILAR_TO]->(b:Paper)
WHERE r.score >= $score AND size(r.shared) = 0
  AND NOT EXISTS { MATCH (a)-[:BUILDS_ON]-(b) }
RETURN a.title_plain AS paper, b.title_plain AS similar, r.score AS score, r.mutual AS mutual, a.id AS id, b.id AS similar_id
ORDER BY score DESC, id, similar_id
LIMIT $limit;

// Links between papers, with their reasons
:param bases => ['stated', 'inferred', 'corrected']
:param confidence => 0.5
:param limit => 100
MATCH (a:Paper)-[r:BUILDS_ON]->(b:Paper)
WHERE r.basis IN $bases AND r.confidence >= $confidence
RETURN a.title_plain AS paper, b.title_plain AS builds_on, r.basis AS basis, r.confidence AS confidence, r.reason AS reason,
       r.evidence AS evidence, a.id AS id, b.id AS builds_on_id
ORDER BY confidence DESC, id, builds_on_id
LIMIT $limit;

// A concept over the years
:param concept => 'bert'
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE p.year IS NOT NULL
WITH p.year AS year, p.id AS paper, max(CASE WHEN r.role IN ['introduces', 'builds_on'] THEN 1 ELSE 0 END) AS advance
RETURN year, count(paper) AS papers, sum(advance) AS advances
ORDER BY year;

// Papers of a concept that give code or data
:param concept => 'question-answering'
MATCH (p:Paper)-[r:INTRODUCES|EXTENDS|EVALUATES_ON|USES|COMPARES_WITH|MENTIONS]->(c:Concept {id: $concept})
WHERE size(p.urls) > 0
RETURN DISTINCT p.title_plain AS paper, p.year AS year, p.urls AS urls, p.id AS id
ORDER BY id;
