"""RIS, parsed by rispy record by record: a broken one costs only itself, and each has its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import rispy

from papergraph.sources.opening import Text, rejection
from papergraph.sources.result import ReadResult, take

_TAG = re.compile(r"\s*([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*)|$)")


def read(text: Text) -> ReadResult:
    """Records of a RIS file. One without ER at its end is kept with a warning; lines outside are rejected."""
    result = ReadResult("ris", [], text.rejected, [], text.digest)
    for number, lines, closed in _blocks(text):
        block = "\n".join([*lines, "ER  - "])
        try:
            entries = rispy.loads(block)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            entries = []
        if not entries:
            text.reject(number, "not RIS: its fields cannot be made out", lines[0])
            continue
        if take(_columns(entries[0]), number, lines[0], text, result) and not closed:
            result.warnings.append(rejection(text.name, number, "the record is not ended by ER", lines[0]))
    return result


def _blocks(text: Text) -> Iterator[tuple[int, list[str], bool]]:
    """(line, lines with their tags in standard form, ended by ER) of each record."""
    start, lines = 0, list[str]()
    for number, line in enumerate(text.lines, 1):
        tag = _TAG.match(line)
        if tag and tag[1] == "TY":
            if lines:
                yield start, lines, False
            start, lines = number, ["TY  - " + (tag[2] or "")]
        elif tag and tag[1] == "ER" and lines:
            yield start, lines, True
            lines = []
        elif lines:
            if line.strip():
                lines.append(f"{tag[1]}  - {tag[2] or ''}" if tag else line)
        elif line.strip():
            text.reject(number, "outside of any record (between ER and TY)", line)
    if lines:
        yield start, lines, False


def _columns(entry: dict[str, Any]) -> dict[str, Any]:
    """The columns of fields.COLUMNS from a record as rispy gives it."""
    year = entry.get("year") or entry.get("publication_year")
    urls = entry.get("urls") or []
    notes = [str(entry.get(k) or "") for k in ("type_of_work", "note", "number", "custom7", "label")]
    arxiv = next((n for n in notes if re.match(r"arxiv:", n.strip(), re.IGNORECASE)), None)
    return {
        "title": entry.get("title") or entry.get("primary_title"),
        "abstract": entry.get("abstract") or entry.get("notes_abstract"),
        "year": year[:4] if isinstance(year, str) and re.match(r"\d{4}", year) else year,
        "date": str(entry["date"]).rstrip("/") if entry.get("date") else None,
        "authors": entry.get("authors") or entry.get("first_authors"),
        "venue": next(
            (
                entry[k]
                for k in (
                    "journal_name",
                    "secondary_title",
                    "alternate_title3",
                    "publisher",
                )
                if entry.get(k)
            ),
            None,
        ),
        "url": urls[0] if urls else None,
        "doi": entry.get("doi"),
        "arxiv_id": arxiv,
    }
