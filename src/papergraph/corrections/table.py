"""DIR/corrections.csv: one correction a row, written by hand or by papergraph. docs/corrections.md says how.

A row that says nothing that can be done is kept in the file, with its reason in `problem`; nothing here
raises for what stands in a row. Rows that papergraph adds or removes leave all others as they were written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from papergraph.errors import GraphError, InputError, NotFoundError
from papergraph.model import EntityType, Role
from papergraph.sources.csv import read_row
from papergraph.text import formula_guard, plural, without_formula_guard

FILE = "corrections.csv"
COLUMNS = ("kind", "paper", "name", "other", "value", "note")
MOST_BYTES = 20_000_000
LONGEST = 2000  # characters of a cell


class Kind(StrEnum):
    """What a row says; the value is the word in the table and on the command line."""

    MERGE = "merge"
    APART = "apart"
    NOT_ENTITY = "not-entity"
    TYPE = "type"
    ROLE = "role"
    DROP_EDGE = "drop-edge"
    ADD_EDGE = "add-edge"


class Edge(StrEnum):
    """The edges between papers that can be corrected."""

    SIMILAR = "similar"
    BUILDS_ON = "builds_on"


_VALUES: dict[Kind, tuple[str, ...]] = {
    Kind.TYPE: tuple(EntityType),
    Kind.ROLE: tuple(Role),
    Kind.DROP_EDGE: tuple(Edge),
    Kind.ADD_EDGE: (Edge.BUILDS_ON,),
}
# By kind: the cells that it needs, and those that it may have besides the note.
_NEEDS: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.MERGE: (("name", "other"), ()),
    Kind.APART: (("name", "other"), ()),
    Kind.NOT_ENTITY: (("name",), ("paper",)),
    Kind.TYPE: (("name", "value"), ("paper",)),
    Kind.ROLE: (("paper", "name", "value"), ()),
    Kind.DROP_EDGE: (("paper", "other", "value"), ()),
    Kind.ADD_EDGE: (("paper", "other"), ("value",)),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A row. `number` counts rows from 1, `line` is that of the file; `problem`: why it cannot be applied.

    `paper`, and for edges `other`, is a paper's id or title; `name`, for names also `other`, a concept's id
    or name; `value` a type, role or edge. `kind` is a Kind wherever there is no problem.
    """

    number: int
    line: int
    kind: str
    paper: str = ""
    name: str = ""
    other: str = ""
    value: str = ""
    note: str = ""
    problem: str = ""

    @property
    def key(self) -> str:
        """What tells it from rows that say something else, wherever it stands in the file."""
        cells = [getattr(self, column) for column in COLUMNS]
        return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


class Table:
    """The rows of the file, and its lines as they were written. `digest` is "" where there is no file."""

    def __init__(self, data: bytes | None) -> None:
        self.digest = "" if data is None else hashlib.sha256(data).hexdigest()
        self._data = data or b""
        self._lines = self._data.decode("utf-8-sig", "replace").split("\n")
        self._ends: dict[int, int] = {}  # number of a row: index of the line after it
        self.rows: tuple[Correction, ...] = tuple(self._read())

    @cached_property
    def _start(self) -> int | None:
        """Index of the header's line."""
        return next((i for i, line in enumerate(self._lines) if line.strip()), None)

    @cached_property
    def _separator(self) -> str:
        head = self._lines[self._start] if self._start is not None else ""
        return max(",;\t", key=lambda c: (head.count(c), c == ","))

    @cached_property
    def _header(self) -> list[str]:
        if self._start is None:
            return list(COLUMNS)
        cells, _, _ = read_row(self._plain, self._start, self._separator)
        return [c.strip().casefold() for c in cells or ()]

    @cached_property
    def _plain(self) -> list[str]:
        return [line.removesuffix("\r") for line in self._lines]

    def _read(self) -> list[Correction]:
        if self._start is None:
            return []
        if problem := _header_problem(self._header):
            return [Correction(0, self._start + 1, "", problem=problem)]
        out: list[Correction] = []
        at = self._start + 1
        while at < len(self._plain):
            if not self._plain[at].strip():
                at += 1
                continue
            cells, following, problem = read_row(self._plain, at, self._separator)
            if cells is None or any("\n" in c for c in cells):  # no cell of ours spans lines
                cells, following = [], at + 1
                problem = problem or "a quote is not closed"
            if any(c.strip() for c in cells) or problem:
                number = len(out) + 1
                self._ends[number] = following
                out.append(_correction(number, at + 1, self._header, cells, problem))
            at = following
        return out

    def with_row(self, row: Correction) -> str:
        """The text of the file with one more row at its end. Raises InputError where it cannot hold it."""
        self._check_editable()
        missing = [c for c in COLUMNS if getattr(row, c) and c not in self._header]
        if missing:
            raise InputError(
                f"{FILE}:{(self._start or 0) + 1}: the header lacks {', '.join(missing)}",
                f"make the first line {','.join(COLUMNS)}",
            )
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=self._separator, lineterminator="\n")
        if self._start is None:
            writer.writerow(self._header)
        writer.writerow([formula_guard(getattr(row, c, "")) for c in self._header])
        before = self._data.decode().removesuffix("\n")
        return (before + "\n" if before.strip() else "") + buffer.getvalue()

    def without(self, number: int) -> str:
        """The text of the file without a row. Raises NotFoundError where there is no such row."""
        self._check_editable()
        row = next((r for r in self.rows if r.number == number and r.number), None)
        if row is None:
            raise NotFoundError(f"there is no correction {number}", "`papergraph correct list` shows them")
        lines = self._data.decode().split("\n")
        return "\n".join(lines[: row.line - 1] + lines[self._ends[number] :])

    def _check_editable(self) -> None:
        try:
            self._data.decode()
        except UnicodeDecodeError as error:
            line = self._data.count(b"\n", 0, error.start) + 1
            raise InputError(f"{FILE}:{line}: is not UTF-8", "save the file as UTF-8") from None
        if self.rows and not self.rows[0].number:
            raise InputError(f"{FILE}:{self.rows[0].line}: {self.rows[0].problem}", "mend the header first")


