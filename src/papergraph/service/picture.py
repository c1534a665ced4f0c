"""What a view draws: the neighbourhood of its centres, and what was opened in place around its nodes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from papergraph import questions
from papergraph.questions.catalogue import kept
from papergraph.questions.neighbourhood import MOST_NODES, Edge, Neighbourhood, Node, edges_between
from papergraph.service.figure import drawn_kind
from papergraph.service.layout import Place, place_near, spring
from papergraph.service.view import View
from papergraph.store import GraphStore
from papergraph.text import plural

SIZES = (30, 60, 150, 300, MOST_NODES)
LEAST_OPENED = 30  # nodes that opening one may bring, even where the limit is lower
REMEMBERED = 64  # neighbourhoods: a reader who opens nodes in place asks for the same ones again and again


@dataclass(frozen=True, slots=True)
class Picture:
    """Nodes, edges and places; `notes` says in words what is not shown; `raised` is the next limit, where one
    cut.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    places: Mapping[str, Place]
    notes: tuple[str, ...]
    raised: int | None


def compose(store: GraphStore, view: View) -> Picture:
    """The picture of a view. What an expansion adds never moves what stood before it.

    Raises NotFoundError for a centre that is not here.
    """
    base = _around(store, view, (*view.centres, *view.concepts), view.depth, view.most)
    nodes = {n.id: n for n in base.nodes}
    edges = {_key(e): e for e in base.edges}
    distance = {n.id: n.distance for n in base.nodes}
    places = dict(spring(base.nodes, base.edges))
    places.update({n: at for n, at in view.pins.items() if n in places})
    notes = list(base.notes)
    cut = base.hidden > 0
    for opened in view.expanded:
        if opened not in nodes:
            continue
        more = _around(store, view, (opened,), 1, max(view.most, LEAST_OPENED))
        fresh = [n for n in more.nodes if n.id not in nodes][: MOST_NODES - len(nodes)]
        place_near(places, opened, (n.id for n in fresh))
        places.update({n.id: view.pins[n.id] for n in fresh if n.id in view.pins})
        for n in fresh:
            nodes[n.id] = n
            distance[n.id] = distance[opened] + 1
        edges.update((_key(e), e) for e in more.edges if e.source in nodes and e.target in nodes)
        if more.hidden:
            cut = True
            notes.append(f"around {nodes[opened].label}: {more.notes[0]}")
        elif not fresh:
            notes.append(f"{nodes[opened].label} leads to nothing that is not drawn already")
    if view.expanded:
        papers = [n.id for n in nodes.values() if n.kind == "paper"]
        edges.update((_key(e), e) for e in edges_between(store, papers, kinds=view.kinds))
    gone = view.hidden & set(nodes)
    if gone:
        notes.append(f"{plural(len(gone), 'node')} hidden by you")
    centres = {n.id for n in base.nodes if n.centre}
    shown = [n for n in nodes.values() if n.id not in gone]
    return Picture(
        tuple(replace(n, centre=n.id in centres, distance=distance[n.id]) for n in shown),
        tuple(e for e in edges.values() if not {e.source, e.target} & gone),
        places,
        tuple(notes),
        next((s for s in SIZES if s > view.most), None) if cut else None,
    )


def _around(store: GraphStore, view: View, centres: tuple[str, ...], depth: int, most: int) -> Neighbourhood:
    held, key = _remembered(store), (centres, depth, view.kinds, most, view.as_nodes)
    found = held.get(key)
    if found is None:
        found = questions.neighbourhood(
            store, centres, depth=depth, kinds=view.kinds, max_nodes=most, concepts=view.as_nodes
        )
        held[key] = found
        while len(held) > REMEMBERED:
            held.popitem(last=False)
    return found


@kept
def _remembered(store: GraphStore) -> OrderedDict[tuple[Any, ...], Neighbourhood]:
    return OrderedDict()


def _key(edge: Edge) -> tuple[str, str, str]:
    """Names an edge; a mutual similarity is one edge whichever end it was read from."""
    ends = sorted((edge.source, edge.target)) if edge.mutual else [edge.source, edge.target]
    return drawn_kind(edge), ends[0], ends[1]
