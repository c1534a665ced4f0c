"""Loading into a real Neo4j: twice, cut off, resumed, pruned, replaced; on two releases."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from synthetic import example_graph, write_graph

from papergraph import tables
from papergraph.cli import cli
from papergraph.errors import GraphError, StoreUnavailableError
from papergraph.model import EntityType, Graph
from papergraph.settings import Settings
from papergraph.store import neo4j_load, open_store
from papergraph.store.bolt import Client
from papergraph.store.neo4j_load import Loaded, load

SETTINGS = Settings(store_timeout=120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graph(tmp_path / "g", example_graph())
    return tmp_path / "g"


def bring(folder: Path, database: Any, **options: Any) -> dict[str, int]:
    return loaded(folder, database, **options).counts


def loaded(folder: Path, database: Any, **options: Any) -> Loaded:
    return load(folder, database.uri, database.user, database.password, settings=SETTINGS, **options)


def content(database: Any) -> tuple[list[Any], list[Any]]:
    nodes = database.query(
        "MATCH (n) RETURN n.uid AS uid, labels(n) AS labels, properties(n) AS p ORDER BY uid"
    )
    edges = database.query(
        "MATCH (a)-[r]->(b) RETURN a.uid AS a, type(r) AS t, b.uid AS b, properties(r) AS p, r.rank AS rank "
        "ORDER BY a, t, b, rank"
    )
    for row in nodes:
        row["labels"].sort()
    return nodes, edges


def test_loading_twice_gives_the_same_content(folder: Path, neo4j_database: Any) -> None:
    seen: list[tuple[str, int, int]] = []
    counts = bring(folder, neo4j_database, progress=lambda *step: seen.append(step))
    first = content(neo4j_database)
    assert bring(folder, neo4j_database) == counts
    assert content(neo4j_database) == first
    store = open_store(str(folder))
    assert counts == store.info().counts
    store.close()
    total = sum(counts.values())
    assert [s[1] for s in seen] == sorted(s[1] for s in seen)
    assert seen[-1] == ("loading", total, total)
    assert all("Papergraph" in row["labels"] for row in first[0])
    meta = next(row for row in first[0] if row["uid"] == "meta")
    assert (meta["p"]["state"], meta["p"]["format_version"], meta["p"]["embedder"]) == (
        "ready",
        tables.FORMAT_VERSION,
        "example-8",
    )


def test_constraints_and_indexes_are_there_and_online(folder: Path, neo4j_database: Any) -> None:
    bring(folder, neo4j_database)
    rows = neo4j_database.query("SHOW INDEXES YIELD name, type, state WHERE name STARTS WITH 'papergraph'")
    assert {r["name"]: r["type"] for r in rows} == {
        "papergraph_uid": "RANGE",
        "papergraph_paper": "RANGE",
        "papergraph_concept": "RANGE",
        "papergraph_listing": "RANGE",
        "papergraph_text": "FULLTEXT",
        "papergraph_embedding": "VECTOR",
    }
    assert all(r["state"] == "ONLINE" for r in rows)


def test_a_new_generation_is_merged_and_pruned(
    folder: Path, neo4j_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERGRAPH_STORE_TIMEOUT", "120")
    bring(folder, neo4j_database)
    changed = example_graph()
    changed.papers = [p for p in changed.papers if p.id != "paper-001"]
    changed.papers = [
        replace(p, title="A new title", venue=None) if p.id == "paper-002" else p for p in changed.papers
    ]
    changed.concepts = [
        replace(c, type=EntityType.BENCHMARK) if c.id == "bert" else c for c in changed.concepts
    ]
    for name, ends in (
        ("paper_concepts", ("paper",)),
        ("builds_on", ("source", "target")),
        ("similar", ("source", "target")),
        ("alike", ("source", "target")),
        ("cites", ("source", "target")),
        ("lists", ("paper",)),
    ):
        kept = [e for e in getattr(changed, name) if all(getattr(e, end) != "paper-001" for end in ends)]
        setattr(changed, name, kept[1:])
    write_graph(folder, changed)
    left = loaded(folder, neo4j_database)
    assert left.left_nodes == 1
    assert left.left_relationships >= 5
    said = CliRunner().invoke(cli, ["load", str(folder), "--uri", neo4j_database.uri])
    assert "1 node and " in said.stderr
    assert (
        "of an earlier generation are still there, and in every answer; --prune removes them" in said.stderr
    )
    assert neo4j_database.query("MATCH (p:Paper {id: 'paper-001'}) RETURN count(p) AS n") == [{"n": 1}]
    clean = loaded(folder, neo4j_database, prune=True)
    assert (clean.left_nodes, clean.left_relationships) == (0, 0)
    assert "--prune" not in CliRunner().invoke(cli, ["load", str(folder), "--uri", neo4j_database.uri]).output
    assert neo4j_database.query("MATCH (p:Paper {id: 'paper-001'}) RETURN count(p) AS n") == [{"n": 0}]
    pruned = content(neo4j_database)
    neo4j_database.empty()
    bring(folder, neo4j_database)
    assert pruned == content(neo4j_database)
    assert (
        neo4j_database.query("MATCH (c:Concept {id: 'bert'}) RETURN labels(c) AS l")[0]["l"].count("Model")
        == 0
    )


class Cut(Exception):
    pass


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Small batches, and a connection that breaks before the write number `at` (0: never)."""
    state = {"at": 0, "done": 0}
    write = Client.write

    def breaking(self: Client, *arguments: Any, **options: Any) -> Any:
        state["done"] += 1
        if state["done"] == state["at"]:
            raise Cut
        return write(self, *arguments, **options)

    monkeypatch.setattr(neo4j_load, "BATCH", 25)
    monkeypatch.setattr(Client, "write", breaking)
    return state


