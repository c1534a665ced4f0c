"""The lineage of a paper: what it stands on and what stands on it, as a layered picture and as a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from papergraph import questions
from papergraph.questions.answers import Ancestry, PaperRef
from papergraph.questions.neighbourhood import Edge, edges_between
from papergraph.service.figure import drawn_kind
from papergraph.service.layers import HIGH, WIDE, curve, layers
from papergraph.service.pages import Data, page, store
from papergraph.service.parameters import Choice, Number, Text
from papergraph.text import plural, readable

DIRECTIONS = {"both": "both ways", "ancestors": "what it stands on", "descendants": "what stands on it"}
MOST = 60  # papers of each side that are drawn; the list holds all
LABEL = 30  # characters


def _label(paper: PaperRef) -> str:
    text = readable(paper.short) or readable(paper.title)
    year = f" ({paper.year})" if paper.year else ""
    room = LABEL - len(year)
    return (text if len(text) <= room else text[: room - 1].rstrip() + "…") + year


def _drawing(paper: PaperRef, back: list[Ancestry], on: list[Ancestry]) -> LineageDrawing:
    """Boxes and curves for an SVG: ancestors in the columns to the left, descendants to the right."""
    refs: dict[str, PaperRef] = {paper.id: paper}
    column = {paper.id: 0}
    for rows, side in ((back[:MOST], -1), (on[:MOST], 1)):
        for row in rows:
            if row.id not in column:
                refs[row.id], column[row.id] = row, side * row.depth
    edges = edges_between(store(), list(column), kinds=("builds_on", "cites"))
    layout = layers(column, [(e.source, e.target) for e in edges])
    return {
        "width": layout.width,
        "height": layout.height,
        "box": {"width": WIDE, "height": HIGH},
        "boxes": [
            {
                "id": n,
                "label": _label(refs[n]),
                "title": readable(refs[n].title),
                "x": round(x, 1),
                "y": round(y, 1),
                "outside": not refs[n].listed,
                "centre": n == paper.id,
            }
            for n, (x, y) in layout.places.items()
        ],
        "curves": [
            {
                "path": curve(layout, e.target, e.source),
                "kind": drawn_kind(e),
                "source": e.source,
                "target": e.target,
                "words": _words(e, refs),
            }
            for e in edges
        ],
    }


def _words(edge: Edge, refs: dict[str, PaperRef]) -> str:
    a, b = readable(refs[edge.source].title), readable(refs[edge.target].title)
    verb = "cites" if edge.kind == "cites" else f"builds on ({edge.basis}, {edge.weight:.2f})"
    return f"{a} {verb} {b}: {readable(edge.reason)}"


class Box(TypedDict):
    """A paper of the drawing."""

    id: str
    label: str
    title: str
    x: float
    y: float
    outside: bool
    centre: bool


class Curve(TypedDict):
    """An edge of the drawing, as an SVG path."""

    path: str
    kind: str
    source: str
    target: str
    words: str


class LineageDrawing(TypedDict):
    """Boxes and curves, in pixels; `box` is the size of each box."""

    width: int
    height: int
    box: dict[str, float]
    boxes: list[Box]
    curves: list[Curve]


@dataclass(frozen=True, slots=True)
class Relative(Ancestry):
    """A paper of a lineage; `strength` is stated, inferred or cites."""

    strength: str


class Side(TypedDict):
    """Ancestors, or descendants."""

    side: str
    papers: list[Relative]


class LineageAnswer(TypedDict):
    """What a paper stands on and what stands on it."""

    paper: PaperRef | None
    direction: str
    directions: dict[str, str]
    depth: int
    sides: list[Side]
    drawing: LineageDrawing | None
    notes: list[str]


PAPER = Text(name="paper", help="id, DOI, arXiv id, title or label of a paper", most=1000)
DIRECTION = Choice(name="direction", help="which way", allowed=DIRECTIONS, default="both")
DEPTH = Number(name="depth", help="steps at most", low=1, high=10, default=3)


@page("/lineage", "lineage.html", takes=(PAPER, DIRECTION, DEPTH), answer=LineageAnswer)
def lineage() -> Data:
    """A paper's ancestors and descendants; without a paper, a form that asks for one."""
    asked, direction, depth = PAPER.read(), DIRECTION.read(), DEPTH.read()
    data: Data = {
        "paper": None,
        "direction": direction,
        "directions": DIRECTIONS,
        "depth": depth,
        "sides": [],
        "drawing": None,
        "notes": [],
    }
    if not asked:
        return data
    held = store()
    paper = questions.names(held).resolve_paper(asked).paper
    sides = {
        side: questions.lineage(held, paper.id, side, depth) if direction in ("both", side) else []
        for side in ("ancestors", "descendants")
    }
    data["paper"] = questions.catalogue(held).paper(paper.id).as_dict()
    data["sides"] = [
        {"side": side, "papers": [{**a.as_dict(), "strength": a.basis or "cites"} for a in rows]}
        for side, rows in sides.items()
        if direction in ("both", side)
    ]
    data["notes"] = [
        f"{DIRECTIONS[side]}: drawn are the nearest {MOST} of {plural(len(rows), 'paper')}; the list has all"
        for side, rows in sides.items()
        if len(rows) > MOST
    ]
    if any(sides.values()):
        data["drawing"] = _drawing(
            questions.catalogue(held).paper(paper.id), sides["ancestors"], sides["descendants"]
        )
    return data
