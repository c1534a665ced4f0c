"""Brings a graph folder into Neo4j: batches over Bolt that can be repeated, cut off and resumed.

Nodes carry the label Papergraph and a key `uid` ("Paper/<id>"); relationships are told apart by their ends
and type (LISTS also by rank). Each batch is one transaction, which also notes in the meta node how many rows
are in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papergraph.errors import GraphError
from papergraph.model import EntityType, Label, Rel, Role
from papergraph.queries import Dialect, bind, find, render, statements
from papergraph.settings import Settings
from papergraph.store.bolt import Client
from papergraph.store.neo4j import owned, read_meta

if TYPE_CHECKING:
    import pyarrow as pa

    from papergraph.tables import Generation

BATCH = 1000
WRITE_SECONDS = 120.0  # for one batch; reaching this means that the server is stuck
EMBEDDING = "embedding"  # the property that holds a paper's vector

Progress = Callable[[str, int, int], None]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The rows that were loaded, by label and relationship type, and what the database holds beyond them."""

    counts: dict[str, int]
    left_nodes: int  # of an earlier generation: `prune` removes them
    left_relationships: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows that one statement takes: `name` a label or type, `ends` the labels that a relationship joins."""

    name: str
    statement: str
    marker: str
    rows: pa.Table
    ends: tuple[tuple[str, str], tuple[str, str]] | None = None  # ((label, column), (label, column))

    def text(self) -> str:
        (text,) = statements(Dialect.NEO4J, self.statement)
        return render(text, {self.marker: self.name})

    def batch(self, start: int) -> list[Row]:
        return [self._row(r) for r in self.rows.slice(start, BATCH).to_pylist()]

    def _row(self, row: Row) -> Row:
        if self.ends is None:
            return row
        (from_label, from_column), (to_label, to_column) = self.ends
        return {
            "from": uid(from_label, row.pop(from_column)),
            "to": uid(to_label, row.pop(to_column)),
            "properties": row,
        }


def uid(label: str, id: str) -> str:
    """The key of a node among all nodes of ours."""
    return f"{label}/{id}"


def load(
    directory: str | Path,
    uri: str,
    user: str,
    password: str,
    *,
    database: str | None = None,
    prune: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
    settings: Settings | None = None,
) -> Loaded:
    """Loads the generation in force.

    Doing it twice changes nothing, and a load that was cut off goes on where it stopped. `prune` removes what
    an earlier load brought and the tables no longer hold. `progress` gets a name, rows done and rows in all.
    Raises GraphError where the database holds another papergraph and `replace` is not given,
    StoreUnavailableError where it cannot be reached.
    """
    from papergraph.tables import open_graph

    generation = open_graph(directory)
    client = Client(
        uri,
        user,
        password,
        database=database,
        wait=(settings or Settings()).store_timeout,
    )
    try:
        return _Load(client, generation, progress or (lambda name, done, total: None)).run(prune, replace)
    finally:
        client.close()


class _Load:
    def __init__(self, client: Client, generation: Generation, progress: Progress) -> None:
        self._client = client
        self._generation = generation
        self._progress = progress

    def _write(self, name: str, **parameters: Any) -> list[Row]:
        (text,) = statements(Dialect.NEO4J, name)
        return self._client.write([(text, parameters)], wait=WRITE_SECONDS)

    def _read(self, name: str, **markers: str) -> list[Row]:
        (text,) = statements(Dialect.NEO4J, name)
        return self._client.read(render(text, markers), wait=WRITE_SECONDS)

    def run(self, prune: bool, replace: bool) -> Loaded:
        position = self._begin(replace)
        parts = list(_parts(self._generation))
        self._schema()
        total = sum(part.rows.num_rows for part in parts)
        (note,) = statements(Dialect.NEO4J, "load_position")
        done = 0
        for part in parts:
            count = part.rows.num_rows
            text = part.text() if done + count > position else ""
            for start in range(max(0, position - done), count, BATCH):
                rows = part.batch(start)
                at = done + start + len(rows)
                self._client.write(
                    [(text, {"rows": rows}), (note, {"position": at})],
                    wait=WRITE_SECONDS,
                )
                self._progress("loading", at, total)
            done += count
        if prune:
            self._prune(parts)
        self._write("await_indexes", seconds=int(WRITE_SECONDS) - 10)
        self._write("finish_load")
        counts: dict[str, int] = {}
        for part in parts:
            label = Label.CONCEPT if part.statement == "load_concepts" else part.name
            counts[str(label)] = counts.get(label, 0) + part.rows.num_rows
        return self._loaded(counts)

    def _loaded(self, counts: dict[str, int]) -> Loaded:
        text, _ = bind(find("counts"), Dialect.NEO4J, {})
        left = dict.fromkeys((True, False), 0)
        for row in self._client.read(owned(text), wait=WRITE_SECONDS):
            left[row["name"] in set(Rel)] += max(0, row["count"] - counts.get(row["name"], 0))
        return Loaded(counts, left_nodes=left[False], left_relationships=left[True])

    def _begin(self, replace: bool) -> int:
        """Notes that a load is under way; gives the rows that an earlier load of the same left done."""
        manifest = self._generation.manifest
        ours = {key: manifest[key] for key in ("graph_id", "generation", "format_version")}
        ours["embedder"] = manifest.get("embedder", "")
        self._client.connect()
        held = read_meta(self._client, wait=WRITE_SECONDS)
        if held and held["graph_id"] != ours["graph_id"]:
            if not replace:
                raise GraphError(
                    f"{self._client.uri} holds another papergraph ({held['graph_id'][:8]})",
                    "give --replace to remove it first, or load into another database with --database",
                )
            self._clear(ours)
            held = None
        resumes = held and held["state"] == "loading" and all(held[key] == ours[key] for key in ours)
        position = int(held["position"] or 0) if held and resumes else 0
        self._write(
            "start_load",
            meta={**ours, "uid": "meta", "state": "loading", "position": position},
        )
        return position

    def _clear(self, ours: Row) -> None:
        """Removes everything of ours; the meta node says "loading" all the while: nobody reads a half."""
        while True:
            self._write(
                "start_load",
                meta={**ours, "uid": "meta", "state": "loading", "position": 0},
            )
            removed = self._write("clear")[0]["removed"]
            self._progress("removing", removed, 0)
            if removed <= 1:
                return

    def _schema(self) -> None:
        import numpy as np

        for statement in statements(Dialect.NEO4J, "schema"):
            self._client.write([(statement, {})], wait=WRITE_SECONDS)
        dimension = int(np.load(self._generation.path / "vectors.npy", mmap_mode="r").shape[1])
        held = self._write("vector_index_dimension")
        if held and held[0]["dimension"] != dimension:
            self._write("drop_vector_index")
        config = {
            "vector.dimensions": dimension,
            "vector.similarity_function": "cosine",
        }
        if dimension:
            self._write("vector_index", options={"indexConfig": config})

    def _prune(self, parts: list[_Part]) -> None:
        kept = {r["uid"] for p in parts if p.ends is None for r in p.rows.select(["uid"]).to_pylist()}
        self._delete(
            "delete_nodes",
            [r["uid"] for r in self._read("all_nodes") if r["uid"] not in kept],
        )
        for part in parts:
            if part.ends is None:
                continue
            rows = [part._row(r) for r in part.rows.to_pylist()]
            ranked = part.statement == "load_entries"
            keys = {(r["from"], r["to"], r["properties"]["rank"] if ranked else None) for r in rows}
            held = self._read("all_relationships", type=part.name)
            stale = [r["id"] for r in held if (r["from"], r["to"], r["rank"] if ranked else None) not in keys]
            self._delete("delete_relationships", stale)

    def _delete(self, statement: str, ids: list[str]) -> None:
        for start in range(0, len(ids), BATCH):
            self._write(statement, ids=ids[start : start + BATCH])
            self._progress("pruning", min(start + BATCH, len(ids)), len(ids))


def _parts(generation: Generation) -> Iterator[_Part]:
    """The tables in the order in which they are loaded, nodes first; `position` counts in that order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def keyed(table: pa.Table, label: str) -> pa.Table:
        return table.append_column(
            "uid",
            pa.array([uid(label, i) for i in table["id"].to_pylist()], pa.string()),
        )

    papers = generation.table("papers")
    vectors = generation.vectors()
    rows = dict(zip(vectors.ids, vectors.matrix, strict=True))
    embeddings = [rows[i].tolist() if i in rows else None for i in papers["id"].to_pylist()]
    papers = papers.append_column(EMBEDDING, pa.array(embeddings, pa.list_(pa.float32())))
    yield _Part(Label.PAPER, "load_nodes", "label", keyed(papers, Label.PAPER))
    concepts = keyed(generation.table("concepts"), Label.CONCEPT)
    for kind in EntityType:
        yield _Part(
            kind,
            "load_concepts",
            "label",
            concepts.filter(pc.equal(concepts["type"], kind.value)),
        )
    yield _Part(
        Label.LISTING,
        "load_nodes",
        "label",
        keyed(generation.table("listings"), Label.LISTING),
    )

    paper, concept = (Label.PAPER, "paper"), (Label.CONCEPT, "concept")
    edges = generation.table("paper_concepts")
    for role in Role:
        of_role = edges.filter(pc.equal(edges["role"], role.value))
        yield _Part(role.rel, "load_relationships", "type", of_role, (paper, concept))
    for rel, name, label in (
        (Rel.BUILDS_ON, "builds_on", Label.PAPER),
        (Rel.SIMILAR_TO, "similar", Label.PAPER),
        (Rel.ALIKE, "alike", Label.PAPER),
        (Rel.VARIANT_OF, "variants", Label.CONCEPT),
        (Rel.CITES, "cites", Label.PAPER),
    ):
        ends = ((label, "source"), (label, "target"))
        yield _Part(rel, "load_relationships", "type", generation.table(name), ends)
    yield _Part(
        Rel.LISTS,
        "load_entries",
        "type",
        generation.table("lists"),
        ((Label.LISTING, "listing"), paper),
    )
