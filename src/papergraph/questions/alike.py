"""Views of nearness, by what papers name: which are about the same problem, and which take the same approach.

The problem of a paper is in its tasks and benchmarks, its approach in the methods and models that it
introduces, extends or uses.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from papergraph.model import EntityType, Role
from papergraph.questions.answers import Answer, ConceptRef, PaperRef, Quote, quotes
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.names import names
from papergraph.store.base import GraphStore, Row


class View(StrEnum):
    """How papers are compared."""

    PROBLEM = "problem"
    APPROACH = "approach"


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
    """A paper that is alike in one view. `score`: the share, by rarity, of what the first paper names."""

    paper: PaperRef
    score: float
    shared: tuple[Shared, ...]  # the rarest first


@dataclass(frozen=True, slots=True)
class AlikeView(Answer):
    """The papers that are alike, the most alike first, and the concepts by which they were compared."""

    paper: PaperRef
    by: tuple[ConceptRef, ...]
    papers: tuple[Alike, ...]


def alike(store: GraphStore, paper: str, view: View, k: int = 20) -> AlikeView:
    """At most `k` papers that are alike to one (as Names.resolve_paper takes it). None where it names nothing
    of the view, or nobody else names the same. Raises NotFoundError for a paper that is not here.
    """
    cat = catalogue(store)
    ref = names(store).resolve_paper(paper).paper
    mine = {r["concept"] for r in read_in(store, "concepts_of", "papers", [ref.id]) if _counts(cat, r, view)}
    by = [cat.concepts[c].ref for c in sorted(mine, key=lambda c: (cat.concepts[c].ref.paper_count, c))]
    weight = {c.id: _rarity(cat, c) for c in by}
    total = sum(weight.values())
    held: dict[str, dict[str, Row]] = defaultdict(dict)
    for r in read_in(store, "papers_of", "concepts", mine):
        if r["paper"] != ref.id and _counts(cat, r, view):
            best = held[r["paper"]].get(r["concept"])
            if best is None or Role(r["role"]).rank < Role(best["role"]).rank:
                held[r["paper"]][r["concept"]] = r
    found = [
        Alike(
            cat.paper(p),
            round(sum(weight[c.id] for c in by if c.id in rows) / total, 4),
            tuple(_shared(cat, rows[c.id]) for c in by if c.id in rows),
        )
        for p, rows in held.items()
    ]
    found.sort(key=lambda a: (-a.score, a.paper.title, a.paper.id))
    return AlikeView(ref, tuple(by), tuple(found[:k]))


def _counts(cat: Catalogue, row: Row, view: View) -> bool:
    return cat.concepts[row["concept"]].ref.type in _TYPES[view] and row["role"] in _ROLES[view]


def _rarity(cat: Catalogue, concept: ConceptRef) -> float:
    """Inverse document frequency."""
    return math.log(1 + cat.listed / max(1, concept.paper_count))


def _shared(cat: Catalogue, row: Row) -> Shared:
    found = quotes(row["evidence"], row["evidence_at"])
    return Shared(cat.concepts[row["concept"]].ref, row["role"], found[0] if found else None)
