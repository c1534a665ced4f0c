"""A set of papers as a person gives it: papers, pasted titles, all papers of a concept, or a listing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from papergraph.errors import NotFoundError, PapergraphError
from papergraph.questions.answers import Answer, ConceptRef, PaperRef
from papergraph.questions.catalogue import catalogue
from papergraph.questions.connected import connections
from papergraph.questions.listings import listing
from papergraph.questions.names import names
from papergraph.store.base import GraphStore
from papergraph.text import plural, readable

MOST_ASKED = 300  # papers and pasted titles that are looked up
_BULLET = re.compile(r"^(?:[-*•–]|\[?\d{1,3}[\].)])\s+")
_LONGEST = 1000  # characters of a title that is looked up


@dataclass(frozen=True, slots=True)
class Unknown(Answer):
    """Something asked for that is not here, with the reason and the next step in words."""

    asked: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class PaperSet(Answer):
    """Papers in the order in which they were asked for, each once."""

    papers: tuple[PaperRef, ...]
    chosen: tuple[str, ...]  # ids of those given one by one
    concept: ConceptRef | None
    listing: str | None  # its id
    heading: str  # what was asked for, in words
    unknown: tuple[Unknown, ...]
    notes: tuple[str, ...]  # what a misspelt or shortened name was taken for

    @property
    def ids(self) -> list[str]:
        return [p.id for p in self.papers]


def paper_set(
    store: GraphStore,
    papers: Sequence[str] = (),
    *,
    titles: str = "",
    concept: str = "",
    listing_id: str = "",
    collected: Mapping[str, Sequence[str]] | None = None,
) -> PaperSet:
    """The papers given by id, DOI, arXiv id or title, the pasted titles (one a line), those connected to a
    concept or to a variant of it, those of a listing, and those collected under a name by id; all that is
    given, together.

    What is not here is in `unknown`; nothing is raised for it.
    """
    cat = catalogue(store)
    unknown: list[Unknown] = []
    notes: list[str] = []
    asked = [t for t in (*papers, *_lines(titles)) if t.strip()]
    if len(asked) > MOST_ASKED:
        notes.append(f"{plural(len(asked), 'paper')} asked for; the first {MOST_ASKED} were looked up")
    chosen = [_paper(store, text, unknown, notes) for text in asked[:MOST_ASKED]]
    ids = [c for c in chosen if c]
    parts = [plural(len(set(ids)), "chosen paper")] if ids else []
    held = _concept(store, concept, unknown, notes) if concept.strip() else None
    if held:
        parts.append(f"papers connected to {readable(held.name)}")
    name = None
    members: list[str] = []
    if listing_id.strip():
        try:
            view = listing(store, listing_id.strip())
        except PapergraphError as error:
            unknown.append(Unknown(listing_id.strip()[:200], error.message, error.hint))
        else:
            name = view.listing["id"]
            members = [p.id for p in view.papers]
            parts.append(f"listing {view.listing['name']}")
    for words, ids_held in (collected or {}).items():
        members += [p for p in ids_held if p in cat.papers]
        parts.append(words)
    connected = list(connections(store, cat, held, variants=True)) if held else []
    return PaperSet(
        papers=tuple(cat.paper(p) for p in dict.fromkeys([*ids, *sorted(connected), *members])),
        chosen=tuple(dict.fromkeys(ids)),
        concept=held,
        listing=name,
        heading=", ".join(parts),
        unknown=tuple(unknown),
        notes=tuple(notes),
    )


def _lines(titles: str) -> list[str]:
    return [line.strip() for line in titles.splitlines() if line.strip()]


def _paper(store: GraphStore, text: str, unknown: list[Unknown], notes: list[str]) -> str | None:
    """The id of one paper; a bullet or number before a pasted title is not part of it."""
    text = text.strip()[:_LONGEST]
    held = names(store)
    bare = _BULLET.sub("", text)
    try:
        try:
            found = held.resolve_paper(text)
        except NotFoundError:
            if bare == text:
                raise
            found = held.resolve_paper(bare)
    except PapergraphError as error:
        unknown.append(Unknown(text[:200], error.message, error.hint))
        return None
    if found.how in ("spelling", "beginning", "system"):
        notes.append(f"“{text[:200]}” was taken for “{readable(found.paper.title)}” ({found.how})")
    return found.paper.id


def _concept(store: GraphStore, name: str, unknown: list[Unknown], notes: list[str]) -> ConceptRef | None:
    name = name.strip()[:200]
    cat = catalogue(store)
    if name in cat.concepts:
        return cat.concepts[name].ref
    try:
        found = names(store).resolve(name)
    except PapergraphError as error:
        unknown.append(Unknown(name, error.message, error.hint))
        return None
    if found.how == "spelling":
        notes.append(f"“{name}” was taken for {readable(found.concept.name)}")
    return found.concept
