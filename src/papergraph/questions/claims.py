"""Who says that they beat a thing or compare with it, and with what number: quoted, never ranked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from papergraph.model import Role, Span
from papergraph.questions.answers import Answer, ConceptRef, Named, PaperRef, Quote, quotes
from papergraph.questions.catalogue import catalogue, read_in
from papergraph.questions.names import names
from papergraph.questions.papers import named
from papergraph.store.base import GraphStore
from papergraph.text import fold_name

# Words by which a sentence says that one thing does better than another. It may be either: the quote tells.
_BETTER = re.compile(
    r"\b(?:out-?perform\w*|out-?scor\w*|outpac\w*|surpass\w*|exceed\w*|beat(?:s|ing|en)?|superior\b|"
    r"better than|higher than|faster than|improv\w+ (?:over|on|upon)|state[- ]of[- ]the[- ]art)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,-])[+\-−~]?\$?\d[\d,]*(?:\.\d+)?"
    r"(?:\s?\\?%|\s?(?:points?|percent|pp|times|fold|thousand|million|billion)\b|\s?[x×](?!\w)|(?![\w-]))"
)


@dataclass(frozen=True, slots=True)
class ClaimQuote(Answer):
    """A sentence about the thing asked for: its words for better and its numbers, as they stand."""

    quote: Quote
    better: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperClaims(Answer):
    """What one paper says of the thing: sentences that name it, then its other claims with numbers."""

    paper: PaperRef
    name: str  # as the thing stands in the paper
    concept: ConceptRef  # the thing itself, or the variant that is named
    role: str  # compares_with where the paper says so, else the strongest
    own: bool  # the paper introduces the thing: these are its authors' own claims
    sentences: tuple[ClaimQuote, ...]
    further: tuple[ClaimQuote, ...]


@dataclass(frozen=True, slots=True)
class Claims(Answer):
    """All papers that claim something about a concept or its variants."""

    concept: ConceptRef
    papers: tuple[PaperClaims, ...]
    naming: int  # papers that name it, with or without a claim


def claims_about(store: GraphStore, name: str) -> Claims:
    """Papers that compare with a concept or a variant of it, or that name it in a claim, with the sentences.

    First those whose sentence holds a word for better and a number, then one of the two; papers that
    introduce the thing last. Raises NotFoundError where nothing has that name.
    """
    cat = catalogue(store)
    id_ = name if name in cat.concepts else names(store).resolve(name).concept.id
    family = {id_, *cat.descendants(id_)}
    papers = sorted({r["paper"] for r in read_in(store, "papers_of", "concepts", family)})
    things = named(store, cat, papers)
    rows = []
    for r in read_in(store, "papers_by_id", "papers", papers):
        every = things.get(r["id"], [])
        made = {n.concept_id for n in every if n.role == Role.INTRODUCES} - {id_}
        about = [n for n in every if n.concept_id in family - made]
        claimed = quotes(r["claims"], r["claims_at"])
        aliases = {a for n in about for a in cat.concepts[n.concept_id].aliases}
        spans = [Span.parse(s) for n in every for s in n.spans]
        sentences = _sentences(about, claimed, aliases, spans)
        if not sentences:
            continue
        lead = next((n for n in about if n.role == Role.COMPARES_WITH), about[0])
        held = {s.quote for s in sentences}
        rows.append(
            PaperClaims(
                cat.paper(r["id"]),
                lead.name,
                cat.concepts[lead.concept_id].ref,
                lead.role,
                any(n.role == Role.INTRODUCES for n in about),
                sentences,
                tuple(_claim(q, spans) for q in claimed if q not in held),
            )
        )
    rows.sort(key=_order)
    return Claims(cat.concepts[id_].ref, tuple(rows), len(papers))


def _sentences(
    about: list[Named], claimed: tuple[Quote, ...], aliases: set[str], names: list[Span]
) -> tuple[ClaimQuote, ...]:
    """Evidence of a comparison, and claims that name the thing; each sentence once, in the paper's order."""
    found = {q for n in about if n.role == Role.COMPARES_WITH for q in n.evidence}
    spans = [Span.parse(s) for n in about for s in n.spans]
    written = {s for n in about for s in n.surfaces} | aliases
    for q in claimed:
        inside = any(s.field == q.field and q.start <= s.start and s.end <= q.end for s in spans)
        if inside or any(_names(q.text, w) for w in written):
            found.add(q)
    whole = [q for q in found if not any(_within(q, other) for other in found if other != q)]
    return tuple(_claim(q, names) for q in sorted(whole, key=lambda q: (q.field != "title", q.start, q.end)))


def _within(q: Quote, other: Quote) -> bool:
    return q.field == other.field and other.start <= q.start and q.end <= other.end


def _names(text: str, name: str) -> bool:
    """Whether a text holds a name as words of its own; names of one letter or none are not looked for."""
    if len(fold_name(name)) < 2:
        return False
    flags = re.NOFLAG if len(name) < 5 else re.IGNORECASE
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, flags) is not None


def _claim(q: Quote, names: list[Span]) -> ClaimQuote:
    """A sentence with what stands out in it; a number within a name (SQuAD 2.0) is none."""
    inside = [(s.start - q.start, s.end - q.start) for s in names if s.field == q.field]
    numbers = [m for m in _NUMBER.finditer(q.text) if not any(a <= m.start() < b for a, b in inside)]
    return ClaimQuote(
        q,
        tuple(dict.fromkeys(_BETTER.findall(q.text))),
        tuple(dict.fromkeys(m[0].strip() for m in numbers)),
    )


def _order(p: PaperClaims) -> tuple[bool, int, str, str]:
    best = min(2 - bool(s.better) - bool(s.numbers) for s in p.sentences)
    return p.own, best, p.paper.title, p.paper.id
