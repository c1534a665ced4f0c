"""The process that adds a listing for the service, so that pages stay quick: `python -m ... REQUEST`.

The request is one JSON object on the command line: file, name, graph, format, threads. Answers are JSON lines
on stdout: {"stage", "done", "total"} while it works, then {"summary"} or {"error"}. When the service ends, so
does this: what it prints has no reader then.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from papergraph import build, correct, tables
from papergraph.errors import PapergraphError
from papergraph.model import Rejected

MOST_SHOWN = 200  # rejects and warnings that travel to the page
_TELL_EVERY = 0.2  # seconds
_NICENESS = 5  # pages go first


def _free_name(name: str, taken: Iterable[str]) -> str:
    """`name`, or with a number where a listing is called so."""
    path, number, held = Path(name), 1, set(taken)
    while name in held:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    return name


def _shown(rows: list[Rejected]) -> dict[str, Any]:
    return {"count": len(rows), "first": [asdict(r) for r in rows[:MOST_SHOWN]]}


def add(request: Mapping[str, Any]) -> dict[str, Any]:
    """Adds the file of a request; what became of it. Raises PapergraphError."""
    last, told = "", 0.0

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last, told
        if stage != last or done == total or time.monotonic() - told > _TELL_EVERY:
            last, told = stage, time.monotonic()
            print(json.dumps({"stage": stage, "done": done, "total": total}), flush=True)

    before = tables.open_graph(request["graph"])
    listings = {x.id for x in before.read_listings()}
    papers = {p.id for p in before.read_papers() if p.listed}
    name = _free_name(request["name"], (x.file for x in before.read_listings()))
    path = Path(request["file"]).with_name(name)
    os.rename(request["file"], path)
    tell("reading", 0, 1)
    settings = replace(correct.settings_of(before), threads=request["threads"])
    try:
        made = build.add(
            [str(path)], request["graph"], settings, input_format=request["format"] or None, progress=tell
        )
    except PapergraphError as error:
        error.message = error.message.replace(str(path), name)
        raise
    after = tables.open_graph(request["graph"])
    new = [x for x in after.read_listings() if x.id not in listings and x.file == name]
    held = {p.id for p in after.read_papers() if p.listed}
    return {
        "listing": new[0].id if new else None,
        "entries": len(after.records().get(new[0].id, [])) if new else 0,
        "new_papers": len(held - papers),
        "papers": made.papers,
        "seconds": round(made.seconds, 1),
        "rejected": _shown([r for r in made.rejected if r.file == name]),
        "warnings": _shown([r for r in made.warnings if r.file == name]),
    }


def main() -> None:
    """Answers the one request."""
    os.nice(_NICENESS)
    try:
        answer = {"summary": add(json.loads(sys.argv[1]))}
    except PapergraphError as error:
        answer = error.as_json()
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
