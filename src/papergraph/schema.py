"""The tables of a graph on disk: their columns, and records to rows and back.

Node and edge tables are flat, so that the same columns serve Parquet, Ladybug and Neo4j: a tuple of Evidence
becomes two parallel lists of text and "field:start-end". The table `entities` (what extraction found, before
resolving) is nested and stays on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from papergraph.model import (
    Alike,
    Basis,
    BuildsOn,
    Cites,
    Concept,
    Entity,
    EntityType,
    Evidence,
    Listing,
    Lists,
    Origin,
    Paper,
    PaperConcept,
    PaperKind,
    Role,
    RoleClaim,
    Similar,
    Span,
    Variant,
)
from papergraph.text import readable

Row = dict[str, Any]

TEXT, INT, REAL, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
TEXTS = pa.list_(pa.string())


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


def _evidence(texts: Sequence[str], at: Sequence[str]) -> tuple[Evidence, ...]:
    return tuple(Evidence(t, Span.parse(a)) for t, a in zip(texts, at, strict=True))


def _paper_row(p: Paper) -> Row:
    return {
        "id": p.id,
        "title": p.title,
        "title_plain": readable(p.title),
        "short": p.short,
        "abstract": p.abstract,
        "kind": p.kind.value if p.kind else None,
        "gist": p.gist.text if p.gist else None,
        "gist_at": str(p.gist.at) if p.gist else None,
        "claims": [c.text for c in p.claims],
        "claims_at": [str(c.at) for c in p.claims],
        "urls": list(p.urls),
        "year": p.year,
        "date": p.date,
        "authors": list(p.authors),
        "venue": p.venue,
        "url": p.url,
        "doi": p.doi,
        "arxiv_id": p.arxiv_id,
        "refs": list(p.references),
        "listed": p.listed,
        "sources": list(p.sources),
    }


def _paper(r: Row) -> Paper:
    return Paper(
        id=r["id"],
        title=r["title"],
        abstract=r["abstract"],
        short=r["short"],
        kind=PaperKind(r["kind"]) if r["kind"] else None,
        gist=Evidence(r["gist"], Span.parse(r["gist_at"])) if r["gist"] else None,
        claims=_evidence(r["claims"], r["claims_at"]),
        urls=tuple(r["urls"]),
        year=r["year"],
        date=r["date"],
        authors=tuple(r["authors"]),
        venue=r["venue"],
        url=r["url"],
        doi=r["doi"],
        arxiv_id=r["arxiv_id"],
        references=tuple(r["refs"]),
        listed=r["listed"],
        sources=tuple(r["sources"]),
    )


def _concept_row(c: Concept) -> Row:
    return {
        "id": c.id,
        "name": c.name,
        "aliases": list(c.aliases),
        "type": c.type.value,
        "paper_count": c.paper_count,
        "origin_title": c.origin.title if c.origin else None,
        "origin_year": c.origin.year if c.origin else None,
        "origin_arxiv_id": c.origin.arxiv_id if c.origin else None,
        "origin_paper": c.origin_paper,
    }


def _concept(r: Row) -> Concept:
    origin = Origin(r["origin_title"], r["origin_year"], r["origin_arxiv_id"]) if r["origin_title"] else None
    return Concept(
        r["id"],
        r["name"],
        tuple(r["aliases"]),
        EntityType(r["type"]),
        r["paper_count"],
        origin,
        r["origin_paper"],
    )


def _paper_concept_row(e: PaperConcept) -> Row:
    return {
        "paper": e.paper,
        "concept": e.concept,
        "role": e.role.value,
        "name": e.name,
        "type": e.type.value,
        "confidence": e.confidence,
        "evidence": [v.text for v in e.evidence],
        "evidence_at": [str(v.at) for v in e.evidence],
        "spans": [str(s) for s in e.spans],
    }


def _paper_concept(r: Row) -> PaperConcept:
    return PaperConcept(
        r["paper"],
        r["concept"],
        Role(r["role"]),
        r["name"],
        EntityType(r["type"]),
        r["confidence"],
        _evidence(r["evidence"], r["evidence_at"]),
        tuple(map(Span.parse, r["spans"])),
    )


def _builds_on_row(e: BuildsOn) -> Row:
    return {
        "source": e.source,
        "target": e.target,
        "basis": e.basis.value,
        "confidence": e.confidence,
        "via": list(e.via),
        "evidence": [v.text for v in e.evidence],
        "evidence_at": [str(v.at) for v in e.evidence],
        "reason": e.reason,
    }


def _builds_on(r: Row) -> BuildsOn:
    return BuildsOn(
        r["source"],
        r["target"],
        Basis(r["basis"]),
        r["confidence"],
        tuple(r["via"]),
        _evidence(r["evidence"], r["evidence_at"]),
        r["reason"],
    )


def entity_row(paper: str, e: Entity) -> Row:
    """An extracted entity of a paper as a row of the table `entities`."""
    return {
        "paper": paper,
        "name": e.name,
        "aliases": list(e.aliases),
        "type": e.type.value,
        "confidence": e.confidence,
        "roles": [
            {
                "role": c.role.value,
                "confidence": c.confidence,
                "evidence": [v.text for v in c.evidence],
                "evidence_at": [str(v.at) for v in c.evidence],
            }
            for c in e.roles
        ],
        "spans": [str(s) for s in e.spans],
    }


def entity(r: Row) -> Entity:
    """Inverse of entity_row, without the paper."""
    return Entity(
        r["name"],
        tuple(r["aliases"]),
        EntityType(r["type"]),
        r["confidence"],
        tuple(
            RoleClaim(
                Role(c["role"]),
                c["confidence"],
                _evidence(c["evidence"], c["evidence_at"]),
            )
            for c in r["roles"]
        ),
        tuple(map(Span.parse, r["spans"])),
    )


ENTITIES = _schema(
    paper=TEXT,
    name=TEXT,
    aliases=TEXTS,
    type=TEXT,
    confidence=REAL,
    roles=pa.list_(
        pa.struct(
            [
                ("role", TEXT),
                ("confidence", REAL),
                ("evidence", TEXTS),
                ("evidence_at", TEXTS),
            ]
        )
    ),
    spans=TEXTS,
)


@dataclass(frozen=True, slots=True)
class Table:
    """A flat table: `name` is its file name and the attribute of Graph that holds its records."""

    name: str
    schema: pa.Schema
    to_row: Callable[[Any], Row]
    from_row: Callable[[Row], Any]


PAPERS = Table(
    "papers",
    _schema(
        id=TEXT,
        title=TEXT,
        title_plain=TEXT,
        short=TEXT,
        abstract=TEXT,
        kind=TEXT,
        gist=TEXT,
        gist_at=TEXT,
        claims=TEXTS,
        claims_at=TEXTS,
        urls=TEXTS,
        year=INT,
        date=TEXT,
        authors=TEXTS,
        venue=TEXT,
        url=TEXT,
        doi=TEXT,
        arxiv_id=TEXT,
        refs=TEXTS,
        listed=FLAG,
        sources=TEXTS,
    ),
    _paper_row,
    _paper,
)

TABLES: tuple[Table, ...] = (
    PAPERS,
    Table(
        "concepts",
        _schema(
            id=TEXT,
            name=TEXT,
            aliases=TEXTS,
            type=TEXT,
            paper_count=INT,
            origin_title=TEXT,
            origin_year=INT,
            origin_arxiv_id=TEXT,
            origin_paper=TEXT,
        ),
        _concept_row,
        _concept,
    ),
    Table(
        "listings",
        _schema(id=TEXT, name=TEXT, file=TEXT, added_at=TEXT),
        lambda x: {"id": x.id, "name": x.name, "file": x.file, "added_at": x.added_at},
        lambda r: Listing(**r),
    ),
    Table(
        "paper_concepts",
        _schema(
            paper=TEXT,
            concept=TEXT,
            role=TEXT,
            name=TEXT,
            type=TEXT,
            confidence=REAL,
            evidence=TEXTS,
            evidence_at=TEXTS,
            spans=TEXTS,
        ),
        _paper_concept_row,
        _paper_concept,
    ),
    Table(
        "builds_on",
        _schema(
            source=TEXT,
            target=TEXT,
            basis=TEXT,
            confidence=REAL,
            via=TEXTS,
            evidence=TEXTS,
            evidence_at=TEXTS,
            reason=TEXT,
        ),
        _builds_on_row,
        _builds_on,
    ),
    Table(
        "similar",
        _schema(
            source=TEXT,
            target=TEXT,
            score=REAL,
            rank=INT,
            mutual=FLAG,
            shared=TEXTS,
            problem=REAL,
            approach=REAL,
        ),
        lambda e: {
            "source": e.source,
            "target": e.target,
            "score": e.score,
            "rank": e.rank,
            "mutual": e.mutual,
            "shared": list(e.shared),
            "problem": e.problem,
            "approach": e.approach,
        },
        lambda r: Similar(
            r["source"],
            r["target"],
            r["score"],
            r["rank"],
            r["mutual"],
            tuple(r["shared"]),
            r["problem"],
            r["approach"],
        ),
    ),
    Table(
        "alike",
        _schema(
            source=TEXT,
            target=TEXT,
            problem=REAL,
            approach=REAL,
            problem_rank=INT,
            approach_rank=INT,
        ),
        lambda e: {
            "source": e.source,
            "target": e.target,
            "problem": e.problem,
            "approach": e.approach,
            "problem_rank": e.problem_rank,
            "approach_rank": e.approach_rank,
        },
        lambda r: Alike(**r),
    ),
    Table(
        "variants",
        _schema(source=TEXT, target=TEXT, evidence=TEXTS),
        lambda e: {
            "source": e.source,
            "target": e.target,
            "evidence": list(e.evidence),
        },
        lambda r: Variant(r["source"], r["target"], tuple(r["evidence"])),
    ),
    Table(
        "lists",
        _schema(listing=TEXT, paper=TEXT, rank=INT, at=TEXT),
        lambda e: {"listing": e.listing, "paper": e.paper, "rank": e.rank, "at": e.at},
        lambda r: Lists(**r),
    ),
    Table(
        "cites",
        _schema(source=TEXT, target=TEXT),
        lambda e: {"source": e.source, "target": e.target},
        lambda r: Cites(**r),
    ),
)
