"""The map of the listings as a drawing: all papers in one picture, in clusters."""

from __future__ import annotations

import math
from typing import TypedDict

from papergraph.questions.answers import PaperRef
from papergraph.questions.catalogue import kept
from papergraph.questions.clusters import Cluster, Clusters, clusters
from papergraph.store.base import GraphStore
from papergraph.text import plural, readable

MOST = 500  # papers drawn as dots; with more, clusters only
DOT, STEP = 6.0, 17.0  # radius of a dot and distance between dots, in pixels
LINE, LETTER, GAP = 17.0, 8.6, 22.0  # height and width of a letter of a name; room between clusters
GOLDEN = math.pi * (3 - math.sqrt(5))
ALONE = "alone"  # stands for the papers without a mutual neighbour, where clusters have numbers
ALONE_NAME = "In no cluster"


class Disc(TypedDict):
    """A cluster: a disc with its name above it, line by line."""

    cluster: str
    lines: list[str]
    size: str
    x: float
    y: float
    radius: float


class Dot(TypedDict):
    """A paper."""

    id: str
    title: str
    kind: str
    x: float
    y: float
    radius: float


class Drawing(TypedDict):
    """The map, in pixels from (0, 0); an edge is x, y, x, y."""

    width: int
    height: int
    discs: list[Disc]
    dots: list[Dot]
    edges: list[list[float]]


def heading(cluster: Cluster) -> str:
    """The name of a cluster as a heading."""
    text = cluster.name
    return text[:1].upper() + text[1:]


@kept
def drawing(store: GraphStore) -> Drawing:
    """Discs, dots and lines for an SVG, in pixels from (0, 0)."""
    found = clusters(store)
    total = sum(len(c.papers) for c in found.clusters) + len(found.alone)
    groups: list[tuple[str, str, tuple[PaperRef, ...]]] = [
        (str(c.number), heading(c), c.papers) for c in found.clusters
    ]
    if found.alone:
        groups.append((ALONE, ALONE_NAME, found.alone))
    radii = [max(26.0, STEP * math.sqrt(len(papers)) * 0.6 + DOT) for _, _, papers in groups]
    names = [_lines(name, radius) for (_, name, _), radius in zip(groups, radii, strict=True)]
    heads = [LINE * len(lines) + LINE for lines in names]
    boxes = [
        (max(2 * radius, LETTER * max(map(len, lines))) + GAP, 2 * radius + head + GAP)
        for radius, lines, head in zip(radii, names, heads, strict=True)
    ]
    corners = _packed(boxes)
    dots = total <= MOST
    places: dict[str, tuple[float, float]] = {}
    discs: list[Disc] = []
    for i, (key, _, papers) in enumerate(groups):
        x, y = corners[i][0] + boxes[i][0] / 2, corners[i][1] + heads[i] + radii[i]
        for j, p in enumerate(papers):
            turn, far = j * GOLDEN, STEP * 0.58 * math.sqrt(j + 0.3)
            places[p.id] = (round(x + far * math.cos(turn), 1), round(y + far * math.sin(turn), 1))
        discs.append(
            {
                "cluster": key,
                "lines": names[i],
                "size": plural(len(papers), "paper"),
                "x": round(x, 1),
                "y": round(y, 1),
                "radius": round(radii[i], 1),
            }
        )
    return {
        "width": math.ceil(max(x + w for (x, _), (w, _) in zip(corners, boxes, strict=True))),
        "height": math.ceil(max(y + h for (_, y), (_, h) in zip(corners, boxes, strict=True))),
        "discs": discs,
        "dots": [_dot(p, *places[p.id]) for _, _, papers in groups for p in papers] if dots else [],
        "edges": _edges(found, places) if dots else [],
    }


def _dot(paper: PaperRef, x: float, y: float) -> Dot:
    return {
        "id": paper.id,
        "title": readable(paper.title),
        "kind": paper.kind or "paper",
        "x": x,
        "y": y,
        "radius": DOT,
    }


def _edges(found: Clusters, places: dict[str, tuple[float, float]]) -> list[list[float]]:
    return [[*places[a], *places[b]] for a, b, _ in found.edges]


def _lines(name: str, radius: float) -> list[str]:
    """A name in at most three lines, about as wide as its disc."""
    room = max(18, int(radius / 3.6))
    lines: list[str] = [""]
    for word in name.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 3:
        lines = [*lines[:2], lines[2].rstrip(",") + "…"]
    return lines


def _packed(boxes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Upper left corners of boxes that do not overlap, together wider than high, from (0, 0) on.

    Each in turn stands as near to the middle as there is room.
    """
    placed: list[tuple[float, float, float, float]] = []  # middles and halves of the sides
    for wide, high in boxes:
        placed.append((*_nearest_room(placed, wide / 2, high / 2), wide / 2, high / 2))
    left = min((x - w for x, _, w, _ in placed), default=0.0)
    top = min((y - h for _, y, _, h in placed), default=0.0)
    return [(x - w - left, y - h - top) for x, y, w, h in placed]


def _nearest_room(
    placed: list[tuple[float, float, float, float]], wide: float, high: float
) -> tuple[float, float]:
    for ring in range(2000):
        spots = max(1, ring * 6)
        for i in range(spots):
            turn, far = 2 * math.pi * i / spots, ring * 12.0
            x, y = far * math.cos(turn) * 1.6, far * math.sin(turn)
            if all(abs(x - px) >= wide + w or abs(y - py) >= high + h for px, py, w, h in placed):
                return x, y
    raise AssertionError("a plane has room for every box")
