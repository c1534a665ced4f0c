"""The Cypher page: named questions with their forms, and a user's own read-only query."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, TypedDict

from flask import current_app, request, url_for

from papergraph import queries, schema
from papergraph.errors import PapergraphError, UsageError
from papergraph.model import ROLE_OF_REL, Rel
from papergraph.service import security
from papergraph.service.pages import Data, page, settings, store
from papergraph.service.parameters import Choice, Flag, Text
from papergraph.service.rows import things_in
from papergraph.service.security import LONGEST_QUERY
from papergraph.service.view import MOST_CENTRES


class ConsoleClosedError(PapergraphError):
    """Own Cypher on a service that others can reach."""

    code = "cypher_off"
    status = 403


_EDGES = {
    Rel.BUILDS_ON: ("Paper", "Paper", "builds_on"),
    Rel.SIMILAR_TO: ("Paper", "Paper", "similar"),
    Rel.ALIKE: ("Paper", "Paper", "alike"),
    Rel.CITES: ("Paper", "Paper", "cites"),
    Rel.VARIANT_OF: ("Concept", "Concept", "variants"),
    Rel.LISTS: ("Listing", "Paper", "lists"),
} | dict.fromkeys(ROLE_OF_REL, ("Paper", "Concept", "paper_concepts"))
_ENDS = frozenset({"source", "target", "paper", "concept", "listing"})


def graph_schema() -> Data:
    """Node tables and edge types with their properties, from the table schemas."""
    columns = {t.name: t.schema.names for t in schema.TABLES}
    return {
        "nodes": {
            "Paper": columns["papers"],
            "Concept": columns["concepts"],
            "Listing": columns["listings"],
        },
        "edges": [
            {
                "type": rel.value,
                "from": a,
                "to": b,
                "properties": [c for c in columns[table] if c not in _ENDS],
            }
            for rel in Rel
            for a, b, table in (_EDGES[rel],)
        ],
    }


def is_open() -> bool:
    """Own Cypher is for this machine only, unless the settings open it."""
    return settings().allow_cypher or security.is_loopback(settings().host)


def _parameters(text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    try:
        values = json.loads(text)
    except ValueError as error:
        raise UsageError(
            f"the parameters are not valid JSON: {error}",
            'write them as {"name": "value"}',
        ) from None
    if not isinstance(values, dict):
        raise UsageError("the parameters must be a JSON object", 'write them as {"name": "value"}')
    return values


class NamedQueryData(TypedDict):
    """A question in Cypher with its parameters."""

    name: str
    title: str
    description: str
    cypher: str
    parameters: list[queries.QueryParameter]


# "from" is no name that a class may have.
EdgeType = TypedDict("EdgeType", {"type": str, "from": str, "to": str, "properties": list[str]})
EdgeType.__doc__ = "A relationship type, what it joins, and its properties."


class GraphSchema(TypedDict):
    """Nodes with their properties, and edges."""

    nodes: dict[str, list[str]]
    edges: list[EdgeType]


class Problem(TypedDict):
    """Why a query was not answered."""

    code: str
    message: str
    hint: str


class Shown(TypedDict):
    """The papers and concepts in the rows, and where their picture is."""

    papers: int
    concepts: int
    drawn: int
    url: str


class CypherAnswer(TypedDict):
    """The named questions, the schema, and the rows of what was asked; null where nothing was."""

    named: list[NamedQueryData]
    chosen: str
    values: dict[str, str]
    text: str
    parameters: str
    open: bool
    schema: GraphSchema
    columns: list[str] | None
    rows: list[list[Any]] | None
    truncated: str
    graph: Shown | None
    problem: Problem | None


def _picture(rows: list[list[Any]]) -> Shown | None:
    """Where the papers and concepts of some rows are drawn, if at least two are there: as many as
    an address holds, with room for what a reader does in the picture.
    """
    papers, concepts = things_in(store(), rows)
    if len(papers) + len(concepts) < 2:
        return None
    for most in (MOST_CENTRES, 100, 60, 30):
        kept = papers[:most], concepts[:most]
        address: dict[str, Any] = {"centre": kept[0], "concept": kept[1], "depth": 0}
        url = url_for("graph", **address, concepts=1 if concepts else None)
        if len(url) < LONGEST_QUERY * 2 // 3:
            break
    return {"papers": len(papers), "concepts": len(concepts), "drawn": sum(map(len, kept)), "url": url}


NAMED = Choice(
    name="named",
    help="a named question",
    allowed=lambda: {q.name: q.title for q in queries.named_queries().values()},
    place="both",
)
RUN = Flag(name="run", help="1: run it, also without parameters", place="both")
CYPHER = Text(name="cypher", help="read-only Cypher of your own", most=100_000, place="form")
PARAMETERS = Text(name="parameters", help="its parameters, a JSON object", most=100_000, place="form")


def _values() -> tuple[Text, ...]:
    """The parameters of all named questions, p-NAME each."""
    helps: dict[str, list[str]] = {}
    for query in queries.named_queries().values():
        for p in query.parameters:
            helps.setdefault(p.name, []).append(f"{p.help} ({query.name})")
    return tuple(
        Text(name=f"p-{name}", help="; ".join(dict.fromkeys(said)), most=10_000, place="both")
        for name, said in sorted(helps.items())
    )


@page(
    "/cypher",
    "cypher.html",
    methods=("GET", "POST"),
    takes=lambda: (NAMED, RUN, CYPHER, PARAMETERS, *_values()),
    answer=CypherAnswer,
)
def cypher() -> Data:
    """The named questions, and the answer to the one chosen or to Cypher of the reader's own."""
    named = queries.named_queries()
    name, text = NAMED.read(), CYPHER.read()
    known = {p.name: p for p in _values()}
    given = {
        key[2:]: known[key].parse(value) if key in known else value
        for key, value in request.values.items()
        if (key or "").startswith("p-") and value.strip()  # a part of a form may lack a name
    }
    data: Data = {
        "named": [
            {
                "name": q.name,
                "title": q.title,
                "description": q.description,
                "cypher": q.cypher,
                "parameters": [{f.name: getattr(p, f.name) for f in fields(p)} for p in q.parameters],
            }
            for q in named.values()
        ],
        "chosen": name,
        "values": given,
        "text": text,
        "parameters": PARAMETERS.read(),
        "open": is_open(),
        "schema": graph_schema(),
        "columns": None,
        "rows": None,
        "truncated": "",
        "graph": None,
        "problem": None,
    }
    try:
        if text:
            if not is_open():
                raise ConsoleClosedError(
                    "own Cypher is off, because this service does not listen on loopback only",
                    "the named questions work; --allow-cypher opens the rest",
                )
            s = settings()
            result = store().run_text(
                text,
                _parameters(data["parameters"]),
                timeout=s.query_timeout,
                rows=s.query_rows,
                size=s.query_bytes,
            )
            data |= {
                "columns": result.columns,
                "rows": result.rows,
                "truncated": result.truncated,
            }
        elif name and (given or RUN.read()):
            rows = queries.run_named(store(), name, given)
            columns = list(rows[0]) if rows else []
            data |= {
                "columns": columns,
                "rows": [[r[c] for c in columns] for r in rows],
            }
            if is_open():  # so that it can be changed and run again
                asked, parameters = queries.named_as_asked(store(), name, given)
                data |= {"text": asked.strip(), "parameters": json.dumps(parameters, ensure_ascii=False)}
        if data["rows"]:
            data["graph"] = _picture(data["rows"])
    except PapergraphError as error:
        if request.path.endswith(".json") or error.status >= 500:
            raise
        data["problem"] = error.as_json()["error"]
        current_app.logger.info("query not answered: %s", error.message)
    return data
