"""Readers, one a format: from lines to records, rejected pieces and warnings. See docs/input-formats.md."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from papergraph.errors import UsageError
from papergraph.sources.fields import column_of
from papergraph.sources.opening import Text, open_text
from papergraph.sources.result import ReadResult

__all__ = ["FORMATS", "ReadResult", "display_names", "read_file"]

FORMATS: dict[str, str] = {
    "listing": "plain text, a title line and an abstract line in turn",
    "jsonl": "JSON Lines: an object a line",
    "csv": "comma, semicolon or tab separated values with a header line",
    "bibtex": "BibTeX entries",
    "ris": "RIS records",
}
"""Every format that can be read, and what it is."""

_SUFFIXES = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "csv",
    ".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris",
}  # fmt: skip
_BIBTEX = re.compile(r"\s*@\s*(?:comment|string|preamble|[a-z]+\s*[{(][^,={}]*,)", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\}|$)|\[\s*(?:\{|\]|$))")
_RIS = re.compile(r"\s*TY {1,2}- ?")


def read_file(path: str, format: str | None = None, *, name: str | None = None) -> ReadResult:
    """Read one file of papers ("-": standard input; plain or gzip).

    `format` is a key of FORMATS, by default chosen by content; `name` is how the file is called in records,
    by default its base name (display_names tells files of the same base name apart). Raises InputError
    where nothing of the file can be read, UsageError on an unknown format.
    """
    if format is not None and format not in FORMATS:
        raise UsageError(
            f"--input-format: {format!r} is not a format",
            f"one of {', '.join(FORMATS)}",
        )
    text = open_text(path, name)
    chosen = format or detect(text.lines, path)
    reader: Callable[[Text], ReadResult] = importlib.import_module(f"papergraph.sources.{chosen}").read
    return reader(text)


def detect(lines: Sequence[str], path: str = "") -> str:
    """The format of a file by its first lines, by the suffix of its name where these do not tell."""
    first = [line for line in lines[:200] if line.strip()]
    if first and _JSON.match(first[0]):
        return "jsonl"
    if any(_RIS.match(line) for line in first[:20]):
        return "ris"
    if any(_BIBTEX.match(line) for line in first):
        return "bibtex"
    if first and delimiter(first[0]):
        return "csv"
    suffixes = [s.lower() for s in Path(path).suffixes if s.lower() != ".gz"]
    return _SUFFIXES.get(suffixes[-1] if suffixes else "", "listing")


def delimiter(header: str) -> str | None:
    """What separates the columns of a CSV header that has a title column among others, or None."""
    for candidate in ",;\t":
        names = [column_of(cell.strip().strip('"')) for cell in header.split(candidate)]
        if "title" in names and len(names) > 1:
            return candidate
    return None


def display_names(paths: Sequence[str]) -> list[str]:
    """How files are called in records: the base name, after as many folders as tell it from the others."""
    parts = [("stdin",) if p == "-" else Path(p).absolute().parts for p in paths]
    names = []
    for own in parts:
        others = {p for p in parts if p != own}
        length = 1
        while length < len(own) and any(p[-length:] == own[-length:] for p in others):
            length += 1
        names.append("/".join(own[-length:]).replace("//", "/"))
    return names
