"""What a reader gives back."""

from __future__ import annotations

from dataclasses import dataclass

from papergraph.model import Record, Rejected


@dataclass(slots=True)
class ReadResult:
    """The records of one file. `rejected`: what was not taken; `warnings`: records kept although something is missing."""

    format: str
    records: list[Record]
    rejected: list[Rejected]
    warnings: list[Rejected]
    sha256: str = ""  # of the file's bytes
