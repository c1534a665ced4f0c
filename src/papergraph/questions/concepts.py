"""One concept: who introduces it, who builds on it, who uses it, and what it is named together with."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from papergraph.errors import NotFoundError
from papergraph.model import EntityType, Role
from papergraph.questions.answers import Answer, ConceptRef, PaperRef, Quote, quotes
from papergraph.questions.catalogue import Catalogue, catalogue, read, read_in
from papergraph.questions.names import names
from papergraph.store.base import GraphStore

TOGETHER = 12  # concepts of a type that are shown as named together


@dataclass(frozen=True, slots=True)
class RolePaper(Answer):
    """A paper that gives a concept a role. `match` is name, or variant with the variant's name in `name`."""

    paper: PaperRef
    name: str
    match: str
    confidence: float
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Together(Answer):
    """A concept that `together` of the same papers name."""

    id: str
    name: str
    type: str
    together: int


@dataclass(frozen=True, slots=True)
class ConceptPage(Answer):
    """Everything that the graph says of a concept."""

    concept: ConceptRef
    aliases: tuple[str, ...]
    origin: dict[str, Any] | None  # title, year, arxiv_id
    origin_paper: str | None  # id of a paper node
    papers: dict[
        str, tuple[RolePaper, ...]
    ]  # by role, strongest role first; the most certain first
    bases: tuple[ConceptRef, ...]  # what it is a variant of
    variants: tuple[ConceptRef, ...]
    together: dict[str, tuple[Together, ...]]  # by type, the most often first
    years: dict[str, int]  # papers that name it, by year, where known


def concept(store: GraphStore, asked: str) -> ConceptPage:
    """The page of a concept, by id or name. Raises NotFoundError for one that is not here."""
    cat = catalogue(store)
    ref = (
        cat.concepts[asked].ref
        if asked in cat.concepts
        else names(store).resolve(asked).concept
    )
    held = cat.concepts[ref.id]
    papers: dict[str, list[RolePaper]] = {role.value: [] for role in Role}
    for r in read(store, "papers_of", concepts=[ref.id]):
        papers[r["role"]].append(
            RolePaper(
                cat.paper(r["paper"]),
                r["named"],
                "name",
                round(r["confidence"], 4),
                quotes(r["evidence"], r["evidence_at"]),
            )
        )
    naming = sorted({p.paper.id for found in papers.values() for p in found})
    years = Counter(cat.paper(p).year for p in naming if cat.paper(p).year)
    return ConceptPage(
        concept=ref,
        aliases=held.aliases,
        origin={
            "title": held.origin_title,
            "year": held.origin_year,
            "arxiv_id": held.origin_arxiv_id,
        }
        if held.origin_title
        else None,
        origin_paper=held.origin_paper,
        papers={
            role: tuple(sorted(found, key=_order)) for role, found in papers.items()
        },
        bases=_refs(cat, cat.bases.get(ref.id, ())),
        variants=_refs(cat, cat.variants.get(ref.id, ())),
        together=_together(store, cat, ref.id, naming),
        years={str(y): n for y, n in sorted(years.items())},
    )


def _order(p: RolePaper) -> tuple[float, str, str]:
    return -p.confidence, p.paper.title, p.paper.id


def _refs(cat: Catalogue, ids: Any) -> tuple[ConceptRef, ...]:
    return tuple(
        sorted(
            (cat.concepts[c].ref for c in ids),
            key=lambda c: (-c.paper_count, c.name, c.id),
        )
    )


def _together(
    store: GraphStore, cat: Catalogue, concept_id: str, papers: list[str]
) -> dict[str, tuple[Together, ...]]:
    pairs = {
        (r["paper"], r["concept"])
        for r in read_in(store, "pairs_of_papers", "papers", papers, most=1_000_000_000)
    }
    count = Counter(c for _, c in pairs if c != concept_id)
    by_type: dict[str, list[Together]] = defaultdict(list)
    for c, n in sorted(
        count.items(), key=lambda x: (-x[1], cat.concepts[x[0]].ref.name, x[0])
    ):
        ref = cat.concepts[c].ref
        by_type[ref.type].append(Together(c, ref.name, ref.type, n))
    return {t.value: tuple(by_type[t.value][:TOGETHER]) for t in EntityType}


@dataclass(frozen=True, slots=True)
class ListingPage(Answer):
    """A listing with its papers in the order of the file; `at` is file:line."""

    listing: dict[str, Any]
    papers: tuple[dict[str, Any], ...]


def listings(store: GraphStore) -> list[dict[str, Any]]:
    """All listings with the number of their papers and entries, the oldest first."""
    return read(store, "listings")


def listing(store: GraphStore, asked: str) -> ListingPage:
    """A listing by id. Raises NotFoundError for one that is not here."""
    known = {r["id"]: r for r in listings(store)}
    if asked not in known:
        raise NotFoundError(f"no listing {asked!r}", "there are: " + ", ".join(known))
    cat = catalogue(store)
    rows = read(store, "listed_by", listing=asked)
    papers = tuple(
        {**cat.paper(r["id"]).as_dict(), "rank": r["rank"], "at": r["at"]} for r in rows
    )
    return ListingPage(known[asked], papers)
