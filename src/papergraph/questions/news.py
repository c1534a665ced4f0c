"""What a listing brought that no earlier one had, and what of it touches papers that a reader collects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from papergraph.errors import NotFoundError
from papergraph.model import Basis, Role
from papergraph.questions.answers import Answer, ConceptRef, PaperRef, Quote
from papergraph.questions.catalogue import Catalogue, catalogue, kept, read_in
from papergraph.questions.links import Kind, Link, builds_on, cites, listed, shared_link, similar
from papergraph.questions.listings import listing, listings
from papergraph.store.base import GraphStore, Row

MOST_REASONS = 3  # for a paper and a collection
_VERBS = {
    Kind.BUILDS_ON: ("builds on", "is built on by"),
    Kind.CITES: ("cites", "is cited by"),
    Kind.SIMILAR: ("is near", "is near"),
    Kind.SHARES: ("names something rare like", "names something rare like"),
}


@dataclass(frozen=True, slots=True)
class Tie(Answer):
    """An edge of a new paper in words: "builds on" (`verb`) a `paper`, and the `reason`.

    `evidence` stands in the paper `quoted`.
    """

    verb: str
    paper: PaperRef
    kind: str
    basis: str | None
    weight: float
    reason: str
    evidence: tuple[Quote, ...]
    quoted: str


@dataclass(frozen=True, slots=True)
class Touch(Answer):
    """A collection that a new paper touches, and how, strongest first; `further` ties are left out."""

    collection: str
    ties: tuple[Tie, ...]
    further: int


@dataclass(frozen=True, slots=True)
class NewConcept(ConceptRef):
    """A concept that no paper of an earlier listing names; `role` is its strongest in the new papers."""

    role: str
    papers: tuple[PaperRef, ...]  # new ones that name it


@dataclass(frozen=True, slots=True)
class NewPaper(PaperRef):
    """A paper that no earlier listing had: what it touches, what new concepts it names, what is nearest."""

    touches: tuple[Touch, ...]
    brings: tuple[ConceptRef, ...]
    nearest: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class News(Answer):
    """What is new in a listing. `known` of its papers stood in an earlier one; `earlier` names those.

    `papers` are ordered by how they touch a collection, then by how near the nearest earlier paper is.
    """

    listing: Row
    earlier: tuple[str, ...]
    together: bool  # none was added before it: the others were added with it
    known: int
    papers: tuple[NewPaper, ...]
    concepts: tuple[NewConcept, ...]


def latest(store: GraphStore) -> str:
    """The id of the listing that was added last. Raises NotFoundError where there is none."""
    rows = listings(store)
    if not rows:
        raise NotFoundError("the graph holds no listing", "`papergraph add` adds one")
    return str(rows[-1]["id"])


def news(store: GraphStore, name: str, collections: Mapping[str, Collection[str]] | None = None) -> News:
    """What is new in a listing, given by id or name; `collections` are papers by a name for them.

    Raises NotFoundError where there is no such listing.
    """
    cat, base = catalogue(store), _base(store, name)
    touches = _touches(store, cat, base, collections or {})
    papers = [
        NewPaper(
            **cat.paper(p).as_dict(),
            touches=touches.get(p, ()),
            brings=tuple(cat.concepts[c].ref for c in base.brings.get(p, ())),
            nearest=base.nearest.get(p, ()),
        )
        for p in base.new
    ]
    papers.sort(key=_order)
    return News(base.listing, base.earlier, base.together, base.known, tuple(papers), base.concepts)


@dataclass(frozen=True, slots=True)
class _Base:
    """What of the news does not depend on a reader's collections."""

    listing: Row
    earlier: tuple[str, ...]
    together: bool
    known: int
    new: tuple[str, ...]
    links: dict[str, list[Link]]  # by new paper
    brings: dict[str, list[str]]  # new concepts by new paper
    nearest: dict[str, tuple[Tie, ...]]
    concepts: tuple[NewConcept, ...]


@kept
def _bases(store: GraphStore) -> dict[str, _Base]:
    """What was read for a listing by the name that it was asked for."""
    return {}


def _base(store: GraphStore, name: str) -> _Base:
    known = _bases(store)
    if name not in known:
        view = listing(store, name)
        known[name] = _read_base(store, catalogue(store), view.listing, [p.id for p in view.papers])
    return known[name]


def _read_base(store: GraphStore, cat: Catalogue, row: Row, papers: list[str]) -> _Base:
    others = [r for r in listings(store) if r["id"] != row["id"]]
    before = [r for r in others if r["added_at"] < row["added_at"]]
    together = not before and bool(others)
    if together:  # files of one build: none is earlier than another
        before = [r for r in others if r["added_at"] == row["added_at"]]
    old = {p.id for r in before for p in listing(store, r["id"]).papers}
    new = tuple(dict.fromkeys(p for p in papers if p not in old))
    links = _links(store, cat, new)
    concepts = _new_concepts(store, cat, new, old)
    brings: dict[str, list[str]] = defaultdict(list)
    for concept in concepts:
        for paper in concept.papers:
            brings[paper.id].append(concept.id)
    return _Base(
        listing=row,
        earlier=tuple(r["name"] for r in before),
        together=together and bool(before),
        known=len(set(papers) - set(new)),
        new=new,
        links=links,
        brings=dict(brings),
        nearest={p: _ties(cat, p, links.get(p, ()), old)[:MOST_REASONS] for p in new},
        concepts=concepts,
    )


