"""Users' own queries on the embedded store: what they give, what stops them; no attack leaves a trace."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from synthetic import example_graph, write_graph

from papergraph.errors import QueryFailedError, QueryRefusedError, StoreUnavailableError
from papergraph.store import GraphStore, QueryResult, open_store
from papergraph.store.embedded import EmbeddedStore
from papergraph.store.worker import ladybug_runner


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    directory = tmp_path_factory.mktemp("console") / "g"
    write_graph(directory, example_graph())
    opened = open_store(str(directory))
    yield opened
    opened.close()


def ask(
    store: GraphStore, text: str, timeout: float = 30, rows: int = 1000, size: int = 5_000_000, **p: object
) -> QueryResult:
    return store.run_text(text, p, timeout=timeout, rows=rows, size=size)


def test_rows_come_back_as_plain_values(store: GraphStore) -> None:
    result = ask(
        store,
        "MATCH (p:Paper) WHERE p.id = $id RETURN p.title AS title, [1, 2] AS list, {a: 1.5} AS map",
        id="paper-001",
    )
    assert result.columns == ["title", "list", "map"]
    assert result.rows == [
        [
            "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
            [1, 2],
            {"a": 1.5},
        ]
    ]
    assert result.truncated == ""


def test_columns_without_a_name_are_called_as_they_are_written(store: GraphStore) -> None:
    asked = (
        "MATCH (p:Paper) RETURN count(*), count( DISTINCT p.id ), max(p.year) + 1, size([1, 2]) AS `how many`"
    )
    expected = ["count(*)", "count( DISTINCT p.id )", "max(p.year) + 1", "how many"]
    assert ask(store, asked).columns == expected
    assert ask(store, "MATCH (p:Paper) RETURN * LIMIT 1").columns == ["p"]


def test_nodes_relationships_and_paths_are_marked(store: GraphStore) -> None:
    text = "MATCH path = (p:Paper)-[r:USES]->(c:Concept) RETURN p, r, c, path ORDER BY p.id, c.id LIMIT 1"
    ((paper, relationship, concept, path),) = ask(store, text).rows
    assert paper["_labels"] == ["Paper"]
    assert "abstract" in paper
    assert relationship["_type"] == "USES"
    assert (relationship["_start"], relationship["_end"]) == (paper["_id"], concept["_id"])
    assert concept["_labels"] == ["Concept", concept["type"]]
    assert path["_nodes"] == [paper, concept]
    assert [r["_type"] for r in path["_relationships"]] == ["USES"]
    assert all(v is not None for v in paper.values())


def test_rows_and_bytes_are_capped_and_said(store: GraphStore) -> None:
    result = ask(store, "MATCH (p:Paper) RETURN p.id ORDER BY p.id", rows=5)
    assert len(result.rows) == 5
    assert result.truncated == "only the first 5 rows are shown"
    assert ask(store, "MATCH (p:Paper) RETURN p.id", rows=44).truncated == ""
    result = ask(store, "MATCH (p:Paper) RETURN p.abstract ORDER BY p.id", size=400)
    assert 0 < len(result.rows) < 10
    assert "larger than 400 bytes" in result.truncated
    result = ask(store, "MATCH (p:Paper) RETURN collect(p.abstract)", size=400)
    assert result.rows == []
    assert "0 rows" in result.truncated


def test_a_limit_in_the_text_counts_as_it_stands(store: GraphStore) -> None:
    result = ask(store, "MATCH (p:Paper) RETURN 'LIMIT 1' AS x, p.id LIMIT 7", rows=100)
    assert len(result.rows) == 7


def test_wrong_cypher_is_said_in_the_store_s_words(store: GraphStore) -> None:
    with pytest.raises(QueryFailedError, match="nope"):
        ask(store, "MATCH (p:Paper) RETURN p.nope")
    with pytest.raises(QueryFailedError, match="Parser"):
        ask(store, "MATCH (p:Paper RETURN p)")
    assert ask(store, "RETURN 1 AS x").rows == [[1]]


def test_a_query_over_time_is_ended_and_the_next_one_runs(store: GraphStore) -> None:
    endless = "MATCH (a:Paper)-[:BUILDS_ON*1..30]->(b:Paper)-[:SIMILAR_TO*1..30]->(c:Paper) RETURN count(*)"
    started = time.monotonic()
    with pytest.raises(QueryFailedError, match="longer than 1 seconds"):
        ask(store, endless, timeout=1)
    assert time.monotonic() - started < 25
    assert ask(store, "RETURN 1 AS x").rows == [[1]]


def test_a_query_over_memory_is_ended_and_the_next_one_runs(store: GraphStore) -> None:
    for text in (
        "UNWIND range(1, 200000000) AS x RETURN collect(x)",
        "RETURN size(repeat(repeat('x', 100000), 100000)) AS n",
    ):
        with pytest.raises(QueryFailedError, match="memory"):
            ask(store, text, timeout=60)
    assert ask(store, "RETURN 1 AS x").rows == [[1]]


def test_queries_run_beside_each_other(store: GraphStore) -> None:
    answers: list[object] = []

    def run() -> None:
        answers.append(
            ask(store, "MATCH (a:Paper), (b:Paper), (c:Paper) RETURN count(*) AS n", timeout=60).rows
        )

    threads = [threading.Thread(target=run) for _ in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert answers == [[[44**3]]] * 5


ATTACKS = [
    "COPY (MATCH (p:Paper) RETURN p.id) TO '{path}'",
    "EXPLAIN RETURN 1; COPY (MATCH (p:Paper) RETURN p.id) TO '{path}'",
    "RETURN 1 /* ' */; COPY (RETURN 1 AS x) TO '{path}' // '",
    "MATCH (p:Paper) WHERE p.title = '\\\\' RETURN p; COPY (RETURN 1 AS x) TO '{path}' // '",
    "RETURN \"'\" AS x; COPY (RETURN 1 AS x) TO '{path}'",
    "EXPORT DATABASE '{path}'",
    "ATTACH '{path}' AS x (dbtype lbug)",
    "LOAD FROM '{secret}' RETURN *",
    "EXPLAIN LOAD FROM '{secret}' RETURN *",
    "MATCH (p:Paper) WITH p LOAD FROM '{secret}' RETURN *",
    "CALL read_parquet('{secret}') RETURN *",
    "INSTALL httpfs",
    "CREATE (:Paper {{id: 'x'}})",
    "MATCH (p:Paper) SET p.title = 'x'",
    "CREATE MACRO f() AS 1",
    "CHECKPOINT",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_leave_no_trace(store: GraphStore, tmp_path: Path, attack: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a secret line\n")
    text = attack.format(path=tmp_path / "out.csv", secret=secret)
    with pytest.raises(QueryRefusedError) as refused:
        ask(store, text)
    assert "a secret line" not in str(refused.value)
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize(
    "text",
    [
        "COPY (MATCH (p:Paper) RETURN p.id) TO '{path}'",
        "LOAD FROM '{secret}' RETURN *",
        "CALL show_tables() RETURN *",
        "CREATE (:Paper {{id: 'x'}})",
        "RETURN 1; RETURN 2",
    ],
)
def test_the_plan_is_a_second_lock_behind_the_guard(store: GraphStore, tmp_path: Path, text: str) -> None:
    """As if the guard had let the text through: the worker itself refuses it, or the store does."""
    assert isinstance(store, EmbeddedStore)
    secret = tmp_path / "secret.csv"
    secret.write_text("a secret line\n")
    run = ladybug_runner(store._generation.store_path)
    with pytest.raises((QueryRefusedError, QueryFailedError)) as stopped:
        run(text.format(path=tmp_path / "out.csv", secret=secret), {}, 10.0, 10, 1000)
    assert "a secret line" not in str(stopped.value)
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize("value", ["1", '"x"', '["0\\"]; COPY (RETURN 1 AS x) TO ", "//"]', "{}"])
def test_a_parameter_s_value_never_becomes_part_of_the_text(store: GraphStore, value: str) -> None:
    """Ladybug's Python layer would put it in place of to_json($p), within the string too."""
    assert ask(store, "RETURN 'to_json($p)' AS x, $p AS y", p=value).rows == [["to_json($p)", value]]


def test_the_worker_cannot_write_a_file_at_all(store: GraphStore, tmp_path: Path) -> None:
    """As if guard and plan had both let it through: the limits of the process stop it."""
    assert isinstance(store, EmbeddedStore)
    out = tmp_path / "out.csv"
    with pytest.raises((QueryFailedError, QueryRefusedError)):
        store._workers.run(
            f"COPY (MATCH (p:Paper) RETURN p.abstract) TO '{out}'", {}, timeout=10, rows=10, size=1000
        )
    assert not out.exists() or out.stat().st_size == 0
    assert ask(store, "RETURN 1 AS x").rows == [[1]]


def test_a_relative_folder_is_found_from_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_graph(Path("g"), example_graph(papers=10))
    opened = open_store("g")
    assert ask(opened, "MATCH (p:Paper) RETURN count(*) AS n").rows[0][0] >= 10
    opened.close()


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    write_graph(tmp_path / "g", example_graph(papers=10))
    store = open_store(str(tmp_path / "g"))
    ask(store, "RETURN 1 AS x")
    store.close()
    with pytest.raises(StoreUnavailableError, match="closed"):
        ask(store, "RETURN 1 AS x")
