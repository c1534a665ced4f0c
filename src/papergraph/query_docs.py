"""docs/queries.md and the favourites for Neo4j Browser, made from the headers of cypher/queries/.

python -m papergraph.query_docs page > docs/queries.md
python -m papergraph.query_docs favourites > cypher/neo4j/favourites.cypher
"""

from __future__ import annotations

import sys

from papergraph.queries import (
    MAX_HOPS,
    PARAMETER_TYPES,
    RENDERED_TYPES,
    WORD_LISTS,
    NamedQuery,
    QueryParameter,
    named_queries,
    render,
)
from papergraph.text import slug

_HEAD = """# Named queries

Made from the headers of `cypher/queries/` by `python -m papergraph.query_docs page > docs/queries.md`; a
test checks that it is current, and another that every query gives the same rows on the embedded store and
on Neo4j.

```console
$ papergraph query --list
$ papergraph query --named papers_of_concept --param concept=BERT --param roles=builds_on,uses --graph DIR
```

Concepts, papers and listings are named as people do: by id, by name, title or alias in any case, or by
the part of a title before its colon. A name that the graph does not hold gives the nearest ones. Several
papers are joined by semicolons, several words by commas.

## In Neo4j Browser

After `papergraph load DIR --uri bolt://...`:

- `cypher/neo4j/style.grass` colours papers, concepts and links: drop the file onto the Browser window (or
  paste its text after `:style`); `:style reset` takes it away.
- `cypher/neo4j/favourites.cypher` holds the queries below, each with its title as a comment and `:param`
  lines for its parameters. Drop the file onto the Browser window or paste it into the editor; to keep a
  query as a favourite, leave one in the editor and press the star: its first comment is its name. Papers,
  concepts and listings are given by id there (`bert`, not `BERT`): "Find a paper" and "Find a concept"
  show them.

Both stand in the source tree and in the installed package (`papergraph/_assets/cypher/neo4j/`).

## Parameter types

| type | what to give |
| --- | --- |
"""
_TYPES = {
    "text": "any text",
    "int": "a whole number",
    "number": "a number",
    "hops": f"a whole number from 1 to {MAX_HOPS}",
    "concept": "a concept, by id, name or alias",
    "concepts": "concepts, joined by semicolons",
    "paper": "a paper, by id, title, label, DOI or arXiv id",
    "papers": "papers, joined by semicolons",
    "listing": "a listing, by id, name or file",
}


def page() -> str:
    """The whole of docs/queries.md."""
    used = {p.type for q in named_queries().values() for p in q.parameters}
    rows = []
    for kind in PARAMETER_TYPES:
        if kind in used:
            words = (
                ", ".join(f"`{w}`" for w in WORD_LISTS[kind]) + "; `all`"
                if kind in WORD_LISTS
                else _TYPES[kind]
            )
            rows.append(f"| {kind} | {words} |\n")
    return "".join([_HEAD, *rows, *(_section(q) for q in named_queries().values())])


def _section(query: NamedQuery) -> str:
    out = [f"\n## {query.name}\n\n**{query.title}.** {query.description}\n"]
    if query.parameters:
        out.append("\n| parameter | type | default | |\n| --- | --- | --- | --- |\n")
        out += [f"| {p.name} | {p.type} | {p.default or ''} | {p.help} |\n" for p in query.parameters]
    needed = [f" --param {p.name}={_quoted(p.example)}" for p in query.parameters if p.default is None]
    out.append(f"\n```console\n$ papergraph query --named {query.name}{''.join(needed)}\n```\n")
    return "".join(out)


def _quoted(text: str) -> str:
    return text if text.replace("-", "").replace("_", "").isalnum() else f'"{text}"'


def favourites() -> str:
    """The whole of cypher/neo4j/favourites.cypher: for each query its title, its parameters and its text."""
    return "\n".join(_favourite(query) for query in named_queries().values())


def _favourite(query: NamedQuery) -> str:
    lines = [f"// {query.title}"]
    rendered: dict[str, int | list[str]] = {}
    for p in query.parameters:
        value = _browser_value(p)
        if p.type in RENDERED_TYPES:
            rendered[p.name] = int(p.example) if p.type == "hops" else p.example.split(",")
        else:
            lines.append(f":param {p.name} => {value}")
    return "\n".join([*lines, render(query.cypher, rendered) + ";", ""])


def _browser_value(p: QueryParameter) -> str:
    if p.type in ("int", "number", "hops"):
        return p.default or p.example
    if p.type in WORD_LISTS:
        return (
            "["
            + ", ".join(
                f"'{w}'" for w in (WORD_LISTS[p.type] if p.default == "all" else p.example.split(","))
            )
            + "]"
        )
    if p.type in ("paper", "papers"):
        return "'an id, see: Find a paper'" if p.type == "paper" else "['an id', 'another']"
    if p.type == "concepts":
        return "[" + ", ".join(f"'{slug(name)}'" for name in p.example.split(";")) + "]"
    return f"'{slug(p.example) if p.type in ('concept', 'listing') else p.example}'"


if __name__ == "__main__":
    sys.stdout.write({"page": page, "favourites": favourites}[sys.argv[1]]())
