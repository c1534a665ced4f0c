"""The words of the graph: labels, relationship types, roles, and the records that travel between stages.

Everything that names a node label, a relationship type, a role or a table column imports it from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class Label(StrEnum):
    """Node labels. Every node of ours in Neo4j also carries PAPERGRAPH."""

    PAPERGRAPH = "Papergraph"
    META = "PapergraphMeta"
    PAPER = "Paper"
    CONCEPT = "Concept"
    METHOD = "Method"
    MODEL = "Model"
    BENCHMARK = "Benchmark"
    TASK = "Task"
    LISTING = "Listing"


class Rel(StrEnum):
    """Relationship types."""

    INTRODUCES = "INTRODUCES"
    EXTENDS = "EXTENDS"
    EVALUATES_ON = "EVALUATES_ON"
    USES = "USES"
    COMPARES_WITH = "COMPARES_WITH"
    MENTIONS = "MENTIONS"
    BUILDS_ON = "BUILDS_ON"
    SIMILAR_TO = "SIMILAR_TO"
    ALIKE = "ALIKE"
    VARIANT_OF = "VARIANT_OF"
    LISTS = "LISTS"
    CITES = "CITES"


class EntityType(StrEnum):
    """What kind of thing a concept is; the value is also its label in Neo4j."""

    METHOD = "Method"
    MODEL = "Model"
    BENCHMARK = "Benchmark"
    TASK = "Task"


class Role(StrEnum):
    """What an entity does in one paper, strongest first (the order of the annotation guide)."""

    INTRODUCES = "introduces"
    BUILDS_ON = "builds_on"
    EVALUATES_ON = "evaluates_on"
    USES = "uses"
    COMPARES_WITH = "compares_with"
    MENTIONS = "mentions"

    @property
    def rel(self) -> Rel:
        """The relationship type that carries this role; builds_on is EXTENDS (BUILDS_ON joins papers)."""
        return Rel.EXTENDS if self is Role.BUILDS_ON else Rel(self.name)

    @property
    def rank(self) -> int:
        """0 for the strongest role."""
        return _ROLE_ORDER[self]


_ROLE_ORDER = {role: i for i, role in enumerate(Role)}
ROLE_OF_REL = {role.rel: role for role in Role}
ROLE_WORDS = {  # as pages say it: the paper ... the concept
    Role.INTRODUCES: "introduces",
    Role.BUILDS_ON: "builds on",
    Role.EVALUATES_ON: "evaluates on",
    Role.USES: "uses",
    Role.COMPARES_WITH: "compares with",
    Role.MENTIONS: "mentions",
}
CONCEPT_ROLE_WORDS = {
    Role.INTRODUCES: "Introduced by",
    Role.BUILDS_ON: "Built on by",
    Role.EVALUATES_ON: "Evaluated on by",
    Role.USES: "Used by",
    Role.COMPARES_WITH: "Compared with by",
    Role.MENTIONS: "Mentioned by",
}


class PaperKind(StrEnum):
    """What a paper is."""

    SYSTEM = "system"
    RESOURCE = "resource"
    ANALYSIS = "analysis"
    SURVEY = "survey"
    POSITION = "position"
    REPORT = "report"


class View(StrEnum):
    """In what papers are near to each other, where not in all that they say."""

    PROBLEM = "problem"
    APPROACH = "approach"


class Basis(StrEnum):
    """Why a BUILDS_ON edge is there: the text names what it rests on, we infer it, or a reader said so."""

    STATED = "stated"
    INFERRED = "inferred"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Span:
    """Character offsets [start, end) into a paper's title or abstract, as given (not folded)."""

    field: str  # "title" or "abstract"
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.field}:{self.start}-{self.end}"

    @classmethod
    @lru_cache(maxsize=20_000)  # a page of the explorer reads hundreds, mostly the same ones again
    def parse(cls, text: str) -> Span:
        """Inverse of str(); raises ValueError on another form."""
        name, _, rest = text.partition(":")
        start, _, end = rest.partition("-")
        return cls(name, int(start), int(end))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim piece of a paper's text and where it stands: text == paper.<field>[start:end]."""

    text: str
    at: Span


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """One role that an entity has in a paper; confidence in [0, 1]."""

    role: Role
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing in one paper. `roles` is never empty and stands strongest first."""

    name: str
    aliases: tuple[str, ...]
    type: EntityType
    confidence: float
    roles: tuple[RoleClaim, ...]
    spans: tuple[Span, ...]  # every mention of name or an alias, in order

    @property
    def role(self) -> Role:
        return self.roles[0].role


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of an input file, as a reader gives it. Empty string or None: not given."""

    title: str
    abstract: str
    file: str
    line: int  # 1-based
    year: int | None = None
    date: str | None = None  # ISO 8601, as precise as given
    authors: tuple[str, ...] = ()
    venue: str | None = None
    url: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    references: tuple[str, ...] = ()  # titles, DOIs or arXiv ids

    @property
    def source(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A piece of input that was not taken, and why."""

    file: str
    line: int | None
    reason: str
    text: str = ""  # its beginning, at most 200 characters


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper node. `listed` is False for a paper that no listing holds (an origin or a cited paper)."""

    id: str
    title: str
    abstract: str
    short: str = ""  # label of at most 28 characters
    kind: PaperKind | None = None
    gist: Evidence | None = None
    claims: tuple[Evidence, ...] = ()
    urls: tuple[str, ...] = ()
    year: int | None = None
    date: str | None = None
    authors: tuple[str, ...] = ()
    venue: str | None = None
    url: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    references: tuple[str, ...] = ()
    listed: bool = True
    sources: tuple[str, ...] = ()  # "file:line", every entry that was merged into it


@dataclass(frozen=True, slots=True)
class Origin:
    """The paper that first introduced a well-known concept."""

    title: str
    year: int
    arxiv_id: str | None


@dataclass(frozen=True, slots=True)
class Concept:
    """A method, model, benchmark or task that papers name. The id does not contain the type."""

    id: str
    name: str
    aliases: tuple[str, ...]
    type: EntityType
    paper_count: int
    origin: Origin | None = None
    origin_paper: str | None = None  # id of the Paper node of the origin, where the graph holds one


@dataclass(frozen=True, slots=True)
class Listing:
    """One input file as it was added. `added_at` is an ISO 8601 date-time in UTC."""

    id: str
    name: str
    file: str
    added_at: str


@dataclass(frozen=True, slots=True)
class PaperConcept:
    """Edge Paper -> Concept: one per pair and role. `confidence` is that of the role, not of the name."""

    paper: str
    concept: str
    role: Role
    name: str  # as it stands in this paper
    type: EntityType  # as in this paper
    confidence: float
    evidence: tuple[Evidence, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class BuildsOn:
    """Edge Paper -> Paper: `source` builds on `target`. Evidence stands in the source paper."""

    source: str
    target: str
    basis: Basis
    confidence: float
    via: tuple[str, ...]  # concept ids
    evidence: tuple[Evidence, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Similar:
    """Edge Paper -> Paper: `target` is the rank-th (from 1) neighbour of `source`; score in [0, 1]."""

    source: str
    target: str
    score: float
    rank: int
    mutual: bool
    shared: tuple[str, ...]  # concept ids, rarest first
    problem: float | None = None  # as in Alike
    approach: float | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """Edge Paper -> Paper: `target` is among the nearest of `source` in one view or both. Scores in [0, 1],
    None where a text says nothing of the view; ranks from 1, None beyond the nearest."""

    source: str
    target: str
    problem: float | None
    approach: float | None
    problem_rank: int | None
    approach_rank: int | None


@dataclass(frozen=True, slots=True)
class Variant:
    """Edge Concept -> Concept: `source` is a version, size or named variant of `target`."""

    source: str
    target: str
    evidence: tuple[str, ...]  # in words: the names, or the table row that says so


@dataclass(frozen=True, slots=True)
class Lists:
    """Edge Listing -> Paper; `rank` counts entries of the file from 1, `at` is file:line."""

    listing: str
    paper: str
    rank: int
    at: str


@dataclass(frozen=True, slots=True)
class Cites:
    """Edge Paper -> Paper, only where the input holds references."""

    source: str
    target: str


@dataclass(slots=True)
class Graph:
    """The whole graph in memory, as tables, each sorted by its key, so equal input gives equal tables."""

    papers: list[Paper] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    paper_concepts: list[PaperConcept] = field(default_factory=list)
    builds_on: list[BuildsOn] = field(default_factory=list)
    similar: list[Similar] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    lists: list[Lists] = field(default_factory=list)
    cites: list[Cites] = field(default_factory=list)
    entities: dict[str, tuple[Entity, ...]] = field(default_factory=dict)  # by paper id, listed papers only
