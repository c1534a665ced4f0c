"""One concept, whole: who introduces it, who builds on it, who uses it, and what it goes together with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from papergraph.model import EntityType, Role
from papergraph.questions.answers import Answer, ConceptRef, Connection, PaperRef
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.connected import connections
from papergraph.questions.names import names
from papergraph.store.base import GraphStore

MOST_TOGETHER = 12  # concepts of a type that are shown as named together


@dataclass(frozen=True, slots=True)
class ConceptPaper(Connection):
    """A paper's connection to the concept, or to a variant of it."""

    paper: PaperRef


@dataclass(frozen=True, slots=True)
class Together(ConceptRef):
    """A concept that `together` of the same papers name."""

    together: int


@dataclass(frozen=True, slots=True)
class OriginRef(Answer):
    """The paper that first introduced a concept."""

    title: str
    year: int
    arxiv_id: str | None


@dataclass(frozen=True, slots=True)
class ConceptView(Answer):
    """A concept and everything that is connected to it."""

    concept: ConceptRef
    aliases: tuple[str, ...]
    origin: OriginRef | None
    origin_paper: str | None  # id of its node
    bases: tuple[ConceptRef, ...]  # what it is a variant of
    variants: tuple[ConceptRef, ...]  # direct ones
    papers: dict[str, tuple[ConceptPaper, ...]]  # by role, the strongest role first; name before variant
    together: dict[str, tuple[Together, ...]]  # by concept type
    years: dict[str, int]  # papers that name it, by year


def concept(store: GraphStore, name: str) -> ConceptView:
    """Everything that the graph says of one concept, given by id or name. Raises NotFoundError where it has
    none.
    """
    cat = catalogue(store)
    id_ = name if name in cat.concepts else names(store).resolve(name).concept.id
    held = cat.concepts[id_]
    found = connections(store, cat, held.ref, variants=True)
    origin = (
        OriginRef(held.origin_title, held.origin_year or 0, held.origin_arxiv_id)
        if held.origin_title
        else None
    )
    years = Counter(str(cat.paper(p).year) for p in found if cat.paper(p).year)
    return ConceptView(
        concept=held.ref,
        aliases=held.aliases,
        origin=origin,
        origin_paper=held.origin_paper,
        bases=_refs(cat, cat.bases.get(id_, [])),
        variants=_refs(cat, cat.variants.get(id_, [])),
        papers=_by_role(cat, found),
        together=named_together(store, found, [id_]),
        years=dict(sorted(years.items())),
    )


def _refs(cat: Catalogue, ids: list[str]) -> tuple[ConceptRef, ...]:
    refs = [cat.concepts[i].ref for i in ids]
    return tuple(sorted(refs, key=lambda c: (-c.paper_count, c.name, c.id)))


def _by_role(cat: Catalogue, found: dict[str, list[Connection]]) -> dict[str, tuple[ConceptPaper, ...]]:
    rows = [
        ConceptPaper(
            c.concept,
            c.concept_id,
            c.name,
            c.type,
            c.role,
            c.match,
            c.confidence,
            c.evidence,
            cat.paper(p),
        )
        for p, held in found.items()
        for c in held
    ]
    rows.sort(key=lambda r: (r.match, -r.confidence, r.paper.title, r.paper.id, r.concept_id))
    return {role.value: tuple(r for r in rows if r.role == role) for role in Role}


def named_together(
    store: GraphStore, papers: Collection[str], without: Collection[str] = ()
) -> dict[str, tuple[Together, ...]]:
    """By type, the concepts that at least two of some papers name, the most often named first; without some
    and their kin.
    """
    cat = catalogue(store)
    kin = {k for c in without for k in (c, *cat.descendants(c), *cat.bases.get(c, []))}
    count = Counter(
        r["concept"] for r in read_in(store, "pairs_of_papers", "papers", papers, most=len(cat.papers))
    )
    out: dict[str, list[Together]] = defaultdict(list)
    for id_, n in sorted(count.items(), key=lambda c: (-c[1], cat.concepts[c[0]].ref.paper_count, c[0])):
        ref = cat.concepts[id_].ref
        if n > 1 and id_ not in kin and len(out[ref.type]) < MOST_TOGETHER:
            out[ref.type].append(Together(ref.id, ref.name, ref.type, ref.paper_count, n))
    return {t.value: tuple(out[t.value]) for t in EntityType}
