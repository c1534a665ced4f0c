"""What the questions answer: frozen records, each with as_dict for JSON and row for a table or CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from papergraph.model import Span

_ATOMS = frozenset({str, int, float, bool, type(None)})


class Answer:
    """Base of all answers."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values: dicts, lists, strings, numbers; as dataclasses.asdict, in a fraction of the time."""
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind in (tuple, list):
        return kind([_plain(v) for v in value])
    if kind is dict:
        return {key: _plain(v) for key, v in value.items()}
    if hasattr(kind, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in kind.__dataclass_fields__}
    return value


@dataclass(frozen=True, slots=True)
class Quote(Answer):
    """A verbatim piece of a paper: text == paper.<field>[start:end]."""

    text: str
    field: str  # "title" or "abstract"
    start: int
    end: int


def quotes(texts: Sequence[str] | None, at: Sequence[str] | None) -> tuple[Quote, ...]:
    """Evidence as a store holds it, in two parallel lists."""
    spans = [Span.parse(a) for a in at or ()]
    return tuple(Quote(t, s.field, s.start, s.end) for t, s in zip(texts or (), spans, strict=True))


@dataclass(frozen=True, slots=True)
class PaperRef(Answer):
    """A paper in short. `listed` is False for a paper that no listing holds."""

    id: str
    title: str  # as given; papergraph.text.readable shows it
    short: str
    kind: str | None
    year: int | None
    listed: bool


@dataclass(frozen=True, slots=True)
class ConceptRef(Answer):
    """A concept in short."""

    id: str
    name: str
    type: str
    paper_count: int


@dataclass(frozen=True, slots=True)
class Connection(Answer):
    """Why a paper is connected to a concept: one role, with its evidence in the paper."""

    concept: str  # canonical name
    concept_id: str
    name: str  # as it stands in the paper
    type: str  # as in the paper
    role: str
    match: str  # name: the concept asked for; variant: a version, size or named variant of it
    confidence: float
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Hit(PaperRef):
    """A paper connected to what was asked for; role to evidence are those of its strongest connection."""

    role: str | None  # None where match is meaning
    type: str | None
    match: str  # name, variant or meaning
    confidence: float
    evidence: tuple[Quote, ...]
    concept: str | None
    concept_id: str | None
    relevance: float | None  # to `about`, in [0, 1]; None where nothing was asked
    connections: tuple[Connection, ...]


@dataclass(frozen=True, slots=True)
class Neighbour(PaperRef):
    """A SIMILAR_TO edge of a paper, or an ALIKE edge of one view, seen from it. `problem` and `approach` as
    in alike.Alike.
    """

    score: float
    rank: int
    mutual: bool
    shared: tuple[str, ...]  # names of concepts that both name, rarest first
    problem: float | None
    approach: float | None


@dataclass(frozen=True, slots=True)
class Ancestry(PaperRef):
    """A paper of a lineage, `depth` steps from the one asked for, reached from `parent`."""

    depth: int
    relation: str  # builds_on or cites
    basis: str | None  # stated, inferred or corrected; None for cites
    confidence: float | None
    via: tuple[str, ...]  # concept names
    reason: str
    evidence: tuple[Quote, ...]  # stands in the younger paper of the two
    parent: str  # title
    parent_id: str


@dataclass(frozen=True, slots=True)
class Step(Answer):
    """One step of a path between papers, in words."""

    source: str  # title
    target: str  # title
    relation: str  # builds_on, built_on_by, cites, cited_by, similar or shares
    words: str
    confidence: float | None
    evidence: tuple[Quote, ...]
    source_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class Found(Answer):
    """A paper or concept that a search found."""

    kind: str  # paper or concept
    title: str  # a paper's title, a concept's name
    type: str | None  # a paper's kind, a concept's type
    score: float  # 1 for the best
    by: str  # word, spelling or meaning
    snippet: Quote | None  # the sentence of the paper that holds most of the words
    id: str
    short: str
    year: int | None
    listed: bool
    paper_count: int | None  # of a concept


@dataclass(frozen=True, slots=True)
class Named(Answer):
    """A thing that a paper names, with one role and its evidence."""

    name: str  # as it stands in the paper
    surfaces: tuple[str, ...]  # every way it is written in the paper, name included
    type: str
    role: str
    confidence: float
    evidence: tuple[Quote, ...]
    spans: tuple[str, ...]  # "field:start-end" of every mention
    concept: str  # canonical name
    concept_id: str
    concept_type: str
    papers: int  # papers that name the concept


@dataclass(frozen=True, slots=True)
class Relation(PaperRef):
    """A BUILDS_ON or CITES edge between papers, seen from one end."""

    relation: str  # builds_on, built_on_by, cites or cited_by
    basis: str | None
    confidence: float | None
    via: tuple[str, ...]
    reason: str
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Explanation(Answer):
    """What was extracted from a paper and why, and its edges."""

    paper: PaperRef
    abstract: str
    gist: Quote | None
    claims: tuple[Quote, ...]
    authors: tuple[str, ...]
    venue: str | None
    date: str | None
    url: str | None
    doi: str | None
    arxiv_id: str | None
    urls: tuple[str, ...]
    sources: tuple[str, ...]  # file:line
    listings: tuple[str, ...]
    named: tuple[Named, ...]
    relations: tuple[Relation, ...]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Statistics(Answer):
    """A graph in figures."""

    graph_id: str
    generation: str
    embedder: str
    counts: dict[str, int]  # by label and relationship type
    papers_listed: int
    papers_outside: int  # origin and cited papers that no listing holds
    kinds: dict[str, int]
    years: dict[str, int]
    concept_types: dict[str, int]
    named_once: int  # concepts that one paper names
    without_neighbour: int  # listed papers that no SIMILAR_TO edge touches
    stated: int  # BUILDS_ON edges
    inferred: int
    corrected: int  # said by a reader
    top: dict[str, list[ConceptRef]]  # by concept type: the most named
