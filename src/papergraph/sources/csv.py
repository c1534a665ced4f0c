"""CSV and its kin: a header line, then a row an entry; comma, semicolon or tab, after the header."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from papergraph.errors import InputError
from papergraph.sources import delimiter
from papergraph.sources.fields import by_column, column_of
from papergraph.sources.opening import MAX_LINE, Text, rejection
from papergraph.sources.result import ReadResult, take
from papergraph.text import plural

_MAX_LINES = 200  # that one row with quoted line breaks may take


def read(text: Text) -> ReadResult:
    """Records of a CSV file (RFC 4180, quoted line breaks included).

    A row with an open quote or another number of columns is rejected, and the next line tried as a row.
    Raises InputError where the header lacks a title column.
    """
    result = ReadResult("csv", [], text.rejected, [], text.digest)
    start = next((i for i, line in enumerate(text.lines) if line.strip()), None)
    if start is None:
        return result
    separator = delimiter(text.lines[start]) or ","
    header, following, problem = read_row(text.lines, start, separator)
    columns = [column_of(name) for name in header or []]
    if header is None or "title" not in columns:
        found = problem or f"its columns are: {', '.join(n.strip()[:40] for n in (header or [])[:20])}"
        raise InputError(
            f"{text.name}:{start + 1}: the header has no column title; {found}",
            "the first line must name the columns, title and abstract among them",
        )
    if "abstract" not in columns:
        result.warnings.append(rejection(text.name, start + 1, "the header has no column abstract"))
    number = following
    while number < len(text.lines):
        if not text.lines[number].strip():
            number += 1
            continue
        cells, following, problem = read_row(text.lines, number, separator)
        if cells is not None and len(cells) != len(header):
            problem = f"{plural(len(cells), 'column')}, where the header has {len(header)}"
        if cells is None or problem:
            text.reject(number + 1, problem, text.lines[number])
            number += 1
            continue
        take(
            by_column(zip(header, cells, strict=True)),
            number + 1,
            text.lines[number],
            text,
            result,
        )
        number = following
    return result


def read_row(lines: Sequence[str], start: int, separator: str) -> tuple[list[str] | None, int, str]:
    """The cells of the row that begins at lines[start], the index after it, and what is wrong, or ""."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
    window = lines[start : start + _MAX_LINES]
    reader = csv.reader((line + "\n" for line in window), delimiter=separator, strict=True)
    try:
        cells = next(reader)
    except StopIteration:
        return [], start + 1, ""
    except csv.Error as error:
        reason = "a quote is not closed" if "end of data" in str(error) else f"not CSV: {error}"
        return None, start + 1, reason
    return cells, start + reader.line_num, ""
