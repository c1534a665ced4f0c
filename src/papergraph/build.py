"""The order of the stages: from input files to a new generation of a graph on disk.

    records -> corpus -> extraction -> concepts -> vectors -> links -> tables -> embedded store

A paper whose title and abstract and whose stage version are unchanged is neither extracted nor embedded
again: both are taken from the generation in force.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from papergraph import corpus, corrections, schema, tables
from papergraph.assemble import assemble
from papergraph.embed import Embedder, load_embedder
from papergraph.errors import GraphError, NotFoundError
from papergraph.extract import Extraction, Extractor, FileExtractor, TrainedExtractor
from papergraph.inputs import Inputs, inputs_of, read_inputs
from papergraph.link import Statistics
from papergraph.model import Entity, Paper, Rejected
from papergraph.registry import Registry
from papergraph.settings import Settings, build_settings

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how many of its items are done, and how many there are."""

STAGES_VERSION = "9"  # raise it when corpus, resolve, link or the tables change what a build gives


def silent(stage: str, done: int, total: int) -> None:
    """A Progress that tells nobody."""


@dataclass(slots=True)
class Summary:
    """What a build did. `counts` maps a table's name to its rows; `unchanged`: there was nothing to do."""

    directory: str
    generation: str
    entries: int
    merged: int
    papers: int
    extracted: int
    embedded: int
    counts: dict[str, int]
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Rejected] = field(default_factory=list)
    rejected_path: str = ""
    unchanged: bool = False
    seconds: float = 0.0


def _versions(extractor: Extractor, embedder: Embedder) -> dict[str, str]:
    return {
        "extractor": extractor.version,
        "embedder": embedder.name,
        "stages": STAGES_VERSION,
    }


def _extract(
    papers: Sequence[Paper],
    extractor: Extractor,
    previous: tables.Generation | None,
    settings: Settings,
    progress: Progress,
) -> tuple[list[Paper], dict[str, tuple[Entity, ...]], np.ndarray, dict[str, Extraction]]:
    """Papers with their facts, their entities, their views as in tables.Generation.views, and what was really
    extracted."""
    known: dict[str, Paper] = {}
    known_entities: dict[str, tuple[Entity, ...]] = {}
    views: dict[str, np.ndarray] = {}
    if previous is not None and previous.manifest["versions"]["extractor"] == extractor.version:
        known = {p.id: p for p in previous.read_papers()}
        known_entities = previous.entities()
        held = previous.views()
        views = dict(zip(held.ids, held.matrix, strict=True)) if held.matrix.shape[2] else {}
    fresh = [
        p for p in papers if (k := known.get(p.id)) is None or (k.title, k.abstract) != (p.title, p.abstract)
    ]
    progress("extracting", 0, len(fresh))
    results: dict[str, Extraction] = {}
    with ThreadPoolExecutor(settings.threads) as pool:
        for done, (paper, found) in enumerate(
            zip(
                fresh,
                pool.map(lambda p: extractor.extract(p.title, p.abstract), fresh),
                strict=True,
            ),
            1,
        ):
            results[paper.id] = found
            if found.views is not None:
                views[paper.id] = found.views
            progress("extracting", done, len(fresh))
    out: list[Paper] = []
    entities: dict[str, tuple[Entity, ...]] = {}
    for p in papers:
        if (new := results.get(p.id)) is not None:
            facts: Extraction | Paper = new
            entities[p.id] = new.entities
        else:
            facts = known[p.id]
            entities[p.id] = known_entities.get(p.id, ())
        out.append(
            replace(
                p,
                short=facts.short,
                kind=facts.kind,
                gist=facts.gist,
                claims=facts.claims,
                urls=facts.urls,
            )
        )
    rows = [views[p.id] for p in papers if p.id in views]
    whole = rows and len(rows) == len(papers)
    return out, entities, np.stack(rows) if whole else tables.no_views(len(papers)), results


def _embed(
    papers: Sequence[Paper],
    embedder: Embedder,
    given: dict[str, np.ndarray],
    previous: tables.Generation | None,
    progress: Progress,
) -> tuple[np.ndarray, int]:
    """Vectors of the papers, float32 (n, dim), and how many are new; `given` ones need no computing."""
    rows: dict[str, np.ndarray] = {}
    if previous is not None and previous.manifest["versions"]["embedder"] == embedder.name:
        texts = {p.id: (p.title, p.abstract) for p in previous.read_papers()}
        old = previous.vectors()
        position = {paper: i for i, paper in enumerate(old.ids)}
        rows = {
            p.id: old.matrix[position[p.id]]
            for p in papers
            if p.id in position and texts[p.id] == (p.title, p.abstract)
        }
    known = len(rows)
    rows = given | rows
    fresh = [p for p in papers if p.id not in rows]
    for start in range(0, len(fresh), 64):
        progress("embedding", start, len(fresh))
        chunk = fresh[start : start + 64]
        rows.update(zip((p.id for p in chunk), embedder.embed_papers(chunk), strict=True))
    progress("embedding", len(fresh), len(fresh))
    matrix = np.stack([rows[p.id] for p in papers]) if papers else np.zeros((0, embedder.dim), np.float32)
    return matrix.astype(np.float32, copy=False), len(papers) - known


