"""A graph as a NetworkX MultiDiGraph, and as GraphML."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papergraph.model import Graph, Label, Rel
from papergraph.schema import TABLES

if TYPE_CHECKING:
    import networkx as nx

_ROWS = {t.name: t.to_row for t in TABLES}
# What XML 1.0 does not allow even as a reference: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def load_networkx(directory: str | Path) -> nx.MultiDiGraph:
    """The graph of a graph folder as a MultiDiGraph, with everything that its tables hold.

    Nodes are called "paper:ID", "concept:ID" and "listing:ID"; their attributes are the columns of the
    tables, and `label` (Paper, Concept or Listing). The key of an edge is its relationship type (INTRODUCES,
    BUILDS_ON, ...), which it also has as the attribute `type`; LISTS edges have their rank as key, since a
    listing may hold a paper twice. Raises GraphError where the folder holds no graph.
    """
    from papergraph.tables import open_graph

    return to_networkx(open_graph(directory).read())


def to_networkx(graph: Graph) -> nx.MultiDiGraph:
    """Like load_networkx, for a graph in memory. Nodes and edges in the order of the tables."""
    import networkx as nx

    out = nx.MultiDiGraph()
    for label, records, table in (
        (Label.PAPER, graph.papers, "papers"),
        (Label.CONCEPT, graph.concepts, "concepts"),
        (Label.LISTING, graph.listings, "listings"),
    ):
        for record in records:
            row = _ROWS[table](record)
            out.add_node(f"{label.lower()}:{row['id']}", label=label.value, **row)
    for e in graph.paper_concepts:
        row = _without(_ROWS["paper_concepts"](e), "paper", "concept")
        _edge(out, f"paper:{e.paper}", f"concept:{e.concept}", e.role.rel, row)
    for rel, name, kind in (
        (Rel.BUILDS_ON, "builds_on", "paper"),
        (Rel.SIMILAR_TO, "similar", "paper"),
        (Rel.ALIKE, "alike", "paper"),
        (Rel.VARIANT_OF, "variants", "concept"),
        (Rel.CITES, "cites", "paper"),
    ):
        for record in getattr(graph, name):
            row = _without(_ROWS[name](record), "source", "target")
            _edge(out, f"{kind}:{record.source}", f"{kind}:{record.target}", rel, row)
    for entry in graph.lists:
        row = _without(_ROWS["lists"](entry), "listing", "paper")
        _edge(out, f"listing:{entry.listing}", f"paper:{entry.paper}", Rel.LISTS, row, f"LISTS {entry.rank}")
    return out


def _without(row: dict[str, Any], *columns: str) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k not in columns}


def _edge(
    out: nx.MultiDiGraph, a: str, b: str, rel: Rel, row: dict[str, Any], key: str | None = None
) -> None:
    """Adds an edge; a column `type` (of an entity in its paper) gives way to the relationship type as
    `entity_type`.
    """
    attributes = {"entity_type" if k == "type" else k: v for k, v in row.items()}
    out.add_edge(a, b, key=key or rel.value, type=rel.value, **attributes)


def graphml(graph: Graph) -> str:
    """The graph as GraphML (http://graphml.graphdrawing.org): lists as JSON text, absent values left out.

    Characters that XML cannot hold are replaced by U+FFFD.
    """
    import networkx as nx

    nodes = to_networkx(graph)
    out = nx.MultiDiGraph()
    for node, values in nodes.nodes(data=True):
        out.add_node(_xml(node), **_scalars(values))
    for a, b, key, values in nodes.edges(keys=True, data=True):
        out.add_edge(_xml(a), _xml(b), key=key, **_scalars(values))
    buffer = io.BytesIO()
    nx.write_graphml(out, buffer, encoding="utf-8", prettyprint=True)
    return buffer.getvalue().decode("utf-8")


def _scalars(values: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, list):
            out[key] = _xml(json.dumps(value, ensure_ascii=False))
        elif isinstance(value, str):
            out[key] = _xml(value)
        elif value is not None:
            out[key] = value
    return out


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
