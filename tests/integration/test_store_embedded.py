"""The embedded store: made from the tables, opened read-only, asked from many threads, never writing."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic import example_graph, example_vectors, write_graph

from papergraph import schema
from papergraph.errors import GraphError, NotFoundError, StoreUnavailableError, UsageError
from papergraph.model import Cites, Graph, Paper
from papergraph.queries import internal_queries
from papergraph.store import GraphStore, open_store
from papergraph.store.embedded import build_store
from papergraph.tables import open_graph


@pytest.fixture(scope="module")
def graph() -> Graph:
    return example_graph()


@pytest.fixture(scope="module")
def folder(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = (
        tmp_path_factory.mktemp("embedded") / "a 'graph' [x] *"
    )  # a path that would be a pattern in COPY
    write_graph(directory, graph)
    return directory


@pytest.fixture
def store(folder: Path) -> Iterator[GraphStore]:
    opened = open_store(str(folder))
    yield opened
    opened.close()


def test_every_row_of_the_tables_is_in_the_store(store: GraphStore, graph: Graph) -> None:
    rows = {t.name: [t.to_row(r) for r in getattr(graph, t.name)] for t in schema.TABLES}
    ids = [p.id for p in graph.papers]
    assert store.run("papers_by_id", papers=ids) == rows["papers"]
    assert store.run("catalogue_concepts") == rows["concepts"]
    assert store.run("builds_on_from", papers=ids) == rows["builds_on"]
    assert store.run("similar_from", papers=ids) == rows["similar"]
    assert store.run("cites_from", papers=ids) == rows["cites"]
    found = store.run("alike_from", papers=ids)
    assert [{c: r[c] for c in rows["alike"][0]} for r in found] == rows["alike"]


def test_counts_are_those_of_the_tables(store: GraphStore, graph: Graph, folder: Path) -> None:
    info = store.info()
    assert info.kind == "embedded"
    assert info.location == str(folder)
    assert info.generation == open_graph(folder).name
    assert info.counts["Paper"] == len(graph.papers)
    assert info.counts["LISTS"] == len(graph.lists)
    roles = ("INTRODUCES", "EXTENDS", "EVALUATES_ON", "USES", "COMPARES_WITH", "MENTIONS")
    assert sum(info.counts[r] for r in roles) == len(graph.paper_concepts)
    assert info.counts["EXTENDS"] == sum(e.role == "builds_on" for e in graph.paper_concepts)


def test_vectors_are_those_of_the_listed_papers(store: GraphStore, graph: Graph) -> None:
    vectors = store.vectors()
    assert list(vectors.ids) == [p.id for p in graph.papers if p.listed]
    assert np.array_equal(vectors.matrix, example_vectors(graph))


def test_an_empty_graph_answers_every_query(tmp_path: Path) -> None:
    write_graph(tmp_path / "g", Graph())
    store = open_store(str(tmp_path / "g"))
    values = {"papers": ["x"], "concepts": ["x"], "listing": "x", "name": "x", "most": 1}
    for name, query in internal_queries().items():
        rows = store.run(name, **{p.name: values[p.name] for p in query.parameters})
        assert name in ("counts", "statistics_near") or rows == []
    assert set(store.info().counts.values()) == {0}
    store.close()


def test_many_threads_get_the_same_answers(store: GraphStore, graph: Graph) -> None:
    ids = [p.id for p in graph.papers]
    expected = {i: store.run("concepts_of", papers=[i]) for i in ids}
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda i: (i, store.run("concepts_of", papers=[i])), ids * 8))
    assert all(rows == expected[i] for i, rows in found)


def test_a_missing_parameter_and_a_missing_query_are_named(store: GraphStore) -> None:
    with pytest.raises(UsageError, match="papers"):
        store.run("papers_by_id")
    with pytest.raises(NotFoundError, match="no named query"):
        store.run("no_such_query")


def test_closing_waits_and_then_says_so(folder: Path) -> None:
    store = open_store(str(folder))
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            while True:
                store.run("concept_names")
        except StoreUnavailableError as error:
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for t in threads:
        t.start()
    store.close()
    for t in threads:
        t.join()
    assert len(failed) == 4
    store.close()


def test_two_stores_on_one_file_and_a_new_generation_beside_them(tmp_path: Path, graph: Graph) -> None:
    write_graph(tmp_path / "g", graph)
    first = open_store(str(tmp_path / "g"))
    second = open_store(str(tmp_path / "g"))
    write_graph(tmp_path / "g", example_graph(seed=2, papers=30))
    third = open_store(str(tmp_path / "g"))
    assert len(first.run("paper_names")) == len(second.run("paper_names")) == len(graph.papers)
    assert len(third.run("paper_names")) == 30
    for store in (first, second, third):
        store.close()


def test_reading_leaves_the_folder_as_it_was(folder: Path) -> None:
    path = open_graph(folder).path
    before = {p.name: (p.stat().st_size, p.stat().st_mtime_ns) for p in path.iterdir()}
    store = open_store(str(folder))
    store.run("counts")
    store.run_text("MATCH (p:Paper) RETURN p", {}, timeout=20, rows=10, size=10_000)
    store.close()
    assert {p.name: (p.stat().st_size, p.stat().st_mtime_ns) for p in path.iterdir()} == before


def test_building_again_replaces_the_file_whole(tmp_path: Path, graph: Graph) -> None:
    generation = write_graph(tmp_path / "g", graph)
    (generation.path / ".partial-graph.lbug").write_bytes(b"left by a crash")
    generation.store_path.write_bytes(b"damaged")
    with pytest.raises(GraphError, match="cannot be opened"):
        open_store(str(tmp_path / "g"))
    build_store(generation.path)
    assert [p.name for p in generation.path.iterdir() if "graph.lbug" in p.name] == ["graph.lbug"]
    store = open_store(str(tmp_path / "g"))
    assert store.info().counts["Paper"] == len(graph.papers)
    store.close()


def test_a_missing_file_says_how_to_get_one(tmp_path: Path, graph: Graph) -> None:
    write_graph(tmp_path / "g", graph, store=False)
    with pytest.raises(GraphError, match="missing") as raised:
        open_store(str(tmp_path / "g"))
    assert "papergraph build" in raised.value.hint


def test_an_edge_to_nowhere_is_refused_and_the_old_file_stays(tmp_path: Path, graph: Graph) -> None:
    generation = write_graph(tmp_path / "g", graph)
    before = generation.store_path.read_bytes()
    broken = example_graph()
    broken.cites = [*broken.cites, Cites("paper-001", "no-such-paper")]
    other = write_graph(tmp_path / "h", broken, store=False)
    for name in ("cites",):
        (generation.path / f"{name}.parquet").write_bytes((other.path / f"{name}.parquet").read_bytes())
    with pytest.raises(GraphError, match="no-such-paper"):
        build_store(generation.path)
    assert generation.store_path.read_bytes() == before
    assert not [p for p in generation.path.iterdir() if p.name.startswith(".partial")]


def test_texts_of_any_size_and_script_come_back_as_they_were(tmp_path: Path) -> None:
    texts = ["x" * 1_000_000, "\U0001f600" * 1000, "a\r\nb\tc", "'\"\\`$x{{y}}", "\u202e\u200b\ufeff", " \n "]
    papers = [Paper(f"p{i}", t, t, authors=(t, ""), urls=(t,)) for i, t in enumerate(texts)]
    graph = Graph(papers=[replace(p, short=p.title[:28]) for p in papers])
    write_graph(tmp_path / "g", graph)
    store = open_store(str(tmp_path / "g"))
    rows = store.run("papers_by_id", papers=[p.id for p in graph.papers])
    assert [(r["title"], r["abstract"], tuple(r["authors"])) for r in rows] == [
        (p.title, p.abstract, p.authors) for p in graph.papers
    ]
    store.close()


def test_an_address_that_is_not_neo4j_is_refused() -> None:
    with pytest.raises(UsageError, match="http"):
        open_store("http://127.0.0.1:7474")
    with pytest.raises(GraphError, match="no such graph"):
        open_store(os.path.join("no", "such", "folder"))