def _merge(inputs: Inputs, registry: Registry) -> corpus.Corpus:
    return corpus.merge([(x, inputs.records[x.id]) for x in inputs.listings], registry)


def generate(
    directory: Path,
    inputs: Inputs,
    settings: Settings,
    previous: tables.Generation | None,
    extractor: Extractor,
    *,
    refit: bool,
    progress: Progress,
    embedder: Embedder | None = None,
) -> Summary:
    """Writes the next generation of a graph from its inputs and corrections; call under the writer's lock.

    `embedder` replaces the one of the settings.
    """
    embedder = embedder or load_embedder(settings.embedder, settings.threads)
    table = corrections.read_table(directory)
    registry = previous.registry if previous else Registry()
    merged = _merge(inputs, registry)
    papers, entities, views, fresh = _extract(
        sorted(merged.papers, key=lambda p: p.id),
        extractor,
        previous,
        settings,
        progress,
    )
    shared = extractor.embedder == embedder.name
    given = {k: x.vector for k, x in fresh.items() if shared and x.vector is not None}
    vectors, embedded = _embed(papers, embedder, given, previous, progress)
    versions = _versions(extractor, embedder)
    same_network = previous is not None and previous.manifest["versions"] == versions
    statistics = Statistics.load(previous.path) if previous and same_network and not refit else None
    made = assemble(
        papers,
        entities,
        vectors,
        views,
        registry,
        settings,
        table.rows,
        statistics=statistics,
        progress=progress,
    )
    graph = made.graph
    graph.listings = sorted(inputs.listings, key=lambda x: x.id)
    graph.lists = sorted(merged.lists, key=lambda e: (e.listing, e.rank))
    wrong, not_applied = corrections.reports(made.outcomes)
    rejected = [*inputs.rejected, *merged.rejected, *wrong]
    warnings = [*inputs.warnings, *merged.warnings, *not_applied]
    counts = {t.name: len(getattr(graph, t.name)) for t in schema.TABLES}
    with tables.writing(directory) as writer:
        progress("writing", 0, 2)
        writer.write(graph, vectors, registry, inputs.records, rejected, views)
        made.statistics.save(writer.path)
        corrections.save_outcomes(writer.path, made.outcomes)
        progress("writing", 1, 2)
        from papergraph.store.embedded import build_store

        build_store(writer.path)
        generation = writer.finish(
            {
                "embedder": embedder.name,
                "versions": versions,
                "settings": build_settings(settings),
                "inputs": inputs.digests,
                "corrections": table.digest,
                "counts": counts,
                "entries": merged.entries,
                "merged": merged.merged,
                "rejected": len(rejected),
            }
        )
        progress("writing", 2, 2)
    return Summary(
        directory=str(directory),
        generation=generation.name,
        entries=merged.entries,
        merged=merged.merged,
        papers=len(papers),
        extracted=len(fresh),
        embedded=embedded,
        counts=counts,
        rejected=rejected,
        warnings=warnings,
        rejected_path=str(generation.rejected_path) if rejected else "",
    )


def _unchanged(previous: tables.Generation, inputs: Inputs) -> Summary:
    """The summary where the generation in force is what these inputs give."""
    merged = _merge(inputs, previous.registry)
    wrong, not_applied = corrections.reports(corrections.load_outcomes(previous.path))
    rejected = [*inputs.rejected, *merged.rejected, *wrong]
    return Summary(
        directory=str(previous.directory),
        generation=previous.name,
        entries=merged.entries,
        merged=merged.merged,
        papers=len(merged.papers),
        extracted=0,
        embedded=0,
        counts=previous.manifest["counts"],
        rejected=rejected,
        warnings=[*inputs.warnings, *merged.warnings, *not_applied],
        rejected_path=str(previous.rejected_path) if rejected else "",
        unchanged=True,
    )


def _same_corrections(previous: tables.Generation) -> bool:
    return bool(corrections.read_table(previous.directory).digest == previous.manifest.get("corrections", ""))


def _in_force(directory: Path, inputs: Inputs, replace_graph: bool) -> tables.Generation | None:
    """What a build goes on from. With `replace_graph` one that is damaged is left aside, with a warning."""
    try:
        previous = tables.existing(directory)
        if previous is not None and replace_graph:
            previous.check()
    except tables.DamagedError as error:
        if not replace_graph:
            raise
        inputs.warnings.append(
            Rejected(str(directory), None, f"built from the files alone, with new ids: {error.message}")
        )
        return None
    return previous