def test_a_load_that_was_cut_off_says_so_and_resumes(
    folder: Path, neo4j_database: Any, cut: dict[str, int]
) -> None:
    bring(folder, neo4j_database)
    whole, all_writes = content(neo4j_database), cut["done"]
    for part in (0.5, 0.9):
        neo4j_database.empty()
        cut.update(at=int(all_writes * part), done=0)
        with pytest.raises(Cut):
            bring(folder, neo4j_database)
        with pytest.raises(StoreUnavailableError, match="under way"):
            open_store(neo4j_database.uri, SETTINGS)
        cut.update(at=0, done=0)
        bring(folder, neo4j_database)
        assert content(neo4j_database) == whole
        assert cut["done"] < all_writes
        open_store(neo4j_database.uri, SETTINGS).close()


def test_a_cut_off_load_of_another_generation_begins_anew(
    folder: Path, neo4j_database: Any, cut: dict[str, int]
) -> None:
    cut.update(at=30, done=0)
    with pytest.raises(Cut):
        bring(folder, neo4j_database)
    cut.update(at=0)
    write_graph(folder, example_graph(seed=3))
    bring(folder, neo4j_database, prune=True)
    store, tables = open_store(neo4j_database.uri, SETTINGS), open_store(str(folder))
    assert store.info().counts == tables.info().counts
    store.close()
    tables.close()


def test_a_store_that_is_open_notices_a_load_and_its_end(
    folder: Path, neo4j_database: Any, cut: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papergraph.store.neo4j._LOOK_EVERY", 0.0)
    bring(folder, neo4j_database)
    store = open_store(neo4j_database.uri, SETTINGS)
    generation = store.info().generation
    write_graph(folder, example_graph(seed=2))
    cut.update(at=cut["done"] + 20)
    with pytest.raises(Cut):
        bring(folder, neo4j_database)
    with pytest.raises(StoreUnavailableError, match="under way"):
        store.run("listings")
    with pytest.raises(StoreUnavailableError, match="under way"):
        store.info()
    cut.update(at=0)
    bring(folder, neo4j_database, prune=True)
    assert store.run("listings")
    assert store.info().generation > generation
    store.close()


def test_another_graph_is_replaced_only_when_told(folder: Path, tmp_path: Path, neo4j_database: Any) -> None:
    bring(folder, neo4j_database)
    before = content(neo4j_database)
    write_graph(tmp_path / "other", example_graph(seed=5, papers=20))
    with pytest.raises(GraphError, match="another papergraph") as raised:
        bring(tmp_path / "other", neo4j_database)
    assert "--replace" in raised.value.hint
    assert content(neo4j_database) == before
    bring(tmp_path / "other", neo4j_database, replace=True)
    store, tables = open_store(neo4j_database.uri, SETTINGS), open_store(str(tmp_path / "other"))
    assert store.info().counts == tables.info().counts
    store.close()
    tables.close()


def test_a_vector_index_of_another_size_is_made_anew(
    folder: Path, neo4j_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(folder, neo4j_database)
    import synthetic

    vectors = synthetic.example_vectors
    monkeypatch.setattr(synthetic, "example_vectors", lambda graph: vectors(graph, dim=16))
    write_graph(folder, example_graph())
    bring(folder, neo4j_database)
    rows = neo4j_database.query(
        "SHOW VECTOR INDEXES YIELD options RETURN options.indexConfig['vector.dimensions'] AS n"
    )
    assert rows == [{"n": 16}]


def test_an_empty_graph_loads(tmp_path: Path, neo4j_database: Any) -> None:
    write_graph(tmp_path / "empty", Graph())
    assert set(bring(tmp_path / "empty", neo4j_database).values()) == {0}
    store = open_store(neo4j_database.uri, SETTINGS)
    assert set(store.info().counts.values()) == {0}
    assert len(store.vectors().ids) == 0
    store.close()


def test_the_newest_release_gives_the_same(folder: Path, neo4j_newest_database: Any) -> None:
    counts = bring(folder, neo4j_newest_database)
    first = content(neo4j_newest_database)
    assert bring(folder, neo4j_newest_database, prune=True) == counts
    assert content(neo4j_newest_database) == first
    store, tables = open_store(neo4j_newest_database.uri, SETTINGS), open_store(str(folder))
    for name in ("counts", "catalogue_papers", "catalogue_concepts", "listings"):
        assert store.run(name) == tables.run(name)
    question = "MATCH (p:Paper) RETURN p.id AS id ORDER BY id"
    own = [s.run_text(question, {}, timeout=60, rows=100, size=10**6) for s in (store, tables)]
    assert own[0] == own[1]
    store.close()
    tables.close()
