"""Entities from a file in the form of `papergraph export entities`, instead of the network's own."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from papergraph.errors import InputError
from papergraph.extract import facts
from papergraph.extract.base import Extraction, Extractor
from papergraph.model import Entity, EntityType, Evidence, Role, RoleClaim, Span
from papergraph.text import fold_title, sentences

_HINT = (
    'each line is {"title": ..., "entities": [{"name", "aliases", "type", "role", "confidence", "evidence"}]}'
)


@dataclass(frozen=True, slots=True)
class _Row:
    """An entity as the file gives it."""

    names: tuple[str, ...]
    type: EntityType
    roles: tuple[Role, ...]
    confidence: float
    evidence: str


class FileExtractor:
    """Takes entities from the file by folded title, and everything else from `base`; a paper that the file
    lacks has none.

    Names that do not stand verbatim in the paper are left out. Raises InputError naming file and line.
    """

    def __init__(self, path: str | Path, base: Extractor) -> None:
        self._base = base
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}", _HINT) from None
        self._rows = dict(_papers(str(path), content))
        digest = hashlib.sha256(content).hexdigest()[:12]
        self.version = f"file:{digest}+{base.version}"
        self.embedder = base.embedder

    def extract(self, title: str, abstract: str) -> Extraction:
        found = self._base.extract(title, abstract)
        rows = self._rows.get(fold_title(title), [])
        entities = [e for row in rows if (e := _entity(row, title, abstract)) is not None]
        entities.sort(key=lambda e: (_order(e.spans[0]), e.name))
        return replace(
            found,
            entities=tuple(entities),
            kind=facts.kind(title, abstract, entities),
            short=facts.short(title, entities),
        )


def _papers(path: str, content: bytes) -> Iterator[tuple[str, list[_Row]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}", _HINT) from None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            paper = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{where}: not JSON: {error}", _HINT) from None
        if not isinstance(paper, dict) or not isinstance(paper.get("title"), str):
            raise InputError(f"{where}: no title", _HINT)
        entities = paper.get("entities")
        if not isinstance(entities, list):
            raise InputError(f"{where}: no list of entities", _HINT)
        yield fold_title(paper["title"]), [_row(e, where) for e in entities]


def _row(e: Any, where: str) -> _Row:
    if not isinstance(e, dict) or not isinstance(e.get("name"), str) or not e["name"].strip():
        raise InputError(f"{where}: an entity without a name", _HINT)
    name = e["name"]
    aliases = e.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
        raise InputError(f"{where}: the aliases of {name!r} are no list of names", _HINT)
    if e.get("type") not in set(EntityType):
        raise InputError(
            f"{where}: the type of {name!r} is {e.get('type')!r}; known: {', '.join(EntityType)}", _HINT
        )
    roles = e.get("roles") or [e.get("role")]
    if not isinstance(roles, list) or not all(isinstance(r, str) and r in set(Role) for r in roles):
        raise InputError(
            f"{where}: the role of {name!r} is {e.get('role')!r}; known: {', '.join(Role)}", _HINT
        )
    confidence = e.get("confidence", 1.0)
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise InputError(f"{where}: the confidence of {name!r} is {confidence!r}, not in [0, 1]", _HINT)
    evidence = e.get("evidence", "")
    names = tuple(dict.fromkeys(n for n in (name, *aliases) if n.strip()))
    ranked = tuple(sorted({Role(r) for r in roles}, key=lambda r: r.rank))
    return _Row(
        names, EntityType(e["type"]), ranked, float(confidence), evidence if isinstance(evidence, str) else ""
    )


def _order(span: Span) -> tuple[bool, int, int]:
    return span.field == "abstract", span.start, span.end


def _occurrences(name: str, field: str, text: str) -> Iterator[Span]:
    """Where a name stands in a text and is not part of a longer word."""
    left = r"(?<!\w)" if name[0].isalnum() else ""
    right = r"(?!\w)" if name[-1].isalnum() else ""
    for match in re.finditer(left + re.escape(name) + right, text):
        yield Span(field, match.start(), match.end())


def _entity(row: _Row, title: str, abstract: str) -> Entity | None:
    """The row with its places in the paper; None where none of its names stands there."""
    fields = (("title", title), ("abstract", abstract))
    places = {n: [s for f, t in fields for s in _occurrences(n, f, t)] for n in row.names}
    names = [n for n in row.names if places[n]]
    if not names:
        return None
    spans = sorted({s for n in names for s in places[n]}, key=_order)
    spans = [s for s in spans if not any(_inside(s, o) for o in spans)]
    evidence = _evidence(row.evidence, spans[0], title, abstract)
    claims = tuple(RoleClaim(r, row.confidence, (evidence,)) for r in row.roles)
    return Entity(names[0], tuple(sorted(names[1:])), row.type, row.confidence, claims, tuple(spans))


def _inside(a: Span, b: Span) -> bool:
    return a != b and a.field == b.field and b.start <= a.start and a.end <= b.end


def _evidence(text: str, mention: Span, title: str, abstract: str) -> Evidence:
    """The file's evidence where it stands verbatim, else the sentence of the first mention."""
    if text:
        for field, whole in (("abstract", abstract), ("title", title)):
            at = whole.find(text)
            if at >= 0:
                return Evidence(text, Span(field, at, at + len(text)))
    if mention.field == "abstract":
        for start, end in sentences(abstract):
            if start <= mention.start < end:
                return Evidence(abstract[start:end], Span("abstract", start, end))
    return Evidence(title, Span("title", 0, len(title)))
