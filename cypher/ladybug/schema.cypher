// The tables of the embedded store, one a statement. Columns as in papergraph.schema; role tables share theirs.

CREATE NODE TABLE Paper(
  id STRING PRIMARY KEY, title STRING, title_plain STRING, short STRING, abstract STRING, kind STRING,
  gist STRING, gist_at STRING, claims STRING[], claims_at STRING[], urls STRING[], year INT64, date STRING,
  authors STRING[], venue STRING, url STRING, doi STRING, arxiv_id STRING, refs STRING[], listed BOOL, sources STRING[]
);

CREATE NODE TABLE Concept(
  id STRING PRIMARY KEY, name STRING, aliases STRING[], type STRING, paper_count INT64,
  origin_title STRING, origin_year INT64, origin_arxiv_id STRING, origin_paper STRING
);

CREATE NODE TABLE Listing(id STRING PRIMARY KEY, name STRING, file STRING, added_at STRING);

CREATE REL TABLE INTRODUCES(FROM Paper TO Concept, role STRING, name STRING, type STRING, confidence DOUBLE,
  evidence STRING[], evidence_at STRING[], spans STRING[]);

CREATE REL TABLE EXTENDS(FROM Paper TO Concept, role STRING, name STRING, type STRING, confidence DOUBLE,
  evidence STRING[], evidence_at STRING[], spans STRING[]);

CREATE REL TABLE EVALUATES_ON(FROM Paper TO Concept, role STRING, name STRING, type STRING, confidence DOUBLE,
  evidence STRING[], evidence_at STRING[], spans STRING[]);

CREATE REL TABLE USES(FROM Paper TO Concept, role STRING, name STRING, type STRING, confidence DOUBLE,
  evidence STRING[], evidence_at STRING[], spans STRING[]);

CREATE REL TABLE COMPARES_WITH(FROM Paper TO Concept, role STRING, name STRING, type STRING, confidence DOUBLE,
  evidence STRING[], evidence_at STRING[], spans STRING[]);

CREATE REL TABLE MENTIONS(FROM Paper TO Concept, role STRING, name STRING, type STRING, confidence DOUBLE,
  evidence STRING[], evidence_at STRING[], spans STRING[]);

CREATE REL TABLE BUILDS_ON(FROM Paper TO Paper, basis STRING, confidence DOUBLE, via STRING[],
  evidence STRING[], evidence_at STRING[], reason STRING);

CREATE REL TABLE SIMILAR_TO(FROM Paper TO Paper, score DOUBLE, rank INT64, mutual BOOL, shared STRING[],
  problem DOUBLE, approach DOUBLE);

CREATE REL TABLE ALIKE(FROM Paper TO Paper, problem DOUBLE, approach DOUBLE, problem_rank INT64, approach_rank INT64);

CREATE REL TABLE VARIANT_OF(FROM Concept TO Concept, evidence STRING[]);

CREATE REL TABLE LISTS(FROM Listing TO Paper, rank INT64, at STRING);

CREATE REL TABLE CITES(FROM Paper TO Paper);

// Neo4j's name for the type of a relationship, so that one text serves both stores.
CREATE MACRO type(r) AS label(r);
