"""A graph in other forms: NetworkX, GraphML, JSON, CSV, BibTeX, RIS, Cypher, py2neo, lines for scoring."""
