"""The embedded store: one Ladybug database file a generation, made from its tables and opened read-only.

Ladybug (a fork of Kuzu, https://docs.ladybugdb.com) answers Cypher within the process. The file is a
projection: the tables stay the system of record, and a file that is missing or damaged is made again from
them.
"""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papergraph.errors import GraphError, QueryFailedError, StoreUnavailableError, disk_is_full
from papergraph.guard import check, column_names
from papergraph.model import Label, Rel, Role
from papergraph.queries import Dialect, bind, find, render, statements
from papergraph.store.base import GraphInfo, QueryResult, Row, Vectors
from papergraph.store.workers import Workers

if TYPE_CHECKING:
    import ladybug
    import pyarrow as pa

    from papergraph.settings import Settings
    from papergraph.tables import Generation

FILE = "graph.lbug"
CONNECTIONS = 8  # queries that run beside each other; each takes one thread
BUFFER_BYTES = 512 << 20
QUERY_SECONDS = 60.0  # papergraph's own queries are small: reaching this means that something is wrong


def open_database(path: Path, *, read_only: bool, buffer: int = BUFFER_BYTES) -> ladybug.Database:
    """The database of a file. Ladybug reserves address space (not memory) by max_db_size, a power of two."""
    import ladybug

    size = path.stat().st_size if path.exists() else 0
    reserve = 1 << 36 if not read_only else max(1 << 30, 1 << (2 * size).bit_length())
    return ladybug.Database(
        path,
        read_only=read_only,
        buffer_pool_size=buffer,
        max_db_size=reserve,
        auto_checkpoint=False,
    )


def build_store(generation_dir: Path) -> None:
    """Writes graph.lbug from the Parquet tables of a generation: a new file beside the old, then renamed over
    it.

    Raises GraphError where a table is missing or holds an edge to a node that is not there, OSError (ENOSPC)
    where the disk is full.
    """
    import ladybug

    partial = generation_dir / f".partial-{FILE}"
    _remove(partial)
    try:
        database = open_database(partial, read_only=False)
        try:
            connection = ladybug.Connection(database)
            for statement in (
                "BEGIN TRANSACTION",
                *statements(Dialect.LADYBUG, "schema"),
                "COMMIT",
            ):
                connection.execute(statement)
            (copy,) = statements(Dialect.LADYBUG, "copy")
            for name, rows in _tables(generation_dir):
                if rows.num_rows:
                    connection.execute(render(copy, {"table": name}), {"rows": rows})
            connection.close()
        finally:
            database.close()
    except (OSError, RuntimeError) as error:
        _remove(partial)
        if disk_is_full(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        raise GraphError(f"{generation_dir}: the embedded store cannot be made: {error}") from error
    for leftover in _beside(partial)[1:]:
        leftover.unlink(missing_ok=True)
    os.replace(partial, generation_dir / FILE)


def _beside(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + s) for s in (".wal", ".shadow", ".tmp"))]


def _remove(path: Path) -> None:
    for p in _beside(path):
        p.unlink(missing_ok=True)


def _tables(directory: Path) -> Iterator[tuple[str, pa.Table]]:
    """Each table of the database with its rows, nodes first; paper_concepts becomes one table a role."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    def read(name: str) -> pa.Table:
        return pq.read_table(directory / f"{name}.parquet")

    yield Label.PAPER, read("papers")
    yield Label.CONCEPT, read("concepts")
    yield Label.LISTING, read("listings")
    edges = read("paper_concepts")
    for role in Role:
        yield role.rel, edges.filter(pc.equal(edges["role"], role.value))
    yield Rel.BUILDS_ON, read("builds_on")
    yield Rel.SIMILAR_TO, read("similar")
    yield Rel.ALIKE, read("alike")
    yield Rel.VARIANT_OF, read("variants")
    yield Rel.LISTS, read("lists")
    yield Rel.CITES, read("cites")


class EmbeddedStore:
    """A generation's graph.lbug, read-only. Safe in several threads: each query borrows a connection."""

    def __init__(self, generation: Generation, settings: Settings) -> None:
        import ladybug

        self._generation = generation
        self._settings = settings
        path = generation.store_path
        if not path.is_file():
            raise GraphError(
                f"{generation.path}: the embedded store {FILE} is missing",
                "build the graph again with `papergraph build FILE... --out DIR --replace`",
            )
        try:
            self._database = open_database(path, read_only=True)
            self._free: queue.LifoQueue[Any] = queue.LifoQueue()
            for _ in range(CONNECTIONS):
                self._free.put(ladybug.Connection(self._database, num_threads=1))
        except RuntimeError as error:
            raise GraphError(
                f"{path}: the embedded store cannot be opened: {error}",
                "build the graph again with `papergraph build FILE... --out DIR --replace`",
            ) from error
        self._closed = threading.Event()
        self._workers = Workers({"file": str(path.absolute())})  # a worker runs in another folder

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Any]:
        if self._closed.is_set():
            raise StoreUnavailableError("the embedded store is closed")
        connection = self._free.get()
        try:
            yield connection
        finally:
            self._free.put(connection)

    def run(self, query: str, /, **parameters: Any) -> list[Row]:
        text, values = bind(find(query), Dialect.LADYBUG, parameters)
        with self._connection() as connection:
            connection.set_query_timeout(int(QUERY_SECONDS * 1000))
            try:
                result = connection.execute(text, values)
                columns = result.get_column_names()
                rows = [dict(zip(columns, row, strict=True)) for row in result.get_all()]
                # Ladybug's sum of integers is a Decimal.
                for column, kind in zip(columns, result.get_column_data_types(), strict=True):
                    if kind == "INT128":
                        for row in rows:
                            row[column] = None if row[column] is None else int(row[column])
                return rows
            except RuntimeError as error:
                raise QueryFailedError(f"the query {query} failed: {error}") from error

    def run_text(
        self,
        cypher: str,
        parameters: dict[str, Any],
        *,
        timeout: float,
        rows: int,
        size: int,
    ) -> QueryResult:
        text = check(cypher, Dialect.LADYBUG)
        result = self._workers.run(text, parameters, timeout=timeout, rows=rows, size=size)
        names = column_names(text)  # Ladybug's own are those of its plan: COUNT_STAR() for count(*)
        return replace(result, columns=names) if len(names) == len(result.columns) else result

    def info(self) -> GraphInfo:
        manifest = self._generation.manifest
        return GraphInfo(
            kind="embedded",
            location=str(self._generation.directory),
            graph_id=manifest["graph_id"],
            generation=manifest["generation"],
            format_version=manifest["format_version"],
            embedder=manifest.get("embedder", ""),
            counts={row["name"]: row["count"] for row in self.run("counts")},
        )

    def vectors(self) -> Vectors:
        return self._generation.vectors()

    def close(self) -> None:
        """Waits for the queries that are running."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._workers.close()
        for _ in range(CONNECTIONS):
            self._free.get().close()
        self._database.close()
