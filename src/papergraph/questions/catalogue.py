"""What the questions keep in memory of a graph: papers, concepts and variants, read once a store.

Edges are not kept: each question reads those that it needs.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from papergraph.questions.answers import ConceptRef, PaperRef
from papergraph.store.base import GraphStore, Row

T = TypeVar("T")
# A concept that more than this share of the listed papers names says little about two of them.
HUB_SHARE = 0.03
HUB_LEAST = 8  # papers; with fewer a concept is never a hub
CHUNK = 500  # ids that travel in one query


@dataclass(frozen=True, slots=True)
class CataloguePaper:
    """A paper with the texts that it is searched by."""

    ref: PaperRef
    title_plain: str
    abstract: str
    doi: str | None
    arxiv_id: str | None


@dataclass(frozen=True, slots=True)
class CatalogueConcept:
    """A concept with its other names and its origin."""

    ref: ConceptRef
    aliases: tuple[str, ...]
    origin_title: str | None
    origin_year: int | None
    origin_arxiv_id: str | None
    origin_paper: str | None  # id of a paper node


class Catalogue:
    """Papers and concepts by id, in the order of their ids, and which concept is a variant of which."""

    def __init__(self, store: GraphStore) -> None:
        self.papers = {r["id"]: _paper(r) for r in read(store, "catalogue_papers")}
        self.concepts = {r["id"]: _concept(r) for r in read(store, "catalogue_concepts")}
        self.variants: dict[str, list[str]] = defaultdict(list)  # concept -> its direct variants
        self.bases: dict[str, list[str]] = defaultdict(list)  # concept -> what it is a variant of
        for row in read(store, "catalogue_variants"):
            self.variants[row["target"]].append(row["source"])
            self.bases[row["source"]].append(row["target"])
        self.introduced_by: dict[str, list[str]] = defaultdict(list)  # concept -> papers
        for row in read(store, "introductions"):
            self.introduced_by[row["concept"]].append(row["paper"])
        self.listed = sum(p.ref.listed for p in self.papers.values())

    @property
    def hub(self) -> int:
        """A concept that more papers than this name is a hub."""
        return max(HUB_LEAST, int(self.listed * HUB_SHARE))

    def paper(self, paper: str) -> PaperRef:
        return self.papers[paper].ref

    def names(self, concepts: Iterable[str]) -> tuple[str, ...]:
        """Names of concepts given by id, in the given order."""
        return tuple(self.concepts[c].ref.name for c in concepts if c in self.concepts)

    def descendants(self, concept: str) -> list[str]:
        """All variants of a concept, of its variants, and so on; sorted, without itself."""
        seen = {concept}
        open_ = [concept]
        while open_:
            for variant in self.variants.get(open_.pop(), ()):
                if variant not in seen:
                    seen.add(variant)
                    open_.append(variant)
        return sorted(seen - {concept})


def _paper(r: Row) -> CataloguePaper:
    ref = PaperRef(r["id"], r["title"], r["short"] or "", r["kind"], r["year"], bool(r["listed"]))
    return CataloguePaper(
        ref,
        r["title_plain"] or r["title"],
        r["abstract"] or "",
        r["doi"],
        r["arxiv_id"],
    )


def _concept(r: Row) -> CatalogueConcept:
    ref = ConceptRef(r["id"], r["name"], r["type"], r["paper_count"])
    origin = (
        r["origin_title"],
        r["origin_year"],
        r["origin_arxiv_id"],
        r["origin_paper"],
    )
    return CatalogueConcept(ref, tuple(r["aliases"] or ()), *origin)


def read(store: GraphStore, query: str, **parameters: Any) -> list[Row]:
    """The rows of cypher/internal/<query>.cypher."""
    return store.run(query, **parameters)


def read_in(store: GraphStore, query: str, key: str, ids: Iterable[str], **parameters: Any) -> list[Row]:
    """The rows of an internal query over a list of ids of any length, sent in pieces; ids sorted first."""
    wanted = sorted(set(ids))
    rows: list[Row] = []
    for start in range(0, len(wanted), CHUNK):
        rows += read(store, query, **{key: wanted[start : start + CHUNK]}, **parameters)
    return rows


_kept: WeakKeyDictionary[GraphStore, dict[Any, Any]] = WeakKeyDictionary()
_lock = threading.RLock()


def kept(build: Callable[[GraphStore], T]) -> Callable[[GraphStore], T]:
    """Remembers what `build` makes of a store for as long as the store lives: it shows one generation."""

    def get(store: GraphStore) -> T:
        with _lock:
            held = _kept.setdefault(store, {})
            if build not in held:
                held[build] = build(store)
            return held[build]

    return get


@kept
def catalogue(store: GraphStore) -> Catalogue:
    """The catalogue of a store."""
    return Catalogue(store)
