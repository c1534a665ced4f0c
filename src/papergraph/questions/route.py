"""What to read first of a line of work: a short way through a set of papers, with a reason for each stop."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papergraph.model import PaperKind
from papergraph.questions.answers import Answer, PaperRef, Quote
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.lineage import strength
from papergraph.questions.links import Link, builds_on, cites, listed
from papergraph.store.base import GraphStore
from papergraph.text import plural, readable

SECTIONS = {
    "survey": "Begin with an overview",
    "root": "What the line stands on",
    "branch": "Where it branches",
    "cover": "What covers the rest of the line",
    "newest": "Where it is now",
}
MOST = {"survey": 3, "root": 5, "branch": 5, "newest": 3}  # stops of a section
COVERING = 5  # papers that cover the line, unless told
MOST_QUOTES = 2  # pieces of evidence that a stop shows


@dataclass(frozen=True, slots=True)
class Cited(Answer):
    """A quotation with the paper that it stands in."""

    paper: PaperRef
    quote: Quote


@dataclass(frozen=True, slots=True)
class Stop(Answer):
    """A paper to read, in the first section that it belongs to, with all reasons to read it."""

    paper: PaperRef
    section: str
    reasons: tuple[str, ...]
    evidence: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Route(Answer):
    """Stops in the order of reading, and in words what could not be said."""

    stops: tuple[Stop, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A set of papers with the edges that leave them and the concepts that at least two of them name."""

    papers: tuple[str, ...]
    followers: dict[str, list[Link]]  # by paper that is built on or cited: the edges of the set
    bases: dict[str, set[str]]  # by paper of the set: what it builds on or cites
    concepts: dict[str, set[str]]  # by paper of the set


def route(store: GraphStore, papers: Sequence[str], covering: int = COVERING) -> Route:
    """A way through the papers with these ids: surveys, roots (also outside the set), branch points, the
    `covering` papers that cover the line's concepts best, and the newest. The order of ids does not matter.

    The cover is greedy (Nemhauser, Wolsey and Fisher, 1978): each time the paper whose concepts weigh most
    among those not yet covered, a concept weighing the logarithm of its rarity.
    """
    cat = catalogue(store)
    line = _line(store, cat, papers)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    evidence: dict[str, tuple[Cited, ...]] = {}
    for section, chosen in (
        ("survey", _surveys(cat, line)),
        ("root", _roots(cat, line)),
        ("branch", _branches(cat, line)),
        ("cover", _cover(cat, line, covering)),
        ("newest", _newest(store, cat, line)),
    ):
        for paper, reason in chosen:
            found[paper].append((section, reason))
    for paper in found:
        links = sorted(line.followers.get(paper, ()), key=strength)
        quoted = [Cited(cat.paper(x.source), x.evidence[0]) for x in links if x.evidence]
        evidence[paper] = tuple(quoted[:MOST_QUOTES])
    stops = [
        Stop(cat.paper(p), why[0][0], tuple(reason for _, reason in why), evidence[p])
        for section in SECTIONS
        for p, why in found.items()
        if why[0][0] == section
    ]
    return Route(tuple(stops), _notes(cat, line))


def _line(store: GraphStore, cat: Catalogue, papers: Sequence[str]) -> _Line:
    ids = sorted(set(papers))
    followers: dict[str, list[Link]] = defaultdict(list)
    bases: dict[str, set[str]] = {p: set() for p in ids}
    for link in builds_on(store, cat, ids) + cites(store, ids):
        if link.target not in bases[link.source]:  # an edge that is both stated and cited counts once
            followers[link.target].append(link)
            bases[link.source].add(link.target)
    concepts: dict[str, set[str]] = {p: set() for p in ids}
    held: dict[str, int] = defaultdict(int)
    for r in read_in(store, "pairs_of_papers", "papers", ids, most=max(1, len(cat.papers))):
        concepts[r["paper"]].add(r["concept"])
        held[r["concept"]] += 1
    shared = {p: {c for c in named if held[c] > 1} for p, named in concepts.items()}
    return _Line(tuple(ids), dict(followers), bases, shared)


def _surveys(cat: Catalogue, line: _Line) -> list[tuple[str, str]]:
    surveys = [p for p in line.papers if cat.paper(p).kind == PaperKind.SURVEY]
    surveys.sort(key=lambda p: (-len(line.concepts[p]), -(cat.paper(p).year or 0), p))
    return [(p, _survey_words(cat, line.concepts[p])) for p in surveys[: MOST["survey"]]]


def _survey_words(cat: Catalogue, concepts: set[str]) -> str:
    if not concepts:
        return "a survey of the line"
    return f"a survey; it names {listed(cat, _rarest(cat, concepts))}"


