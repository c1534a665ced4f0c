// The listings that hold papers. One row an entry; `at` is file:line.
UNWIND $papers AS paper
MATCH (l:Listing)-[r:LISTS]->(p:Paper {id: paper})
RETURN p.id AS paper, l.id AS listing, l.name AS name, r.rank AS rank, r.at AS at
ORDER BY paper, listing, rank
