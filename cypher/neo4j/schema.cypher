// Constraint and indexes of a loaded graph, one a statement. Only nodes with the label Papergraph are constrained.

CREATE CONSTRAINT papergraph_uid IF NOT EXISTS FOR (n:Papergraph) REQUIRE n.uid IS UNIQUE;

CREATE INDEX papergraph_paper IF NOT EXISTS FOR (n:Paper) ON (n.id);

CREATE INDEX papergraph_concept IF NOT EXISTS FOR (n:Concept) ON (n.id);

CREATE INDEX papergraph_listing IF NOT EXISTS FOR (n:Listing) ON (n.id);

CREATE FULLTEXT INDEX papergraph_text IF NOT EXISTS
FOR (n:Papergraph) ON EACH [n.title_plain, n.short, n.abstract, n.name, n.aliases];