def _standing_on(line: _Line, paper: str) -> set[str]:
    """Papers of the set that build on a paper, directly or over others of the set."""
    seen: set[str] = set()
    open_ = [paper]
    while open_:
        for link in line.followers.get(open_.pop(), ()):
            if link.source not in seen and link.source != paper:
                seen.add(link.source)
                open_.append(link.source)
    return seen


def _roots(cat: Catalogue, line: _Line) -> list[tuple[str, str]]:
    """What others of the set build on and that itself builds on nothing known here; most built on first."""
    out = []
    for paper in line.followers:
        if not line.bases.get(paper):
            out.append((len(_standing_on(line, paper)), len(line.followers[paper]), paper))
    out.sort(key=lambda r: (-r[0], -r[1], cat.paper(r[2]).year or 9999, r[2]))
    return [(p, _root_words(cat, line, p, every, direct)) for every, direct, p in out[: MOST["root"]]]


def _root_words(cat: Catalogue, line: _Line, paper: str, every: int, direct: int) -> str:
    words = f"{plural(every, 'paper')} of the set {'stands' if every == 1 else 'stand'} on it"
    if every > direct:
        words += f", {direct} of them directly"
    via = sorted({c for link in line.followers[paper] for c in link.via})
    through = f", through {listed(cat, _rarest(cat, via))}" if via else ""
    return words + through + ("" if paper in line.bases else "; it is not in the set itself")


def _branches(cat: Catalogue, line: _Line) -> list[tuple[str, str]]:
    """Papers of the set that build on another and that at least two of the set build on."""
    out = [p for p in line.papers if line.bases[p] and len(line.followers.get(p, ())) > 1]
    out.sort(key=lambda p: (-len(line.followers[p]), p))
    reasons = []
    for p in out[: MOST["branch"]]:
        names = [_label(cat, link.source) for link in line.followers[p]]
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        reasons.append((p, f"{plural(len(names), 'paper')} of the set go on from it: {shown}"))
    return reasons


def _cover(cat: Catalogue, line: _Line, most: int) -> list[tuple[str, str]]:
    """Greedy cover of the shared concepts, rare ones weighing more; ties go to the first id."""
    total = len(set().union(*line.concepts.values())) if line.concepts else 0
    everything = max(2, cat.listed)

    def weight(concepts: Iterable[str]) -> float:
        return sum(math.log(1 + everything / cat.concepts[c].ref.paper_count) for c in sorted(concepts))

    covered: set[str] = set()
    out: list[tuple[str, str]] = []
    left = list(line.papers)
    while left and len(out) < most:
        best = max(left, key=lambda p: round(weight(line.concepts[p] - covered), 9))
        new = line.concepts[best] - covered
        if not new:
            break
        covered |= new
        left.remove(best)
        what = f"names {listed(cat, _rarest(cat, new))}"
        first = "" if not out else ", which none before it in the cover does"
        out.append(
            (
                best,
                f"{what}{first}; {len(covered)} of the {total} concepts that the set shares are covered then",
            )
        )
    return out


def _newest(store: GraphStore, cat: Catalogue, line: _Line) -> list[tuple[str, str]]:
    """The last papers by date, where dates differ."""
    dates = {
        r["id"]: r["date"] or str(r["year"])
        for r in read_in(store, "papers_by_id", "papers", line.papers)
        if r["date"] or r["year"]
    }
    if len({d[:4] for d in dates.values()}) < 2:
        return []
    last = sorted(dates, key=lambda p: p)
    last.sort(key=lambda p: dates[p], reverse=True)
    return [(p, f"among the newest of the set with a date: {dates[p]}") for p in last[: MOST["newest"]]]


def _notes(cat: Catalogue, line: _Line) -> tuple[str, ...]:
    out = []
    if not line.papers:
        return ()
    if not any(cat.paper(p).kind == PaperKind.SURVEY for p in line.papers):
        out.append("No paper of the set is a survey.")
    linked = sum(bool(b) for b in line.bases.values())
    out.append(f"{linked} of {plural(len(line.papers), 'paper')} are known to build on another.")
    if not any(line.concepts.values()):
        out.append("No two papers of the set name the same concept, so nothing can be covered.")
    years = {cat.paper(p).year for p in line.papers}
    if None in years or len(years) < 2:
        undated = sum(cat.paper(p).year is None for p in line.papers)
        out.append(
            f"{plural(undated, 'paper')} without a date; the newest are known among the others only."
            if undated < len(line.papers) and undated
            else "Dates do not tell the papers apart, so none is called the newest."
        )
    return tuple(out)


def _rarest(cat: Catalogue, concepts: Iterable[str]) -> list[str]:
    return sorted(concepts, key=lambda c: (cat.concepts[c].ref.paper_count if c in cat.concepts else 0, c))


def _label(cat: Catalogue, paper: str) -> str:
    held = cat.papers[paper]
    return readable(held.ref.short) or held.title_plain
