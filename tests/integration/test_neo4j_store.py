"""The Neo4j store against the embedded one: equal answers, own queries; other people's nodes stay out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from synthetic import CONCEPTS, TITLES, example_graph, write_graph

from papergraph.errors import NotFoundError, QueryFailedError, QueryRefusedError, StoreUnavailableError
from papergraph.queries import NamedQuery, internal_queries, named_queries, run_named
from papergraph.settings import Settings
from papergraph.store import GraphStore, QueryResult, open_store
from papergraph.store.neo4j_load import load

SETTINGS = Settings(store_timeout=120)  # a server that has just started plans slowly


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graph(tmp_path / "g", example_graph())
    return tmp_path / "g"


@pytest.fixture
def both(folder: Path, neo4j_database: Any) -> Iterator[tuple[GraphStore, GraphStore]]:
    load(folder, neo4j_database.uri, neo4j_database.user, neo4j_database.password, settings=SETTINGS)
    stores = open_store(str(folder)), open_store(neo4j_database.uri, SETTINGS)
    yield stores
    for store in stores:
        store.close()


def examples(query: NamedQuery) -> list[dict[str, str]]:
    """The example of the header, and one of every other concept, paper or set of them."""
    given = {p.name: p.example for p in query.parameters}
    out = [given]
    for p in query.parameters:
        if p.type == "concept":
            out += [{**given, p.name: name} for name, _, _ in CONCEPTS[:8]]
        elif p.type == "paper":
            out += [{**given, p.name: title} for title in TITLES]
        elif p.type == "papers":
            out.append({**given, p.name: ";".join(TITLES)})
        elif p.type in ("int", "number"):
            out += [{**given, p.name: "3"}, {**given, p.name: "0"}]
        elif p.type == "listing":
            out.append({**given, p.name: "later"})
        elif p.default == "all":
            out.append({**given, p.name: "all"})
    return out


def test_every_named_query_gives_the_same_on_both_stores(both: tuple[GraphStore, GraphStore]) -> None:
    embedded, neo4j = both
    silent = []
    for name, query in named_queries().items():
        rows = 0
        for values in examples(query):
            expected = run_named(embedded, name, values)
            assert run_named(neo4j, name, values) == expected, (name, values)
            rows += len(expected)
        if not rows:
            silent.append(name)
    assert not silent, "these gave no row at all"


def test_every_internal_query_gives_the_same_on_both_stores(both: tuple[GraphStore, GraphStore]) -> None:
    embedded, neo4j = both
    papers = [r["id"] for r in embedded.run("paper_names")]
    concepts = [r["id"] for r in embedded.run("concept_names")]
    values = {"papers": papers, "concepts": concepts, "listing": "lineage", "name": "BERT", "most": 6}
    for name, query in internal_queries().items():
        parameters = {p.name: values[p.name] for p in query.parameters}
        expected = embedded.run(name, **parameters)
        assert neo4j.run(name, **parameters) == expected, name
        assert expected or name in ("listing_by_name", "paper_by_name"), name


def test_info_and_vectors_are_equal(both: tuple[GraphStore, GraphStore], neo4j_database: Any) -> None:
    embedded, neo4j = both
    a, b = embedded.info(), neo4j.info()
    assert (a.graph_id, a.generation, a.format_version, a.embedder, a.counts) == (
        b.graph_id,
        b.generation,
        b.format_version,
        b.embedder,
        b.counts,
    )
    assert (b.kind, b.location) == ("neo4j", neo4j_database.uri)
    assert list(embedded.vectors().ids) == list(neo4j.vectors().ids)
    assert np.array_equal(embedded.vectors().matrix, neo4j.vectors().matrix)


def test_a_name_that_is_not_there_is_said_on_neo4j_too(both: tuple[GraphStore, GraphStore]) -> None:
    with pytest.raises(NotFoundError, match="no concept 'BRET'") as raised:
        run_named(both[1], "family", {"concept": "BRET"})
    assert "BERT" in raised.value.hint


def test_nodes_of_another_application_stay_out(
    both: tuple[GraphStore, GraphStore], folder: Path, neo4j_database: Any
) -> None:
    embedded, neo4j = both
    neo4j_database.query(
        "CREATE (:Paper {id: 'paper-001', title: 'foreign'})-[:BUILDS_ON]->(:Concept {id: 'bert'})"
    )
    neo4j_database.query("CREATE (:Paper {id: 'paper-001'})")  # no constraint of ours holds it back
    for name in ("counts", "catalogue_papers", "catalogue_concepts"):
        assert neo4j.run(name) == embedded.run(name)
    load(folder, neo4j_database.uri, neo4j_database.user, neo4j_database.password, prune=True, replace=True)
    assert neo4j_database.query("MATCH (p:Paper {title: 'foreign'})-[:BUILDS_ON]->(c) RETURN c.id AS id") == [
        {"id": "bert"}
    ]


def ask(
    store: GraphStore, text: str, timeout: float = 60, rows: int = 1000, size: int = 5_000_000, **p: object
) -> QueryResult:
    return store.run_text(text, p, timeout=timeout, rows=rows, size=size)


def test_own_queries_read_and_nothing_else(
    both: tuple[GraphStore, GraphStore], neo4j_database: Any, tmp_path: Path
) -> None:
    embedded, neo4j = both
    text = "MATCH (p:Paper)-[r:USES]->(c) RETURN p.id AS x, c.id AS y, r.name AS z ORDER BY x, y LIMIT $n"
    assert ask(neo4j, text, n=7) == ask(embedded, text, n=7)
    text = "MATCH (p:Paper) RETURN DISTINCT p.kind, count(*), max( p.year ) + 1, 'a, b', size([1]) AS `one` "
    text += "ORDER BY p.kind LIMIT 3"
    assert ask(neo4j, text) == ask(embedded, text)

    ((paper, relationship, concept),) = ask(
        neo4j,
        "MATCH (p:Paper)-[r:USES]->(c:Concept) WHERE p.listed RETURN p, r, c ORDER BY p.id, c.id LIMIT 1",
    ).rows
    assert paper["_labels"] == ["Paper"]
    assert concept["_labels"] == ["Concept", concept["type"]]
    assert relationship["_type"] == "USES"
    assert (relationship["_start"], relationship["_end"]) == (paper["_id"], concept["_id"])
    assert "embedding" not in paper
    assert "uid" not in paper

    capped = ask(neo4j, "UNWIND range(1, 1000000) AS x RETURN x", rows=5)
    assert (len(capped.rows), capped.truncated) == (5, "only the first 5 rows are shown")
    assert (
        "larger than 500 bytes"
        in ask(neo4j, "UNWIND range(1, 1000) AS x RETURN 'text' + x", size=500).truncated
    )
    with pytest.raises(QueryFailedError, match="longer than 1 seconds"):
        ask(neo4j, "UNWIND range(1, 1000000000) AS x RETURN sum(x)", timeout=1)
    with pytest.raises(QueryFailedError, match="nope"):
        ask(neo4j, "RETURN nope")

    secret = tmp_path / "secret.csv"
    secret.write_text("a secret line\n")
    before = neo4j_database.query("MATCH (n) RETURN count(n) AS n")
    for attack in (
        f"LOAD CSV FROM 'file://{secret}' AS row RETURN row",
        "MATCH (n) DETACH DELETE n",
        "CREATE (n)",
        "SHOW SETTINGS",
        "SHOW TRANSACTIONS",
        "CALL dbms.listConfig()",
        "CALL db.createLabel('X')",
        "MATCH (n) CALL (n) { SET n.x = 1 } IN TRANSACTIONS",
        "RETURN '\\u0027 AS x MATCH (n) DETACH DELETE n //'",
    ):
        with pytest.raises(QueryRefusedError) as refused:
            ask(neo4j, attack)
        assert "a secret line" not in str(refused.value)
    assert neo4j_database.query("MATCH (n) RETURN count(n) AS n") == before

    found = ask(
        neo4j,
        "CALL db.index.fulltext.queryNodes('papergraph_text', 'distilled') YIELD node RETURN node.title",
    )
    assert [TITLES[3]] in found.rows
    near = ask(
        neo4j,
        "MATCH (p:Paper {id: 'paper-001'}) "
        "CALL db.index.vector.queryNodes('papergraph_embedding', 3, p.embedding) YIELD node, score "
        "RETURN node.id, score > 0.95",
    )
    assert near.rows[0] == ["paper-001", True]
    assert ["Concept"] in ask(neo4j, "CALL db.labels() YIELD label RETURN label").rows


def test_the_plan_and_the_session_are_locks_behind_the_guard(
    both: tuple[GraphStore, GraphStore], neo4j_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the guard had let the texts through."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a secret line\n")
    monkeypatch.setattr("papergraph.store.neo4j.check", lambda text, dialect: text)
    for text in ("CREATE (n:Evil) RETURN n", f"LOAD CSV FROM 'file://{secret}' AS row RETURN row"):
        with pytest.raises((QueryRefusedError, QueryFailedError)) as stopped:
            ask(both[1], text)
        assert "a secret line" not in str(stopped.value)
    assert neo4j_database.query("MATCH (n:Evil) RETURN count(n) AS n") == [{"n": 0}]


def test_a_huge_record_ends_the_child_and_not_this_process(
    both: tuple[GraphStore, GraphStore], neo4j_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papergraph.store.workers.MEMORY_BYTES", 200 << 20)
    store = open_store(neo4j_database.uri, SETTINGS)
    with pytest.raises(QueryFailedError, match="memory"):
        ask(store, "RETURN range(1, 10000000) AS x", timeout=120)
    assert ask(store, "RETURN 1 AS x").rows == [[1]]
    store.close()


def test_the_favourites_run_as_they_stand(both: tuple[GraphStore, GraphStore], neo4j_database: Any) -> None:
    import re

    from papergraph import assets

    text = (assets.folder("cypher") / "neo4j" / "favourites.cypher").read_text(encoding="utf-8")
    blocks = [b for b in re.split(r";\n", text) if b.strip()]
    assert len(blocks) == len(named_queries())
    for block in blocks:
        values: dict[str, Any] = {}
        for name, value in re.findall(r"^:param (\w+) => (.+)$", block, re.MULTILINE):
            values[name] = neo4j_database.query(f"RETURN {value} AS v")[0]["v"]
        statement = re.sub(r"^(:|//).*\n", "", block, flags=re.MULTILINE)
        neo4j_database.driver.execute_query(statement, parameters_=values)


def test_an_empty_database_says_how_to_fill_it(neo4j_database: Any) -> None:
    with pytest.raises(StoreUnavailableError, match="no papergraph graph") as raised:
        open_store(neo4j_database.uri, SETTINGS)
    assert "papergraph load" in raised.value.hint
