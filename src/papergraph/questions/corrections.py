"""Corrections in terms of a graph: from what a person names to a row of the table, and rows in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypedDict

from papergraph.corrections import Correction, Kind, Outcome, Status, load_outcomes
from papergraph.corrections.table import Edge, correction
from papergraph.errors import NotFoundError, UsageError
from papergraph.questions.answers import ConceptRef, PaperRef
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.links import builds_on, similar
from papergraph.questions.names import names
from papergraph.store.base import GraphStore
from papergraph.text import fold_name, readable


class CorrectionRow(TypedDict):
    """A correction, what it says in words, and what became of it."""

    number: int
    line: int
    kind: str
    paper: str
    name: str
    other: str
    value: str
    note: str
    key: str
    status: Status
    reason: str
    words: str
    papers: list[PaperRef]
    concepts: list[ConceptRef]


_EDGE_WORDS = {Edge.SIMILAR: "is similar to", Edge.BUILDS_ON: "builds on"}


def settled(store: GraphStore, cells: Mapping[str, str]) -> tuple[Correction, list[str]]:
    """A correction as a row to be written: papers by id, concepts by a name that means them alone.

    Papers and concepts may be given in any way that the graph understands; an edge to drop may be given
    without its kind, and with its ends the other way round. Second: what was taken for what, in words.
    Raises UsageError for what is no correction, NotFoundError for what the graph does not hold.
    """
    given = {c: " ".join(text.split()) for c, text in cells.items()}
    draft = correction({**given, "value": given.get("value", "") or _placeholder(given)})
    if draft.problem:
        raise UsageError(f"this is no correction: {draft.problem}", "docs/corrections.md describes them")
    notes: list[str] = []
    meant: set[str] = set()
    edge = draft.kind in (Kind.DROP_EDGE, Kind.ADD_EDGE)
    for column in ("paper", "other") if edge else ("paper",):
        if text := given.get(column, ""):
            found = names(store).resolve_paper(text)
            given[column] = found.paper.id
            if found.how not in ("id", "title"):
                notes.append(f"{text!r} is taken as: {readable(found.paper.title)}")
    for column in () if edge else ("name", "other"):
        if text := given.get(column, ""):
            given[column], ref = _concept(store, text)
            meant.add(ref.id)
            if fold_name(given[column]) != fold_name(ref.name) or fold_name(text) != fold_name(ref.name):
                notes.append(f"{text!r} is a name of {readable(ref.name)} ({ref.type})")
    if draft.kind == Kind.MERGE and len(meant) == 1:
        notes.append("both are one concept already, and stay so from now on")
    if draft.kind == Kind.DROP_EDGE:
        given |= _edge(store, given["paper"], given["other"], given.get("value", "") and draft.value)
    return correction(given), notes


def _placeholder(given: Mapping[str, str]) -> str:
    """A value for the checks of an edge whose kind is still to be found."""
    return Edge.SIMILAR if given.get("kind") == Kind.DROP_EDGE else ""


def _concept(store: GraphStore, text: str) -> tuple[str, ConceptRef]:
    """A name or id that means one concept alone, and that concept."""
    known, cat = names(store), catalogue(store)
    ref = cat.concepts[text].ref if text in cat.concepts else known.resolve(text).concept
    own = {fold_name(n) for n in (ref.name, *cat.concepts[ref.id].aliases)}
    name = text if text != ref.id and fold_name(text) in own else ref.name
    meant = known.resolve(name) if fold_name(name) else None
    return (name if meant and meant.concept.id == ref.id and not meant.others else ref.id), ref


def _edge(store: GraphStore, paper: str, other: str, kind: str) -> dict[str, str]:
    """The one edge between two papers that can be meant, its ends as it is drawn."""
    cat = catalogue(store)
    found = [
        (Edge.BUILDS_ON, a, b)
        for a, b in ((paper, other), (other, paper))
        if any(e.target == b for e in builds_on(store, cat, [a]))
    ]
    if any({e.source, e.target} == {paper, other} for e in similar(store, cat, [paper, other])):
        found.append((Edge.SIMILAR, paper, other))
    found = [f for f in found if kind in ("", f[0])]
    if not found and kind in ("", Edge.SIMILAR) and _alike(store, paper, other):
        found = [(Edge.SIMILAR, paper, other)]
    if not found:
        what = f"no edge {kind}" if kind else "no edge"
        raise NotFoundError(f"{what} is drawn between these two papers", "`papergraph explain` shows edges")
    if len(found) > 1:
        raise UsageError("two edges are drawn between these papers", f"say which: {' or '.join(Edge)}")
    return dict(zip(("value", "paper", "other"), found[0], strict=True))


def _alike(store: GraphStore, paper: str, other: str) -> bool:
    """Whether either stands among the nearest of the other by problem or approach."""
    rows = read_in(store, "alike_from", "papers", [paper, other])
    return any(r["target"] in (paper, other) for r in rows)


def in_words(cat: Catalogue, c: Correction) -> str:
    """What a correction says, as a sentence without a full stop; of a wrong row, its cells."""

    def title(text: str) -> str:
        return f"“{readable(cat.papers[text].ref.title if text in cat.papers else text)}”"

    def name(text: str) -> str:
        return f"“{readable(cat.concepts[text].ref.name if text in cat.concepts else text)}”"

    within = f" in {title(c.paper)}" if c.paper else ""
    if c.problem or c.kind not in list(Kind):
        return ", ".join(x for x in (c.kind, c.paper, c.name, c.other, c.value, c.note) if x) or "a row"
    match Kind(c.kind):
        case Kind.MERGE:
            return f"{name(c.name)} is the same as {name(c.other)}"
        case Kind.APART:
            return f"{name(c.name)} and {name(c.other)} are two things"
        case Kind.NOT_ENTITY:
            return f"{name(c.name)} is no method, model, benchmark or task{within}"
        case Kind.TYPE:
            return f"{name(c.name)} is a {c.value.lower()}{within}"
        case Kind.ROLE:
            return f"{title(c.paper)} {c.value.replace('_', ' ')} {name(c.name)}"
        case Kind.DROP_EDGE:
            return f"It is wrong that {title(c.paper)} {_EDGE_WORDS[Edge(c.value)]} {title(c.other)}"
        case Kind.ADD_EDGE:
            return f"{title(c.paper)} builds on {title(c.other)}"


def shown(store: GraphStore, outcomes: Iterable[Outcome]) -> list[CorrectionRow]:
    """Corrections for people: each with what it says in words, and the names of what it touches."""
    cat = catalogue(store)
    rows = []
    for o in outcomes:
        row: Any = {
            **o.as_dict(),
            "words": in_words(cat, o.correction),
            "papers": [cat.papers[p].ref.as_dict() for p in o.papers if p in cat.papers],
            "concepts": [cat.concepts[c].ref.as_dict() for c in o.concepts if c in cat.concepts],
        }
        rows.append(row)
    return rows


def about(location: str, store: GraphStore, id_: str) -> list[CorrectionRow]:
    """The corrections that touch a paper or a concept, as the generation that a store shows has them.

    None for a Neo4j, which does not hold them.
    """
    if "://" in location:
        return []
    outcomes = load_outcomes(Path(location) / "generations" / store.info().generation)
    return shown(store, [o for o in outcomes if id_ in o.papers or id_ in o.concepts])
