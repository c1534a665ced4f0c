"""The files of a graph: read as listings, or taken from the generation in force."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from papergraph import sources, tables
from papergraph.errors import InputError
from papergraph.model import Listing, Record, Rejected
from papergraph.text import slug


@dataclass(slots=True)
class Inputs:
    """The listings of a graph with their entries, and what their readers did not take."""

    listings: list[Listing]
    records: dict[str, list[Record]]
    digests: dict[str, str]  # SHA-256 of the file's bytes, by listing id
    rejected: list[Rejected]
    warnings: list[Rejected]


def _now() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch and epoch.isdigit() else datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _listing_id(name: str, taken: Iterable[str]) -> str:
    base = slug(name) or "listing"
    taken = set(taken)
    number = 1
    while (candidate := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return candidate


def _distinct(name: str, taken: set[str]) -> str:
    """`name`, or with a number before its suffix where another listing's file is called so."""
    path, number = Path(name), 1
    while name in taken:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    return name


def read_inputs(files: Sequence[str], input_format: str | None, known: Inputs | None = None) -> Inputs:
    """Reads files as listings, after those already `known`. A file that cannot be read is rejected whole.

    Raises InputError where a path does not exist, or where no file gave a single entry.
    """
    inputs = known or Inputs([], {}, {}, [], [])
    for file in files:
        if file != "-" and not Path(file).exists():
            raise InputError(f"{file}: no such file", "check the path; nothing was built")
    taken_any = False
    reasons: list[str] = []
    for file, plain in zip(files, sources.display_names(files), strict=True):
        name = _distinct(plain, {x.file for x in inputs.listings})
        try:
            result = sources.read_file(file, input_format, name=name)
        except InputError as error:
            inputs.rejected.append(Rejected(name, None, error.message))
            reasons.append(error.message)
            continue
        inputs.rejected += result.rejected
        inputs.warnings += result.warnings
        reasons += [f"{r.file}:{r.line}: {r.reason}" for r in result.rejected]
        if not result.records:
            reasons.append(f"{file}: holds no paper")
            continue
        taken_any = True
        listing = Listing(_listing_id(Path(name).stem, inputs.records), name, name, _now())
        inputs.listings.append(listing)
        inputs.records[listing.id] = list(result.records)
        inputs.digests[listing.id] = result.digest
    if not taken_any:
        raise InputError(
            "; ".join(dict.fromkeys(reasons[:5])) or "no input",
            "docs/input-formats.md describes what is read",
        )
    return inputs


def inputs_of(generation: tables.Generation) -> Inputs:
    """The inputs that a generation of a graph was built from."""
    listings = generation.read_listings()
    records = generation.records()
    digests = generation.manifest["inputs"]
    return Inputs(listings, {x.id: records.get(x.id, []) for x in listings}, dict(digests), [], [])
