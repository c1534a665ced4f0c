"""Places for the nodes of a picture: deterministic, and what stands already never moves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from papergraph.questions.neighbourhood import Edge, Node

if TYPE_CHECKING:
    import networkx as nx

Place = tuple[float, float]
SEED = 7
WIDE, HIGH = 150.0, 46.0  # room that a node takes with its label, in pixels


@lru_cache(maxsize=64)
def spring(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> Mapping[str, Place]:
    """Places in pixels: each connected part by Fruchterman and Reingold's spring layout (networkx) from a
    fixed seed, the parts in rows, the largest first.
    """
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(n.id for n in nodes)
    for e in edges:
        graph.add_edge(e.source, e.target, weight=0.3 + e.weight * (2.0 if e.basis else 1.0))
    order = {n.id: i for i, n in enumerate(nodes)}
    parts = [sorted(part, key=order.__getitem__) for part in nx.connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), order[part[0]]))
    return _packed([_part(graph, part) for part in parts])


def _part(graph: nx.Graph, part: list[str]) -> dict[str, list[float]]:
    """Places of a connected part, from (0, 0) on."""
    import networkx as nx

    count = len(part)
    inner = nx.Graph()
    inner.add_nodes_from(part)
    inner.add_edges_from(sorted(graph.subgraph(part).edges(data=True), key=lambda e: e[:2]))
    found = nx.spring_layout(
        inner, seed=SEED, k=2.6 / math.sqrt(count), iterations=120 if count < 120 else 60, scale=None
    )
    xs, ys = [float(p[0]) for p in found.values()], [float(p[1]) for p in found.values()]
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    wide = WIDE * 1.05 * math.sqrt(count - 1)
    placed = {
        n: [(float(x) - min(xs)) / span * wide, (float(y) - min(ys)) / span * wide * 0.75]
        for n, (x, y) in found.items()
    }
    spread = _spread(placed)
    top = min(y for _, y in spread.values())
    return {n: [x, y - top] for n, (x, y) in spread.items()}


def _packed(parts: list[dict[str, list[float]]]) -> dict[str, Place]:
    """Sets parts side by side in rows that together are about half again as wide as they are high."""
    boxes = [
        (max(x for x, _ in p.values()) + WIDE, max(y for _, y in p.values()) + 1.6 * HIGH) for p in parts
    ]
    room = max([math.sqrt(1.9 * sum(w * h for w, h in boxes)), *(w for w, _ in boxes)], default=0.0)
    places: dict[str, Place] = {}
    left = top = row = 0.0
    for part, (wide, high) in zip(parts, boxes, strict=True):
        if left and left + wide > room:
            left, top, row = 0.0, top + row, 0.0
        places.update({n: (round(left + x, 1), round(top + y, 1)) for n, (x, y) in part.items()})
        left, row = left + wide, max(row, high)
    return places


def _spread(places: dict[str, list[float]]) -> dict[str, list[float]]:
    """Moves nodes apart until no two take the same room, at most 60 passes."""
    for _ in range(60):
        moved = False
        by_y = sorted(places, key=lambda n: (places[n][1], n))
        for i, a in enumerate(by_y):
            for b in by_y[i + 1 :]:
                dy = places[b][1] - places[a][1]
                if dy >= HIGH:
                    break
                if abs(places[b][0] - places[a][0]) < WIDE:
                    push = (HIGH - dy) / 2 + 0.5
                    places[a][1] -= push
                    places[b][1] += push
                    moved = True
        if not moved:
            break
    return places


def place_near(places: dict[str, Place], centre: str, fresh: Iterable[str]) -> None:
    """Puts new nodes in free room around one that stands, nearest room first; moves nothing else."""
    x, y = places[centre]
    middle_x = sum(p[0] for p in places.values()) / len(places)
    middle_y = sum(p[1] for p in places.values()) / len(places)
    outward = math.atan2(y - middle_y, x - middle_x)
    for node in fresh:
        places[node] = next(p for p in _rings(x, y, outward) if _free(places, p))


def _rings(x: float, y: float, outward: float) -> Iterable[Place]:
    """Candidates on growing ellipses, on each from the outward side to the inward one."""
    ring = 1
    while True:
        steps = 6 * ring + 4
        for i in range(steps):
            turn = (i + 1) // 2 * (1 if i % 2 else -1) * 2 * math.pi / steps
            angle = outward + turn
            yield (
                round(x + (60 + 80 * ring) * math.cos(angle), 1),
                round(y + (30 + 46 * ring) * math.sin(angle), 1),
            )
        ring += 1


def _free(places: Mapping[str, Place], at: Place) -> bool:
    return all(abs(x - at[0]) >= WIDE * 0.8 or abs(y - at[1]) >= HIGH * 0.8 for x, y in places.values())
