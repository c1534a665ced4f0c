"""Which papers are about the same problem or take the same approach, checked against the tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from question_graph import question_graph
from synthetic import example_graph, write_graph

from papergraph.errors import NotFoundError
from papergraph.model import Graph
from papergraph.questions.alike import View, alike
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
def test_papers_are_alike_that_name_the_same_things_of_the_view(held: Held, view: View) -> None:
    graph, store = held
    kind = {c.id: c.type for c in graph.concepts}
    text = {p.id: p.title + p.abstract for p in graph.papers}
    names: dict[str, set[str]] = {}
    for e in graph.paper_concepts:
        if kind[e.concept] in TYPES[view] and (view is View.PROBLEM or e.role in STRONG):
            names.setdefault(e.paper, set()).add(e.concept)
    assert names
    for paper, mine in names.items():
        found = alike(store, paper, view, 1000)
        assert {c.id for c in found.by} == mine
        wanted = {p: mine & theirs for p, theirs in names.items() if p != paper and mine & theirs}
        assert {a.paper.id: {s.concept.id for s in a.shared} for a in found.papers} == wanted
        scores = [a.score for a in found.papers]
        assert scores == sorted(scores, reverse=True)
        for a in found.papers:
            assert 0 < a.score <= 1
            assert (a.score == 1) == (wanted[a.paper.id] == mine)
            assert all(s.quote is None or s.quote.text in text[a.paper.id] for s in a.shared)


def test_what_names_nothing_is_alike_to_nothing(held: Held) -> None:
    graph, store = held
    silent = {p.id for p in graph.papers} - {e.paper for e in graph.paper_concepts}
    found = alike(store, min(silent), View.PROBLEM)
    assert found.by == () and found.papers == ()
    with pytest.raises(NotFoundError):
        alike(store, "no such paper at all", View.PROBLEM)
