"""Well-known concepts with the papers that introduced them (data/origins.csv), and terms (data/terms.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from papergraph.assets import data
from papergraph.errors import InputError
from papergraph.model import EntityType, Origin
from papergraph.text import fold_title

COLUMNS = ("name", "aliases", "type", "variant_of", "title", "year", "arxiv_id")
TERM_COLUMNS = ("name", "aliases", "type")
SAME_TITLE = 88  # of 100


@dataclass(frozen=True, slots=True)
class OriginRow:
    """One well-known concept. `variant_of` is the name of another row, or empty.

    `origin` is None for a term of the trade that no single paper introduced (data/terms.csv).
    """

    name: str
    aliases: tuple[str, ...]
    type: EntityType
    variant_of: str
    origin: Origin | None


@cache
def load() -> tuple[OriginRow, ...]:
    """The rows of data/origins.csv, in the order of the file."""
    return read(data("origins.csv"), COLUMNS)


@cache
def terms() -> tuple[OriginRow, ...]:
    """The rows of data/terms.csv: established names of tasks and techniques with their other usual forms."""
    return read(data("terms.csv"), TERM_COLUMNS)


def same_title(a: str, b: str) -> bool:
    """Whether two titles are one paper's: a preprint's and the later one may differ by a word or two."""
    return fuzz.ratio(fold_title(a), fold_title(b)) >= SAME_TITLE


def read(path: Path, columns: tuple[str, ...] = COLUMNS) -> tuple[OriginRow, ...]:
    """The rows of a table of origins.

    Raises InputError, with file and line, on another header, an unknown type, or a year that is no number.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise InputError(f"{path}:1: the columns must be {','.join(columns)}")
        return tuple(_row(row, f"{path}:{reader.line_num}") for row in reader)


def _row(row: dict[str, str | None], where: str) -> OriginRow:
    if None in row or None in row.values():
        raise InputError(f"{where}: another number of cells than the header has columns")
    cell = {name: (text or "").strip() for name, text in row.items()}
    try:
        title = cell.get("title")
        return OriginRow(
            name=cell["name"],
            aliases=tuple(a.strip() for a in cell["aliases"].split("|") if a.strip()),
            type=EntityType(cell["type"]),
            variant_of=cell.get("variant_of", ""),
            origin=Origin(title, int(cell["year"]), cell["arxiv_id"] or None) if title else None,
        )
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None
