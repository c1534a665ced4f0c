"""Views of nearness: which papers work on the same problem, and which take the same approach.

The order is that of the ALIKE edges, which come from what the papers say. The words of explanation are what
both name: of a problem tasks and benchmarks, of an approach the methods and models that a paper introduces,
extends or uses.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from papergraph.model import EntityType, Role, View
from papergraph.questions.answers import Answer, ConceptRef, PaperRef, Quote, quotes
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.links import rounded
from papergraph.questions.names import names
from papergraph.store.base import GraphStore, Row

_TYPES = {
    View.PROBLEM: {EntityType.TASK, EntityType.BENCHMARK},
    View.APPROACH: {EntityType.METHOD, EntityType.MODEL},
}
_ROLES = {
    View.PROBLEM: set(Role),
    View.APPROACH: {Role.INTRODUCES, Role.BUILDS_ON, Role.USES},
}


@dataclass(frozen=True, slots=True)
class Shared(Answer):
    """A concept that two papers name, and where the other one names it."""

    concept: ConceptRef
    role: str
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Alike(Answer):
    """A paper that is alike in one view. `problem` and `approach`: the probability that a reader says that
    both work on the same problem, or take the same approach; None where a text says nothing of it.
    """

    paper: PaperRef
    score: float  # that of the view
    rank: int  # from 1
    mutual: bool  # whether it has the first paper among its nearest, too
    problem: float | None
    approach: float | None
    shared: tuple[Shared, ...]  # what both name, the rarest first


@dataclass(frozen=True, slots=True)
class AlikeView(Answer):
    """The papers that are alike, the most alike first, and what the paper itself names of the view."""

    paper: PaperRef
    by: tuple[ConceptRef, ...]
    papers: tuple[Alike, ...]


def alike(store: GraphStore, paper: str, view: View, k: int = 20) -> AlikeView:
    """At most `k` papers that are alike to one (as Names.resolve_paper takes it); the graph holds as many as
    similar_k said when it was built. None for a paper outside the listings, or where the graph was built
    without views. Raises NotFoundError for a paper that is not here.
    """
    cat = catalogue(store)
    ref = names(store).resolve_paper(paper).paper
    rank = f"{view}_rank"
    rows = [r for r in read_in(store, "alike_from", "papers", [ref.id]) if r[rank] is not None]
    rows = sorted(rows, key=lambda r: int(r[rank]))[:k]
    named = _named(store, cat, [ref.id, *(r["target"] for r in rows)], view)
    mine = sorted(named[ref.id], key=lambda c: (cat.concepts[c].ref.paper_count, c))
    return AlikeView(
        ref,
        tuple(cat.concepts[c].ref for c in mine),
        tuple(
            Alike(
                cat.paper(r["target"]),
                round(r[view], 4),
                r[rank],
                r[f"{view}_back"] is not None,
                rounded(r["problem"]),
                rounded(r["approach"]),
                tuple(_shared(cat, theirs[c]) for c in mine if c in (theirs := named[r["target"]])),
            )
            for r in rows
        ),
    )


def _named(store: GraphStore, cat: Catalogue, papers: list[str], view: View) -> dict[str, dict[str, Row]]:
    """By paper and concept: the strongest edge of the view."""
    named: dict[str, dict[str, Row]] = defaultdict(dict)
    for r in read_in(store, "concepts_of", "papers", papers):
        if cat.concepts[r["concept"]].ref.type in _TYPES[view] and r["role"] in _ROLES[view]:
            best = named[r["paper"]].get(r["concept"])
            if best is None or Role(r["role"]).rank < Role(best["role"]).rank:
                named[r["paper"]][r["concept"]] = r
    return named


def _shared(cat: Catalogue, row: Row) -> Shared:
    found = quotes(row["evidence"], row["evidence_at"])
    return Shared(cat.concepts[row["concept"]].ref, row["role"], found[0] if found else None)
