"""A graph as Cypher statements that make it again in an empty Neo4j, one a line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from papergraph.model import Graph, Label, Rel
from papergraph.queries import Dialect, statements
from papergraph.schema import TABLES

_ROWS = {t.name: t.to_row for t in TABLES}
_MARKER = re.compile(r"\{\{(\w+)\}\}")


def as_cypher(graph: Graph) -> Iterator[str]:
    """Statements, one a line, each ending in ";": nodes first; texts are escaped.

    They give the labels and properties that `papergraph load` gives, but no embeddings and no note of which
    graph it is: a database that papergraph itself shall read is filled by `papergraph load`.
    """
    constraint, node, edge = statements(Dialect.NEO4J, "export")
    yield _line(constraint, {})
    for label, name, extra in (
        (Label.PAPER, "papers", None),
        (Label.CONCEPT, "concepts", "type"),
        (Label.LISTING, "listings", None),
    ):
        for record in getattr(graph, name):
            row = _ROWS[name](record)
            key = f"{label}/{row['id']}"
            labels = f"{label}:{row[extra]}" if extra else str(label)
            values = {"uid": literal(key), "properties": _map({**row, "uid": key}), "labels": labels}
            yield _line(node, values)
    for source, target, rel, properties in _edges(graph):
        ends = {"source": literal(source), "target": literal(target)}
        yield _line(edge, {**ends, "type": str(rel), "properties": _map(properties)})


def _edges(graph: Graph) -> Iterator[tuple[str, str, Rel, dict[str, Any]]]:
    paper, concept, listing = Label.PAPER, Label.CONCEPT, Label.LISTING
    for rel, name, a, b, source, target in (
        (None, "paper_concepts", paper, concept, "paper", "concept"),
        (Rel.BUILDS_ON, "builds_on", paper, paper, "source", "target"),
        (Rel.SIMILAR_TO, "similar", paper, paper, "source", "target"),
        (Rel.ALIKE, "alike", paper, paper, "source", "target"),
        (Rel.VARIANT_OF, "variants", concept, concept, "source", "target"),
        (Rel.CITES, "cites", paper, paper, "source", "target"),
        (Rel.LISTS, "lists", listing, paper, "listing", "paper"),
    ):
        for record in getattr(graph, name):
            row = _ROWS[name](record)
            ends = f"{a}/{row.pop(source)}", f"{b}/{row.pop(target)}"
            yield *ends, rel or record.role.rel, row


def _line(template: str, values: Mapping[str, str]) -> str:
    return _MARKER.sub(lambda m: values[m[1]], template) + ";\n"


def _map(row: Mapping[str, Any]) -> str:
    """A map of the properties that have a value; the names are columns of ours."""
    return "{" + ", ".join(f"{k}: {literal(v)}" for k, v in row.items() if v is not None) + "}"


def literal(value: Any) -> str:
    """A Cypher literal in one line. Texts are JSON strings in ASCII, whose escapes Cypher shares (\\", \\\\,
    \\n, \\uXXXX).

    See https://neo4j.com/docs/cypher-manual/current/syntax/expressions/.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no Cypher literal")
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(literal, value)) + "]"
    return _text(str(value))


def _text(text: str) -> str:
    """Letters of every script stay; quotes, backslashes, control and format characters are escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ud800-\\udfff]",
        lambda m: f"\\u{ord(m[0]):04x}",
        quoted,
    )
