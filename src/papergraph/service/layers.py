"""A lineage in layers, left to right: what a paper stands on at its left, what stands on it at its right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDE, HIGH = 210, 34  # a box, in pixels
GAP_X, GAP_Y = 90, 12
MARGIN = 12
SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Layers:
    """Upper left corners of boxes, and the size of the whole, in pixels."""

    places: Mapping[str, tuple[float, float]]
    width: int
    height: int


def layers(column: Mapping[str, int], edges: Sequence[tuple[str, str]]) -> Layers:
    """Places for nodes whose column is given (any integers) and for edges between them.

    Within a column nodes stand by the mean height of what they are joined to, in a few sweeps to and fro
    (barycentres: Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
    Structures", 1981); ties keep the given order, so the same input gives the same picture.
    """
    beside: dict[str, list[str]] = {n: [] for n in column}
    for a, b in edges:
        beside[a].append(b)
        beside[b].append(a)
    columns: dict[int, list[str]] = {}
    for node, at in column.items():
        columns.setdefault(at, []).append(node)
    order = sorted(columns)
    row = {n: float(i) for at in order for i, n in enumerate(columns[at])}
    for sweep in range(SWEEPS):
        for at in order if sweep % 2 else reversed(order):
            mean = {n: _mean([row[m] for m in beside[n] if column[m] != at], row[n]) for n in columns[at]}
            columns[at].sort(key=mean.__getitem__)
            top = _mean(list(mean.values()), 0.0) - (len(columns[at]) - 1) / 2
            row.update({n: top + i for i, n in enumerate(columns[at])})
    first = min(row.values(), default=0.0)
    places = {
        n: (float(MARGIN + order.index(at) * (WIDE + GAP_X)), MARGIN + (row[n] - first) * (HIGH + GAP_Y))
        for n, at in column.items()
    }
    width = 2 * MARGIN + len(order) * WIDE + (len(order) - 1) * GAP_X
    height = 2 * MARGIN + HIGH + max((y - MARGIN for _, y in places.values()), default=0.0)
    return Layers(places, width, round(height))


def _mean(values: list[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def curve(layout: Layers, a: str, b: str) -> str:
    """An SVG path from a box to another one: from side to side, or around where both stand in one column."""
    (ax, ay), (bx, by) = layout.places[a], layout.places[b]
    ay, by = ay + HIGH / 2, by + HIGH / 2
    if ax == bx:
        out = ax + WIDE
        return f"M{out:.1f},{ay:.1f} C{out + 36:.1f},{ay:.1f} {out + 36:.1f},{by:.1f} {out:.1f},{by:.1f}"
    if ax > bx:
        ax, ay, bx, by = bx, by, ax, ay
    ax += WIDE
    bend = (bx - ax) / 2
    return f"M{ax:.1f},{ay:.1f} C{ax + bend:.1f},{ay:.1f} {bx - bend:.1f},{by:.1f} {bx:.1f},{by:.1f}"
