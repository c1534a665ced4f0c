"""A neighbourhood as a py2neo Subgraph, for notebooks that use py2neo (the extra [py2neo])."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papergraph.errors import UsageError
from papergraph.export.whole import read_graph
from papergraph.model import Label, Rel
from papergraph.schema import TABLES
from papergraph.store.base import GraphStore

if TYPE_CHECKING:
    from py2neo import Subgraph

    from papergraph.questions.neighbourhood import Neighbourhood

_ROWS = {t.name: t.to_row for t in TABLES}


def subgraph(store: GraphStore, found: Neighbourhood) -> Subgraph:
    """The nodes of a neighbourhood and every relationship of the graph between them, with all properties.

    Nodes carry the labels of a loaded graph and are keyed by `uid` under the label Papergraph: merging them
    into a database that holds the graph changes nothing. Raises UsageError without py2neo.
    """
    try:
        from py2neo import Node, Relationship, Subgraph
    except ImportError:
        raise UsageError("py2neo is not installed", "pip install 'papergraph[py2neo]'") from None
    graph = read_graph(store)
    shown = {(n.kind, n.id) for n in found.nodes}
    nodes: dict[tuple[str, str], Any] = {}
    for kind, label, table, records in (
        ("paper", Label.PAPER, "papers", graph.papers),
        ("concept", Label.CONCEPT, "concepts", graph.concepts),
    ):
        for record in records:
            if (kind, record.id) in shown:
                row = _present(_ROWS[table](record))
                labels = [label.value, row["type"]] if kind == "concept" else [label.value]
                node = Node(Label.PAPERGRAPH.value, *labels, uid=f"{label}/{record.id}", **row)
                node.__primarylabel__, node.__primarykey__ = Label.PAPERGRAPH.value, "uid"
                nodes[kind, record.id] = node
    edges = []
    for name, rel, a, b, source, target in (
        ("paper_concepts", None, "paper", "concept", "paper", "concept"),
        ("builds_on", Rel.BUILDS_ON, "paper", "paper", "source", "target"),
        ("similar", Rel.SIMILAR_TO, "paper", "paper", "source", "target"),
        ("alike", Rel.ALIKE, "paper", "paper", "source", "target"),
        ("cites", Rel.CITES, "paper", "paper", "source", "target"),
        ("variants", Rel.VARIANT_OF, "concept", "concept", "source", "target"),
    ):
        for record in getattr(graph, name):
            row = _present(_ROWS[name](record))
            start, end = nodes.get((a, row.pop(source))), nodes.get((b, row.pop(target)))
            if start is not None and end is not None:
                kind = (rel or record.role.rel).value
                edges.append(Relationship(start, kind, end, **row))
    return Subgraph(nodes.values(), edges)


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}
