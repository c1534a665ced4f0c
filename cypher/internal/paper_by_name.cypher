// The paper of a title. By id, or by title (as given or readable), label, DOI or arXiv id in any case; the best match first.
MATCH (p:Paper)
WHERE p.id = $name OR toLower(p.title) = toLower($name) OR toLower(p.title_plain) = toLower($name)
   OR toLower(p.short) = toLower($name) OR toLower(p.doi) = toLower($name) OR p.arxiv_id = $name
RETURN p.id AS id, p.title_plain AS name,
       CASE WHEN p.id = $name THEN 0
            WHEN toLower(p.title) = toLower($name) OR toLower(p.title_plain) = toLower($name) THEN 1
            WHEN toLower(p.short) = toLower($name) THEN 3 ELSE 2 END AS rank,
       p.listed AS listed
ORDER BY rank, listed DESC, id
