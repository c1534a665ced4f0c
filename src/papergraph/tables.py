"""The graph on disk: generations of Parquet tables, swapped whole.

    DIR/manifest.json      format_version and graph_id
    DIR/CURRENT            name of the generation in force, replaced atomically
    DIR/generations/NAME/  the tables, vectors.npy, views.npy, registry.json, statistics.npz, rejected.jsonl,
                           graph.lbug, manifest.json
    DIR/lock               held by the one writer

A generation is written under a temporary name, synced, renamed, and only then named in CURRENT: a crash at
any moment leaves the last good graph. Readers pin the generation that they opened; the last two are kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from papergraph import corrections, schema
from papergraph.errors import GraphError, disk_is_full
from papergraph.model import Entity, Graph, Listing, Paper, Record, Rejected, View
from papergraph.registry import Registry
from papergraph.store.base import Vectors

FORMAT_VERSION = 2
KEPT_GENERATIONS = 2
_PARTIAL = ".partial-"


class DamagedError(GraphError):
    """A generation that is missing, cannot be read or has an older format; the folder is a graph's all the
    same."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint or "build it anew: `papergraph build FILE... --out DIR --replace`")


def no_views(papers: int) -> np.ndarray:
    """Generation.views of so many papers where the extractor gives none."""
    return np.zeros((papers, len(View), 0), np.float32)


