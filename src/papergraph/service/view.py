"""What a picture shows, as its address says it: a copied link gives the same picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask import request

from papergraph.errors import UsageError
from papergraph.questions.links import Kind
from papergraph.questions.neighbourhood import DEFAULT_KINDS, MOST_NODES
from papergraph.service.layout import Place
from papergraph.service.pages import settings, whole_number

MOST_CENTRES, MOST_CONCEPTS, MOST_EXPANDED, MOST_HIDDEN = 50, 8, 40, 300


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


def _texts(name: str, most: int) -> tuple[str, ...]:
    found = [v.strip()[:300] for v in request.args.getlist(name)]
    return tuple(dict.fromkeys(v for v in found if v))[:most]


def _kinds() -> tuple[Kind, ...]:
    wanted = [v for v in request.args.getlist("kind") if v]
    for kind in wanted:
        if kind not in set(Kind):
            raise UsageError(f"kind is {kind[:40]!r}, but must be one of {', '.join(Kind)}")
    return tuple(k for k in Kind if k in wanted) or DEFAULT_KINDS


def _pins() -> dict[str, Place]:
    """Places of nodes that were dragged, written X,Y,ID."""
    pins: dict[str, Place] = {}
    for text in _texts("pin", MOST_HIDDEN):
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
    return View(
        centres=_texts("centre", MOST_CENTRES),
        concepts=_texts("concept", MOST_CONCEPTS),
        expanded=_texts("expand", MOST_EXPANDED),
        hidden=frozenset(_texts("hide", MOST_HIDDEN)),
        pins=_pins(),
        kinds=_kinds(),
        depth=whole_number("depth", 1, 1, 2),
        most=whole_number("max", settings().max_nodes, 1, MOST_NODES),
        as_nodes=whole_number("concepts", 0, 0, 1) == 1,
    )
