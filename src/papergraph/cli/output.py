"""Rows on stdout: as an aligned table, JSON or CSV. The one decorator for all commands that print rows."""

from __future__ import annotations

import csv
import functools
import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec

import click

from papergraph.text import formula_guard, readable
from papergraph.text import one_line as text_in_one_line

P = ParamSpec("P")
Row = Mapping[str, Any]
FORMATS = ("table", "json", "csv")
_GAP = 2  # blanks between columns
_NARROWEST = 8  # a column is not cut below this width


@dataclass(frozen=True, slots=True)
class Output:
    """What a command prints. `columns`: those of the table, all where not given. `document`: the JSON,
    instead of the rows.

    `empty` is said on stderr where there are no rows, `notes` are said there in any case; `text` replaces the
    table.
    """

    rows: Sequence[Row]
    columns: Sequence[str] = ()
    empty: str = "Nothing found."
    notes: Sequence[str] = field(default_factory=tuple)
    document: Mapping[str, Any] | None = None
    text: str | None = None


def format_option(command: Callable[P, Output | Sequence[Row]]) -> Callable[P, None]:
    """Adds --format table|json|csv to a command that returns its rows, and prints them."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        form = str(kwargs.pop("output_format"))
        result = command(*args, **kwargs)
        show(result if isinstance(result, Output) else Output(result), form)

    return click.option(
        "--format",
        "output_format",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="An aligned table (cut to the terminal's width), JSON, or CSV.",
    )(run)


def show(output: Output, form: str) -> None:
    """Prints rows to stdout in one of FORMATS, and what is to be said of them to stderr."""
    if form == "json":
        click.echo(
            json.dumps(
                output.document or list(output.rows),
                ensure_ascii=False,
                indent=1,
                default=list,
            )
        )
    elif form == "csv":
        write_csv(output.rows, sys.stdout)
    elif output.text is not None:
        click.echo(output.text)
    elif output.rows:
        columns = [c for c in output.columns or output.rows[0] if any(words(r.get(c)) for r in output.rows)]
        click.echo(table(output.rows, columns or list(output.rows[0]), terminal_width()))
    if not output.rows and output.document is None:
        click.echo(output.empty, err=True)
    for note in output.notes:
        click.echo(note, err=True)


def write_csv(rows: Sequence[Row], file: Any, columns: Sequence[str] = ()) -> None:
    """Rows as CSV with a header; nested values as words. Cells that a spreadsheet would run as a formula get
    a "'" in front.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    columns = columns or list(dict.fromkeys(c for r in rows for c in r))
    if not columns:
        return
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row.get(c)) for c in columns])


def guarded(value: Any) -> Any:
    """A value for a CSV cell: a number as it is, all else as text that no spreadsheet takes for a formula."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return formula_guard(words(value))


def words(value: Any) -> str:
    """A value in words: nothing for None, yes or no, evidence as its sentences, lists joined by "; "."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        for key in ("text", "name", "concept", "title"):
            if key in value:
                return words(value[key])
        return ", ".join(f"{k}: {words(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(filter(None, map(words, value)))
    return str(value)


def table(rows: Sequence[Row], columns: Sequence[str], width: int | None) -> str:
    """Rows in aligned columns under a header, cut to `width` characters where it is given."""
    cells = [[one_line(_cell(r.get(c))) for c in columns] for r in rows]
    heads = [c.replace("_", " ") if c.isidentifier() else c for c in columns]
    numeric = [all(_number(r.get(c)) for r in rows) for c in columns]
    widths = [max(cell_width(line[i]) for line in [heads, *cells]) for i in range(len(columns))]
    if width is not None:
        widths = _fit(widths, width)
    lines = [heads, *cells]
    out = [
        (" " * _GAP).join(_pad(cell, w, n) for cell, w, n in zip(line, widths, numeric, strict=True)).rstrip()
        for line in lines
    ]
    rule = (" " * _GAP).join("-" * w for w in widths)
    return "\n".join([out[0], rule, *out[1:]])


def _cell(value: Any) -> str:
    """A value in words for a table, where of several pieces of evidence the first one stands for all."""
    if (
        isinstance(value, (list, tuple))
        and len(value) > 1
        and isinstance(value[0], Mapping)
        and "text" in value[0]
    ):
        return f"{words(value[0])} (+{len(value) - 1})"
    return words(value)


def one_line(text: str) -> str:
    """Text as a terminal may show it: LaTeX readable, without control and bidirectional characters, in one
    line.
    """
    return text_in_one_line(readable(text))


def cell_width(text: str) -> int:
    """Columns that a text takes in a terminal: two for wide characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _fit(widths: list[int], width: int) -> list[int]:
    """Widths that fit: the widest column is narrowed until they do, but none below _NARROWEST."""
    widths = list(widths)
    while sum(widths) + _GAP * (len(widths) - 1) > width and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        over = sum(widths) + _GAP * (len(widths) - 1) - width
        second = max((w for i, w in enumerate(widths) if i != widest), default=_NARROWEST)
        widths[widest] = max(_NARROWEST, widths[widest] - max(1, min(over, widths[widest] - second)))
    return widths


def _pad(text: str, width: int, right: bool) -> str:
    if cell_width(text) > width:
        kept = ""
        for c in text:
            if cell_width(kept + c) > width - 1:
                break
            kept += c
        text = kept + "…"
    blanks = " " * (width - cell_width(text))
    return blanks + text if right else text + blanks


def terminal_width() -> int | None:
    """The terminal's width; None where stdout is piped, so that nothing is cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
