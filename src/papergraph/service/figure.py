"""A neighbourhood as a pyvis network with a fixed layout: the same view is the same picture.

pyvis makes nodes, edges and options; our template draws them with the vis-network that pyvis carries, from
our own server, since pyvis's template loads scripts from public networks and prints text unescaped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NotRequired, TypedDict

from papergraph.model import PaperKind
from papergraph.questions.answers import Quote
from papergraph.questions.links import view_words
from papergraph.questions.neighbourhood import Edge, Node
from papergraph.service.layout import Place
from papergraph.text import plural, readable

LABEL = 28  # characters
_SHAPES = {
    "Method": "square",
    "Model": "diamond",
    "Benchmark": "triangle",
    "Task": "hexagon",
    PaperKind.SURVEY: "star",
}
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "keyboard": False, "multiselect": False},
    "edges": {"smooth": False, "selectionWidth": 2},
    "nodes": {"borderWidthSelected": 4},
}


@cache
def _network_class() -> Any:
    from pyvis.network import Network  # slow to import: it brings IPython

    return Network


def _label(node: Node) -> str:
    text = node.label or readable(node.title)
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def _note(node: Node) -> str:
    if node.kind == "concept":
        return f"{node.type}, named by {plural(node.size, 'paper')}"
    parts = [
        node.type or "paper",
        str(node.year or ""),
        "" if node.listed else "not in the listings",
    ]
    return ", ".join(p for p in parts if p)


def group(node: Node) -> str:
    """The kind of a node as the legend names it: a concept's type, outside, or a paper's kind."""
    if node.kind == "concept":
        return node.type or "Task"
    return (node.type or "paper") if node.listed else "outside"


def words(edge: Edge, titles: Mapping[str, str]) -> str:
    """Why an edge is there, in a sentence."""
    if edge.kind == "builds_on":
        reason = readable(edge.reason) or f"builds on {titles[edge.target]}"
        return f"{reason[:1].upper()}{reason[1:]} ({edge.basis}, {edge.weight:.2f})"
    if edge.kind == "similar":
        shared = ", ".join(map(readable, edge.via_names[:5]))
        return f"Similar, {edge.weight:.2f}{view_words(edge.problem, edge.approach)}" + (
            f": both name {shared}" if shared else ": close in their words"
        )
    if edge.reason:
        return f"{edge.reason[:1].upper()}{edge.reason[1:]}"
    return f"{edge.kind.replace('_', ' ').capitalize()} {titles[edge.target]}"


def drawn_kind(edge: Edge) -> str:
    """The kind as the legend names it: builds-on edges by their basis, all others by their kind."""
    return edge.basis if edge.kind == "builds_on" and edge.basis else edge.kind


class FigureNode(TypedDict):
    """A node as pyvis makes it, with what the page's panel and legend need."""

    id: str
    label: str
    shape: str
    size: float
    x: float
    y: float
    color: NotRequired[str]
    name: str
    type: str | None
    kind: str
    outside: bool
    centre: bool
    pinned: bool
    note: str


# "from" is no name that a class may have.
FigureEdge = TypedDict(
    "FigureEdge",
    {
        "id": str,
        "from": str,
        "to": str,
        "kind": str,
        "weight": float,
        "words": str,
        "paper": str,
        "evidence": list[Quote],
        "arrows": str,
    },
)
FigureEdge.__doc__ = "An edge as pyvis makes it, with its reason in words."


class Figure(TypedDict):
    """What vis-network draws."""

    nodes: list[FigureNode]
    edges: list[FigureEdge]
    options: dict[str, dict[str, bool | int]]


def figure(
    nodes: Sequence[Node], edges: Sequence[Edge], places: Mapping[str, Place], fixed: Mapping[str, Place]
) -> dict[str, Any]:
    """{"nodes", "edges", "options"} for vis-network, with what the page's panel and legend need beside.

    `fixed`: the nodes that the reader pinned.
    """
    network = _network_class()(directed=True, cdn_resources="local")
    titles = {n.id: readable(n.title) for n in nodes}
    degree: dict[str, int] = {}
    for e in edges:
        for end in (e.source, e.target):
            degree[end] = degree.get(end, 0) + 1
    for n in nodes:
        x, y = places[n.id]
        concept = n.kind == "concept"
        network.add_node(
            n.id,
            label=_label(n),
            shape=_SHAPES.get(n.type or "", "dot"),
            size=round(8 + 3 * math.sqrt(degree.get(n.id, 0)), 1),
            x=x,
            y=y,
            name=titles[n.id],
            type=n.type if concept else None,
            kind=group(n),
            outside=not n.listed,
            centre=n.centre,
            pinned=n.id in fixed,
            note=_note(n),
        )
    for e in edges:
        network.add_edge(
            e.source,
            e.target,
            id=f"{drawn_kind(e)} {e.source} {e.target}",
            kind=drawn_kind(e),
            weight=e.weight,
            words=words(e, titles),
            paper=e.source,
            evidence=[q.as_dict() for q in e.evidence],
            arrows="" if e.kind in ("similar", "shares") else "to",
        )
    network.set_options(json.dumps(_OPTIONS))
    return {"nodes": network.nodes, "edges": network.edges, "options": network.options}
