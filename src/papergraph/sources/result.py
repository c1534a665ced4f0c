"""What a reader gives back, and how one entry of named fields gets into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from papergraph.model import Record, Rejected
from papergraph.sources.fields import FieldError, to_record
from papergraph.sources.opening import Text, rejection


@dataclass(slots=True)
class ReadResult:
    """The records of one file, what was rejected, and what is odd in records that were kept."""

    format: str
    records: list[Record]
    rejected: list[Rejected]
    warnings: list[Rejected]
    digest: str = ""  # SHA-256 of the file's bytes


def take(values: Mapping[str, Any], line: int, source: str, text: Text, result: ReadResult) -> bool:
    """Add the record of these columns, with warnings for what was left out; or reject it. True if added."""
    try:
        record, notes = to_record(values, text.name, line)
    except FieldError as error:
        text.reject(line, str(error), source)
        return False
    result.records.append(record)
    result.warnings += [rejection(text.name, line, note, record.title) for note in notes]
    return True
