"""A neighbourhood as a pyvis network with a fixed layout: the same view is the same picture.

pyvis makes nodes, edges and options; our template draws them with the vis-network that pyvis carries, from our own server, since
pyvis's template loads scripts from public networks and prints text unescaped.
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

from papergraph.questions.neighbourhood import Edge, Neighbourhood, Node
from papergraph.text import plural, readable

SEED = 7
LABEL = 28  # characters
_SHAPES = {
    "Method": "square",
    "Model": "diamond",
    "Benchmark": "triangle",
    "Task": "hexagon",
}
_OPTIONS = {
    "physics": {"enabled": False},
    "interaction": {
        "hover": True,
        "keyboard": False,
        "multiselect": False,
        "tooltipDelay": 300,
    },
    "edges": {"smooth": False, "selectionWidth": 2},
    "nodes": {"borderWidthSelected": 4},
}


@cache
def _network_class() -> Any:
    from pyvis.network import Network  # slow to import: it brings IPython

    return Network


def _positions(
    nodes: tuple[Node, ...], edges: tuple[Edge, ...]
) -> dict[str, tuple[float, float]]:
    """Places in pixels by Fruchterman and Reingold's spring layout (networkx), from a fixed seed.

    Rows of 26 px are kept apart, so that labels below nodes do not lie on each other.
    """
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(n.id for n in nodes)
    for e in edges:
        graph.add_edge(
            e.source, e.target, weight=0.3 + e.weight * (2.0 if e.basis else 1.0)
        )
    count = max(len(nodes), 1)
    places = nx.spring_layout(
        graph, seed=SEED, k=2.2 / math.sqrt(count), iterations=80 if count < 200 else 40
    )
    wide = 190 * math.sqrt(count) / 2 + 120
    placed = {
        n: [float(x) * wide, float(y) * wide * 0.7] for n, (x, y) in places.items()
    }
    return {n: (round(x, 1), round(y, 1)) for n, (x, y) in _spread(placed).items()}


def _spread(
    places: dict[str, list[float]], width: float = 170, height: float = 44
) -> dict[str, list[float]]:
    """Moves nodes apart until no two labels overlap, at most 60 passes; deterministic."""
    order = sorted(places)
    for _ in range(60):
        moved = False
        by_y = sorted(order, key=lambda n: (places[n][1], n))
        for i, a in enumerate(by_y):
            for b in by_y[i + 1 :]:
                dy = places[b][1] - places[a][1]
                if dy >= height:
                    break
                dx = places[b][0] - places[a][0]
                if abs(dx) < width:
                    push = (height - dy) / 2 + 0.5
                    places[a][1] -= push
                    places[b][1] += push
                    moved = True
        if not moved:
            break
    return places


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


def words(edge: Edge, titles: dict[str, str]) -> str:
    """Why an edge is there, in a sentence."""
    if edge.kind == "builds_on":
        reason = readable(edge.reason) or f"builds on {titles[edge.target]}"
        return f"{reason[:1].upper()}{reason[1:]} ({edge.basis}, {edge.weight:.2f})"
    if edge.kind == "similar":
        shared = ", ".join(map(readable, edge.via_names[:5]))
        return f"Similar, {edge.weight:.2f}" + (
            f": both name {shared}" if shared else ": close in their words"
        )
    if edge.reason:
        return f"{edge.reason[:1].upper()}{edge.reason[1:]}"
    return f"{edge.kind.replace('_', ' ').capitalize()} {titles[edge.target]}"


def drawn_kind(edge: Edge) -> str:
    """The kind as the legend names it: builds-on edges by their basis, all others by their kind."""
    return edge.basis if edge.kind == "builds_on" and edge.basis else edge.kind


def figure(found: Neighbourhood) -> dict[str, Any]:
    """{"nodes", "edges", "options"} for vis-network, with what the page's panel and legend need beside."""
    network = _network_class()(directed=True, cdn_resources="local")
    titles = {n.id: readable(n.title) for n in found.nodes}
    degree: dict[str, int] = {}
    for e in found.edges:
        for end in (e.source, e.target):
            degree[end] = degree.get(end, 0) + 1
    places = _positions(found.nodes, found.edges)
    for n in found.nodes:
        x, y = places[n.id]
        concept = n.kind == "concept"
        network.add_node(
            n.id,
            label=_label(n),
            shape=_SHAPES.get(n.type or "", "dot") if concept else "dot",
            size=round(9 + 3.2 * math.sqrt(degree.get(n.id, 0)), 1),
            x=x,
            y=y,
            name=titles[n.id],
            type=n.type if concept else None,
            outside=not n.listed,
            centre=n.centre,
            note=_note(n),
        )
    for i, e in enumerate(found.edges):
        network.add_edge(
            e.source,
            e.target,
            id=f"e{i}",
            kind=drawn_kind(e),
            weight=e.weight,
            words=words(e, titles),
            paper=e.source,
            evidence=[q.as_dict() for q in e.evidence],
            arrows="" if e.kind in ("similar", "shares") else "to",
        )
    network.set_options(json.dumps(_OPTIONS))
    return {"nodes": network.nodes, "edges": network.edges, "options": network.options}
