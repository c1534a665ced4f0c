"""Users' own state as one JSON document: to keep, to take elsewhere, and to bring back."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from papergraph.errors import InputError, UsageError
from papergraph.state import VERSION, Kept, Mark, Saved, key, name_of, now, plain
from papergraph.text import one_line

MOST_BYTES = 10_000_000  # of a document that is read
_LONGEST_ID = 2000  # characters
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def write(saved: Saved) -> str:
    """The document of a state: the same text for the same state."""
    document = {
        "papergraph_state": VERSION,
        "collections": [
            {
                "name": name,
                "created_at": created_at,
                "papers": [{"id": paper, "added_at": at} for paper, at in members.items()],
            }
            for name, (created_at, members) in saved.collections.items()
        ],
        "papers": [
            {k: v for k, v in asdict(p).items() if k not in ("added_at", "collections")} for p in saved.papers
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(text: str | bytes) -> Saved:
    """The state of a document. Raises InputError that names the place of what is wrong."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the file is not JSON: {error}", "choose a file that this page exported") from None
    if not isinstance(document, dict) or "papergraph_state" not in document:
        raise InputError(
            "the file is JSON, but no export of collections and notes",
            'it must be an object with "papergraph_state", "collections" and "papers"',
        )
    version = document["papergraph_state"]
    if version != VERSION:
        raise InputError(f"the export has version {str(version)[:20]}, and this program reads {VERSION}")
    return Saved(list(_papers(document)), dict(_collections(document)))


def _papers(document: Mapping[str, Any]) -> Iterator[Kept]:
    seen: set[str] = set()
    for place, row in _rows(document, "papers"):
        paper = _text(row, "id", place, most=_LONGEST_ID)
        if paper in seen:
            raise InputError(f"{place}.id: {paper[:80]!r} stands in the file twice")
        seen.add(paper)
        mark = row.get("mark")
        if mark is not None and mark not in list(Mark):
            raise InputError(f"{place}.mark is {str(mark)[:40]!r}, but must be null, {' or '.join(Mark)}")
        yield Kept(
            id=paper,
            title=one_line(_text(row, "title", place, empty=True)),
            mark=Mark(mark) if mark else None,
            note=plain(_text(row, "note", place, empty=True)),
            changed_at=_time(row, "changed_at", place),
        )


def _collections(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, dict[str, str]]]]:
    seen: set[str] = set()
    for place, row in _rows(document, "collections"):
        try:
            name = name_of(_text(row, "name", place))
        except UsageError as error:
            raise InputError(f"{place}.name: {error.message}") from None
        if key(name) in seen:
            raise InputError(f"{place}.name: {name!r} stands in the file twice")
        seen.add(key(name))
        members = {
            _text(m, "id", at, most=_LONGEST_ID): _time(m, "added_at", at)
            for at, m in _rows(row, "papers", f"{place}.")
        }
        yield name, (_time(row, "created_at", place), members)


def _rows(of: Mapping[str, Any], name: str, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its place in the file."""
    rows = of.get(name, [])
    if not isinstance(rows, list):
        raise InputError(f"{place}{name} must be a list")
    for i, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InputError(f"{place}{name}[{i}] must be an object")
        yield f"{place}{name}[{i}]", row


def _text(
    row: Mapping[str, Any], name: str, place: str, *, most: int = MOST_BYTES, empty: bool = False
) -> str:
    value = row.get(name, "" if empty else None)
    if not isinstance(value, str) or len(value) > most or not (empty or value.strip()):
        raise InputError(
            f"{place}.{name} must be a text" + ("" if empty else f" of 1 to {most:,} characters")
        )
    if not value.isascii() and any(unicodedata.category(c) == "Cs" for c in value):
        raise InputError(f"{place}.{name} holds half of a character")
    return value


def _time(row: Mapping[str, Any], name: str, place: str) -> str:
    """A time as papergraph.state writes it; now where there is none."""
    value = row.get(name) or now()
    try:
        datetime.fromisoformat(value)
        if _TIME.fullmatch(value):
            return str(value)
    except (TypeError, ValueError):
        pass
    raise InputError(f"{place}.{name} is {str(value)[:40]!r}, but must be a time as in 2025-01-31T12:00:00Z")
