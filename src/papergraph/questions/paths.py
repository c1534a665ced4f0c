"""How two papers are connected: the cheapest path over edges between papers and rare concepts that two papers
share.

Both ends are widened layer by layer until they meet; the path is then Dijkstra's over what was read.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict

from papergraph.errors import UsageError
from papergraph.questions.answers import Step
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.links import (
    Kind,
    Link,
    builds_on,
    cites,
    shared_link,
    similar,
)
from papergraph.questions.names import names
from papergraph.store.base import GraphStore
from papergraph.text import readable

DEEPEST = 4  # layers read from each end
WIDEST = 2000  # papers of one layer that are widened further, the nearest first
COST_STATED, COST_CITED, COST_INFERRED = 1.0, 1.0, 1.3
COST_SIMILAR, COST_SHARED = 1.5, 1.8
COST_COMMON = 3.0  # more, for a shared concept that is nearly a hub

Edges = dict[tuple[str, str], Link]


def path(store: GraphStore, a: str, b: str) -> list[Step]:
    """The steps from paper `a` to paper `b`, each explained; empty where nothing but hubs joins them.

    A stated BUILDS_ON edge is the cheapest step, then citations, inferred edges, similarity (the higher the
    better) and shared concepts (the rarer the better). Raises NotFoundError for a paper that is not here,
    UsageError for twice the same.
    """
    cat = catalogue(store)
    start, goal = (names(store).resolve_paper(x).paper.id for x in (a, b))
    if start == goal:
        raise UsageError(f"both ends are the same paper: {cat.papers[start].title_plain}")
    edges: Edges = {}
    sides = ({start}, {goal})
    frontiers: tuple[set[str], set[str]] = ({start}, {goal})
    for layer in range(2 * DEEPEST):
        side = layer % 2
        frontiers[side].intersection_update(sorted(frontiers[side])[:WIDEST])
        reached = _widen(store, cat, frontiers[side], edges) - sides[side]
        sides[side].update(reached)
        frontiers[side].clear()
        frontiers[side].update(reached)
        if not reached or (sides[0] & sides[1] and side == 1):
            break
    return _cheapest(cat, edges, start, goal)


def _widen(store: GraphStore, cat: Catalogue, frontier: set[str], edges: Edges) -> set[str]:
    """Reads every edge that touches the frontier into `edges`, keeping the cheapest of a pair; the papers at
    their other ends.
    """
    papers = sorted(frontier)
    found: list[Link] = []
    for back in (False, True):
        found += builds_on(store, cat, papers, back=back) + cites(store, papers, back=back)
        found += similar(store, cat, papers, back=back)
    found += _shared(store, cat, papers)
    reached: set[str] = set()
    for link in found:
        key = (min(link.source, link.target), max(link.source, link.target))
        if key not in edges or _cost(cat, link) < _cost(cat, edges[key]):
            edges[key] = link
        reached.update(key)
    return reached


def _shared(store: GraphStore, cat: Catalogue, papers: list[str]) -> list[Link]:
    """Links from the papers to all that name one of their rare concepts."""
    named: dict[str, list[str]] = defaultdict(list)
    for r in read_in(store, "pairs_of_papers", "papers", papers, most=cat.hub):
        named[r["concept"]].append(r["paper"])
    common: dict[tuple[str, str], list[str]] = defaultdict(list)
    for r in read_in(store, "pairs_of_concepts", "concepts", named):
        for paper in named[r["concept"]]:
            if paper != r["paper"]:
                common[min(paper, r["paper"]), max(paper, r["paper"])].append(r["concept"])
    out = []
    for (x, y), concepts in sorted(common.items()):
        rarest = sorted(set(concepts), key=lambda c: (cat.concepts[c].ref.paper_count, c))
        out.append(shared_link(cat, x, y, rarest))
    return out


def _cost(cat: Catalogue, link: Link) -> float:
    if link.kind == Kind.BUILDS_ON:
        return COST_STATED if link.basis != "inferred" else COST_INFERRED + (1 - link.weight)
    if link.kind == Kind.CITES:
        return COST_CITED
    if link.kind == Kind.SIMILAR:
        return COST_SIMILAR + (1 - link.weight)
    rarest = cat.concepts[link.via[0]].ref.paper_count
    return COST_SHARED + COST_COMMON * math.log2(max(1, rarest)) / math.log2(cat.hub)


def _cheapest(cat: Catalogue, edges: Edges, start: str, goal: str) -> list[Step]:
    beside: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for (x, y), link in sorted(edges.items()):
        beside[x].append((y, link))
        beside[y].append((x, link))
    queue: list[tuple[float, str]] = [(0.0, start)]
    best = {start: 0.0}
    before: dict[str, tuple[str, Link]] = {}
    while queue:
        cost, paper = heapq.heappop(queue)
        if paper == goal:
            break
        if cost > best[paper]:
            continue
        for other, link in beside[paper]:
            total = round(cost + _cost(cat, link), 6)
            if total < best.get(other, float("inf")):
                best[other] = total
                before[other] = (paper, link)
                heapq.heappush(queue, (total, other))
    if goal not in before:
        return []
    steps: list[Step] = []
    at = goal
    while at != start:
        previous, link = before[at]
        steps.append(_step(cat, link, previous, at))
        at = previous
    return steps[::-1]


_FORWARD = {
    Kind.BUILDS_ON: "builds_on",
    Kind.CITES: "cites",
    Kind.SIMILAR: "similar",
    Kind.SHARES: "shares",
}
_BACKWARD = _FORWARD | {Kind.BUILDS_ON: "built_on_by", Kind.CITES: "cited_by"}


def _step(cat: Catalogue, link: Link, source: str, target: str) -> Step:
    kind = Kind(link.kind)
    forward = link.source == source
    p, q = cat.papers[source], cat.papers[target]
    younger, older = (p, q) if forward else (q, p)
    a, b = (
        _label(younger.ref.short, younger.title_plain),
        _label(older.ref.short, older.title_plain),
    )
    words = {
        Kind.BUILDS_ON: f"{a} builds on {b} ({link.basis}, {link.weight:.2f}): {link.reason}",
        Kind.CITES: f"{a} cites {b}",
        Kind.SIMILAR: f"{a} and {b} are {link.reason}",
        Kind.SHARES: f"{a} and {b}: {link.reason}",
    }[kind]
    names_ = _FORWARD if forward else _BACKWARD
    confidence = None if kind is Kind.CITES else link.weight
    return Step(
        p.ref.title,
        q.ref.title,
        names_[kind],
        words,
        confidence,
        link.evidence,
        source,
        target,
    )


def _label(short: str, title: str) -> str:
    return readable(short) or title