def read_table(directory: Path) -> Table:
    """The corrections of a graph folder; none where it has no such file.

    Raises GraphError where the file cannot be read.
    """
    path = directory / FILE
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return Table(None)
    except OSError as error:
        raise GraphError(
            f"{path}: cannot be read: {error.strerror}", "mend or remove it; nothing was changed"
        ) from None
    if len(data) > MOST_BYTES:
        raise GraphError(f"{path}: is larger than {MOST_BYTES:,} bytes", "nothing was changed")
    return Table(data)


def correction(cells: Mapping[str, str], number: int = 0, line: int = 0) -> Correction:
    """A row from its cells, brought to the usual spelling and checked."""
    given = {c: without_formula_guard(cells.get(c, "").strip()) for c in COLUMNS}
    kind = given["kind"].casefold().replace("_", "-").replace(" ", "-")
    problem = _cell_problem(given)
    if not problem:
        if kind not in set(Kind):
            problem = f"{given['kind'][:40]!r} is no kind of correction: use one of {', '.join(Kind)}"
        else:
            given["value"] = _value(Kind(kind), given["value"])
            problem = _problem(Kind(kind), given)
    given["kind"] = kind if kind in set(Kind) else given["kind"]
    return Correction(number, line, **given, problem=problem)


def _correction(
    number: int, line: int, header: Sequence[str], cells: Sequence[str], problem: str
) -> Correction:
    row = correction(dict(zip(header, cells, strict=False)), number, line)
    if any(c.strip() for c in cells[len(header) :]):
        problem = (
            f"{plural(len(cells), 'cell')}, where the header has {len(header)}: "
            "put a text that holds the separator in double quotes"
        )
    return replace(row, problem=problem) if problem else row


def _header_problem(header: Sequence[str]) -> str:
    for column in ("kind", *COLUMNS):
        if header.count(column) > (column in header):
            return f"the header names the column {column} twice, so nothing of the file is applied"
    if "kind" in header:
        return ""
    return f"the first line must name the columns {','.join(COLUMNS)}; nothing of the file is applied"


def _cell_problem(cells: Mapping[str, str]) -> str:
    for column, text in cells.items():
        if len(text) > LONGEST:
            return f"the cell {column} is longer than {LONGEST:,} characters"
        if "\ufffd" in text:
            return f"the cell {column} is not UTF-8"
        if any(c in text for c in "\n\r\0"):
            return f"the cell {column} holds a line break"
    return ""


def _value(kind: Kind, text: str) -> str:
    """A type, role or edge as the model writes it, where it is one in another case or with other joints."""
    if kind is Kind.ADD_EDGE and not text:
        return Edge.BUILDS_ON.value
    folded = text.casefold().replace("-", "_").replace(" ", "_").removesuffix("_to")
    return next((str(v) for v in _VALUES.get(kind, ()) if v.casefold() == folded), text)


def _problem(kind: Kind, cells: Mapping[str, str]) -> str:
    needs, may = _NEEDS[kind]
    for column in COLUMNS[1:-1]:
        if column in needs and not cells[column]:
            return f"{kind} needs {column}"
        if cells[column] and column not in (*needs, *may):
            return f"{kind} takes no {column}"
    value, allowed = cells["value"], _VALUES.get(kind, ())
    if value and value not in list(allowed):
        return f"the value {value[:40]!r} is none of {', '.join(allowed)}"
    if cells["other"] and cells["other"] in (cells["name"], cells["paper"]):
        return "it names the same thing twice"
    return ""