class Generation:
    """One complete, immutable state of a graph on disk, pinned. `manifest` describes it.

    `path` is its folder, in the graph folder `directory`.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self.directory = directory
        self.name = name
        self.path = directory / "generations" / name
        try:
            self.manifest: dict[str, Any] = json.loads(
                (self.path / "manifest.json").read_text(encoding="utf-8")
            )
        except (OSError, ValueError) as error:
            raise DamagedError(f"{self.path}/manifest.json cannot be read: {_reason(error)}") from None
        version = self.manifest.get("format_version", 0)
        if version < FORMAT_VERSION:
            raise DamagedError(
                f"{directory} has format {version}, older than this program's {FORMAT_VERSION}"
            )

    @property
    def store_path(self) -> Path:
        """The embedded store's database file."""
        return self.path / "graph.lbug"

    @property
    def rejected_path(self) -> Path:
        return self.path / "rejected.jsonl"

    def is_whole(self) -> bool:
        """Whether every file has the size that it was written with: cheaper than `check`."""
        sizes = self.manifest["sizes"]
        return all((p := self.path / name).exists() and p.stat().st_size == n for name, n in sizes.items())

    def rejected(self) -> set[Rejected]:
        """What the build of this generation did not take; empty where the file is gone."""
        if not self.rejected_path.exists():
            return set()
        with self.rejected_path.open(encoding="utf-8") as f:
            return {Rejected(**json.loads(line)) for line in f}

    def is_current(self) -> bool:
        """False once a newer generation has been swapped in."""
        return _current_name(self.directory) == self.name

    def table(self, name: str) -> pa.Table:
        """A table by its name in papergraph.schema, or "entities" or "records"."""
        try:
            # of a Python file, threads of Arrow may live on and abort or hang the interpreter at its end
            content = pa.BufferReader((self.path / f"{name}.parquet").read_bytes())
            return pq.read_table(content, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise DamagedError(f"{self.path}: the table {name} cannot be read: {_reason(error)}") from None

    def read(self) -> Graph:
        """All tables as records."""
        graph = Graph()
        for table in schema.TABLES:
            setattr(
                graph,
                table.name,
                [table.from_row(r) for r in self.table(table.name).to_pylist()],
            )
        graph.entities = self.entities()
        return graph

    def read_papers(self) -> list[Paper]:
        return [schema.PAPERS.from_row(r) for r in self.table("papers").to_pylist()]

    def read_listings(self) -> list[Listing]:
        return [Listing(**r) for r in self.table("listings").to_pylist()]

    def entities(self) -> dict[str, tuple[Entity, ...]]:
        """What extraction found, by paper id."""
        found: dict[str, list[Entity]] = {}
        for row in self.table("entities").to_pylist():
            found.setdefault(row["paper"], []).append(schema.entity(row))
        return {paper: tuple(entities) for paper, entities in found.items()}

    def records(self) -> dict[str, list[Record]]:
        """The entries of the input files, by listing id, in their order."""
        found: dict[str, list[Record]] = {}
        for row in self.table("records").to_pylist():
            listing = row.pop("listing")
            row["authors"], row["references"] = (
                tuple(row["authors"]),
                tuple(row["references"]),
            )
            found.setdefault(listing, []).append(Record(**row))
        return found

    def vectors(self) -> Vectors:
        """Embeddings of the listed papers, memory-mapped."""
        return self._array("vectors.npy")

    def views(self) -> Vectors:
        """What extraction read of the problem and the approach of the listed papers, as rows (n, views, dim)
        of length 1 or zero; memory-mapped. `dim` is 0 where the extractor gives none.
        """
        return self._array("views.npy")

    def _array(self, name: str) -> Vectors:
        papers = self.table("papers").select(["id", "listed"]).to_pylist()
        try:
            matrix = np.load(self.path / name, mmap_mode="r")
        except OSError as error:
            raise DamagedError(f"{self.path}/{name} cannot be read: {_reason(error)}") from None
        except ValueError:
            raise DamagedError(f"{self.path}/{name} holds no array") from None
        return Vectors([p["id"] for p in papers if p["listed"]], matrix)

    @cached_property
    def registry(self) -> Registry:
        """The ids of papers and concepts, as they stood after this build."""
        try:
            return Registry.from_json((self.path / "registry.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"{self.path}/registry.json cannot be read: {_reason(error)}") from None

    def check(self) -> None:
        """Reads everything that a further build takes from it. Raises DamagedError."""
        self.read()
        self.records()
        self.vectors()
        self.views()
        assert self.registry is not None


def _reason(error: Exception) -> str:
    """Why, in one line and without the path that the message names."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return words.split("\n")[0]


def _current_name(directory: Path) -> str | None:
    try:
        return (directory / "CURRENT").read_text(encoding="utf-8").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


_TO_READ = "name the folder that `papergraph build FILE... --out DIR` made"
_TO_WRITE = "name a folder that does not exist yet"


def folder_manifest(directory: Path, hint: str = _TO_WRITE) -> dict[str, Any] | None:
    """The manifest of a graph folder; None where there is nothing yet.

    Raises GraphError on anything else, with the hint.
    """
    if not directory.exists():
        return None
    if not directory.is_dir():
        raise GraphError(f"{directory} is a file, not a graph folder", hint)
    path = directory / "manifest.json"
    if not path.exists():
        if any(p.name not in ("lock", corrections.FILE) for p in directory.iterdir()):
            raise GraphError(f"{directory} is not empty and is not a papergraph graph", hint)
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version = manifest["format_version"]
    except (OSError, ValueError, KeyError, TypeError):
        raise GraphError(
            f"{path} is not a papergraph manifest",
            "name another folder, or restore this one",
        ) from None
    if version > FORMAT_VERSION:
        raise GraphError(
            f"{directory} has format {version}, newer than this program's {FORMAT_VERSION}",
            "update papergraph",
        )
    return dict(manifest)


def open_graph(directory: str | Path) -> Generation:
    """The generation in force in a graph folder. Raises GraphError where there is none."""
    directory = Path(directory)
    if not directory.exists():
        raise GraphError(
            f"{directory}: no such graph",
            f"make one with `papergraph build FILE... --out {directory}`",
        )
    folder_manifest(directory, _TO_READ)
    for _ in range(3):
        current = _current_name(directory)
        if current is None:
            raise GraphError(
                f"{directory} holds no finished graph",
                f"make one with `papergraph build FILE... --out {directory}`",
            )
        name = current
        if (directory / "generations" / name).is_dir():
            return Generation(directory, name)
        # else a writer has just swapped and cleaned up: look again
    whole = sorted(p.parent.name for p in directory.glob("generations/[0-9]*/manifest.json"))
    raise DamagedError(
        f"{directory}/CURRENT names the generation {name}, which is not in {directory}/generations",
        f"{whole[-1]} is there: write its name into CURRENT, or build the graph anew with --replace"
        if whole
        else "",
    )


def existing(directory: Path) -> Generation | None:
    """Like open_graph, but None where the folder does not exist yet or holds no finished graph."""
    if folder_manifest(directory) is None or _current_name(directory) is None:
        return None
    return open_graph(directory)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())


def replace_text(path: Path, text: str) -> None:
    """Writes a file so that a crash leaves the old or the new text, whole."""
    partial = path.with_name(_PARTIAL + path.name)
    _write_text(partial, text)
    os.replace(partial, path)
    _sync(path.parent)


RECORDS = pa.schema(
    [
        ("listing", schema.TEXT),
        ("title", schema.TEXT),
        ("abstract", schema.TEXT),
        ("file", schema.TEXT),
        ("line", schema.INT),
        ("year", schema.INT),
        ("date", schema.TEXT),
        ("authors", schema.TEXTS),
        ("venue", schema.TEXT),
        ("url", schema.TEXT),
        ("doi", schema.TEXT),
        ("arxiv_id", schema.TEXT),
        ("references", schema.TEXTS),
    ]
)


def _write_table(path: Path, rows: Iterable[Mapping[str, Any]], columns: pa.Schema) -> None:
    with path.open("wb") as f:  # an open file: given a path, pyarrow takes "a:b/c" for a URI
        pq.write_table(pa.Table.from_pylist(list(rows), schema=columns), f, compression="zstd")


class Writer:
    """Writes one new generation under the folder's lock. Use `writing`."""

    def __init__(self, directory: Path, graph_id: str, name: str) -> None:
        self.graph_id = graph_id
        self.name = name
        self._directory = directory
        self.path = directory / "generations" / (_PARTIAL + name)

    def write(
        self,
        graph: Graph,
        vectors: np.ndarray,
        registry: Registry,
        records: Mapping[str, Iterable[Record]],
        rejected: Iterable[Rejected],
        views: np.ndarray | None = None,
    ) -> None:
        """The tables and what a later build needs. `vectors` and `views` (as Generation.views; None where
        the extractor gives none) have a row for each listed paper, in order.
        """
        for table in schema.TABLES:
            rows = (table.to_row(r) for r in getattr(graph, table.name))
            _write_table(self.path / f"{table.name}.parquet", rows, table.schema)
        entities = (schema.entity_row(p, e) for p in sorted(graph.entities) for e in graph.entities[p])
        _write_table(self.path / "entities.parquet", entities, schema.ENTITIES)
        rows = ({"listing": listing, **asdict(r)} for listing, entries in records.items() for r in entries)
        _write_table(self.path / "records.parquet", rows, RECORDS)
        np.save(self.path / "vectors.npy", np.ascontiguousarray(vectors, dtype=np.float32))
        views = no_views(len(vectors)) if views is None else views
        np.save(self.path / "views.npy", np.ascontiguousarray(views, dtype=np.float32))
        _write_text(self.path / "registry.json", registry.to_json())
        lines = (json.dumps(asdict(r), ensure_ascii=False) + "\n" for r in rejected)
        _write_text(self.path / "rejected.jsonl", "".join(lines))

    def finish(self, manifest: Mapping[str, Any]) -> Generation:
        """Writes the manifest, syncs, and swaps this generation in; removes all but the last two."""
        full = {
            "format_version": FORMAT_VERSION,
            "graph_id": self.graph_id,
            "generation": self.name,
            **manifest,
            "sizes": {p.name: p.stat().st_size for p in sorted(self.path.iterdir()) if p.is_file()},
        }
        _write_text(
            self.path / "manifest.json",
            json.dumps(full, indent=1, ensure_ascii=False) + "\n",
        )
        for path in sorted(self.path.iterdir()):
            _sync(path)
        _sync(self.path)
        generations = self.path.parent
        os.rename(self.path, generations / self.name)
        _sync(generations)
        replace_text(self._directory / "CURRENT", self.name + "\n")
        for old in sorted(p.name for p in generations.iterdir() if p.is_dir())[:-KEPT_GENERATIONS]:
            shutil.rmtree(generations / old, ignore_errors=True)
        return Generation(self._directory, self.name)


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Holds the folder's writer lock. Raises GraphError at once where another process holds it."""
    import fcntl

    fresh = not directory.exists()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / "lock").open("a+b", buffering=0)
    except OSError as error:
        raise GraphError(f"{directory}: cannot be written: {error.strerror}", "name another folder") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read(20).decode().strip() or "unknown"
            raise GraphError(
                f"{directory} is being written by another process (pid {holder})",
                "wait until it is done, then run this again",
            ) from None
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
            lock.truncate(0)
            lock.write(str(os.getpid()).encode())
        try:
            yield
        finally:
            if fresh and _current_name(directory) is None:
                shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def writing(directory: Path) -> Iterator[Writer]:
    """A Writer for the next generation; call inside `locked`. What a crash left half-written is removed.

    Raises GraphError where the folder is something else or the disk is full; the last good graph stays in
    force.
    """
    manifest = folder_manifest(directory)
    generations = directory / "generations"
    try:
        if manifest is None or manifest["format_version"] < FORMAT_VERSION:
            kept_id = manifest["graph_id"] if manifest else uuid.uuid4().hex
            manifest = {"format_version": FORMAT_VERSION, "graph_id": kept_id}
            generations.mkdir(parents=True, exist_ok=True)
            replace_text(directory / "manifest.json", json.dumps(manifest, indent=1) + "\n")
        generations.mkdir(exist_ok=True)
        for stale in generations.glob(_PARTIAL + "*"):
            shutil.rmtree(stale, ignore_errors=True)
        numbers = [int(p.name) for p in generations.iterdir() if p.name.isdigit()]
        writer = Writer(directory, manifest["graph_id"], f"{max(numbers, default=0) + 1:06d}")
        writer.path.mkdir()
        yield writer
    except OSError as error:
        full = disk_is_full(error)
        what = "the disk is full" if full else error.strerror or error
        raise GraphError(
            f"{directory}: {what}; nothing was changed, the last good graph is still in force",
            "free some space and run this again" if full else "",
        ) from None
    finally:
        for partial in generations.glob(_PARTIAL + "*"):
            shutil.rmtree(partial, ignore_errors=True)
