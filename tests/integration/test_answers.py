"""Both stores answer every question alike, and what is exported makes the graph again in a real Neo4j."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from question_graph import question_graph
from support import need_module
from synthetic import example_graph, write_graph

from papergraph import questions
from papergraph.export.cypher import as_cypher
from papergraph.export.py2neo import subgraph
from papergraph.export.whole import read_graph
from papergraph.model import Graph, View
from papergraph.questions.alike import alike
from papergraph.schema import TABLES
from papergraph.settings import Settings
from papergraph.store import GraphStore, open_store
from papergraph.store.neo4j_load import load

Answer = Callable[[GraphStore], Any]
Stores = tuple[GraphStore, GraphStore]


@pytest.fixture(params=[question_graph, example_graph])
def graph(request: pytest.FixtureRequest) -> Graph:
    made: Graph = request.param()
    return made


@pytest.fixture
def stores(graph: Graph, tmp_path: Path, neo4j_database: Any) -> Iterator[Stores]:
    """The same graph in the embedded store and in Neo4j."""
    write_graph(tmp_path / "graph", graph)
    patient = Settings(store_timeout=60)  # seconds: the machine that tests may be busy
    db = neo4j_database
    load(tmp_path / "graph", db.uri, db.user, db.password, settings=patient)
    embedded, server = open_store(str(tmp_path / "graph")), open_store(db.uri, patient)
    yield embedded, server
    embedded.close()
    server.close()


def _all_answers(store: GraphStore, graph: Graph) -> Iterator[tuple[str, Any]]:
    """Every question for papers and concepts of a graph."""
    stats = questions.stats(store)
    yield "stats", replace(stats, embedder="")
    yield "listings", questions.listings(store)
    for listing in graph.listings:
        yield f"listing {listing.id}", questions.listing(store, listing.id)
    names = [c.name for c in graph.concepts]
    for name in names:
        resolved = questions.names(store).resolve(name)
        yield f"resolve {name}", resolved
        yield f"connected {name}", questions.connected(store, [name])
        yield f"variants {name}", questions.connected(store, [name], variants=True)
        yield f"concept {name}", questions.concept(store, resolved.concept.id)
    for a, b in pairwise(names):
        for mode in ("all", "any"):
            yield f"{mode} {a} {b}", questions.connected(store, [a, b], mode=mode)
        yield f"about {a}", questions.connected(store, [a], about="study with care")
    papers = [p.id for p in graph.papers]
    for paper in papers:
        yield f"explain {paper}", questions.explain(store, paper)
        yield f"similar {paper}", questions.similar(store, paper)
        for view in View:
            yield f"similar {paper} by {view}", questions.similar(store, paper, by=view)
            yield f"alike {paper} {view}", alike(store, paper, view)
        for direction in ("ancestors", "descendants"):
            yield f"{direction} {paper}", questions.lineage(store, paper, direction, 3)
    for a, b in list(zip(papers, papers[3:], strict=False))[:20]:
        yield f"path {a} {b}", questions.path(store, a, b)
    for paper in papers[:12]:
        for concepts in (False, True):
            found = questions.neighbourhood(store, [paper], depth=2, max_nodes=12, concepts=concepts)
            yield f"around {paper} {concepts}", found
    shared = questions.neighbourhood(store, [names[0]], kinds=["shares", "similar"], min_similarity=0.6)
    yield "shares", shared
    for text in ("bert", "distil", "knowlege", "study", "知识", "script"):
        yield f"search {text}", questions.search(store, text)
    yield "whole", read_graph(store)


def test_both_stores_answer_alike(stores: Stores, graph: Graph) -> None:
    embedded, server = (dict(_all_answers(s, graph)) for s in stores)
    assert list(embedded) == list(server)
    for question, answer in embedded.items():
        assert answer == server[question], question


def test_vectors_are_alike(stores: Stores) -> None:
    embedded, server = (s.vectors() for s in stores)
    assert list(embedded.ids) == list(server.ids)
    assert (embedded.matrix == server.matrix).all()


def test_the_cypher_export_makes_the_graph_again(graph: Graph, neo4j_database: Any) -> None:
    for statement in as_cypher(graph):
        neo4j_database.query(statement.rstrip().removesuffix(";"))
    for name, label in (("papers", "Paper"), ("concepts", "Concept"), ("listings", "Listing")):
        table = next(t for t in TABLES if t.name == name)
        expected = {r.id: _present(table.to_row(r)) for r in getattr(graph, name)}
        rows = neo4j_database.query(f"MATCH (n:Papergraph:{label}) RETURN n {{.*}} AS n")
        found = {r["n"]["id"]: {k: v for k, v in r["n"].items() if k != "uid"} for r in rows}
        assert found == expected
    edges = [
        e
        for t in ("paper_concepts", "builds_on", "similar", "alike", "variants", "lists", "cites")
        for e in getattr(graph, t)
    ]
    assert neo4j_database.query("MATCH ()-[r]->() RETURN count(r) AS n") == [{"n": len(edges)}]
    (row,) = neo4j_database.query(
        "MATCH (a)-[r:BUILDS_ON]->(b) RETURN a.id AS a, r {.*} AS r, b.id AS b ORDER BY a, b LIMIT 1"
    )
    first = graph.builds_on[0]
    assert (row["a"], row["b"], row["r"]["reason"]) == (first.source, first.target, first.reason)
    assert row["r"]["evidence"] == [e.text for e in first.evidence]


def _present(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if v is not None}


def test_a_py2neo_subgraph_merges_into_the_loaded_graph(
    stores: Stores, graph: Graph, neo4j_database: Any
) -> None:
    py2neo = need_module("py2neo", "py2neo")
    centre = graph.builds_on[0].source
    found = questions.neighbourhood(stores[0], [centre], concepts=True)
    made = subgraph(stores[0], found)
    assert len(made.nodes) == len(found.nodes)
    assert {"BUILDS_ON"} <= {type(r).__name__ for r in made.relationships}
    assert next(n for n in made.nodes if n["id"] == centre)["title"]
    database = py2neo.Graph(neo4j_database.uri, auth=(neo4j_database.user, neo4j_database.password))
    before = (
        database.evaluate("MATCH (n) RETURN count(n)"),
        database.evaluate("MATCH ()-[r]->() RETURN count(r)"),
    )
    database.merge(made)
    assert before == (
        database.evaluate("MATCH (n) RETURN count(n)"),
        database.evaluate("MATCH ()-[r]->() RETURN count(r)"),
    )
    neo4j_database.empty()
    database.create(subgraph(stores[0], found))
    assert database.evaluate("MATCH (n:Papergraph) RETURN count(n)") == len(found.nodes)
