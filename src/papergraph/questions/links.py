"""Edges between papers, as a store gives them, with their reasons in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from papergraph.questions.answers import Answer, Quote, quotes
from papergraph.questions.catalogue import Catalogue, read_in
from papergraph.store.base import GraphStore, Row
from papergraph.text import readable

MOST_NAMED = 4  # concepts that a reason names before it counts the rest


class Kind(StrEnum):
    """Kinds of edges between papers. SHARES is not in the graph: both papers name a rare concept."""

    BUILDS_ON = "builds_on"
    SIMILAR = "similar"
    CITES = "cites"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Link(Answer):
    """An edge between two papers. `source` builds on, cites or has as neighbour `target`; shares has no
    direction.
    """

    source: str  # paper ids
    target: str
    kind: str
    basis: str | None  # stated, inferred or corrected, for builds_on
    weight: float  # confidence or similarity in [0, 1]; 1 for cites
    mutual: bool  # similar in both lists; True for shares
    via: tuple[str, ...]  # concept ids: by which it builds on, or that both name, rarest first
    reason: str  # in words
    evidence: tuple[Quote, ...]  # stands in the source
    problem: float | None = None  # of similar: as in alike.Alike
    approach: float | None = None


def builds_on(store: GraphStore, cat: Catalogue, papers: Iterable[str], *, back: bool = False) -> list[Link]:
    """BUILDS_ON edges that leave some papers, or reach them (`back`)."""
    rows = read_in(store, "builds_on_to" if back else "builds_on_from", "papers", papers)
    return [
        Link(
            source=r["source"],
            target=r["target"],
            kind=Kind.BUILDS_ON.value,
            basis=r["basis"],
            weight=_round(r["confidence"]),
            mutual=False,
            via=tuple(r["via"] or ()),
            reason=r["reason"] or _builds_on_words(cat, r),
            evidence=quotes(r["evidence"], r["evidence_at"]),
        )
        for r in rows
    ]


def cites(store: GraphStore, papers: Iterable[str], *, back: bool = False) -> list[Link]:
    """CITES edges that leave some papers, or reach them (`back`)."""
    rows = read_in(store, "cites_to" if back else "cites_from", "papers", papers)
    return [
        Link(
            r["source"],
            r["target"],
            Kind.CITES.value,
            None,
            1.0,
            False,
            (),
            "cites it in its references",
            (),
        )
        for r in rows
    ]


def similar(store: GraphStore, cat: Catalogue, papers: Iterable[str], *, back: bool = False) -> list[Link]:
    """SIMILAR_TO edges that leave some papers, or reach them (`back`), in the order of their rank."""
    rows = read_in(store, "similar_to" if back else "similar_from", "papers", papers)
    return [
        Link(
            source=r["source"],
            target=r["target"],
            kind=Kind.SIMILAR.value,
            basis=None,
            weight=_round(r["score"]),
            mutual=bool(r["mutual"]),
            via=tuple(r["shared"] or ()),
            reason=_similar_words(cat, r),
            evidence=(),
            problem=rounded(r["problem"]),
            approach=rounded(r["approach"]),
        )
        for r in rows
    ]


def shares(store: GraphStore, cat: Catalogue, papers: Iterable[str]) -> list[Link]:
    """Pairs of the given papers that name the same rare concepts; the weight falls with the rarest one's
    papers.
    """
    holders: dict[str, list[str]] = {}
    for r in read_in(store, "pairs_of_papers", "papers", papers, most=cat.hub):
        holders.setdefault(r["concept"], []).append(r["paper"])
    common: dict[tuple[str, str], list[str]] = {}
    for concept, named_by in sorted(
        holders.items(), key=lambda h: (cat.concepts[h[0]].ref.paper_count, h[0])
    ):
        for i, a in enumerate(named_by):
            for b in named_by[i + 1 :]:
                common.setdefault((a, b) if a < b else (b, a), []).append(concept)
    return [shared_link(cat, a, b, concepts) for (a, b), concepts in sorted(common.items())]


def shared_link(cat: Catalogue, a: str, b: str, concepts: list[str]) -> Link:
    """An edge that says which rare concepts two papers share, rarest first."""
    rarest = cat.concepts[concepts[0]].ref.paper_count
    weight = _round(2 / max(2, rarest))
    return Link(
        a,
        b,
        Kind.SHARES.value,
        None,
        weight,
        True,
        tuple(concepts),
        f"both name {listed(cat, concepts)}",
        (),
    )


def listed(cat: Catalogue, concepts: Iterable[str]) -> str:
    """Names of concepts in words: "BERT, T5 and 3 more"."""
    names = [readable(n) for n in cat.names(concepts)]
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def view_words(problem: float | None, approach: float | None) -> str:
    """The scores of problem and approach, to stand behind the overall one: "; same problem 0.62"."""
    scores = (("same problem", problem), ("same approach", approach))
    return "".join(f"; {name} {score:.2f}" for name, score in scores if score is not None)


def _round(value: Any) -> float:
    return round(float(value), 4)


def rounded(score: float | None) -> float | None:
    """A score of a view as answers give it."""
    return None if score is None else _round(score)


def _builds_on_words(cat: Catalogue, r: Row) -> str:
    through = f" through {listed(cat, r['via'])}" if r["via"] else ""
    return f"builds on it{through} ({r['basis']})"


def _similar_words(cat: Catalogue, r: Row) -> str:
    mutual = ", in both lists" if r["mutual"] else ""
    words = f"near in subject and words ({r['score']:.2f}{mutual}{view_words(r['problem'], r['approach'])})"
    return f"{words}; both name {listed(cat, r['shared'])}" if r["shared"] else words
