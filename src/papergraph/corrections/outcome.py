"""What became of each correction in a generation: applied, or not and why; kept beside its tables."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from papergraph.corrections.table import FILE, Correction
from papergraph.model import Rejected

REPORT = "corrections.json"


class Status(StrEnum):
    """What became of a correction. PENDING: the file was edited after the graph was built."""

    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    OVERRULED = "overruled"
    WRONG = "wrong"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A correction with its status, the reason where it is not applied, and the ids of what it touches."""

    correction: Correction
    status: Status
    reason: str = ""
    papers: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()

    @classmethod
    def wrong(cls, row: Correction) -> Outcome:
        return cls(row, Status.WRONG, row.problem)

    def as_dict(self) -> dict[str, Any]:
        """Plain values; the columns of the table first."""
        row = asdict(self.correction)
        row.pop("problem")
        return {
            **row,
            "key": self.correction.key,
            "status": self.status.value,
            "reason": self.reason,
            "papers": list(self.papers),
            "concepts": list(self.concepts),
        }


def save_outcomes(folder: Path, outcomes: Iterable[Outcome]) -> None:
    """Writes corrections.json into a generation's folder; nothing where there are none."""
    rows = [o.as_dict() for o in outcomes]
    if rows:
        text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
        (folder / REPORT).write_text(text, encoding="utf-8", newline="\n")


def load_outcomes(folder: Path) -> list[Outcome]:
    """What `save_outcomes` wrote into a generation's folder, in the order of the rows."""
    try:
        rows = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    names = {f.name for f in fields(Correction)}
    return [
        Outcome(
            Correction(**{k: v for k, v in r.items() if k in names}),
            Status(r["status"]),
            r["reason"],
            tuple(r["papers"]),
            tuple(r["concepts"]),
        )
        for r in rows
    ]


def reports(outcomes: Iterable[Outcome]) -> tuple[list[Rejected], list[Rejected]]:
    """For a build's summary: rows that are wrong, and those that could not be applied."""
    rejected, warnings = [], []
    for o in outcomes:
        line = Rejected(FILE, o.correction.line, o.reason, "")
        if o.status is Status.WRONG:
            rejected.append(line)
        elif o.status is not Status.APPLIED:
            warnings.append(Rejected(FILE, o.correction.line, f"{o.status}: {o.reason}"))
    return rejected, warnings
