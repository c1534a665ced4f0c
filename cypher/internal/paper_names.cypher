// Titles of all papers. For suggestions; `aliases` holds the short label.
MATCH (p:Paper)
RETURN p.id AS id, p.title_plain AS name, [p.short] AS aliases
ORDER BY id
