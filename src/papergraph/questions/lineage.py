"""What a paper stands on, and what stands on it, step by step over BUILDS_ON and CITES."""

from __future__ import annotations

from papergraph.errors import UsageError
from papergraph.questions.answers import Ancestry
from papergraph.questions.catalogue import Catalogue, catalogue
from papergraph.questions.links import Kind, Link, builds_on, cites
from papergraph.questions.names import names
from papergraph.store.base import GraphStore

DIRECTIONS = ("ancestors", "descendants")
DEEPEST = 10


def lineage(store: GraphStore, paper: str, direction: str = "ancestors", depth: int = 3) -> list[Ancestry]:
    """The papers that `paper` builds on (ancestors) or that build on it (descendants), within `depth` steps.

    Each paper stands once, at its least depth, with the strongest edge that reaches it; papers outside the
    listings are among them. Nearest first, then stated before inferred before cited, then by confidence.
    Raises NotFoundError for a paper that is not here, UsageError for another direction or a depth outside 1
    to 10.
    """
    if direction not in DIRECTIONS:
        raise UsageError(f"direction is {direction!r}, but must be {' or '.join(DIRECTIONS)}")
    if not 1 <= depth <= DEEPEST:
        raise UsageError(f"depth is {depth}, but must be from 1 to {DEEPEST}")
    cat = catalogue(store)
    start = names(store).resolve_paper(paper).paper.id
    back = direction == "descendants"
    seen, frontier = {start}, [start]
    out: list[Ancestry] = []
    for step in range(1, depth + 1):
        edges = builds_on(store, cat, frontier, back=back) + cites(store, frontier, back=back)
        layer: list[Ancestry] = []
        for edge in sorted(edges, key=strength):
            parent, found = (edge.target, edge.source) if back else (edge.source, edge.target)
            if found not in seen:
                seen.add(found)
                layer.append(_row(cat, edge, step, parent, found))
        out += layer
        frontier = [a.id for a in layer]
        if not frontier:
            break
    return out


def strength(edge: Link) -> tuple[int, float, str, str]:
    """Sort key of an edge between papers: said by a reader, stated, inferred, cited; then the surest."""
    order = {"corrected": 0, "stated": 1, "inferred": 2}.get(edge.basis or "", 3)
    return order, -edge.weight, edge.source, edge.target


def _row(cat: Catalogue, edge: Link, step: int, parent: str, found: str) -> Ancestry:
    cited = edge.kind == Kind.CITES
    return Ancestry(
        **cat.paper(found).as_dict(),
        depth=step,
        relation=edge.kind,
        basis=edge.basis,
        confidence=None if cited else edge.weight,
        via=cat.names(edge.via),
        reason=edge.reason,
        evidence=edge.evidence,
        parent=cat.paper(parent).title,
        parent_id=parent,
    )
