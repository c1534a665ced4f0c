"""What a picture shows, as its address says it: a copied link gives the same picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

from papergraph.errors import UsageError
from papergraph.questions.links import Kind
from papergraph.questions.neighbourhood import DEFAULT_KINDS, MOST_NODES
from papergraph.service.layout import Place
from papergraph.service.pages import settings
from papergraph.service.parameters import Choice, Flag, Number, Text, several

MOST_CENTRES, MOST_CONCEPTS, MOST_EXPANDED, MOST_HIDDEN = 150, 150, 40, 300


@dataclass(frozen=True, slots=True)
class View:
    """A picture's state, as far as the server draws it; the page keeps its filters in the same address."""

    centres: tuple[str, ...]  # papers: ids or titles
    concepts: tuple[str, ...]  # ids or names
    expanded: tuple[str, ...]  # ids, in the order in which they were opened
    hidden: frozenset[str]  # ids
    pins: dict[str, Place]
    kinds: tuple[Kind, ...]
    depth: int
    most: int
    as_nodes: bool  # concepts drawn as nodes


KIND_WORDS = {
    Kind.BUILDS_ON: "builds on",
    Kind.SIMILAR: "similar",
    Kind.CITES: "cites",
    Kind.SHARES: "shared rare concepts",
}
CENTRE = several(Text(name="centre", help="a paper in the middle: id or title", most=1000), MOST_CENTRES)
CONCEPT = several(Text(name="concept", help="a concept in the middle: id or name", most=300), MOST_CONCEPTS)
EXPAND = several(Text(name="expand", help="id of a node to open, in this order", most=300), MOST_EXPANDED)
HIDE = several(Text(name="hide", help="id of a node to leave out", most=300), MOST_HIDDEN)
PIN = several(Text(name="pin", help="the place of a node, as X,Y,ID", most=400), MOST_HIDDEN)
KIND = several(
    Choice(
        name="kind",
        help="kinds of edges",
        allowed=KIND_WORDS,
    ),
    len(Kind),
)
DEPTH = Number(name="depth", help="steps from the middle; 0: the middle alone", low=0, high=2, default=1)
MOST = Number(name="max", help="papers at most", low=1, high=MOST_NODES, default=lambda: settings().max_nodes)
AS_NODES = Flag(name="concepts", help="1: draw concepts as nodes")
TAKES = (CENTRE, CONCEPT, EXPAND, HIDE, PIN, KIND, DEPTH, MOST, AS_NODES)


def _pins() -> dict[str, Place]:
    """Places of nodes that were dragged, written X,Y,ID."""
    pins: dict[str, Place] = {}
    for text in PIN.read():
        x, _, rest = text.partition(",")
        y, _, node = rest.partition(",")
        try:
            place = (float(x), float(y))
        except ValueError:
            place = (math.inf, math.inf)
        if not node or not all(-1e5 < v < 1e5 for v in place):
            raise UsageError(f"pin is {text[:60]!r}, but must be X,Y,ID, a place within the picture")
        pins[node] = place
    return pins


def read_view() -> View:
    """The view that the address of this request asks for. Raises UsageError on a value that cannot be."""
    kinds = KIND.read()
    return View(
        centres=tuple(CENTRE.read()),
        concepts=tuple(CONCEPT.read()),
        expanded=tuple(EXPAND.read()),
        hidden=frozenset(HIDE.read()),
        pins=_pins(),
        kinds=tuple(k for k in Kind if k in kinds) or DEFAULT_KINDS,
        depth=DEPTH.read(),
        most=MOST.read(),
        as_nodes=AS_NODES.read(),
    )
