"""The files of a graph: read as listings, or taken from the generation in force."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from papergraph import sources, tables
from papergraph.errors import InputError, UsageError
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


def _distinct(file: str, name: str, taken: set[str]) -> str:
    """`name`, after as many folders of the file's path as tell it from the files of other listings."""
    parts = Path(file).absolute().parts
    for length in range(1, len(parts)):
        if name not in taken:
            return name
        name = "/".join(parts[-length:])
    path, number = Path(name), 1
    while name in taken:
        number += 1
        name = str(path.with_stem(f"{path.stem}-{number}"))
    return name


def _rejected(file: str, name: str, message: str) -> Rejected:
    """A file that was not read. The message of an InputError begins with the file, and perhaps the line."""
    found = re.match(rf"(?:{re.escape(file)}|{re.escape(name)})(?::(\d+))?: ", message)
    line = int(found[1]) if found and found[1] else None
    return Rejected(name, line, message[found.end() :] if found else message)


def read_inputs(files: Sequence[str], input_format: str | None, known: Inputs | None = None) -> Inputs:
    """Reads files as listings, after those already `known`. A file that cannot be read is rejected whole.

    One whose bytes are those of a known listing is left out, with a warning. Raises InputError where no file
    gave a single entry, UsageError where standard input is to be read twice.
    """
    inputs = known or Inputs([], {}, {}, [], [])
    for file in dict.fromkeys(f for f in files if files.count(f) > 1):
        if file == "-":
            raise UsageError('"-" is given twice, but standard input can be read only once')
        inputs.warnings.append(Rejected(file, None, "given more than once; read once"))
    files = list(dict.fromkeys(files))
    held = {digest: listing for listing, digest in inputs.digests.items()}
    taken_any = False
    reasons: list[str] = []
    hint = "docs/input-formats.md describes what is read"
    for file, plain in zip(files, sources.display_names(files), strict=True):
        name = _distinct(file, plain, {x.file for x in inputs.listings})
        try:
            result = sources.read_file(file, input_format, name=name)
        except InputError as error:
            inputs.rejected.append(_rejected(file, plain, error.message))
            reasons.append(error.message)
            hint = error.hint if len(files) == 1 and error.hint else hint
            continue
        if (same := held.get(result.digest)) is not None:
            inputs.warnings.append(Rejected(plain, None, f"already in the graph as listing {same}"))
            taken_any = True
            continue
        inputs.rejected += result.rejected
        inputs.warnings += result.warnings
        reasons += [f"{r.file}:{r.line}: {r.reason}" for r in result.rejected]
        if not result.records:
            if not result.rejected:
                inputs.rejected.append(Rejected(name, None, "holds no paper"))
            reasons.append(f"{file}: holds no paper")
            continue
        taken_any = True
        listing = Listing(_listing_id(Path(name).stem, inputs.records), name, name, _now())
        inputs.listings.append(listing)
        inputs.records[listing.id] = list(result.records)
        inputs.digests[listing.id] = result.digest
    if not taken_any:
        raise InputError("; ".join(dict.fromkeys(reasons[:5])) or "no input", hint)
    return inputs


def inputs_of(generation: tables.Generation) -> Inputs:
    """The inputs that a generation of a graph was built from."""
    listings = generation.read_listings()
    records = generation.records()
    digests = generation.manifest["inputs"]
    return Inputs(listings, {x.id: records.get(x.id, []) for x in listings}, dict(digests), [], [])