def _continue(previous: tables.Generation, inputs: Inputs, replace_graph: bool) -> None:
    """Dates listings as they were added at first. Raises GraphError where the graph is one of other files."""
    before = {x.id: x for x in previous.read_listings()}
    if set(before) != set(inputs.records) and not replace_graph:
        unread = "".join(f"; {r.file} was not read: {r.reason}" for r in inputs.rejected if r.line is None)
        raise GraphError(
            f"{previous.directory} holds a graph of other files "
            f"({', '.join(x.file for x in before.values())}){unread}",
            "`papergraph add` adds files to it; `--replace` builds it anew from the given files only",
        )
    inputs.listings = [
        replace(x, added_at=before[x.id].added_at)
        if x.id in before and previous.manifest["inputs"].get(x.id) == inputs.digests[x.id]
        else x
        for x in inputs.listings
    ]


def make_extractor(settings: Settings, entities: str | None = None) -> Extractor:
    """The built-in extractor, or one that takes the entities from a file of `export entities` form."""
    trained = TrainedExtractor(settings)
    return FileExtractor(entities, trained) if entities else trained


def build(
    files: Sequence[str],
    out: str | Path,
    settings: Settings,
    *,
    input_format: str | None = None,
    replace_graph: bool = False,
    entities: str | None = None,
    progress: Progress = silent,
) -> Summary:
    """Builds a graph from files in the folder `out`, or rebuilds it where the files are the same listings.

    Raises InputError where nothing can be read, GraphError where the folder holds a graph of other files or a
    damaged one and `replace_graph` is not given, is something else, or is locked.
    """
    started = time.perf_counter()
    directory = Path(out)
    tables.folder_manifest(directory)  # before the lock, which would go into a folder that is something else
    inputs = read_inputs(files, input_format)
    with tables.locked(directory):
        previous = _in_force(directory, inputs, replace_graph)
        if previous is not None:
            _continue(previous, inputs, replace_graph)
        extractor = make_extractor(settings, entities)
        if (
            previous is not None
            and not replace_graph
            and previous.manifest["inputs"] == inputs.digests
            and previous.manifest["settings"] == build_settings(settings)
            and previous.manifest["versions"]
            == _versions(extractor, load_embedder(settings.embedder, settings.threads))
            and previous.is_whole()
            and previous.rejected().issuperset(inputs.rejected)
            and _same_corrections(previous)
        ):
            summary = _unchanged(previous, inputs)
        else:
            summary = generate(
                directory,
                inputs,
                settings,
                previous,
                extractor,
                refit=True,
                progress=progress,
            )
    summary.seconds = time.perf_counter() - started
    return summary


@contextlib.contextmanager
def changing(directory: Path) -> Iterator[tuple[tables.Generation, Inputs]]:
    """The generation in force and its inputs, under the writer's lock. Raises GraphError if there is none."""
    tables.open_graph(directory)  # before the lock, which would make the folder
    with tables.locked(directory):
        previous = tables.open_graph(directory)
        yield previous, inputs_of(previous)


def add(
    files: Sequence[str],
    graph: str | Path,
    settings: Settings,
    *,
    input_format: str | None = None,
    refit: bool = False,
    progress: Progress = silent,
) -> Summary:
    """Adds files as new listings to a graph; only papers that it did not hold are worked on.

    A file whose bytes are those of a listing that the graph holds is left out, with a warning.
    """
    started = time.perf_counter()
    directory = Path(graph)
    with changing(directory) as (previous, inputs):
        before = set(inputs.records)
        read_inputs(files, input_format, inputs)
        nothing_new = set(inputs.records) == before and previous.rejected().issuperset(inputs.rejected)
        if nothing_new and _same_corrections(previous):
            summary = _unchanged(previous, inputs)
        else:
            extractor = make_extractor(settings)
            summary = generate(
                directory,
                inputs,
                settings,
                previous,
                extractor,
                refit=refit,
                progress=progress,
            )
    summary.seconds = time.perf_counter() - started
    return summary


def remove(listing: str, graph: str | Path, settings: Settings, *, progress: Progress = silent) -> Summary:
    """Removes a listing and the papers that no other listing holds.

    Raises NotFoundError where there is no such listing, GraphError where it is the only one.
    """
    started = time.perf_counter()
    directory = Path(graph)
    with changing(directory) as (previous, inputs):
        if listing not in inputs.records:
            raise NotFoundError(
                f"no listing {listing!r} in {directory}",
                "it holds: " + ", ".join(inputs.records),
            )
        if len(inputs.records) == 1:
            raise GraphError(
                f"{listing} is the only listing of {directory}",
                "delete the folder instead",
            )
        inputs.listings = [x for x in inputs.listings if x.id != listing]
        del inputs.records[listing], inputs.digests[listing]
        summary = generate(
            directory,
            inputs,
            settings,
            previous,
            make_extractor(settings),
            refit=False,
            progress=progress,
        )
    summary.seconds = time.perf_counter() - started
    return summary
