// The paper that a text names: by id, title (as given, readable, or up to its colon), label, DOI or arXiv id, in any case;
// the best match first.
WITH toLower($name) AS wanted, toLower($name) + ':' AS beginning
MATCH (p:Paper)
WHERE p.id = $name OR toLower(p.title) = wanted OR toLower(p.title_plain) = wanted OR toLower(p.short) = wanted
   OR toLower(p.doi) = wanted OR p.arxiv_id = $name OR toLower(p.title_plain) STARTS WITH beginning
RETURN p.id AS id, p.title_plain AS name,
       CASE WHEN p.id = $name THEN 0
            WHEN toLower(p.title) = wanted OR toLower(p.title_plain) = wanted THEN 1
            WHEN toLower(p.doi) = wanted OR p.arxiv_id = $name THEN 2
            WHEN toLower(p.title_plain) STARTS WITH beginning THEN 3 ELSE 4 END AS rank,
       p.listed AS listed
ORDER BY rank, listed DESC, id
