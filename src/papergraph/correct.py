"""Adds and takes back corrections, and builds the graph again with them: nothing is extracted or embedded."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from papergraph import corrections, tables
from papergraph.build import Progress, Summary, changing, generate, silent
from papergraph.corrections import Correction, Outcome, Status, Table
from papergraph.errors import GraphError, UsageError
from papergraph.settings import Settings, load_settings


class _Kept:
    """Stands for the extractor and the embedder of the generation in force, which have seen every paper."""

    dim = 0

    def __init__(self, previous: tables.Generation) -> None:
        self.version: str = previous.manifest["versions"]["extractor"]
        self.name = self.embedder = str(previous.manifest["versions"]["embedder"])

    def _refuse(self) -> NoReturn:
        raise GraphError(
            "this graph was built by another version of papergraph, which read its papers in another way",
            "build it again with `papergraph build`, then correct it",
        )

    def extract(self, title: str, abstract: str) -> NoReturn:
        self._refuse()

    def embed_papers(self, papers: Sequence[object]) -> NoReturn:
        self._refuse()

    def embed(self, texts: Sequence[str]) -> NoReturn:
        self._refuse()


def add(graph: str | Path, row: Correction, *, progress: Progress = silent) -> Summary:
    """Writes one more correction and applies it. Raises UsageError where it is not one."""
    if row.problem:
        raise UsageError(row.problem)
    return _correct(graph, lambda table: table.with_row(row), progress)


def undo(graph: str | Path, number: int, key: str | None = None, *, progress: Progress = silent) -> Summary:
    """Takes back the correction of a number; with a `key`, only if it is still the one that is meant.

    Raises NotFoundError where there is none.
    """

    def change(table: Table) -> str:
        if key is not None and not any(r.number == number and r.key == key for r in table.rows):
            raise GraphError("the corrections were changed meanwhile", "look at them again")
        return table.without(number)

    return _correct(graph, change, progress)


def apply(graph: str | Path, *, progress: Progress = silent) -> Summary:
    """Builds the graph again with the corrections as the file holds them."""
    return _correct(graph, None, progress)


def _correct(graph: str | Path, change: Callable[[Table], str] | None, progress: Progress) -> Summary:
    """Changes the file and swaps in a generation that has it applied: both, or neither where that fails."""
    started = time.perf_counter()
    directory = Path(graph)
    with changing(directory) as (previous, inputs):
        path = directory / corrections.FILE
        before = path.read_bytes() if path.exists() else None
        if change is not None:
            _write(path, change(corrections.read_table(directory)))
        try:
            kept = _Kept(previous)
            settings = settings_of(previous)
            summary = generate(
                directory, inputs, settings, previous, kept, refit=False, progress=progress, embedder=kept
            )
        except BaseException:
            if change is not None:
                _restore(path, before)
            raise
    summary.seconds = time.perf_counter() - started
    return summary


def settings_of(generation: tables.Generation) -> Settings:
    """The settings that a generation was built with."""
    return load_settings(generation.manifest["settings"])


def _write(path: Path, text: str) -> None:
    try:
        tables.replace_text(path, text)
    except OSError as error:
        raise GraphError(f"{path}: cannot be written: {error.strerror}; nothing was changed") from None


def _restore(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
    else:
        tables.replace_text(path, before.decode())


def standing(generation: tables.Generation) -> list[Outcome]:
    """The corrections as the file holds them now, each with what became of it in a generation."""
    known = {o.correction.key: o for o in corrections.load_outcomes(generation.path)}
    table = corrections.read_table(generation.directory)
    if table.digest == generation.manifest.get("corrections", ""):
        return list(corrections.load_outcomes(generation.path))
    return [_standing(row, known) for row in table.rows]


def _standing(row: Correction, known: dict[str, Outcome]) -> Outcome:
    if row.problem:
        return Outcome.wrong(row)
    held = known.get(row.key)
    if held is None or held.status is Status.WRONG:
        return Outcome(row, Status.PENDING, "edited since the graph was built: `papergraph correct apply`")
    return Outcome(row, held.status, held.reason, held.papers, held.concepts)
