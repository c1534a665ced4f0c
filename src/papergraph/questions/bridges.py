"""How two lines of work connect: papers of both, edges between them, what both stand on, what both name.

Rare links come before hubs: two papers that alone name a dataset say more than two that name a common model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from papergraph.questions.answers import Answer, ConceptRef, Named, PaperRef, Quote
from papergraph.questions.catalogue import Catalogue, catalogue
from papergraph.questions.comparison import first_quote
from papergraph.questions.lineage import strength
from papergraph.questions.links import Kind, Link, builds_on, cites, similar
from papergraph.questions.papers import named
from papergraph.questions.sets import PaperSet
from papergraph.store.base import GraphStore

MOST = 20  # rows of a kind, unless told
PER_SIDE = 3  # papers of a side that a bridge shows


@dataclass(frozen=True, slots=True)
class Mention(Answer):
    """A paper with the sentence that speaks for it; the quote stands in that paper."""

    paper: PaperRef
    role: str | None
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Both(Answer):
    """A paper of both lines, with a mention for each side; None where the side was not given as a concept."""

    paper: PaperRef
    first: Mention | None
    second: Mention | None


@dataclass(frozen=True, slots=True)
class Crossing(Answer):
    """An edge between a paper of the one line only and one of the other only."""

    source: PaperRef
    target: PaperRef
    kind: str  # builds_on, cites or similar
    basis: str | None
    weight: float
    reason: str
    quote: Quote | None  # stands in the source


@dataclass(frozen=True, slots=True)
class Common(Answer):
    """A concept that both lines name, or a paper that both build on: who does, on each side."""

    concept: ConceptRef | None
    paper: PaperRef | None
    papers: int  # that name it or build on it, in the whole graph for a concept, in the two lines for a paper
    hub: bool
    first: tuple[Mention, ...]
    second: tuple[Mention, ...]
    first_count: int
    second_count: int


@dataclass(frozen=True, slots=True)
class Between(Answer):
    """What lies between two lines, each list whole in `counts` and cut to what was asked for."""

    kin: str  # where one concept is a variant of the other: so in words
    both: tuple[Both, ...]
    crossings: tuple[Crossing, ...]
    concepts: tuple[Common, ...]
    foundations: tuple[Common, ...]
    counts: dict[str, int]


def between(store: GraphStore, a: PaperSet, b: PaperSet, most: int = MOST) -> Between:
    """What connects two sets of papers. Papers of both come in the order of their weaker mention, edges
    stated, inferred, cited and then similar, concepts and foundations by rarity with hubs last.
    """
    cat = catalogue(store)
    first, second = set(a.ids), set(b.ids)
    things = named(store, cat, sorted(first | second))
    both = _both(cat, a, b, things, first & second)
    crossings = _crossings(store, cat, first - second, second - first)
    concepts = _concepts(cat, a, b, things)
    foundations = _foundations(store, cat, first, second)
    whole: dict[str, tuple[Answer, ...]] = {
        "both": both, "crossings": crossings, "concepts": concepts, "foundations": foundations,
    }  # fmt: skip
    return Between(
        _kin(cat, a.concept, b.concept),
        both[:most],
        crossings[:most],
        concepts[:most],
        foundations[:most],
        {name: len(rows) for name, rows in whole.items()},
    )


def _kin(cat: Catalogue, a: ConceptRef | None, b: ConceptRef | None) -> str:
    if a and b and a.id == b.id:
        return f"Both sides are {a.name}."
    for x, y in ((a, b), (b, a)):
        if x and y and x.id in cat.descendants(y.id):
            return f"{x.name} is a variant of {y.name}, so its papers count for both."
    return ""


def _family(cat: Catalogue, concept: ConceptRef | None) -> set[str]:
    return {concept.id, *cat.descendants(concept.id)} if concept else set()


def _mention(cat: Catalogue, paper: str, rows: Iterable[Named], concepts: set[str]) -> Mention | None:
    """The strongest mention of some concepts in a paper, whose rows stand strongest first."""
    for n in rows:
        if n.concept_id in concepts:
            return Mention(cat.paper(paper), n.role, first_quote(cat, paper, n))
    return None


def _both(
    cat: Catalogue, a: PaperSet, b: PaperSet, things: dict[str, list[Named]], papers: set[str]
) -> tuple[Both, ...]:
    one, two = _family(cat, a.concept), _family(cat, b.concept)
    rows = []
    for p in sorted(papers):
        held = things.get(p, [])
        rank = {c: i for i, c in enumerate(dict.fromkeys(n.concept_id for n in held))}
        weaker = max(min((rank[c] for c in side if c in rank), default=0) for side in (one, two))
        row = Both(cat.paper(p), _mention(cat, p, held, one), _mention(cat, p, held, two))
        rows.append((weaker, p, row))
    return tuple(row for _, _, row in sorted(rows, key=lambda r: r[:2]))


def _crossings(store: GraphStore, cat: Catalogue, first: set[str], second: set[str]) -> tuple[Crossing, ...]:
    every = sorted(first | second)
    edges = builds_on(store, cat, every) + cites(store, every) + similar(store, cat, every)
    found: dict[frozenset[str], Link] = {}
    for link in sorted(edges, key=lambda x: (x.kind == Kind.SIMILAR, *strength(x))):
        crosses = (link.source in first and link.target in second) or (
            link.source in second and link.target in first
        )
        if crosses:
            found.setdefault(frozenset((link.source, link.target)), link)
    return tuple(
        Crossing(
            cat.paper(x.source),
            cat.paper(x.target),
            x.kind,
            x.basis,
            x.weight,
            x.reason,
            x.evidence[0] if x.evidence else None,
        )
        for x in found.values()
    )


def _concepts(cat: Catalogue, a: PaperSet, b: PaperSet, things: dict[str, list[Named]]) -> tuple[Common, ...]:
    """Concepts that a paper of the one side and another one of the other name, besides the two asked for."""
    asked = _family(cat, a.concept) | _family(cat, b.concept)
    sides: list[dict[str, list[Mention]]] = []
    for side in (a, b):
        held: dict[str, list[Mention]] = defaultdict(list)
        for p in side.ids:
            for c, n in {n.concept_id: n for n in reversed(things.get(p, []))}.items():
                held[c].append(Mention(cat.paper(p), n.role, first_quote(cat, p, n)))
        sides.append(held)
    out = []
    for c in sorted((set(sides[0]) & set(sides[1])) - asked):
        papers = {m.paper.id for side in sides for m in side[c]}
        if len(papers) > 1:
            ref = cat.concepts[c].ref
            out.append(_common(ref, None, ref.paper_count, cat.hub, sides[0][c], sides[1][c]))
    return tuple(sorted(out, key=_rare_first))


def _foundations(store: GraphStore, cat: Catalogue, first: set[str], second: set[str]) -> tuple[Common, ...]:
    """Papers that papers of each side build on or cite; in neither set, or else they are crossings."""
    every = sorted(first | second)
    held: dict[str, dict[str, Link]] = defaultdict(dict)
    for link in sorted(builds_on(store, cat, every) + cites(store, every), key=strength):
        if link.target not in first | second:
            held[link.target].setdefault(link.source, link)
    out = []
    for target, links in sorted(held.items()):
        mentions = [_follower(cat, link) for link in links.values()]
        one = [m for m in mentions if m.paper.id in first]
        two = [m for m in mentions if m.paper.id in second]
        if one and two and len(mentions) > 1:
            out.append(_common(None, cat.paper(target), len(mentions), cat.hub, one, two))
    return tuple(sorted(out, key=_rare_first))


def _follower(cat: Catalogue, link: Link) -> Mention:
    return Mention(cat.paper(link.source), link.kind, link.evidence[0] if link.evidence else None)


def _common(
    concept: ConceptRef | None,
    paper: PaperRef | None,
    papers: int,
    hub: int,
    one: list[Mention],
    two: list[Mention],
) -> Common:
    return Common(
        concept,
        paper,
        papers,
        papers > hub,
        tuple(one[:PER_SIDE]),
        tuple(two[:PER_SIDE]),
        len(one),
        len(two),
    )


def _rare_first(c: Common) -> tuple[bool, int, int, str]:
    id_ = c.concept.id if c.concept else c.paper.id if c.paper else ""
    return c.hub, c.papers, -(c.first_count + c.second_count), id_
