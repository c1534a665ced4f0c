"""Which papers work on the same problem or take the same approach, checked against the tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from question_graph import question_graph
from synthetic import example_graph, write_graph

from papergraph import questions
from papergraph.errors import NotFoundError
from papergraph.model import Graph, View
from papergraph.questions.alike import alike
from papergraph.store import GraphStore, open_store

Held = tuple[Graph, GraphStore]
TYPES = {View.PROBLEM: ("Task", "Benchmark"), View.APPROACH: ("Method", "Model")}
STRONG = ("introduces", "builds_on", "uses")


@pytest.fixture(scope="module", params=[question_graph, example_graph])
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    graph: Graph = request.param()
    folder: Path = tmp_path_factory.mktemp("alike") / "g"
    write_graph(folder, graph)
    store = open_store(str(folder))
    yield graph, store
    store.close()


@pytest.mark.parametrize("view", list(View))
def test_papers_stand_in_the_order_of_their_rank(held: Held, view: View) -> None:
    graph, store = held
    ranks = {(e.source, e.target): getattr(e, f"{view}_rank") for e in graph.alike}
    edges = {(e.source, e.target): e for e in graph.alike}
    for paper in graph.papers:
        found = alike(store, paper.id, view, 1000).papers
        wanted = sorted((r, t) for (s, t), r in ranks.items() if s == paper.id and r is not None)
        assert [(a.rank, a.paper.id) for a in found] == wanted
        for a in found:
            edge = edges[paper.id, a.paper.id]
            assert (a.problem, a.approach) == (edge.problem, edge.approach)
            assert a.score == getattr(edge, view)
            assert a.mutual == (ranks.get((a.paper.id, paper.id)) is not None)
        assert [n.id for n in questions.similar(store, paper.id, 2, view)] == [t for _, t in wanted[:2]]


@pytest.mark.parametrize("view", list(View))
def test_what_both_name_is_said_with_a_sentence_of_the_other(held: Held, view: View) -> None:
    graph, store = held
    kind = {c.id: c.type for c in graph.concepts}
    text = {p.id: p.title + p.abstract for p in graph.papers}
    names: dict[str, set[str]] = {p.id: set() for p in graph.papers}
    for e in graph.paper_concepts:
        if kind[e.concept] in TYPES[view] and (view is View.PROBLEM or e.role in STRONG):
            names[e.paper].add(e.concept)
    assert any(names.values())
    for paper, mine in names.items():
        found = alike(store, paper, view, 1000)
        assert {c.id for c in found.by} == mine
        for a in found.papers:
            assert {s.concept.id for s in a.shared} == mine & names[a.paper.id]
            assert all(s.quote is None or s.quote.text in text[a.paper.id] for s in a.shared)


def test_a_paper_without_edges_is_alike_to_nothing(held: Held) -> None:
    graph, store = held
    alone = {p.id for p in graph.papers} - {e.source for e in graph.alike}
    assert alike(store, min(alone), View.PROBLEM).papers == ()
    with pytest.raises(NotFoundError):
        alike(store, "no such paper at all", View.PROBLEM)
