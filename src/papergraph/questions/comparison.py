"""Papers side by side: what each says of itself, every cell quoted from its title or abstract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papergraph.model import EntityType, Role, Span
from papergraph.questions.answers import Answer, Named, PaperRef, Quote, quotes
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.links import Link, builds_on
from papergraph.questions.papers import named
from papergraph.store.base import GraphStore, Row

ASPECTS = {
    "gist": "What it contributes",
    "introduces": "Introduces",
    "builds_on": "Builds on",
    "models": "Base or teacher models",
    "benchmarks": "Benchmarks",
    "claims": "Claims with numbers",
    "code": "Code and data",
}
NONE_NAMED = "none named in the abstract"


@dataclass(frozen=True, slots=True)
class Thing(Answer):
    """What a quotation is quoted for: a concept, a paper, or an address, by exactly one of the three."""

    name: str
    type: str | None  # of a concept
    concept_id: str | None
    paper_id: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Quoted(Answer):
    """A quotation and all that it is quoted for, in the order of the paper's strongest names."""

    things: tuple[Thing, ...]
    quote: Quote


@dataclass(frozen=True, slots=True)
class Compared(Answer):
    """One paper of a comparison: its cells by the keys of ASPECTS; an empty cell names nothing."""

    paper: PaperRef
    cells: dict[str, tuple[Quoted, ...]]


def compare(store: GraphStore, papers: Sequence[str]) -> tuple[Compared, ...]:
    """The papers with these ids, in this order, side by side."""
    cat = catalogue(store)
    rows = {r["id"]: r for r in read_in(store, "papers_by_id", "papers", papers)}
    things = named(store, cat, list(papers))
    links: dict[str, list[Link]] = {}
    for link in builds_on(store, cat, papers):
        if link.basis == "stated":
            links.setdefault(link.source, []).append(link)
    return tuple(_compared(cat, rows[p], things.get(p, []), links.get(p, [])) for p in papers if p in rows)


def _compared(cat: Catalogue, row: Row, things: list[Named], links: list[Link]) -> Compared:
    paper = row["id"]

    def of(role: Role, *types: EntityType) -> list[tuple[Thing, Quote]]:
        return [
            (_thing(n), q)
            for n in things
            if n.role == role and n.concept_type in types
            for q in [first_quote(cat, paper, n)]
            if q
        ]

    kinds = [t for t in EntityType if t is not EntityType.MODEL]
    base = of(Role.BUILDS_ON, EntityType.MODEL)
    shown = {n.concept_id for n in things if n.role == Role.BUILDS_ON}
    papers = [
        (_paper_thing(cat, link.target), link.evidence[0])
        for link in sorted(links, key=lambda x: (-x.weight, x.target))
        if link.evidence and not shown.intersection(link.via)
    ]
    gist = quotes([row["gist"]], [row["gist_at"]]) if row["gist"] else ()
    return Compared(
        cat.paper(paper),
        {
            "gist": tuple(Quoted((), q) for q in gist),
            "introduces": grouped(of(Role.INTRODUCES, *EntityType)),
            "builds_on": grouped(of(Role.BUILDS_ON, *kinds) + papers),
            "models": grouped(base),
            "benchmarks": grouped(of(Role.EVALUATES_ON, EntityType.BENCHMARK)),
            "claims": tuple(Quoted((), q) for q in quotes(row["claims"], row["claims_at"])),
            "code": _code(row),
        },
    )


def _thing(n: Named) -> Thing:
    return Thing(n.name, n.concept_type, n.concept_id, None, None)


def _paper_thing(cat: Catalogue, paper: str) -> Thing:
    held = cat.papers[paper]
    return Thing(held.ref.short or held.title_plain, None, None, paper, None)


def first_quote(cat: Catalogue, paper: str, n: Named) -> Quote | None:
    """The sentence that shows a role; where none was kept, the mention itself."""
    if n.evidence:
        return n.evidence[0]
    held = cat.papers[paper]
    texts = {"title": held.ref.title, "abstract": held.abstract}
    if not n.spans:
        return None
    at = Span.parse(n.spans[0])
    return Quote(texts[at.field][at.start : at.end], at.field, at.start, at.end)


def grouped(pairs: Iterable[tuple[Thing, Quote]]) -> tuple[Quoted, ...]:
    """Things that the same sentence shows, together; in the order of their first."""
    held: dict[Quote, list[Thing]] = {}
    for thing, quote in pairs:
        rest = held.setdefault(quote, [])
        if thing not in rest:
            rest.append(thing)
    return tuple(Quoted(tuple(things), quote) for quote, things in held.items())


def _code(row: Row) -> tuple[Quoted, ...]:
    """Addresses that stand in the abstract or title, where they stand."""
    out = []
    for url in row["urls"] or ():
        places = [(f, _address(url, row[f] or "")) for f in ("abstract", "title")]
        for field, found in places:
            if found:
                quote = Quote(found[0], field, found.start(), found.end())
                out.append(Quoted((Thing(url, None, None, None, url),), quote))
                break
    return tuple(out)


def _address(url: str, text: str) -> re.Match[str] | None:
    """Where an address stands in a text that may escape or break it, or leave out https://."""
    scheme, _, rest = url.partition("://")
    gap = r"[\s\\]*"
    written = gap.join(map(re.escape, rest))
    return re.search(f"(?:{scheme}:{gap}//{gap})?{written}", text, re.IGNORECASE) if rest else None