def _links(store: GraphStore, cat: Catalogue, papers: Collection[str]) -> dict[str, list[Link]]:
    """All edges of papers with papers, by the paper that they are asked for."""
    found: dict[str, list[Link]] = defaultdict(list)
    for back in (False, True):
        for link in (
            *builds_on(store, cat, papers, back=back),
            *cites(store, papers, back=back),
            *similar(store, cat, papers, back=back),
        ):
            found[link.target if back else link.source].append(link)
    return found


def _new_concepts(
    store: GraphStore, cat: Catalogue, new: Collection[str], old: Collection[str]
) -> tuple[NewConcept, ...]:
    """Concepts that new papers name and no old one: those of several papers first, then the introduced."""
    named: dict[str, dict[str, Role]] = defaultdict(dict)
    for r in read_in(store, "concepts_of", "papers", new):
        roles, role = named[r["concept"]], Role(r["role"])
        roles[r["paper"]] = min(role, roles.get(r["paper"], role), key=lambda x: x.rank)
    younger = cat.listed - len(old)  # papers: a concept that more papers name is named by an old one
    rare = [c for c in named if cat.concepts[c].ref.paper_count <= younger]
    by_old = {r["concept"] for r in read_in(store, "papers_of", "concepts", rare) if r["paper"] in old}
    found = [
        NewConcept(
            **cat.concepts[c].ref.as_dict(),
            role=min(named[c].values(), key=lambda x: x.rank),
            papers=tuple(cat.paper(p) for p in sorted(named[c])),
        )
        for c in rare
        if c not in by_old
    ]
    return tuple(sorted(found, key=lambda c: (-len(c.papers), Role(c.role).rank, c.id)))


def _ties(cat: Catalogue, paper: str, links: Iterable[Link], others: Collection[str]) -> tuple[Tie, ...]:
    """The edges of a paper with some others in words, the strongest of each other paper, strongest first."""
    best: dict[str, Link] = {}
    for link in links:
        other = link.target if link.source == paper else link.source
        if other in others and other != paper:
            best[other] = max(best.get(other, link), link, key=_strength)
    ranked = sorted(best.items(), key=lambda item: (_strength(item[1]), item[0]), reverse=True)
    return tuple(_tie(cat, paper, other, link) for other, link in ranked)


def _tie(cat: Catalogue, paper: str, other: str, link: Link) -> Tie:
    return Tie(
        verb=_VERBS[Kind(link.kind)][link.source != paper],
        paper=cat.paper(other),
        kind=link.kind,
        basis=link.basis,
        weight=link.weight,
        reason=_near_words(cat, link) if link.kind == Kind.SIMILAR else link.reason,
        evidence=link.evidence,
        quoted=link.source,
    )


def _near_words(cat: Catalogue, link: Link) -> str:
    return f"both name {listed(cat, link.via)}" if link.via else "in subject and words"


def _strength(link: Link | Tie) -> tuple[int, float]:
    """The stronger, the larger: what was stated or corrected, then inferred and cited, then near."""
    if link.kind == Kind.BUILDS_ON:
        return (2 if link.basis == Basis.INFERRED else 3), link.weight
    return {Kind.CITES: 2, Kind.SIMILAR: 1}.get(Kind(link.kind), 0), link.weight


def _touches(
    store: GraphStore, cat: Catalogue, base: _Base, collections: Mapping[str, Collection[str]]
) -> dict[str, tuple[Touch, ...]]:
    """By new paper, the collections that it touches, the strongest first."""
    members = {p for papers in collections.values() for p in papers if p in cat.papers}
    shared = _shared(store, cat, base.new, members)
    found: dict[str, tuple[Touch, ...]] = {}
    for paper in base.new:
        links = [*base.links.get(paper, ()), *shared.get(paper, ())]
        touched = []
        for name, papers in collections.items():
            ties = _ties(cat, paper, links, papers)
            if ties:
                touched.append(Touch(name, ties[:MOST_REASONS], max(0, len(ties) - MOST_REASONS)))
        found[paper] = tuple(sorted(touched, key=lambda t: _strength(t.ties[0]), reverse=True))
    return found


def _shared(
    store: GraphStore, cat: Catalogue, new: Collection[str], members: set[str]
) -> dict[str, list[Link]]:
    """Rare concepts that new papers and members both name, as edges by new paper."""
    fresh, holders = set(new), defaultdict(list)
    for r in read_in(store, "pairs_of_papers", "papers", fresh | members if members else (), most=cat.hub):
        holders[r["concept"]].append(r["paper"])
    common: dict[tuple[str, str], list[str]] = defaultdict(list)
    for concept in sorted(holders, key=lambda c: (cat.concepts[c].ref.paper_count, c)):
        for a in holders[concept]:
            for b in holders[concept]:
                if a != b and a in fresh and b in members:
                    common[a, b].append(concept)
    found: dict[str, list[Link]] = defaultdict(list)
    for (a, b), concepts in common.items():
        found[a].append(shared_link(cat, a, b, concepts))
    return found


def _order(paper: NewPaper) -> tuple[float, float, float, str]:
    """Papers that touch a collection first, by their strongest tie; then by the nearest older paper."""
    tie = paper.touches[0].ties[0] if paper.touches else paper.nearest[0] if paper.nearest else None
    kind, weight = _strength(tie) if tie else (-1, 0.0)
    return (0 if paper.touches else 1, -kind, -weight, paper.id)
